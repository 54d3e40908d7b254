"""One build of the small survey, shared by the tests that only read it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import dict_row

from core import database
from core.settings import settings
from tests.conftest import temporary_home
from tests.warehouse import dbt_runs, small_survey

Rows = list[dict[str, Any]]


@pytest.fixture(scope="package")
def release(tmp_path_factory: pytest.TempPathFactory, prepared_home: Path) -> Iterator[dict[str, Any]]:
    """The variables of a release that was built whole, with every unit and data test, on a fresh database."""
    with temporary_home(tmp_path_factory.mktemp("warehouse") / "home", prepared_home):
        variables = {"release_id": small_survey.load(), "as_of": small_survey.AS_OF.isoformat()}
        outcome = dbt_runs.invoke("build", variables=variables)
        assert dbt_runs.problems(outcome) == []
        assert outcome.success
        yield variables


@pytest.fixture
def query(release: dict[str, Any]) -> Callable[[str], Rows]:
    def run(statement: str) -> Rows:
        with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(statement).fetchall()  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="package")
def parsed(release: dict[str, Any]) -> Path:
    """What dbt keeps of the project it has read, in the home of the release, whatever home a test has."""
    return settings().state_dir("dbt") / "target" / "partial_parse.msgpack"


@pytest.fixture
def project_copy(parsed: Path, tmp_path: Path) -> Path:
    """The dbt project as files of its own, to be broken on purpose; what stays as it is dbt has read already."""
    copy = tmp_path / "dbt_project"
    shutil.copytree(dbt_runs.DBT_PROJECT, copy, ignore=shutil.ignore_patterns("target", "logs"))
    (copy / "target").mkdir()
    shutil.copy(parsed, copy / "target")
    return copy
