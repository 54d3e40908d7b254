"""Clean tables of invented people, and the real figures of their tambon, as one province would send them."""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from chaidaen.simulate.feed import AgencyFeed
from chaidaen.simulate.feeds import all_feeds
from chaidaen.simulate.layouts import Block
from chaidaen.simulate.outputs import Office, offices
from chaidaen.simulate.people import BE, Counter
from chaidaen.simulate.periods import MONTHS_A_YEAR, in_words
from chaidaen.simulate.places import PROVINCES, all_tambon, population, reference_rows, tambon_of
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.rendering import layout, render, rows_of
from chaidaen.simulate.styles import Style
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town
from ingestion import examples
from ingestion.contracts import Contract, load_contract

PROVINCE, YEAR = "90", 2564  # Songkhla has every kind of odd code: retired, split, and one name twice
EXAMPLE = "example_activity"  # the invented dataset whose contract states every kind of rule
# Datasets laid out in every way; all others are there plainly, for the columns and rules of their own.
LAID_OUT = ("population", "household_survey", "household_member", "welfare_card", EXAMPLE)
_ROWS = {"population": 115, "household_survey": 560, "household_member": 720, "welfare_card": 560}
_ROWS_OF_OTHERS = 200
_TAMBON, _STEP = 12, 9
_HOUSEHOLDS_PER_TAMBON, _HOUSEHOLDS_FOR_OTHERS = 100, 1_000
_EXAMPLE_AGENCY = f"registration_office_{PROVINCE}"
EXAMPLES = Path(examples.__file__).parent
WORKBOOK_STYLE = Style("xlsx", 0, 0, "excel_ce")
TEXT_STYLE = Style("csv", 0, 0, "slash")


@dataclass(frozen=True, slots=True)
class Source:
    """A clean table, the group each row belongs to, and who sends it for when."""

    table: Table
    groups: tuple[str, ...]
    office: Office
    period: str = str(YEAR)


@cache
def contract_of(dataset: str) -> Contract:
    """A dataset's contract, read once."""
    return load_contract(dataset, EXAMPLES) if dataset == EXAMPLE else load_contract(dataset)


def clean_block(dataset: str, *, is_text: bool, header_rank: int = 0) -> Block:
    """A fresh copy of a dataset's clean table; `header_rank` chooses among the headers its contract accepts."""
    contract, source = contract_of(dataset), source_of(dataset)
    headers, rows = _rendered(dataset, is_text, header_rank)
    groups = list(source.groups[: len(rows)])
    province = source.office.province_code
    place = f"จังหวัด{PROVINCES[province]}" if province else "จังหวัดชายแดนภาคใต้"
    title = f"{contract.label_th} {place} {in_words(source.period, contract.period_kind)}"
    cells = [list(row) for row in rows]
    return Block(contract, contract.columns, list(headers), cells, groups, title, source.period, province or "")


def plain_only() -> tuple[str, ...]:
    """Simulated datasets that are there in the plain layout alone."""
    return tuple(name for name in dict.fromkeys(feed.dataset for feed in all_feeds()) if name not in LAID_OUT)


@cache
def _rendered(dataset: str, is_text: bool, header_rank: int) -> tuple[list[str], list[tuple[object, ...]]]:
    base = TEXT_STYLE if is_text else WORKBOOK_STYLE
    planned = layout(contract_of(dataset), Style(base.kind, header_rank, 0, base.date_form))
    rows = rows_of(render(source_of(dataset).table, planned))
    return planned.headers, rows[: _ROWS.get(dataset, _ROWS_OF_OTHERS)]


@cache
def source_of(dataset: str) -> Source:
    """A dataset's clean table."""
    if dataset == "population":
        return _population()
    return _activities() if dataset == EXAMPLE else _simulated(dataset)


def _simulated(dataset: str) -> Source:
    """One period of one office of Songkhla, or of a regional one, from a dozen tambon of that province.

    The last period of the year in which that office has anything to send.
    """
    feed = next(feed for feed in all_feeds() if feed.dataset == dataset)
    office = next(one for one in offices(feed.sender) if one.province_code in (None, PROVINCE))
    latest = feed.periods(range(YEAR, YEAR + 1), MONTHS_A_YEAR)[::-1]
    if isinstance(feed, AgencyFeed):
        sent = ((period, feed.table(office.agency_id, period, partial(stream, YEAR, dataset))) for period in latest)
        period, table = next((period, table) for period, table in sent if len(table))
    else:
        period = latest[0]
        count = _HOUSEHOLDS_PER_TAMBON if dataset in LAID_OUT else _HOUSEHOLDS_FOR_OTHERS
        table = _joined([table for town in _towns(count) if len(table := feed.table(town, period))])
    return Source(table, _amphoe_of(table), office, period)


@cache
def _towns(households: int) -> tuple[Town, ...]:
    counter, years = Counter(), range(YEAR, YEAR + 1)
    return tuple(
        Town.simulate(place, households, years=years, counter=counter, seed=YEAR)
        for place in tambon_of([PROVINCE])[: _TAMBON * _STEP : _STEP]
    )


def _joined(tables: list[Table]) -> Table:
    return Table(
        {name: np.concatenate([t.texts[name] for t in tables]) for name in tables[0].texts},
        {name: np.concatenate([t.numbers[name] for t in tables]) for name in tables[0].numbers},
        # Every day is known: what is not would be a repair of every file, and no file would be clean.
        {name: (np.concatenate([t.dates[name][0] for t in tables]), None) for name in tables[0].dates},
    )


def _amphoe_of(table: Table) -> tuple[str, ...]:
    names = {row["amphoe_code"]: row["name_th"] for row in reference_rows("amphoe")}
    if "tambon_code" not in table.texts:  # persons: cut where a page would end
        return tuple(f"ที่ {number // 240 + 1}" for number in range(len(table)))
    return tuple(names.get(code[:4], "") for code in table.texts["tambon_code"])


def _population() -> Source:
    rows = [row for row in population() if row.tambon_code.startswith(PROVINCE)]
    names = ("male_persons", "female_persons", "total_persons", "houses")
    table = Table(
        {
            "tambon_code": np.array([row.tambon_code for row in rows], dtype=object),
            "data_status": np.full(len(rows), "final", dtype=object),
        },
        {name: np.array([getattr(row, name) for row in rows], dtype=object) for name in names},
        {},
    )
    return Source(table, _amphoe_of(table), Office(f"registration_office_{PROVINCE}", PROVINCE))


def _activities() -> Source:
    """Invented activities: each begins in January or February and ends in April, so that March lies between."""
    count = _ROWS_OF_OTHERS
    numbers = np.arange(count)
    tambon = [place.code for place in tambon_of([PROVINCE])]
    men, women = 5 + numbers % 30, 3 + numbers % 40
    start = np.datetime64(f"{YEAR - BE}-01-10", "D") + numbers % 40
    end = np.datetime64(f"{YEAR - BE}-04-01", "D") + numbers % 30
    is_joint = numbers % 9 == 4
    table = Table(
        {
            "activity_no": np.array([f"0{number + 12001}" for number in numbers], dtype=object),
            "agency_id": np.full(count, _EXAMPLE_AGENCY, dtype=object),
            "tambon_code": np.array([tambon[number % len(tambon)] for number in numbers], dtype=object),
            "activity_kind": np.where(is_joint, "joint", "own").astype(object),
            "partner": np.array([f"มูลนิธิน้ำใจแท้ กลุ่มที่ {number % 7 + 1}" for number in numbers], dtype=object),
        },
        {
            "year_be": np.full(count, YEAR, dtype=object),
            "male_persons": men.astype(object),
            "female_persons": women.astype(object),
            "all_persons": (men + women).astype(object),
            "youth_persons": (numbers % 8).astype(object),
            "budget_baht": (1000 + 250 * (numbers % 50)).astype(object),
            "progress_pct": (numbers % 101).astype(object),
        },
        {"start_date": (start, None), "end_date": (end, None)},
    )
    groups = tuple(f"ที่ {number // 60 + 1}" for number in range(count))
    return Source(table, groups, Office(_EXAMPLE_AGENCY, PROVINCE))


def other_province_codes() -> list[str]:
    """Tambon codes of the neighbouring province."""
    return [tambon.code for tambon in all_tambon() if tambon.province_code == "95"]
