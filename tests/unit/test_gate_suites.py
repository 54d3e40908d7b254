"""The reviewed files of the gate say what they must, and refuse what cannot be meant."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from core.settings import PROJECT_ROOT
from expectations.measures import Accepted, Limit, load_thresholds, measures_suite
from expectations.model import Expectation, Suite, load_suites
from ingestion.contracts import load_contracts, raw_columns

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
TEXTS = {"title_th": "ไทย", "title_en": "English"}


def described_marts() -> dict[str, dict[str, Any]]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in MARTS.glob("[!_]*.yml")]
    return {model["name"]: model for file in files for model in file["models"]}


def kinds(model: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["config"]["meta"]["kind"] for column in model["columns"]}


def test_every_mart_has_a_suite_for_the_exact_and_for_the_safe_one() -> None:
    assert {suite.name for suite in load_suites()} == {
        name for mart in described_marts() for name in (mart, f"{mart}__safe")
    }


def test_every_count_of_every_safe_mart_is_held_against_the_exact_one() -> None:
    """A new column that counts people may not be forgotten: the text of `small_counts_hidden` names it."""
    judged = {
        suite.mart: next((e.sql or "" for e in suite.expectations if e.id == "small_counts_hidden"), "")
        for suite in load_suites()
        if suite.view == "marts"
    }
    forgotten = [
        f"{mart}.{name}"
        for mart, model in described_marts().items()
        for name, kind in kinds(model).items()
        if kind == "count" and not re.search(rf"\be\.{name}\b", judged[mart])
    ]
    assert forgotten == []


def test_every_expectation_has_texts_a_severity_and_an_owner() -> None:
    for suite in [*load_suites(), measures_suite()]:
        for one in suite.expectations:
            assert re.search("[ก-๛]", one.title_th), one.id
            assert re.search("[A-Za-z]", one.title_en), one.id
            assert one.severity in ("critical", "warning")
            assert one.owner or suite.owner


def test_unverified_identifiers_are_measured_in_every_dataset_that_has_some() -> None:
    [measure] = [measure for measure in load_thresholds().measures if measure.id == "unverified_ids_pct"]
    with_identifiers = {
        f"raw.{dataset}"
        for dataset, contract in load_contracts().items()
        if any(name == "person_key_kind" for name, _ in raw_columns(contract))
    }
    assert set(re.findall(r"raw\.\w+", measure.sql)) == with_identifiers


def test_a_contract_sets_how_old_its_newest_file_may_be() -> None:
    """Population: a year, a month until it is due, fifteen days of grace."""
    [fresh] = [e for e in measures_suite().expectations if e.id == "fresh"]
    assert "when 'population' then 412" in str(fresh.sql)


def test_a_change_that_was_accepted_is_not_held_against_the_release() -> None:
    accepted = Accepted(
        measure="population", dataset_id="population", province_code="95", period="2564",
        reason_th="แก้ไข", reason_en="Corrected",
    )  # fmt: skip
    suite = measures_suite(load_thresholds().model_copy(update={"accepted": (accepted,)}))
    excepted = {one.id for one in suite.expectations if "province_code is not distinct from '95'" in str(one.sql)}
    assert excepted == {"population_alike", "population_plausible"}


@pytest.mark.parametrize("limits", [{}, {"at_most": 1, "at_least": 1}, {"at_most": "whatever"}, {"att_most": 1}])
def test_a_limit_says_one_thing(limits: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Limit(id="a", severity="warning", **TEXTS, **limits)


@pytest.mark.parametrize(
    "ways", [{}, {"sql": "select 1 from {batch}", "breaks": "a > 1"}, {"breaks": "a > 1", "arguments": {"b": 1}}]
)
def test_an_expectation_is_judged_in_one_way(ways: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Expectation(id="a", severity="critical", **TEXTS, **ways)


def test_an_expectation_of_a_query_that_is_not_there_is_refused() -> None:
    one = Expectation(id="a", severity="critical", breaks="a > 1", of="nowhere", **TEXTS)
    with pytest.raises(ValidationError, match="queries"):
        Suite(mart="wells", owner="tests", key=("a",), expectations=(one,))


def test_a_typo_in_the_thresholds_is_told_with_the_file(tmp_path: Path) -> None:
    from expectations.model import SuiteInvalid

    path = tmp_path / "thresholds.yaml"
    path.write_text("owner: me\nmeasurs: []\n", encoding="utf-8")
    with pytest.raises(SuiteInvalid, match=r"thresholds\.yaml"):
        load_thresholds(path)
