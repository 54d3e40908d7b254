"""The short form of the defect benchmark: every kind of defect, formats and layouts taking turns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import defects
from benchmarks.judging import judge
from chaidaen.simulate.corpus import Case, kinds
from chaidaen.simulate.layouts import ARRANGEMENTS, Arrangement
from chaidaen.simulate.pages import Format
from ingestion.issues import catalogue

pytestmark = pytest.mark.timeout(180)
PLAIN = ARRANGEMENTS[0]
FORMATS = defects.corpus().formats_for_every_layout


def takes_part(form: Format, layout: Arrangement) -> bool:
    """Each layout in one text format, a few in one kind of workbook, taking turns; plain in a few more."""
    if layout is PLAIN and form.name in {"UTF-8, comma", "xlsx", "JSON lines"}:
        return True
    number, of_its_kind = ARRANGEMENTS.index(layout), [f for f in FORMATS if f.kind == form.kind]
    if form not in of_its_kind or of_its_kind[number % len(of_its_kind)] != form:
        return False
    needs_workbook = layout.needs_sheets or layout.merged_values
    return form.kind == "text" or number % 6 == 0 or needs_workbook


def short_form() -> Iterator[Case]:
    return defects.corpus().cases(takes_part)


def test_every_kind_of_defect_has_an_entry_in_the_catalogue() -> None:
    assert len(kinds()) >= 40
    assert {code for codes in kinds().values() for code in codes} <= set(catalogue())


def test_defects_are_told_at_their_cells_and_clean_files_are_left_in_peace() -> None:
    """At least 98 % at the exact cell, no wrong address, no false alarm; verdict, rows and rejected rows right."""
    board = defects.run(short_form())
    failures = "\n".join(line for judged in board.failures for line in defects.explained(judged))
    assert board.total.found_share >= defects.LEAST_FOUND, failures
    assert board.total.wrong_addresses == 0, failures
    assert board.total.false_on_clean == 0, failures
    assert board.total.false_on_spoilt == 0, failures
    assert board.total.wrong_verdicts == 0, failures
    assert board.total.clean_files >= 10
    assert not board.unseeded
    assert not board.unexplained
    assert board.codes.isdisjoint(defects.NOT_IN_A_FILE)
    assert board.by_format.keys() >= {form.name for form in FORMATS}
    assert board.by_layout.keys() >= {layout.name for layout in ARRANGEMENTS}


def test_a_check_that_tells_nothing_or_too_much_would_be_seen(tmp_path: Path) -> None:
    """The judge itself: a missing, a misplaced and an added cell each count as what they are."""
    corpus = defects.corpus()
    spoilt = next(case for case in corpus.combination(corpus.formats[0], ARRANGEMENTS[0]) if len(case.told) > 9)
    (sheet, cell, code), kind = next((place, name) for place, name in spoilt.told.items() if place[1])
    others = {place: name for place, name in spoilt.told.items() if place != (sheet, cell, code)}
    assert judge(spoilt, tmp_path).is_right
    moved = judge(replace(spoilt, told=others | {(sheet, "ZZ1", code): kind}), tmp_path)
    assert moved.missed == [((sheet, "ZZ1", code), kind)]
    assert (sheet, cell, code) in moved.misplaced
    assert (sheet, cell, code) in judge(replace(spoilt, told=others), tmp_path).false
