"""The columns of a draft: known by their header, recognised as personal, or guessed from what stands in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.units import SPELLINGS
from ingestion.contracts.consistency import header_key
from ingestion.contracts.properties import VENDOR
from ingestion.drafting.guessing import Guess, are_distinct, guess, is_required
from ingestion.drafting.known import KnownColumn
from ingestion.drafting.personal import are_person_ids, holds_persons, is_personal_header
from ingestion.drafting.table import Sample, SampleColumn
from ingestion.reading import normalise_header

NUMBERING = "record_no"  # only numbers the rows of a file
MAX_KEY_COLUMNS = 3
_BRACKETED = re.compile(r"\s*[(\[（]([^)\]）]*)[)\]）]")
_MULTIPLE = re.compile(r"(?:สิบ|ร้อย|พัน|หมื่น|แสน|ล้าน)+\s*บาท")
_THAI = re.compile("[ก-๛]")
_TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ORDER = (
    "name", "businessName", "description", "logicalType", "logicalTypeOptions", "physicalType", "required",
    "primaryKey", "primaryKeyPosition", "unique", "classification", "semanticType", "enum", "synonyms", "examples",
    "customProperties",
)  # fmt: skip
_ENDINGS = {"persons": "_persons", "households": "_households", "baht": "_baht", "pct": "_pct"}


@dataclass(slots=True)
class DraftColumn:
    """`written`: as it will stand in the file; `todo`: key of it → what a person must decide there."""

    sent: SampleColumn
    written: dict[str, Any]
    origin: str
    is_personal: bool
    todo: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.written["name"])


def draft_columns(sample: Sample, known: Mapping[str, KnownColumn]) -> list[DraftColumn]:
    """One for each column of the sample, in its order, with a primary key among them."""
    columns: list[DraftColumn] = []
    taken: set[str] = set()
    for number, sent in enumerate(sample.columns, start=1):
        label, unit, doubt = split_unit(sent.header)
        found = known.get(normalise_header(sent.header, keep_brackets=False))
        if found is not None and found.column.name not in taken and found.fits(sent.cells):
            column = _known(sent, found)
        elif is_personal_header(sent.header, sent.cells) or holds_persons(sent.cells):
            column = _personal(sent, label, number, is_first_id="person_id" not in taken)
        else:
            column = _guessed(sent, label, unit, number)
            if NUMBERING not in taken and _counts_rows(sent.cells):
                column.written["name"] = NUMBERING
        if doubt:
            column.todo["businessName"] = doubt
        column.written["required"] = is_required(sent.cells)
        taken.add(column.name)
        columns.append(column)
    _choose_key(columns)
    _keep_headers_apart(columns)
    for column in columns:
        column.written = {key: column.written[key] for key in sorted(column.written, key=_place)}
    return columns


def _place(key: str) -> int:
    """Where a key stands in a contract; what is not listed stands before the last three."""
    return _ORDER.index(key) if key in _ORDER else len(_ORDER) - 3


def split_unit(header: str) -> tuple[str, str | None, str | None]:
    """Label, unit and doubt of a header: `งบประมาณ (บาท)` is งบประมาณ in baht; what is no unit of ours stays."""
    for bracket in _BRACKETED.finditer(header):
        stated = bracket[1].strip().removeprefix("หน่วย").strip(" :").casefold()
        unit = next((name for name, spellings in SPELLINGS.items() if stated in spellings), None)
        if unit is not None:
            return (header[: bracket.start()] + header[bracket.end() :]).strip(), unit, None
        if _MULTIPLE.fullmatch(stated):
            return header, None, "figures are kept in baht, and a file that says thousands or millions is refused"
    return header, None, None


def _known(sent: SampleColumn, found: KnownColumn) -> DraftColumn:
    return DraftColumn(sent, dict(found.written), f"known from {found.dataset}", found.column.is_personal)


def _personal(sent: SampleColumn, label: str, number: int, *, is_first_id: bool) -> DraftColumn:
    """A text that stays in the vault; whole columns of identifiers get the key that links people."""
    is_id = are_person_ids(sent.cells)
    name = "person_id" if is_id and is_first_id else f"column_{number}"
    written = _shell(name, label, Guess("string", "text", {"maxLength": 13 if is_id else 300}), "personal")
    if is_id:
        written["customProperties"] += _own(
            format="thai_person_id", identifier="person", keyName=f"{name.removesuffix('_id')}_key"
        )
    column = DraftColumn(sent, written, "personal", True, {"classification": "personal, or sensitive, or neither?"})
    return _named_by_a_person(column)


def _guessed(sent: SampleColumn, label: str, unit: str | None, number: int) -> DraftColumn:
    found = guess(sent.cells, unit)
    name = f"column_{number}{_ENDINGS.get(found.unit or '', '')}"
    written = _shell(name, label, found, "public")
    if found.unit:
        written["customProperties"] += _own(unit=found.unit)
    column = DraftColumn(sent, written, f"guessed {found.logical_type}", False)
    if found.codes:
        del written["logicalTypeOptions"]
        written["enum"] = [_code(at, value) for at, value in enumerate(found.codes, start=1)]
        written["examples"] = [found.codes[0]]
        column.todo["enum"] = "name the codes (small letters, digits, _) and say them in English; else drop enum"
    return _named_by_a_person(column)


def _named_by_a_person(column: DraftColumn) -> DraftColumn:
    column.todo |= {
        "name": "an English name in small letters, with its unit at the end",
        "description": "what it is, ไทย | English; labelEn below too",
    }
    return column


def _shell(name: str, label: str, found: Guess, classification: str) -> dict[str, Any]:
    english = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "businessName": label,
        "description": f"{label} | {english}",
        "logicalType": found.logical_type,
        **({"logicalTypeOptions": dict(found.options)} if found.options else {}),
        "physicalType": found.physical_type,
        "classification": classification,
        "synonyms": [],
        "customProperties": _own(labelEn=english),
    }


def _code(at: int, value: str) -> dict[str, Any]:
    return {"value": f"code_{at}", "label": value, "customProperties": _own(labelEn=f"Code {at}")}


def _own(**properties: object) -> list[dict[str, Any]]:
    return [{"property": name, "vendor": VENDOR, "value": value} for name, value in properties.items()]


def _counts_rows(cells: pa.Array) -> bool:
    """1, 2, 3 … from the first row to the last, in either digits."""
    numbers = [str(number) for number in range(1, len(cells) + 1)]
    given = pc.utf8_trim_whitespace(cells)
    return any(given.equals(pa.array(digits)) for digits in (numbers, [one.translate(_TO_THAI) for one in numbers]))


# ---------------------------------------------------------------------------- what needs all columns


def _choose_key(columns: Sequence[DraftColumn]) -> None:
    """The fewest filled columns, from the left, that tell the rows apart; personal ones and mere numbers last."""
    filled = [column for column in columns if column.written["required"]]
    ordered = sorted(filled, key=lambda column: (column.is_personal, _is_figure(column), column.name == NUMBERING))
    sets = (chosen for width in range(1, MAX_KEY_COLUMNS + 1) for chosen in combinations(ordered, width))
    key = next((chosen for chosen in sets if are_distinct([column.sent.cells for column in chosen])), columns[:1])
    for position, column in enumerate(key, start=1):
        column.written |= {"required": True, "primaryKey": True, "primaryKeyPosition": position}
    key[0].todo["primaryKey"] = "is a row known by this? A key lasts from one file to the next"


def _is_figure(column: DraftColumn) -> bool:
    return column.name != NUMBERING and column.written["logicalType"] in ("number", "integer", "boolean")


def _keep_headers_apart(columns: Sequence[DraftColumn]) -> None:
    """Every header means one column: what the sample itself says comes first, then the order of the columns."""
    owner = {form: column.name for column in reversed(columns) for form in _forms(column.sent.header)}
    for column in columns:
        label = str(column.written["businessName"])
        if any(owner.get(form, column.name) != column.name for form in _forms(label)):
            column.written["businessName"] = column.sent.header
        for text in (column.written["businessName"], column.name, _label_en(column)):
            for form in _forms(str(text)):
                owner.setdefault(form, column.name)
    for column in columns:
        kept = []
        for synonym in column.written.get("synonyms", []):
            forms = _forms(synonym["synonym"])
            if all(owner.setdefault(form, column.name) == column.name for form in forms):
                kept.append(synonym)
        said = {str(column.written["businessName"]), *(synonym["synonym"] for synonym in kept)}
        if not _forms(column.sent.header) & {form for text in said for form in _forms(text)}:
            kept.insert(0, _synonym(column.sent.header))
        column.written["synonyms"] = kept


def _label_en(column: DraftColumn) -> str:
    return next(str(one["value"]) for one in column.written["customProperties"] if one["property"] == "labelEn")


def _forms(header: str) -> set[str]:
    return {header_key(header), normalise_header(header, keep_brackets=False)}


def _synonym(header: str) -> dict[str, str]:
    return {"synonym": header, "locale": "th-TH" if _THAI.search(header) else "en"}
