"""Headers of one to five rows, with the cells an office would merge."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from chaidaen.simulate.pages import Box
from ingestion.contracts import Column

if TYPE_CHECKING:
    from chaidaen.simulate.layouts import Block

HeaderForm = Literal["plain", "units", "stacked 2", "stacked 3", "stacked 4", "stacked 5"]
_UNITS = {"persons": "คน", "houses": "หลัง", "households": "ครัวเรือน", "baht": "บาท", "pct": "ร้อยละ"}
_GROUP_SIZE = 3
Rows = tuple[list[list[str]], list[Box]]


def header_rows(block: "Block", form: HeaderForm, *, is_reversed: bool) -> Rows:
    """Texts by header row and column of the table, and the merged boxes; rows count from the top of the header.

    2: groups over labels. 3: the title over both. 4: English labels below. 5: units below these.
    """
    if form == "plain":
        return [list(block.headers)], []
    if form == "units":
        return [[_with_unit(text, c) for text, c in zip(block.headers, block.columns, strict=True)]], []
    depth = int(form[-1])
    rows, boxes = _grouped(block, is_reversed=is_reversed)
    if depth >= 3:
        count = len(block.columns)
        top = [""] * count
        top[count - 1 if is_reversed else 0] = block.title
        rows = [top, *rows]
        boxes = [(0, 0, 0, count - 1), *((box[0] + 1, box[1], box[2] + 1, box[3]) for box in boxes)]
    if depth >= 4:
        rows.append([column.label_en for column in block.columns])
    if depth >= 5:
        rows.append([f"({_UNITS[c.unit]})" if c.unit in _UNITS else "" for c in block.columns])
    return rows, boxes


def _grouped(block: "Block", *, is_reversed: bool) -> Rows:
    """Two rows: groups merged over their labels, and columns of no group merged downwards."""
    count = len(block.columns)
    groups, labels, boxes = [""] * count, list(block.headers), list[Box]()
    for number, run in enumerate(_runs(block.columns), start=1):
        first, last = run[0], run[-1]
        if first == last:
            groups[first], labels[first] = labels[first], ""
            boxes.append((0, first, 1, first))
            continue
        people = all(block.columns[i].unit == "persons" for i in run)
        groups[last if is_reversed else first] = "จำนวนประชากร (คน)" if people else f"ข้อมูลส่วนที่ {number}"
        boxes.append((0, first, 0, last))
    return [groups, labels], boxes


def _runs(columns: Sequence[Column]) -> list[list[int]]:
    """The first column alone, figures of people together, the others by threes."""
    runs: list[list[int]] = [[0]]
    for i in range(1, len(columns)):
        together = columns[i].unit == columns[i - 1].unit and i > 1
        if together and (columns[i].unit == "persons" or len(runs[-1]) < _GROUP_SIZE):
            runs[-1].append(i)
        else:
            runs.append([i])
    return runs


def _with_unit(text: str, column: Column) -> str:
    return text if column.unit not in _UNITS or "(" in text else f"{text} ({_UNITS[column.unit]})"
