"""Clean tables of invented people, and the real figures of their tambon, as one province would send them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from chaidaen.simulate.feeds import survey
from chaidaen.simulate.layouts import Block
from chaidaen.simulate.people import BE, Counter
from chaidaen.simulate.places import PROVINCES, all_tambon, population, reference_rows, tambon_of
from chaidaen.simulate.rendering import layout, render, rows_of
from chaidaen.simulate.styles import Style
from chaidaen.simulate.tables import Table
from chaidaen.simulate.town import Town
from ingestion import examples
from ingestion.contracts import Contract, load_contract

PROVINCE, YEAR = "90", 2564  # Songkhla has every kind of odd code: retired, split, and one name twice
EXAMPLE = "activity"  # the invented dataset whose contract states every kind of rule
SENDERS = {
    "population": "registration_office",
    "household_survey": "community_development",
    "household_member": "community_development",
    "welfare_card": "provincial_treasury",
    EXAMPLE: "registration_office",
}
ROWS = {"population": 115, "household_survey": 560, "household_member": 720, "welfare_card": 560, EXAMPLE: 200}
_HOUSEHOLDS_PER_TAMBON, _TAMBON, _STEP = 100, 12, 9
EXAMPLES = Path(examples.__file__).parent
WORKBOOK_STYLE = Style("xlsx", 0, 0, "excel_ce")
TEXT_STYLE = Style("csv", 0, 0, "slash")


@dataclass(frozen=True, slots=True)
class _Source:
    table: Table
    groups: tuple[str, ...]


@cache
def contract_of(dataset: str) -> Contract:
    """A dataset's contract, read once."""
    return load_contract(dataset, EXAMPLES) if dataset == EXAMPLE else load_contract(dataset)


def clean_block(dataset: str, *, is_text: bool, header_rank: int = 0) -> Block:
    """A fresh copy of a dataset's clean table; `header_rank` chooses among the headers its contract accepts."""
    contract = contract_of(dataset)
    headers, rows = _rendered(dataset, is_text, header_rank)
    groups = list(_sources()[dataset].groups[: len(rows)])
    title = f"{contract.label_th} จังหวัด{PROVINCES[PROVINCE]} ปี {YEAR}"
    return Block(contract, contract.columns, list(headers), [list(row) for row in rows], groups, title)


@cache
def _rendered(dataset: str, is_text: bool, header_rank: int) -> tuple[list[str], list[tuple[object, ...]]]:
    base = TEXT_STYLE if is_text else WORKBOOK_STYLE
    planned = layout(contract_of(dataset), Style(base.kind, header_rank, 0, base.date_form))
    return planned.headers, rows_of(render(_sources()[dataset].table, planned))[: ROWS[dataset]]


@cache
def _sources() -> dict[str, _Source]:
    counter, years = Counter(), range(YEAR, YEAR + 1)
    towns = [
        Town.simulate(place, _HOUSEHOLDS_PER_TAMBON, years=years, counter=counter, seed=YEAR)
        for place in tambon_of([PROVINCE])[: _TAMBON * _STEP : _STEP]
    ]
    found = {feed.dataset: [feed.table(town, str(YEAR)) for town in towns] for feed in survey.FEEDS}
    joined = {name: _joined(tables) for name, tables in found.items()}
    return {name: _Source(table, _amphoe_of(table)) for name, table in joined.items()} | {
        "population": _population(),
        EXAMPLE: _activities(),
    }


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
        return tuple(f"ที่ {number // 240 + 1}" for number in range(len(table.texts["house_code"])))
    return tuple(names[code[:4]] for code in table.texts["tambon_code"])


def _population() -> _Source:
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
    return _Source(table, _amphoe_of(table))


def _activities() -> _Source:
    """Invented activities: each begins in January or February and ends in April, so that March lies between."""
    count = ROWS[EXAMPLE]
    numbers = np.arange(count)
    tambon = [place.code for place in tambon_of([PROVINCE])]
    men, women = 5 + numbers % 30, 3 + numbers % 40
    start = np.datetime64(f"{YEAR - BE}-01-10", "D") + numbers % 40
    end = np.datetime64(f"{YEAR - BE}-04-01", "D") + numbers % 30
    is_joint = numbers % 9 == 4
    table = Table(
        {
            "activity_no": np.array([f"0{number + 12001}" for number in numbers], dtype=object),
            "agency_id": np.full(count, f"{SENDERS[EXAMPLE]}_{PROVINCE}", dtype=object),
            "tambon_code": np.array([tambon[number % len(tambon)] for number in numbers], dtype=object),
            "activity_kind": np.where(is_joint, "joint", "own").astype(object),
            "partner": np.array([f"มูลนิธิน้ำใจแท้ กลุ่มที่ {number % 7 + 1}" for number in numbers], dtype=object),
        },
        {
            "year_be": np.full(count, YEAR, dtype=object),
            "male_persons": men.astype(object),
            "female_persons": women.astype(object),
            "all_persons": (men + women).astype(object),
            "budget_baht": (1000 + 250 * (numbers % 50)).astype(object),
            "progress_pct": (numbers % 101).astype(object),
        },
        {"start_date": (start, None), "end_date": (end, None)},
    )
    return _Source(table, tuple(f"ที่ {number // 60 + 1}" for number in range(count)))


def other_province_codes() -> list[str]:
    """Tambon codes of the neighbouring province."""
    return [tambon.code for tambon in all_tambon() if tambon.province_code == "95"]
