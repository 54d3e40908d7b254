"""Files as agencies drop them, small and with known content, and what the ledger and the warehouse hold of them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from core import database
from core.settings import PROJECT_ROOT, private_folder, settings

HEADER = ("รหัสตำบล", "ชาย", "หญิง", "รวม", "จำนวนบ้าน")
AGENCY = "registration_office_94"
Row = tuple[object, ...]


def tambon_rows(count: int, *, first: int = 0, men: int = 10) -> list[Row]:
    """Figures of `count` real tambon of Pattani; `men` tells one version of them from another."""
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "tambon.csv").open(encoding="utf-8") as lines:
        codes = [row["tambon_code"] for row in csv.DictReader(lines) if row["tambon_code"].startswith("94")]
    return [(code, men, 12, men + 12, 7) for code in codes[first : first + count]]


def csv_bytes(rows: list[Row], header: Row = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


def drop(content: bytes, name: str, *, part: str | None = None, folders: tuple[str, ...] | None = None) -> Path:
    """Put bytes into landing, by default as Pattani's population of 2564; `part` makes it a scope of its own."""
    folders = folders if folders is not None else (AGENCY, "population", "2564", *([part] if part else []))
    path = private_folder(settings().landing).joinpath(*folders, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def query(statement: str, *values: object) -> list[dict[str, Any]]:
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values).fetchall()  # type: ignore[arg-type]


def rows_of(schema: str, table: str, submission_id: int) -> list[dict[str, Any]]:
    """What the warehouse holds of one submission, in the order of the file."""
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            sql.SQL("select * from {} where _submission_id = %s order by _sheet, _row").format(
                sql.Identifier(schema, table)
            ),
            [submission_id],
        ).fetchall()


def outbox(submission_id: int) -> Path:
    [folder] = settings().outbox.glob(f"*/*/*/{submission_id}")
    return folder


def receipt(submission_id: int) -> dict[str, Any]:
    return json.loads((outbox(submission_id) / "receipt.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def bad_rows(submission_id: int) -> list[dict[str, str]]:
    """`bad_rows.csv` as the agency opens it."""
    text = (outbox(submission_id) / "bad_rows.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def bad_rows_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows as a file to drop again."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
