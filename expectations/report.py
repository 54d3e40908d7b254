"""The gate report: one bilingual page per release, and an index of the latest ones, beside the data docs."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg.rows import dict_row

from core import database
from expectations.docs import releases_with_pages, show_on_pages, templates

KEPT_RELEASES = 10  # their data docs take up to 5 MB each
OUTCOMES = {
    "passed": ("ผ่าน", "Passed"),
    "warning": ("ผ่านโดยมีคำเตือน", "Passed with warnings"),
    "failed": ("ไม่ผ่าน – ระงับการเผยแพร่", "Failed – held"),
    "crashed": ("ด่านตรวจขัดข้อง – ระงับการเผยแพร่", "The gate crashed – held"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One expectation as the page shows it."""

    expectation_id: str
    mart: str
    severity: str
    success: bool
    raised: bool
    title_th: str
    title_en: str
    observed: str | None
    owner: str
    judged_in: int


def write_report(release_id: int, index_folder: Path, release_folder: Path) -> Path:
    """Write `gate.html` into the release's folder and `index.html` beside it. Returns the page of the release.

    What was not as expected also stands at the head of every page of the data docs.
    """
    pages = templates()
    releases = _latest_releases()
    lines = _lines(release_id)
    outcome = next((r["gate"] for r in releases if r["release_id"] == release_id), None) or "crashed"
    failures = [line for line in lines if not line.success]
    told = {
        "release_id": release_id,
        "outcome": outcome,
        "outcome_th": OUTCOMES[outcome][0],
        "outcome_en": OUTCOMES[outcome][1],
        "failures": failures,
    }
    show_on_pages(release_folder, pages.get_template("_findings.html.j2").render(**told) if failures else "")
    passes = [line for line in lines if line.success]
    page = pages.get_template("gate.html.j2").render(
        **told,
        passes=passes,
        judged_now=sum(line.judged_in == release_id for line in passes),
        there=releases_with_pages(index_folder),
        has_docs=(release_folder / "index.html").exists(),
    )
    release_folder.mkdir(parents=True, exist_ok=True)
    path = release_folder / "gate.html"
    path.write_text(page, encoding="utf-8")
    index = pages.get_template("index.html.j2").render(releases=releases, outcomes=OUTCOMES)
    (index_folder / "index.html").write_text(index, encoding="utf-8")
    _forget_old(index_folder, _read_on({r["release_id"] for r in releases} | {release_id}))
    return path


def _lines(release_id: int) -> list[Line]:
    with database.connect() as connection:
        rows = connection.execute(
            "select expectation_id, mart, severity, success, raised, title_th, title_en, observed,"
            " owner, coalesce(judged_in, release_id) from ops.gate_results"
            " where release_id = %s order by success, severity, expectation_id",
            [release_id],
        ).fetchall()
    return [Line(*row) for row in rows]


def _latest_releases() -> list[dict[str, Any]]:
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute(
            "select r.release_id, r.state, r.gate, r.as_of, r.created_at,"
            " count(g.*) filter (where not g.success) as failures, count(g.*) as expectations,"
            " coalesce(jsonb_agg(jsonb_build_object('th', g.title_th, 'en', g.title_en) order by g.severity,"
            " g.expectation_id) filter (where not g.success), '[]') as findings"
            " from ops.releases as r left join ops.gate_results as g using (release_id)"
            " where r.gate is not null group by r.release_id order by r.release_id desc limit %s",
            [KEPT_RELEASES],
        )
        return cursor.fetchall()


def _read_on(releases: set[int]) -> set[int]:
    """These, and those whose verdicts stand in them: their pages lead there."""
    with database.connect() as connection:
        rows = connection.execute(
            "select distinct judged_in from ops.gate_results where release_id = any(%s) and judged_in is not null",
            [list(releases)],
        ).fetchall()
    return releases | {int(row[0]) for row in rows}


def _forget_old(index_folder: Path, kept: set[int]) -> None:
    for release_id in releases_with_pages(index_folder) - kept:
        shutil.rmtree(index_folder / f"release-{release_id}", ignore_errors=True)
