"""The catalogue file as checked objects."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from core.errors import UserFacingError

Severity = Literal["error", "query", "repaired"]
Actor = Literal["agency", "sbpac", "nobody"]
Dimension = Literal["accuracy", "completeness", "conformity", "consistency", "timeliness", "uniqueness", "validity"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """A text in Thai and in English; both are required."""

    th: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Entry(_Strict):
    """One kind of problem."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    severity: Severity
    who: Actor
    dimension: Dimension
    about: Literal["file", "arrival"] = "file"
    title: Bilingual
    message: Bilingual
    cure: Bilingual
    example: Mapping[str, str]

    @property
    def placeholders(self) -> frozenset[str]:
        """Names the messages and cures need."""
        texts = (self.message.th, self.message.en, self.cure.th, self.cure.en)
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every entry by its code, in the order of the file."""
    rows = yaml.load(Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = [Entry.model_validate(row) for row in rows]
    by_code = {found.code: found for found in entries}
    if len(by_code) != len(entries):
        raise UserFacingError("A code appears twice in the issue catalogue", cure="Keep one entry per code")
    return by_code


@cache
def entry(code: str) -> Entry:
    """The entry of a code; UserFacingError when the catalogue does not hold it."""
    try:
        return catalogue()[code]
    except KeyError:
        raise UserFacingError(f"No issue code “{code}”", cure="Add it to ingestion/issues/catalogue.yaml") from None


def issue_codes_csv() -> str:
    """Every code with what the warehouse tells of it, as a seed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("issue_code", "severity", "who", "dimension", "about", "title_th", "title_en"))
    writer.writerows(
        (one.code, one.severity, one.who, one.dimension, one.about, one.title.th, one.title.en)
        for one in catalogue().values()
    )
    return out.getvalue()


@cache
def required_params(code: str) -> frozenset[str]:
    """Placeholders of a code that are not columns of the issue itself."""
    return entry(code).placeholders - {"row", "cell", "value", "sheet"}
