"""The closed list of our custom properties, and of what a rule may say. An unknown key is an error, never a default."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ingestion.contracts.periods import PeriodKind

VENDOR = "chaidaen"
REVISION_SCOPE = ["agency_id", "period", "part"]


def _whole_scope(value: list[str]) -> list[str]:
    if value != REVISION_SCOPE:
        raise ValueError(f"must be {REVISION_SCOPE}: what a revision replaces is the same for every dataset")
    return value


class Closed(BaseModel):
    """Refuses unknown keys; YAML numbers and words are not turned into one another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CustomProperties(Closed):
    """Base of the three places a custom property may stand; keys are camelCase as the standard wants."""

    model_config = ConfigDict(alias_generator=to_camel)


class OwedBy(Closed):
    agency_kind: str = Field(pattern=r"^[a-z][a-z_]*$")
    per: Literal["province", "region"]


class ContentMustMatch(Closed):
    """What in the file must agree with the folder it was dropped in."""

    province_code_from: str


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
    content_must_match: ContentMustMatch | None = None


class ColumnProperties(CustomProperties):
    label_en: str = Field(min_length=1)
    help_th: str | None = None
    help_en: str | None = None
    unit: Literal["persons", "households", "houses", "baht", "pct", "days", "points"] | None = None
    format: Literal["area_code", "thai_person_id", "house_code"] | None = None
    area_level: Literal["village", "tambon", "amphoe", "province"] | None = None
    identifier: Literal["person", "household"] | None = None
    key_name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*_key$")
    default_when_absent: str | None = None
    keeps_precision: bool = False


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


class NoOptions(CustomProperties):
    """Dates and booleans take none yet."""


TYPE_OPTIONS: dict[str, type[CustomProperties]] = {
    "string": StringOptions,
    "integer": IntegerOptions,
    "number": NumberOptions,
    "date": NoOptions,
    "boolean": NoOptions,
}


class SumEquals(Closed):
    """parts[0] + parts[1] + … = total, row by row."""

    rule: Literal["sum_equals"]
    parts: list[str] = Field(min_length=2)
    total: str


class ControlTotal(Closed):
    """The file's own total row equals the sum of its rows, within `tolerance` (in the column's unit)."""

    rule: Literal["control_total"]
    columns: list[str] = Field(min_length=1)
    tolerance: float = Field(default=0, ge=0)


CUSTOM_RULES: dict[str, type[SumEquals] | type[ControlTotal]] = {"sum_equals": SumEquals, "control_total": ControlTotal}


class DuplicateArguments(Closed):
    properties: list[str] = Field(min_length=1)


def option_names(model: type[BaseModel]) -> dict[str, Any]:
    """Names as they stand in the file, for suggestions."""
    return {field.alias or name: None for name, field in model.model_fields.items()}
