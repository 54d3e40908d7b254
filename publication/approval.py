"""A release that passed the gate may wait for a person: asked for here, answered in Airflow or by command.

Both sides read and write the same record, so an answer given on one is the answer on the other.
"""

from dataclasses import dataclass
from typing import Literal

from psycopg.rows import dict_row

from core import database
from core.errors import Held, UsageError, UserFacingError
from core.settings import settings
from expectations.gate import release_docs
from publication import decisions
from publication.decisions import Via
from publication.locks import POINTER
from publication.releases import hold, publish, record

WAITS = "waits for approval"
Standing = Literal["waiting", "approved", "rejected", "superseded"]
SHOWN_WARNINGS = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked, as Airflow shows it: a headline and Markdown, both in Thai and English."""

    subject: str
    body: str


def is_needed(gate: str | None) -> bool:
    """Whether a release with this gate result waits for a person (`CHAIDAEN_APPROVAL`)."""
    wanted = settings().approval
    return wanted == "always" or (wanted == "on_warning" and gate == "warning")


def ask(release_id: int, actor: str) -> Question | None:
    """Hold the release until somebody decides, and give the question. None: nobody is to be asked, or has answered.

    May be asked again; a release that waits goes on waiting.
    """
    state, gate = _state(release_id)
    if standing(release_id) != "waiting" or (state == "candidate" and not is_needed(gate)):
        return None
    hold(release_id, actor, WAITS)
    return _question(release_id, gate)


def refuse_unasked(release_id: int, actor: str) -> None:
    """For who publishes by hand: a candidate that needs a person's word is held instead. Raises Held then."""
    state, gate = _state(release_id)
    if state == "candidate" and is_needed(gate):
        hold(release_id, actor, WAITS)
        raise Held(
            f"Release {release_id} waits for approval; the published release stands.",
            cure=f"Look at the gate report, then `chaidaen publish {release_id} --approve`, or --reject --reason TEXT.",
        )


def standing(release_id: int) -> Standing:
    """What became of it so far: a release that readers see is approved, whoever published it."""
    state, _ = _state(release_id)
    if state in ("published", "superseded"):
        return "approved" if state == "published" else "superseded"
    decided = decisions.decisions_on(release_id)
    return "rejected" if decided and decided[-1].decision == "rejected" else "waiting"


def approve(release_id: int, actor: str, via: Via) -> Standing:
    """Publish a release that waits, in the name of `actor`. What was published meanwhile stays as it is.

    Raises GateFailed and the other errors of `releases.publish`.
    """
    if standing(release_id) not in ("approved", "superseded"):
        publish(release_id, actor, approve=True, via=via)
    return standing(release_id)


def reject(release_id: int, actor: str, via: Via, reason: str) -> Standing:
    """Refuse a release: it stays held, readers go on seeing the published one. It can still be approved later.

    Returns what stands: a release that was published a moment before stays so. Raises UsageError without a reason.
    """
    if not reason.strip():
        raise UsageError("A refusal needs its reason.", cure="Say why: --reason TEXT")
    _hold_if_candidate(release_id, actor)
    with database.connect(application="chaidaen reject") as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", [POINTER])
        held = connection.execute(
            "select from ops.releases where release_id = %s and state = 'held'", [release_id]
        ).fetchone()
        if held is not None:
            decisions.keep(connection, release_id, "rejected", actor=actor, via=via, reason=reason.strip())
            record(connection, release_id, "rejected", actor, reason.strip())
    return standing(release_id)


def _hold_if_candidate(release_id: int, actor: str) -> None:
    if _state(release_id)[0] == "candidate":
        hold(release_id, actor, WAITS)


def _state(release_id: int) -> tuple[str, str | None]:
    with database.connect() as connection:
        row = connection.execute("select state, gate from ops.releases where release_id = %s", [release_id]).fetchone()
    if row is None:
        raise UserFacingError(f"There is no release {release_id}.", cure="See `chaidaen releases`.")
    return str(row[0]), row[1]


def _question(release_id: int, gate: str | None) -> Question:
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        warnings = cursor.execute(
            "select title_th, title_en, mart from ops.gate_results where release_id = %s and not success"
            " order by expectation_id",
            [release_id],
        ).fetchall()
        submissions = cursor.execute(
            "select count(*) filter (where not exists (select from ops.release_submissions as p"
            " join store.current as c using (release_id) where p.submission_id = rs.submission_id)) as fresh,"
            " count(*) as all from ops.release_submissions as rs where rs.release_id = %s",
            [release_id],
        ).fetchone()
    counts = submissions or {"fresh": 0, "all": 0}
    lines = [f"* {w['title_th']} · {w['title_en']} (`{w['mart']}`)" for w in warnings[:SHOWN_WARNINGS]]
    if len(warnings) > SHOWN_WARNINGS:
        lines.append(f"* … +{len(warnings) - SHOWN_WARNINGS}")
    return Question(
        f"เผยแพร่ชุดที่ {release_id} หรือไม่ · Publish release {release_id}?",
        "\n".join(
            [
                f"ผลการตรวจ · Gate: **{gate}** — ข้อมูลที่ใช้ {counts['all']} ชุดส่ง ใหม่ {counts['fresh']} · "
                f"{counts['all']} submissions, {counts['fresh']} of them new",
                "",
                *(lines or ["ไม่มีคำเตือน · No warnings"]),
                "",
                f"รายงาน · Report: `{release_docs(release_id) / 'gate.html'}`",
                "",
                f"ตอบด้วยคำสั่งก็ได้ · Or by command: `chaidaen publish {release_id} --approve`, "
                f"`chaidaen publish {release_id} --reject --reason …`",
            ]
        ),
    )
