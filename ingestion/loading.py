"""From the checker's stream into the warehouse: `COPY` per chunk, in columns, inside the caller's transaction.

A rejected or held submission leaves no row in raw or vault, but keeps its issues and its rejected rows.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import sql

from ingestion.checking import CheckedChunk
from ingestion.contracts import Contract, raw_columns, vault_columns
from ingestion.issues import Issue, Repair
from ingestion.ledger import AnyConnection
from ingestion.pseudonyms import keys

KEY_COLUMNS = ("_submission_id", "_sheet", "_row")
ISSUE_COLUMNS = (
    "submission_id", "issue_no", "code", "severity", "sheet", "row_no", "column_name", "cell", "value_masked",
    "message_th", "message_en", "cure_th", "cure_en",
)  # fmt: skip
REJECTED_COLUMNS = (*KEY_COLUMNS, "content", "codes")

WAITING_CHUNKS = 2  # one being loaded, one ready; more would only cost memory

# What Arrow has to hold for each type of the database: the binary form of COPY is taken as it is, never converted.
# Text, UUID, date, boolean and numeric columns come that way from the check.
_INTEGERS = {"smallint": pa.int16(), "integer": pa.int32(), "bigint": pa.int64()}


@dataclass(frozen=True, slots=True)
class Copy:
    """One COPY: the statement and the bytes that go with it."""

    statement: sql.Composed
    pieces: Sequence[bytes]


class Loader:
    """Writes what was found in one submission; counts issues over all chunks. Never commits.

    Within `with`, one thread turns a chunk into text and another sends it while the next one is checked, so that the
    server always has something to read; whatever else needs the connection waits for them first. An error of theirs is
    raised by the next call, at the latest when the block ends.
    """

    def __init__(self, connection: AnyConnection, contract: Contract, submission_id: int) -> None:
        self._connection = connection
        self._contract = contract
        self._submission_id = submission_id
        raw, vault = raw_columns(contract), vault_columns(contract)
        self._raw = [*KEY_COLUMNS, *(name for name, _ in raw)]
        self._vault = [*KEY_COLUMNS, *(name for name, _ in vault)] if vault else []
        self._integers = {name: _INTEGERS[sql_type] for name, sql_type in raw + vault if sql_type in _INTEGERS}
        self._encoder = ThreadPoolExecutor(1, thread_name_prefix="chaidaen-encoder")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="chaidaen-writer")
        self._waiting: deque[Future[None]] = deque()
        self.issues = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.settle()
        finally:  # the caller rolls back or goes on with the connection: nobody else may be using it then
            self._encoder.shutdown(cancel_futures=True)
            self._writer.shutdown(cancel_futures=True)

    def chunk(self, chunk: CheckedChunk) -> None:
        """Everything found in some rows of the file."""
        self._later(lambda: self._encode_chunk(chunk))

    def found(self, issues: Sequence[Issue]) -> None:
        """Errors and queries about the whole file, numbered in the order they come."""
        self._later(lambda: self._encode_issues(issues))

    def accepted(self, rows: pa.Table) -> None:
        """Rows without an error, written at once: typed contract columns plus `_sheet`, `_row`, identifiers clear."""
        self.settle()
        self._send(self._encode_accepted(rows))

    def rejected(self, rows: pa.Table) -> None:
        """Rows with an error, written at once: `_sheet`, `_row`, `content` (JSON text, as sent), `codes`."""
        self.settle()
        self._send(self._encode_rejected(rows))

    def _later(self, encode: Callable[[], list[Copy]]) -> None:
        while len(self._waiting) >= WAITING_CHUNKS:
            self._waiting.popleft().result()
        encoded = self._encoder.submit(encode)
        self._waiting.append(self._writer.submit(lambda: self._send(encoded.result())))

    def settle(self) -> None:
        """Wait until everything handed over so far is in the transaction; raises what the writer raised."""
        while self._waiting:
            self._waiting.popleft().result()

    def _send(self, copies: Sequence[Copy]) -> None:
        for copied in copies:
            with self._connection.cursor() as cursor, cursor.copy(copied.statement) as copy:
                for piece in copied.pieces:
                    copy.write(piece)

    def _encode_chunk(self, chunk: CheckedChunk) -> list[Copy]:
        return [
            *self._encode_accepted(chunk.accepted),
            *self._encode_rejected(chunk.rejected),
            *self._encode_issues(chunk.issues),
        ]

    def _encode_accepted(self, rows: pa.Table) -> list[Copy]:
        if rows.num_rows == 0:
            return []
        rows = self._numbered(with_keys(rows, self._contract))
        for name, integer in self._integers.items():
            rows = rows.set_column(rows.schema.get_field_index(name), name, rows[name].cast(integer))
        targets = [("raw", self._raw)] + [("vault", self._vault)] * bool(self._vault)
        return [copy_of(schema, self._contract.id, rows.select(names)) for schema, names in targets]

    def _encode_rejected(self, rows: pa.Table) -> list[Copy]:
        if rows.num_rows == 0:
            return []
        return [copy_of("vault", "rejected_rows", self._numbered(rows).select(REJECTED_COLUMNS))]

    def _encode_issues(self, issues: Sequence[Issue]) -> list[Copy]:
        if not issues:
            return []
        cells: dict[str, Iterable[Any]] = {
            "submission_id": [self._submission_id] * len(issues),
            "issue_no": range(self.issues + 1, self.issues + 1 + len(issues)),
            "code": [one.code for one in issues],
            "severity": [one.severity for one in issues],
            "sheet": [one.sheet for one in issues],
            "row_no": [one.row for one in issues],
            "column_name": [one.column for one in issues],
            "cell": [one.cell for one in issues],
            "value_masked": [_storable(one.value) for one in issues],
            "message_th": [_storable(one.message_th) for one in issues],
            "message_en": [_storable(one.message_en) for one in issues],
            "cure_th": [_storable(one.cure_th) for one in issues],
            "cure_en": [_storable(one.cure_en) for one in issues],
        }
        numbers = {"submission_id": pa.int64(), "issue_no": pa.int32(), "row_no": pa.int64()}
        table = pa.table({name: pa.array(cells[name], numbers.get(name, pa.string())) for name in ISSUE_COLUMNS})
        self.issues += len(issues)
        return [copy_of("ops", "issues", table)]

    def repaired(self, repairs: Iterable[Repair]) -> None:
        """How often what was mended where; told once, at the end."""
        self.settle()
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "insert into ops.repairs (submission_id, code, column_name, repaired_cells, cells)"
                " values (%s, %s, %s, %s, %s)",
                [(self._submission_id, one.code, one.column, one.repaired_cells, list(one.cells)) for one in repairs],
            )

    def take_back(self) -> None:
        """Remove the accepted rows again: the submission as a whole is not taken in."""
        self.settle()
        for schema in ("raw", "vault") if self._vault else ("raw",):
            self._connection.execute(
                sql.SQL("delete from {} where _submission_id = %s").format(sql.Identifier(schema, self._contract.id)),
                [self._submission_id],
            )

    def keys_shared_with(self, earlier_submission_id: int) -> float:
        """Share (0 to 1) of the earlier revision's keys that this one has too; 1 when the dataset has no key."""
        names = key_columns(self._contract)
        if not names:
            return 1.0
        self.settle()
        # Grouped, not joined: rows just copied have no statistics, and a join planned for a few of them would loop over
        # millions.
        statement = sql.SQL(
            "select count(*) filter (where was_there and is_here)::float8"
            " / greatest(count(*) filter (where was_there), 1)"
            " from (select bool_or(_submission_id = %(earlier)s) as was_there,"
            " bool_or(_submission_id = %(here)s) as is_here"
            " from {raw} where _submission_id in (%(earlier)s, %(here)s) group by {keys}) as both_revisions"
        ).format(keys=sql.SQL(", ").join(map(sql.Identifier, names)), raw=sql.Identifier("raw", self._contract.id))
        revisions = {"earlier": earlier_submission_id, "here": self._submission_id}
        row = self._connection.execute(statement, revisions).fetchone()
        return float(str(row[0])) if row else 1.0

    def _numbered(self, rows: pa.Table) -> pa.Table:
        return rows.append_column("_submission_id", pa.repeat(pa.scalar(self._submission_id, pa.int64()), len(rows)))


def copy_of(schema: str, table: str, rows: pa.Table) -> Copy:
    """In PostgreSQL's binary form, which costs the server a quarter less than text: nothing is parsed."""
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, rows.column_names))
    )
    encoder = ArrowToPostgresBinaryEncoder(rows.schema)
    pieces = [encoder.write_header(), *map(encoder.write_batch, rows.to_batches()), encoder.finish()]
    return Copy(statement, pieces)


def with_keys(rows: pa.Table, contract: Contract) -> pa.Table:
    """`rows` with a key column (16 bytes of a UUID) for every identifier; the clear identifier stays for the vault."""
    for column in contract.columns:
        if column.identifier is not None and column.key_name is not None:
            rows = rows.append_column(column.key_name, keys(rows[column.name], column.identifier))
    return rows


def key_columns(contract: Contract) -> list[str]:
    """The contract's primary key as `raw` has it: identifiers by their key, other personal columns left out."""
    names = []
    for name in contract.primary_key:
        column = contract.column(name)
        if column.key_name is not None:
            names.append(column.key_name)
        elif not column.is_personal:
            names.append(name)
    return names


def _storable(text: str | None) -> str | None:
    """PostgreSQL keeps no NUL character; the symbol for it says that there was one."""
    return text.replace("\0", "␀") if text else text
