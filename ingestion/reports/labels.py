"""Titles of problems and labels of columns, as the catalogue and the contract word them."""

from collections.abc import Sequence

from ingestion.contracts import Contract
from ingestion.issues import catalogue
from ingestion.reports.model import LINES_SHOWN, Group, Line, Repair


class Labels:
    """Words for one contract; without one, names stand for themselves."""

    def __init__(self, contract: Contract | None) -> None:
        self._columns = {column.name: column for column in contract.columns} if contract else {}

    def group(self, count: int, lines: Sequence[Line], open_queries: int) -> Group:
        """One kind of problem in one column, of which `lines` are the first."""
        first = lines[0]
        column = self._columns.get(first.column or "")
        title_th, title_en = self._title(first.code)
        return Group(
            code=first.code,
            severity=first.severity,
            column=first.column,
            column_th=column.label_th if column else None,
            column_en=column.label_en if column else None,
            title_th=title_th,
            title_en=title_en,
            count=count,
            lines=tuple(lines[:LINES_SHOWN]),
            open_queries=open_queries,
        )

    def repair(self, code: str, column: str, count: int, cells: tuple[str, ...]) -> Repair:
        known = self._columns.get(column)
        title_th, title_en = self._title(code)
        return Repair(code, title_th, title_en, column, known.label_th if known else column.strip("*"), count, cells)

    def _title(self, code: str) -> tuple[str, str]:
        entry = catalogue().get(code)  # a code of an older catalogue may be gone; its rows stay
        return (entry.title.th, entry.title.en) if entry else (code, code)
