"""Tambon by their share of target-poor people: a map of the office's own boundaries, or of one tile a tambon."""

from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from chaidaen.report.boundaries import Boundaries, Box, around, box_of
from chaidaen.report.charts import shapes
from chaidaen.report.scope import Scope
from chaidaen.report.section import Section
from chaidaen.report.sections.poverty import NEWEST_SURVEY
from chaidaen.report.snapshot import Snapshot
from chaidaen.report.tiles import Province, Scale, Tambon, lay_out, scale_for

NAMED = 10

# Every tambon there is, with the newest survey of its province beside it, if it was in that one.
_TAMBON = (
    "right join marts.areas as a on a.area_code = m.area_code"
    f" and m.survey_year_be = {NEWEST_SURVEY.format(area='a.province_code')}"
    " join marts.areas as amphoe on amphoe.area_code = a.amphoe_code"
    " join marts.areas as province on province.area_code = a.province_code"
    " where a.area_level = 'tambon' and (%(province_code)s::text is null or a.province_code = %(province_code)s)"
)


@dataclass(frozen=True, slots=True)
class Found:
    scale: Scale
    provinces: tuple[Province, ...]
    highest: list[Tambon]
    known: int
    hidden: int
    unknown: int
    years: str
    shapes: Markup | None
    without_shape: list[Tambon]


def find(marts: Snapshot, scope: Scope) -> Found | None:
    tambon = marts.rows(Tambon, f"{_TAMBON} order by a.area_code", scope.parameters)
    if not any(one.survey_year_be for one in tambon):
        return None
    highest = marts.rows(
        Tambon,
        f"{_TAMBON} and m.target_poor_persons_pct is not null"
        f" order by m.target_poor_persons_pct desc, a.area_code limit {NAMED}",
        scope.parameters,
    )
    scale = scale_for(one.target_poor_persons_pct for one in tambon)
    kinds = [one.shown("target_poor_persons_pct").kind for one in tambon]
    bounds = scope.boundaries
    return Found(
        scale,
        lay_out(tambon),
        highest,
        kinds.count("known"),
        kinds.count("hidden"),
        kinds.count("unknown"),
        ", ".join(sorted({str(one.survey_year_be) for one in tambon if one.survey_year_be})),
        _shapes(tambon, scale, bounds) if bounds else None,
        [one for one in tambon if one.area_code not in bounds.features] if bounds else [],
    )


def _shapes(tambon: list[Tambon], scale: Scale, boundaries: Boundaries) -> Markup | None:
    features = [
        {"type": "Feature", "properties": {"color": scale.color(one)}, "geometry": geometry}
        for one in tambon
        for geometry in boundaries.features.get(one.area_code, ())
    ]
    if not features:
        return None
    of_amphoe = defaultdict[str, list[Box]](list)
    for one in tambon:
        of_amphoe[one.amphoe_th].extend(box_of(geometry) for geometry in boundaries.features.get(one.area_code, ()))
    labels = [{"name": name, **around(boxes).middle} for name, boxes in of_amphoe.items() if boxes]
    whole = around([box for boxes in of_amphoe.values() for box in boxes])
    return shapes(
        features, labels, describes="แผนที่ตำบลตามร้อยละของคนจนเป้าหมาย ตัวเลขอยู่ในตารางถัดไป", tallness=whole.tallness
    )


SECTION = Section("places", "ความยากจนรายตำบล", "Poverty by tambon", ("poverty_by_area", "areas"), find)
