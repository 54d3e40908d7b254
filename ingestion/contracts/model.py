"""What a contract says, as the rest of the system reads it. Built by `reading.contract_from_text`, never by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from ingestion.contracts.periods import Duration, PeriodKind, period_bounds

LogicalType = Literal["string", "integer", "number", "date", "boolean"]
Severity = Literal["error", "query"]
RuleKind = Literal[
    "unique",
    "not_null",
    "sum_equals",
    "sum_at_most",
    "control_total",
    "required_if",
    "date_order",
    "within_period",
    "not_after_period",
    "any_filled",
    "asked_in_periods",
    "level_of",
]

KEY_COLUMNS: tuple[tuple[str, str], ...] = (("_submission_id", "bigint"), ("_sheet", "text"), ("_row", "bigint"))
REFERENCE_LISTS = frozenset({"areas", "agencies"})
PERSONAL_CLASSES = frozenset({"personal", "sensitive"})


@dataclass(frozen=True, slots=True)
class Code:
    """One value of a code list, and every way a sender may write it."""

    value: str
    label_th: str
    label_en: str
    synonyms: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Value, both labels and the synonyms, without repeats."""
        return tuple(dict.fromkeys((self.value, self.label_th, self.label_en, *self.synonyms)))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sender's table. `headers` holds every accepted header, the Thai label first.

    accept_names: a code of an area may be given as its Thai name; parent_headers: level → headers of columns that are
    read only to tell which place a name means. first_day, last_day: limits of a date.
    """

    name: str
    label_th: str
    label_en: str
    description_th: str
    description_en: str
    logical_type: LogicalType
    physical_type: str
    classification: str
    headers: tuple[str, ...]
    help_th: str | None = None
    help_en: str | None = None
    required: bool = False
    unique: bool = False
    pattern: str | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    min_length: int | None = None
    max_length: int | None = None
    codes: tuple[Code, ...] = ()
    format: str | None = None
    area_level: str | None = None
    identifier: Literal["person", "household"] | None = None
    key_name: str | None = None
    default_when_absent: str | None = None
    keeps_precision: bool = False
    fill_down_merged: bool = False
    unit: str | None = None
    references: str | None = None
    accept_names: bool = False
    parent_headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    first_day: date | None = None
    last_day: date | None = None
    examples: tuple[str, ...] = ()

    @property
    def is_personal(self) -> bool:
        """Goes to `vault` only; its values are masked wherever they are shown."""
        return self.classification in PERSONAL_CLASSES

    @property
    def precision_name(self) -> str | None:
        """Vault column that says whether a date is known to the year, month or day."""
        return f"{self.name}_precision" if self.keeps_precision else None


@dataclass(frozen=True, slots=True)
class Rule:
    """One check over several cells. `arguments` by kind are the fields of its model in `properties`; unique, not_null:
    columns."""

    id: str
    kind: RuleKind
    severity: Severity
    arguments: Mapping[str, Any] = field(hash=False)
    description_th: str
    description_en: str
    dimension: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One dataset: its table, its rules, who owes it and when."""

    id: str
    version: str
    label_th: str
    label_en: str
    description_th: str
    description_en: str
    period_kind: PeriodKind
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    rules: tuple[Rule, ...]
    reject_above_error_share_pct: float
    hold_when_rows_fall_by_pct: float
    sheets: Literal["one", "union"]
    owed_by: tuple[str, ...]  # kinds of agency; none: nobody owes it and everybody may send it
    accepted_from_everybody: bool
    accepted_from: tuple[str, ...]  # kinds of agency that do not owe it and may send it
    due_after: Duration | None
    grace_days: int
    obligation_from: date | None
    content_must_match: Mapping[str, str] = field(hash=False)
    purpose_th: str
    purpose_en: str
    supplier_th: str
    supplier_en: str

    @property
    def major_version(self) -> int:
        return int(self.version.split(".", maxsplit=1)[0])

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def of_period(self, period: str) -> "Contract":
        """The contract as it stands for one period: columns asked then are required, unless their rule says not."""
        asked = {
            name
            for rule in self.rules
            if rule.kind == "asked_in_periods" and rule.arguments["required"] and is_asked(rule, period)
            for name in rule.arguments["columns"]
        }
        if not asked:
            return self
        columns = tuple(replace(column, required=column.required or column.name in asked) for column in self.columns)
        return replace(self, columns=columns)

    def due(self, period: str) -> date | None:
        """Day on which the period is due, grace not counted; None when nobody owes it or it was not owed yet.

        Raises BadPeriod when `period` is not of the contract's kind.
        """
        _, end = period_bounds(self.period_kind, period)
        if self.due_after is None or (self.obligation_from is not None and end < self.obligation_from):
            return None
        return self.due_after.after(end)


def is_asked(rule: Rule, period: str) -> bool:
    """Whether a rule asked_in_periods asks its columns in a period; periods of one kind sort as they are written."""
    first, last = rule.arguments["first"], rule.arguments["last"]
    return (first is None or first <= period) and (last is None or period <= last)


def rule_columns(rule: Rule) -> tuple[str, ...]:
    """Every column a rule looks at."""
    arguments = rule.arguments
    single = [arguments[key] for key in ("total", "earlier", "later", "score", "level") if key in arguments]
    condition = [arguments["when"]["column"]] if "when" in arguments else []
    return (*arguments.get("columns", ()), *arguments.get("parts", ()), *single, *condition)


def dataset_references(contract: Contract) -> list[tuple[Column, str, str]]:
    """Columns that refer to other datasets, with the dataset and its column; reference lists are no datasets."""
    found = []
    for column in contract.columns:
        table, _, name = (column.references or "").partition(".")
        if table and table not in REFERENCE_LISTS:
            found.append((column, table, name))
    return found


def raw_columns(contract: Contract) -> list[tuple[str, str]]:
    """Columns of `raw.<dataset>` after KEY_COLUMNS, as (name, SQL type): nothing personal, identifiers as keys."""
    columns: list[tuple[str, str]] = []
    for column in contract.columns:
        if column.key_name is not None:
            columns.append((column.key_name, "uuid"))
            if column.identifier == "person":
                columns.append((f"{column.key_name}_kind", "text"))
        if not column.is_personal:
            columns.append((column.name, column.physical_type))
    return columns


def vault_columns(contract: Contract) -> list[tuple[str, str]]:
    """Columns of `vault.<dataset>` after KEY_COLUMNS, as (name, SQL type); without any there is no table."""
    columns: list[tuple[str, str]] = []
    for column in contract.columns:
        if column.is_personal:
            columns.append((column.name, column.physical_type))
            if column.precision_name is not None:
                columns.append((column.precision_name, "text"))
    return columns
