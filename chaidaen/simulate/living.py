"""How simulated households live: income, the 31 survey items, schooling, work, and who holds a welfare card.

Numbers are chosen to look right, not estimated: income is lognormal with an area effect and is carried over from round
to round, so that some households leave poverty and some fall back; items pass more often where income is higher.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from chaidaen.simulate.identifiers import Ints, Texts
from chaidaen.simulate.people import Bools, Floats, Persons
from chaidaen.simulate.places import Tambon, reference_rows

ITEM_COUNT = 31
INCOME_ITEM = 22
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
_PULL_OF_INCOME = 1.0  # how many log-odds of passing one standard deviation of income is worth


@cache
def income_line(year_be: int) -> int:
    """Income line of the survey, baht per person per year; the last known line for rounds after it."""
    lines = {int(row["survey_year_be"]): int(row["income_line_baht"]) for row in reference_rows("income_lines")}
    return lines[max((year for year in lines if year <= year_be), default=min(lines))]


@dataclass(slots=True)
class Living:
    """What stays with a household between rounds."""

    level: float  # middling log income of the tambon
    deviation: Floats  # each household's distance from it
    luck: Floats  # uniform, (households, items): passes when below the pass share
    has_disabled: Bools
    has_chronically_ill: Bools


def begin(tambon: Tambon, count: int, rng: np.random.Generator) -> Living:
    """The first round of `count` households of a tambon."""
    level = np.log(_MEDIAN_INCOME_BAHT) + _PROVINCE_LEVEL[tambon.province_code] + 0.18 * tambon.is_municipal
    return Living(
        level=level + float(rng.normal(0, 0.12)),
        deviation=rng.normal(0, _SPREAD, count),
        luck=rng.random((count, ITEM_COUNT)),
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
    """`pass`, `fail` or `not_applicable` for each household and item, shape (households, 31)."""
    odds = np.log(_PASS_SHARES / (1 - _PASS_SHARES)) + _PULL_OF_INCOME * (living.deviation / _SPREAD)[:, None]
    passes = living.luck < 1 / (1 + np.exp(-odds))
    passes[:, INCOME_ITEM - 1] = income >= income_line(year_be)
    answers: Texts = np.where(passes, "pass", "fail").astype(object)
    for item, concerns in _who_is_concerned(living, members, ages).items():
        answers[~concerns, item - 1] = "not_applicable"
    return answers


def _who_is_concerned(living: Living, members: Persons, ages: Ints) -> dict[int, Bools]:
    """Households that have a member an item asks about, by item number; items not listed concern everyone."""
    count = len(living.deviation)

    def has(youngest: int, oldest: int = 200) -> Bools:
        found = np.zeros(count, dtype=np.bool_)
        found[members.household[(ages >= youngest) & (ages <= oldest)]] = True
        return found

    infant, grown = has(0, 0), has(15, 59)
    old = has(60)
    return {
        1: infant, 2: infant, 3: has(0, 12), 6: has(35), 7: has(6), 15: has(3, 5), 16: has(6, 14), 17: has(15, 15),
        18: has(16, 18), 19: grown, 20: grown, 21: old, 26: has(6), 27: old, 28: living.has_disabled,
        29: living.has_chronically_ill,
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
