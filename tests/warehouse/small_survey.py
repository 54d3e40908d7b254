"""A survey small enough to add up by hand. Every person, household and figure is invented.

A. Village 94010401: 20 households of two. 13 fail item 8 (living), 9 of these item 4 (health) too; 3 others fail
   item 2, which belongs to no dimension. So 13 poor households, 26 poor of 40 people.
B. Tambon 940101, which has no villages: 6 households of one. 5 fail item 22 (income).
C. Village 95010201: 10 households of one, 8 of them people without a number. All fail item 19 (education).

One person is listed in household 20 of A (not poor) and in household 1 of B (poor). Of the 26 poor people of A, 12 are
on Pattani's welfare-card register, 8 of them validated. Yala's treasury has sent no register. Household 20 of A was
sent again in a second part; one member's household was never surveyed; one population file was replaced by a revision.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from psycopg import sql

from core import database
from publication.recipe import LEDGER_NOW
from tests.ledger_by_hand import record_states

AS_OF = date(2022, 3, 31)
SHARED_PERSON = "A20-1"
ITEMS = [f"item_{number:02d}" for number in range(1, 32)]

# id, agency, dataset, part, state, received (UTC), accepted rows; the files of the release are those that are loaded.
SUBMISSIONS = [
    (1, "registration_office_94", "population", "all", "superseded", "2022-01-10T02:00Z", 2),
    (2, "registration_office_94", "population", "all", "loaded", "2022-03-20T02:00Z", 2),
    (3, "registration_office_95", "population", "all", "loaded", "2022-02-15T17:30Z", 1),  # 16 February in Bangkok
    (4, "community_development_94", "household_survey", "all", "loaded", "2022-01-20T02:00Z", 26),
    (5, "community_development_94", "household_survey", "b", "loaded", "2022-01-21T02:00Z", 1),
    (6, "community_development_94", "household_member", "all", "loaded", "2022-01-20T02:00Z", 47),
    (7, "community_development_95", "household_survey", "all", "loaded", "2022-01-20T02:00Z", 10),
    (8, "community_development_95", "household_member", "all", "loaded", "2022-01-20T02:00Z", 10),
    (9, "provincial_treasury_94", "welfare_card", "all", "loaded", "2022-01-20T02:00Z", 13),
    (10, "provincial_treasury_95", "welfare_card", "all", "rejected", "2022-01-20T02:00Z", 0),
]


def key(name: str) -> str:
    """Stands for the keyed hash of an invented identifier."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


def load() -> int:
    """Write the ledger and the raw rows; returns the release that lists what is loaded."""
    with database.connect() as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.submissions (submission_id, agency_id, dataset_id, period, part, sha256, size_bytes,"
            " file_name, landing_fingerprint, state, received_at, rows, accepted_rows, rejected_rows)"
            " overriding system value values (%s, %s, %s, '2564', %s, 'x', 1, 'f.csv', %s, %s, %s, %s, %s, 0)",
            [
                (i, agency, dataset, part, str(i), state, at, rows, rows)
                for i, agency, dataset, part, state, at, rows in SUBMISSIONS
            ],
        )
        record_states(connection)
        row = cursor.execute(
            "insert into ops.releases (state, as_of, recipe, code_version, created_at)"
            " values ('candidate', %s, 'by hand', 'test', '2022-03-31T00:00Z') returning release_id",
            [AS_OF],
        ).fetchone()
        assert row is not None
        cursor.execute(
            "insert into ops.release_submissions select %s, submission_id from ops.submissions where state = 'loaded'",
            row,
        )
        listed = [i for i, *_, state, _, _ in SUBMISSIONS if state == "loaded"]
        cursor.execute(
            f"insert into ops.release_ledger select %(release)s, l.* from ({LEDGER_NOW}) as l",
            {"release": row[0], "listed": listed},
        )
        _copy(
            cursor,
            "population",
            ["tambon_code", "data_status", "male_persons", "female_persons", "total_persons", "houses"],
            _populations(),
        )
        _copy(
            cursor,
            "household_survey",
            [
                "household_key",
                "tambon_code",
                "village_code",
                "survey_date",
                "member_persons",
                "income_per_person_baht",
                *ITEMS,
            ],
            _households(),
        )
        _copy(
            cursor,
            "household_member",
            ["household_key", "member_no", "person_key", "person_key_kind", "sex", "relation"],
            _members(),
        )
        _copy(
            cursor, "welfare_card", ["person_key", "person_key_kind", "validation_status", "registered_date"], _cards()
        )
    return int(row[0])


def _populations() -> Iterable[tuple[object, ...]]:
    yield 1, "940101", "final", 4000, 5000, 9000, 900
    yield 1, "940104", "final", 240, 260, 500, 150
    yield 2, "940101", "final", 480, 520, 1000, 300
    yield 2, "940104", "final", 240, 260, 500, 150
    yield 3, "950102", "final", 140, 160, 300, 90


def _households() -> Iterable[tuple[object, ...]]:
    for number in range(1, 21):
        failing = {8: number <= 13, 4: number <= 9, 2: 14 <= number <= 16}
        yield 4, *_household(f"A{number}", "940104", "94010401", 2, failing)
    for number in range(1, 7):
        yield 4, *_household(f"B{number}", "940101", None, 1, {22: number <= 5})
    yield 5, *_household("A20", "940104", "94010401", 2, {})
    for number in range(1, 11):
        yield 7, *_household(f"C{number}", "950102", "95010201", 1, {19: True})


def _household(name: str, tambon: str, village: str | None, members: int, failing: dict[int, bool]) -> Sequence[object]:
    answers = [
        "fail" if failing.get(number) else "not_applicable" if number == 27 else "pass" for number in range(1, 32)
    ]
    return [key(name), tambon, village, date(2021, 6, 1), members, 45000, *answers]


def _members() -> Iterable[tuple[object, ...]]:
    for number in range(1, 21):
        for member in (1, 2):
            yield 6, key(f"A{number}"), member, key(f"A{number}-{member}"), "citizen", "male", "head"
    for number in range(1, 7):
        person = SHARED_PERSON if number == 1 else f"B{number}-1"
        yield 6, key(f"B{number}"), 1, key(person), "citizen", "female", "head"
    yield 6, key("never surveyed"), 1, key("nobody knows where"), "citizen", "male", "head"
    for number in range(1, 11):
        known = number > 8
        yield (
            8,
            key(f"C{number}"),
            1,
            key(f"C{number}-1") if known else None,
            "citizen" if known else "missing",
            "male",
            "head",
        )


def _cards() -> Iterable[tuple[object, ...]]:
    for number in range(1, 13):
        yield 9, key(f"A{number}-1"), "citizen", "validated" if number <= 8 else "not_validated", date(2021, 5, 1)
    yield 9, key("A19-1"), "citizen", "validated", date(2021, 5, 1)  # validated, but not poor


def _copy(cursor: object, table: str, columns: list[str], rows: Iterable[tuple[object, ...]]) -> None:
    names = ["_submission_id", "_sheet", "_row", *columns]
    target = sql.SQL("copy raw.{} ({}) from stdin").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with cursor.copy(target) as copy:  # type: ignore[attr-defined]
        for number, (submission, *values) in enumerate(rows, start=2):
            copy.write_row((submission, "Sheet1", number, *values))
