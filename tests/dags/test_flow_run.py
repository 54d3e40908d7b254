"""The real DAGs, run by `dag.test()` on the sample submissions: from dropped files to a published release."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from chaidaen.demo import FLOWS
from chaidaen.demo import run as run_demo
from chaidaen.samples import write_samples
from chaidaen.stack import airflow, flows
from core import database
from core.settings import settings
from publication.releases import publish

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def sent(module_home: Path) -> Counter[str]:
    """How many samples are meant to be released, and how many rejected."""
    settings().landing.mkdir(parents=True)
    ends = ("rejected" if sample.verdict == "rejected" else "released" for sample in write_samples(settings().landing))
    return Counter(ends)


@pytest.fixture(scope="module")
def last_states(sent: Counter[str]) -> Iterator[dict[str, str]]:
    """The state of every task after one run of all flows on freshly dropped samples; the release waits for Somchai."""
    states: dict[str, str] = {}

    def look(tasks: list[flows.TaskState]) -> None:
        if states.get("gate") == "success" and rows("select from ops.releases where state = 'held'"):
            publish(1, "Somchai", approve=True)
        states.update({task.task_id: task.state for task in tasks})

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAIDAEN_APPROVAL", "always")
        flows.run_flows(FLOWS, progress=look)
    yield states


def rows(query: str, role: str | None = None) -> list[tuple[object, ...]]:
    with database.connect(role) as connection:
        return connection.execute(query).fetchall()


def test_every_task_of_both_flows_succeeds(last_states: dict[str, str]) -> None:
    assert set(last_states.values()) == {"success"}
    assert len(last_states) == 12


def test_the_samples_end_in_a_published_release_that_a_bi_tool_reads(last_states: dict[str, str]) -> None:
    assert rows("select state, gate from ops.releases") == [("published", "warning")]
    region = "select population_persons from marts.poverty_by_area where area_level = 'region'"
    region += " and survey_year_be = 2564"
    assert rows(region, "chaidaen_bi") == [(3_837_926,)]


def test_every_step_of_the_release_is_in_its_record(last_states: dict[str, str]) -> None:
    """Each task ran in a process of its own; none forgot to write what it did."""
    assert rows("select event, actor from ops.release_events order by event_id") == [
        ("opened", "build_and_publish"), ("built", "chaidaen"), ("gated", "gate"), ("held", "build_and_publish"),
        ("published", "Somchai"),
    ]  # fmt: skip


def test_good_files_are_released_and_bad_ones_refused_with_a_reason(
    last_states: dict[str, str], sent: Counter[str]
) -> None:
    assert sent["released"] > 200
    assert sent["rejected"] == 5
    assert dict(rows("select state, count(*) from ops.submissions group by 1")) == sent
    assert rows("select 1 from ops.submissions where state = 'rejected' and reason_code is null") == []


def test_what_travels_between_tasks_is_numbers_and_states_only(last_states: dict[str, str]) -> None:
    """Nothing of a person, not even a file name, reaches Airflow's database."""
    import psycopg

    with psycopg.connect(airflow.metadata_url()) as connection:
        values = [row[0] for row in connection.execute("select value::text from xcom").fetchall()]
    assert values
    assert all(re.fullmatch(r'[\[\]{}":, 0-9a-z_]*', value) and len(value) < 1000 for value in values), values


def test_running_the_demo_afterwards_loads_nothing_and_keeps_the_release(
    last_states: dict[str, str], sent: Counter[str]
) -> None:
    raw = "select (select count(*) from raw.population), (select count(*) from raw.welfare_card)"
    before = rows(raw)
    console = Console(record=True, width=100, force_terminal=False)
    run_demo(console)
    said = console.export_text()
    assert f"{sent['released']} files had been sent before" in said
    assert "5 others are as wrong as they were" in said
    assert "Published release 1" in said
    assert rows(raw) == before
    assert rows("select release_id from ops.releases") == [(1,)]
