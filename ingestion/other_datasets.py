"""References to other datasets, once the rows are loaded. Files arrive in any order, so they are only asked about."""

from collections.abc import Mapping

from psycopg import sql

from ingestion.agencies import agencies
from ingestion.contracts import Contract, dataset_references, load_contract
from ingestion.issues import Issue, issue
from ingestion.ledger import AnyConnection
from ingestion.reading import address
from ingestion.stages import Received

MAX_POINTED_AT = 100  # cells per column; every one of them says how many there are in all
_STATEMENT = """
select here._sheet, here._row, count(*) over ()
from {here} as here
where here._submission_id = %(submission_id)s and here.{column} is not null
and not exists (
    select 1 from {there} as there where there.{other} = here.{column} and there._submission_id = any(%(others)s)
)
order by here._sheet, here._row
limit %(limit)s
"""


def unmet_references(
    connection: AnyConnection, contract: Contract, received: Received, columns: Mapping[str, Mapping[str, int]]
) -> list[Issue]:
    """A query at each cell whose value the other dataset does not hold for this period and province.

    The rows of the submission lie in raw; columns: sheet → contract column → its place (0 = A) in the file. Where
    nothing of the other dataset has arrived yet nothing is asked: every build judges again.
    """
    found: list[Issue] = []
    for column, dataset, name in dataset_references(contract):
        others = _submissions(connection, dataset, received)
        if not others:
            continue
        target = load_contract(dataset)
        statement = sql.SQL(_STATEMENT).format(
            here=sql.Identifier("raw", contract.id),
            there=sql.Identifier("raw", dataset),
            column=sql.Identifier(column.key_name or column.name),
            other=sql.Identifier(target.column(name).key_name or name),
        )
        values = {"submission_id": received.submission_id, "others": others, "limit": MAX_POINTED_AT}
        for sheet, row, count in connection.execute(statement, values).fetchall():
            place = columns.get(str(sheet), {}).get(column.name)
            found.append(
                issue(
                    "reference_not_found",
                    sheet=str(sheet) or None,
                    row=int(str(row)),
                    column=column.name,
                    cell=None if place is None else address(place, int(str(row))),
                    count=f"{count:,}",
                    label_th=column.label_th,
                    label_en=column.label_en,
                    target_th=target.label_th,
                    target_en=target.label_en,
                )
            )
    return found


def _submissions(connection: AnyConnection, dataset: str, received: Received) -> list[int]:
    """Effective submissions of the other dataset for the same period, by agencies of the same province."""
    province = agencies()[received.agency_id].province_code
    senders = [agency.agency_id for agency in agencies().values() if agency.province_code == province]
    rows = connection.execute(
        "select submission_id from ops.submissions where dataset_id = %s and period = %s"
        " and agency_id = any(%s) and state in ('loaded', 'released')",
        [dataset, received.period, senders],
    ).fetchall()
    return [int(str(row[0])) for row in rows]
