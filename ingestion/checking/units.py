"""Units in headers: `รายได้ (พันบาท)` above a column in baht would make every figure wrong by a thousand."""

import re
from collections.abc import Mapping

from ingestion.contracts import Contract
from ingestion.issues import Issue, issue
from ingestion.reading import Layout

SPELLINGS: Mapping[str, frozenset[str]] = {
    "persons": frozenset({"คน", "ราย", "person", "persons", "people"}),
    "households": frozenset({"ครัวเรือน", "ครอบครัว", "หลังคาเรือน", "household", "households"}),
    "houses": frozenset({"หลัง", "หลังคาเรือน", "บ้าน", "house", "houses"}),
    "baht": frozenset({"บาท", "บาท/ปี", "บาทต่อปี", "baht", "thb"}),
    "pct": frozenset({"ร้อยละ", "%", "percent", "pct"}),
    "days": frozenset({"วัน", "day", "days"}),
    "points": frozenset({"คะแนน", "point", "points"}),
}
_MULTIPLE = re.compile(
    r"(?:หน่วย\s*:?\s*)?((?:สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน)+(?:บาท|คน|ราย|ครัวเรือน|หลัง)|(?:thousand|million)s?\b.*)"
)
_BRACKETED = re.compile(r"[(\[（]([^)\]）]*)[)\]）]")
_KNOWN = frozenset().union(*SPELLINGS.values())


def unit_issues(layout: Layout, contract: Contract) -> list[Issue]:
    """Columns whose header states another unit than the contract's; what is no unit says nothing."""
    found = []
    for name, position in layout.positions.items():
        column = contract.column(name)
        if column.unit is None:
            continue
        own = SPELLINGS[column.unit]
        for text in _BRACKETED.findall(layout.headers.get(position, "")):
            stated = text.strip().removeprefix("หน่วย").strip(" :").casefold()
            if (stated in _KNOWN and stated not in own) or _MULTIPLE.fullmatch(stated):
                found.append(
                    issue(
                        "unit_differs",
                        sheet=layout.grid.name or None,
                        row=layout.header_row,
                        column=name,
                        cell=layout.header_address(position),
                        label_th=column.label_th,
                        label_en=column.label_en,
                        stated=text.strip(),
                        unit_th=min(own, key=lambda spelling: (spelling.isascii(), len(spelling), spelling)),
                        unit_en=column.unit,
                    )
                )
    return found
