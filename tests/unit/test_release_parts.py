"""The parts of publication and gate that need no database: recipes, names, wording, suites, outcomes."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from core.errors import UserFacingError
from expectations.gate import outcome_of
from expectations.judging import Verdict
from expectations.model import SUITES, SuiteInvalid, load_suites
from expectations.wording import short_message
from publication.calendar_facts import Obligation, calendar_facts
from publication.recipe import Recipe, hash_of_files
from publication.relations import Relation

DAY = date(2022, 2, 1)


def test_a_recipe_changes_with_each_of_its_ingredients() -> None:
    base = Recipe(((1, "a"), (2, "b")), "ledger", "code", DAY)
    others = [
        Recipe(((1, "a"),), "ledger", "code", DAY),
        Recipe(((1, "a"), (2, "c")), "ledger", "code", DAY),
        Recipe(((1, "a"), (2, "b")), "other", "code", DAY),
        Recipe(((1, "a"), (2, "b")), "ledger", "other", DAY),
    ]
    assert len({recipe.digest for recipe in [base, *others]}) == 5
    assert base.digest == Recipe(((1, "a"), (2, "b")), "ledger", "code", date(2022, 2, 2)).digest


def test_a_release_is_out_of_date_only_by_the_calendar_its_models_depend_on() -> None:
    today = Recipe((), "", "", DAY, {"day": "2022-02-01", "obligations": "2022-01-01"})
    assert today.is_that_of(today.digest, {"obligations": "2022-01-01"})
    assert not today.is_that_of(today.digest, {"obligations": "2021-10-01"})
    assert not today.is_that_of(today.digest, {"day": "2022-01-31"})


QUARTERLY = Obligation("fiscal_quarter", 30, date(2022, 1, 1))


@pytest.mark.parametrize(
    ("day", "last_change"),
    [
        (date(2022, 3, 31), "none"),  # the quarter that ended in December 2021 was not owed yet
        (date(2022, 4, 1), "2022-04-01"),  # begins to be owed
        (date(2022, 4, 30), "2022-04-01"),  # 30 days of grace: the last
        (date(2022, 5, 1), "2022-05-01"),  # overdue
        (date(2022, 6, 30), "2022-05-01"),
        (date(2022, 7, 1), "2022-07-01"),
    ],
)
def test_the_obligations_change_on_the_days_reports_begin_to_be_owed_and_become_overdue(
    day: date, last_change: str
) -> None:
    assert calendar_facts(day, [QUARTERLY]) == {"year": "2022", "obligations": last_change, "day": day.isoformat()}


@pytest.mark.parametrize(
    ("day", "last_change"),
    [
        (date(2021, 12, 31), "none"),  # the list of that day is owed once the day is over
        (date(2022, 1, 1), "2022-01-01"),
        (date(2022, 1, 31), "2022-01-31"),  # 15 days and 15 of grace after it: overdue
        (date(2022, 3, 31), "2022-01-31"),
        (date(2022, 4, 1), "2022-04-01"),
        (date(2022, 7, 1), "2022-07-01"),
        (date(2022, 10, 1), "2022-10-01"),
        (date(2023, 1, 1), "2023-01-01"),
    ],
)
def test_lists_as_of_a_day_are_owed_for_the_last_day_of_each_fiscal_quarter(day: date, last_change: str) -> None:
    lists = Obligation("as_of_date", 30, date(2021, 12, 31))
    assert calendar_facts(day, [lists])["obligations"] == last_change


def test_meetings_follow_no_calendar_so_no_day_changes_what_is_owed() -> None:
    assert calendar_facts(date(2022, 7, 1), [Obligation("meeting", 30, date(2021, 12, 31))])["obligations"] == "none"


def test_the_hash_of_files_sees_names_and_bytes_but_nothing_generated(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    model = tmp_path / "models" / "a.sql"
    model.write_text("select 1", encoding="utf-8")
    before = hash_of_files(tmp_path)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / ".user.yml").write_text("id: 1", encoding="utf-8")
    assert hash_of_files(tmp_path) == before
    model.write_text("select 2", encoding="utf-8")
    changed = hash_of_files(tmp_path)
    model.rename(tmp_path / "models" / "b.sql")
    assert len({before, changed, hash_of_files(tmp_path)}) == 3


def test_messages_lose_the_values_of_rows() -> None:
    """PostgreSQL repeats the offending value; nobody may read an identity number in a build log."""
    message = """Database Error in model m (models/m.sql)
  invalid input syntax for type integer: "3940100123456"
  LINE 3: select
  DETAIL:  Key (person)=(3940100123456) already exists.
  compiled code at target/run/m.sql"""
    kept = short_message(message)
    assert kept == "Database Error in model m (models/m.sql) invalid input syntax for type integer: (value hidden)"
    assert short_message("no person 3940100123456 here") == "no person (number hidden) here"
    assert short_message("") is None


@pytest.mark.parametrize("name", ["", "Wells", "wells__safe", "1wells", 'wells"; drop', "w" * 60])
def test_odd_names_are_no_marts(name: str) -> None:
    with pytest.raises(UserFacingError):
        Relation(name, "exact")


def verdict(*, success: bool, severity: str = "critical", raised: bool = False) -> Verdict:
    return Verdict("a.b", "a", severity, success, raised, "ไทย", "English")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ([], "crashed"),
        ([verdict(success=True)], "passed"),
        ([verdict(success=True), verdict(success=False, severity="warning")], "warning"),
        ([verdict(success=False), verdict(success=False, severity="warning")], "failed"),
        ([verdict(success=True), verdict(success=False, severity="warning", raised=True)], "crashed"),
    ],
)
def test_the_worst_verdict_decides(verdicts: list[Verdict], outcome: str) -> None:
    assert outcome_of(verdicts) == outcome


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"severity": "grave"}, "severity"),
        ({"titel_en": "typo"}, "titel_en"),
        ({"title_th": "no Thai"}, "title_th"),
        ({"sql": "select 1 from {batch}"}, "exactly one of expect, breaks and sql"),
        ({"expect": None, "arguments": {}, "sql": "select 1"}, "batch"),
    ],
)
def test_a_typo_in_a_suite_is_told_with_its_file(tmp_path: Path, change: dict[str, object], told: str) -> None:
    good = yaml.safe_load((SUITES / "areas.yaml").read_text(encoding="utf-8"))
    good["expectations"][1] |= change
    (tmp_path / "areas.yaml").write_text(yaml.safe_dump(good, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SuiteInvalid, match=rf"(?s)areas\.yaml.*{told}"):
        load_suites(tmp_path)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    suite = yaml.safe_load((SUITES / "areas.yaml").read_text(encoding="utf-8"))
    suite["expectations"].append(suite["expectations"][0])
    (tmp_path / "areas.yaml").write_text(yaml.safe_dump(suite, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SuiteInvalid, match="same id twice: thai_name_filled"):
        load_suites(tmp_path)
