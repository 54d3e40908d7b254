"""The reviewed files of the gate say what they must, and refuse what cannot be meant."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from core.settings import PROJECT_ROOT
from expectations.base import complete
from expectations.described import DescribedColumn, DescribedMart
from expectations.measures import Accepted, Limit, identified_rows, load_thresholds, measures_suite
from expectations.model import Expectation, Suite, load_suites
from ingestion.contracts import load_contracts, raw_columns

MARTS = PROJECT_ROOT / "dbt_project" / "models" / "marts"
TEXTS = {"title_th": "ไทย", "title_en": "English"}


@cache
def described_marts() -> dict[str, dict[str, Any]]:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in MARTS.glob("[!_]*.yml")]
    return {name_of(model): model for file in files for model in file["models"]}


def name_of(model: dict[str, Any]) -> str:
    """Readers know a mart by its alias, which a mart has that would be called like a seed."""
    said = re.search(r"alias='(\w+)'", (MARTS / f"{model['name']}.sql").read_text(encoding="utf-8"))
    return said[1] if said else str(model["name"])


def described(model: dict[str, Any]) -> DescribedMart:
    """As the build describes it; dbt's graph is not asked here."""
    meta = model["config"]["meta"]
    columns = tuple(
        DescribedColumn.model_validate(
            {k: v for k, v in column["config"]["meta"].items() if k in DescribedColumn.model_fields}
            | {"name": column["name"]}
        )
        for column in model["columns"]
    )
    return DescribedMart(name_of(model), tuple(meta["grain"]), columns, meta.get("reader"))


@cache
def complete_suites() -> list[Suite]:
    marts = {name: described(model) for name, model in described_marts().items()}
    return [one for suite in load_suites() for one in complete(marts[suite.mart], suite)]


def test_every_mart_has_one_suite_that_says_what_is_particular_of_it() -> None:
    assert [suite.mart for suite in load_suites()] == sorted(described_marts())
    assert all(suite.expectations and suite.owner for suite in load_suites())


def test_the_key_of_a_suite_is_the_grain_of_its_mart() -> None:
    assert {suite.mart: list(suite.key) for suite in load_suites()} == {
        name: model["config"]["meta"]["grain"] for name, model in described_marts().items()
    }


def test_suites_name_the_columns_marts_have() -> None:
    """A column expectation on a column that no model declares would only be found when the gate runs."""
    declared = {name: {column["name"] for column in model["columns"]} for name, model in described_marts().items()}
    for suite in load_suites():
        arguments = [one.arguments for one in suite.expectations if one.of is None]
        named = {name for given in arguments for name in (*given.get("column_list", ()), *given.get("column_set", ()))}
        named |= {given["column"] for given in arguments if "column" in given}
        assert named <= declared[suite.mart], suite.name


def test_what_is_derived_and_what_is_particular_go_together() -> None:
    """No id is given twice, and every mart that everybody may read is judged beside its safe twin."""
    for suite in complete_suites():
        assert {"columns", "key_unique", "key_filled"} <= ids(suite) or suite.view == "marts"
    assert {suite.name for suite in complete_suites() if suite.view == "marts"} == {
        f"{name}__safe" for name, model in described_marts().items() if "reader" not in model["config"]["meta"]
    }


def ids(suite: Suite) -> set[str]:
    return {one.id for one in suite.expectations}


def test_every_measure_of_every_safe_mart_is_held_against_the_exact_one() -> None:
    """A new column that counts people may not be forgotten, nor a share or sum that tells of them."""
    for mart, model in described_marts().items():
        if "reader" in model["config"]["meta"]:
            continue
        [safe] = [one for one in complete_suites() if one.name == f"{mart}__safe"]
        text = " ".join(str(one.breaks) for one in safe.expectations)
        measures = [c for c in described(model).columns if c.kind not in ("key", "label")]
        assert [c.name for c in measures if not re.search(rf"\bsafe_{c.name}\b", text)] == []


HELP = DescribedMart(
    "help",
    ("area_code", "kind"),
    (
        DescribedColumn(name="area_code", kind="key"),
        DescribedColumn(name="kind", kind="key"),
        DescribedColumn(name="helped", kind="count"),
        DescribedColumn(name="change", kind="sum", may_be_negative=True),
        DescribedColumn(name="paid", kind="sum", depends_on="helped"),
        DescribedColumn(name="paid_pct", kind="share", numerator="paid", denominator="change", may_exceed_100=True),
    ),
)
ODD = Expectation(id="odd", severity="warning", breaks="paid = 1", title_th="แปลก", title_en="Odd")
PARTICULAR = Suite(mart="help", owner="tests", key=HELP.grain, expectations=(ODD,))


def test_what_holds_of_any_mart_is_derived_from_what_it_says_of_itself() -> None:
    exact, safe = complete(HELP, PARTICULAR)
    derived = {one.id: one.breaks or one.sql for one in exact.expectations}
    assert list(derived) == [
        "not_empty", "columns", "key_unique", "key_filled", "nothing_negative", "shares_within_0_100", "odd",
    ]  # fmt: skip
    assert "group by area_code, kind having count(*) > 1" in str(derived["key_unique"])
    assert derived["key_filled"] == "(area_code is null) or (kind is null)"
    assert derived["nothing_negative"] == "least(helped, paid) < 0"
    assert derived["shares_within_0_100"] == "(least(paid_pct) < 0)"
    assert ids(safe) == {
        "not_empty", "same_rows", "small_counts_hidden", "sums_hidden_with_their_count", "shares_of_what_is_shown",
        "public_figures_kept",
    }  # fmt: skip
    assert {one.title_en for one in (*exact.expectations, *safe.expectations)} > {
        "No two rows with the same area_code, kind"
    }


def test_a_mart_for_readers_of_its_own_is_judged_without_a_twin() -> None:
    [only] = complete(replace(HELP, reader="cases"), PARTICULAR)
    assert (only.view, only.name) == ("gate", "help")


def test_every_expectation_has_texts_a_severity_and_an_owner() -> None:
    for suite in [*complete_suites(), measures_suite()]:
        for one in suite.expectations:
            assert re.search("[ก-๛]", one.title_th), one.id
            assert re.search("[A-Za-z]", one.title_en), one.id
            assert one.severity in ("critical", "warning")
            assert one.owner or suite.owner


def test_unverified_identifiers_are_measured_in_every_dataset_that_has_some() -> None:
    with_identifiers = {
        f"raw.{dataset}"
        for dataset, contract in load_contracts().items()
        if any(name == "person_key_kind" for name, _ in raw_columns(contract))
    }
    assert {"raw.household_member", "raw.welfare_card"} <= with_identifiers
    assert set(re.findall(r"raw\.\w+", identified_rows())) == with_identifiers
    assert [m.id for m in load_thresholds().measures if "{identified_rows}" in m.sql] == ["unverified_ids_pct"]


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
