"""The demo's submissions: real population figures of five provinces, invented files of all else, bad files."""

from chaidaen.samples.sample import Sample
from chaidaen.samples.writing import write_samples

__all__ = ["Sample", "write_samples"]
