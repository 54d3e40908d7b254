"""A corpus of spoilt files: every kind of defect, in every format and layout, with the exact cell each must be told at.

Files are small, invented and the same bytes every time. A case knows its truth; `write_corpus` lays cases out as in
landing, with `truth.jsonl` beside them.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from chaidaen.simulate.cell_defects import DEFECTS, Cell, Defect, codes_told
from chaidaen.simulate.clean import (
    PROVINCE,
    SENDERS,
    TEXT_STYLE,
    WORKBOOK_STYLE,
    YEAR,
    clean_block,
    contract_of,
    other_province_codes,
)
from chaidaen.simulate.layouts import ARRANGEMENTS, Arrangement, Block, Laid, Told, lay_out
from chaidaen.simulate.pages import LINES, ODS, TEXT_FORMATS, XLSX, Format, Page, written
from chaidaen.simulate.table_defects import (
    COLUMN_DEFECTS,
    FILE_DEFECTS,
    ROW_DEFECTS,
    WRONG_TOTAL,
    ColumnDefect,
    Draft,
    FileDefect,
    RowDefect,
    emptied,
)
from ingestion.issues import entry

_SHEET_SKIPPED = "hidden_sheet_skipped"
Writers = Mapping[str, Callable[[Sequence[Page]], bytes]]
PLAIN = ARRANGEMENTS[0]
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
    agency_province: str = PROVINCE
    extension: str = ""

    @property
    def agency(self) -> str:
        return f"{SENDERS[self.dataset]}_{self.agency_province}"

    @property
    def part(self) -> str:
        return f"c{self.number:05d}"

    @property
    def file(self) -> str:
        """Path as in landing."""
        return f"{self.agency}/{self.dataset}/{YEAR}/{self.part}/{self.dataset}.{self.extension or self.form.extension}"

    @property
    def is_clean(self) -> bool:
        """Nothing but what its layout brings along (an unknown column, a second sheet)."""
        return not any(self.told.values())


def kinds() -> dict[str, tuple[str, ...]]:
    """Every registered kind with its issue codes."""
    found: dict[str, tuple[str, ...]] = {kind.name: (kind.code, *kind.also) for kind in DEFECTS}
    found |= {kind.name: kind.codes for kind in (*ROW_DEFECTS, WRONG_TOTAL)}
    found |= {kind.name: (kind.code,) for kind in COLUMN_DEFECTS}
    found |= {kind.name: (kind.code,) for kind in FILE_DEFECTS}
    return found | {name: (code,) for name, code in _WHOLE_TABLES.items()}


_WHOLE_TABLES = {
    "another table": "header_not_found",
    "header without rows": "no_data_rows",
    "too many wrong rows": "too_many_errors",
    "data of another province": "wrong_province",
}


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
        for dataset in SENDERS:
            if not arrangement.possible(form, contract_of(dataset)):
                continue
            yield self._case(dataset, form, arrangement, (), ())
            yield self._case(dataset, form, arrangement, DEFECTS, ROW_DEFECTS)
            if dataset == "population" and arrangement.totals in ("end", "groups"):
                yield self._case(dataset, form, arrangement, (), (WRONG_TOTAL,))
        for number, kind in enumerate(COLUMN_DEFECTS):
            dataset = list(SENDERS)[number % 2 if kind.code == "unit_differs" else number % len(SENDERS)]
            if kind.name == "column twice" and form.kind == "lines":  # an object has every key once
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
        in_table = _spoil_cells(block, form, cell_kinds, free, rng)
        row_kinds = [kind for kind in row_kinds if kind.fits(block, form)]
        for kind in row_kinds:
            if kind.before:
                in_table += [(*found, kind.name) for found in kind.before(block, free, rng)]
        laid = lay_out(block, arrangement)
        told: dict[Told, str] = dict.fromkeys(_as_form(laid.told, form), "")
        keeps_out: dict[Told, bool] = {}
        for row, column, code, name in in_table:
            place = _place(laid, form, row, column, code)
            told[place] = name
            keeps_out[place] = _keeps_out(block, column, code)
        draft = Draft(block, laid, form, rng, free)
        for kind in row_kinds:
            if kind.after:
                told |= dict.fromkeys(_as_form(kind.after(draft), form), kind.name)
        return self._finished(
            dataset, form, arrangement.name, content=self._written(laid.pages, form), told=told, rows=len(block.rows),
            keeps_out=keeps_out,
        )  # fmt: skip

    def _column_case(self, dataset: str, form: Format, arrangement: Arrangement, kind: ColumnDefect) -> Case:
        block, rng = self._block(dataset, form), self._rng(kind.name, form.name, arrangement.name)
        columns = kind.spoil(block, rng)
        laid = lay_out(block, arrangement)
        is_refused = entry(kind.code).severity == "error"
        own = [] if kind.code == "missing_column" else _as_form(laid.told, form)
        if is_refused:  # no row is read
            own = [place for place in own if entry(place[2]).severity != "repaired" or place[2] == _SHEET_SKIPPED]
        told: dict[Told, str] = dict.fromkeys(own, "")
        for sheet in {sheet for sheet, _ in laid.places}:
            cell = laid.header_cell(max(columns, key=lambda i: laid.columns[i])) if columns else None
            told |= dict.fromkeys(_as_form([(sheet if cell else None, cell, kind.code)], form), kind.name)
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
        yield self._too_many(form)
        yield self._elsewhere(form)

    def _too_many(self, form: Format) -> Case:
        block = self._block("population", form)
        spoilt = range(0, len(block.rows), 3)
        for row in spoilt:
            block.rows[row][-1] = "รอข้อมูล"
        laid = lay_out(block, PLAIN)
        last = len(block.columns) - 1
        told = {_place(laid, form, row, last, "not_a_number"): "number in words" for row in spoilt}
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
        told = {_place(laid, form, row, 0, "area_outside_province"): name for row in range(len(block.rows))}
        told |= {(None, None, "wrong_province"): name}
        return self._finished(
            "population", form, PLAIN.name, content=self._written(laid.pages, form), told=told, rows=len(block.rows)
        )

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
        errors = [place for place in told if (keeps_out or {}).get(place, _is_error(place[2]))]
        bad_rows = {(sheet, _row(cell)) for sheet, cell, _ in errors if cell and rows is not None}
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
    with (out / "truth.jsonl").open("w", encoding="utf-8", newline="\n") as truth:
        for case in cases:
            path = out / case.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(case.content)
            for sheet, cell, code in case.told:
                line = {"file": case.file, "sheet": sheet, "cell": cell, "code": code}
                truth.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return count


def _spoil_cells(
    block: Block, form: Format, cell_kinds: Sequence[Defect], free: list[int], rng: np.random.Generator
) -> list[tuple[int, int, str, str]]:
    """Each kind that fits once, in a row of its own: (row, column, code, name of the kind)."""
    style = TEXT_STYLE if form.kind == "text" else WORKBOOK_STYLE
    found: list[tuple[int, int, str, str]] = []
    for kind in cell_kinds:
        columns = [i for i, column in enumerate(block.columns) if kind.fits(column)]
        for row in rng.permutation(free).tolist() if columns else []:
            at = columns[int(rng.integers(len(columns)))]
            spoilt = kind.spoil(Cell(block.rows[row][at], block.columns[at], style, PROVINCE, rng, 0))
            if spoilt is None or not _can_hold(form, spoilt):
                continue
            block.rows[row][at] = spoilt
            free.remove(row)
            found += [(row, at, code, kind.name) for code in codes_told(kind, block.columns[at])]
            break
    return found


def _can_hold(form: Format, value: object) -> bool:
    try:
        str(value).encode(form.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _place(laid: Laid, form: Format, row: int, column: int, code: str) -> Told:
    [told] = _as_form([(*laid.cell(row, column), code)], form)
    return told


def _as_form(told: Iterable[Told], form: Format) -> list[Told]:
    """Text files have no sheets; in JSON lines the keys stand in no line, so every row is one line further up."""
    if form.kind == "lines":
        return [(None, _line_above(cell), code) for _, cell, code in told]
    return [(sheet if form.kind == "workbook" else None, cell, code) for sheet, cell, code in told]


def _line_above(cell: str | None) -> str | None:
    if cell is None:
        return None
    row = _row(cell)
    # A key is told where it first occurs: in line 1.
    return cell.removesuffix(str(row)) + str(max(row - 1, 1))


def _row(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


_RULES_OF = {"duplicate_key": "unique", "required_if_missing": "required_if"}


def _keeps_out(block: Block, column: int, code: str) -> bool:
    """Whether an issue at a cell of this column keeps its row out: the contract has the last word."""
    here = block.columns[column]
    if code == "id_no_person":
        return here.required
    if here.name in block.contract.primary_key:
        return _is_error(code)
    rules = [r for r in block.contract.rules if r.kind == _RULES_OF.get(code) and here.name in r.arguments["columns"]]
    return rules[0].severity == "error" if rules else _is_error(code)


def _is_error(code: str) -> bool:
    return entry(code).severity == "error"
