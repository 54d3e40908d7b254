"""How `chaidaen status` looks in the terminal: Thai first, English beside, the most urgent on top."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from chaidaen.overview import Overview, Owing
from ingestion.reports.words import STATES, short_thai_instant, shown

MAX_LINES = 12
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def screen(seen: Overview) -> RenderableType:
    """The whole picture, the most urgent first."""
    return Group(*_head(seen), *_held(seen), *_landing(seen), *_failures(seen), *_owing(seen), *_locks(seen))


def _head(seen: Overview) -> list[RenderableType]:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(justify="right", style="bold")
    facts.add_column(overflow="fold")
    facts.add_row("เวลา | now", short_thai_instant(seen.at))
    facts.add_row("งานรอ | work waiting", _work(seen))
    facts.add_row("รุ่นเผยแพร่ | release", _release(seen))
    counts = "  ".join(
        f"{thai} {seen.by_state[state]:,}" for state, (thai, _) in STATES.items() if state in seen.by_state
    )
    facts.add_row("ไฟล์ทั้งหมด | files", counts or "ยังไม่มีไฟล์ | nothing received yet")
    return [facts]


def _work(seen: Overview) -> Text:
    if not seen.work.waiting:
        return Text("ไม่มี | none", style="green")
    age = _age(seen, seen.work.oldest_received_at)
    words = f"{seen.work.waiting:,} (เก่าสุด | oldest: no. {seen.work.oldest_submission_id}, {age})"
    return Text(words, style="yellow")


def _release(seen: Overview) -> Text:
    if seen.release is None:
        return Text("ยังไม่มี | none yet", style="yellow")
    one, seconds = seen.release, seen.age_seconds(seen.release.published_at) or 0
    words = f"{one.release_id} ({one.gate}, ข้อมูลถึง | as of {one.as_of})  {_age(seen, one.published_at)}"
    return Text(words, style="red" if seconds > 2 * _DAY else "green" if one.gate == "passed" else "yellow")


def _held(seen: Overview) -> list[RenderableType]:
    rows = [
        (str(one.submission_id), _age(seen, one.received_at), one.reason_code or "",
         _scope(one.agency_id, one.dataset_id, one.period, one.part))
        for one in seen.held
    ]  # fmt: skip
    return _section("พักไว้ รอตัดสินใจ | held, somebody must decide", rows, "yellow")


def _landing(seen: Overview) -> list[RenderableType]:
    rows = [
        # rows are untyped dictionaries; this column is a timestamptz
        ("", _age(seen, one["first_seen_at"]), str(one["reason_code"]), shown(str(one["path"])))  # type: ignore[arg-type]
        for one in seen.waiting_in_landing
    ]
    return _section("ยังไม่อ่าน | in landing, not read yet", rows, "yellow")


def _failures(seen: Overview) -> list[RenderableType]:
    rows = [
        (one.what.removeprefix("submission "), _age(seen, one.occurred_at), one.outcome, shown(one.reason))
        for one in seen.failures
    ]
    return _section("ไม่ผ่านหรือขัดข้องใน 24 ชั่วโมง | failed or refused within 24 hours", rows, "red")


def _owing(seen: Overview) -> list[RenderableType]:
    if seen.owing is None:
        return []
    return [
        *_section("ยังไม่ส่ง | silent: expected and not there", _reports(seen.silent), "red"),
        *_section("ส่งช้า | came late", _reports(seen.late), "yellow"),
    ]


def _reports(found: Sequence[Owing]) -> list[tuple[str, str, str, str]]:
    return [
        ("", f"{one.due_date:%d/%m}/{one.due_date.year + 543}", one.state_now or one.last_state,
         f"{one.agency_name_th}  {one.dataset_id}/{one.period}")
        for one in found
    ]  # fmt: skip


def _locks(seen: Overview) -> list[RenderableType]:
    rows = [
        ("", _age(seen, one.locked_at), one.locked_by, f"{one.dataset_id}/{one.period}  {shown(one.lock_reason)}")
        for one in seen.locks
    ]
    return _section("งวดที่ปิด | locked periods", rows, "cyan")


def _section(title: str, rows: Sequence[tuple[str, str, str, str]], colour: str) -> list[RenderableType]:
    if not rows:
        return []
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for row in rows[:MAX_LINES]:
        table.add_row(*row)
    more = [Text(f"   … {len(rows) - MAX_LINES:,}", style="dim")] if len(rows) > MAX_LINES else []
    return [Text(f"\n{title}: {len(rows):,}", style=f"bold {colour}"), table, *more]


def _scope(agency_id: str, dataset_id: str, period: str, part: str) -> str:
    return shown(f"{agency_id}/{dataset_id}/{period}" + ("" if part == "all" else f"/{part}"))


def _age(seen: Overview, since: datetime | None) -> str:
    """`3 ชม. 20 น.`: days, hours, minutes, at most two of them."""
    seconds = seen.age_seconds(since) or 0
    if seconds < _MINUTE:
        return f"{seconds} วิ"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} นาที"
    if seconds < _DAY:
        return f"{seconds // _HOUR} ชม. {seconds % _HOUR // _MINUTE} นาที"
    return f"{seconds // _DAY} วัน {seconds % _DAY // _HOUR} ชม."
