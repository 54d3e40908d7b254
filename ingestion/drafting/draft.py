"""From a sample to the text of a draft contract. Of a personal column nothing but its header goes into it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.errors import UsageError
from ingestion.agencies import agencies
from ingestion.contracts.periods import PERIOD_KINDS
from ingestion.contracts.reading import API_VERSION
from ingestion.contracts.todo import TODO
from ingestion.drafting.columns import NUMBERING, DraftColumn, draft_columns
from ingestion.drafting.known import known_headers
from ingestion.drafting.table import read_sample

CADENCES = {"fiscal_quarter": (3, "m"), "calendar_month": (1, "m"), "meeting": (1, "m"), "as_of_date": (3, "m")}
YEARLY = (1, "y")


@dataclass(frozen=True, slots=True)
class Draft:
    """The text, and what the one who asked for it is told: of columns, never of their cells."""

    text: str
    sheet: str
    header_row: int
    rows: int
    columns: Sequence[tuple[str, str, str]]  # header, name, origin

    @property
    def left_open(self) -> int:
        """Lines on which a person must decide something."""
        return sum(TODO in line for line in self.text.splitlines())


def draft_contract(
    sample: Path, dataset: str, *, agency_kind: str | None, period_kind: str | None, directory: Path | None = None
) -> Draft:
    """Draft the contract of a dataset. Raises UsageError for a word that is not known, or a file without a table."""
    senders = [agency for agency in agencies().values() if agency.agency_kind == agency_kind]
    if agency_kind is not None and not senders:
        kinds = sorted({agency.agency_kind for agency in agencies().values()})
        raise UsageError(f"No agency is a {agency_kind!r}.", cure=f"Kinds: {', '.join(kinds)}.")
    if period_kind not in (None, *PERIOD_KINDS):
        raise UsageError(f"{period_kind!r} is no kind of period.", cure=f"Kinds: {', '.join(PERIOD_KINDS)}.")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,55}", dataset):
        raise UsageError(f"{dataset!r} is no id of a dataset.", cure="Small letters, digits and _, as in kpi_report.")
    table = read_sample(sample)
    columns = draft_columns(table, known_headers(directory, but=dataset))
    kept = [column for column in columns if not _only_numbers(column)]
    text = _template().render(
        api_version=API_VERSION,
        dataset=dataset,
        columns=kept,
        left_out=[column for column in columns if _only_numbers(column)],
        agency_kind=agency_kind,
        per="province" if any(agency.province_code for agency in senders) else "region",
        period_kind=period_kind,
        cadence=CADENCES.get(period_kind or "", YEARLY),
    )
    told = [(column.sent.header, column.name, column.origin) for column in kept]
    return Draft(text, table.sheet, table.header_row, table.rows, told)


def _only_numbers(column: DraftColumn) -> bool:
    return column.name == NUMBERING and "primaryKey" not in column.written


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701 - YAML, every value of the sample goes through the filter `flow`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["flow"] = _flow
    return environment.get_template("contract.odcs.yaml.jinja")


def _flow(value: object) -> str:
    """A value as YAML on one line."""
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=2**31)
    return text.removesuffix("\n").removesuffix("\n...")
