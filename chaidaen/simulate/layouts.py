"""How offices lay a table out on a sheet: titles, stacked headers, totals, notes and whatever else stands around it.

An arrangement takes the rows of a table and says where each of them, and each column, came to stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from chaidaen.simulate.headers import HeaderForm, header_rows
from chaidaen.simulate.pages import Box, Format, Page, address
from ingestion.contracts import Column, Contract

Totals = Literal["none", "end", "start", "groups"]
EXTRA_HEADER, MERGED_HEADER = "ผู้บันทึกข้อมูล", "กลุ่มพื้นที่"
_SHEET = "ข้อมูล"
_MERGED_ROWS = 90  # fewer than the addresses that are kept of one kind of repair
_UNIT_OF_PEOPLE_AND_THINGS = ("persons", "houses", "households")
_THAI_TO_ASCII = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
Told = tuple[str | None, str | None, str]  # sheet, cell (None: the file or the sheet as a whole), code


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way of laying a table out."""

    name: str
    header: HeaderForm = "plain"
    title_rows: int = 0
    blank_rows: int = 0
    blank_columns: int = 0
    totals: Totals = "none"
    footnotes: bool = False
    sections: bool = False  # a heading before each group of rows
    header_again: bool = False  # as on each printed page
    reversed_columns: bool = False
    extra_column: bool = False
    merged_column: bool = False  # a name merged down over its group of rows, in a column the contract does not have
    side_table: bool = False
    other_sheets: bool = False  # notes before, a hidden draft behind
    second_fits: bool = False
    split_sheets: bool = False  # the rows go on on a second sheet
    unfit_sheet: bool = False  # a further sheet lacks a column the contract needs
    only_hidden: bool = False  # the table is on a hidden sheet, behind notes
    second_table: bool = False  # a smaller table of the same columns stands beside
    merged_values: bool = False  # equal values below each other are merged, where the contract lets them be

    def possible(self, form: Format, contract: Contract) -> bool:
        """Whether such a file exists: text has one sheet, JSON lines no place for anything beside the table."""
        if self.merged_values:
            return form.kind == "workbook" and any(column.fill_down_merged for column in contract.columns)
        if form.kind == "lines":
            return self.name in {"plain", "columns in another order", "extra column"}
        if self.needs_sheets:
            one_table = contract.sheets == "one"
            fits = one_table if self.second_fits else not one_table if self.split_sheets or self.unfit_sheet else True
            return form.kind == "workbook" and fits
        return True

    @property
    def needs_sheets(self) -> bool:
        """Only a workbook can be laid out so."""
        return any((self.other_sheets, self.second_fits, self.split_sheets, self.unfit_sheet, self.only_hidden))


ARRANGEMENTS: tuple[Arrangement, ...] = (
    Arrangement("plain"),
    Arrangement("title rows", title_rows=2),
    Arrangement("blank rows and columns before", blank_rows=2, blank_columns=2, title_rows=1),
    Arrangement("units in the header", "units"),
    Arrangement("header of 2 rows, merged", "stacked 2", title_rows=1),
    Arrangement("header of 3 rows, merged", "stacked 3"),
    Arrangement("header of 4 rows, merged", "stacked 4", title_rows=1, blank_rows=1),
    Arrangement("header of 5 rows, merged", "stacked 5", title_rows=2),
    Arrangement("total row at the end", totals="end"),
    Arrangement("total row at the top", totals="start"),
    Arrangement("subtotals and total", totals="groups", title_rows=1),
    Arrangement("footnotes", footnotes=True),
    Arrangement("headings of sections, header again", sections=True, header_again=True),
    Arrangement("columns in another order", reversed_columns=True),
    Arrangement("extra column", extra_column=True),
    Arrangement("names merged down", merged_column=True),
    Arrangement("table at the side", side_table=True),
    Arrangement("notes and a hidden draft", other_sheets=True, title_rows=1),
    Arrangement("two sheets that fit", second_fits=True),
    Arrangement("rows on two sheets", split_sheets=True),
    Arrangement("a sheet that lacks a column", unfit_sheet=True),
    Arrangement("table on a hidden sheet", only_hidden=True),
    Arrangement("two tables that fit, side by side", second_table=True),
    Arrangement("values merged down", merged_values=True),
    Arrangement("everything at once", "stacked 3", title_rows=2, blank_rows=1, blank_columns=1, totals="groups",
                footnotes=True, reversed_columns=True),
)  # fmt: skip


@dataclass(slots=True)
class Block:
    """A table to be laid out: rows as long as `columns`, and the group (amphoe, say) each row belongs to."""

    contract: Contract
    columns: tuple[Column, ...]
    headers: list[str]
    rows: list[list[object]]
    groups: list[str]
    title: str
    period: str
    province_code: str  # of the sender; "" for a regional one


@dataclass(slots=True)
class Laid:
    """Pages, the sheet and row (from 1) of every row of the table, and the column (from 0) of every column of it."""

    pages: list[Page]
    places: list[tuple[str, int]]
    columns: list[int]
    header_row: int = 0
    told: list[Told] = field(default_factory=list)  # what the arrangement itself must raise
    total_rows: list[int] = field(default_factory=list)

    def cell(self, row: int, column: int) -> tuple[str, str]:
        """Sheet and A1 address of a cell of the table, row and column from 0."""
        sheet, number = self.places[row]
        return sheet, address(number, self.columns[column])

    def header_cell(self, column: int) -> str:
        """A1 address of the lowest text in the header of a column of the table."""
        page = next(page for page in self.pages if page.name == self.places[0][0])
        cells, place = page.cells, self.columns[column]
        number = next(n for n in range(self.header_row, 0, -1) if cells[n - 1][place])
        return address(number, place)


def lay_out(block: Block, arrangement: Arrangement) -> Laid:
    """The table on its page or pages."""
    half = len(block.rows) // 2 if arrangement.split_sheets else len(block.rows)
    first = _Sheet(block, arrangement, _SHEET).fill(range(half))
    pages, places, told = [first.page], list(first.places), first.told
    if arrangement.split_sheets:
        rest = _Sheet(block, arrangement, f"{_SHEET} (ต่อ)").fill(range(half, len(block.rows)))
        pages, places, told = [*pages, rest.page], places + rest.places, told + rest.told
    if arrangement.second_fits:
        pages.append(_Sheet(block, arrangement, "สำเนา").fill(range(min(5, len(block.rows)))).page)
        told = [*told, (_SHEET, None, "several_sheets_fit")]
    if arrangement.other_sheets:
        notes = Page("คำอธิบาย", [[block.title], ["ข้อมูลสมมุติเพื่อการทดสอบระบบ"], ["รวมทุกอำเภอ"]])
        draft = _Sheet(block, arrangement, "ร่าง").fill(range(min(5, len(block.rows))))
        draft.page.hidden = True
        pages = [notes, *pages, draft.page]
        told = [*told, (draft.page.name, address(draft.header_row, min(draft.columns)), "hidden_sheet_skipped")]
    if arrangement.unfit_sheet:
        pages.append(_unfit(block))
        told = [*told, (pages[-1].name, None, "sheet_not_used")]
    if arrangement.only_hidden:
        first.page.hidden = True
        pages = [Page("คำอธิบาย", [[block.title]]), *pages]
        told = [*told, (_SHEET, None, "hidden_sheet_used")]
    return Laid(pages, places, first.columns, first.header_row, told, first.total_rows)


def _unfit(block: Block) -> Page:
    """A sheet with some of the rows, but without the last column that is needed."""
    needed = [column.name for column in block.columns if column.required and column.default_when_absent is None]
    kept = [i for i, column in enumerate(block.columns) if column.name != needed[-1]]
    rows: list[list[object]] = [[*block.headers], *block.rows[:5]]
    return Page("ฉบับย่อ", [[row[i] for i in kept] for row in rows])


class _Sheet:
    """One page being filled from the top."""

    def __init__(self, block: Block, arrangement: Arrangement, name: str) -> None:
        self.block, self.arrangement = block, arrangement
        self.page = Page(name, [])
        self.places: list[tuple[str, int]] = []
        self.told: list[Told] = []
        self.total_rows: list[int] = []
        self.header_row = 0
        count = len(block.columns)
        left = arrangement.blank_columns + (1 if arrangement.merged_column else 0)
        order = list(range(count))[::-1] if arrangement.reversed_columns else list(range(count))
        # The extra column stands second, so that everything behind it has moved.
        shifts = [1 if arrangement.extra_column and place > 0 else 0 for place in range(count)]
        self.columns = [left + order.index(i) + shifts[order.index(i)] for i in range(count)]
        self.width = max(self.columns) + 1

    def fill(self, rows: Sequence[int]) -> "_Sheet":
        """Everything around the given rows of the block, and they themselves."""
        a = self.arrangement
        self._blank(a.blank_rows)
        for number in range(a.title_rows):
            self._line(a.blank_columns, self.block.title if number == 0 else "ข้อมูลสมมุติเพื่อการทดสอบระบบ")
        if a.title_rows > 1:
            self._blank(1)
        self._header()
        if a.totals == "start":
            self._total("รวม", list(rows))
        self._body(rows)
        if a.totals in ("end", "groups"):
            self._total("รวมทั้งสิ้น", list(rows))
        if a.footnotes:
            self._blank(1)
            for text in ("หมายเหตุ: ข้อมูลสมมุติ ไม่ใช่บุคคลจริง", "ที่มา: จัดทำเพื่อทดสอบระบบ"):
                self._line(a.blank_columns, text)
                self._skipped("row_read_as_note")
        if a.side_table:
            self._side_table()
        if a.second_table:
            self._second_table()
        if a.merged_values:
            self._merge_values(rows)
        self._square()
        return self

    def _merge_values(self, rows: Sequence[int]) -> None:
        """Equal values that follow each other in a merged cell; as many as are told one by one."""
        for i, column in enumerate(self.block.columns):
            if not column.fill_down_merged:
                continue
            for value, run in groupby(rows[:_MERGED_ROWS], key=lambda row: self.block.rows[row][i]):
                numbers = [self.places[rows.index(row)][1] for row in run]
                if value == "" or len(numbers) < 2:
                    continue
                at = self.columns[i]
                self.page.merged.append((numbers[0] - 1, at, numbers[-1] - 1, at))
                for number in numbers[1:]:
                    self.page.cells[number - 1][at] = ""
                    self.told.append((self.page.name, address(number, at), "merged_cell_filled"))

    def _second_table(self) -> None:
        """The header and a few rows once more, a blank column away."""
        at = self.width + 1
        for row in range(self.header_row - 1, self.header_row + 5):
            cells = self.page.cells[row]
            self.page.cells[row] = [*cells, *[""] * (at - len(cells)), *cells[: self.width]]
        self.told.append((self.page.name, address(self.header_row, at), "several_tables_fit"))
        self.told += [
            (self.page.name, address(self.header_row, at + column), "table_beside_skipped") for column in self.columns
        ]

    def _body(self, rows: Sequence[int]) -> None:
        a, groups = self.arrangement, self.block.groups
        for number, (name, members) in enumerate(groupby(rows, key=lambda row: groups[row])):
            here = list(members)
            if a.header_again and number == 1:
                self._header(again=True)
                self._skipped("header_repeated")
            if a.sections:
                self._line(a.blank_columns, f"อำเภอ{name}")
                self._skipped("row_read_as_heading")
            first = len(self.page.cells)
            for row in here:
                self.places.append((self.page.name, len(self.page.cells) + 1))
                self._row(self.block.rows[row], extra="เจ้าหน้าที่")
            if a.merged_column:
                self.page.cells[first][a.blank_columns] = name
                if len(here) > 1:
                    last = len(self.page.cells) - 1
                    self.page.merged.append((first, a.blank_columns, last, a.blank_columns))
            if a.totals == "groups":
                self._total(f"รวมอำเภอ{name}", here)

    def _header(self, *, again: bool = False) -> None:
        rows, boxes = header_rows(self.block, self.arrangement.header, is_reversed=self.arrangement.reversed_columns)
        top = len(self.page.cells)
        for texts in rows:
            placed: list[object] = [""] * self.width
            for i, text in enumerate(texts):
                placed[self.columns[i]] = text
            self.page.cells.append(placed)
        self.page.merged += [self._moved(box, top) for box in boxes]
        if again:
            return
        self.header_row = len(self.page.cells)
        for wanted, column, text in (
            (self.arrangement.extra_column, min(self.columns) + 1, EXTRA_HEADER),
            (self.arrangement.merged_column, min(self.columns) - 1, MERGED_HEADER),
        ):
            if wanted:
                self.page.cells[-1][column] = text
                self.told.append((self.page.name, address(self.header_row, column), "unknown_column"))

    def _moved(self, box: Box, top: int) -> Box:
        columns = sorted((self.columns[box[1]], self.columns[box[3]]))
        return top + box[0], columns[0], top + box[2], columns[1]

    def _row(self, values: Sequence[object], extra: str) -> None:
        placed: list[object] = [""] * self.width
        for i, value in enumerate(values):
            placed[self.columns[i]] = value
        if self.arrangement.extra_column:
            placed[min(self.columns) + 1] = extra
        self.page.cells.append(placed)

    def _total(self, label: str, rows: list[int]) -> None:
        """Label in the first text column of the table as it stands, sums of what may be added up."""
        values: list[object] = [""] * len(self.block.columns)
        values[0] = label
        for i, column in enumerate(self.block.columns):
            if column.unit in _UNIT_OF_PEOPLE_AND_THINGS:
                values[i] = sum(as_number(self.block.rows[row][i]) for row in rows)
        self._row(values, extra="")
        self.total_rows.append(len(self.page.cells))
        # A label without a figure beside it could as well head a section.
        self._skipped("row_read_as_total" if len([v for v in values if v != ""]) > 1 else "row_read_as_heading")

    def _skipped(self, code: str) -> None:
        """The row just written is not data, which is told at its first filled cell."""
        number = len(self.page.cells)
        first = next(i for i, value in enumerate(self.page.cells[-1]) if value != "")
        self.told.append((self.page.name, address(number, first), code))

    def _line(self, column: int, text: str) -> None:
        self.page.cells.append([*[""] * column, text])

    def _blank(self, rows: int) -> None:
        self.page.cells += [[] for _ in range(rows)]

    def _side_table(self) -> None:
        """A small summary two columns to the right, beginning beside the header."""
        at = self.width + 1
        for row, texts in enumerate((("สรุปผลการส่ง", "ครั้ง"), ("ส่งแล้ว", 3), ("ยังไม่ส่ง", 2)), start=self.header_row - 1):
            self.page.cells[row] += [""] * (at - len(self.page.cells[row]))
            self.page.cells[row] += texts
        self.told += [
            (self.page.name, address(self.header_row, column), "table_beside_skipped") for column in (at, at + 1)
        ]
        self.page.cells.append([*[""] * at, "รวมส่ง", 5])
        self._skipped("row_outside_table")

    def _square(self) -> None:
        """Spreadsheets save every row of a text file with as many fields as the widest one."""
        width = max(len(row) for row in self.page.cells)
        for cells in self.page.cells:
            cells.extend([""] * (width - len(cells)))


def as_number(value: object) -> int:
    """What an office would add up for a cell: words and nothing count as 0."""
    if isinstance(value, int | float):
        return int(value)
    plain = str(value).strip().replace(",", "").translate(_THAI_TO_ASCII)
    return int(plain) if plain.isascii() and plain.isdigit() else 0
