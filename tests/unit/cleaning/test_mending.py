"""Repairs made over whole columns give what the careful functions give, cell by cell, however many cells need them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.cleaning import columns, mending
from ingestion.cleaning.cleaners import known_code_cleaner
from tests.unit.cleaning.test_fast_equals_careful import AREA, PAIRS, REFERENCES, assert_same

TAMBON = REFERENCES.areas["tambon"]
MENDED = PAIRS | {"area code": (known_code_cleaner(TAMBON, AREA, mending.OF_CODES), AREA)}

digits = st.text(st.sampled_from("0123456789"), min_size=1, max_size=13)
thai_digits = digits.map(lambda text: text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")))
grouped = st.integers(0, 10**15).map("{:,}".format)
baht = st.decimals(0, 10**12, places=2).map("{:,}".format)
dashed = st.lists(digits, min_size=2, max_size=5).map("-".join)
person = st.text(st.sampled_from("0123456789"), min_size=13, max_size=13).map(
    lambda text: f"{text[0]}-{text[1:5]}-{text[5:10]}-{text[10:12]}-{text[12]}"
)
dates = st.dates().map(lambda day: f"{day.day}/{day.month}/{day.year + 543}")
mixed = st.text(st.sampled_from("01๒๓9,.-/ \u200b\u00a0\tกา"), max_size=14)
names = st.sampled_from(["มะ  แซ", "นาย สม", "เเดง ", " -", "สมชาย", "940101", "94-01-01", "๙๔๐๑๐๑"])
spaced = st.one_of(digits, thai_digits, grouped, baht, dashed, person, dates, mixed, names).flatmap(
    lambda text: st.sampled_from([text, f" {text}", f"{text} ", f"  {text}  ", f"{text}\u00a0"])
)


@pytest.mark.parametrize("kind", MENDED)
@settings(max_examples=120, deadline=None)
@given(texts=st.lists(spaced, min_size=1, max_size=30))
def test_a_column_mended_as_a_whole_is_judged_as_its_cells_are(kind: str, texts: list[str]) -> None:
    cleaner, careful = MENDED[kind]
    enough = -(-columns.MANY // len(texts))
    assert_same(cleaner, careful, texts)
    assert_same(cleaner, careful, texts * enough)
