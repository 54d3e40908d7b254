"""Forms: invented submissions of a dataset, said in YAML (`forms/<dataset>.yaml`) and not in code.

A form says who sends the dataset when, what its rows are about, and what each column may hold. Columns are made in the
order they stand in, so one may rest on those above it. An unknown word is an error.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FORMS = Path(__file__).parent / "forms"
Level = Literal["province", "amphoe", "tambon", "village"]
Scalar = str | int | float
Range = Annotated[tuple[float, float], Field(min_length=2, max_length=2)]
Holds = Literal["filled", "empty"] | tuple[Scalar, ...]
MAKERS = ("value", "place", "name_of", "one_of", "number", "part_of", "sum_of", "multiple_of", "day", "text")


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rows(Closed):
    """What a row is about.

    per: `agency`, or every place of a level that the agency works in (a regional one: all provinces).
    within: only places inside these areas, by code. share: of the places, which ones lasts. some: rows of each place,
    anew in every period. first: of a lasting order of the places, so many by fiscal year (the latest year counts on).
    each: once more for each value of these columns. listed: rows written out by period, instead of all that.
    keep: of the rows made, those whose columns hold this.
    """

    per: Literal["agency"] | Level = "agency"
    within: tuple[str, ...] = ()
    share: float = Field(default=1, gt=0, le=1)
    some: tuple[int, int] = (1, 1)
    first: dict[int, int] = {}
    each: dict[str, tuple[Scalar, ...]] = {}
    listed: dict[str, tuple[dict[str, Scalar], ...]] = {}
    keep: dict[str, Holds] = {}


class Made(Closed):
    """How a column is filled. Exactly one maker; the words below them are its details, then when it stays empty.

    text: templates with {n} (row in the file), {slot} (lasting number of the place), {year} and its last two digits
    {yy}, {period}, {province}, {amphoe}, {tambon} (Thai names) and {province_code}, {amphoe_code}, {tambon_code},
    {village_code}; digits alone for a column of whole numbers.
    day: `period`, any day of it; `joined`, a lasting day of the fiscal year in which the place came in (`first`); or a
    column after which it comes by `days`.
    """

    value: Scalar | None = None
    place: Level | None = None
    name_of: Literal["province", "amphoe", "tambon"] | None = None
    one_of: tuple[Scalar, ...] | dict[Scalar, float] | None = None
    number: Range | None = None
    part_of: str | None = None
    sum_of: tuple[str, ...] | None = None
    multiple_of: str | None = None
    day: str | None = None
    text: str | tuple[str, ...] | None = None

    by: Range = (0, 1)  # of part_of and multiple_of: what it is multiplied with
    usual: float | None = None  # of number: the commonest
    decimals: int = Field(default=0, ge=0, le=4)
    step: float = 1  # of number and multiple_of: a multiple of it
    days: tuple[int, int] = (0, 0)
    until_period_ends: bool = False  # a day after the period is not known yet

    lasting: bool = False  # the same in every period, of the same place
    filled: float = Field(default=1, gt=0, le=1)
    when: dict[str, Holds] = {}
    otherwise: Scalar | None = None  # where `when` does not hold
    otherwise_of: str | None = None  # there, what a column made above holds

    @property
    def maker(self) -> str:
        return next(name for name in MAKERS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_maker(self) -> Self:
        if sum(getattr(self, name) is not None for name in MAKERS) != 1:
            raise ValueError(f"give exactly one of {', '.join(MAKERS)}")
        return self


class Part(Closed):
    """Rows of one kind. Its columns come after those of the form, or instead of them."""

    rows: Rows = Rows()
    columns: dict[str, Made] = {}


class FormFeed(Part):
    """Files of one kind of agency: its own rows, then those of `more`, which share nothing with them but the file."""

    sender: str
    file_name: str
    periods: Literal["each_year", "each_month", "each_quarter", "each_quarter_end", "each_meeting"]
    only: tuple[str, ...] = ()  # of these agencies
    more: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self, *self.more)


class Form(Closed):
    dataset: str
    feeds: tuple[FormFeed, ...] = Field(min_length=1)
    columns: dict[str, Made] = {}

    def columns_of(self, part: Part) -> dict[str, Made]:
        return {**self.columns, **part.columns}


@cache
def forms(folder: Path = FORMS) -> tuple[Form, ...]:
    """Every form, by file name. Raises ValueError naming the file and what is wrong in it."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            form = Form.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError) as error:
            raise ValueError(f"{path.name}: {error}") from error
        if path.stem != form.dataset:
            raise ValueError(f"{path.name}: a form is named like its dataset, {form.dataset}")
        found.append(form)
    return tuple(found)
