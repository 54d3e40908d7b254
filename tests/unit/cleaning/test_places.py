"""Places by name: a name becomes a code only with what it lies in; a near miss is suggested, never taken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.checking import References
from ingestion.cleaning.areas import area_parser
from ingestion.cleaning.places import PARENT_SEPARATOR, UNDECIDED

REFERENCES = References.load()
TAMBON = area_parser("tambon", REFERENCES.areas, REFERENCES.retired, REFERENCES.gazetteer)
VILLAGE = area_parser("village", REFERENCES.areas, REFERENCES.retired, REFERENCES.gazetteer)


def tambon(*parts: str) -> tuple[str | None, str | None]:
    outcome = TAMBON(PARENT_SEPARATOR.join(parts))
    return outcome.value, outcome.problem


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("ต.บานา", "sender:94"), "940104"),
        (("ตำบลบานา", "amphoe:อ.เมือง", "province:จ.ปัตตานี"), "940104"),
        (("บานา", "amphoe:เมืองปัตตานี"), "940104"),
        (("บานา", "9401"), "940104"),
        (("ต.บานา อ.เมืองปัตตานี จ.ปัตตานี",), "940104"),
        (("ตำบลบานา อำเภอเมือง จังหวัดปัตตานี",), "940104"),
        (("ต. บานา", "94"), "940104"),
        (("สุไหงโกลก", "96"), "961001"),
        (("สุไหงโก-ลก", "96"), "961001"),
        (("940104", "sender:95"), "940104"),
    ],
)
def test_a_name_with_what_it_lies_in_is_a_place(parts: tuple[str, ...], code: str) -> None:
    assert tambon(*parts) == (code, None)


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (("บานา",), "area_name_ambiguous"),  # unique here, but nothing says that it is meant
        (("บานา", "amphoe:ยะรัง", "94"), "area_name_unknown"),
        (("ต.บานา อ.เมืองยะลา จ.ยะลา", "sender:94"), "area_name_unknown"),
        (("Bana", "9401"), "area_code_unknown"),  # English names are never matched
        (("ต.บาน่า", "94"), "area_name_unknown"),
        (("ต.", "94"), "area_name_unknown"),
    ],
)
def test_anything_less_is_no_place(parts: tuple[str, ...], problem: str) -> None:
    assert tambon(*parts) == (None, problem)


def test_two_places_of_one_name_are_asked_about() -> None:
    village = VILLAGE(PARENT_SEPARATOR.join(("บ้านบานา", "940104")))
    assert village.problem == "area_name_ambiguous"
    assert "94010402" in village.params["choices"]
    assert "94010403" in village.params["choices"]


@pytest.mark.parametrize(
    ("parts", "value", "problem"),
    [
        (("ต.ฉลุง",), None, UNDECIDED),  # one in Songkhla, one in Satun
        (("ต.ฉลุง", "amphoe:เมือง"), "910105", None),
        (("ต.ฉลุง", "amphoe:หาดใหญ่"), "901108", None),
        (("ต.ฉลุง จ.สตูล",), "910105", None),
        (("ต.ฉลุง", "91"), "910105", None),
        (("ต.สะกอม จ.สงขลา",), None, "area_name_ambiguous"),  # two of them there, whoever sends it
        (("ต.บานา",), "940104", None),
        (("ต.ไม่มีอยู่จริง",), None, "area_name_unknown"),
    ],
)
def test_what_only_the_sender_s_province_tells_stays_open_where_the_sender_is_unknown(
    parts: tuple[str, ...], value: str | None, problem: str | None
) -> None:
    """No wrong claim: what every sender would be told is told, what some would be told is left open."""
    by_nobody = area_parser("tambon", REFERENCES.areas, REFERENCES.retired, REFERENCES.gazetteer, alone=True)
    outcome = by_nobody(PARENT_SEPARATOR.join(parts))
    assert (outcome.value, outcome.problem) == (value, problem)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(sorted({REFERENCES.gazetteer.name(code) for code in REFERENCES.areas["tambon"]})))
def test_a_problem_told_to_nobody_in_particular_is_told_to_every_sender(name: str) -> None:
    by_nobody = area_parser("tambon", REFERENCES.areas, REFERENCES.retired, REFERENCES.gazetteer, alone=True)
    told = by_nobody(f"ต.{name}").problem
    of_senders = {tambon(f"ต.{name}", f"sender:{province}")[1] for province in REFERENCES.areas["province"]}
    assert told in {None, UNDECIDED} or of_senders == {told}


@pytest.mark.parametrize("raw", ["ม.4", "หมู่ 4", "หมู่ที่ ๔", "ม.4 ต.บานา"])
def test_a_village_is_known_by_its_number_in_a_tambon(raw: str) -> None:
    assert VILLAGE(PARENT_SEPARATOR.join((raw, "940104"))).value == "94010404"
    assert VILLAGE(raw).value is None


@pytest.mark.parametrize("raw", ["ม.2", "บ้านบาโงสากอ"])
def test_a_village_lies_in_its_tambon_s_code_and_in_the_amphoe_named_beside_it(raw: str) -> None:
    assert VILLAGE(PARENT_SEPARATOR.join((raw, "940302", "amphoe:หนองจิก", "sender:94"))).value == "94030202"
    elsewhere = VILLAGE(PARENT_SEPARATOR.join((raw, "940302", "amphoe:ยะรัง", "sender:94")))
    assert (elsewhere.value, elsewhere.problem) == (None, "area_name_unknown")


def test_a_misspelt_name_is_suggested_with_its_code() -> None:
    outcome = TAMBON(PARENT_SEPARATOR.join(("ต.บาน่า", "94")))
    assert outcome.value is None
    assert "บานา อ.เมืองปัตตานี (940104)" in outcome.params["suggestion_th"]
    assert "did you mean" in outcome.params["suggestion_en"]


@settings(max_examples=200, deadline=None)
@given(
    text=st.text(max_size=25), parent=st.sampled_from(["", "94", "amphoe:เมือง", "province:ยะลา", "940104", "sender:95"])
)
def test_whatever_is_written_gives_a_code_in_force_or_a_problem(text: str, parent: str) -> None:
    outcome = TAMBON(PARENT_SEPARATOR.join((text, parent)))
    assert outcome.value is None or outcome.problem or outcome.value in REFERENCES.areas["tambon"]


@settings(max_examples=200, deadline=None)
@given(code=st.sampled_from(sorted(REFERENCES.areas["tambon"])))
def test_every_tambon_is_found_by_its_name_and_amphoe(code: str) -> None:
    official = REFERENCES.gazetteer.name(code)
    amphoe = REFERENCES.gazetteer.name(code[:4])
    outcome = TAMBON(PARENT_SEPARATOR.join((f"ต.{official}", f"amphoe:อ.{amphoe}", f"sender:{code[:2]}")))
    assert outcome.value == code
