"""From a sample to a mart by the two commands alone: a dataset of invented wells is drafted, scaffolded and built."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from psycopg.rows import dict_row

from chaidaen.scaffold import plan_forms, write_forms
from core import database
from core.settings import PROJECT_ROOT
from expectations.model import load_suites
from ingestion.contracts import Contract, load_contracts, read_contract
from ingestion.contracts.ddl import table_sql
from ingestion.contracts.generated import sources_yaml
from ingestion.drafting import draft_contract
from tests.ledger_by_hand import record_states
from tests.unit.reading import writing
from tests.warehouse import dbt_runs

SAMPLE = [
    ["ผลสำรวจบ่อน้ำ (สมมุติ)"],
    ["ที่", "รหัสบ่อ", "จังหวัด", "งบประมาณ (บาท)", "วันที่เจาะ", "ผู้ดูแลบ่อ"],
    *[[str(i), f"W-{i}", "ปัตตานี", f"{i},000.50", f"{i} ส.ค. 2562", "นางสมมุติ ตัวอย่าง"] for i in range(1, 7)],
]
NAMES = {"column_2": "well_code", "column_4_baht": "budget_baht", "column_5": "drilled_date", "column_6": "keeper_name"}

STANDS_ON = ("_sources.yml", "_ops.yml", "groups.yml", "stg_ops__release_submissions.sql")


def decided(draft: str) -> str:
    """The draft as a person leaves it: names given, every TODO gone."""
    for placeholder, name in NAMES.items():
        draft = draft.replace(f"name: {placeholder}", f"name: {name}")
    kept = [line.split("  # TODO")[0] for line in draft.splitlines() if not line.lstrip().startswith("# TODO")]
    return "\n".join(kept) + "\n"


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    sample = writing.xlsx(tmp_path / "wells.xlsx", SAMPLE)
    draft = draft_contract(sample, "well", agency_kind="sbpac_strategy", period_kind="fiscal_year")
    path = tmp_path / "contracts" / "well.odcs.yaml"
    path.parent.mkdir()
    path.write_text(decided(draft.text), encoding="utf-8")
    return read_contract(path)


@pytest.fixture
def scaffolded(contract: Contract, project_copy: Path) -> list[Path]:
    """The forms, written into a copy of the project that knows the new table."""
    sources = project_copy / "models" / "staging" / "_sources.yml"
    sources.write_text(sources_yaml({**load_contracts(), "well": contract}), encoding="utf-8")
    return write_forms(plan_forms(contract, group="programmes"), project_copy.parent)


def leave_only(written: list[Path], dbt: Path) -> None:
    """A project of what was written and what it stands on, which dbt reads in a moment."""
    of_others = [path for folder in ("models", "analyses", "tests") for path in (dbt / folder).rglob("*.*")]
    for path in of_others:
        if path not in written and path.name not in STANDS_ON and "generic" not in path.parts:
            path.unlink()
    (dbt / "models/intermediate/int_rows_accounted.sql").unlink()  # reads the families of all datasets


def load(contract: Contract) -> dict[str, Any]:
    """Well W-1 came in part a and again in part b; W-2 once. Returns the variables of their release."""
    with database.connect() as connection:
        connection.execute(table_sql(contract))  # type: ignore[arg-type]
        for number, part in enumerate("ab", start=1):
            connection.execute(
                "insert into ops.submissions (submission_id, agency_id, dataset_id, period, part, sha256, size_bytes,"
                " file_name, landing_fingerprint, state, received_at, accepted_rows, rejected_rows)"
                " overriding system value"
                " values (%s, 'sbpac_strategy', 'well', '2565', %s, 'x', 1, 'f', %s, 'loaded', '2022-10-03', 1, 0)",
                [number, part, part],
            )
        record_states(connection)
        connection.execute(
            "insert into ops.releases (state, as_of, recipe, code_version, created_at)"
            " values ('candidate', '2022-10-31', 'by hand', 'test', '2022-10-31T00:00Z')"
        )
        connection.execute("insert into ops.release_submissions select 1, submission_id from ops.submissions")
        connection.execute(
            "insert into raw.well (_submission_id, _sheet, _row, well_code, province_code, budget_baht, drilled_date)"
            " values (1, 's', 3, 'W-1', '94', 1000.5, '2019-08-01'), (1, 's', 4, 'W-2', '94', 2000.5, '2019-08-02'),"
            " (2, 's', 3, 'W-1', '95', 1500, '2019-08-01')"
        )
    return {"release_id": 1, "as_of": "2022-10-31"}


@pytest.mark.usefixtures("home")
def test_what_is_scaffolded_builds_with_its_tests_and_needs_no_line_of_code(
    contract: Contract, scaffolded: list[Path], project_copy: Path
) -> None:
    """Descriptions, contract, data tests and unit tests of every form hold at once."""
    leave_only(scaffolded, project_copy)
    variables = load(contract)
    chosen = ("+wells", "int_well_rows_accounted")
    outcome = dbt_runs.invoke("build", "--select", *chosen, project=project_copy, variables=variables)
    assert dbt_runs.problems(outcome) == []
    ran = {one.node.name for one in outcome.result.results}
    assert {"of_wells_sent_twice_the_row_received_last_counts", "rows_of_wells_are_accounted_for"} <= ran
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        wells = cursor.execute("select * from candidate.wells order by well_code").fetchall()
        accounts = cursor.execute(
            "select destination, accounted_rows from intermediate.int_well_rows_accounted order by 1"
        ).fetchall()
    assert [(w["well_code"], w["stated_province_code"], str(w["budget_baht"])) for w in wells] == [
        ("W-1", "95", "1500.00"), ("W-2", "94", "2000.50"),
    ]  # fmt: skip
    assert {w["agency_name_en"] for w in wells} == {"SBPAC Strategy Division"}
    assert "keeper_name" not in wells[0]
    assert [tuple(row.values()) for row in accounts] == [("in_marts", 2), ("listed_again", 1)]


def test_what_is_scaffolded_passes_the_linter_and_the_gate_reads_it(scaffolded: list[Path], tmp_path: Path) -> None:
    written = [str(path) for path in scaffolded if path.suffix == ".sql"]
    linter = Path(sys.executable).with_name("sqlfluff")
    command = [str(linter), "lint", "--disable-progress-bar", "--config", str(PROJECT_ROOT / ".sqlfluff"), *written]
    checked = subprocess.run(
        command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert checked.returncode == 0, checked.stdout
    [suite] = load_suites(tmp_path / "expectations" / "suites")
    described = yaml.safe_load((tmp_path / "dbt_project/models/marts/wells.yml").read_text(encoding="utf-8"))
    assert list(suite.key) == described["models"][0]["config"]["meta"]["grain"]
    assert [one.id for one in suite.expectations if one.severity == "critical"]
