"""The files of a simulation: one for each feed, period and sending office, created when its first row comes."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from chaidaen.simulate.cell_defects import Defect
from chaidaen.simulate.defects import Seeder
from chaidaen.simulate.feed import AgencyFeed, Feed
from chaidaen.simulate.files import TableFile, create
from chaidaen.simulate.periods import in_words
from chaidaen.simulate.places import PROVINCES, reference_rows
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.rendering import layout, render, rows_of
from chaidaen.simulate.styles import style_of
from chaidaen.simulate.tables import Table
from ingestion.contracts import load_contract

_ROWS_AT_ONCE = 50_000
AnyFeed = Feed | AgencyFeed
Truth = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Office:
    """An agency that sends files; a regional one has no province."""

    agency_id: str
    province_code: str | None


@dataclass(frozen=True, slots=True)
class Spoiling:
    """How many rows get a mistake, and of which kinds."""

    seed: int
    share: float
    kinds: Sequence[Defect]


class Output:
    """One file being written, with the defects going into it. Without a row there is no file."""

    def __init__(
        self, feed: AnyFeed, period: str, office: Office, *, part: str | None, out: Path, spoil: Spoiling
    ) -> None:
        self.feed, self.period, self.office = feed, period, office
        self._style, self._contract = style_of(office.province_code), load_contract(feed.dataset)
        where = PROVINCES[office.province_code] if office.province_code else ""
        folder = Path(office.agency_id, feed.dataset, period, *([part] if part else []))
        stem = " ".join(word for word in (feed.file_name, where, period) if word)
        self.name = (folder / f"{stem}.{self._style.extension}").as_posix()
        place = f"จังหวัด{where}" if where else "จังหวัดชายแดนภาคใต้"
        self._title = f"{self._contract.label_th} {place} {in_words(period, self._contract.period_kind)}"
        self._path, self._layout, self._share = out / self.name, layout(self._contract, self._style), spoil.share
        rng = stream(spoil.seed, "defects", office.agency_id, feed.dataset, period, part)
        self._seeder = Seeder(office.province_code, self._layout, rng, spoil.kinds)
        self._file: TableFile | None = None
        self.rows = 0

    def add(self, table: Table) -> Iterator[Truth]:
        """Append the table; yields the truth of each seeded defect."""
        for piece in table.pieces(_ROWS_AT_ONCE):
            columns, seeded = self._seeder.seed(render(piece, self._layout), self._share)
            file = self._opened()
            rows = rows_of(columns)
            first = file.write(rows)
            self.rows += len(rows)
            for defect in seeded:
                cell = file.cell(first + defect.row, defect.column)
                yield {"file": self.name, "sheet": file.sheet, "cell": cell, "code": defect.code}

    def _opened(self) -> TableFile:
        if self._file is None:
            self._file = create(self._path, self._style, self._title, self._layout.headers)
        return self._file

    def close(self) -> None:
        if self._file:
            self._file.close()

    def discard(self) -> None:
        if self._file:
            self._file.discard()


@contextlib.contextmanager
def kept_when_whole(outputs: Sequence[Output]) -> Iterator[None]:
    """Put the files in their place when all is written; whatever goes wrong before leaves none of them."""
    try:
        yield
    except BaseException:
        for output in outputs:
            output.discard()
        raise
    for output in outputs:
        output.close()


@cache
def offices(kind: str) -> tuple[Office, ...]:
    """Every agency of a kind."""
    return tuple(
        Office(row["agency_id"], row["province_code"] or None)
        for row in reference_rows("agencies")
        if row["agency_kind"] == kind
    )
