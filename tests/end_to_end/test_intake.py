"""From a dropped file to a decided submission, on a real server: every step twice has one effect, nothing is lost."""

import json
import threading
from pathlib import Path

import pytest
from markupsafe import escape

from core.errors import UserFacingError
from core.settings import settings
from ingestion import archive, intake, landing
from ingestion.stages import Processed
from tests.end_to_end.dropping import csv_bytes, drop, outbox, query, receipt, rows_of, tambon_rows

pytestmark = pytest.mark.usefixtures("module_home")
RECEIPT_FIELDS = {
    "submission_id", "agency_id", "dataset_id", "period", "part", "revision", "sha256", "file_name", "state",
    "verdict", "rows", "accepted_rows", "rejected_rows", "received_at",
}  # fmt: skip


def ingest() -> list[Processed]:
    intake.receive_all()
    return intake.process_all()


def ingest_one() -> Processed:
    [done] = ingest()
    return done


def states(submission_id: int) -> list[str]:
    rows = query("select state from ops.submission_events where submission_id = %s order by event_id", submission_id)
    return [row["state"] for row in rows]


def test_a_good_file_is_loaded_row_by_row_and_its_receipt_says_so() -> None:
    rows = tambon_rows(20)
    landed = drop(csv_bytes(rows), "ประชากร ปัตตานี.csv", part="good")
    done = ingest_one()
    assert (done.state, done.verdict, done.revision) == ("loaded", "accepted", 1)
    loaded = rows_of("raw", "population", done.submission_id)
    assert [(r["tambon_code"], r["male_persons"], r["houses"]) for r in loaded] == [(r[0], r[1], r[4]) for r in rows]
    assert [r["_row"] for r in loaded] == list(range(2, 22))
    assert not landed.exists()
    paper = receipt(done.submission_id)
    assert paper.keys() >= RECEIPT_FIELDS
    assert (paper["state"], paper["rows"], paper["file_name"]) == ("loaded", 20, "ประชากร ปัตตานี.csv")
    assert archive.path_of(paper["sha256"]).read_bytes() == csv_bytes(rows)
    assert states(done.submission_id) == ["received", "checked", "loaded"]


def test_a_receipt_is_there_before_anything_is_checked() -> None:
    drop(csv_bytes(tambon_rows(20)), "a.csv", part="receipt_first")
    [submission_id] = intake.receive_all()
    assert receipt(submission_id)["state"] == "received"
    intake.process_all()
    assert receipt(submission_id)["state"] == "loaded"


def test_every_step_twice_has_one_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    drop(csv_bytes(tambon_rows(20)), "a.csv", part="twice")
    monkeypatch.setattr(landing, "remove", lambda _: None)  # as if killed before the file was taken out of landing
    [first] = intake.receive_all()
    monkeypatch.undo()
    assert intake.receive_all() == [first]
    assert intake.receive_all() == []
    assert intake.process(first) == intake.process(first)
    assert intake.process_all() == []
    assert len(rows_of("raw", "population", first)) == 20
    assert states(first) == ["received", "checked", "loaded"]


def test_the_same_bytes_again_are_a_duplicate_and_a_b_a_is_a_new_revision() -> None:
    a, b = csv_bytes(tambon_rows(20)), csv_bytes(tambon_rows(20, men=11))
    outcomes = []
    for content in (a, a, b, a):
        drop(content, "population.csv", part="aba")
        outcomes.append(ingest_one())
    assert [(one.state, one.revision) for one in outcomes] == [
        ("loaded", 1), ("duplicate", None), ("loaded", 2), ("loaded", 3),
    ]  # fmt: skip
    scope = query("select submission_id, state, superseded_by, duplicate_of from ops.submissions where part = 'aba'")
    first, again, second, third = (one.submission_id for one in outcomes)
    assert {row["submission_id"]: row["state"] for row in scope} == {
        first: "superseded", again: "duplicate", second: "superseded", third: "loaded",
    }  # fmt: skip
    assert {row["submission_id"]: row["superseded_by"] for row in scope if row["superseded_by"]} == {
        first: second, second: third,
    }  # fmt: skip
    assert receipt(first)["state"] == "superseded"
    assert rows_of("raw", "population", again) == []


@pytest.mark.parametrize(
    ("revision", "reason"),
    [
        pytest.param(tambon_rows(8), "fewer_rows_than_before", id="60 % fewer rows"),
        pytest.param(tambon_rows(20, first=11), "other_keys_than_before", id="45 % of the keys"),
    ],
)
def test_a_revision_that_looks_like_a_mistake_is_held_and_the_earlier_one_counts(
    revision: list[tuple[object, ...]], reason: str
) -> None:
    drop(csv_bytes(tambon_rows(20)), "a.csv", part=reason)
    before = ingest_one()
    drop(csv_bytes(revision), "b.csv", part=reason)
    held = ingest_one()
    assert (held.state, held.verdict, held.reason_code) == ("held", "held", reason)
    assert rows_of("raw", "population", held.submission_id) == []
    assert receipt(before.submission_id)["state"] == "loaded"
    assert reason in (outbox(held.submission_id) / "report.json").read_text(encoding="utf-8")


def test_a_revision_with_59_percent_fewer_rows_and_half_of_the_keys_is_taken() -> None:
    drop(csv_bytes(tambon_rows(20)), "a.csv", part="small")
    ingest_one()
    drop(csv_bytes(tambon_rows(20, first=10)), "b.csv", part="small")
    assert ingest_one().state == "loaded"


def test_bad_rows_are_kept_whole_and_given_back_and_the_good_ones_are_in() -> None:
    rows = tambon_rows(40)
    rows[6] = (rows[6][0], "=1+1", 12, 22, 7)
    drop(csv_bytes(rows), "a.csv", part="bad_rows")
    done = ingest_one()
    assert (done.state, done.verdict, done.rows, done.rejected_rows) == ("loaded", "accepted_with_issues", 40, 1)
    assert len(rows_of("raw", "population", done.submission_id)) == 39
    [bad] = rows_of("vault", "rejected_rows", done.submission_id)
    assert (bad["_row"], bad["content"]["รหัสตำบล"], bad["content"]["ชาย"]) == (8, rows[6][0], "=1+1")
    [issue] = query("select * from ops.issues where submission_id = %s", done.submission_id)
    assert (issue["cell"], issue["column_name"], issue["row_no"]) == ("B8", "male_persons", 8)
    text = (outbox(done.submission_id) / "bad_rows.csv").read_bytes().decode("utf-8")
    header, line = text.splitlines()
    assert header == "\ufeffรหัสตำบล,ชาย,หญิง,รวม,จำนวนบ้าน,_submission_id,_sheet,_row,_codes"
    assert f"{rows[6][0]},'=1+1,12,22,7,{done.submission_id}," in line
    page = (outbox(done.submission_id) / "report.html").read_text(encoding="utf-8")
    assert "B8" in page
    assert issue["cure_th"] in page


def test_too_many_errors_reject_the_file_leave_nothing_in_the_warehouse_and_keep_every_row() -> None:
    rows = [
        (code, "รอข้อมูล", *rest) if n % 3 else (code, men, *rest) for n, (code, men, *rest) in enumerate(tambon_rows(30))
    ]
    drop(csv_bytes(rows), "a.csv", part="too_many")
    done = ingest_one()
    assert (done.state, done.verdict, done.rejected_rows) == ("rejected", "rejected", 20)
    assert rows_of("raw", "population", done.submission_id) == []
    assert len(rows_of("vault", "rejected_rows", done.submission_id)) == 20
    report = json.loads((outbox(done.submission_id) / "report.json").read_text(encoding="utf-8"))
    assert len([one for one in report["issues"] if one["column"] == "male_persons"]) == 20


def test_a_correction_after_a_rejection_is_the_first_revision() -> None:
    drop(csv_bytes([(code, "x", *rest) for code, _, *rest in tambon_rows(10)]), "a.csv", part="corrected")
    assert ingest_one().state == "rejected"
    drop(csv_bytes(tambon_rows(10)), "a.csv", part="corrected")
    assert (done := ingest_one()).state == "loaded"
    assert done.revision == 1


def test_bad_input_gets_a_reason_and_a_cure_and_holds_nothing_up() -> None:
    population = csv_bytes(tambon_rows(5))
    scope = ("registration_office_94", "population", "2563")
    drop(population, "good.csv", folders=(*scope, "good"))
    expected = {
        drop(population, "a.csv", folders=("ที่ว่าการอำเภอ", "population", "2563")): "unknown_agency",
        drop(population, "b.csv", folders=("registration_office_94", "populations", "2563")): "unknown_dataset",
        drop(population, "c.csv", folders=("registration_office_94", "population", "2020")): "bad_period",
        drop(population, "d.csv", folders=("registration_office_94",)): "path_too_deep",
        drop(population, "e.csv", folders=(*scope, "p", "q", "r")): "path_too_deep",
        drop(b"", "f.csv", folders=(*scope, "empty")): "empty_file",
        drop(b"%PDF-1.4\n%%EOF\n", "g.xlsx", folders=(*scope, "pdf")): "not_a_table",
        drop(csv_bytes([("940101", 1)], ("รหัสตำบล", "ชาย")), "h.csv", folders=(*scope, "column")): "missing_column",
    }
    writing = drop(population, "i.csv.part", folders=scope)
    received = intake.receive_all()
    intake.process_all()
    found = {
        row["file_name"]: row for row in query("select * from ops.submissions where submission_id = any(%s)", received)
    }
    assert found.pop("good.csv")["state"] == "loaded"
    assert {name: row["reason_code"] for name, row in found.items()} == {
        path.name: code for path, code in expected.items()
    }
    for row in found.values():
        assert row["state"] == "rejected"
        page = (outbox(row["submission_id"]) / "report.html").read_text(encoding="utf-8")
        issues = query("select * from ops.issues where submission_id = %s", row["submission_id"])
        assert row["reason_code"] in {issue["code"] for issue in issues}
        for text in ("message_th", "message_en", "cure_th", "cure_en"):
            assert all(escape(issue[text]) in page for issue in issues)
        assert receipt(row["submission_id"])["reason_code"] == row["reason_code"]
    assert query("select reason_code from ops.landing_waiting where path = %s", str(writing)) == [
        {"reason_code": "still_being_written"}
    ]
    writing.rename(writing.with_suffix(""))
    assert ingest_one().state == "loaded"
    assert query("select * from ops.landing_waiting") == []


def test_an_agency_that_does_not_owe_a_dataset_is_asked_and_its_rows_are_in() -> None:
    drop(csv_bytes(tambon_rows(5)), "a.csv", folders=("community_development_94", "population", "2564"))
    done = ingest_one()
    assert (done.state, done.verdict) == ("loaded", "accepted_with_issues")
    assert query("select code from ops.issues where submission_id = %s", done.submission_id) == [
        {"code": "agency_does_not_owe"}
    ]


def test_a_fault_of_ours_on_one_file_stops_no_other_and_is_tried_three_times() -> None:
    drop(csv_bytes(tambon_rows(6)), "a.csv", part="fault")
    drop(csv_bytes(tambon_rows(7)), "b.csv", part="no_fault")
    intake.receive_all()
    [broken] = query("select submission_id, sha256 from ops.submissions where part = 'fault'")
    archive.path_of(broken["sha256"]).unlink()
    outcomes = [{one.submission_id: one.state for one in intake.process_all()} for _ in range(4)]
    assert [one.get(broken["submission_id"]) for one in outcomes] == ["received", "received", "held", None]
    assert "loaded" in outcomes[0].values()
    assert receipt(broken["submission_id"])["reason_code"] == "internal_reader_failure"


def test_an_earlier_submission_of_the_scope_is_always_decided_first() -> None:
    drop(csv_bytes(tambon_rows(9)), "a.csv", part="order")
    [first] = intake.receive_all()
    drop(csv_bytes(tambon_rows(9, men=11)), "b.csv", part="order")
    [second] = intake.receive_all()
    assert intake.process(second).revision == 2
    assert intake.process(first).state == "superseded"


def test_two_workers_share_the_work_and_do_nothing_twice() -> None:
    for number in range(12):
        drop(csv_bytes(tambon_rows(9, men=number)), f"{number}.csv", part=f"w{number % 6}")
    received = intake.receive_all()
    together = threading.Barrier(2)
    done: list[list[Processed]] = []

    def work() -> None:
        together.wait()
        done.append(intake.process_all())

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(one.submission_id for each in done for one in each) == sorted(received)
    assert [states(number) for number in received if "superseded" not in states(number)] == [
        ["received", "checked", "loaded"]
    ] * 6
    assert {len(rows_of("raw", "population", number)) for number in received} == {9}


def test_papers_can_be_written_again_from_the_ledger(tmp_path: Path) -> None:
    drop(csv_bytes([*tambon_rows(40), ("940101", "x", 1, 1, 1)]), "a.csv", part="papers")
    done = ingest_one()
    folder = outbox(done.submission_id)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert before.keys() == {"receipt.json", "report.json", "report.html", "bad_rows.csv", "marked.xlsx"}
    folder.rename(tmp_path / "lost")
    query("update ops.submissions set outbox_state = null where submission_id = %s returning 1", done.submission_id)
    intake.process_all()
    assert {path.name: path.read_bytes() for path in outbox(done.submission_id).iterdir()} == before


def test_an_outbox_that_cannot_be_written_loses_nothing() -> None:
    blocked = settings().outbox / "registration_office_94" / "population" / "2562"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    drop(csv_bytes(tambon_rows(5)), "a.csv", folders=("registration_office_94", "population", "2562"))
    blocked.write_text("a file where the folder should be")
    [submission_id] = intake.receive_all()
    with pytest.raises(UserFacingError, match="2562"):
        intake.process_all()
    blocked.unlink()
    intake.process_all()
    assert receipt(submission_id)["state"] == "loaded"
    assert len(rows_of("raw", "population", submission_id)) == 5
