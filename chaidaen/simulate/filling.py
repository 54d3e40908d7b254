"""Fills a form: from what it says of rows and columns to one table of one agency and period.

Every column is made of one uniform number a row, drawn from a stream of its own: no column shifts another, and a
lasting one is drawn by the place and not by the period.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from chaidaen.simulate.feed import Draw
from chaidaen.simulate.form import Level, Made, Rows, Scalar
from chaidaen.simulate.identifiers import Ints, Texts
from chaidaen.simulate.people import Bools, Floats
from chaidaen.simulate.periods import fiscal_year
from chaidaen.simulate.places import PROVINCES, reference_rows, tambon_of
from chaidaen.simulate.tables import NO_DAY, Table
from ingestion.contracts import Contract
from ingestion.contracts.periods import period_bounds

LEVELS: tuple[Level, ...] = ("province", "amphoe", "tambon", "village")
_CODE_LENGTHS = {"province": 2, "amphoe": 4, "tambon": 6, "village": 8}


@dataclass(slots=True)
class _Filling:
    """One table being filled. place: code of the place of each row, "" of an agency's own; slot: its lasting number,
    counted with the values of `each`; joined: fiscal year in which it came in; before: rows above them in the file."""

    contract: Contract
    period: str
    draw: Draw
    place: Texts
    slot: Ints
    slots: int
    joined: Ints
    before: int = 0
    columns: dict[str, Texts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.place)

    def uniform(self, purpose: str, *, lasting: bool) -> Floats:
        if lasting:
            found: Floats = self.draw("lasting", purpose).random(self.slots)[self.slot]
            return found
        return self.draw(self.period, purpose).random(len(self))

    def numbers(self, name: str) -> Floats:
        """A column made above; empty cells count as 0."""
        return np.array([0 if value is None else value for value in self.columns[name]], dtype=np.float64)


def fill(
    contract: Contract,
    rows: Rows,
    columns: Mapping[str, Made],
    *,
    period: str,
    province_code: str | None,
    draw: Draw,
    before: int = 0,
) -> Table:
    """The table of one agency and period; `province_code` None: a regional agency, which speaks of all provinces.
    `before`: rows that stand above it in its file.
    """
    if rows.listed:
        filling = _written_out(contract, rows, period, draw)
    else:
        filling = _about_places(contract, rows, period, province_code, draw)
    filling.before = before
    for name, made in columns.items():
        filling.columns[name] = _column(filling, name, made)
    return _table(filling, np.flatnonzero(_kept(filling, rows)))


# ------------------------------------------------------------------------------------------------------------- rows


def _written_out(contract: Contract, rows: Rows, period: str, draw: Draw) -> _Filling:
    said = rows.listed.get(period, ())
    names = dict.fromkeys(name for row in said for name in row)
    columns = {name: _objects([row.get(name) for row in said]) for name in names}
    slot, joined = np.arange(len(said)), np.full(len(said), fiscal_year(period))
    return _Filling(contract, period, draw, _objects([""] * len(said)), slot, len(said), joined, columns=columns)


def _about_places(contract: Contract, rows: Rows, period: str, province_code: str | None, draw: Draw) -> _Filling:
    places = _places(rows, province_code)
    chosen = _chosen(rows, places, period, draw)
    low, high = rows.some
    many = draw(period, "rows").integers(low, high + 1, len(chosen))
    combined = list(product(*rows.each.values()))
    at = np.repeat(np.repeat(chosen, many), len(combined))
    which = np.tile(np.arange(len(combined)), int(many.sum()))
    filling = _Filling(
        contract, period, draw, places[at], at * len(combined) + which, len(places) * len(combined),
        _years_joined(rows, len(places), period, draw)[at],
    )  # fmt: skip
    for number, name in enumerate(rows.each):
        filling.columns[name] = _objects([combined[one][number] for one in which])
    return filling


def _places(rows: Rows, province_code: str | None) -> Texts:
    """Codes of all places a row may be about; one without a code for an agency's own rows."""
    if rows.per == "agency":
        return _objects([""])
    tambon = tambon_of([province_code] if province_code else list(PROVINCES))
    if rows.per == "village":
        codes = [village for place in tambon for village in place.villages]
    else:
        codes = [place.code[: _CODE_LENGTHS[rows.per]] for place in tambon]
    inside = [code for code in dict.fromkeys(codes) if not rows.within or code.startswith(rows.within)]
    return _objects(inside)


def _chosen(rows: Rows, places: Texts, period: str, draw: Draw) -> Ints:
    """Which of the places have rows, in the order of the list."""
    if rows.first:
        order = _order(len(places), draw)
        reached = [year for year in rows.first if year <= fiscal_year(period)]
        return np.sort(order[: rows.first[max(reached)] if reached else 0])
    return np.flatnonzero(draw("lasting", "places").random(len(places)) < rows.share)


def _years_joined(rows: Rows, places: int, period: str, draw: Draw) -> Ints:
    """By place, the first fiscal year whose list reaches it; without such lists, that of the period."""
    years = np.full(places, fiscal_year(period))
    for year in sorted(rows.first, reverse=True):
        years[_order(places, draw)[: rows.first[year]]] = year
    return years


def _order(places: int, draw: Draw) -> Ints:
    """The lasting order in which places come in."""
    return draw("lasting", "places").permutation(places)


# ---------------------------------------------------------------------------------------------------------- columns


def _column(filling: _Filling, name: str, made: Made) -> Texts:
    values = _MAKERS[made.maker](filling, name, made)
    if made.filled < 1:
        values[filling.uniform(f"{name} filled", lasting=made.lasting) >= made.filled] = None
    for other, wanted in made.when.items():
        left = ~_holds(filling.columns[other], wanted)
        values[left] = filling.columns[made.otherwise_of][left] if made.otherwise_of else made.otherwise
    return values


def _kept(filling: _Filling, rows: Rows) -> Bools:
    kept = np.ones(len(filling), dtype=np.bool_)
    for name, wanted in rows.keep.items():
        kept &= _holds(filling.columns[name], wanted)
    return kept


def _holds(values: Texts, wanted: str | Sequence[Scalar]) -> Bools:
    if isinstance(wanted, str):
        is_filled = np.array([value is not None for value in values], dtype=np.bool_)
        return is_filled if wanted == "filled" else ~is_filled
    return np.isin(values.astype(str), [str(one) for one in wanted])


def _value(filling: _Filling, _name: str, made: Made) -> Texts:
    return np.full(len(filling), made.value, dtype=object)


def _place(filling: _Filling, _name: str, made: Made) -> Texts:
    return _cut(filling.place, made.place or "province")


def _name_of(filling: _Filling, _name: str, made: Made) -> Texts:
    names = _names()
    return _objects([names.get(code) for code in _cut(filling.place, made.name_of or "province")])


def _one_of(filling: _Filling, name: str, made: Made) -> Texts:
    given = made.one_of or ()
    weighted = given if isinstance(given, dict) else dict.fromkeys(given, 1.0)
    bounds = np.cumsum(list(weighted.values())) / sum(weighted.values())
    return _objects(list(weighted))[np.searchsorted(bounds, filling.uniform(name, lasting=made.lasting), side="right")]


def _number(filling: _Filling, name: str, made: Made) -> Texts:
    low, high = made.number or (0, 0)
    uniform = filling.uniform(name, lasting=made.lasting)
    if made.usual is None:
        drawn = low + uniform * (high - low)
    else:  # triangular: rises to the usual one and falls from it
        up = (made.usual - low) / (high - low)
        drawn = np.where(
            uniform < up,
            low + np.sqrt(uniform * (high - low) * (made.usual - low)),
            high - np.sqrt((1 - uniform) * (high - low) * (high - made.usual)),
        )
    return _rounded(drawn, made)


def _part_of(filling: _Filling, name: str, made: Made) -> Texts:
    low, high = made.by
    share = low + filling.uniform(name, lasting=made.lasting) * (high - low)
    return _rounded(filling.numbers(made.part_of or "") * share, made)


def _multiple_of(filling: _Filling, name: str, made: Made) -> Texts:
    low, high = made.by
    times = low + filling.uniform(name, lasting=made.lasting) * (high - low)
    return _rounded(filling.numbers(made.multiple_of or "") * times, made)


def _sum_of(filling: _Filling, _name: str, made: Made) -> Texts:
    return _rounded(np.sum([filling.numbers(name) for name in made.sum_of or ()], axis=0), made)


def _day(filling: _Filling, name: str, made: Made) -> Texts:
    first, last = (np.datetime64(day, "D") for day in period_bounds(filling.contract.period_kind, filling.period))
    uniform = filling.uniform(name, lasting=made.lasting or made.day == "joined")
    if made.day == "period":
        low, high = 0, int((last - first).astype(int))
        start = np.full(len(filling), first)
    elif made.day == "joined":
        low, high = 0, 364
        start = np.array([period_bounds("fiscal_year", str(year))[0] for year in filling.joined], "datetime64[D]")
    else:
        low, high = made.days
        start = np.array([NO_DAY if day is None else day for day in filling.columns[made.day or ""]], "datetime64[D]")
    days = start + (low + np.floor(uniform * (high - low + 1))).astype(np.int64)
    days[np.isnat(start) | (made.until_period_ends & (days > last))] = NO_DAY
    return _objects([None if np.isnat(day) else day for day in days])


def _text(filling: _Filling, name: str, made: Made) -> Texts:
    templates = [made.text] if isinstance(made.text, str) else list(made.text or ())
    which = np.floor(filling.uniform(name, lasting=made.lasting) * len(templates)).astype(np.int64)
    names, place = _names(), filling.place
    parts = {level: _cut(place, level) for level in LEVELS}
    numbers = range(filling.before + 1, filling.before + len(filling) + 1)
    rows = zip(which.tolist(), numbers, filling.slot.tolist(), *parts.values(), strict=True)
    year = fiscal_year(filling.period)
    return _objects([
        templates[chosen].format(
            n=n, slot=slot + 1, year=year, yy=year % 100, period=filling.period,
            province=names.get(province, ""), amphoe=names.get(amphoe, ""), tambon=names.get(tambon, ""),
            province_code=province, amphoe_code=amphoe, tambon_code=tambon, village_code=village,
        )
        for chosen, n, slot, province, amphoe, tambon, village in rows
    ])  # fmt: skip


_MAKERS: Mapping[str, Callable[[_Filling, str, Made], Texts]] = {
    "value": _value, "place": _place, "name_of": _name_of, "one_of": _one_of, "number": _number, "part_of": _part_of,
    "sum_of": _sum_of, "multiple_of": _multiple_of, "day": _day, "text": _text,
}  # fmt: skip


def _rounded(drawn: Floats, made: Made) -> Texts:
    """To a multiple of the step and so many decimals; whole numbers as whole ones."""
    stepped = np.round(np.round(drawn / made.step) * made.step, made.decimals) if made.decimals == 0 else drawn
    if made.decimals:
        return np.round(stepped, made.decimals).astype(object)
    return stepped.astype(np.int64).astype(object)


def _cut(codes: Texts, level: Level) -> Texts:
    """Each code at a level it reaches, None where the place lies above it."""
    length = _CODE_LENGTHS[level]
    return _objects([code[:length] if len(code) >= length else None for code in codes])


@cache
def _names() -> dict[str, str]:
    """Thai names of provinces, amphoe and tambon by code."""
    named = {row["amphoe_code"]: row["name_th"] for row in reference_rows("amphoe")}
    return PROVINCES | named | {row["tambon_code"]: row["name_th"] for row in reference_rows("tambon")}


def _objects(values: Sequence[Any]) -> Texts:
    made: Texts = np.empty(len(values), dtype=object)
    made[:] = values
    return made


# ------------------------------------------------------------------------------------------------------------ table


def _table(filling: _Filling, kept: Ints) -> Table:
    """Columns the contract has, by its types ("{n}" is a number there), and the rows kept; others only helped these."""
    table = Table({}, {}, {})
    for column in filling.contract.columns:
        if column.name not in filling.columns:
            continue
        values = filling.columns[column.name][kept]
        if column.logical_type in ("integer", "number"):
            table.numbers[column.name] = _objects([int(one) if isinstance(one, str) else one for one in values])
        elif column.logical_type == "date":
            days = np.array([NO_DAY if day is None else day for day in values], dtype="datetime64[D]")
            table.dates[column.name] = (days, None)
        else:
            table.texts[column.name] = _objects([_as_text(value) for value in values])
    return table


def _as_text(value: Scalar | None) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
