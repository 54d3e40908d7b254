"""Codes of areas: in force, retired, of the wrong level, or unknown; Thai names of areas where a column takes them."""

import re
from collections.abc import Mapping

from ingestion.cleaning.identifiers import PUNCTUATION
from ingestion.cleaning.numbers import THAI_DIGITS, is_excel_error, is_nil
from ingestion.cleaning.outcome import Careful, Outcome
from ingestion.cleaning.places import PARENT_SEPARATOR, THAI_LETTER, Gazetteer
from ingestion.cleaning.text import clean_text

LEVEL_BY_DIGITS: Mapping[int, str] = {2: "province", 4: "amphoe", 6: "tambon", 8: "village"}
LEVEL_TH: Mapping[str, str] = {"province": "จังหวัด", "amphoe": "อำเภอ", "tambon": "ตำบล", "village": "หมู่บ้าน"}


_THAI = re.compile(THAI_LETTER)


def area_parser(
    level: str,
    areas: Mapping[str, frozenset[str]],
    retired: Mapping[str, str | None],
    gazetteer: Gazetteer | None = None,
    *,
    alone: bool = False,
) -> Careful:
    """Careful function of an area code column of one level.

    With a gazetteer it also takes Thai names: a cell is then the name and, behind PARENT_SEPARATOR each, the codes or
    names (`amphoe:เมืองยะลา`) of the places around it; `alone`: a unique name needs none.
    """
    in_force = areas[level]
    names = {"level_th": LEVEL_TH[level], "level_en": level}

    def parse(raw: str) -> Outcome:
        raw, *parents = raw.split(PARENT_SEPARATOR) if gazetteer else (raw,)
        text, repairs = clean_text(raw)[:2]
        if not text:
            return Outcome(None, repairs)
        if is_nil(text):
            return Outcome(None, (*repairs, "nil_as_empty"))
        if is_excel_error(text):
            return Outcome(None, repairs, "excel_error_value")
        if gazetteer and _THAI.search(text):
            found = gazetteer.resolve(level, text, tuple(parents), alone=alone)
            return found._replace(
                repairs=(*repairs, *found.repairs), params=names | dict(found.params) if found.problem else {}
            )
        digits = text.translate(THAI_DIGITS)
        if digits != text:
            repairs = (*repairs, "thai_digits")
        code = PUNCTUATION.sub("", digits)
        if code != digits:
            repairs = (*repairs, "id_punctuation")
        if code in in_force:
            return Outcome(code, repairs)
        return _judge(code, repairs)

    def _judge(code: str, repairs: tuple[str, ...]) -> Outcome:
        found = LEVEL_BY_DIGITS.get(len(code))
        if code.isdigit() and found == level and code in retired:
            successor = retired[code]
            if successor in in_force:
                return Outcome(successor, (*repairs, "area_code_retired"))
            return Outcome(code, repairs, "area_code_retired_unmapped")
        if found is not None and found != level and code in areas[found]:
            return Outcome(None, repairs, "area_level_wrong", {**names, "found_th": LEVEL_TH[found], "found_en": found})
        if level == "village" and found == level and code[:6] in areas["tambon"]:
            # New villages are announced more often than our list is renewed.
            return Outcome(code, repairs, "village_code_unknown")
        return Outcome(None, repairs, "area_code_unknown", names)

    return parse
