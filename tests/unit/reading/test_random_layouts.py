"""Whatever stands around a table and in whatever order its columns are: the same rows, at their own addresses."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.checking.helpers import POPULATION_HEADER, check, lenient
from tests.unit.reading.writing import EVERY

TAMBONS = ("950101", "950102", "950103", "950104", "950201", "950202")
TITLES = st.sampled_from(
    ["ประชากรและบ้าน ปี 2564", "จังหวัดยะลา", "ตารางที่ 1 รวมทุกตำบล", "", "หน่วย : คน", "ณ วันที่ 31 ธันวาคม 2564"]
)
FOOTNOTES = st.sampled_from(["หมายเหตุ : ข้อมูลเบื้องต้น", "ที่มา: กรมการปกครอง", "ลงชื่อ ........................"])
GROUPED = {"รหัสตำบล": "", "ชาย": "จำนวนประชากร", "หญิง": "จำนวนประชากร", "รวม": "จำนวนประชากร", "จำนวนบ้าน": ""}


@st.composite
def sheets(draw: st.DrawFn) -> tuple[list[list[Any]], dict[str, tuple[int, list[int]]]]:
    """Rows of a sheet; per tambon its row number and its figures (men, women, total, houses)."""
    left = draw(st.integers(0, 3))
    extra = draw(st.lists(st.sampled_from(["ลำดับ", "ชื่อตำบล", "ผู้บันทึก"]), unique=True, max_size=3))
    order = draw(st.permutations([*POPULATION_HEADER, *extra]))
    width = left + len(order)
    rows: list[list[Any]] = [[""] * draw(st.integers(0, left)) + [draw(TITLES)] for _ in range(draw(st.integers(0, 5)))]
    grouped = [h for h in order if GROUPED.get(h)] == [h for h in order if h in ("ชาย", "หญิง", "รวม")] and draw(
        st.booleans()
    )
    if grouped:
        rows += _two_header_rows(order, left)
    else:
        rows.append([""] * left + [f" {name} " if draw(st.booleans()) else name for name in order])
    expected: dict[str, tuple[int, list[int]]] = {}
    for code in draw(st.lists(st.sampled_from(TAMBONS), unique=True, min_size=1)):
        rows += [[]] * draw(st.integers(0, 2))
        men, women = draw(st.integers(0, 999)), draw(st.integers(0, 999))
        figures = [men, women, men + women, draw(st.integers(0, 999))]
        cells = dict(zip(POPULATION_HEADER, [code, *figures], strict=True))
        cells |= {"ลำดับ": len(expected) + 1, "ชื่อตำบล": "รวมใจ", "ผู้บันทึก": "ก"}
        rows.append([""] * left + [cells[name] for name in order])
        expected[code] = (len(rows), figures)
    rows += [[]] * draw(st.integers(0, 2))
    rows += [[""] * draw(st.integers(0, left)) + [draw(FOOTNOTES)] for _ in range(draw(st.integers(0, 2)))]
    return [[*row, *[""] * (width - len(row))] for row in rows], expected


def _two_header_rows(order: list[str], left: int) -> list[list[Any]]:
    """Men, women and total under one merged name wherever they stand together; the other names merged downwards."""
    upper, lower, previous = [""] * left, [""] * left, ""
    for name in order:
        group = GROUPED.get(name, "")
        upper.append(name if not group else "" if group == previous else group)
        lower.append(name if group else "")
        previous = group
    return [upper, lower]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheet=sheets(), form=st.sampled_from(["csv cp874", "pipe utf-8", "tsv utf-16", "xlsx", "xls", "ods"]))
def test_a_table_is_found_whatever_stands_around_it(sheet: tuple[list[list[Any]], Any], form: str) -> None:
    rows, expected = sheet
    with TemporaryDirectory() as folder:
        checked = check(EVERY[form](Path(folder) / "ข้อมูล", rows), lenient("population"))
    names = ("male_persons", "female_persons", "total_persons", "houses")
    found = {row["tambon_code"]: (row["_row"], [row[name] for name in names]) for row in checked.accepted}
    assert found == expected
    assert {issue.code for issue in checked.issues} <= {"unknown_column"}
    for issue in checked.issues:
        assert rows[int(issue.row or 0) - 1][_column(str(issue.cell))].strip() in ("ลำดับ", "ชื่อตำบล", "ผู้บันทึก")


def _column(cell: str) -> int:
    index = 0
    for letter in filter(str.isalpha, cell):
        index = index * 26 + ord(letter) - 64
    return index - 1
