"""The demo's submissions: real population figures as five provinces would send them, an invented survey, bad files."""

from chaidaen.samples.sample import Sample
from chaidaen.samples.writing import write_samples

__all__ = ["Sample", "write_samples"]
