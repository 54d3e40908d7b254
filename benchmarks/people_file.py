"""The file that is measured: people of a survey in Thai Windows encoding, with defects whose places are known.

All people are invented: their identifiers name registration offices that do not exist.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from chaidaen.simulate.identifiers import person_ids
from chaidaen.simulate.names import first_names, last_names
from ingestion.checking import References

SEED = 2564
BATCH_ROWS = 100_000
FIRST_DATA_ROW = 2
ITEMS = 10
HEADERS = (
    "เลขที่แบบสำรวจ", "เลขประจำตัวประชาชน", "ชื่อ", "นามสกุล", "วันเกิด", "เพศ", "รหัสหมู่บ้าน", "วันที่สำรวจ",
    "รายได้ต่อปี", "อาชีพ", *(f"ตัวชี้วัดที่ {number}" for number in range(1, ITEMS + 1)),
)  # fmt: skip
COLUMNS = (
    "form_no", "person_id", "first_name", "last_name", "birth_date", "sex", "village_code", "survey_date",
    "income_baht", "occupation", *(f"item_{number}" for number in range(1, ITEMS + 1)),
)  # fmt: skip
# Column, text put in place of the good one (None: made from the row), code that must be found.
DEFECTS: tuple[tuple[str, str | None, str], ...] = (
    ("person_id", None, "id_checksum"),
    ("person_id", "99905", "id_wrong_length"),
    ("birth_date", "31/02/2530", "date_impossible"),
    ("survey_date", "วันศุกร์ที่แล้ว", "date_unreadable"),
    ("income_baht", "หมื่นห้า", "not_a_number"),
    ("income_baht", "-500.00", "number_too_small"),
    ("sex", "", "required_missing"),
    ("item_3", "7", "code_unknown"),
    ("village_code", "99999999", "area_code_unknown"),
    ("form_no", None, "duplicate_key"),
)
_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
# Column, what its untidy cells and no others hold, the repair that must be counted.
UNTIDY = (
    ("person_id", "-", "id_punctuation"),
    ("first_name", " ", "spaces_trimmed"),
    ("village_code", "๙", "thai_digits"),
    ("income_baht", ",", "thousands_separator"),
)

Texts = np.ndarray[tuple[int], np.dtype[np.object_]]
Columns = dict[str, Texts]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is in the file. `issues`: (row, column, code) of every defect; `repairs`: cells by (column, code)."""

    rows: int
    issues: frozenset[tuple[int, str, str]]
    repairs: Mapping[tuple[str, str], int]


def write_people(path: Path, rows: int, *, defect_share: float, every_row_needs_repair: bool) -> Truth:
    """Write the file in CP874 and beside it, as `<path>.utf8`, the same rows in UTF-8 without a header.

    With `every_row_needs_repair` each row has four cells to mend (UNTIDY) and a date in words.
    """
    random = np.random.default_rng(SEED)
    every = max(len(DEFECTS), round(1 / defect_share)) if defect_share else rows + 1
    found: set[tuple[int, str, str]] = set()
    repairs: Counter[tuple[str, str]] = Counter()
    villages = np.array(sorted(References.load().areas["village"]), dtype=object)
    with path.open("wb") as sent, path.with_name(f"{path.name}.utf8").open("wb") as plain:
        sent.write((",".join(HEADERS) + "\r\n").encode("cp874"))
        for start in range(0, rows, BATCH_ROWS):
            numbers = np.arange(start, min(start + BATCH_ROWS, rows))
            people = _people(numbers, villages, random)
            if every_row_needs_repair:
                _make_untidy(people)
            found |= _spoil(people, numbers, every)
            if every_row_needs_repair:
                repairs += _untidy_cells(people)
            text = _as_csv(people)
            plain.write(text)
            sent.write(text.decode().replace("\n", "\r\n").encode("cp874"))
    return Truth(rows, frozenset(found), dict(repairs))


def write_workbook(path: Path, rows: int, *, defect_share: float) -> Truth:
    """The same people as one sheet of an .xlsx, every cell a text as survey programs export it."""
    import xlsxwriter

    random = np.random.default_rng(SEED)
    every = max(len(DEFECTS), round(1 / defect_share))
    villages = np.array(sorted(References.load().areas["village"]), dtype=object)
    numbers = np.arange(rows)
    people = _people(numbers, villages, random)
    found = _spoil(people, numbers, every)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("แบบสำรวจ")
    for number, cells in enumerate([HEADERS, *zip(*(people[name] for name in COLUMNS), strict=True)]):
        for column, text in enumerate(cells):
            sheet.write_string(number, column, text)
    book.close()
    return Truth(rows, frozenset(found), {})


def _people(numbers: np.ndarray, villages: Texts, random: np.random.Generator) -> Columns:
    count = len(numbers)
    days = random.integers(0, 30_000, count)
    male = random.random(count) < 0.5
    muslim = random.random(count) < 0.8
    income = random.integers(100_000, 50_000_000, count)  # in satang, so at least 1,000 baht
    items = {f"item_{item}": _one_of(("1", "0", "-"), (0.9, 0.08, 0.02), count, random) for item in range(1, ITEMS + 1)}
    # Running identifiers of one office would last for ten million people; the first digit tells two kinds apart.
    return {
        "form_no": np.array([f"{number:010d}" for number in numbers.tolist()], dtype=object),
        "person_id": person_ids("94", np.where(random.random(count) < 0.02, 6, 3), numbers),
        "first_name": first_names(muslim, male, random.integers(0, 40, count), random.integers(0, 4, count)),
        "last_name": last_names(muslim, random.integers(0, 5_000, count)),
        "birth_date": _dates(np.datetime64("1940-01-01") + days),
        "sex": np.where(male, "ชาย", "หญิง").astype(object),
        "village_code": villages[random.integers(0, len(villages), count)],
        "survey_date": _dates(np.datetime64("2021-03-01") + random.integers(0, 90, count)),
        "income_baht": np.array([f"{amount // 100}.{amount % 100:02d}" for amount in income.tolist()], dtype=object),
        "occupation": _one_of(
            ("เกษตรกร", "ประมง", "รับจ้าง", "ค้าขาย", "รับราชการ", ""), (0.4, 0.1, 0.2, 0.1, 0.1, 0.1), count, random
        ),
        **items,
    }


def _one_of(texts: tuple[str, ...], shares: tuple[float, ...], count: int, random: np.random.Generator) -> Texts:
    return np.array(texts, dtype=object)[random.choice(len(texts), count, p=shares)]


def _dates(days: np.ndarray) -> Texts:
    """15/08/2562."""
    written = [day.split("-") for day in days.astype(str)]
    return np.array([f"{day}/{month}/{int(year) + 543}" for year, month, day in written], dtype=object)


def _make_untidy(people: Columns) -> None:
    ids = people["person_id"]
    people["person_id"] = np.array(
        [f"{i[0]}-{i[1:5]}-{i[5:10]}-{i[10:12]}-{i[12]}" for i in ids.tolist()], dtype=object
    )
    people["first_name"] = people["first_name"] + " "
    people["village_code"] = np.array([code.translate(_THAI_DIGITS) for code in people["village_code"]], dtype=object)
    people["income_baht"] = np.array([f'"{float(amount):,.2f}"' for amount in people["income_baht"]], dtype=object)
    parts = [date.split("/") for date in people["birth_date"]]
    people["birth_date"] = np.array(
        [f"{int(day)} {_MONTHS[int(month) - 1]} {year}" for day, month, year in parts], dtype=object
    )


def _untidy_cells(people: Columns) -> Counter[tuple[str, str]]:
    return Counter({(column, code): sum(mark in cell for cell in people[column]) for column, mark, code in UNTIDY})


def _spoil(people: Columns, numbers: np.ndarray, every: int) -> set[tuple[int, str, str]]:
    """One defect in every so many rows, the kinds in turn."""
    found = set()
    for at in np.flatnonzero(numbers % every == every - 1).tolist():
        number = int(numbers[at])
        column, text, code = DEFECTS[number // every % len(DEFECTS)]
        if code == "id_checksum":
            good = people[column][at]
            text = good[:-1] + str((int(good[-1]) + 1) % 10)
        elif code == "duplicate_key":
            text = f"{number - 1:010d}"
        people[column][at] = text
        found.add((number + FIRST_DATA_ROW, column, code))
    return found


def _as_csv(people: Columns) -> bytes:
    """Lines without quotes, but for a cell that brings its own."""
    lines = pc.binary_join_element_wise(*(pa.array(people[name], pa.string()) for name in COLUMNS), ",")
    return "".join(f"{line}\n" for line in lines.to_pylist()).encode()
