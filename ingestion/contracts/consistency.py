"""What one contract must hold within itself, beyond the shape of each part."""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from ingestion.contracts.model import Column, Contract, raw_columns, vault_columns
from ingestion.contracts.problems import Problems

CLASSIFICATIONS = ("public", "internal", "personal", "sensitive")
PHYSICAL_TYPES = {
    "string": r"text",
    "integer": r"smallint|integer|bigint",
    "number": r"numeric\([1-9][0-9]?,[0-9][0-9]?\)",
    "date": r"date",
    "boolean": r"boolean",
}
_INTEGER_LIMITS = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
_NAME = re.compile(r"[a-z][a-z0-9_]{0,55}")
_IDENTIFIER_FORMATS = {"thai_person_id": "person", "house_code": "household"}


def contract_problems(contract: Contract, problems: Problems) -> None:
    """Note everything in the contract that contradicts itself."""
    if not re.fullmatch(r"[1-9][0-9]*\.[0-9]+\.[0-9]+", contract.version):
        problems.add("version", f"{contract.version!r} is not a version such as 1.0.0")
    if not _NAME.fullmatch(contract.id):
        problems.add("id", f"{contract.id!r}: small letters, digits and _ only, at most 56")
    for column in contract.columns:
        where = f"schema.{column.name}"
        for check in _COLUMN_CHECKS:
            for what in check(column):
                problems.add(where, what)
    _unique_names(contract, problems)
    _columns_exist(contract, problems)


def header_key(header: str) -> str:
    """Two headers with the same key cannot be told apart: case, spaces and a trailing bracket (a unit) do not count."""
    return re.sub(r"\s+", "", re.sub(r"\s*\([^()]*\)\s*$", "", header)).casefold() or header.strip().casefold()


def _name(column: Column) -> Iterable[str]:
    if not _NAME.fullmatch(column.name):
        yield "a name is small letters, digits and _, does not begin with _ and has at most 56 characters"


def _types(column: Column) -> Iterable[str]:
    allowed = PHYSICAL_TYPES[column.logical_type]
    if not re.fullmatch(allowed, column.physical_type):
        yield f"physicalType {column.physical_type!r} does not fit logicalType {column.logical_type} ({allowed})"
    if column.classification not in CLASSIFICATIONS:
        yield f"classification {column.classification!r} is not one of {', '.join(CLASSIFICATIONS)}"
    if column.logical_type in {"integer", "number"} and column.unit is None and column.name.endswith(_UNIT_ENDINGS):
        yield "its name ends in a unit, so it needs the custom property unit"


_UNIT_ENDINGS = ("_persons", "_households", "_baht", "_pct")


def _limits(column: Column) -> Iterable[str]:
    for low, high in ((column.minimum, column.maximum), (column.min_length, column.max_length)):
        if low is not None and high is not None and low > high:
            yield f"its smallest value {low} is above its largest {high}"
    largest: float | int | Decimal | None = _INTEGER_LIMITS.get(column.physical_type)
    if found := re.fullmatch(r"numeric\((\d+),(\d+)\)", column.physical_type):
        largest = Decimal(10) ** (int(found[1]) - int(found[2]))
    if largest is not None and column.maximum is not None and column.maximum > largest:
        yield f"its maximum {column.maximum} does not fit into {column.physical_type}"


def _pattern(column: Column) -> Iterable[str]:
    if column.pattern is None:
        return
    try:
        pattern = re.compile(column.pattern)
    except re.error as error:
        yield f"its pattern is no regular expression: {error}"
        return
    for example in column.examples:
        if not pattern.search(example):
            yield f"its own example {example!r} does not match its pattern"


def _identifier(column: Column) -> Iterable[str]:
    if (column.identifier is None) != (column.key_name is None):
        yield "identifier and keyName go together"
    if column.identifier is not None and not column.is_personal:
        yield "an identifier is personal: classification must be personal or sensitive"
    expected = _IDENTIFIER_FORMATS.get(column.format or "")
    if expected is not None and column.identifier != expected:
        yield f"format {column.format} needs identifier: {expected}, or the number itself would be kept in raw"
    if (column.format == "area_code") != (column.area_level is not None):
        yield "format area_code and areaLevel go together"
    if column.format is not None and column.logical_type != "string":
        yield f"format {column.format} is for text columns"
    if column.keeps_precision and not (column.logical_type == "date" and column.is_personal):
        yield "keepsPrecision is for personal dates (its precision stands beside it in vault)"


def _codes(column: Column) -> Iterable[str]:
    if column.codes and column.logical_type != "string":
        yield "a code list needs logicalType string"
    owner: dict[str, str] = {}
    values = [code.value for code in column.codes]
    if repeated := sorted({value for value in values if values.count(value) > 1}):
        yield f"codes stand twice: {', '.join(repeated)}"
    for code in column.codes:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", code.value):
            yield f"code {code.value!r}: small letters, digits and _ only; how senders write it are its synonyms"
        for spelling in code.spellings:
            if owner.setdefault(header_key_of_code(spelling), code.value) != code.value:
                yield f"{spelling!r} means both {owner[header_key_of_code(spelling)]} and {code.value}"
    default = column.default_when_absent
    if default is not None and column.required:
        yield "a required column has no defaultWhenAbsent"
    if default is not None and column.codes and default not in values:
        yield f"defaultWhenAbsent {default!r} is not one of its codes"


def header_key_of_code(spelling: str) -> str:
    """Spellings of codes are compared without regard to case and outer spaces."""
    return spelling.strip().casefold()


_COLUMN_CHECKS: tuple[Callable[[Column], Iterable[str]], ...] = (_name, _types, _limits, _pattern, _identifier, _codes)


def _unique_names(contract: Contract, problems: Problems) -> None:
    for where, names in (
        ("schema", [column.name for column in contract.columns]),
        ("schema (columns of raw)", [name for name, _ in raw_columns(contract)]),
        ("schema (columns of vault)", [name for name, _ in vault_columns(contract)]),
    ):
        for repeated in sorted({name for name in names if names.count(name) > 1}):
            problems.add(where, f"the name {repeated!r} stands twice")
    owner: dict[str, str] = {}
    for column in contract.columns:
        for header in column.headers:
            if (first := owner.setdefault(header_key(header), column.name)) != column.name:
                problems.add(f"schema.{column.name}", f"the header {header!r} already means {first!r}")


def _columns_exist(contract: Contract, problems: Problems) -> None:
    known = {column.name: column for column in contract.columns}

    def must_exist(where: str, names: Iterable[str]) -> None:
        for name in names:
            if name not in known:
                problems.add(where, f"there is no column {name!r}")

    for rule in contract.rules:
        where = f"quality.{rule.id}"
        must_exist(where, rule.arguments.get("columns", ()))
        must_exist(where, rule.arguments.get("parts", ()))
        must_exist(where, [rule.arguments["total"]] if "total" in rule.arguments else ())
        if rule.kind in {"sum_equals", "control_total"}:
            summed = [*rule.arguments.get("columns", ()), *rule.arguments.get("parts", ()), rule.arguments.get("total")]
            for name in summed:
                if name in known and known[name].logical_type not in {"integer", "number"}:
                    problems.add(where, f"{name!r} is not a number")
    for name in contract.primary_key:
        if name in known and not known[name].required:
            problems.add(f"schema.{name}", "a column of the primary key is required")
    if contract.content_must_match:
        name = contract.content_must_match["province_code_from"]
        must_exist("customProperties.contentMustMatch", [name])
        if name in known and known[name].format != "area_code":
            problems.add("customProperties.contentMustMatch", f"{name!r} has not the format area_code")
