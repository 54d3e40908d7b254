"""Cells as officers write them, and what each becomes. All people here are invented."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.checking import References
from ingestion.cleaning.areas import area_parser
from ingestion.cleaning.dates import date_parser
from ingestion.cleaning.identifiers import checksum_holds, parse_house_code, parse_person_id
from ingestion.cleaning.numbers import number_parser
from ingestion.cleaning.text import clean_text
from ingestion.cleaning.texts import code_parser


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  ยะลา  เมือง ", "ยะลา เมือง"),
        ("บ้าน\u200bนา\ufeff", "บ้านนา"),
        ("ยะ\u00a0ลา", "ยะ ลา"),
        ("น\u0e4d\u0e32", "น\u0e33"),
        ("น\u0e49\u0e4d\u0e32", "น\u0e49\u0e33"),
        ("น\u0e4d\u0e49\u0e32", "น\u0e49\u0e33"),
        ("เเม่", "แม่"),
        ("อำเภอ", "อำเภอ"),
        ("ปู\u0e48\u0e48", "ปู\u0e48"),
    ],
)
def test_thai_text_is_mended(raw: str, clean: str) -> None:
    assert clean_text(raw).value == clean


@given(st.text())
def test_cleaning_twice_changes_nothing_more(raw: str) -> None:
    once = clean_text(raw).value
    assert clean_text(once) == (once, (), None, {}, None)
    assert unicodedata.is_normalized("NFC", once)


def test_sara_am_is_never_taken_apart() -> None:
    assert "\u0e33" in clean_text("ตำบล").value


@pytest.mark.parametrize(
    ("raw", "value", "problem"),
    [
        ("1,234", 1234, None),
        ("๑,๒๓๔", 1234, None),
        ("(123)", -123, None),
        ("12.0", 12, None),
        ("-", 0, None),
        ("ไม่มีข้อมูล", None, None),
        ("", None, None),
        ("12.5", None, "not_an_integer"),
        ("1,23", None, "not_a_number"),
        ("120 คน", None, "not_a_number"),
        ("1.10E+12", None, "number_destroyed"),
        ("#REF!", None, "excel_error_value"),
        ("9" * 30, None, "number_too_large"),
    ],
)
def test_whole_numbers(raw: str, value: int | None, problem: str | None) -> None:
    outcome = number_parser(scale=None, dash_is_zero=True, percent=False)(raw)
    assert (outcome.value, outcome.problem) == (value, problem)


def test_a_dash_says_nothing_where_the_number_may_be_missing() -> None:
    outcome = number_parser(scale=2, dash_is_zero=False, percent=False)("-")
    assert (outcome.value, outcome.repairs) == (None, ("nil_as_empty",))


def test_percent_signs_and_decimals() -> None:
    parse = number_parser(scale=2, dash_is_zero=False, percent=True)
    assert parse("12.5%").value == Decimal("12.50")
    assert parse("0.125").repairs == ("decimals_rounded",)


DAY = dt.date(2019, 8, 15)


@pytest.mark.parametrize(
    ("raw", "value", "precision", "problem"),
    [
        ("15 ส.ค. 2562", DAY, "day", None),
        ("15 สค 62", DAY, "day", None),
        ("15 สิงหาคม พ.ศ. 2562", DAY, "day", None),
        ("วันที่ 15 สิงหาคม 2562", DAY, "day", None),
        ("15/8/62", DAY, "day", None),
        ("15-08-2562", DAY, "day", None),
        ("15.8.2562", DAY, "day", None),
        ("2562/08/15", DAY, "day", None),
        ("2562-08-15 00:00:00", DAY, "day", None),
        ("15 Aug 2019", DAY, "day", None),
        ("๓ สิงหาคม ๒๕๖๕", dt.date(2022, 8, 3), "day", None),
        ("43692", DAY, "day", None),
        ("29/02/2563", dt.date(2020, 2, 29), "day", None),
        ("29/02/2562", None, None, "date_impossible"),
        ("31/02/2564", None, None, "date_impossible"),
        ("08/15/2562", DAY, "day", "date_day_month_ambiguous"),
        ("ส.ค. 2562", dt.date(2019, 8, 1), "month", None),
        ("8/2562", dt.date(2019, 8, 1), "month", None),
        ("0/8/2562", dt.date(2019, 8, 1), "month", None),
        ("-/-/2562", dt.date(2019, 1, 1), "year", None),
        ("2562", dt.date(2019, 1, 1), "year", None),
        ("พ.ศ. 2562", dt.date(2019, 1, 1), "year", None),
        ("15/8/2300", None, None, "date_era_ambiguous"),
        ("15/8/1850", None, None, "date_era_ambiguous"),
        ("กลางเดือนสิงหา", None, None, "date_unreadable"),
        ("-", None, None, None),
    ],
)
def test_dates(raw: str, value: dt.date | None, precision: str | None, problem: str | None) -> None:
    outcome = date_parser(keeps_precision=True)(raw)
    assert (outcome.value, outcome.extra, outcome.problem) == (value, precision, problem)


def test_a_partial_date_is_asked_about_where_no_precision_is_kept() -> None:
    outcome = date_parser(keeps_precision=False)("ส.ค. 2562")
    assert (outcome.value, outcome.problem) == (None, "date_incomplete")


@pytest.mark.parametrize(
    ("raw", "value", "kind", "problem"),
    [
        ("1234567890121", "1234567890121", "citizen", None),
        ("1-2345-67890-12-1", "1234567890121", "citizen", None),
        ("๑๒๓๔๕๖๗๘๙๐๑๒๑", "1234567890121", "citizen", None),
        ("'1234567890121", "1234567890121", "citizen", None),
        ("1234567890122", "1234567890122", "unverified", "id_checksum"),
        ("6234567890121", "6234567890121", "alien_or_unregistered", None),
        ("0234567890122", "0234567890122", "alien_or_unregistered", None),
        ("g123456789012", "G123456789012", "learner_code", None),
        ("1111111111119", None, "missing", "id_no_person"),
        ("0000000000000", None, "missing", "id_no_person"),
        ("1.10E+12", None, "missing", "number_destroyed"),
        ("123456789012", None, "missing", "id_wrong_length"),
        ("1-2345-xxxxx-12-1", None, "missing", "id_masked"),
        ("A1234567", None, "missing", "id_wrong_format"),
        ("", None, "missing", None),
        ("-", None, "missing", None),
    ],
)
def test_person_identifiers(raw: str, value: str | None, kind: str, problem: str | None) -> None:
    outcome = parse_person_id(raw)
    assert (outcome.value, outcome.extra, outcome.problem) == (value, kind, problem)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_exactly_one_last_digit_fits(twelve: str) -> None:
    assert sum(checksum_holds(twelve + str(last)) for last in range(10)) == 1


@pytest.mark.parametrize(
    ("raw", "value", "problem"),
    [
        ("95010012345", "95010012345", None),
        ("9501-001234-5", "95010012345", None),
        ("9501001234", None, "house_code_wrong"),
        ("00000000000", None, "house_code_wrong"),
        ("9.501E+10", None, "number_destroyed"),
    ],
)
def test_house_codes(raw: str, value: str | None, problem: str | None) -> None:
    outcome = parse_house_code(raw)
    assert (outcome.value, outcome.problem) == (value, problem)


@pytest.mark.parametrize(
    ("raw", "value", "problem", "repairs"),
    [
        ("940101", "940101", None, ()),
        ("๙๔๐๑๐๑", "940101", None, ("thai_digits",)),
        ("94-01-01", "940101", None, ("id_punctuation",)),
        ("900107", "901501", None, ("area_code_retired",)),
        ("949999", None, "area_code_unknown", ()),
        ("9401", None, "area_level_wrong", ()),
        ("เมือง", None, "area_code_unknown", ()),
    ],
)
def test_tambon_codes(raw: str, value: str | None, problem: str | None, repairs: tuple[str, ...]) -> None:
    references = References.load()
    outcome = area_parser("tambon", references.areas, references.retired)(raw)
    assert (outcome.value, outcome.problem, outcome.repairs) == (value, problem, repairs)


def test_a_new_village_is_asked_about_not_refused() -> None:
    references = References.load()
    outcome = area_parser("village", references.areas, references.retired)("94010499")
    assert (outcome.value, outcome.problem) == ("94010499", "village_code_unknown")


def test_code_lists_accept_value_labels_and_synonyms() -> None:
    parse = code_parser({"pass": "pass", "ผ่าน": "pass", "1": "pass", "-": "na"}, "ผ่าน", "Pass")
    assert [parse(text).value for text in ("PASS", " ผ่าน ", "๑", "1.0", "-")] == ["pass", "pass", "pass", "pass", "na"]
    assert parse("maybe").problem == "code_unknown"
