"""The morning's picture: what waits, is held, failed or is locked, who is silent, how old the release is."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from psycopg.rows import class_row, dict_row

from core import clock
from ingestion import ledger
from ingestion.ledger import AnyConnection, Filter, PeriodLock, Submission

FAILURES_WITHIN = timedelta(hours=24)
SHOWN = 200

_FAILURES = """
select occurred_at, 'submission ' || submission_id as what, state as outcome, actor, coalesce(reason, '') as reason
from ops.submission_events
where occurred_at >= %(since)s and (reason like 'internal_reader_failure%%' or state = 'rejected'
    or (state = 'held' and reason like 'failure %%'))
union all
select occurred_at, 'release ' || release_id, event, actor, coalesce(reason, '')
from ops.release_events
where occurred_at >= %(since)s and event = 'held'
order by occurred_at desc
"""
# Who owes what is defined once, in the mart; a file that came since that release is told beside it.
_OWING = """
select m.agency_id, m.agency_name_th, m.agency_name_en, m.dataset_id, m.period, m.due_date, m.last_state,
    m.actual_reports > 0 as is_late, newest.state as state_now
from marts_exact.submission_status as m
left join lateral (
    select s.state from ops.submissions as s
    where (s.agency_id, s.dataset_id, s.period) = (m.agency_id, m.dataset_id, m.period)
        and s.state <> all('{duplicate,superseded}')
    order by s.submission_id desc limit 1
) as newest on true
where m.expected_reports > m.actual_reports_on_time
order by is_late, m.due_date, m.dataset_id, m.agency_id
"""


@dataclass(frozen=True, slots=True)
class Work:
    """What nobody has decided yet."""

    waiting: int
    oldest_submission_id: int | None
    oldest_received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owing:
    """A report that is expected and is not there, or came late, by the published release.

    `state_now`: what became of the newest file of that agency, dataset and period by now, None without any.
    """

    agency_id: str
    agency_name_th: str
    agency_name_en: str
    dataset_id: str
    period: str
    due_date: date
    last_state: str
    is_late: bool
    state_now: str | None


@dataclass(frozen=True, slots=True)
class Published:
    """The release readers see."""

    release_id: int
    published_at: datetime
    as_of: date
    gate: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong lately, or was refused."""

    occurred_at: datetime
    what: str
    outcome: str
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything `chaidaen status` shows, of one instant; times are UTC."""

    at: datetime
    by_state: dict[str, int]
    work: Work
    held: list[Submission]
    waiting_in_landing: list[dict[str, object]]
    owing: list[Owing] | None  # None: nothing is published yet
    release: Published | None
    failures: list[Failure]
    locks: list[PeriodLock]
    last_received_at: datetime | None

    @property
    def silent(self) -> list[Owing]:
        return [one for one in self.owing or () if not one.is_late]

    @property
    def late(self) -> list[Owing]:
        return [one for one in self.owing or () if one.is_late]

    def age_seconds(self, since: datetime | None) -> int | None:
        """How long ago that was at `at`; a clock that jumped back makes nothing younger than now."""
        return None if since is None else max(0, int((self.at - since).total_seconds()))

    def as_json(self) -> dict[str, Any]:
        from ingestion.reports.from_ledger import receipt_of

        return {
            "at": self.at,
            "submissions_by_state": self.by_state,
            "work": {**asdict(self.work), "oldest_age_seconds": self.age_seconds(self.work.oldest_received_at)},
            "held": [
                {**receipt_of(one).as_json(), "age_seconds": self.age_seconds(one.received_at)} for one in self.held
            ],
            "waiting_in_landing": self.waiting_in_landing,
            "silent": None if self.owing is None else [asdict(one) for one in self.silent],
            "late": None if self.owing is None else [asdict(one) for one in self.late],
            "last_release": None
            if self.release is None
            else {**asdict(self.release), "age_seconds": self.age_seconds(self.release.published_at)},
            "failures_24h": [asdict(one) for one in self.failures],
            "locks": [asdict(one) for one in self.locks],
            "last_received_at": self.last_received_at,
        }


def overview(connection: AnyConnection) -> Overview:
    """Look at everything once, in one snapshot."""
    now = clock.now()
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        return Overview(
            at=now,
            by_state=_by_state(connection),
            work=_work(connection),
            held=ledger.submissions(connection, which=Filter(state="held"), limit=SHOWN),
            waiting_in_landing=ledger.waiting(connection),
            owing=_owing(connection),
            release=_release(connection),
            failures=_failures(connection, now - FAILURES_WITHIN),
            locks=ledger.period_locks(connection, lifted_too=False),
            last_received_at=_last_received(connection),
        )


def _by_state(connection: AnyConnection) -> dict[str, int]:
    rows = connection.execute("select state, count(*) from ops.submissions group by state order by state").fetchall()
    return {str(state): int(str(count)) for state, count in rows}


def _work(connection: AnyConnection) -> Work:
    with connection.cursor(row_factory=class_row(Work)) as cursor:
        return cursor.execute(
            "select count(*) as waiting, min(submission_id) as oldest_submission_id,"
            " min(received_at) as oldest_received_at from ops.submissions where state = 'received'"
        ).fetchone() or Work(0, None, None)


def _owing(connection: AnyConnection) -> list[Owing] | None:
    row = connection.execute("select to_regclass('marts_exact.submission_status') is not null").fetchone()
    if row != (True,) or _release(connection) is None:
        return None
    with connection.cursor(row_factory=class_row(Owing)) as cursor:
        return cursor.execute(_OWING).fetchall()


def _release(connection: AnyConnection) -> Published | None:
    with connection.cursor(row_factory=class_row(Published)) as cursor:
        return cursor.execute(
            "select r.release_id, c.switched_at as published_at, r.as_of, r.gate from store.current as c"
            " join ops.releases as r using (release_id)"
        ).fetchone()


def _failures(connection: AnyConnection, since: datetime) -> list[Failure]:
    with connection.cursor(row_factory=class_row(Failure)) as cursor:
        return cursor.execute(_FAILURES, {"since": since}).fetchall()


def _last_received(connection: AnyConnection) -> datetime | None:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute("select max(received_at) as at from ops.submissions").fetchone()
    return None if row is None else row["at"]
