"""What is sent in one round of kills, and what must be there afterwards: ledger, warehouse, vault, archive, papers.

Rows are compared by a digest of all their columns, so that a difference can be told without quoting anybody's data.
"""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from chaidaen.simulate import SURVEY, Simulation, simulate
from core import database
from core.settings import PROJECT_ROOT, private_folder, settings
from ingestion import archive

POPULATION = ("registration_office_94", "population", "2564")
OF_NO_ROUND = frozenset(
    {"submission_id", "part", "received_at", "received_at_th", "duplicate_of", "superseded_by", "base_submission_id"}
)
MOVING = frozenset({"state", "status_th", "status_en"})  # a report keeps what was so when it was written
Effect = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One file as an agency drops it: folders agency, dataset, period; the part names the round."""

    folders: tuple[str, ...]
    name: str
    content: bytes = field(repr=False)
    own_part: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def files(folder: Path, seed: int) -> list[Sent]:
    """A version, its revision and the same again; a workbook and a text file of invented people; an empty file."""
    simulate(
        Simulation(60, 1, seed, 0.05, ("94", "95"), datasets=SURVEY),
        folder,
        truth_folder=folder.with_name(f"{folder.name}.truth"),
    )
    simulated = [
        Sent(path.relative_to(folder).parts[:-1], path.name, path.read_bytes())
        for pattern in ("*_94/welfare_card/*/*.xlsx", "*_95/household_survey/*/*.csv", "*_95/welfare_card/*/*.csv")
        for path in sorted(folder.glob(pattern))
    ]
    first, second = (population(men) for men in (10, 11))
    return [
        Sent(POPULATION, "1.csv", first),
        Sent(POPULATION, "2.csv", second),
        Sent(POPULATION, "2 again.csv", second),
        *simulated,
        Sent(POPULATION, "empty.csv", b"", "-empty"),
    ]


def population(men: int) -> bytes:
    """Figures of forty real tambon of Pattani, one of them spoilt."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "tambon.csv").open(encoding="utf-8") as lines:
        codes = [row["tambon_code"] for row in csv.DictReader(lines) if row["tambon_code"].startswith("94")][:40]
    text = io.StringIO()
    rows = [(code, "ไม่ทราบ" if place == 3 else men, 12, men + 12, 7) for place, code in enumerate(codes)]
    csv.writer(text).writerows([("รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน"), *rows])
    return text.getvalue().encode("utf-8-sig")


def drop(sent: list[Sent], label: str) -> None:
    """Put the files into landing, in this order, under a part named after the round; each appears whole."""
    landing = private_folder(settings().landing)
    for one in sent:
        path = landing.joinpath(*one.folders, f"{label}{one.own_part}", one.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.part")
        unfinished.write_bytes(one.content)
        unfinished.rename(path)


def forget_archive() -> None:
    """Remove what earlier rounds archived: their bytes are the same, and archiving is to be disturbed too."""
    shutil.rmtree(settings().archive, ignore_errors=True)


def query(statement: str, *values: object) -> list[dict[str, Any]]:
    with database.connect(application="soak") as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values).fetchall()  # type: ignore[arg-type]  # statements of ours


def is_settled() -> bool:
    """Everything received is decided, and everybody's papers say so."""
    [row] = query(
        "select count(*) as open from ops.submissions where state = 'received' or outbox_state is distinct from state"
    )
    return bool(row["open"] == 0) and not landed()


def landed() -> list[Path]:
    return [path for path in settings().landing.rglob("*") if path.is_file()]


def effect(label: str) -> Effect:
    """Everything a round has left behind, numbers of submissions and times left out."""
    submissions = query(
        "select * from ops.submissions where part like %s order by agency_id, dataset_id, period, part, submission_id",
        f"{label}%",
    )
    places = {row["submission_id"]: place for place, row in enumerate(submissions)}
    return {
        f"{place} {row['agency_id']} {row['dataset_id']} {row['period']} {row['part'].removeprefix(label)}": {
            **{name: row[name] for name in ("sha256", "file_name", "state", "verdict", "reason_code", "revision")},
            **{name: row[name] for name in ("rows", "accepted_rows", "rejected_rows", "outbox_state")},
            "duplicate_of": places.get(row["duplicate_of"]),
            "superseded_by": places.get(row["superseded_by"]),
            **_kept(row["submission_id"], row["dataset_id"]),
            **_papers(row),
        }
        for place, row in enumerate(submissions)
    }


def _kept(number: int, dataset: str) -> Effect:
    return {
        "raw": digests("raw", dataset, number),
        "vault": digests("vault", dataset, number),
        "rejected": digests("vault", "rejected_rows", number),
        "issues": query("select code, sheet, cell from ops.issues where submission_id = %s order by issue_no", number),
        "repairs": query(
            "select code, column_name, repaired_cells from ops.repairs where submission_id = %s order by 1, 2", number
        ),
        "events": query(
            "select state from ops.submission_events where submission_id = %s"
            " and previous_state is distinct from state order by event_id",
            number,
        ),
        "open tries": query("select from ops.attempts where submission_id = %s and work = 'decide'", number),
    }


def digests(schema: str, table: str, number: int) -> list[tuple[str, int, str]]:
    """(sheet, row, digest of all columns) of every row of a submission; a doubled row is there twice."""
    with database.connect(application="soak") as connection:
        if connection.execute("select to_regclass(%s)", [f"{schema}.{table}"]).fetchone() == (None,):
            return []
        statement = sql.SQL(
            "select _sheet, _row, md5((to_jsonb(t) - '_submission_id')::text) from {} as t"
            " where _submission_id = %s order by 1, 2, 3"
        ).format(sql.Identifier(schema, table))
        return connection.execute(statement, [number]).fetchall()


def outbox(row: dict[str, Any]) -> Path:
    return settings().outbox / row["agency_id"] / row["dataset_id"] / row["period"] / str(row["submission_id"])


def _papers(row: dict[str, Any]) -> Effect:
    folder = outbox(row)
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    report = _json(folder / "report.json")
    issues = [(one["code"], one["cell"]) for one in report.pop("issues", [])]
    return {
        "papers": names,
        "receipt": {name: told for name, told in _json(folder / "receipt.json").items() if name not in OF_NO_ROUND},
        "report": {name: told for name, told in report.items() if name not in OF_NO_ROUND | MOVING},
        "reported issues": issues,
        "returned rows": list(_returned(folder / "bad_rows.csv")),
        "marked workbook is whole": _is_whole(folder / "marked.xlsx"),
    }


def _is_whole(workbook: Path) -> bool:
    return not workbook.exists() or zipfile.ZipFile(workbook).testzip() is None


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _returned(path: Path) -> Iterator[str]:
    """Digest of each row that goes back, its submission's number left out."""
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                row.pop("_submission_id")
                yield hashlib.md5(repr(row).encode(), usedforsecurity=False).hexdigest()


def receipts(label: str) -> dict[int, dict[str, Any]]:
    """Receipts lying in the outbox for a round, by submission, with what must never change and the file's identity."""
    found = {}
    for path in settings().outbox.glob("*/*/*/*/receipt.json"):
        told = _json(path)
        if told["part"].startswith(label):
            seen = path.stat()
            fixed = {name: told[name] for name in ("sha256", "file_name", "received_at", "part", "dataset_id")}
            found[int(told["submission_id"])] = {"fixed": fixed, "file": (seen.st_ino, seen.st_mtime_ns)}
    return found


def archived_wrongly(sent: list[Sent]) -> list[str]:
    """Files whose archived bytes are not the bytes that were sent."""
    return [
        one.name
        for one in sent
        if not (path := archive.path_of(one.sha256)).exists() or path.read_bytes() != one.content
    ]
