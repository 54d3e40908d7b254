"""Tells engineers, once each, that a flow failed, a release is held, or the published one has become old.

Off until `CHAIDAEN_NOTIFY_URL` names a webhook or a mail server. Every event is written down before it is sent
(`ops.notices`); what could not be sent is tried again the next time, and no flow ever fails because of it. A process
killed between sending and writing that down sends the same words once more: better twice than never.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow

from core import clock, database
from core.errors import UserFacingError
from core.messenger import Message, Messenger, NotDelivered, messenger
from core.settings import settings

Kind = Literal["flow_failed", "release_held", "release_stale"]
TRIED_FOR = timedelta(days=3)  # older news is no news; it stays in ops.notices, unsent
log = logging.getLogger(__name__)

# A release that failed and the one that passed in its place are one event; attempts that failed as well are none.
_HELD = """
select r.release_id, r.gate, e.reason,
    (select count(*) from ops.gate_results as g where g.release_id = r.release_id and not g.success) as failures,
    i.release_id as instead,
    (select string_agg(h.dataset_id, ', ' order by 1) from ops.release_held_back as h
    where h.release_id = i.release_id and h.failed_release_id = r.release_id) as held_back
from ops.releases as r
left join ops.releases as i on i.fallback_of = r.release_id and i.gate in ('passed', 'warning')
join lateral (
    select occurred_at, reason from ops.release_events
    where release_id = r.release_id and event = 'held' order by event_id desc limit 1
) as e on true
where r.state = 'held' and e.occurred_at > %(since)s
    and not exists (select from ops.release_decisions as d where d.release_id = r.release_id)
    and (r.fallback_of is null or r.gate in ('passed', 'warning'))
order by r.release_id, i.release_id
"""
_STALE = """
select r.release_id, r.published_at,
    (select count(*) from ops.submissions as s where s.state = 'loaded') as waiting
from store.current as c join ops.releases as r using (release_id)
where r.published_at < %(old)s
"""


@dataclass(frozen=True, slots=True)
class Notice:
    """One event in words. `key` names the event, so that it is told once however often it is noticed."""

    key: str
    kind: Kind
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Told:
    """sent, failed: how many notices were, and could not be, delivered now."""

    sent: int = 0
    failed: int = 0


def tell(*notices: Notice) -> Told:
    """Write these down, look for releases that are held or old, and send whatever has not been sent. Never raises.

    Without a database to write them down in, these are sent all the same: it may be what made the flow fail.
    """
    try:
        messages = messenger(settings().notify_url)
    except UserFacingError as error:
        log.warning("Nobody can be notified: %s", error)
        return Told(failed=len(notices))
    if messages is None:
        return Told()
    try:
        with database.connect(application="chaidaen notify") as connection:
            _write_down(connection, [*notices, *_held(connection), *_stale(connection)])
            connection.commit()
            return _send_all(connection, messages)
    except (UserFacingError, psycopg.Error) as error:
        log.warning("What is told now cannot be remembered: %s", error)
        return _send_unremembered(messages, notices)


def flow_failed(flow: str, title: str, run: str, tasks: list[str]) -> Notice:
    """A run of a flow that ended badly. `tasks`: those that failed; their words stay in Airflow's log."""
    named = ", ".join(sorted(tasks)) or "–"
    return Notice(
        f"flow_failed:{flow}:{run}",
        "flow_failed",
        f"งาน {flow} ล้มเหลว · The flow {flow} failed",
        f"{title}\n\nรอบ · Run: {run}\nขั้นที่ล้มเหลว · Failed steps: {named}\n\n"
        "ชุดที่เผยแพร่อยู่ยังคงเดิม ดูบันทึกของขั้นนั้นใน Airflow แล้วสั่งให้ทำงานอีกครั้ง ทุกขั้นทำซ้ำได้โดยไม่เกิดผลซ้ำ\n"
        "The published release stands. The log of the step in Airflow says why; every step may be run again.",
    )


def _held(connection: Connection[TupleRow]) -> list[Notice]:
    rows = connection.execute(_HELD, {"since": clock.now() - TRIED_FOR}).fetchall()
    return [
        _held_notice(release_id, gate, reason, failures)
        if instead is None
        else _held_back_notice(release_id, reason, failures, instead, datasets or "–")
        for release_id, gate, reason, failures, instead, datasets in rows
    ]


def _held_back_notice(release_id: int, reason: str | None, failures: int, instead: int, datasets: str) -> Notice:
    return Notice(
        f"release_held:{release_id}",
        "release_held",
        f"ข้อมูลใหม่ของ {datasets} ยังไม่เผยแพร่ · What is new in {datasets} is held back",
        f"ชุดที่ · Release: {release_id}\nเหตุ · Why: {reason or '–'}\n"
        f"ข้อที่ไม่ผ่าน · That did not hold: {failures}\n"
        f"ชุดที่ {instead} ผ่านแล้วและใช้แทน โดย {datasets} ยังเป็นข้อมูลเดิม"
        f" · Release {instead} has passed and takes its place, with {datasets} as it was.\n\n"
        "ขอให้หน่วยงานส่งข้อมูลที่แก้ไขแล้ว · Ask the agency for a corrected file; it is tried again as soon as it is in.\n"
        f"รายงาน · Report: chaidaen gate {release_id}",
    )


def _held_notice(release_id: int, gate: str | None, reason: str | None, failures: int) -> Notice:
    passed = gate in ("passed", "warning")
    todo = (
        f"อนุมัติ · Approve: chaidaen publish {release_id} --approve\n"
        f"ไม่อนุมัติ · Refuse: chaidaen publish {release_id} --reject --reason …"
        if passed
        else "แก้ไขข้อมูลแล้วสร้างใหม่ · Correct the data, then build again: chaidaen build"
    )
    return Notice(
        f"release_held:{release_id}",
        "release_held",
        f"ชุดที่ {release_id} ถูกระงับ · Release {release_id} is held",
        f"เหตุ · Why: {reason or '–'}\nผลการตรวจ · Gate: {gate or '–'}, {failures} ข้อที่ไม่ผ่าน · that did not hold\n"
        f"ชุดที่เผยแพร่อยู่ยังคงเดิม · The published release stands.\n\n{todo}\n"
        f"รายงาน · Report: chaidaen gate {release_id}",
    )


def _stale(connection: Connection[TupleRow]) -> list[Notice]:
    hours = settings().stale_hours
    rows = connection.execute(_STALE, {"old": clock.now() - timedelta(hours=hours)}).fetchall()
    return [
        Notice(
            f"release_stale:{release_id}",
            "release_stale",
            f"ชุดที่เผยแพร่ ({release_id}) เก่าแล้ว · The published release ({release_id}) is old",
            f"เผยแพร่เมื่อ · Published: {published_at:%Y-%m-%d %H:%M} UTC\n"
            f"เกิน {hours:g} ชั่วโมงแล้ว · More than {hours:g} hours ago\n"
            f"ชุดส่งที่รอเผยแพร่ · Submissions that wait for a release: {waiting}\n\n"
            "ดูว่าอะไรค้างอยู่ · See what is in the way: chaidaen status",
        )
        for release_id, published_at, waiting in rows
    ]


def _write_down(connection: Connection[TupleRow], notices: list[Notice]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.notices (notice_key, kind, subject, body, noticed_at) values (%s, %s, %s, %s, %s)"
            " on conflict (notice_key) do nothing",
            [(notice.key, notice.kind, notice.subject, notice.body, clock.now()) for notice in notices],
        )


def _send_all(connection: Connection[TupleRow], messages: Messenger) -> Told:
    """Oldest first, each in a transaction of its own; two processes never send the same one. Stops at a failure."""
    sent = 0
    while (row := _next(connection)) is not None:
        key, kind, subject, body = row
        try:
            messages.send(Message(key, kind, subject, body))
        except NotDelivered as error:
            _set_failed(connection, key, str(error))
            return Told(sent, 1)
        connection.execute(
            "update ops.notices set sent_at = %s, attempts = attempts + 1, last_error = null where notice_key = %s",
            [clock.now(), key],
        )
        connection.commit()
        sent += 1
    return Told(sent)


def _send_unremembered(messages: Messenger, notices: tuple[Notice, ...]) -> Told:
    sent = 0
    for notice in notices:
        try:
            messages.send(Message(notice.key, notice.kind, notice.subject, notice.body))
        except NotDelivered as error:
            log.warning("%s could not be told: %s", notice.key, error)
        else:
            sent += 1
    return Told(sent, len(notices) - sent)


def _next(connection: Connection[TupleRow]) -> tuple[str, str, str, str] | None:
    row: tuple[str, str, str, str] | None = connection.execute(
        "select notice_key, kind, subject, body from ops.notices where sent_at is null and noticed_at > %s"
        " order by attempts, noticed_at, notice_key limit 1 for update skip locked",
        [clock.now() - TRIED_FOR],
    ).fetchone()
    return row


def _set_failed(connection: Connection[TupleRow], key: str, error: str) -> None:
    log.warning("%s could not be told: %s", key, error)
    connection.execute(
        "update ops.notices set attempts = attempts + 1, last_error = %s where notice_key = %s", [error, key]
    )
    connection.commit()
