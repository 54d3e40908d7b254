"""The quality rules of a contract. Only what the check carries out may be written: a rule nobody runs is an error."""

from typing import Any

from open_data_contract_standard.model import DataQuality, SchemaObject
from pydantic import ValidationError

from ingestion.contracts.model import Rule, RuleKind, Severity
from ingestion.contracts.problems import Problems
from ingestion.contracts.properties import CUSTOM_RULES, VENDOR, DuplicateArguments

SEVERITIES: dict[str, Severity] = {"error": "error", "query": "query"}
DIMENSIONS = ("accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness")
_TEXT_FIELDS = {"id", "type", "unit", "dimension", "severity", "description", "name", "tags", "businessImpact"}
_FIELDS_BY_TYPE = {
    "library": _TEXT_FIELDS | {"metric", "arguments", "mustBe"},
    "custom": _TEXT_FIELDS | {"engine", "implementation"},
}
_COLUMN_METRICS: dict[str, RuleKind] = {"nullValues": "not_null", "duplicateValues": "unique"}


def read_rules(table: SchemaObject, problems: Problems) -> tuple[Rule, ...]:
    """Rules of the table, then of its columns, in the order of the file."""
    placed: list[tuple[DataQuality, str | None]] = [(quality, None) for quality in table.quality or []]
    for column in table.properties or []:
        placed += [(quality, column.name) for quality in column.quality or []]
    found = [_rule(quality, column, problems) for quality, column in placed]
    ids = [quality.id for quality, _ in placed]
    for repeated in sorted({str(rule_id) for rule_id in ids if ids.count(rule_id) > 1}):
        problems.add(f"quality.{repeated}", "two rules have this id")
    return tuple(rule for rule in found if rule is not None)


def _rule(quality: DataQuality, column: str | None, problems: Problems) -> Rule | None:
    where = f"schema.{column}.quality.{quality.id}" if column else f"schema.quality.{quality.id}"
    before = len(problems)
    if not quality.id:
        problems.add(where, "a rule needs an id: reports name it")
    severity = SEVERITIES.get(str(quality.severity))
    if severity is None:
        problems.add(f"{where}.severity", f"{quality.severity!r} is not one of {', '.join(SEVERITIES)}")
    if quality.dimension not in DIMENSIONS:
        problems.add(f"{where}.dimension", f"{quality.dimension!r} is not one of {', '.join(DIMENSIONS)}")
    ignored = set(quality.model_dump(exclude_none=True)) - _FIELDS_BY_TYPE.get(str(quality.type), _TEXT_FIELDS)
    for field in sorted(ignored):
        problems.add(f"{where}.{field}", "nothing reads it here")
    description_th, description_en = problems.bilingual(f"{where}.description", quality.description)
    kind_and_arguments = _kind(quality, column, where, problems)
    if len(problems) > before or kind_and_arguments is None or severity is None:
        return None
    kind, arguments = kind_and_arguments
    return Rule(
        id=str(quality.id),
        kind=kind,
        severity=severity,
        arguments=arguments,
        description_th=description_th,
        description_en=description_en,
        dimension=quality.dimension,
    )


def _kind(
    quality: DataQuality, column: str | None, where: str, problems: Problems
) -> tuple[RuleKind, dict[str, Any]] | None:
    try:
        counts_to_zero = quality.type == "library" and quality.mustBe == 0
        if counts_to_zero and column and not quality.arguments and quality.metric in _COLUMN_METRICS:
            return _COLUMN_METRICS[quality.metric], {"columns": (column,)}
        if counts_to_zero and not column and quality.metric == "duplicateValues":
            given = DuplicateArguments.model_validate(quality.arguments or {})
            return "unique", {"columns": tuple(given.properties)} | given.model_dump(
                include={"when"}, exclude_none=True
            )
        if quality.type == "custom" and quality.engine == VENDOR and isinstance(quality.implementation, dict):
            return _custom_rule(quality.implementation, where, problems)
    except ValidationError as error:
        for detail in error.errors():
            at = ".".join([where, *(str(step) for step in detail["loc"])])
            problems.add(at, f"{detail['msg']} ({detail['type']})")
        return None
    problems.add(
        where,
        "no such rule here: write type: library with metric nullValues (at a column) or duplicateValues and mustBe: 0,"
        f" or type: custom with engine: {VENDOR} and implementation: {{rule: {' | '.join(CUSTOM_RULES)}, …}}",
    )
    return None


def _custom_rule(
    implementation: dict[str, Any], where: str, problems: Problems
) -> tuple[RuleKind, dict[str, Any]] | None:
    name: Any = implementation.get("rule")
    if name not in CUSTOM_RULES:
        given = repr(name) if "rule" in implementation else f"missing ({', '.join(implementation)} are given)"
        problems.add(f"{where}.implementation.rule", f"{given} is not one of {', '.join(CUSTOM_RULES)}")
        return None
    arguments = CUSTOM_RULES[name].model_validate(implementation).model_dump(exclude={"rule"})
    return name, {key: tuple(value) if isinstance(value, list) else value for key, value in arguments.items()}
