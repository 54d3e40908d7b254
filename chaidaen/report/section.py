"""What a section of the report is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chaidaen.report.scope import Scope
from chaidaen.report.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the marts it reads, and how it finds its figures; None: the release has none for this scope.

    Its part of the page is `templates/sections/<name>.html.jinja`, which gets what was found as `found`.
    """

    name: str
    title_th: str
    title_en: str
    marts: tuple[str, ...]
    find: Callable[[Snapshot, Scope], Any]
    is_for_region_only: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A section with what it found."""

    section: Section
    found: Any


def fill(sections: tuple[Section, ...], marts: Snapshot, scope: Scope) -> list[Filled]:
    """Sections that concern the scope and whose marts exist, in their order."""
    return [
        Filled(one, one.find(marts, scope))
        for one in sections
        if (scope.is_region or not one.is_for_region_only) and marts.knows(*one.marts)
    ]
