"""What a release is made of. Equal recipes give equal content, so an equal recipe is not built again.

A release is opened for a reason: other submissions, another state of the ledger, other code, or a day on which the
calendar changes something (an obligation became overdue). Which models then are built says `publication.plan`.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from psycopg import Connection
from psycopg.rows import TupleRow

from core.settings import settings
from publication.calendar_facts import calendar_facts

GENERATED_FOLDERS = frozenset({"target", "logs", "dbt_packages", "__pycache__"})

# The ledger as models see it at this instant; %(listed)s are the submissions the release is made of. Of the same bytes
# sent several times on a day the last counts. A held file that a newer one replaced was never accepted: "overtaken".
LEDGER_NOW = """
    select max(s.submission_id) as submission_id, s.state
    from (
        select
            submission_id, agency_id, dataset_id, period, part, sha256,
            cast(received_at at time zone 'Asia/Bangkok' as date) as received_date,
            case
                when submission_id = any(%(listed)s) then 'in_release'
                when state in ('received', 'checked', 'loaded', 'released') then 'waiting'
                when state = 'superseded' and verdict = 'held' then 'overtaken'
                else state
            end as state
        from ops.submissions
        where state <> 'duplicate'
    ) as s
    group by s.agency_id, s.dataset_id, s.period, s.part, s.sha256, s.received_date, s.state
"""
_LEDGER_DIGEST = """
    select coalesce(md5(string_agg(
        concat_ws(
            '|', s.agency_id, s.dataset_id, s.period, s.part, s.sha256, l.state,
            to_char(s.received_at at time zone 'Asia/Bangkok', 'YYYY-MM-DD')
        ),
        e'\\n' order by s.agency_id, s.dataset_id, s.period, l.submission_id
    )), '')
    from ({}) as l join ops.submissions as s using (submission_id)
"""
_SUBMISSIONS_DIGEST = """
    select s.dataset_id, left(s.period, 4), md5(string_agg(
        concat_ws('|', s.submission_id, s.sha256, s.contract_version), e'\\n' order by s.submission_id
    ))
    from ops.release_submissions as r join ops.submissions as s using (submission_id)
    where r.release_id = %(release)s group by 1, 2
"""


@dataclass(frozen=True, slots=True)
class Recipe:
    """submissions: (submission_id, sha256) of each submission the release is made of, ascending by id."""

    submissions: tuple[tuple[int, str], ...]
    ledger: str
    code: str
    as_of: date
    calendar: Mapping[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[int]:
        return [number for number, _ in self.submissions]

    @property
    def digest(self) -> str:
        content = [self.submissions, self.ledger, self.code]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()

    @property
    def code_version(self) -> str:
        project = tomllib.loads((settings().project_root / "pyproject.toml").read_text(encoding="utf-8"))
        return f"{project['project']['version']}+{self.code[:12]}"

    def is_that_of(self, digest: str, calendar: Mapping[str, str]) -> bool:
        """Of a release with this digest, whose models depend on these facts of the calendar."""
        return self.digest == digest and all(self.calendar.get(name) == value for name, value in calendar.items())


@dataclass(frozen=True, slots=True)
class Facts:
    """What the models of one release may depend on, besides code and seeds. Values are hashes or short texts."""

    release_id: int
    submissions: Mapping[str, Mapping[str, str]]  # dataset -> year its periods begin with -> hash over its submissions
    ledger: str
    calendar: Mapping[str, str]


def effective_recipe(connection: Connection[TupleRow], as_of: date, submissions: Sequence[int] | None = None) -> Recipe:
    """The recipe of a release opened now, of the effective submissions or of those given.

    The caller's transaction must be REPEATABLE READ: list and ledger are then of one instant.
    """
    chosen = "state in ('loaded', 'released')" if submissions is None else "submission_id = any(%(chosen)s)"
    rows = connection.execute(
        f"select submission_id, sha256 from ops.submissions where {chosen} order by submission_id",
        {"chosen": list(submissions or ())},
    ).fetchall()
    listed = [int(row[0]) for row in rows]
    ledger = connection.execute(_LEDGER_DIGEST.format(LEDGER_NOW), {"listed": listed}).fetchone()
    return Recipe(
        tuple((int(number), str(sha256)) for number, sha256 in rows),
        str(ledger[0]) if ledger else "",
        code_hash(),
        as_of,
        calendar_facts(as_of),
    )


def facts_of(connection: Connection[TupleRow], release_id: int, as_of: date) -> Facts:
    """The facts as the release was opened with them, whatever has come since."""
    given = {"release": release_id}
    kept = "select submission_id, state from ops.release_ledger where release_id = %(release)s"
    ledger = connection.execute(_LEDGER_DIGEST.format(kept), given).fetchone()
    submissions: dict[str, dict[str, str]] = {}
    for dataset, year, digest in connection.execute(_SUBMISSIONS_DIGEST, given).fetchall():
        submissions.setdefault(dataset, {})[year] = digest
    return Facts(release_id, submissions, str(ledger[0]) if ledger else "", calendar_facts(as_of))


def code_hash() -> str:
    """SHA-256 over the names and bytes of all models, seeds, contracts and expectations."""
    root = settings().project_root
    return hash_of_files(root / "dbt_project", settings().contracts, root / "expectations")


def hash_of_files(*folders: Path) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(source_files(folder)):
            digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def source_files(folder: Path) -> Iterator[Path]:
    """Every file below the folder that a person wrote."""
    children: Iterable[Path] = folder.iterdir() if folder.is_dir() else ()
    for child in children:
        if child.name.startswith(".") or child.name in GENERATED_FOLDERS:
            continue
        if child.is_dir():
            yield from source_files(child)
        else:
            yield child
