"""The closed list of our custom properties, and of what a rule may say. An unknown key is an error, never a default."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ingestion.contracts.model import RuleKind
from ingestion.contracts.periods import PeriodKind

VENDOR = "chaidaen"
REVISION_SCOPE = ["agency_id", "period", "part"]


def _whole_scope(value: list[str]) -> list[str]:
    if value != REVISION_SCOPE:
        raise ValueError(f"must be {REVISION_SCOPE}: what a revision replaces is the same for every dataset")
    return value


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("must be a day written 2021-12-31 (a Christian year)") from None


class Closed(BaseModel):
    """Refuses unknown keys; YAML numbers and words are not turned into one another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CustomProperties(Closed):
    """Base of the three places a custom property may stand; keys are camelCase as the standard wants."""

    model_config = ConfigDict(alias_generator=to_camel)


AgencyKind = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


def _one_or_several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class OwedBy(Closed):
    """`agency_kind` is one kind or a list of them; every agency of these kinds owes the dataset."""

    agency_kind: Annotated[list[AgencyKind], BeforeValidator(_one_or_several), Field(min_length=1)]
    per: Literal["province", "region"]


class ContentMustMatch(Closed):
    """What in the file must agree with the folder it was dropped in."""

    province_code_from: str | None = None
    period_from: str | None = None
    agency_id_from: str | None = None


class ContractProperties(CustomProperties):
    label_th: str = Field(min_length=1)
    label_en: str = Field(min_length=1)
    period_kind: PeriodKind
    reject_above_error_share_pct: float = Field(ge=0, le=100)
    hold_when_rows_fall_by_pct: float = Field(default=60, gt=0, le=100)
    sheets: Literal["one", "union"] = "one"
    # Said in the contract for its readers; the ledger knows no other scope.
    revision_scope: Annotated[list[str], AfterValidator(_whole_scope)] = REVISION_SCOPE
    owed_by: OwedBy | None = None
    # Who does not owe it may send it too, without being asked: everybody, or agencies of these kinds.
    accepted_from: Literal["every_agency"] | list[AgencyKind] | None = None
    content_must_match: ContentMustMatch | None = None


AreaLevel = Literal["village", "tambon", "amphoe", "province"]


class ParentHeaders(Closed):
    """Headers of columns beside a named place that say what it lies in; they are read for that and not stored."""

    province: list[str] = []
    amphoe: list[str] = []
    tambon: list[str] = []


class ColumnProperties(CustomProperties):
    label_en: str = Field(min_length=1)
    help_th: str | None = None
    help_en: str | None = None
    unit: Literal["persons", "households", "houses", "baht", "pct", "days", "points"] | None = None
    format: Literal["area_code", "thai_person_id", "house_code", "given_name"] | None = None
    area_level: AreaLevel | None = None
    accept_names: bool = False
    parent_headers: ParentHeaders | None = None
    identifier: Literal["person", "household"] | None = None
    key_name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*_key$")
    default_when_absent: str | None = None
    keeps_precision: bool = False
    fill_down_merged: bool = False  # a merged cell counts for every row it spans; without it only for the first


class CodeProperties(CustomProperties):
    label_en: str = Field(min_length=1)
    synonyms: list[str] = []


class StringOptions(CustomProperties):
    pattern: str | None = None
    min_length: int | None = Field(default=None, ge=0)
    max_length: int | None = Field(default=None, ge=1)


class IntegerOptions(CustomProperties):
    minimum: int | None = None
    maximum: int | None = None
    format: Literal["i32", "i64"] | None = None


class NumberOptions(CustomProperties):
    minimum: float | None = None
    maximum: float | None = None


Day = Annotated[date, BeforeValidator(_day)]


class DateOptions(CustomProperties):
    """First and last day a date may be, 2021-12-31 (CE)."""

    minimum: Day | None = None
    maximum: Day | None = None


class NoOptions(CustomProperties):
    """Booleans take none."""


TYPE_OPTIONS: dict[str, type[CustomProperties]] = {
    "string": StringOptions,
    "integer": IntegerOptions,
    "number": NumberOptions,
    "date": DateOptions,
    "boolean": NoOptions,
}


class SumEquals(Closed):
    """parts[0] + parts[1] + … = total, row by row, within `tolerance` (in the columns' unit)."""

    rule: Literal["sum_equals"]
    parts: list[str] = Field(min_length=2)
    total: str
    tolerance: float = Field(default=0, ge=0)


class SumAtMost(Closed):
    """The parts that are filled add up to the whole or less, row by row: not everybody counted needs to be in one."""

    rule: Literal["sum_at_most"]
    parts: list[str] = Field(min_length=1)
    total: str


class ControlTotal(Closed):
    """The file's own total row equals the sum of its rows, within `tolerance` (in the column's unit)."""

    rule: Literal["control_total"]
    columns: list[str] = Field(min_length=1)
    tolerance: float = Field(default=0, ge=0)


class When(Closed):
    """A column holds one of these values (codes of its list, or texts)."""

    column: str
    one_of: list[str] = Field(min_length=1)


class RequiredIf(Closed):
    """These columns are filled wherever `when` holds."""

    rule: Literal["required_if"]
    columns: list[str] = Field(min_length=1)
    when: When


class DateOrder(Closed):
    """`earlier` is not after `later`, where both are known."""

    rule: Literal["date_order"]
    earlier: str
    later: str


class WithinPeriod(Closed):
    """These dates lie in the period of the folder."""

    rule: Literal["within_period"]
    columns: list[str] = Field(min_length=1)


class NotAfterPeriod(Closed):
    """These dates do not lie in the future of the folder's period."""

    rule: Literal["not_after_period"]
    columns: list[str] = Field(min_length=1)


class AnyFilled(Closed):
    """At least one of these columns is filled in every row."""

    rule: Literal["any_filled"]
    columns: list[str] = Field(min_length=2)


class AskedInPeriods(Closed):
    """These columns are asked from the period `first` to `last` (left out: no limit): there they are filled unless
    `required` is false, and in other periods an answer is asked about."""

    rule: Literal["asked_in_periods"]
    columns: list[str] = Field(min_length=1)
    first: str | None = None
    last: str | None = None
    required: bool = True


class LevelOf(Closed):
    """`level` is the one that the year's table gives to `score`; `table` is a list of the reference folder with the
    columns fiscal_year_from_be, level and minimum_score."""

    rule: Literal["level_of"]
    score: str
    level: str
    table: Literal["ita_levels"]


CUSTOM_RULES: dict[RuleKind, type[Closed]] = {
    "sum_equals": SumEquals,
    "sum_at_most": SumAtMost,
    "control_total": ControlTotal,
    "required_if": RequiredIf,
    "date_order": DateOrder,
    "within_period": WithinPeriod,
    "not_after_period": NotAfterPeriod,
    "any_filled": AnyFilled,
    "asked_in_periods": AskedInPeriods,
    "level_of": LevelOf,
}


class DuplicateArguments(Closed):
    """No two rows share `properties`; with `when`, no two of the rows it holds for."""

    properties: list[str] = Field(min_length=1)
    when: When | None = None


def option_names(model: type[BaseModel]) -> dict[str, Any]:
    """Names as they stand in the file, for suggestions."""
    return {field.alias or name: None for name, field in model.model_fields.items()}
