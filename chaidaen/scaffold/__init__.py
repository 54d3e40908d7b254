"""The forms of a new dataset that come after its contract: written once, then somebody's own."""

from chaidaen.scaffold.plan import plan_forms
from chaidaen.scaffold.writing import write_forms

__all__ = ["plan_forms", "write_forms"]
