"""Titles, apostrophes and marks: what is certain is mended, what is part of a name stays, the rest is asked about."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.checking.columns import column_check
from ingestion.checking.references import References
from ingestion.cleaning.text import clean_text, has_misplaced_marks
from ingestion.cleaning.texts import code_parser, parse_given_name, parse_text
from ingestion.contracts import load_contracts
from ingestion.reports.writing import neutral

COLUMNS = {f"{c.id}.{column.name}": column for c in load_contracts().values() for column in c.columns}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("นายสมมุติ", "สมมุติ"),
        ("นาย สมมุติ", "สมมุติ"),
        ("นางสาวสมมุติ", "สมมุติ"),
        ("น.ส.สมมุติ", "สมมุติ"),
        ("น.ส. สมมุติ", "สมมุติ"),
        ("ด.ช.สมมุติ", "สมมุติ"),
        ("เด็กหญิงสมมุติ", "สมมุติ"),
        ("ดร.สมมุติ", "สมมุติ"),
        ("ว่าที่ ร.ต.สมมุติ", "สมมุติ"),
        ("ร.ต.อ.หญิง สมมุติ", "สมมุติ"),
        ("Mr. Sommut", "Sommut"),
        ("Miss Sommut", "Sommut"),
        ("นายเสมอ", "เสมอ"),
        ("นางสาวิตรี", "สาวิตรี"),  # นาง and สาวิตรี: what follows นางสาว could begin no word
    ],
)
def test_a_title_before_a_given_name_is_taken_off(raw: str, name: str) -> None:
    outcome = parse_given_name(raw)
    assert (outcome.value, outcome.problem) == (name, None)
    assert "name_title_removed" in outcome.repairs


@pytest.mark.parametrize(
    "name",
    ["นายูโซ๊ะ", "นาย", "นางสาว", "นายก", "นายน์", "ต่วนสมมุติ", "ตูแวสมมุติ", "นิสมมุติ", "แวสมมุติ", "เจ๊ะสมมุติ", "หะยีสมมุติ", "กูสมมุติ",
     "เด็กดี", "ดรุณี", "Mister", "Missy"],
)  # fmt: skip
def test_what_begins_like_a_title_and_malay_honorifics_stay(name: str) -> None:
    assert parse_given_name(name)[:3] == (name, (), None)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("'=1+1", "=1+1"),
        ("'0123", "0123"),
        (" 'ตัวอย่าง", "ตัวอย่าง"),
        ("''ตัวอย่าง", "ตัวอย่าง"),
        ("'ตัวอย่าง'", "'ตัวอย่าง'"),
        ("โต๊ะ'เล็ก", "โต๊ะ'เล็ก"),
        ("'", ""),
    ],
)
def test_an_apostrophe_in_front_protects_and_a_pair_quotes(raw: str, text: str) -> None:
    assert clean_text(raw).value == text


@pytest.mark.parametrize(
    ("raw", "text"), [("ท่ี่", "ที่"), ("นำ้", "น้ำ"), ("นํ้า", "น้ำ"), ("เเก้ว", "แก้ว"), ("ข้้าว", "ข้าว"), ("นํา", "นำ")]
)
def test_marks_that_look_right_in_another_order_are_mended(raw: str, text: str) -> None:
    assert clean_text(raw).value == text


@pytest.mark.parametrize("raw", ["อ านาจเจริญ", "จ ากัด", "เ", "ไ ป", "ะกา", "น้ า", "บ้าน ่อ", "เ่มือง"])
def test_text_copied_from_a_pdf_is_flagged_and_kept(raw: str) -> None:
    outcome = parse_text(raw)
    assert (outcome.value, outcome.problem) == (raw, "text_marks_misplaced")


def test_no_reference_name_has_marks_out_of_place() -> None:
    """Every official name of a province, amphoe, tambon and village: no false alarm."""
    for level in ("provinces", "amphoe", "tambon", "villages"):
        lines = (References.load().folder / f"{level}.csv").read_text(encoding="utf-8").splitlines()[1:]
        names = [line.split(",")[1] for line in lines]
        assert [name for name in names if has_misplaced_marks(clean_text(name).value)] == []


@given(st.text(max_size=20))
@example("'")
@example("\u0e4d'\u0e32")
@example("'\x00'x")
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    once = clean_text(raw).value
    assert clean_text(once) == (once, (), None, {}, None)


cells = st.one_of(
    st.text(max_size=12),
    st.text(st.sampled_from("0123456789'=+-@ \t\u200b.,๐๙(%)/กาเ่ำ"), max_size=12),
    st.from_regex(r"'?[0-9]{1,13}", fullmatch=True),
)


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=60, deadline=None)
@given(raw=cells)
@example(raw="=x'")
@example(raw="\t'=x")
@example(raw="-")
@example(raw="0012")
def test_what_our_papers_protect_reads_back_unchanged_in_every_column(name: str, raw: str) -> None:
    """bad_rows.csv puts an apostrophe before formulas and long numbers: the value comes back the same."""
    import pyarrow as pa

    check = column_check(COLUMNS[name], References.load())
    sent, returned = check.run(pa.array([raw])), check.run(pa.array([neutral(raw)]))
    assert returned.values.to_pylist() == sent.values.to_pylist()
    assert [(p.code, p.severity) for p in returned.problems] == [(p.code, p.severity) for p in sent.problems]


@pytest.mark.parametrize(
    ("raw", "value"), [("1", "one"), ("01", "one"), ("1.0", "one"), ("7", "seven"), ("๗", "seven")]
)
def test_zeros_cut_from_a_code_come_back_where_only_one_code_fits(raw: str, value: str) -> None:
    parse = code_parser({"01": "one", "007": "seven", "10": "ten"}, "", "")
    assert parse(raw).value == value


@pytest.mark.parametrize("raw", ["2", "", "0"])
def test_zeros_are_not_invented(raw: str) -> None:
    parse = code_parser({"02": "a", "002": "b"}, "", "")
    assert parse(raw).value is None
