"""The invented people: nobody real, believable, placed in real areas, and the same from round to round."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from chaidaen.simulate import SURVEY, Simulation, places, simulate
from chaidaen.simulate.identifiers import is_invented, person_ids
from core.errors import UsageError
from tests.unit.simulate import reopening

NARATHIWAT = "community_development_96/{dataset}/{year}/{name} นราธิวาส {year}.txt"
NAMES = {"household_survey": "จปฐ ครัวเรือน", "household_member": "จปฐ รายบุคคล", "welfare_card": "บัตรสวัสดิการ"}


def checksum_holds(identifier: str) -> bool:
    digits = [int(d) for d in identifier]
    return (11 - sum((13 - i) * d for i, d in enumerate(digits[:12])) % 11) % 10 == digits[12]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("people")
    simulate(Simulation(3_000, periods=3, seed=11, provinces=("90", "96"), datasets=SURVEY), out)
    return out


def rows(corpus: Path, dataset: str, year: int) -> list[dict[str, str]]:
    """Rows of Narathiwat by contract column."""
    name = NARATHIWAT.format(dataset=dataset, year=year, name=NAMES[dataset])
    if dataset == "welfare_card":
        name = name.replace("community_development", "provincial_treasury")
    cells, start, columns = reopening.table(corpus / name, name)
    return [{column: str(row[at]) for column, at in columns.items()} for row in cells[start:]]


def test_every_identifier_is_valid_and_comes_from_an_office_that_does_not_exist(corpus: Path) -> None:
    identifiers = {row["person_id"] for year in (2564, 2565, 2566) for row in rows(corpus, "household_member", year)}
    assert len(identifiers) > 2_000
    for identifier in identifiers:
        assert is_invented(identifier)
        assert identifier[1:5] == "9996"
        if identifier.startswith("G"):
            assert len(identifier) == 13 and identifier[1:].isdigit()
        else:
            assert checksum_holds(identifier), "a clean simulation holds no unverified identifier"
        assert len(set(identifier[:12])) > 1


def test_the_legitimate_first_digits_and_learner_codes_all_occur(corpus: Path) -> None:
    first = {row["person_id"][0] for row in rows(corpus, "household_member", 2564)}
    assert first >= {"0", "1", "2", "3", "5", "6", "7", "8", "G"}


def test_nobody_shares_an_identifier_and_no_two_households_a_house(corpus: Path) -> None:
    members, households = rows(corpus, "household_member", 2564), rows(corpus, "household_survey", 2564)
    assert max(Counter(row["person_id"] for row in members).values()) == 1
    assert max(Counter(row["house_code"] for row in households).values()) == 1
    assert all(len(row["house_code"]) == 11 and is_invented(row["house_code"]) for row in households)


def test_identifiers_run_out_with_a_clear_error_and_never_repeat_before() -> None:
    serials = np.arange(0, 10_000_000, 997)
    assert len(set(person_ids("94", np.ones(len(serials), dtype=np.int64), serials))) == len(serials)
    with pytest.raises(UsageError, match="more than 10,000,000"):
        person_ids("94", np.ones(1, dtype=np.int64), np.array([10_000_000]))


def test_households_live_in_real_villages_and_municipal_tambon_have_none(corpus: Path) -> None:
    villages = {t.code: set(t.villages) for t in places.all_tambon()}
    for row in rows(corpus, "household_survey", 2566):
        known = villages[row["tambon_code"]]
        assert row["village_code"] in known if known else row["village_code"] == ""


def test_households_are_shared_out_in_proportion_to_registered_houses_and_add_up() -> None:
    weights = [t.houses for t in places.tambon_of(["90", "91", "94", "95", "96"])]
    parts = places.share_out(2_500, weights)
    assert parts.sum() == 2_500
    assert np.abs(parts - 2_500 * np.array(weights) / sum(weights)).max() < 1


def test_title_sex_and_spouse_agree(corpus: Path) -> None:
    members = rows(corpus, "household_member", 2564)
    for row in members:
        assert (row["title"] in {"นาย", "เด็กชาย"}) == (row["sex"] == "เพศชาย")
    head = {row["house_code"]: row["sex"] for row in members if row["relation"] == "หัวหน้าครัวเรือน"}
    spouses = [row for row in members if row["relation"] == "คู่สมรส"]
    assert spouses and all(row["sex"] != head[row["house_code"]] for row in spouses)
    assert len(head) == len({row["house_code"] for row in members}), "every household has a head"


def test_the_survey_says_as_many_members_as_the_member_file_lists(corpus: Path) -> None:
    for year in (2564, 2566):
        listed = Counter(row["house_code"] for row in rows(corpus, "household_member", year))
        said = {row["house_code"]: int(row["member_persons"]) for row in rows(corpus, "household_survey", year)}
        assert said == dict(listed)


def test_the_income_item_follows_the_line_of_38000_baht(corpus: Path) -> None:
    for row in rows(corpus, "household_survey", 2564):
        passes = row["item_22"] == "1"
        assert passes == (int(row["income_per_person_baht"]) >= 38_000)


def test_between_rounds_some_leave_poverty_some_fall_back_some_move_and_most_stay(corpus: Path) -> None:
    def by_head(year: int) -> dict[str, dict[str, str]]:
        survey = {row["house_code"]: row for row in rows(corpus, "household_survey", year)}
        members = rows(corpus, "household_member", year)
        return {m["person_id"]: survey[m["house_code"]] for m in members if m["relation"] == "หัวหน้าครัวเรือน"}

    before, after = by_head(2564), by_head(2565)
    assert set(before) == set(after)
    income = {2564: "item_22", 2565: "item_29"}  # the round of 38 items asks for income under another number
    change = Counter((before[head][income[2564]], after[head][income[2565]]) for head in before)
    assert change["0", "1"] > 0, "somebody leaves poverty"
    assert change["1", "0"] > 0, "somebody falls back"
    assert change["0", "0"] + change["1", "1"] > 0.75 * len(before)
    moved = sum(before[head]["house_code"] != after[head]["house_code"] for head in before)
    assert 0 < moved < 0.1 * len(before)


def test_cards_are_held_by_a_believable_share_also_outside_the_survey(corpus: Path) -> None:
    surveyed = {row["person_id"]: row for row in rows(corpus, "household_member", 2564)}
    cards = rows(corpus, "welfare_card", 2564)
    inside = [row for row in cards if row["person_id"] in surveyed]
    grown_up = [row for row in surveyed.values() if int(row["birth_date"].replace("0/0/", "")[:4]) <= 2564 - 18]
    assert 0.25 <= len(inside) / len(grown_up) <= 0.60
    assert 0.25 <= len(inside) / len(surveyed) <= 0.40
    assert len(cards) > len(inside), "some holders live outside the survey"
    validated = sum(row["validation_status"] == "ผ่านคุณสมบัติ" for row in cards) / len(cards)
    assert 0.80 <= validated <= 0.90
