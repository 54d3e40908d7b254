"""Rules over the cells of one row: sums, conditions, the order of dates, dates and the folder's period."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.bands import bands_of
from ingestion.checking.columns import buddhist
from ingestion.checking.model import Scope
from ingestion.checking.rules import RowProblem, Values
from ingestion.contracts import Contract, Rule, period_bounds
from ingestion.contracts.model import RuleKind, is_asked

_EMPTY_CELLS = frozenset({"required_if_missing", "none_filled"})  # not asked where the cell was found wrong before
RowRule = Callable[[Contract, Rule, Values, Scope | None], list[RowProblem]]


def row_problems(
    contract: Contract, values: Values, scope: Scope | None, told: Sequence[RowProblem]
) -> list[RowProblem]:
    """Problems by all row rules of the contract. told: those of single cells; a cell is not asked for twice."""
    problems: list[RowProblem] = []
    for rule in contract.rules:
        if (judge := _RULES.get(rule.kind)) is not None:
            problems += judge(contract, rule, values, scope)
    cells = {(problem.at, problem.column) for problem in told} if problems else set()
    return [p for p in problems if p.code not in _EMPTY_CELLS or (p.at, p.column) not in cells]


def _sum_equals(contract: Contract, rule: Rule, values: Values, _scope: Scope | None) -> list[RowProblem]:
    parts, total = tuple(rule.arguments["parts"]), rule.arguments["total"]
    added = _wide(values[parts[0]])
    for name in parts[1:]:
        added = pc.add(added, _wide(values[name]))
    tolerance = Decimal(str(rule.arguments.get("tolerance", 0)))
    if tolerance:
        differs = pc.greater(pc.abs(pc.subtract(added, values[total])), pa.scalar(tolerance))
    else:
        differs = pc.not_equal(added, values[total])
    at = _where(differs)
    if not len(at):
        return []
    names = [contract.column(name) for name in parts]
    texts = {"parts_th": " + ".join(c.label_th for c in names), "parts_en": " + ".join(c.label_en for c in names)}
    return [
        RowProblem(int(i), total, "sum_differs", {**texts, "sum": f"{added[int(i)].as_py():,}"}, rule.severity)
        for i in at
    ]


def _wide(figures: pa.Array) -> pa.Array:
    """Decimals with room to be added: each addition asks for a digit more, and 38 are soon used up."""
    kind = figures.type
    return figures.cast(pa.decimal256(kind.precision, kind.scale)) if pa.types.is_decimal(kind) else figures


def _required_if(contract: Contract, rule: Rule, values: Values, _scope: Scope | None) -> list[RowProblem]:
    when = rule.arguments["when"]
    asked = contract.column(when["column"])
    told = values[asked.name]
    wanted = pa.array(list(when["one_of"]), pa.string())
    holds = pc.is_in(told if pa.types.is_string(told.type) else told.cast(pa.string()), value_set=wanted)
    labels = {code.value: (code.label_th, code.label_en) for code in asked.codes}
    problems = []
    for name in rule.arguments["columns"]:
        for i in _where(pc.and_(holds, values[name].is_null())):
            found = str(told[int(i)].as_py())
            found_th, found_en = labels.get(found, (found, found))
            params = {"when_th": asked.label_th, "when_en": asked.label_en, "found_th": found_th, "found_en": found_en}
            problems.append(RowProblem(int(i), name, "required_if_missing", params, rule.severity))
    return problems


def _date_order(contract: Contract, rule: Rule, values: Values, _scope: Scope | None) -> list[RowProblem]:
    earlier, later = contract.column(rule.arguments["earlier"]), contract.column(rule.arguments["later"])
    params = {"other_th": earlier.label_th, "other_en": earlier.label_en}
    at = _where(pc.less(values[later.name], values[earlier.name]))
    return [RowProblem(int(i), later.name, "date_order_wrong", params, rule.severity) for i in at]


def _within_period(contract: Contract, rule: Rule, values: Values, scope: Scope | None) -> list[RowProblem]:
    if scope is None:
        return []
    start, _ = period_bounds(contract.period_kind, scope.period)
    params = {"period": scope.period, "limit": buddhist(start)}
    before = [
        RowProblem(int(i), name, "date_before_period", params, rule.severity)
        for name in rule.arguments["columns"]
        for i in _where(pc.less(values[name], pa.scalar(start)))
    ]
    return before + _not_after_period(contract, rule, values, scope)


def _not_after_period(contract: Contract, rule: Rule, values: Values, scope: Scope | None) -> list[RowProblem]:
    if scope is None:
        return []
    _, end = period_bounds(contract.period_kind, scope.period)
    params = {"period": scope.period, "limit": buddhist(end)}
    return [
        RowProblem(int(i), name, "date_after_period", params, rule.severity)
        for name in rule.arguments["columns"]
        for i in _where(pc.greater(values[name], pa.scalar(end)))
    ]


def _any_filled(contract: Contract, rule: Rule, values: Values, _scope: Scope | None) -> list[RowProblem]:
    names = tuple(rule.arguments["columns"])
    empty = values[names[0]].is_null()
    for name in names[1:]:
        empty = pc.and_(empty, values[name].is_null())
    columns = [contract.column(name) for name in names]
    params = {
        "columns_th": ", ".join(column.label_th for column in columns),
        "columns_en": ", ".join(column.label_en for column in columns),
    }
    return [RowProblem(int(i), names[0], "none_filled", params, rule.severity) for i in _where(empty)]


def _asked_in_periods(contract: Contract, rule: Rule, values: Values, scope: Scope | None) -> list[RowProblem]:
    """Answers where nothing is asked; an answer that lacks where it is asked is any required cell's (`of_period`)."""
    if scope is None or is_asked(rule, scope.period):
        return []
    params = {"period": scope.period}
    return [
        RowProblem(int(i), name, "not_asked_in_period", params, rule.severity)
        for name in rule.arguments["columns"]
        for i in _where(values[name].is_valid())
    ]


def _level_of(contract: Contract, rule: Rule, values: Values, scope: Scope | None) -> list[RowProblem]:
    if scope is None:
        return []
    score, level = contract.column(rule.arguments["score"]), contract.column(rule.arguments["level"])
    bands = bands_of(rule.arguments["table"], int(scope.period[:4]))
    expected = bands.levels_of(values[score.name])
    labels = {code.value: (code.label_th, code.label_en) for code in level.codes}
    problems = []
    for i in _where(pc.not_equal(values[level.name], expected)):
        found = expected[int(i)].as_py()
        found_th, found_en = labels.get(found, (found, found))
        params = {
            "score_th": score.label_th,
            "score_en": score.label_en,
            "score": f"{values[score.name][int(i)].as_py():,}",
            "expected_th": found_th,
            "expected_en": found_en,
        }
        problems.append(RowProblem(int(i), level.name, "level_differs", params, rule.severity))
    return problems


_RULES: Mapping[RuleKind, RowRule] = {
    "sum_equals": _sum_equals,
    "required_if": _required_if,
    "date_order": _date_order,
    "within_period": _within_period,
    "not_after_period": _not_after_period,
    "any_filled": _any_filled,
    "asked_in_periods": _asked_in_periods,
    "level_of": _level_of,
}


def _where(failing: pa.Array) -> np.ndarray:
    """Indexes where it is true; null counts as fine."""
    if not pc.any(failing).as_py():
        return np.zeros(0, np.int64)
    found: np.ndarray = np.flatnonzero(pc.fill_null(failing, fill_value=False).to_numpy(zero_copy_only=False))
    return found
