"""Projects of the yearly plan, their monthly progress, and the KPIs of the centre's divisions.

A project is the same in its plan and in every month: all that lasts is drawn from the agency and the fiscal year alone.
Some projects spend more than their budget, some report late, some never, and now and then one is in no plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from chaidaen.simulate.feed import AgencyFeed, Draw
from chaidaen.simulate.outputs import offices
from chaidaen.simulate.people import BE
from chaidaen.simulate.periods import each_month, each_quarter, each_year, fiscal_month, fiscal_year
from chaidaen.simulate.places import PROVINCES, Tambon, tambon_of
from chaidaen.simulate.plans import KINDS, KPIS, Kind, Kpi
from chaidaen.simulate.randomness import stream
from chaidaen.simulate.tables import Table

_STRATEGY = "ยุทธศาสตร์การพัฒนาจังหวัดชายแดนภาคใต้แบบบูรณาการ"
_BUDGET_LINES = ("personnel_baht", "operating_baht", "investment_baht", "subsidy_baht", "other_baht")
_PLANNED_BY_QUARTER = (0.15, 0.3, 0.3, 0.25)
_OVERSPENDING, _LATE, _SILENT, _MONTH_LEFT_OUT, _UNPLANNED = 0.08, 0.15, 0.08, 0.06, 0.15
_OBSTACLES = (
    "สถานการณ์โรคระบาด จัดกิจกรรมรวมกลุ่มไม่ได้", "จัดซื้อจัดจ้างล่าช้า ผู้เสนอราคารายเดียว", "ฝนตกหนักในพื้นที่ งานก่อสร้างหยุด",
    "ยังไม่ได้รับโอนจัดสรรงบประมาณ",
)  # fmt: skip
_AREAS = ("province_code", "amphoe_code", "tambon_code", "village_code", "area_group_code", "community_name")


@dataclass(frozen=True, slots=True)
class _Project:
    """A project of one fiscal year. Months count from 1 (October); `spent` is the share of its budget in the end."""

    kind: Kind
    code: str
    targets: tuple[dict[str, str], ...]  # columns of _AREAS that are filled
    budget: int
    first_month: int
    last_month: int
    spent: float
    done: float  # share of the work in the end
    is_planned: bool
    left_out: frozenset[int]  # months without a report


def _project(agency_id: str, period: str, _draw: Draw) -> Table:
    """One row per project and target; money stands in its first row."""
    projects = [project for project in _projects(agency_id, int(period)) if project.is_planned]
    rows = [(project, number, target) for project in projects for number, target in enumerate(project.targets)]
    count = len(rows)
    texts: dict[str, Sequence[str]] = {
        "project_code": [project.code for project, _, _ in rows],
        "project_name": [f"{project.kind.name} ปี {period}" for project, _, _ in rows],
        "plan_line": [project.kind.plan_line for project, _, _ in rows],
        "strategy": [_STRATEGY] * count,
        "target_group_code": [project.kind.group for project, _, _ in rows],
        "target_unit": [project.kind.unit for project, _, _ in rows],
        "indicator": [project.kind.indicator for project, _, _ in rows],
    }
    texts |= {name: [target.get(name, "") for _, _, target in rows] for name in _AREAS}
    numbers: dict[str, Sequence[float | None]] = {
        "target_no": [number + 1 for _, number, _ in rows],
        "target_count": [project.kind.count for project, _, _ in rows],
        "indicator_target": [project.kind.goal for project, _, _ in rows],
    }
    money = [_money(project) if number == 0 else {} for project, number, _ in rows]
    for name in (*_BUDGET_LINES, "budget_baht", *(f"plan_q{quarter}_baht" for quarter in range(1, 5))):
        numbers[name] = [columns.get(name) for columns in money]
    starts = [_month_start(int(period), project.first_month) for project, _, _ in rows]
    ends = [_month_start(int(period), project.last_month + 1) - np.timedelta64(1, "D") for project, _, _ in rows]
    return _table(texts, numbers, {"start_date": starts, "end_date": ends})


def _project_progress(agency_id: str, period: str, _draw: Draw) -> Table:
    """One row per project that reports in the month; figures are cumulative, those of the month their difference."""
    month = fiscal_month(period)
    projects = [p for p in _projects(agency_id, fiscal_year(period)) if month not in p.left_out]
    before = [_spent(project, month - 1) for project in projects]
    now = [_spent(project, month) for project in projects]
    # What is ordered is paid two months later.
    ordered = [_spent(project, month + 2) - spent for project, spent in zip(projects, now, strict=True)]
    done = [round(100 * project.done * _share(project, month)) for project in projects]
    is_slow = [project.done < 1 or project.spent > 1 for project in projects]
    return _table(
        {
            "project_code": [project.code for project in projects],
            "outputs": [f"ดำเนินการแล้วร้อยละ {pct}" if pct else "เตรียมการ" for pct in done],
            "obstacles": [
                _OBSTACLES[(month + len(project.kind.name)) % len(_OBSTACLES)] if slow else ""
                for project, slow in zip(projects, is_slow, strict=True)
            ],
            "next_step": ["สรุปผลโครงการ" if pct >= 100 else "ดำเนินการตามแผนต่อไป" for pct in done],
        },
        {
            "disbursed_cumulative_baht": now,
            "disbursed_month_baht": [after - earlier for after, earlier in zip(now, before, strict=True)],
            "committed_cumulative_baht": ordered,
            "physical_progress_pct": done,
        },
        {},
    )


def _kpi_report(agency_id: str, period: str, _draw: Draw) -> Table:
    """One row per KPI of the division, cumulative over the year's quarters so far."""
    year, quarter = fiscal_year(period), int(period[-1])
    kpis = KPIS[agency_id]
    targets = [_by_quarter(kpi, kpi.goal, quarter) for kpi in kpis]
    actuals = [_actual(kpi, year, quarter) for kpi in kpis]
    texts: dict[str, Sequence[str]] = {
        "kpi_code": [kpi.code for kpi in kpis],
        "kpi_name": [kpi.name for kpi in kpis],
        "unit": [kpi.unit for kpi in kpis],
        "direction": [kpi.direction for kpi in kpis],
        "evidence": ["" if actual is None else "รายงานผลของกอง" for actual in actuals],
        "lesson_learnt": [_lesson(*of_kpi) for of_kpi in zip(kpis, targets, actuals, strict=True)],
    }
    numbers: dict[str, Sequence[float | None]] = {
        "definition_version": [1 + (year >= (kpi.redefined_from or year + 1)) for kpi in kpis],
        "baseline_value": [kpi.baseline for kpi in kpis],
        "target_value": targets,
        "actual_value": actuals,
    }
    return _table(texts, numbers, {})


# ------------------------------------------------------------------------------------------------------ what lasts


@cache
def _projects(agency_id: str, year: int) -> tuple[_Project, ...]:
    kind_of_agency, province = next(
        (kind, office.province_code) for kind in KINDS for office in offices(kind) if office.agency_id == agency_id
    )
    rng = stream(year, "projects", agency_id)
    projects = [
        _drawn(kind, f"{kind.stem}{year % 100}-{number:02d}", province, rng)
        for number, kind in enumerate(KINDS[kind_of_agency], start=1)
    ]
    if rng.random() < _UNPLANNED:
        kind = KINDS[kind_of_agency][0]
        projects.append(_drawn(kind, f"{kind.stem}{year % 100}-99", province, rng, is_planned=False))
    return tuple(projects)


def _drawn(
    kind: Kind, code: str, province: str | None, rng: np.random.Generator, *, is_planned: bool = True
) -> _Project:
    first, last = int(rng.integers(1, 4)), int(rng.integers(9, 13))
    is_late, overspends, is_silent = rng.random(3) < (_LATE, _OVERSPENDING, _SILENT)
    months = range(1, 13) if is_silent else np.flatnonzero(rng.random(12) < _MONTH_LEFT_OUT) + 1
    return _Project(
        kind=kind, code=code, targets=_targets(kind, province, rng),
        budget=int(kind.million_baht * rng.lognormal(0, 0.3) * 1000) * 1000, first_month=first,
        last_month=7 if is_late else last, spent=1.06 if overspends else min(1.0, float(rng.uniform(0.85, 1.15))),
        done=float(rng.uniform(0.6, 0.9)) if is_late else 1.0, is_planned=is_planned,
        left_out=frozenset() if not is_planned else frozenset(int(month) for month in months),
    )  # fmt: skip


def _targets(kind: Kind, province: str | None, rng: np.random.Generator) -> tuple[dict[str, str], ...]:
    """Places at the level the kind of project is given for."""
    provinces = [province] if province else list(kind.provinces or PROVINCES)
    if kind.reach == "nowhere":
        return ({},)
    if kind.reach == "region":
        return ({"area_group_code": "southern_border"},)
    if kind.reach == "songkhla_4_amphoe":
        return ({"area_group_code": kind.reach},)
    if kind.reach == "provinces":
        return tuple({"province_code": code} for code in provinces)
    places = tambon_of(provinces)
    if kind.reach in ("villages", "communities"):
        places = tuple(place for place in places if place.villages)
    chosen = [places[int(at)] for at in sorted(rng.choice(len(places), size=int(rng.integers(1, 5)), replace=False))]
    if kind.reach == "amphoe":
        amphoe = sorted({place.amphoe_code for place in chosen})
        return tuple({"province_code": code[:2], "amphoe_code": code} for code in amphoe)
    return tuple(_in_tambon(kind, place) for place in chosen)


def _in_tambon(kind: Kind, place: Tambon) -> dict[str, str]:
    target = {"province_code": place.province_code, "amphoe_code": place.amphoe_code, "tambon_code": place.code}
    if kind.reach == "villages":
        target["village_code"] = place.villages[0]
    if kind.reach == "communities":
        target["community_name"] = f"ชุมชนสันติสุข {place.name_th}"
    return target


def _money(project: _Project) -> dict[str, int]:
    """The budget by lines and by quarters, in whole baht; the last part takes what rounding leaves."""
    lines = _parts(project.budget, project.kind.lines)
    quarters = _parts(project.budget, _PLANNED_BY_QUARTER)
    planned = {f"plan_q{number}_baht": part for number, part in enumerate(quarters, start=1)}
    return dict(zip(_BUDGET_LINES, lines, strict=True)) | {"budget_baht": project.budget} | planned


def _parts(whole: int, shares: tuple[float, ...]) -> list[int]:
    parts = [round(whole * share) for share in shares[:-1]]
    return [*parts, whole - sum(parts)]


def _share(project: _Project, month: int) -> float:
    """How much of it is over by the end of a month: slow at first and at the end."""
    over = (month - project.first_month + 1) / (project.last_month - project.first_month + 1)
    over = min(1.0, max(0.0, over))
    return over * over * (3 - 2 * over)


def _spent(project: _Project, month: int) -> int:
    return round(project.budget * project.spent * _share(project, month))


def _month_start(year: int, month: int) -> np.datetime64:
    """First day of a month of a fiscal year (BE); 1 is October, 13 the October after."""
    before, month0 = divmod(month + 8, 12)
    return np.datetime64(f"{year - BE - 1 + before:04d}-{month0 + 1:02d}-01", "D")


# ------------------------------------------------------------------------------------------------------------ KPIs


def _by_quarter(kpi: Kpi, goal: float, quarter: int) -> float:
    return round(goal * (quarter / 4 if kpi.is_counted else 1), 2)


def _actual(kpi: Kpi, year: int, quarter: int) -> float | None:
    """Steady within a year, some never quite there; in the first quarter many have nothing to tell yet."""
    rng = stream(year, "kpi", kpi.code)
    reached, silent = float(rng.uniform(0.85, 1.12)), rng.random(4) < (0.25, 0.08, 0.08, 0.02)
    if silent[quarter - 1]:
        return None
    goal = kpi.goal * (reached if kpi.direction == "more_is_better" else 2 - reached)
    actual = _by_quarter(kpi, goal, quarter)
    return min(actual, 100.0) if kpi.unit in ("ร้อยละ", "คะแนน") else actual


def _lesson(kpi: Kpi, target: float, actual: float | None) -> str:
    if actual is None:
        return ""
    is_met = actual >= target if kpi.direction == "more_is_better" else actual <= target
    return "" if is_met else "ควรติดตามรายเดือนและเร่งแก้ปัญหาในพื้นที่ตั้งแต่ต้นปี"


def _table(
    texts: Mapping[str, Sequence[str]],
    numbers: Mapping[str, Sequence[float | None]],
    dates: Mapping[str, Sequence[np.datetime64]],
) -> Table:
    return Table(
        {name: np.array(values, dtype=object) for name, values in texts.items()},
        {name: np.array(values, dtype=object) for name, values in numbers.items()},
        {name: (np.array(values, dtype="datetime64[D]"), None) for name, values in dates.items()},
    )


FEEDS = tuple(
    feed
    for sender in KINDS
    for feed in (
        AgencyFeed("project", sender, "แผนงานโครงการ", each_year, _project),
        AgencyFeed("project_progress", sender, "ความก้าวหน้าโครงการ", each_month, _project_progress),
    )
) + tuple(AgencyFeed("kpi_report", division, "ผลตัวชี้วัด", each_quarter, _kpi_report) for division in KPIS)
