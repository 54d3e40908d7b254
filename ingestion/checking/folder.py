"""Whether a file says the same of itself as the folder it was dropped in: province, period, agency."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.agencies import agencies
from ingestion.checking.model import Scope
from ingestion.checking.rules import RowProblem, Values
from ingestion.checking.titles import LAW, Title, titles
from ingestion.cleaning.dates import BE_MINUS_CE, MONTHS
from ingestion.contracts import Contract, period_bounds
from ingestion.issues import Issue, issue_from
from ingestion.reading import Layout

MAX_SHOWN = 80
_YEAR = r"(2[45][0-9]{2})(?:\s*[-–]\s*(2[45][0-9]{2}))?"
_YEAR_OF_CONTENT = re.compile(
    rf"(?:ปี(?:งบประมาณ|การศึกษา|สำรวจ|ปฏิทิน)?|พ\.?\s?ศ\.?|รอบ(?:ปี)?)\s*(?:พ\.?\s?ศ\.?)?\s*{_YEAR}"
)
_AS_OF = re.compile(rf"ณ\s*(?:วันที่)?\s*[0-9]{{1,2}}\s*(?:{'|'.join(MONTHS)})\s*(?:พ\.?\s?ศ\.?)?\s*(2[45][0-9]{{2}})")
_ROW_CODES: Mapping[str, str] = {
    "province": "area_outside_province",
    "period": "row_of_other_period",
    "agency": "row_of_other_agency",
    "part": "area_outside_part",
}
_FILE_CODES: Mapping[str, str] = {
    "province": "wrong_province",
    "period": "wrong_period",
    "agency": "wrong_agency",
    "part": "wrong_part",
}
_AMPHOE_CODE = re.compile(r"[0-9]{4}")
# A title that says whose file it is; an agency named in passing, as a source or an addressee, says nothing of that.
_SENDER = re.compile(r"(?:(?:ชื่อ)?หน่วยงาน(?:ผู้ส่ง|ผู้รายงาน|เจ้าของข้อมูล)?|ผู้ส่ง(?:ข้อมูล)?|จัดทำโดย|รายงานโดย)?\s*:?\s*(.+)")


class FolderAgreement:
    """Compares the rows with the folder and counts those that differ; without a folder nothing is compared."""

    def __init__(self, contract: Contract, scope: Scope | None) -> None:
        self._contract, self._scope = contract, scope
        self._outside: Counter[str] = Counter()
        within = [rule.arguments["columns"][0] for rule in contract.rules if rule.kind == "within_period"]
        # The column whose dates tell the period, where no column states it.
        self._dated_by = within[0] if within and not contract.content_must_match.get("period_from") else None

    def problems(self, values: Values) -> list[RowProblem]:
        """Rows of another province, period or agency."""
        wanted = self._contract.content_must_match
        found: list[RowProblem] = []
        if self._scope is None:
            return found
        if (name := wanted.get("province_code_from")) and self._scope.province_code:
            agrees = pc.starts_with(values[name], self._scope.province_code)
            found += self._differing("province", name, agrees, {"province_code": self._scope.province_code})
            if _AMPHOE_CODE.fullmatch(self._scope.part):
                # What lies outside the province is told as that.
                agrees = pc.or_(pc.starts_with(values[name], self._scope.part), pc.invert(agrees))
                found += self._differing("part", name, agrees, {"part": self._scope.part})
        self._count_other_dates(values, self._scope)
        if name := wanted.get("period_from"):
            agrees = pc.equal(values[name].cast(pa.string()), self._scope.period)
            found += self._differing("period", name, agrees, {"period": self._scope.period})
        if name := wanted.get("agency_id_from"):
            agrees = pc.equal(values[name], self._scope.agency_id)
            found += self._differing("agency", name, agrees, {"agency": self._scope.agency_id})
        return found

    def _count_other_dates(self, values: Values, scope: Scope) -> None:
        """Rows dated outside the period: the rule asks about each, most of the rows together refuse the file."""
        if self._dated_by is None:
            return
        start, end = (pa.scalar(day) for day in period_bounds(self._contract.period_kind, scope.period))
        dates = values[self._dated_by]
        self._outside["period"] += pc.sum(pc.or_(pc.less(dates, start), pc.greater(dates, end))).as_py() or 0

    def _differing(self, what: str, name: str, agrees: pa.Array, params: Mapping[str, str]) -> list[RowProblem]:
        differs = pc.fill_null(pc.invert(agrees), fill_value=False)
        at = np.flatnonzero(differs.to_numpy(zero_copy_only=False))
        self._outside[what] += len(at)
        return [RowProblem(int(i), name, _ROW_CODES[what], params) for i in at]

    def refusals(self, rows: int) -> list[Issue]:
        """Errors about the whole file: most of its rows belong elsewhere."""
        scope = self._scope
        if scope is None:
            return []
        return [
            _wrong(
                what,
                scope,
                evidence_th=f"{count:,} จาก {rows:,} แถวเป็นของที่อื่น",
                evidence_en=f"{count:,} of {rows:,} rows belong elsewhere",
            )
            for what, count in self._outside.items()
            if count * 2 > rows
        ]

    def title_issues(self, layout: Layout, provinces: Mapping[str, str]) -> list[Issue]:
        """Errors about the whole file: a title above the table names another province or year.

        provinces: Thai name → code.
        """
        scope = self._scope
        if scope is None:
            return []
        above = list(titles(layout))
        found = [_title_province(above, provinces, scope.province_code)] if scope.province_code else []
        found.append(_title_agency(above, scope.agency_id))
        found.append(_title_year(above, scope.period, period_bounds(self._contract.period_kind, scope.period)))
        sheet = layout.grid.name or None
        return [
            _wrong(
                what,
                scope,
                sheet=sheet,
                cell=cell,
                evidence_th=f"ช่อง {cell} เขียนว่า “{text[:MAX_SHOWN]}”",
                evidence_en=f"cell {cell} says “{text[:MAX_SHOWN]}”",
            )
            for what, cell, text in filter(None, found)
        ]


def _title_province(titles: list[Title], provinces: Mapping[str, str], own: str) -> tuple[str, str, str] | None:
    named = re.compile(rf"(?:จังหวัด|จ\.)\s?({'|'.join(provinces)})")
    said = [(provinces[match[1]], cell, text) for cell, text in titles for match in named.finditer(text)]
    if not said or any(code == own for code, _, _ in said):
        return None
    return "province", said[0][1], said[0][2]


def _title_agency(titles: list[Title], own: str) -> tuple[str, str, str] | None:
    """A title that is the name of another agency, while none is the sender's own."""
    local = [
        one for one in agencies().values() if one.province_code
    ]  # SBPAC's own name stands on the forms it gives out
    names = {name: one.agency_id for one in local for name in (one.name_th, one.name_en)}
    said = [(names.get(match[1].strip()), cell, text) for cell, text in titles if (match := _SENDER.fullmatch(text))]
    named = [one for one in said if one[0] is not None]
    if not named or any(agency == own for agency, _, _ in named):
        return None
    return "agency", named[0][1], named[0][2]


def _title_year(titles: list[Title], period: str, bounds: tuple[date, date]) -> tuple[str, str, str] | None:
    """Only years said to be those of the content count; figures of a year are often dated the year after."""
    own = {day.year + BE_MINUS_CE for day in bounds} | {int(period[:4])}
    said: list[tuple[bool, str, str]] = []
    for cell, text in titles:
        if LAW.search(text):
            continue
        for match in _YEAR_OF_CONTENT.finditer(text):
            years = range(int(match[1]), int(match[2] or match[1]) + 1)
            said.append((any(year in own for year in years), cell, text))
        for match in _AS_OF.finditer(text):
            said.append((int(match[1]) in own | {max(own) + 1}, cell, text))
    if not said or any(agrees for agrees, _, _ in said):
        return None
    return "period", said[0][1], said[0][2]


def _wrong(
    what: str, scope: Scope, *, evidence_th: str, evidence_en: str, sheet: str | None = None, cell: str | None = None
) -> Issue:
    """The issue about the whole file."""
    own = {"province": scope.province_code, "period": scope.period, "agency": scope.agency_id, "part": scope.part}[what]
    texts = {"folder": own, "evidence_th": evidence_th, "evidence_en": evidence_en}
    return replace(issue_from(_FILE_CODES[what], texts), sheet=sheet, cell=cell)
