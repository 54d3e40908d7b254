"""What a new release would have to do with: the reason to wake the publication."""

from core import database

_WAITING = """
select s.submission_id from ops.submissions as s
where s.state = 'loaded' and not exists (
    select from ops.release_submissions as r where r.submission_id = s.submission_id
)
union
select e.submission_id from ops.submission_events as e
where 'withdrawn' in (e.state, e.previous_state) and e.occurred_at > (select max(created_at) from ops.releases)
order by submission_id
"""


def waiting_for_a_release() -> list[int]:
    """Submissions, by number, that are loaded and that no release, of whatever state, has been made of yet, and those
    withdrawn, or brought back, since the newest release was opened."""
    with database.connect() as connection:
        return [int(number) for (number,) in connection.execute(_WAITING).fetchall()]
