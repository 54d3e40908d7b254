"""What the careful functions return: one cell's value, its problem if any, and the repairs made."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Outcome(NamedTuple):
    """`problem` is an issue code: with an error `value` is None; with a query it is what goes in (None: nothing)."""

    value: Any
    repairs: tuple[str, ...] = ()
    problem: str | None = None
    params: Mapping[str, str] = {}
    extra: str | None = None  # kind of an identifier, precision of a date


Careful = Callable[[str], Outcome]
