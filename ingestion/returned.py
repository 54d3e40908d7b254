"""A bad-rows file that comes back: a revision of the rows accepted before plus the corrected ones.

Its rows carry the address they had (`_submission_id`, `_sheet`, `_row`). Everything the submission they mend had is
taken over under the new number, then the rows of the file replace those of the same address; what stays bad stays
rejected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from ingestion import archive, ledger
from ingestion.checking import CheckedChunk, References, Scope, check_file
from ingestion.contracts import Contract, raw_columns, vault_columns
from ingestion.issues import Issue, issue
from ingestion.ledger import AnyConnection, Effective, Submission
from ingestion.loading import KEY_COLUMNS, Loader, key_columns
from ingestion.stages import Received

MAX_LISTED = 100
MENDABLE = "too_many_errors"  # the only refusal that good rows survive
_OURS = ("_base_submission", "_base_sheet", "_base_row")


@dataclass(frozen=True, slots=True)
class Merged:
    """A revision put together: how many rows it has, and what it mends."""

    base_submission_id: int
    mended_rows: int
    accepted_rows: int
    rejected_rows: int


class NotMerged(Exception):
    """The rows can't be put back where they came from; `issues` say why, the first decides."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__(issues[0].code)
        self.issues = issues


class Returned:
    """Collects the chunks of a bad-rows file, then makes the revision."""

    def __init__(self, connection: AnyConnection, contract: Contract, received: Received, scope: Scope) -> None:
        self._connection, self._contract, self._received, self._scope = connection, contract, received, scope
        self._chunks: list[CheckedChunk] = []

    def add(self, chunk: CheckedChunk) -> bool:
        """Take the chunk if it is of a bad-rows file."""
        is_returned = _OURS[0] in chunk.accepted.column_names
        if is_returned:
            self._chunks.append(chunk)
        return is_returned

    def merge(self, loader: Loader, earlier: Effective | None) -> Merged:
        """Put the revision together under the new number. Raises NotMerged; then nothing of it is left."""
        loader.settle()
        base = self._base(earlier)
        with self._connection.transaction():  # undone when a row does not fit
            self._take_over(loader, base)
            self._replace(loader, self._chunks, strict=True)
            self._refuse_doubled_keys()
            accepted, rejected = self._count(), self._count_rejected()
        mended = sum(chunk.accepted.num_rows for chunk in self._chunks)
        return Merged(base.submission_id, mended, accepted, rejected)

    # ---- which submission ----------------------------------------------------------------------------------------

    def _base(self, earlier: Effective | None) -> Submission:
        numbers = {text for text in self._told("_base_submission") if text}
        if len(numbers) > 1:
            raise NotMerged([issue("returned_base_mixed", found=", ".join(sorted(numbers)[:5]))])
        number = next(iter(numbers), "")
        found = ledger.submission(self._connection, int(number)) if number.isdigit() and len(number) < 18 else None
        if found is None:
            raise NotMerged([issue("returned_base_unknown", found=number[:40] or "–")])
        received = self._received
        where = (found.agency_id, found.dataset_id, found.period, found.part)
        if where != (received.agency_id, received.dataset_id, received.period, received.part):
            raise NotMerged([issue("returned_base_foreign", submission_id=number)])
        return self._in_force(found, earlier)

    def _in_force(self, found: Submission, earlier: Effective | None) -> Submission:
        """The submission itself, or the revision in force that was made of it by earlier corrections."""
        current = None if earlier is None else ledger.submission(self._connection, earlier.submission_id)
        step = current
        while current is not None and step is not None:
            if step.submission_id == found.submission_id:
                return current
            step = _base_of(self._connection, step)
        if current is not None and current.submission_id > found.submission_id:
            raise NotMerged(
                [issue("returned_base_superseded", submission_id=found.submission_id, newer=current.submission_id)]
            )
        if found.state == "held" or (found.state == "rejected" and found.reason_code == MENDABLE):
            return found
        raise NotMerged([issue("returned_base_not_usable", submission_id=found.submission_id, state=found.state)])

    def _told(self, column: str) -> Iterator[str]:
        for chunk in self._chunks:
            for rows in (chunk.accepted, chunk.rejected):
                if column not in rows.column_names:
                    raise NotMerged(self._unplaced(rows["_row"].to_pylist()))
                yield from (text or "" for text in rows[column].to_pylist())

    # ---- taking over ---------------------------------------------------------------------------------------------

    def _take_over(self, loader: Loader, base: Submission) -> None:
        """Rows of `base`, accepted and rejected, under the new number and at their own addresses."""
        if base.state in ("loaded", "released", "superseded"):
            self._copy_accepted(base.submission_id)
        else:  # nothing of it was loaded: its bytes are read again
            before = _base_of(self._connection, base)
            if before is not None:
                self._take_over(loader, before)
            self._read_again(loader, base)
        loader.settle()
        self._connection.execute(
            "insert into vault.rejected_rows (_submission_id, _sheet, _row, content, codes)"
            " select %s, _sheet, _row, content, codes from vault.rejected_rows where _submission_id = %s"
            " on conflict (_submission_id, _sheet, _row) do update set content = excluded.content,"
            " codes = excluded.codes",
            [self._received.submission_id, base.submission_id],
        )

    def _read_again(self, loader: Loader, base: Submission) -> None:
        with check_file(archive.path_of(base.sha256), self._contract, self._scope, References.load()) as run:
            for chunk in run:
                if _OURS[0] in chunk.accepted.column_names:
                    self._replace(loader, [chunk], strict=False)
                else:
                    loader.chunk(replace(chunk, rejected=chunk.rejected.slice(0, 0), issues=[]))

    def _copy_accepted(self, base_id: int) -> None:
        for schema, columns in (("raw", raw_columns(self._contract)), ("vault", vault_columns(self._contract))):
            if not columns:
                continue
            names = sql.SQL(", ").join(
                sql.Identifier(name) for name in (*KEY_COLUMNS[1:], *(name for name, _ in columns))
            )
            self._connection.execute(
                sql.SQL(
                    "insert into {table} (_submission_id, {names}) select %s, {names} from {table}"
                    " where _submission_id = %s"
                ).format(table=sql.Identifier(schema, self._contract.id), names=names),
                [self._received.submission_id, base_id],
            )

    # ---- replacing -----------------------------------------------------------------------------------------------

    def _replace(self, loader: Loader, chunks: Sequence[CheckedChunk], *, strict: bool) -> None:
        """The rows of a returned file in place of those of the same address; `strict`: each must have had one."""
        placed = [(_placed(chunk.accepted), _placed(chunk.rejected)) for chunk in chunks]
        addresses = pa.concat_tables(
            [
                pa.table({"sheet": rows["_sheet"], "row": rows["_row"], "at": chunk_rows["_row"]})
                for chunk, pair in zip(chunks, placed, strict=True)
                for rows, chunk_rows in zip(pair, (chunk.accepted, chunk.rejected), strict=True)
            ]
        )
        if strict:
            self._refuse_strangers(addresses)
        sheets, rows = addresses["sheet"].to_pylist(), addresses["row"].to_pylist()
        for name in self._tables():
            self._connection.execute(
                sql.SQL(
                    "delete from {} as had using unnest(%s::text[], %s::bigint[]) as given (sheet, row_no)"
                    " where had._submission_id = %s and had._sheet = given.sheet and had._row = given.row_no"
                ).format(name),
                [sheets, rows, self._received.submission_id],
            )
        for accepted, rejected in placed:  # without `strict` the rejected ones lie in the vault already
            loader.chunk(CheckedChunk(accepted, rejected if strict else rejected.slice(0, 0), []))
        loader.settle()

    def _tables(self) -> list[sql.Identifier]:
        schemas = ("raw", "vault") if vault_columns(self._contract) else ("raw",)
        return [*(sql.Identifier(s, self._contract.id) for s in schemas), sql.Identifier("vault", "rejected_rows")]

    def _refuse_strangers(self, addresses: pa.Table) -> None:
        """Every address is one the base has, and each comes once."""
        unreadable = addresses.filter(pc.is_null(addresses["row"]))
        if unreadable.num_rows:
            raise NotMerged(self._unplaced(unreadable["at"].to_pylist()))
        found = self._connection.execute(
            sql.SQL(
                "select given.at from unnest(%s::text[], %s::bigint[], %s::bigint[]) as given (sheet, row_no, at)"
                " left join lateral (select true as known from {raw} as r where r._submission_id = %s"
                " and r._sheet = given.sheet and r._row = given.row_no union all"
                " select true from vault.rejected_rows as b where b._submission_id = %s"
                " and b._sheet = given.sheet and b._row = given.row_no limit 1) as had on true"
                " where had.known is null order by given.at"
            ).format(raw=sql.Identifier("raw", self._contract.id)),
            [
                addresses["sheet"].to_pylist(),
                addresses["row"].to_pylist(),
                addresses["at"].to_pylist(),
                self._received.submission_id,
                self._received.submission_id,
            ],
        ).fetchall()
        if found:
            raise NotMerged(self._unplaced([int(str(at)) for (at,) in found]))
        counts = addresses.group_by(["sheet", "row"]).aggregate([("at", "count"), ("at", "max")])
        twice = counts.filter(pc.greater(counts["at_count"], 1))["at_max"].to_pylist()
        if twice:
            raise NotMerged([issue("returned_row_twice", row=row) for row in sorted(twice)[:MAX_LISTED]])

    def _unplaced(self, rows: Sequence[int]) -> list[Issue]:
        return [issue("returned_row_unknown", row=row) for row in rows[:MAX_LISTED]]

    def _refuse_doubled_keys(self) -> None:
        """A corrected row may not have the key of a row that was accepted before."""
        names = key_columns(self._contract)
        if not names or len(names) < len(self._contract.primary_key):
            return
        at = {
            (sheet, row): int(line)
            for chunk in self._chunks
            for sheet, row, line in zip(
                _placed(chunk.accepted)["_sheet"].to_pylist(),
                _placed(chunk.accepted)["_row"].to_pylist(),
                chunk.accepted["_row"].to_pylist(),
                strict=True,
            )
        }
        same = sql.SQL(" and ").join(sql.SQL("r.{0} = o.{0}").format(sql.Identifier(name)) for name in names)
        doubled = self._connection.execute(
            sql.SQL(
                "select r._sheet, r._row, min(o._row) from {raw} as r join unnest(%s::text[], %s::bigint[]) as given"
                " (sheet, row_no) on given.sheet = r._sheet and given.row_no = r._row"
                " join {raw} as o on o._submission_id = r._submission_id and {same}"
                " and (o._sheet, o._row) <> (r._sheet, r._row)"
                " where r._submission_id = %s group by r._sheet, r._row order by r._sheet, r._row limit %s"
            ).format(raw=sql.Identifier("raw", self._contract.id), same=same),
            [[sheet for sheet, _ in at], [row for _, row in at], self._received.submission_id, MAX_LISTED],
        ).fetchall()
        if doubled:
            raise NotMerged(
                [
                    issue("returned_duplicate_key", row=at[str(sheet), int(str(row))], other_row=other)
                    for sheet, row, other in doubled
                ]
            )

    def _count(self) -> int:
        row = self._connection.execute(
            sql.SQL("select count(*) from {} where _submission_id = %s").format(
                sql.Identifier("raw", self._contract.id)
            ),
            [self._received.submission_id],
        ).fetchone()
        return int(str(row[0])) if row else 0

    def _count_rejected(self) -> int:
        row = self._connection.execute(
            "select count(*) from vault.rejected_rows where _submission_id = %s", [self._received.submission_id]
        ).fetchone()
        return int(str(row[0])) if row else 0


def _placed(rows: pa.Table) -> pa.Table:
    """Rows at the address they had, not at that in the returned file; an unreadable row number becomes null."""
    digits = pc.if_else(pc.match_substring_regex(rows["_base_row"], r"^[0-9]{1,18}$"), rows["_base_row"], None)
    at = rows.schema.get_field_index
    rows = rows.set_column(at("_row"), "_row", digits.cast(pa.int64()))
    rows = rows.set_column(at("_sheet"), "_sheet", pc.fill_null(rows["_base_sheet"], ""))
    return rows.drop_columns(list(_OURS))


def _base_of(connection: AnyConnection, submission: Submission) -> Submission | None:
    base = submission.base_submission_id
    return None if base is None else ledger.submission(connection, base)
