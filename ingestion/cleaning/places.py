"""Thai names of places made into codes: only together with what they lie in, and never by likeness alone.

English names are never matched: one in four is spelled otherwise somewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ingestion.cleaning.numbers import THAI_DIGITS
from ingestion.cleaning.outcome import Outcome

LEVELS = ("province", "amphoe", "tambon", "village")
CODE_DIGITS: Mapping[str, int] = {"province": 2, "amphoe": 4, "tambon": 6, "village": 8}
PARENT_SEPARATOR = "\x1f"  # between a name and what stands beside it in its row
THAI_LETTER = "[\u0e01-\u0e2e]"
SENDER = "sender"
UNDECIDED = "area_name_needs_folder"  # no issue: several places fit, and whose folder the file is meant for isn't known
LIKE_ENOUGH = 0.6  # one wrong letter of three; a suggestion only
MAX_LISTED = 5

_LEVEL_OF_PREFIX = {
    **dict.fromkeys(("จังหวัด", "จ."), "province"),
    **dict.fromkeys(("กิ่งอำเภอ", "กิ่งอ.", "อำเภอ", "อ."), "amphoe"),
    **dict.fromkeys(("ตำบล", "ต."), "tambon"),
    **dict.fromkeys(("หมู่บ้าน", "บ้าน", "บ."), "village"),
}
_PREFIX = re.compile("(" + "|".join(map(re.escape, _LEVEL_OF_PREFIX)) + r")\s*")
_MOO = re.compile(r"(?:หมู่ที่|หมู่|ม\.)\s*([0-9]{1,2})")
_NEXT_PART = re.compile(
    r"[\s,/]*(?=(?:ต\.|อ\.|จ\.|ม\.))|[\s,/]+(?=(?:จังหวัด|กิ่งอำเภอ|อำเภอ|ตำบล|หมู่ที่|หมู่\s?[0-9]))|(?<=[0-9])\s+(?=บ้าน)"
)
_NOT_IN_NAMES = re.compile(r"[\s\-().]")
_CACHED = 1 << 14


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `names` are all Thai spellings in use, the official one first."""

    code: str
    level: str
    names: tuple[str, ...]


class Gazetteer:
    """Thai names of all places in force."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._official = {place.code: place.names[0] for place in places}
        self._by_form: dict[str, dict[str, list[str]]] = {level: {} for level in LEVELS}
        for place in places:
            for name in place.names:
                self._by_form[place.level].setdefault(_form(name, place.level), []).append(place.code)
        self.resolve = lru_cache(maxsize=_CACHED)(self._resolve)

    def name(self, code: str) -> str:
        """The official name of a place in force; KeyError for any other code."""
        return self._official[code]

    def _resolve(self, level: str, text: str, parents: tuple[str, ...], *, alone: bool) -> Outcome:
        """The code of a name of `level`.

        text: as written, cleaned, perhaps with the places around it (`ต.บานา อ.เมืองปัตตานี`).
        parents: codes or names (`amphoe:เมืองยะลา`) of places it lies in, the sender's province as `sender:95`, which
        counts where none other is named; alone: the sender is unknown, so that a unique name needs no parents, and
        what the sender's province would tell apart stays UNDECIDED.
        """
        own, moo, around = "", None, list(parents)
        for part_level, part in _parts(text.translate(THAI_DIGITS), level):
            if part_level == "moo":
                moo = int(part)
            elif part_level == level and not own:
                own = part
            else:
                around.append(f"{part_level}:{part}")
        within = self._within(level, around)
        undecided = alone and _sender_has_a_say(around)
        if level == "village" and moo is not None:
            # A number and the name of a tambon alone are one name, as little as any other.
            known = alone or len(within) > 1 or not any(around_level for around_level in map(_named_level, around))
            return self._numbered(moo, own, within if known else [], undecided=undecided)
        found = self._fitting(level, own, within)
        if undecided and len(found) > 1:
            return Outcome(None, (), UNDECIDED)
        if len(found) == 1 and (within or alone or level == "province"):
            return Outcome(found[0], ("area_name_matched",))
        if found:
            return Outcome(None, (), "area_name_ambiguous", {"choices": self._listed(found)})
        return Outcome(None, (), "area_name_unknown", self._suggestion(level, own, within))

    def _within(self, level: str, around: Sequence[str]) -> list[tuple[str, ...]]:
        """Per place around, the codes it may have; the larger places first, so that they narrow the smaller ones."""
        pairs = _pairs(around)
        within: list[tuple[str, ...]] = [(name,) for at, name in pairs if not at]
        named = [(at, name) for at, name in pairs if at and at != SENDER]
        if _sender_has_a_say(around):
            within = [(name,) for at, name in pairs if at == SENDER]
        for parent_level, name in sorted(named, key=lambda pair: _depth(pair[0])):
            if _depth(parent_level) < _depth(level):
                own = next((part for at, part in _parts(name, parent_level) if at == parent_level), name)
                within.append(tuple(self._fitting(parent_level, own, within)))
        return within

    def _fitting(self, level: str, name: str, within: Sequence[tuple[str, ...]]) -> list[str]:
        codes = self._by_form[level].get(_form(name, level), []) if name else []
        return [code for code in dict.fromkeys(codes) if _lies_in(code, within)]

    def _numbered(self, moo: int, own: str, within: Sequence[tuple[str, ...]], *, undecided: bool) -> Outcome:
        """A village by its number in a tambon; a name beside it must fit."""
        tambon = {code for codes in within for code in codes if len(code) == CODE_DIGITS["tambon"]}
        codes = [code for code in (f"{parent}{moo:02d}" for parent in tambon) if code in self._official]
        codes = [code for code in codes if _lies_in(code, within)]
        if undecided and len(codes) > 1:
            return Outcome(None, (), UNDECIDED)
        if len(codes) == 1 and (not own or _form(own, "village") == _form(self._official[codes[0]], "village")):
            return Outcome(codes[0], ("area_name_matched",))
        return Outcome(None, (), "area_name_unknown", self._suggestion("village", own, within))

    def _suggestion(self, level: str, name: str, within: Sequence[tuple[str, ...]]) -> dict[str, str]:
        forms = {
            form: code
            for form, codes in self._by_form[level].items()
            for code in codes
            if _lies_in(code, [codes for codes in within if codes])
        }
        near = process.extractOne(
            _form(name, level), list(forms), scorer=Levenshtein.normalized_similarity, score_cutoff=LIKE_ENOUGH
        )
        if near is None:
            return {"suggestion_th": "", "suggestion_en": ""}
        meant = self._listed([forms[near[0]]])
        return {"suggestion_th": f" หมายถึง {meant} หรือไม่", "suggestion_en": f"; did you mean {meant}?"}

    def _listed(self, codes: Sequence[str]) -> str:
        """`บานา อ.เมืองปัตตานี (940106)`, a few of them."""
        texts = []
        for code in codes[:MAX_LISTED]:
            parent = self._official.get(code[:-2], "")
            before = {4: "จ.", 6: "อ.", 8: "ต."}.get(len(code), "")
            lies_in = f" {before}{parent}" if parent else ""
            texts.append(f"{self._official[code]}{lies_in} ({code})")
        return ", ".join(texts) + (" …" if len(codes) > MAX_LISTED else "")


def _pairs(around: Sequence[str]) -> list[tuple[str, str]]:
    """(level, name) of the places around; a code has no level."""
    return [(at, name) for at, _, name in (parent.rpartition(":") for parent in around) if name]


def _sender_has_a_say(around: Sequence[str]) -> bool:
    """Whether nothing else says in which province a place lies."""
    return all(at and at != "province" for at, _ in _pairs(around))


def _named_level(parent: str) -> str:
    """Level of a place given by name; "" for a code or the sender's province."""
    level, _, name = parent.rpartition(":")
    return level if name and level != SENDER else ""


def _depth(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def _lies_in(code: str, within: Sequence[tuple[str, ...]]) -> bool:
    """Whether it lies in one of the codes each place around may have, or holds it: a tambon known by code is in its
    amphoe, whichever of the two is looked for."""
    return all(any(code.startswith(one) or one.startswith(code) for one in codes) for codes in within)


def _parts(text: str, level: str) -> Iterator[tuple[str, str]]:
    """(level, name) of every place written in a cell; one without a prefix is of the column's level."""
    for part in filter(None, _NEXT_PART.split(text)):
        if moo := _MOO.fullmatch(part.strip()):
            yield "moo", moo[1]
            continue
        prefix = _PREFIX.match(part)
        if prefix and len(part) > prefix.end() and not (prefix[1] == "บ้าน" and level != "village"):
            yield _LEVEL_OF_PREFIX[prefix[1]], part[prefix.end() :].strip()
        else:
            yield level, part.strip()


def _form(name: str, level: str) -> str:
    """A name as it is compared: without spaces and hyphens; a village without its บ้าน."""
    form = _NOT_IN_NAMES.sub("", name)
    return form.removeprefix("บ้าน") or form if level == "village" else form
