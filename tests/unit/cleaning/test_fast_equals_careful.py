"""The vectorised way and the careful function give the same value, problem and repairs for every cell."""

import datetime as dt
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.checking import References
from ingestion.cleaning.areas import area_parser
from ingestion.cleaning.cleaners import (
    date_cleaner,
    decimal_cleaner,
    given_name_cleaner,
    house_code_cleaner,
    integer_cleaner,
    judged_cleaner,
    known_code_cleaner,
    person_id_cleaner,
    text_cleaner,
)
from ingestion.cleaning.columns import Cleaner
from ingestion.cleaning.dates import date_parser
from ingestion.cleaning.identifiers import parse_house_code, parse_person_id
from ingestion.cleaning.numbers import number_parser
from ingestion.cleaning.outcome import Careful
from ingestion.cleaning.texts import agency_parser, code_parser, parse_given_name, parse_text

REFERENCES = References.load()
SEX = code_parser({"male": "male", "ชาย": "male", "female": "female", "หญิง": "female"}, "ชาย, หญิง", "Male, Female")
AREA = area_parser("tambon", REFERENCES.areas, REFERENCES.retired)

NAMED = area_parser("tambon", REFERENCES.areas, REFERENCES.retired, REFERENCES.gazetteer)
AGENCY = agency_parser(REFERENCES.agencies)

anything = st.text(max_size=20)
thai = st.text(st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B), max_size=12)
dirty = st.text(st.sampled_from("0123456789๐๑๙,.-()%eE+ /\u200b\u00a0\u0e4d\u0e32\u0e40กG'#"), max_size=16)
digits = st.text(st.sampled_from("0123456789."), min_size=1, max_size=50)
thirteen = st.text(st.sampled_from("0123456789"), min_size=13, max_size=13)
runs = st.sampled_from(["1111111111119", "1234567890123", "0123456789012", "0000000000000", "9876543210987"])
slashed = st.builds("{:02}/{:02}/{:04}".format, st.integers(0, 32), st.integers(0, 13), st.integers(1800, 2700))
dashed = st.builds("{2:04}-{1:02}-{0:02}".format, st.integers(0, 32), st.integers(0, 13), st.integers(1800, 2700))
titled = st.builds(
    "{}{}".format, st.sampled_from(["นาย", "นาง", "นางสาว", "น.ส.", "ด.ช. ", "เด็กหญิง", "Mr. ", "'", "ร.ต.อ."]), thai
)
pdf_born = st.builds("{} {}".format, thai, st.text("\u0e30\u0e32\u0e33\u0e34\u0e38\u0e48\u0e40", max_size=3))
places = st.builds(
    "{}{}\x1f{}\x1fsender:{}".format,
    st.sampled_from(["ต.", "ตำบล", ""]),
    st.one_of(st.sampled_from(["บานา", "สะเตง", "สุไหงโกลก", "บาน่า"]), thai),
    st.sampled_from(["", "amphoe:อ.เมือง", "9401", "province:ยะลา"]),
    st.sampled_from(["94", "95", "96"]),
)
odd_cells = st.sampled_from(
    [
        "",
        "registration_office_95",
        " ",
        "-",
        "n/a",
        "N.A.",
        "#N/A",
        "ไม่มีข้อมูล",
        "ชาย",
        " หญิง",
        "940101",
        "900107",
        "9401",
    ]
)
cells = st.lists(
    st.one_of(anything, thai, dirty, digits, thirteen, runs, slashed, dashed, odd_cells, titled, pdf_born, places),
    min_size=1,
    max_size=30,
)

PAIRS: dict[str, tuple[Cleaner, Careful]] = {
    "text": (text_cleaner(), parse_text),
    "integer": (
        integer_cleaner(dash_is_zero=True, percent=False),
        number_parser(scale=None, dash_is_zero=True, percent=False),
    ),
    "decimal": (
        decimal_cleaner(2, dash_is_zero=False, percent=True),
        number_parser(scale=2, dash_is_zero=False, percent=True),
    ),
    "date": (date_cleaner(keeps_precision=True), date_parser(keeps_precision=True)),
    "whole date": (date_cleaner(keeps_precision=False), date_parser(keeps_precision=False)),
    "person id": (person_id_cleaner(), parse_person_id),
    "house code": (house_code_cleaner(), parse_house_code),
    "area code": (known_code_cleaner(REFERENCES.areas["tambon"], AREA), AREA),
    "place by name": (known_code_cleaner(REFERENCES.areas["tambon"], NAMED), NAMED),
    "given name": (given_name_cleaner(), parse_given_name),
    "agency": (known_code_cleaner(REFERENCES.agencies, AGENCY), AGENCY),
    "code list": (judged_cleaner(SEX, pa.string()), SEX),
}


def assert_same(cleaner: Cleaner, careful: Careful, texts: list[str]) -> None:
    """Also on a slice, whose buffers begin before its first cell."""
    for raw in (pa.array(texts, pa.string()), pa.array(["x,", *texts, "y"], pa.string()).slice(1, len(texts))):
        cleaned = cleaner(raw)
        expected = [careful(text) for text in texts]
        assert cleaned.values.to_pylist() == [outcome.value for outcome in expected]
        found = sorted((problem.at, problem.code) for problem in cleaned.problems)
        assert found == [(i, outcome.problem) for i, outcome in enumerate(expected) if outcome.problem]
        repairs = {(code, int(i)) for code, at in cleaned.repairs.items() for i in at}
        assert repairs == {(code, i) for i, outcome in enumerate(expected) for code in outcome.repairs}
        if cleaned.extra is not None:
            assert cleaned.extra.to_pylist() == [outcome.extra for outcome in expected]


@pytest.mark.parametrize("kind", PAIRS)
@settings(max_examples=150, deadline=None)
@given(texts=cells)
def test_a_column_is_judged_as_its_cells_are(kind: str, texts: list[str]) -> None:
    assert_same(*PAIRS[kind], texts)


@settings(max_examples=100, deadline=None)
@given(days=st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2056, 12, 31)), min_size=1, max_size=20))
def test_every_way_of_writing_a_day_gives_that_day(days: list[dt.date]) -> None:
    """Buddhist and Christian years, with slashes, dashes, month names and Excel's day numbers."""
    months = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
    clean = date_cleaner(keeps_precision=False)
    for ways in (
        [f"{day.isoformat()}" for day in days],
        [f"{day.year + 543:04}-{day:%m-%d}" for day in days],
        [f"{day:%d/%m}/{day.year + 543}" for day in days],
        [f"{day.day}/{day.month}/{day.year + 543}" for day in days],
        [f"{day.day} {months[day.month - 1]} {day.year + 543}" for day in days],
        [f"{(day - dt.date(1899, 12, 30)).days}" if day.year > 1940 else day.isoformat() for day in days],
    ):
        cleaned = clean(pa.array(ways, pa.string()))
        assert cleaned.values.to_pylist() == days
        assert cleaned.problems == []


@settings(max_examples=100, deadline=None)
@given(numbers=st.lists(st.decimals(min_value=-(10**12), max_value=10**12, places=2), min_size=1, max_size=20))
def test_every_way_of_writing_a_number_gives_that_number(numbers: list[Decimal]) -> None:
    clean = decimal_cleaner(2, dash_is_zero=False, percent=False)
    to_thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    for ways in (
        [f"{number:f}" for number in numbers],
        [f"{number:,f}" for number in numbers],
        [f"{number:,f}".translate(to_thai) for number in numbers],
        [f"({-number:,f})" if number < 0 else f" {number:f} " for number in numbers],
    ):
        cleaned = clean(pa.array(ways, pa.string()))
        assert cleaned.values.to_pylist() == numbers
        assert cleaned.problems == []
