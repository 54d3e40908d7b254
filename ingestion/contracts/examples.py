"""One invented row that a contract accepts: shown in the template, and known again when it comes back untouched."""

from datetime import date
from functools import lru_cache

from ingestion.contracts.model import Column, Contract, RuleKind

_PERSON = "1959900000013"  # a district that does not exist: the number can belong to nobody
_HOUSE = "95990000001"
_AREAS = {"province": "95", "amphoe": "9501", "tambon": "950102", "village": "95010201"}
_DAY = date(2021, 8, 15)
_TEXT = "ตัวอย่าง"
_Sums = tuple[tuple[str, ...], ...]


@lru_cache(maxsize=64)
def _row(contract_id: str, version: str, columns: tuple[Column, ...], sums: _Sums, limits: _Sums) -> dict[str, str]:
    values = {column.name: _value(column) for column in columns}
    for *parts, total in sums:
        values[total] = _plain(sum(float(values[part]) for part in parts))
    for *parts, total in limits:
        values[total] = _plain(max(float(values[total]), sum(float(values[part]) for part in parts)))
    return values


def example_row(contract: Contract) -> dict[str, str]:
    """Text per column name, as an officer would type it; sums and their limits hold. Everybody in it is invented."""
    return dict(
        _row(
            contract.id, contract.version, contract.columns,
            _sums(contract, "sum_equals"), _sums(contract, "sum_at_most"),
        )
    )  # fmt: skip


def _sums(contract: Contract, kind: RuleKind) -> _Sums:
    """Parts and total of each rule of the kind."""
    return tuple((*rule.arguments["parts"], rule.arguments["total"]) for rule in contract.rules if rule.kind == kind)


def _value(column: Column) -> str:
    if column.codes:
        return column.codes[0].label_th
    if column.examples:
        return column.examples[0]
    if column.format == "thai_person_id":
        return _PERSON
    if column.format == "house_code":
        return _HOUSE
    if column.area_level is not None:
        return _AREAS[column.area_level]
    return _OF_TYPE[column.logical_type](column)


def _text(column: Column) -> str:
    text = _TEXT if column.min_length is None else _TEXT.ljust(column.min_length, "ก")
    return text if column.max_length is None else text[: column.max_length]


def _number(column: Column) -> str:
    low = 1 if column.minimum is None else max(1, column.minimum)
    return _plain(low if column.maximum is None else min(low, column.maximum))


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _date(column: Column) -> str:
    day = max(_DAY, column.first_day or _DAY)
    day = min(day, column.last_day or day)
    return f"{day:%d/%m}/{day.year + 543}"


def _yes(_: Column) -> str:
    return "ใช่"


_OF_TYPE = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "date": _date,
    "boolean": _yes,
}
