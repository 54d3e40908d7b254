"""What the gate expects: reviewed YAML under `suites/`, read into closed models, so that a typo is an error."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from core.errors import UserFacingError

ROW_BY_ROW = {  # types of Great Expectations whose verdict on a row needs no other row, or none at all
    "expect_column_values_to_be_between", "expect_column_values_to_be_in_set", "expect_column_values_to_not_be_null",
    "expect_table_columns_to_match_set",
}  # fmt: skip
_SELECT = re.compile(r"\bselect\b", re.IGNORECASE)
_NAMED_BATCH, _JOIN = re.compile(r"\{batch\}\s+as\b", re.IGNORECASE), re.compile(r"\bjoin\b", re.IGNORECASE)
SUITES = Path(__file__).parent / "suites"
Severity = Literal["critical", "warning"]


class ClosedModel(BaseModel):
    """A key that is not known is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(ClosedModel):
    """One thing that must hold. Exactly one of three says how it is judged.

    `breaks`: an SQL condition that no row may meet; all of them are judged in one pass over the mart.
    `expect`: a Great Expectations type, with `arguments`.
    `sql`: returns the rows that break it, in an order of its own. It reads the mart as `{batch}` (under an alias when
    it joins, without one when it doesn't: Great Expectations then adds its own) and others by their view's name, and
    doubles every other brace. What it selects is shown: codes of areas and agencies, years and figures, never
    anything about a person; of a warning, which readers see in release_notes, nothing that the safe marts hide.

    `of`: judged are the rows of this query of the suite instead of the mart's own.
    `within`: columns of all marts it reads in which all rows that it compares with each other are alike, such as the
    year; of a release in which only one year changed it is judged on that year alone.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    title_th: str = Field(pattern="[ก-๛]")
    title_en: str = Field(pattern="[A-Za-z]")
    owner: str | None = None  # of the suite, if it is nobody else's
    datasets: tuple[str, ...] = ()  # whose submissions it judges, where it is fewer than the mart is made of
    expect: str | None = Field(default=None, pattern=r"^expect_[a-z_]+$")
    arguments: dict[str, Any] = {}
    breaks: str | None = None
    sql: str | None = None
    of: str | None = None
    within: tuple[str, ...] = ()

    @property
    def looks_at_a_row(self) -> bool:
        """Its verdict on a row depends on no other row."""
        return self.of is None and (self.breaks is not None or self.expect in ROW_BY_ROW)

    @property
    def wants_a_row(self) -> bool:
        """Any row of the mart fulfils it."""
        only = {"min_value": 1}
        return self.of is None and self.expect == "expect_table_row_count_to_be_between" and self.arguments == only

    @model_validator(mode="after")
    def _one_way_to_judge(self) -> Self:
        if sum(way is not None for way in (self.expect, self.breaks, self.sql)) != 1:
            raise ValueError(f"{self.id}: give exactly one of expect, breaks and sql")
        if self.breaks is not None and self.arguments:
            raise ValueError(f"{self.id}: breaks takes no arguments")
        if self.breaks is not None and _SELECT.search(self.breaks):
            raise ValueError(f"{self.id}: breaks looks at one row; what compares it with others is sql")
        if self.sql is not None and ("{batch}" not in self.sql or self.arguments):
            raise ValueError(f"{self.id}: sql reads the mart as {{batch}} and takes no arguments")
        if self.sql is not None and _NAMED_BATCH.search(self.sql) and not _JOIN.search(self.sql):
            raise ValueError(f"{self.id}: without a join {{batch}} takes no alias, Great Expectations gives it its own")
        return self


class Query(ClosedModel):
    """Rows made from the marts, for example sums of parts beside the whole, judged like a mart of their own.

    `key` columns name the rows shown as samples of a failure. No row at all is a critical failure.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    key: tuple[str, ...] = Field(min_length=1)
    sql: str


_STORED_AS = {"marts_exact": "", "marts": "__safe", "gate": "__cases"}


class Suite(ClosedModel):
    """Expectations on one view. `key` columns name the rows shown as samples of a failure.

    A file says what is particular of one mart; what holds of any is added by `expectations.base`, which also fills the
    last: a query to be judged instead of the view itself, with `{only}` for a condition on the rows it reads.
    """

    mart: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    view: Literal["marts_exact", "marts", "gate"] = "marts_exact"
    owner: str
    key: tuple[str, ...] = ()
    queries: tuple[Query, ...] = ()
    expectations: tuple[Expectation, ...]
    rows: str | None = None

    @property
    def name(self) -> str:
        return f"{self.mart}__safe" if self.view == "marts" else self.mart

    @property
    def relation(self) -> str:
        """As the store calls what it judges."""
        return self.mart + _STORED_AS[self.view]

    def query_of(self, expectation: Expectation) -> Query | None:
        """The query whose rows it judges; None for the mart's own."""
        return next((query for query in self.queries if query.name == expectation.of), None)

    def id_of(self, expectation: Expectation) -> str:
        """Unique in the release, for example poverty_by_area.target_within_registered."""
        return f"{self.name}.{expectation.id}"

    @model_validator(mode="after")
    def _ids_unique(self) -> Self:
        ids = [expectation.id for expectation in self.expectations]
        if doubled := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"{self.name}: the same id twice: {', '.join(doubled)}")
        return self

    @model_validator(mode="after")
    def _queries_known(self) -> Self:
        judged = {one.of for one in self.expectations if one.of is not None}
        if judged != {query.name for query in self.queries}:
            raise ValueError(f"{self.name}: queries and the expectations `of` them name different ones")
        if not self.key and any(e.breaks is not None and e.of is None for e in self.expectations):
            raise ValueError(f"{self.name}: `breaks` shows the rows by key, so the suite needs one")
        return self


class SuiteInvalid(UserFacingError):
    """A file under expectations/suites is not what the gate understands."""


@cache
def load_suites(folder: Path = SUITES) -> tuple[Suite, ...]:
    """Every suite, one per view. Raises SuiteInvalid naming the file and what is wrong in it."""
    suites: dict[str, Suite] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            suite = Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise SuiteInvalid(
                f"{path.name}: {error}", cure="See expectations/model.py for the allowed keys."
            ) from error
        if suite.name in suites:
            raise SuiteInvalid(f"{path.name}: {suite.name} has a suite already.", cure="One file per view.")
        suites[suite.name] = suite
    return tuple(suites.values())
