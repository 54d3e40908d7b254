"""Chaidaen: the command line, the local stack and the simulator."""
