"""Invented survey, member and welfare-card files as agencies would send them, with every seeded defect on record.

Everybody in these files is invented and says so: see `chaidaen.simulate.identifiers`.
"""

from chaidaen.simulate.run import Simulation, SimulationResult, simulate

__all__ = ["Simulation", "SimulationResult", "simulate"]
