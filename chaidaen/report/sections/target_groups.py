"""People of the target groups, each by the newest lists up to the fiscal year; one person may be in several."""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from chaidaen.report.rows import Figures, Row, of
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.snapshot import Snapshot

_HAS_FIGURES = "({0}.group_persons is not null or 'group_persons' = any({0}._redacted))"
_NEWEST = (
    "m.period = (select max(n.period) from marts.target_groups_by_area as n where n.area_code = m.area_code"
    " and n.target_group_id = m.target_group_id and n.period_kind = m.period_kind"
    f" and n.period <= cast(%(fiscal_year_be)s as text) and {_HAS_FIGURES.format('n')})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Figures):
    MART: ClassVar[str] = "target_groups_by_area"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "target_group_id", "period_kind", "period")
    area_code: str
    target_group_id: str
    period_kind: str
    period: str
    label_th: str = of("g.label_th")
    label_en: str = of("g.label_en")
    is_part: bool = of("g.parent_group_id <> 'any_group'")
    is_provisional: bool = of("g.is_provisional")
    group_persons: int | None
    from_poor_household_persons: int | None
    from_poor_household_persons_pct: Decimal | None
    in_need_persons: int | None
    in_need_unhelped_persons: int | None
    in_need_unhelped_persons_pct: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Row):
    MART: ClassVar[str] = "target_groups"
    label_th: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Found:
    groups: list[Group]
    without_data: list[Unknown]


def find(marts: Snapshot, scope: Scope) -> Found | None:
    groups = marts.rows(
        Group,
        "join marts.target_groups as g using (target_group_id)"
        f" where m.area_code = %(area_code)s and m.target_group_id <> 'any_group' and {_NEWEST}"
        " order by g.group_order",
        scope.parameters,
    )
    without = marts.rows(
        Unknown,
        "where m.target_group_id <> 'any_group' and not m.target_group_id = any(%(known)s) order by m.group_order",
        {"known": [one.target_group_id for one in groups]},
    )
    return Found(groups, without) if groups else None


SECTION = Section(
    "target_groups",
    "กลุ่มเป้าหมาย",
    "Target groups",
    ("target_groups_by_area", "target_groups"),
    find,
)
