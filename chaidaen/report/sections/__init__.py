"""The sections of the report, in the order of the page.

A section is one module here and one template beside it. To add one, say of `village_strengths`:

1. `sections/villages.py`: a dataclass for the rows it wants from the mart (`chaidaen.report.rows`: a field is a column;
   give `MART` and `KEY`), a dataclass `Found` with everything its template shows, a function
   `find(marts: Snapshot, scope: Scope) -> Found | None` whose SQL reads `marts.rows(Strength, "where …",
   scope.parameters)`, and `SECTION = Section("villages", "…", "…", ("village_strengths",), find)`.
   SQL does the counting; what is counted in a section is an aggregate of the mart, never a sum of figures that overlap.
2. `templates/sections/villages.html.jinja`: tables with `m.figure(row, "column")` in their cells, which tells hidden
   from unknown, and leads each figure back to its mart (tests compare every one of them with what the mart says).
3. its line in `SECTIONS` below.

A section whose mart readers do not have yet is left out; one that finds nothing says so.
"""

from chaidaen.report.section import Section
from chaidaen.report.sections import (
    assistance,
    cases,
    comparison,
    complaints,
    directives,
    kpis,
    money,
    places,
    poverty,
    projects,
    reporting,
    surroundings,
    target_groups,
)

SECTIONS: tuple[Section, ...] = (
    comparison.SECTION,
    poverty.SECTION,
    target_groups.SECTION,
    cases.SECTION,
    assistance.SECTION,
    money.SECTION,
    projects.SECTION,
    kpis.SECTION,
    places.SECTION,
    surroundings.SECTION,
    complaints.SECTION,
    directives.SECTION,
    reporting.SECTION,
)
