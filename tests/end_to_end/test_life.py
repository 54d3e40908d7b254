"""The life of a submission on a real server: what is held, released, withdrawn, locked, and what is refused."""

import json
import re
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest

from core import database
from core.errors import UsageError
from core.settings import PROJECT_ROOT
from ingestion import explanations, intake, ledger, life
from ingestion.ledger import ForbiddenMove
from ingestion.loading import Loader
from ingestion.stages import Processed
from tests.end_to_end.dropping import (
    AGENCY,
    bad_rows,
    bad_rows_csv,
    csv_bytes,
    drop,
    outbox,
    query,
    receipt,
    rows_of,
    tambon_rows,
)
from tests.end_to_end.test_intake import ingest, ingest_one, states

pytestmark = pytest.mark.usefixtures("module_home")
WHY = "ตรวจสอบกับอำเภอแล้ว (invented)"


def dated(title: str, rows: list[tuple[object, ...]]) -> bytes:
    """A file with a title above its table."""
    return f"{title}\n".encode("utf-8-sig") + csv_bytes(rows).removeprefix(b"\xef\xbb\xbf")


def send(part: str, content: bytes, *, period: str = "2564") -> Processed:
    drop(content, "a.csv", folders=(AGENCY, "population", period, part))
    return ingest_one()


def held(part: str) -> tuple[int, int]:
    """A scope of 20 rows in force and a revision of 8 of them that waits for a decision: both numbers."""
    before = send(part, csv_bytes(tambon_rows(20)))
    waiting = send(part, csv_bytes(tambon_rows(8, men=11)))
    assert (waiting.state, waiting.reason_code) == ("held", "fewer_rows_than_before")
    return before.submission_id, waiting.submission_id


def state_of(submission_id: int) -> str:
    [row] = query("select state from ops.submissions where submission_id = %s", submission_id)
    return str(row["state"])


def codes_of(submission_id: int) -> list[str]:
    rows = query("select code from ops.issues where submission_id = %s order by issue_no", submission_id)
    return [row["code"] for row in rows]


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each of several people gets who act at the same time: the answer, or the error."""
    results: list[object] = [None] * len(actions)
    start = threading.Barrier(len(actions))

    def act(at: int) -> None:
        start.wait()
        try:
            results[at] = actions[at]()
        except UsageError as error:
            results[at] = error

    threads = [threading.Thread(target=act, args=(at,)) for at in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


# ---- the date of the content -------------------------------------------------------------------------------------


def test_older_content_arriving_late_is_held_equal_newer_and_undated_content_replaces() -> None:
    newer = send("dates", dated("จำนวนประชากร ณ วันที่ 31 ธันวาคม 2564", tambon_rows(20)))
    older = send("dates", dated("จำนวนประชากร ณ วันที่ ๓๐ พ.ย. ๒๕๖๔", tambon_rows(20, men=11)))
    assert (newer.state, older.state, older.reason_code) == ("loaded", "held", "older_than_current")
    kept = query("select content_date::text, content_date_cell from ops.submissions where part = 'dates' order by 1")
    assert [tuple(row.values()) for row in kept] == [("2021-11-30", "A1"), ("2021-12-31", "A1")]
    report = json.loads((outbox(older.submission_id) / "report.json").read_text(encoding="utf-8"))
    [said] = [one for one in report["issues"] if one["code"] == "older_than_current"]
    assert "30/11/2564" in said["message_th"]
    assert "31/12/2564" in said["message_en"]
    assert rows_of("raw", "population", older.submission_id) == []
    equal = send("dates", dated("ข้อมูล ณ 31/12/64", tambon_rows(20, men=12)))
    undated = send("dates", csv_bytes(tambon_rows(20, men=13)))
    assert (equal.state, undated.state) == ("loaded", "loaded")
    assert state_of(older.submission_id) == "superseded"  # nobody need decide any more
    assert receipt(older.submission_id)["status_en"] == "Replaced by a newer version"


def test_a_date_that_can_not_be_is_asked_about_and_holds_nothing() -> None:
    send("odd dates", dated("ข้อมูล ณ วันที่ 31 ธันวาคม 2564", tambon_rows(20)))
    impossible = send("odd dates", dated("ข้อมูล ณ วันที่ 31 พ.ย. 2564", tambon_rows(20, men=11)))
    assert (impossible.state, codes_of(impossible.submission_id)) == ("loaded", ["content_date_unclear"])
    assert query("select content_date from ops.submissions where submission_id = %s", impossible.submission_id) == [
        {"content_date": None}
    ]


def test_corrected_rows_keep_the_date_of_the_file_they_mend() -> None:
    rows = tambon_rows(40)
    rows[6] = (rows[6][0], "สิบ", 12, 22, 7)
    base = send("mended", dated("ข้อมูล ณ วันที่ 31 ธันวาคม 2564", rows))
    [bad] = bad_rows(base.submission_id)
    mended = send("mended", bad_rows_csv([{**bad, "ชาย": "10"}]))
    assert (mended.state, mended.accepted_rows) == ("loaded", 40)
    older = send("mended", dated("ข้อมูล ณ วันที่ 30 พฤศจิกายน 2564", tambon_rows(40)))
    assert (older.state, older.reason_code) == ("held", "older_than_current")


# ---- released from a hold ----------------------------------------------------------------------------------------


def test_a_released_hold_is_processed_again_with_everything_once_and_what_was_said_kept() -> None:
    before = send("release", csv_bytes(tambon_rows(60)))
    few = tambon_rows(24, men=11)
    few[3] = (few[3][0], "สิบเอ็ด", 12, 23, 7)
    waiting = send("release", csv_bytes(few))
    assert (waiting.state, waiting.rejected_rows) == ("held", 1)
    assert rows_of("raw", "population", waiting.submission_id) == []
    with database.connect() as connection:
        explanations.explain(connection, waiting.submission_id, "fewer_rows_than_before", "แบ่งส่ง", "tests")
    first = codes_of(waiting.submission_id)
    done = life.release_hold(waiting.submission_id, WHY)
    assert (done.state, done.verdict, done.revision) == ("loaded", "accepted_with_issues", 2)
    assert len(rows_of("raw", "population", done.submission_id)) == 23
    assert len(rows_of("vault", "rejected_rows", done.submission_id)) == 1
    assert codes_of(done.submission_id) == first
    said = query("select text from ops.explanations where submission_id = %s order by 1", done.submission_id)
    assert {row["text"] for row in said} == {"แบ่งส่ง", WHY}
    assert (
        query(
            "select 1 from ops.issues where submission_id = %s and severity = 'query' and explanation_id is null",
            done.submission_id,
        )
        == []
    )
    assert state_of(before.submission_id) == "superseded"
    assert states(done.submission_id) == ["received", "held", "received", "checked", "loaded"]
    [event] = query(
        "select actor, reason from ops.submission_events where submission_id = %s and previous_state = 'held'",
        done.submission_id,
    )
    assert event == {"actor": ledger.actor(), "reason": WHY}
    assert receipt(done.submission_id)["state"] == "loaded"


@pytest.mark.parametrize("dies_in", ["decision", "processing"])
def test_a_release_killed_half_way_has_one_effect_when_it_goes_on(
    dies_in: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, waiting = held(f"killed in {dies_in}")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*((ledger, "waive") if dies_in == "decision" else (Loader, "repaired")), die)
        with pytest.raises(KeyboardInterrupt):
            life.release_hold(waiting, WHY)
    assert state_of(waiting) == ("held" if dies_in == "decision" else "received")
    assert state_of(before) == "loaded"
    if dies_in == "decision":
        life.release_hold(waiting, WHY)
    intake.process_all()
    assert (state_of(before), state_of(waiting)) == ("superseded", "loaded")
    assert len(rows_of("raw", "population", waiting)) == 8
    assert codes_of(waiting) == ["fewer_rows_than_before"]
    assert len(query("select 1 from ops.explanations where submission_id = %s", waiting)) == 1


def test_two_people_releasing_at_once_release_once() -> None:
    _, waiting = held("two people")
    results = at_once(*[lambda: life.release_hold(waiting, WHY)] * 2)
    assert sorted(type(one).__name__ for one in results) == ["Processed", "UsageError"]
    assert states(waiting).count("loaded") == 1
    assert len(rows_of("raw", "population", waiting)) == 8


def test_a_newer_revision_makes_an_end_of_an_older_hold() -> None:
    _, waiting = held("overtaken")
    newer = send("overtaken", csv_bytes(tambon_rows(20, men=13)))
    assert (newer.state, state_of(waiting)) == ("loaded", "superseded")
    with pytest.raises(UsageError, match=f"replaced by submission {newer.submission_id}, which is newer"):
        life.release_hold(waiting, WHY)


def test_a_later_file_waits_for_a_released_hold_and_then_counts() -> None:
    """However release and sweep interleave: the older one is decided first, the newer one counts in the end."""
    _, waiting = held("interleaved")
    drop(csv_bytes(tambon_rows(20, men=14)), "c.csv", part="interleaved")
    [later] = intake.receive_all()
    results = at_once(lambda: life.release_hold(waiting, WHY), intake.process_all)
    ingest()
    assert (state_of(later), state_of(waiting)) == ("loaded", "superseded"), results
    counting = query("select submission_id from ops.submissions where part = 'interleaved' and state = 'loaded'")
    assert counting == [{"submission_id": later}]


def test_a_decision_holds_for_the_doubts_that_were_told_only() -> None:
    _, waiting = held("other doubt")
    with database.connect() as connection:  # the doubt somebody decided about was another one
        connection.execute("update ops.issues set code = 'older_than_current' where submission_id = %s", [waiting])
    assert life.release_hold(waiting, WHY).state == "held"
    assert codes_of(waiting) == ["fewer_rows_than_before"]
    assert receipt(waiting)["state"] == "held"
    assert life.release_hold(waiting, WHY).state == "loaded"


def test_a_file_our_reader_failed_on_is_tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    drop(csv_bytes(tambon_rows(20)), "a.csv", part="reader")
    with monkeypatch.context() as patch:
        patch.setattr(Loader, "repaired", fail)
        [number] = intake.receive_all()
        for _ in range(intake.TRIES):
            intake.process_all()
        assert state_of(number) == "held"
        assert life.release_hold(number, WHY).state == "received"  # three more tries, not none
    assert intake.process(number).state == "loaded"
    assert codes_of(number) == []


# ---- withdrawn ---------------------------------------------------------------------------------------------------


def test_a_withdrawn_scope_is_empty_and_the_same_bytes_come_back_as_a_new_revision() -> None:
    first = send("withdrawn", csv_bytes(tambon_rows(20)))
    second = send("withdrawn", csv_bytes(tambon_rows(20, men=11)))
    assert life.withdraw(second.submission_id, WHY).state == "withdrawn"
    assert life.withdraw(second.submission_id, WHY).state == "withdrawn"
    assert states(second.submission_id) == ["received", "checked", "loaded", "withdrawn"]
    assert state_of(first.submission_id) == "superseded"  # the earlier one does not come back
    with database.connect() as connection:
        assert second.submission_id not in ledger.effective_submissions(connection)
    paper = receipt(second.submission_id)
    assert (paper["state"], paper["status_en"]) == ("withdrawn", "Withdrawn: this version does not count")
    page = (outbox(second.submission_id) / "report.html").read_text(encoding="utf-8")
    assert "ถอนแล้ว" in page
    assert WHY in page
    again = send("withdrawn", csv_bytes(tambon_rows(20, men=11)))
    assert (again.state, again.revision) == ("loaded", 3)


def test_undoing_a_withdrawal_needs_the_scope_still_empty() -> None:
    done = send("undo", csv_bytes(tambon_rows(20)))
    life.withdraw(done.submission_id, WHY)
    assert life.undo_withdrawal(done.submission_id, "ถอนผิดฉบับ").state == "loaded"
    assert life.undo_withdrawal(done.submission_id, "ถอนผิดฉบับ").state == "loaded"
    assert receipt(done.submission_id)["state"] == "loaded"
    assert "ถอนแล้ว" not in (outbox(done.submission_id) / "report.html").read_text(encoding="utf-8")
    life.withdraw(done.submission_id, WHY)
    other = send("undo", csv_bytes(tambon_rows(20, men=11)))
    with pytest.raises(UsageError, match=f"Submission {other.submission_id} counts in its place") as refused:
        life.undo_withdrawal(done.submission_id, WHY)
    assert f"chaidaen withdraw {other.submission_id}" in str(refused.value.cure)
    with pytest.raises(UsageError, match="is not withdrawn"):
        life.undo_withdrawal(other.submission_id, WHY)


def test_a_refused_hold_stays_refused_until_that_is_undone() -> None:
    before, waiting = held("refused")
    assert life.withdraw(waiting, WHY).state == "withdrawn"
    assert state_of(before) == "loaded"
    page = (outbox(waiting) / "report.html").read_text(encoding="utf-8")
    assert "decided against this held file" in page
    assert "still owed" not in page
    with pytest.raises(UsageError, match="was withdrawn"):
        life.release_hold(waiting, WHY)
    assert life.undo_withdrawal(waiting, WHY).state == "held"
    assert life.release_hold(waiting, WHY).state == "loaded"


def test_what_can_not_be_withdrawn_says_why_and_what_to_do() -> None:
    first = send("not withdrawn", csv_bytes(tambon_rows(20)))
    again = send("not withdrawn", csv_bytes(tambon_rows(20)))
    second = send("not withdrawn", csv_bytes(tambon_rows(20, men=11)))
    refused = send("not withdrawn", b"%PDF-1.4\n%%EOF\n")
    for number, what, cure in (
        (first.submission_id, "was replaced by", f"withdraw {second.submission_id}"),
        (again.submission_id, "is a duplicate", f"withdraw {first.submission_id}"),
        (refused.submission_id, "was rejected", "nothing to withdraw"),
    ):
        with pytest.raises(UsageError, match=what) as raised:
            life.withdraw(number, WHY)
        assert cure in str(raised.value.cure)
    with pytest.raises(UsageError, match="reason is empty"):
        life.withdraw(second.submission_id, "  ")
    with pytest.raises(UsageError, match="no submission 99999"):
        life.withdraw(99999, WHY)


# ---- every change of state ---------------------------------------------------------------------------------------


def test_no_state_changes_without_its_event_whoever_changes_it() -> None:
    done = send("by hand", csv_bytes(tambon_rows(20)))
    change = "update ops.submissions set state = 'withdrawn' where submission_id = %s"
    with (
        closing(database.connect()) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="without an event"),
    ):
        connection.execute(change, [done.submission_id])
        connection.commit()
    with (
        pytest.raises(psycopg.errors.ForeignKeyViolation, match="submission_events_allowed"),
        database.connect() as connection,
    ):
        connection.execute(
            "insert into ops.submission_events (submission_id, previous_state, state, occurred_at, actor)"
            " values (%s, 'rejected', 'released', %s, 'tests')",
            [done.submission_id, datetime(2022, 1, 1, tzinfo=UTC)],
        )
    assert state_of(done.submission_id) == "loaded"


def test_a_move_that_is_not_allowed_is_refused_and_changes_nothing() -> None:
    done = send("forbidden", b"%PDF-1.4\n%%EOF\n")
    with pytest.raises(ForbiddenMove), database.connect() as connection:
        ledger.withdraw(connection, done.submission_id, WHY)
    assert states(done.submission_id) == ["received", "rejected"]


def test_every_event_of_this_file_names_who_and_people_s_decisions_say_why() -> None:
    done = send("told", csv_bytes(tambon_rows(20)))
    life.withdraw(done.submission_id, WHY)
    life.undo_withdrawal(done.submission_id, WHY)
    [row] = query(
        "select count(*) filter (where actor = '') as nobody,"
        " count(*) filter (where reason is null and (state = 'withdrawn' or previous_state in ('held', 'withdrawn')))"
        " as unexplained, count(*) as events from ops.submission_events"
    )
    assert (row["nobody"], row["unexplained"]) == (0, 0)
    assert row["events"] >= 5


def test_the_page_about_it_tells_the_moves_that_are_allowed() -> None:
    page = (PROJECT_ROOT / "docs" / "submission-life.md").read_text(encoding="utf-8")
    [table] = re.findall(r"^## Which state.+?\n\| from .+?\n\|---.+?\n(.+?)\n\n", page, re.MULTILINE | re.DOTALL)
    told = {tuple(line.strip("| ").split(" | ")) for line in table.splitlines()}
    allowed = query("select previous_state, state, meaning from ops.submission_moves")
    assert told == {tuple(row.values()) for row in allowed}
