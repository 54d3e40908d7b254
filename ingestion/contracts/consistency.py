"""What one contract must hold within itself, beyond the shape of each part."""

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from ingestion.contracts.model import Column, Contract, Rule, raw_columns, rule_columns, vault_columns
from ingestion.contracts.periods import BadPeriod, period_bounds
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
_NUMBERS, _DATES, _TEXTS = frozenset({"integer", "number"}), frozenset({"date"}), frozenset({"string"})
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
    if column.first_day and column.last_day and column.first_day > column.last_day:
        yield f"its first day {column.first_day} is after its last {column.last_day}"
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
    if (column.accept_names or column.parent_headers) and column.format != "area_code":
        yield "acceptNames and parentHeaders are for columns of the format area_code"
    if column.parent_headers and not column.accept_names:
        yield "parentHeaders help to tell names apart: acceptNames is missing"
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

    def must_be(where: str, names: Iterable[str], types: frozenset[str], kind: str) -> None:
        for name in names:
            if name in known and known[name].logical_type not in types:
                problems.add(where, f"{name!r} is not {kind}")

    for rule in contract.rules:
        where, names = f"quality.{rule.id}", rule_columns(rule)
        must_exist(where, names)
        if rule.kind in {"sum_equals", "sum_at_most", "control_total"}:
            must_be(where, names, _NUMBERS, "a number")
        if rule.kind == "level_of":
            must_be(where, [rule.arguments["score"]], _NUMBERS, "a number")
            must_be(where, [rule.arguments["level"]], _TEXTS, "a text")
        if rule.kind in {"date_order", "within_period", "not_after_period"}:
            must_be(where, names, _DATES, "a date")
        if "when" in rule.arguments:
            _values_exist(rule, known, where, problems)
        if rule.kind == "asked_in_periods":
            _periods_bound(contract, rule, where, problems)
    for name in contract.primary_key:
        if name in known and not known[name].required:
            problems.add(f"schema.{name}", "a column of the primary key is required")
    where = "customProperties.contentMustMatch"
    must_exist(where, contract.content_must_match.values())
    province = known.get(contract.content_must_match.get("province_code_from", ""))
    if province is not None and province.format != "area_code":
        problems.add(where, f"{province.name!r} has not the format area_code")
    must_be(where, [contract.content_must_match.get("period_from", "")], _NUMBERS | _TEXTS, "a number or a text")
    must_be(where, [contract.content_must_match.get("agency_id_from", "")], _TEXTS, "a text")


def _periods_bound(contract: Contract, rule: Rule, where: str, problems: Problems) -> None:
    """A rule for some periods names at least one end of them, both as the contract writes periods."""
    first, last = rule.arguments["first"], rule.arguments["last"]
    if first is None and last is None:
        problems.add(where, "neither first nor last: what is asked in every period is a required column")
    for period in (first, last):
        try:
            period_bounds(contract.period_kind, period) if period is not None else None
        except BadPeriod as error:
            problems.add(where, str(error))
    if first is not None and last is not None and first > last:
        problems.add(where, f"its first period {first} is after its last {last}")


def _values_exist(rule: Rule, known: Mapping[str, Column], where: str, problems: Problems) -> None:
    """The values a condition names are codes of the list, where its column has one."""
    column = known.get(rule.arguments["when"]["column"])
    codes = [code.value for code in column.codes] if column else []
    for value in rule.arguments["when"]["one_of"]:
        if codes and value not in codes:
            problems.add(where, f"{value!r} is not one of the codes {', '.join(codes)}")
