"""A corpus of spoilt files: every kind of defect, in every format and layout, with the exact cell each must be told at.

Files are small, invented and the same bytes every time. A case knows its truth; `write_corpus` lays cases out as in
landing, with `truth.jsonl` beside them.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from chaidaen.simulate import truth
from chaidaen.simulate.cell_defects import DEFECTS, EXAMPLE_DEFECTS, Defect
from chaidaen.simulate.clean import (
    EXAMPLE,
    LAID_OUT,
    YEAR,
    clean_block,
    contract_of,
    other_province_codes,
    plain_only,
    source_of,
)
from chaidaen.simulate.column_defects import COLUMN_DEFECTS, ColumnDefect, emptied
from chaidaen.simulate.file_defects import FILE_DEFECTS, FileDefect
from chaidaen.simulate.layouts import ARRANGEMENTS, Arrangement, Block, Told, lay_out
from chaidaen.simulate.pages import LINES, ODS, TEXT_FORMATS, XLSX, Format, Page, written
from chaidaen.simulate.row_defects import ROW_DEFECTS, WRONG_TOTAL, Draft, NoRow, RowDefect
from ingestion.issues import entry

_SHEET_SKIPPED = "hidden_sheet_skipped"
Writers = Mapping[str, Callable[[Sequence[Page]], bytes]]
PLAIN = ARRANGEMENTS[0]
_CELL_DEFECTS = (*DEFECTS, *EXAMPLE_DEFECTS)
_FORMATS_FOR_EVERY_DATASET = ("UTF-8, comma", "xlsx")
_FORMATS_FOR_EVERY_LAYOUT = ("UTF-8, comma", "UTF-8 with BOM, semicolon", "UTF-16, tab", "CP874, pipe")


@dataclass(frozen=True, slots=True)
class Case:
    """One file of the corpus and what must be said of it. `told`: (sheet, cell, code) → the kind of defect."""

    number: int
    dataset: str
    form: Format
    layout: str
    content: bytes
    told: Mapping[Told, str] = field(hash=False)
    verdict: str
    rows: int | None  # None: the file is refused before rows are counted
    rejected_rows: int
    extension: str = ""

    @property
    def agency(self) -> str:
        return source_of(self.dataset).office.agency_id

    @property
    def province_code(self) -> str | None:
        """Of the sender."""
        return source_of(self.dataset).office.province_code

    @property
    def period(self) -> str:
        return source_of(self.dataset).period

    @property
    def part(self) -> str:
        return f"c{self.number:05d}"

    @property
    def file(self) -> str:
        """Path as in landing."""
        name = f"{self.dataset}.{self.extension or self.form.extension}"
        return f"{self.agency}/{self.dataset}/{self.period}/{self.part}/{name}"

    @property
    def is_clean(self) -> bool:
        """Nothing but what its layout brings along (an unknown column, a second sheet)."""
        return not any(self.told.values())


def kinds() -> dict[str, tuple[str, ...]]:
    """Every registered kind with its issue codes."""
    found: dict[str, tuple[str, ...]] = {kind.name: (kind.code, *kind.also) for kind in _CELL_DEFECTS}
    found |= {kind.name: kind.codes for kind in (*ROW_DEFECTS, WRONG_TOTAL)}
    found |= {kind.name: (kind.code,) for kind in COLUMN_DEFECTS}
    found |= {kind.name: (kind.code,) for kind in FILE_DEFECTS}
    return found | {name: (code,) for name, code in _WHOLE_TABLES.items()}


_WHOLE_TABLES = {
    "another table": "header_not_found",
    "header without rows": "no_data_rows",
    "too many wrong rows": "too_many_errors",
    "data of another province": "wrong_province",
    "title of another province": "wrong_province",
    "title of another year": "wrong_period",
    "rows of another year": "wrong_period",
    "rows of another agency": "wrong_agency",
    "title dated a day that never was": "content_date_unclear",
    "titles of two days": "content_dates_differ",
    "line cut off": "json_line_broken",
    "English words beside Thai ones": "encoding_doubtful",
}
_TITLED = Arrangement("title rows", title_rows=1)


class Corpus:
    """Makes the cases one by one; `extra_formats` are written by `writers`, by extension."""

    def __init__(self, extra_formats: Sequence[Format] = (), writers: Writers | None = None, seed: int = 1) -> None:
        self.formats = (*TEXT_FORMATS, LINES, XLSX, ODS, *extra_formats)
        self._writers, self._seed, self._number = writers or {}, seed, 0

    @property
    def formats_for_every_layout(self) -> tuple[Format, ...]:
        """Each encoding with another delimiter, and all that is no text; other text formats hold the plain layout."""
        return tuple(f for f in self.formats if f.kind != "text" or f.name in _FORMATS_FOR_EVERY_LAYOUT)

    def cases(self, wanted: Callable[[Format, Arrangement], bool] = lambda form, layout: True) -> Iterator[Case]:
        """Every case of the wanted formats and layouts, then the files that can't be taken in at all."""
        for form in self.formats:
            for arrangement in ARRANGEMENTS:
                exists = arrangement is PLAIN or form in self.formats_for_every_layout
                if exists and wanted(form, arrangement):
                    yield from self.combination(form, arrangement)
            if wanted(form, PLAIN):
                yield from self._whole_tables(form)
        yield from self.refused_files()

    def combination(self, form: Format, arrangement: Arrangement) -> Iterator[Case]:
        """A format in a layout: each dataset clean, with defects in cells and rows, and with wrong columns."""
        others = plain_only() if arrangement is PLAIN and form.name in _FORMATS_FOR_EVERY_DATASET else ()
        for dataset in (*LAID_OUT, *others):
            if not arrangement.possible(form, contract_of(dataset)):
                continue
            if dataset == EXAMPLE and arrangement is not PLAIN:  # layouts are the business of the real datasets
                continue
            yield self._case(dataset, form, arrangement, (), ())
            yield self._case(dataset, form, arrangement, _CELL_DEFECTS, ROW_DEFECTS)
            if dataset == "population" and arrangement.totals in ("end", "groups"):
                yield self._case(dataset, form, arrangement, (), (WRONG_TOTAL,))
        for number, kind in enumerate(COLUMN_DEFECTS):
            dataset = LAID_OUT[number % 2 if kind.code == "unit_differs" else number % len(LAID_OUT)]
            # In a line of JSON every value has its key, and has it once.
            if kind.name in {"column twice", "column without a header"} and form.kind == "lines":
                continue
            if kind.in_first_row and arrangement.second_table:  # the copy beside has no header there either
                continue
            if arrangement.header in kind.headers and arrangement.possible(form, contract_of(dataset)):
                yield self._column_case(dataset, form, arrangement, kind)

    def refused_files(self) -> Iterator[Case]:
        """Files of the wrong kind, damaged or unreadable."""
        book = self._written(lay_out(self._block("population", XLSX), PLAIN).pages, XLSX)
        utf8 = TEXT_FORMATS[0]
        text = self._written(lay_out(self._block("population", utf8), PLAIN).pages, utf8)
        for kind in FILE_DEFECTS:
            yield self._refused("population", kind, kind.content(book, text))
        yield self._doubtful()

    # ------------------------------------------------------------------ one case

    def _case(
        self,
        dataset: str,
        form: Format,
        arrangement: Arrangement,
        cell_kinds: Sequence[Defect],
        row_kinds: Sequence[RowDefect],
    ) -> Case:
        block, rng = self._block(dataset, form), self._rng(dataset, form.name, arrangement.name)
        free = list(range(len(block.rows)))
        in_table: list[tuple[int, int, str, str]] = []
        row_kinds = [kind for kind in row_kinds if kind.fits(block, form)]
        for kind in row_kinds:
            with suppress(NoRow):
                in_table += [(*found, kind.name) for found in kind.before(block, free, rng)] if kind.before else []
        in_table += truth.spoil_cells(block, form, cell_kinds, free, rng)
        laid = lay_out(block, arrangement)
        told: dict[Told, str] = dict.fromkeys(truth.as_form(laid.told, form), "")
        keeps_out: dict[Told, bool] = {}
        for row, column, code, name in in_table:
            place = truth.place(laid, form, row, column, code)
            told[place] = name
            keeps_out[place] = truth.keeps_out(block, column, code)
        draft = Draft(block, laid, form, rng, free)
        for kind in row_kinds:
            with suppress(NoRow):
                told |= dict.fromkeys(truth.as_form(kind.after(draft) if kind.after else [], form), kind.name)
        return self._finished(
            dataset, form, arrangement.name, content=self._written(laid.pages, form), told=told, rows=len(block.rows),
            keeps_out=keeps_out,
        )  # fmt: skip

    def _column_case(self, dataset: str, form: Format, arrangement: Arrangement, kind: ColumnDefect) -> Case:
        block, rng = self._block(dataset, form), self._rng(kind.name, form.name, arrangement.name)
        columns = kind.spoil(block, rng)
        laid = lay_out(block, arrangement)
        is_refused = entry(kind.code).severity == "error"
        own = [] if kind.code == "missing_column" else truth.as_form(laid.told, form)
        if is_refused:  # no row is read
            own = [place for place in own if entry(place[2]).severity != "repaired" or place[2] == _SHEET_SKIPPED]
        told: dict[Told, str] = dict.fromkeys(own, "")
        for sheet in {sheet for sheet, _ in laid.places}:
            cell = truth.told_of_column(kind, laid, columns)
            told |= dict.fromkeys(truth.as_form([(sheet if cell else None, cell, kind.code)], form), kind.name)
        rows = None if is_refused else len(block.rows)
        return self._finished(
            dataset, form, arrangement.name, content=self._written(laid.pages, form), told=told, rows=rows
        )

    def _whole_tables(self, form: Format) -> Iterator[Case]:
        other = self._block("welfare_card", form)
        pages = lay_out(other, PLAIN).pages
        yield self._refusal("population", form, "another table", self._written(pages, form))
        if form.kind != "lines":
            laid = lay_out(self._block("population", form), PLAIN)
            content = self._written(emptied(laid.pages, laid.header_row), form)
            yield self._refusal("population", form, "header without rows", content)
            yield self._titled(form, "title of another province", "ประชากร จังหวัดยะลา ปี 2564")
            yield self._titled(form, "title of another year", "ประชากร จังหวัดสงขลา ปี 2563")
            yield self._dated(form, "title dated a day that never was", "ประชากร ณ วันที่ 31 กุมภาพันธ์ 2564")
            two_days = "ประชากร ณ วันที่ 30/09/2564 และ ณ วันที่ 31/12/2564"
            yield self._dated(form, "titles of two days", two_days)
        else:
            yield self._cut_line(form)
        yield self._too_many(form)
        yield self._elsewhere(form)
        yield self._told_in_rows(form, "rows of another year", "year_be", YEAR - 1)
        yield self._told_in_rows(form, "rows of another agency", "agency_id", "registration_office_95")

    def _too_many(self, form: Format) -> Case:
        block = self._block("population", form)
        spoilt = range(0, len(block.rows), 3)
        for row in spoilt:
            block.rows[row][-1] = "รอข้อมูล"
        laid = lay_out(block, PLAIN)
        last = len(block.columns) - 1
        told = {truth.place(laid, form, row, last, "not_a_number"): "number in words" for row in spoilt}
        content = self._written(laid.pages, form)
        told |= {(None, None, "too_many_errors"): "too many wrong rows"}
        return self._finished("population", form, PLAIN.name, content=content, told=told, rows=len(block.rows))

    def _elsewhere(self, form: Format) -> Case:
        block = self._block("population", form)
        codes = other_province_codes()
        block.rows, block.groups = block.rows[: len(codes)], block.groups[: len(codes)]
        for row, code in zip(block.rows, codes, strict=False):
            row[0] = code
        laid = lay_out(block, PLAIN)
        name = "data of another province"
        told = {truth.place(laid, form, row, 0, "area_outside_province"): name for row in range(len(block.rows))}
        told |= {(None, None, "wrong_province"): name}
        return self._finished(
            "population", form, PLAIN.name, content=self._written(laid.pages, form), told=told, rows=len(block.rows)
        )

    def _titled(self, form: Format, name: str, title: str) -> Case:
        """A title above the table that says something else than the folder."""
        block = self._block("population", form)
        block.title = title
        laid = lay_out(block, _TITLED)
        told = dict.fromkeys(truth.as_form([(laid.places[0][0], "A1", _WHOLE_TABLES[name])], form), name)
        content = self._written(laid.pages, form)
        return self._finished("population", form, _TITLED.name, content=content, told=told, rows=None)

    def _dated(self, form: Format, name: str, title: str) -> Case:
        """A title whose date is asked about; the rows go in."""
        block = self._block("population", form)
        block.title = title
        laid = lay_out(block, _TITLED)
        cell = "A1" if name == "title dated a day that never was" else None
        told = dict.fromkeys(truth.as_form([(laid.places[0][0], cell, _WHOLE_TABLES[name])], form), name)
        content = self._written(laid.pages, form)
        return self._finished("population", form, _TITLED.name, content=content, told=told, rows=len(block.rows))

    def _told_in_rows(self, form: Format, name: str, column: str, value: object) -> Case:
        """Rows that all say of themselves to be another year's or agency's."""
        block = self._block(EXAMPLE, form)
        at = next(i for i, one in enumerate(block.columns) if one.name == column)
        for row in block.rows:
            row[at] = value
        laid = lay_out(block, PLAIN)
        code = {"year_be": "row_of_other_period", "agency_id": "row_of_other_agency"}[column]
        told = {truth.place(laid, form, row, at, code): name for row in range(len(block.rows))}
        told |= {(None, None, _WHOLE_TABLES[name]): name}
        content = self._written(laid.pages, form)
        return self._finished(EXAMPLE, form, PLAIN.name, content=content, told=told, rows=len(block.rows))

    def _cut_line(self, form: Format) -> Case:
        """One of the lines ends in the middle, as when a disk was full."""
        block = self._block("population", form)
        lines = self._written(lay_out(block, PLAIN).pages, form).splitlines(keepends=True)
        at, name = len(lines) // 2, "line cut off"
        lines[at] = lines[at][: len(lines[at]) // 2].decode("utf-8", "ignore").encode() + b"\n"
        told: dict[Told, str] = {(None, f"A{at + 1}", _WHOLE_TABLES[name]): name}
        return self._finished("population", form, PLAIN.name, content=b"".join(lines), told=told, rows=len(block.rows))

    def _doubtful(self) -> Case:
        """So little Thai, and Latin letters in the middle of it, that it may as well be another encoding."""
        form = Format("whole file", "text", "csv", "cp874")
        block, name = self._block("population", form), "English words beside Thai ones"
        block.rows, block.groups = block.rows[:20], block.groups[:20]
        block.headers = [column.label_en for column in block.columns]
        for row in block.rows:
            row[[column.name for column in block.columns].index("data_status")] = ""
        block.title = "Populationของสงขลา"
        told: dict[Told, str] = {(None, None, _WHOLE_TABLES[name]): name}
        content = self._written(lay_out(block, _TITLED).pages, form)
        return self._finished("population", form, "whole file", content=content, told=told, rows=len(block.rows))

    def _refusal(self, dataset: str, form: Format, name: str, content: bytes) -> Case:
        told: dict[Told, str] = {(None, None, _WHOLE_TABLES[name]): name}
        return self._finished(dataset, form, PLAIN.name, content=content, told=told, rows=None)

    def _refused(self, dataset: str, kind: FileDefect, content: bytes) -> Case:
        told: dict[Told, str] = {(None, kind.cell(content) if kind.cell else None, kind.code): kind.name}
        form = Format("whole file", "text", kind.extension)
        return self._finished(dataset, form, "whole file", content=content, told=told, rows=None)

    # ------------------------------------------------------------------ what all share

    def _block(self, dataset: str, form: Format) -> Block:
        # Formats take turns in the headers a contract accepts.
        rank = self.formats.index(form) % 3 if form in self.formats else 0
        return clean_block(dataset, is_text=form.kind == "text", header_rank=rank)

    def _written(self, pages: Sequence[Page], form: Format) -> bytes:
        return written(pages, form, self._writers)

    def _rng(self, *purpose: str) -> np.random.Generator:
        digest = hashlib.blake2b(repr(purpose).encode(), digest_size=8).digest()
        return np.random.default_rng([self._seed, int.from_bytes(digest)])

    def _finished(
        self, dataset: str, form: Format, layout: str, *, content: bytes, told: dict[Told, str], rows: int | None,
        keeps_out: Mapping[Told, bool] | None = None,
    ) -> Case:  # fmt: skip
        """`keeps_out`: whether an issue refuses its row, where the contract may say otherwise than the catalogue."""
        self._number += 1
        errors = [place for place in told if (keeps_out or {}).get(place, truth.is_error(place[2]))]
        bad_rows = {(sheet, truth.row_of(cell)) for sheet, cell, _ in errors if cell and rows is not None}
        limit = contract_of(dataset).reject_above_error_share_pct
        refusing = any(cell is None for _, cell, _ in errors) or rows is None
        if rows and not refusing and 100 * len(bad_rows) / rows > limit:
            told[None, None, "too_many_errors"] = "too many wrong rows"
            refusing = True
        asked = any(entry(code).severity != "repaired" for _, _, code in told)
        verdict = "rejected" if refusing else "accepted_with_issues" if asked else "accepted"
        return Case(self._number, dataset, form, layout, content, told, verdict, rows, len(bad_rows))


def write_corpus(out: Path, cases: Iterable[Case]) -> int:
    """Write cases as in landing, and `truth.jsonl` beside them (file, sheet, cell, code); returns how many."""
    count = 0
    out.mkdir(parents=True, exist_ok=True)
    with (out / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
        for case in cases:
            path = out / case.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(case.content)
            for sheet, cell, code in case.told:
                line = {"file": case.file, "sheet": sheet, "cell": cell, "code": code}
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count
