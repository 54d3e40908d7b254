"""Writes the files of an outbox folder, each whole or not at all, so that nobody ever opens half a report."""

import csv
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from operator import attrgetter
from pathlib import Path
from typing import TextIO

from core.settings import settings
from ingestion.issues import mask
from ingestion.own_marks import RETURNED_COLUMNS
from ingestion.reading import NOT_AN_OBJECT
from ingestion.reports.model import BadRow, Line, Receipt, Report
from ingestion.reports.page import render

RECEIPT, REPORT_JSON, REPORT_PAGE, BAD_ROWS = "receipt.json", "report.json", "report.html", "bad_rows.csv"
MARKED = "marked.xlsx"

_UNSAFE_IN_A_NAME = re.compile(r"[^\w.\-\u0e00-\u0e7f]+")
_MAX_NAME = 60
_ABANDONED_SECONDS = 3600
_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]")
_DIGITS_A_SPREADSHEET_LOSES = re.compile(r"[0-9]{12,}|0[0-9]+")
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?")
# Of hundreds of thousands of issues `asdict` would copy every value, `json.dumps` make an encoder for each.
_LINE_FIELDS = tuple(field.name for field in fields(Line))
_values_of = attrgetter(*_LINE_FIELDS)
_encoded = json.JSONEncoder(ensure_ascii=False).encode


def outbox_folder(receipt: Receipt) -> Path:
    """`outbox/<agency>/<dataset>/<period>/<submission>`; names that are no ids (as a sender may invent) are tamed."""
    names = (receipt.agency_id, receipt.dataset_id, receipt.period, str(receipt.submission_id))
    return settings().outbox.joinpath(*(_tame(name) for name in names))


def write_receipt(receipt: Receipt, folder: Path) -> Path:
    """`receipt.json` in `folder` (made if need be)."""
    folder.mkdir(parents=True, exist_ok=True)
    with _whole(folder / RECEIPT) as file:
        json.dump(receipt.as_json(), file, ensure_ascii=False, indent=2)
        file.write("\n")
    return folder / RECEIPT


def write_report(report: Report, folder: Path) -> Path:
    """Receipt, `report.json`, `report.html`, `bad_rows.csv` if rows were kept out, `marked.xlsx`. Returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep_abandoned(folder)
    _write_bad_rows(report, folder / BAD_ROWS)
    with _whole(folder / REPORT_JSON) as file:
        _write_json(report, file)
    has_marked = report.source is not None and report.source.exists()
    with _whole(folder / REPORT_PAGE) as file:
        file.write(render(report, has_bad_rows=(folder / BAD_ROWS).exists(), has_marked=has_marked))
    write_receipt(report.receipt, folder)
    if has_marked:
        from ingestion.reports.marked import write_marked  # reads the file again, with all that takes

        write_marked(report, folder / MARKED)
    return folder / REPORT_PAGE


def issue_json(line: Line) -> dict[str, object]:
    return dict(zip(_LINE_FIELDS, _values_of(line), strict=True))


def neutral(text: str | None) -> str:
    """Text that a spreadsheet neither runs as a formula nor shortens: an apostrophe in front, as one would type it.

    Long numbers and those with leading zeros are identifiers; as numbers they would come back as 1.10E+12.
    """
    if text is None:
        return ""
    if _DIGITS_A_SPREADSHEET_LOSES.fullmatch(text):
        return f"'{text}"
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _write_json(report: Report, file: TextIO) -> None:
    """The receipt's fields, what was repaired, and every issue; issues are streamed, one a line."""
    receipt = report.receipt
    facts = {
        **receipt.as_json(),
        "rows": receipt.rows or 0,
        "accepted_rows": receipt.accepted_rows or 0,
        "rejected_rows": receipt.rejected_rows or 0,
        "skipped_checks": list(report.skipped_checks),
        "repairs": [
            {"code": one.code, "column": one.column, "repaired_cells": one.repaired_cells, "cells": list(one.cells)}
            for one in report.repairs
        ],
    }
    file.write(json.dumps(facts, ensure_ascii=False, indent=2)[:-2])
    file.write(',\n  "issues": [')
    separator = "\n    "
    for line in report.issues():
        file.write(separator + _encoded(issue_json(line)))
        separator = ",\n    "
    file.write("\n  ]\n}\n")


def _write_bad_rows(report: Report, path: Path) -> None:
    headers: dict[str, None] = {}
    for bad in report.bad_rows():
        headers.update(dict.fromkeys(_distinct(bad.content)))
    if not headers:
        path.unlink(missing_ok=True)
        return
    with _whole(path, encoding="utf-8-sig") as file:  # with the mark Excel recognises UTF-8 by
        writer = csv.writer(file)
        writer.writerow([*map(neutral, headers), *RETURNED_COLUMNS])
        writer.writerows(_bad_row_cells(report.receipt, headers, _to_correct(report)))


def _bad_row_cells(receipt: Receipt, headers: dict[str, None], rows: Iterable[BadRow]) -> Iterator[list[str]]:
    number = "" if receipt.submission_id is None else str(receipt.submission_id)
    for bad in rows:
        values = _distinct(bad.content)
        yield [
            *(neutral(values.get(header)) for header in headers),
            number,
            neutral(bad.sheet),
            str(bad.row),
            " ".join(bad.codes),
        ]


def _to_correct(report: Report) -> Iterator[BadRow]:
    """The bad rows; of a line that could not be read nobody can tell what in it is personal, so all of it is masked."""
    is_personal = report.contract is None or any(column.is_personal for column in report.contract.columns)
    for bad in report.bad_rows():
        if is_personal and NOT_AN_OBJECT in bad.codes:
            yield replace(bad, content=[(header, mask(value or "")) for header, value in bad.content])
        else:
            yield bad


def _distinct(content: list[tuple[str, str | None]]) -> dict[str, str | None]:
    """Header -> value; a header that comes twice gets a number, so that neither value is lost."""
    values: dict[str, str | None] = {}
    for header, value in content:
        name, again = header, 2
        while name in values:
            name, again = f"{header} ({again})", again + 1
        values[name] = value
    return values


def _tame(name: str) -> str:
    tamed = _UNSAFE_IN_A_NAME.sub("_", name).strip(".")[:_MAX_NAME]
    return tamed or "_"


def _sweep_abandoned(folder: Path) -> None:
    """Remove what killed writers left unfinished, but nothing that somebody may be writing now."""
    for unfinished in folder.glob(".*.part"):
        with suppress(FileNotFoundError):
            if time.time() - unfinished.stat().st_mtime > _ABANDONED_SECONDS:
                unfinished.unlink()


@contextmanager
def _whole(path: Path, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A file that appears under its name only when everything is in it and on disk."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with unfinished.open("w", encoding=encoding, newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
