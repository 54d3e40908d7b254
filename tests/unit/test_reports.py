"""The papers an agency gets: Thai dates, nothing a sender wrote can act, whole files only, folders that stay inside."""

import csv
import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core.settings import reload as reload_settings
from core.settings import settings
from ingestion.own_marks import without_apostrophes
from ingestion.reports import words
from ingestion.reports.model import BadRow, Group, Line, Receipt, Report
from ingestion.reports.page import render
from ingestion.reports.writing import neutral, outbox_folder, write_report

HOSTILE = '<script>alert(1)</script>{{ 7*7 }}\x1b[31m\u202egpj.exe"'
RECEIPT = Receipt(
    submission_id=7, agency_id="registration_office_94", dataset_id="population", period="2564", part="all",
    revision=1, sha256="ab" * 32, file_name=HOSTILE, size_bytes=1234, state="loaded", verdict="accepted_with_issues",
    reason_code=None, rows=10, accepted_rows=8, rejected_rows=2, contract_version="1.0.0", duplicate_of=None,
    superseded_by=None, received_at=datetime(2026, 12, 31, 17, 5, tzinfo=UTC),
)  # fmt: skip
LINE = Line(
    "not_a_number",
    "error",
    HOSTILE,
    3,
    "houses",
    "E3",
    HOSTILE,
    "ไม่ใช่ตัวเลข",
    "Not a number",
    "แก้เป็นตัวเลข",
    "Write a number",
)
BAD = [
    BadRow("แผ่น1", 3, [("รหัสตำบล", "940101"), ("=หัวตาราง", "=1+1"), ("ชาย", "5"), ("ชาย", "6")], ("not_a_number",)),
    BadRow("แผ่น2", 9, [("รหัสตำบล", None), ("บ้าน", "-5")], ("empty", "not_a_number")),
]


def report_of(receipt: Receipt = RECEIPT, bad_rows: list[BadRow] = BAD) -> Report:
    group = Group("not_a_number", "error", "houses", "จำนวนบ้าน", "Houses", "ไม่ใช่ตัวเลข", "Not a number", 41, (LINE,))
    return Report(
        receipt=receipt, agency_th="สำนักทะเบียน", agency_en="Registration", dataset_th="ประชากร",
        dataset_en="Population", groups=(group,), repairs=(), skipped_checks=(), issues=lambda: [LINE],
        bad_rows=lambda: bad_rows,
    )  # fmt: skip


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CHAIDAEN_OUTBOX", str(tmp_path / "outbox"))
    reload_settings()
    yield settings().outbox
    monkeypatch.undo()
    reload_settings()


def test_dates_are_thai_time_of_the_buddhist_era() -> None:
    new_year_in_thailand = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)
    assert words.thai_instant(new_year_in_thailand) == "1 มกราคม 2570 เวลา 00.05 น."
    assert words.short_thai_instant(new_year_in_thailand) == "01/01/70 00.05"
    assert words.english_instant(new_year_in_thailand) == "1 Jan 2027, 00:05 (Thai time)"


def test_the_page_escapes_what_senders_write_and_shows_what_is_invisible() -> None:
    page = render(report_of(), has_bad_rows=True)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert not {"\x1b", "\u202e"} & set(page)


def test_the_page_fetches_nothing() -> None:
    page = render(report_of(), has_bad_rows=True)
    assert not [word for word in ("http:", "https:", "src=", "<link", "@import", "url(") if word in page]


@pytest.mark.parametrize("verdict", ["accepted", "accepted_with_issues", "rejected", "held", None])
@pytest.mark.parametrize("state", list(words.STATES))
def test_every_outcome_has_a_page_that_says_it_in_both_languages(state: str, verdict: str | None) -> None:
    receipt = dataclasses.replace(RECEIPT, state=state, verdict=verdict, duplicate_of=3)
    page = render(report_of(receipt), has_bad_rows=False)
    thai, english, tone = words.headline(state, verdict)
    assert f"<h1>{thai}</h1>" in page
    assert english in page
    assert f'<body class="{tone}">' in page


def test_the_page_says_how_many_more_there_are_than_it_lists() -> None:
    assert "และอีก 40 จุด" in render(report_of(), has_bad_rows=True)


def test_bad_rows_open_in_excel_and_carry_where_they_come_from(tmp_path: Path) -> None:
    write_report(report_of(), tmp_path)
    raw = (tmp_path / "bad_rows.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    header, first, second = csv.reader(raw.decode("utf-8-sig").splitlines())
    assert header == [
        "รหัสตำบล", "'=หัวตาราง", "ชาย", "ชาย (2)", "บ้าน", "_submission_id", "_sheet", "_row", "_codes",
    ]  # fmt: skip
    assert first == ["940101", "'=1+1", "5", "6", "", "7", "แผ่น1", "3", "not_a_number"]
    assert second == ["", "", "", "", "-5", "7", "แผ่น2", "9", "empty not_a_number"]


def test_no_bad_rows_no_file_also_when_there_was_one_before(tmp_path: Path) -> None:
    write_report(report_of(), tmp_path)
    write_report(report_of(bad_rows=[]), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"receipt.json", "report.json", "report.html"}


def test_report_json_is_json_whatever_is_in_it(tmp_path: Path) -> None:
    write_report(report_of(), tmp_path)
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert found["issues"] == [dataclasses.asdict(LINE)]
    assert found["file_name"] == HOSTILE
    assert found["received_at"] == "2026-12-31T17:05:00+00:00"


def test_a_report_that_fails_halfway_leaves_the_one_before(tmp_path: Path) -> None:
    write_report(report_of(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def breaking() -> Iterator[Line]:
        yield LINE
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_report(dataclasses.replace(report_of(), issues=breaking), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "1234567890123", "0123"]
)
def test_what_a_spreadsheet_would_run_or_shorten_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+5", "-1,234.50", "", "ชาย", "940101", "a=b", "0", "0.5"])
def test_plain_text_and_numbers_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


@hypothesis_settings(deadline=None)  # the first text waits for what is loaded late
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("=+-@＝0123 \t\n\u00a0\u200b"), st.characters(exclude_categories=["Cs"]))
    )
)
def test_bad_rows_that_come_back_are_read_as_they_were_sent(text: str) -> None:
    assume(not text.startswith("'"))
    assert without_apostrophes(pa.array([neutral(text)])).to_pylist() == [text]


@given(st.text(), st.text(), st.text())
def test_an_outbox_folder_is_always_inside_the_outbox(agency: str, dataset: str, period: str) -> None:
    folder = outbox_folder(dataclasses.replace(RECEIPT, agency_id=agency, dataset_id=dataset, period=period))
    inside = folder.relative_to(settings().outbox)
    assert len(inside.parts) == 4
    assert not {"..", ".", ""} & set(inside.parts)
    assert all(len(part.encode()) <= 255 for part in inside.parts)


def test_ordinary_scopes_keep_their_names(outbox: Path) -> None:
    assert outbox_folder(RECEIPT) == outbox / "registration_office_94" / "population" / "2564" / "7"
