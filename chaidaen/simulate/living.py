"""How simulated households live: income, the survey items of both rounds, schooling, work, who holds a welfare card.

Numbers are chosen to look right, not estimated: income is lognormal with an area effect and is carried over from round
to round, so that some households leave poverty and some fall back; items pass more often where income is higher.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from chaidaen.simulate.identifiers import Ints, Texts
from chaidaen.simulate.people import Bools, Floats, Persons
from chaidaen.simulate.places import Tambon, reference_rows

_FIRST_YEAR_OF_38_ITEMS = 2565
_SPREAD = 0.50  # standard deviation of log income between households of one tambon
_CARRIED_OVER = 0.85  # share of a household's distance from its tambon's level that stays until the next round
_PROVINCE_LEVEL = {"90": 0.20, "91": 0.05, "94": -0.22, "95": -0.12, "96": -0.25}
_MEDIAN_INCOME_BAHT = 78_000
_CARD_INCOME_CEILING_BAHT = 100_000  # of the 2564 welfare-card register

# Share of households passing an item at middling income, item 1 first.
_PASS_SHARES = np.array(
    [.985, .90, .985, .988, .990, .93, .980, .985, .990, .993, .972, .97, .985, .985, .975, .990,
     .980, .94, .985, .975, .965, .5, .87, .90, .82, .955, .992, .985, .985, .985, .985]
)  # fmt: skip
# Where an item of the 38-item round asks what the 31-item round asked: number there -> number before.
_ASKED_BEFORE = {
    2: 1, 3: 2, 4: 3, 6: 4, 8: 5, 9: 7, 12: 6, 13: 8, 14: 11, 15: 12, 16: 13, 17: 14, 18: 9, 22: 15, 23: 16, 24: 17,
    25: 19, 27: 20, 28: 21, 29: 22, 30: 23, 34: 27, 35: 28, 36: 31, 38: 30,
}  # fmt: skip
# Those it asks for the first time; the text of item 37 is not known, so it is left unanswered.
_NEW_PASS_SHARES = {
    1: .98, 5: .975, 7: .97, 10: .985, 11: .99, 19: .995, 20: .93, 21: .88, 26: .86, 31: .94, 32: .91, 33: .82, 37: .99,
}  # fmt: skip
_UNKNOWN_ITEM = 37
_PULL_OF_INCOME = 1.0  # how many log-odds of passing one standard deviation of income is worth


@cache
def income_line(year_be: int) -> int:
    """Income line of the survey, baht per person per year; the last known line for rounds after it."""
    lines = {int(row["survey_year_be"]): int(row["income_line_baht"]) for row in reference_rows("income_lines")}
    return lines[max((year for year in lines if year <= year_be), default=min(lines))]


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one round, item 1 first: which lasting luck answers each, how many households pass it."""

    luck: Ints  # column of `Living.luck`
    pass_shares: Floats
    income_item: int


def _form_of_38() -> Form:
    new = {item: len(_PASS_SHARES) + place for place, item in enumerate(_NEW_PASS_SHARES)}
    items = range(1, 39)
    return Form(
        luck=np.array([_ASKED_BEFORE[item] - 1 if item in _ASKED_BEFORE else new[item] for item in items]),
        pass_shares=np.array(
            [_PASS_SHARES[_ASKED_BEFORE[i] - 1] if i in _ASKED_BEFORE else _NEW_PASS_SHARES[i] for i in items]
        ),
        income_item=29,
    )


_FORM_31 = Form(luck=np.arange(31), pass_shares=_PASS_SHARES, income_item=22)
_FORM_38 = _form_of_38()


@dataclass(slots=True)
class Living:
    """What stays with a household between rounds."""

    level: float  # middling log income of the tambon
    deviation: Floats  # each household's distance from it
    luck: Floats  # uniform, (households, questions of all rounds): passes when below the pass share
    has_disabled: Bools
    has_chronically_ill: Bools


def begin(tambon: Tambon, count: int, rng: np.random.Generator) -> Living:
    """The first round of `count` households of a tambon."""
    level = np.log(_MEDIAN_INCOME_BAHT) + _PROVINCE_LEVEL[tambon.province_code] + 0.18 * tambon.is_municipal
    return Living(
        level=level + float(rng.normal(0, 0.12)),
        deviation=rng.normal(0, _SPREAD, count),
        luck=rng.random((count, len(_PASS_SHARES) + len(_NEW_PASS_SHARES))),
        has_disabled=rng.random(count) < 0.06,
        has_chronically_ill=rng.random(count) < 0.25,
    )


def go_on(living: Living, rng: np.random.Generator) -> None:
    """A year later: income wanders, one answer in five is given anew."""
    shock = _SPREAD * np.sqrt(1 - _CARRIED_OVER**2)
    living.deviation = _CARRIED_OVER * living.deviation + rng.normal(0.01, shock, len(living.deviation))
    redrawn = rng.random(living.luck.shape) < 0.2
    living.luck[redrawn] = rng.random(int(redrawn.sum()))


def incomes(living: Living) -> Ints:
    """Average income of each household, baht per person per year, in tens of baht as people say it."""
    tens: Ints = np.round(np.exp(living.level + living.deviation) / 10).astype(np.int64)
    return tens * 10


def item_answers(living: Living, income: Ints, members: Persons, ages: Ints, year_be: int) -> Texts:
    """`pass`, `fail` or `not_applicable` for each household and item of the year's round, (households, 31 or 38).

    Empty where nobody knows what is asked.
    """
    of_38 = year_be >= _FIRST_YEAR_OF_38_ITEMS
    form = _FORM_38 if of_38 else _FORM_31
    odds = np.log(form.pass_shares / (1 - form.pass_shares)) + _PULL_OF_INCOME * (living.deviation / _SPREAD)[:, None]
    passes = living.luck[:, form.luck] < 1 / (1 + np.exp(-odds))
    passes[:, form.income_item - 1] = income >= income_line(year_be)
    answers: Texts = np.where(passes, "pass", "fail").astype(object)
    concerned = _concerned_by_31(living, members, ages)
    if of_38:
        concerned = _concerned_by_38(concerned, income, members, ages)
        answers[:, _UNKNOWN_ITEM - 1] = ""
    for item, concerns in concerned.items():
        answers[~concerns, item - 1] = "not_applicable"
    return answers


def _has(count: int, members: Persons, ages: Ints, youngest: int, oldest: int = 200) -> Bools:
    """Households with a member of an age."""
    found = np.zeros(count, dtype=np.bool_)
    found[members.household[(ages >= youngest) & (ages <= oldest)]] = True
    return found


def _concerned_by_31(living: Living, members: Persons, ages: Ints) -> dict[int, Bools]:
    """Households that have a member an item asks about, by item number; items not listed concern everyone."""
    count = len(living.deviation)

    def has(youngest: int, oldest: int = 200) -> Bools:
        return _has(count, members, ages, youngest, oldest)

    infant, grown = has(0, 0), has(15, 59)
    old = has(60)
    return {
        1: infant, 2: infant, 3: has(0, 12), 6: has(35), 7: has(6), 15: has(3, 5), 16: has(6, 14), 17: has(15, 15),
        18: has(16, 18), 19: grown, 20: grown, 21: old, 26: has(6), 27: old, 28: living.has_disabled,
        29: living.has_chronically_ill,
    }  # fmt: skip


def _concerned_by_38(before: dict[int, Bools], income: Ints, members: Persons, ages: Ints) -> dict[int, Bools]:
    """As `_concerned_by_31`, whose answer is `before`; an infant stands for who was pregnant in the year."""

    def has(youngest: int, oldest: int = 200) -> Bools:
        return _has(len(income), members, ages, youngest, oldest)

    same = {item: before[earlier] for item, earlier in _ASKED_BEFORE.items() if earlier in before}
    qualifies = income <= _CARD_INCOME_CEILING_BAHT
    return same | {
        1: before[1], 5: has(0, 5), 10: before[28] & before[29], 22: has(0, 5), 23: has(6, 15), 26: before[19],
        31: has(0, 6) & qualifies, 32: qualifies,
    }  # fmt: skip


def schooling(ages: Ints, income: Ints, draw: Floats) -> Texts:
    """Education level by age and income; `draw` is a person's lasting uniform number."""
    better_off = np.clip((np.log(income) - np.log(60_000)) * 0.25, -0.25, 0.3)
    rank = np.clip(draw + better_off - np.where(ages > 55, 0.35, 0.0), 0, 0.999)
    adult = np.select(
        [rank < 0.03, rank < 0.38, rank < 0.58, rank < 0.76, rank < 0.86],
        ["none", "primary", "lower_secondary", "upper_secondary", "vocational_certificate"], default="bachelor",
    )  # fmt: skip
    return np.select(
        [ages < 3, ages < 6, ages < 13, ages < 16, ages < 19],
        ["none", "pre_primary", "primary", "lower_secondary", "upper_secondary"], default=adult,
    ).astype(object)  # fmt: skip


_WORK = np.array(
    ["ทำสวนยาง", "ทำนา", "ประมง", "รับจ้างทั่วไป", "ค้าขาย", "กรีดยาง", "เลี้ยงสัตว์", "พนักงานบริษัท", "รับราชการ", "แม่บ้าน"],
    dtype=object,
)
_WORK_STEPS = np.array([0.18, 0.24, 0.30, 0.55, 0.68, 0.80, 0.84, 0.90, 0.95])


def occupations(ages: Ints, draw: Floats) -> Texts:
    """Occupation as people write it; nothing below school age."""
    work = _WORK[np.searchsorted(_WORK_STEPS, draw)]
    result: Texts = np.where(ages < 6, "", np.where(ages < 18, "นักเรียน", np.where(ages > 75, "ไม่ได้ประกอบอาชีพ", work)))
    return result.astype(object)


def card_chance(income: Ints) -> Floats:
    """Chance of a grown-up to have registered for the welfare card, by the household's income: about a third in all."""
    below = np.clip((_CARD_INCOME_CEILING_BAHT - income) / _CARD_INCOME_CEILING_BAHT, -1, 1)
    return np.clip(0.24 + 0.65 * below, 0.02, 0.85)
