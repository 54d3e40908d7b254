"""The benchmarks run, find every seeded defect on the way, and print what they are for. No time is asserted."""

import json
import os
import re
import subprocess
import sys

import pytest

from core.settings import PROJECT_ROOT


def run(*arguments: str) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith("CHAIDAEN_")}
    own["CHAIDAEN_UNIT_TESTS_IN_BUILDS"] = "false"  # as in every test of builds (tests/conftest.py)
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=PROJECT_ROOT, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("tidiness", [(), ("--every-row-needs-repair",)])
def test_the_intake_benchmark_prints_its_ratios(tidiness: tuple[str, ...]) -> None:
    """It exits with 1 when an issue, a repair or a row is missing or made up."""
    printed = run("benchmarks.intake", "--rows", "2000", "--pairs", "1", *tidiness)
    assert re.search(r"^median wall ratio to raw COPY: \d+\.\d\d$", printed, re.MULTILINE)
    assert re.search(r"^median CPU ratio to raw COPY: +(\d+\.\d\d|nan)$", printed, re.MULTILINE)
    assert re.search(r"^resident peak: \d+ MiB$", printed, re.MULTILINE)


def test_the_workbook_benchmark_says_how_long_receipt_and_report_take() -> None:
    told = json.loads(run("benchmarks.workbook", "--rows", "500", "--json"))
    assert told["rows"] == 500
    assert 0 < told["receipt_seconds"] < told["report_seconds"]


def test_three_nights_store_only_what_changed_and_a_night_without_news_builds_nothing() -> None:
    """It exits with 1 when a part is stored anew without need, or storage grows beyond 2.5 times the base."""
    told = json.loads(run("benchmarks.nights", "--rows", "5000", "--nights", "3", "--json"))
    nights = told["nights"]
    assert [night["dataset"] for night in nights] == ["population", "household_survey", "household_member"]
    assert all(night["parts_shared"] > night["parts_added"] > 0 for night in nights)
    assert nights[0]["models_built"] < nights[1]["models_built"]
    assert nights[-1]["storage_ratio"] < 1.5


def test_the_gate_benchmark_prints_its_ratio() -> None:
    """It exits with 1 when the suite or the SELECT finds fault with sound rows, or misses a spoilt one."""
    told = json.loads(run("benchmarks.gate", "--rows", "20000", "--pairs", "1", "--json"))
    assert told["rows"] > 20_000
    assert told["ratio"] > 0
