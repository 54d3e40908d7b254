"""Forms: invented rows said in YAML are what the form says, last where it says so, and refuse what cannot be meant."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from chaidaen.simulate.filling import fill
from chaidaen.simulate.form import Made, Rows, forms
from chaidaen.simulate.places import tambon_of
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table
from ingestion.contracts import load_contract

VISITS = load_contract("household_visit")
MARCH = (np.datetime64("2021-03-01"), np.datetime64("2021-03-31"))


def filled(
    rows: Rows, columns: dict[str, dict[str, Any]], *, period: str = "2564-03", seed: int = 1, before: int = 0
) -> Table:
    """By an agency of Pattani."""
    made = {name: Made.model_validate(said) for name, said in columns.items()}
    return fill(VISITS, rows, made, period=period, province_code="94", draw=partial(stream, seed), before=before)


def test_rows_are_about_the_places_of_the_agency() -> None:
    table = filled(Rows(per="tambon"), {"tambon_code": {"place": "tambon"}})
    assert table.texts["tambon_code"].tolist() == [place.code for place in tambon_of(["94"])]


def test_each_place_comes_once_for_each_value_said() -> None:
    table = filled(Rows(per="tambon", each={"visit_outcome": ("met", "absent")}), {"tambon_code": {"place": "tambon"}})
    assert table.texts["visit_outcome"][:4].tolist() == ["met", "absent", "met", "absent"]
    assert len(table) == 2 * len(tambon_of(["94"]))


def test_so_many_places_by_year_and_those_of_a_year_stay() -> None:
    """40 and then 20 more are 60; a later year keeps them, an earlier one has none."""
    rows = Rows(per="tambon", first={2563: 40, 2564: 60})
    chosen = {
        year: set(filled(rows, {"tambon_code": {"place": "tambon"}}, period=f"{year}-01").texts["tambon_code"])
        for year in (2562, 2563, 2564, 2566)
    }
    assert [len(chosen[year]) for year in (2562, 2563, 2564, 2566)] == [0, 40, 60, 60]
    assert chosen[2563] < chosen[2564] == chosen[2566]


def test_a_place_joins_once_in_the_year_whose_list_first_reaches_it() -> None:
    columns: dict[str, Any] = {"tambon_code": {"place": "tambon"}, "visit_date": {"day": "joined"}}
    rows = Rows(per="tambon", first={2563: 40, 2564: 60, 2565: 50})
    joined = {}
    for year in (2563, 2564, 2565):
        table = filled(rows, columns, period=f"{year}-01")
        joined[year] = dict(zip(table.texts["tambon_code"], table.dates["visit_date"][0], strict=True))
    assert joined[2563].items() < joined[2565].items() < joined[2564].items()
    new = [day for place, day in joined[2564].items() if place not in joined[2563]]
    assert min(new) >= np.datetime64("2020-10-01") and max(new) <= np.datetime64("2021-09-30")
    assert max(joined[2563].values()) <= np.datetime64("2020-09-30")


def test_rows_of_several_kinds_follow_one_another_in_one_file_and_are_numbered_through() -> None:
    columns: dict[str, Any] = {"visit_no": {"text": "{n}"}}
    above = filled(Rows(per="tambon", share=0.1), {**columns, "visit_date": {"day": "period"}})
    below = filled(Rows(per="tambon", share=0.2), {**columns, "visit_outcome": {"value": "met"}}, before=len(above))
    table = above.followed_by(below)
    assert table.numbers["visit_no"].tolist() == list(range(1, len(above) + len(below) + 1))
    assert table.texts["visit_outcome"].tolist() == [""] * len(above) + ["met"] * len(below)
    days = table.dates["visit_date"][0]
    assert not np.isnat(days[: len(above)]).any() and np.isnat(days[len(above) :]).all()


def test_what_lasts_is_the_same_in_every_month_and_the_rest_is_new() -> None:
    columns = {"house_code": {"number": [1, 10_000], "lasting": True}, "visit_no": {"number": [1, 10_000]}}
    march, april = (filled(Rows(per="tambon"), columns, period=f"2564-{month}") for month in ("03", "04"))
    assert march.texts["house_code"].tolist() == april.texts["house_code"].tolist()
    assert march.numbers["visit_no"].tolist() != april.numbers["visit_no"].tolist()


def test_days_lie_in_the_period_and_what_comes_after_it_is_not_known_yet() -> None:
    table = filled(
        Rows(per="tambon", some=(3, 3)),
        {
            "visit_date": {"day": "period"},
            "next_visit_date": {"day": "visit_date", "days": [10, 20], "until_period_ends": True},
            "visit_outcome": {"value": "met", "when": {"next_visit_date": "filled"}, "otherwise": "absent"},
        },
    )
    day, following = table.dates["visit_date"][0], table.dates["next_visit_date"][0]
    known = ~np.isnat(following)
    assert MARCH[0] <= day.min() and day.max() <= MARCH[1] and following[known].max() <= MARCH[1]
    apart = (following - day)[known].astype(int)
    assert (apart.min(), apart.max()) == (10, 20)
    assert (table.texts["visit_outcome"] == np.where(known, "met", "absent")).all()
    assert 0 < known.sum() < len(table)


def test_numbers_are_in_their_range_parts_of_others_and_whole_or_rounded() -> None:
    columns = {
        "all": {"number": [10, 1_000], "usual": 50, "step": 10},
        "visit_no": {"part_of": "all", "by": [0.2, 0.4]},
        "sum": {"sum_of": ["all", "visit_no"]},
        "paid": {"multiple_of": "sum", "by": [2, 2], "decimals": 2},
    }
    visits = [replace(VISITS.columns[0], name=name, logical_type="number") for name in columns]
    made = {name: Made.model_validate(said) for name, said in columns.items()}
    table = fill(
        replace(VISITS, columns=tuple(visits)), Rows(per="village"), made,
        period="2564-03", province_code=None, draw=partial(stream, 1),
    )  # fmt: skip
    whole, part = (np.array(table.numbers[name].tolist()) for name in ("all", "visit_no"))
    assert (whole % 10 == 0).all() and whole.min() >= 10 and whole.max() <= 1_000 and np.median(whole) < 500
    assert ((0.2 * whole - 1 <= part) & (part <= 0.4 * whole + 1)).all()
    assert (table.numbers["paid"] == 2.0 * (whole + part)).all()


def test_codes_come_as_often_as_said() -> None:
    table = filled(
        Rows(per="village", some=(10, 10)), {"visit_outcome": {"one_of": {"met": 9, "absent": 1}, "filled": 0.5}}
    )
    met, absent, empty = (float(np.mean(table.texts["visit_outcome"] == value)) for value in ("met", "absent", ""))
    assert abs(met - 0.45) < 0.02 and abs(absent - 0.05) < 0.01 and abs(empty - 0.5) < 0.02


def test_texts_name_places_in_thai_and_rows_may_be_written_out() -> None:
    place = tambon_of(["94"])[0]
    table = filled(Rows(per="tambon", within=(place.code,)), {"help_planned_1": {"text": "{n}. {tambon} {province}"}})
    assert table.texts["help_planned_1"].tolist() == [f"1. {place.name_th} ปัตตานี"]
    listed = Rows(listed={"2564-03": ({"visit_outcome": "met"}, {"visit_outcome": "absent", "help_planned_1": "x"})})
    assert filled(listed, {"visit_no": {"value": 1}}).texts["help_planned_1"].tolist() == ["", "x"]
    assert len(filled(listed, {"visit_no": {"value": 1}}, period="2564-04")) == 0


@pytest.mark.parametrize("said", [{}, {"value": 1, "place": "tambon"}, {"valeu": 1}, {"number": [1]}])
def test_a_column_says_one_thing(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Made.model_validate(said)


def test_the_projects_forms_name_columns_their_contracts_have_or_others_use() -> None:
    for form in forms():
        contract = {column.name for column in load_contract(form.dataset).columns}
        for part in (part for feed in form.feeds for part in feed.parts):
            made = form.columns_of(part)
            used = {
                name for one in made.values() for name in (one.part_of, one.multiple_of, *(one.sum_of or ()), *one.when)
            }
            used |= {one.day for one in made.values() if one.day not in ("period", "joined")} | set(part.rows.each)
            assert set(made) <= contract | used, form.dataset
