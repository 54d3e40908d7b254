"""What a new release would have to do with: the reason to wake the publication."""

from core import database


def loaded_but_in_no_release() -> list[int]:
    """Submissions that are loaded and that no release, of whatever state, has been made of yet, by number."""
    with database.connect() as connection:
        rows = connection.execute(
            "select submission_id from ops.submissions as s where state = 'loaded' and not exists"
            " (select from ops.release_submissions as r where r.submission_id = s.submission_id) order by submission_id"
        ).fetchall()
    return [int(row[0]) for row in rows]
