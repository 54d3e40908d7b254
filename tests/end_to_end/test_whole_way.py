"""One story from a dropped file to what a BI tool reads: a figure, its correction, and a gate that says no."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import clock, database
from ingestion.intake import process_all, receive_all
from publication.flow import build_and_publish
from tests.end_to_end.dropping import csv_bytes, drop, query, tambon_rows

A_WORKING_DAY = datetime(2022, 2, 1, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_a_home_of_its_own(module_built_home: Path) -> None:
    """Nothing here depends on another test's releases."""


def ingest(men: int) -> str:
    """Drop Pattani's population with so many men in every tambon; returns the verdict."""
    drop(csv_bytes(tambon_rows(115, men=men)), f"ประชากร {men}.csv")
    receive_all()
    [processed] = process_all()
    return str(processed.verdict)


def pattani() -> object:
    """What Superset would read."""
    with database.connect("chaidaen_bi") as connection:
        row = connection.execute(
            "select population_persons from marts.poverty_by_area where area_code = '94' and survey_year_be = 2564"
        ).fetchone()
    return row[0] if row else None


def test_drop_publish_correct_publish_and_a_refused_release_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """115 tambon × (men + 12 women): 10 men give 2,530; corrected to 20 men 3,680; 30 men never get past the gate."""
    with clock.fixed(A_WORKING_DAY):
        assert ingest(10) == "accepted"
        assert build_and_publish().ending == "published"
        assert pattani() == 2_530

        assert ingest(20) == "accepted"
        assert build_and_publish().ending == "published"
        assert pattani() == 3_680

        assert ingest(30) == "accepted"
        break_the_gate(monkeypatch)
        assert build_and_publish().ending == "held"
        assert pattani() == 3_680

        states = [row["state"] for row in query("select state from ops.submissions order by submission_id")]
        assert states == ["superseded", "superseded", "loaded"]
        assert [row["state"] for row in query("select state from ops.releases order by release_id")] == [
            "superseded",
            "published",
            "held",
        ]


def break_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Great Expectations itself falls over, whatever the figures are."""

    def fall_over(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("great_expectations.datasource.fluent.interfaces.Batch.validate", fall_over)
