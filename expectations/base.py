"""What must hold of any mart, derived from what it says of itself: no suite repeats it.

Conditions on rows are judged in one pass over the mart; the safe mart is held against the exact one in one join.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from expectations.described import DescribedColumn, DescribedMart, TakenFrom
from expectations.model import Expectation, Suite

SMALL = 7  # counts of people up to it are hidden, others rounded to STEP; as in dbt_project/macros/safe_twin.sql
STEP = 5


def complete(mart: DescribedMart, particular: Suite) -> list[Suite]:
    """The suite of a mart with what is derived before what is particular; then that of its safe twin, if it has one."""
    exact = Suite(
        mart=mart.name,
        view="gate" if mart.reader else "marts_exact",
        owner=particular.owner,
        key=mart.grain,
        queries=particular.queries,
        expectations=(
            *_not_empty(mart, None, *(query.name for query in particular.queries)),
            *_of_rows(mart),
            *_of_other_marts(mart),
            *particular.expectations,
        ),
    )
    return [exact] if mart.reader else [exact, _safe(mart, particular.owner)]


def has_rows(of: str | None = None) -> Expectation:
    """No row is a failure, also of a query."""
    return Expectation(
        id=f"{of}_not_empty" if of else "not_empty",
        severity="critical",
        title_th="ตารางต้องไม่ว่าง",
        title_en="The mart has rows",
        expect="expect_table_row_count_to_be_between",
        arguments={"min_value": 1},
        of=of,
    )


# ------------------------------------------------------------------------------------------------------------- rows


def _not_empty(mart: DescribedMart, *of: str | None) -> Iterator[Expectation]:
    if not mart.may_be_empty:
        yield from map(has_rows, of)


def _of_rows(mart: DescribedMart) -> Iterator[Expectation]:
    key = ", ".join(mart.grain)
    yield Expectation(
        id="columns",
        severity="critical",
        title_th="มีคอลัมน์ครบตามที่ประกาศ",
        title_en="The published columns are there",
        expect="expect_table_columns_to_match_set",
        arguments={"column_set": [column.name for column in mart.columns], "exact_match": False},
    )
    yield Expectation(
        id="key_unique",
        severity="critical",
        title_th=f"ไม่มีสองแถวที่ {key} ตรงกัน",
        title_en=f"No two rows with the same {key}",
        sql=f"select {key} from {{batch}} group by {key} having count(*) > 1 order by {key}",
        within=mart.grain,
    )
    yield Expectation(
        id="key_filled",
        severity="critical",
        title_th=f"ทุกแถวมี {key}",
        title_en=f"Every row has {key}",
        breaks=_any(f"{name} is null" for name in mart.grain),
    )
    if amounts := [c.name for c in mart.of_kind("count", "official_count", "sum") if not c.may_be_negative]:
        yield Expectation(
            id="nothing_negative",
            severity="critical",
            title_th="จำนวนไม่ติดลบ",
            title_en="No count and no sum is negative",
            breaks=f"least({', '.join(amounts)}) < 0",
        )
    shares = mart.of_kind("share")
    low = [column.name for column in shares if not column.may_be_negative]
    high = [column.name for column in shares if not column.may_exceed_100]
    if low or high:
        limits = [f"least({', '.join(low)}) < 0"] * bool(low) + [f"greatest({', '.join(high)}) > 100"] * bool(high)
        yield Expectation(
            id="shares_within_0_100",
            severity="critical",
            title_th="ร้อยละอยู่ระหว่าง 0 ถึง 100 เว้นที่ประกาศว่าเกินได้",
            title_en="Shares lie between 0 and 100, but for those that say they need not",
            breaks=_any(limits),
        )


def _of_other_marts(mart: DescribedMart) -> Iterator[Expectation]:
    """Figures taken from another mart are that mart's: one query for all that are found there alike."""
    found: defaultdict[tuple[str, bool, tuple[tuple[str, str], ...]], list[DescribedColumn]] = defaultdict(list)
    for column in mart.columns:
        if taken := column.taken_from:
            found[taken.mart, taken.within, tuple(sorted(taken.by.items()))].append(column)
    many = [name for name, *_ in found]
    for number, ((name, *_), columns) in enumerate(found.items(), start=1):
        yield Expectation(
            id=f"agrees_with_{name}" + (f"_{number}" if many.count(name) > 1 else ""),
            severity="critical",
            title_th=f"ตัวเลขที่นำมาจาก {name} ตรงกับต้นทาง",
            title_en=f"Figures taken from {name} are those it has",
            sql=_unlike_source(mart, columns),
        )


def _unlike_source(mart: DescribedMart, columns: Sequence[DescribedColumn]) -> str:
    taken = [(column.name, column.taken_from) for column in columns if column.taken_from]
    source: TakenFrom = taken[0][1]
    keys = ["of_area", *source.columns]
    figures = ", ".join(f"{one.figure} as {name}" for name, one in taken)
    where = " and ".join(f"{name} = '{value}'" for name, value in source.constants.items()) or "true"
    same = [f"cast(s.{name} as text) = cast(p.{here} as text)" for name, here in source.columns.items()]
    key = ", ".join(f"p.{name}" for name in mart.grain)
    return (
        f"select {key} from {{batch}} as p left join (select {', '.join(keys)}, {figures}"
        f" from {source.rows} as listed where {where} group by {', '.join(keys)}) as s"
        f" on {' and '.join(['s.of_area = p.area_code', *same])}"
        f" where {_any(_differs(name, one) for name, one in taken)} order by {key}"
    )


def _differs(name: str, taken: TakenFrom) -> str:
    """Where rows are counted, none and unknown (nobody sent the list) are both without rows."""
    if taken.column == "*":
        return f"coalesce(p.{name}, 0) <> coalesce(s.{name}, 0)"
    return f"p.{name} is distinct from s.{name}"


# -------------------------------------------------------------------------------------------------------- safe twin


def _safe(mart: DescribedMart, owner: str) -> Suite:
    return Suite(
        mart=mart.name, view="marts", owner=owner, key=mart.grain, rows=_twins(mart),
        expectations=(*_not_empty(mart, None), *_of_twins(mart)),
    )  # fmt: skip


def _twins(mart: DescribedMart) -> str:
    """Every row of either mart (`{only}`: of these), found by its key, with the measures of both."""
    keys = [f"coalesce(s.{name}, e.{name}) as {name}" for name in mart.grain]
    there = [
        f"{alias}.{mart.grain[0]} is not null as in_{variant}" for alias, variant in (("s", "safe"), ("e", "exact"))
    ]
    measures = mart.of_kind("count", "official_count", "share", "sum", "score")
    values = [f"s.{c.name} as safe_{c.name}, e.{c.name} as exact_{c.name}" for c in measures]
    same = " and ".join(f"e.{name} = s.{name}" for name in mart.grain)
    return (
        f"select {', '.join([*keys, *there, *values])}, s._redacted"
        f" from (select * from marts.{mart.name} where {{only}}) as s"
        f" full join (select * from marts_exact.{mart.name} where {{only}}) as e on {same}"
    )


def _of_twins(mart: DescribedMart) -> Iterator[Expectation]:
    yield Expectation(
        id="same_rows",
        severity="critical",
        title_th="ตารางที่เผยแพร่มีแถวตรงกับตารางเต็ม",
        title_en="The safe mart has the rows of the exact one",
        breaks="not (in_safe and in_exact)",
    )
    if counts := mart.of_kind("count"):
        yield Expectation(
            id="small_counts_hidden",
            severity="critical",
            title_th=f"จำนวนไม่เกิน {SMALL} ถูกปิดและบอกชื่อคอลัมน์ไว้ นอกนั้นปัดเป็นจำนวนเต็มห้า",
            title_en=f"Counts up to {SMALL} are hidden and named, all others rounded to {STEP}",
            breaks=_any(_count_shown(column.name) for column in counts),
        )
    if dependent := [column for column in mart.columns if column.depends_on]:
        yield Expectation(
            id="sums_hidden_with_their_count",
            severity="critical",
            title_th="ยอดรวมของคนหรือครัวเรือนที่นับได้น้อยถูกปิดไปพร้อมจำนวน นอกนั้นคงเดิม",
            title_en="Sums and scores about few are hidden and named with their count, all others as they are",
            breaks=_any(map(_sum_shown, dependent)),
        )
    if shares := mart.of_kind("share"):
        yield Expectation(
            id="shares_of_what_is_shown",
            severity="critical",
            title_th="ร้อยละคิดจากจำนวนที่เผยแพร่แล้วเท่านั้น",
            title_en="Shares are those of the figures shown, so they tell nothing that is hidden",
            breaks=_any(map(_share_shown, shares)),
        )
    if public := [c for c in mart.of_kind("official_count", "sum", "score") if not c.depends_on]:
        yield Expectation(
            id="public_figures_kept",
            severity="critical",
            title_th="ยอดที่เปิดเผยได้อยู่แล้วไม่ถูกเปลี่ยน",
            title_en="Figures that are public already are left as they are",
            breaks=_any(f"safe_{c.name} is distinct from exact_{c.name}" for c in public),
        )


def _count_shown(name: str) -> str:
    safe, exact = f"safe_{name}", f"exact_{name}"
    return (
        f"case when {exact} <= {SMALL} then {safe} is not null or {_unnamed(name)}"
        f" when {exact} is null then {safe} is not null"
        f" else {safe} is null or mod({safe}, {STEP}) <> 0 or abs({safe} - {exact}) > {STEP // 2} end"
    )


def _sum_shown(column: DescribedColumn) -> str:
    safe, exact = f"safe_{column.name}", f"exact_{column.name}"
    return (
        f"case when coalesce(exact_{column.depends_on}, 0) <= {SMALL}"
        f" then {safe} is not null or ({exact} is not null and {_unnamed(column.name)})"
        f" else {safe} is distinct from {exact} end"
    )


def _share_shown(column: DescribedColumn) -> str:
    part = f"round(100.0 * safe_{column.numerator} / nullif(safe_{column.denominator}, 0), 1)"
    return f"safe_{column.name} is distinct from {part}"


def _unnamed(name: str) -> str:
    return f"not coalesce('{name}' = any(_redacted), false)"


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({condition})" for condition in conditions)
