"""Invented submissions of every dataset as agencies would send them, with every seeded defect on record.

Everybody in these files is invented and says so: see `chaidaen.simulate.identifiers`.
"""

from chaidaen.simulate.feeds import SURVEY
from chaidaen.simulate.run import Simulation, SimulationResult, simulate

__all__ = ["SURVEY", "Simulation", "SimulationResult", "simulate"]
