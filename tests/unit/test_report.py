"""The executives' report without a database: wording, what stands for hidden and unknown, tiles, boundaries, charts."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chaidaen.report import charts, wording
from chaidaen.report.boundaries import read_boundaries
from chaidaen.report.page import environment
from chaidaen.report.rows import Figures, of
from chaidaen.report.scope import Scope
from chaidaen.report.sections import projects
from chaidaen.report.tiles import Scale, Tambon, lay_out, scale_for
from core.errors import UsageError

SQUARE = [[[100.0, 6.0], [101.0, 6.0], [101.0, 7.0], [100.0, 7.0], [100.0, 6.0]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Figures):
    MART: ClassVar[str] = "coverage"
    KEY: ClassVar[tuple[str, ...]] = ("area_code", "fiscal_year_be")
    area_code: str = "94"
    fiscal_year_be: int = 2565
    helps: int | None = None
    helped_pct: Decimal | None = None
    amount_baht: Decimal | None = None
    mean_days_to_help: Decimal | None = None
    name_th: str = of("a.name_th")


def test_numbers_and_days_are_written_as_a_thai_office_writes_them() -> None:
    assert wording.number(1234567) == "1,234,567"
    assert wording.number(Decimal("-1234.5")) == "−1,234.5"
    assert wording.number(Decimal("12.25"), 1) == "12.3"  # half up, not to the even digit
    assert wording.million(Decimal("1234565000")) == "1,234.57"
    assert wording.measured(Decimal("1200.0000")) == "1,200"
    assert wording.measured(Decimal("12.5000")) == "12.5"
    assert wording.thai_day(date(2022, 9, 30)) == "30 กันยายน 2565"
    assert wording.short_thai_day(date(2022, 1, 5)) == "5 ม.ค. 65"
    assert wording.thai_month("2564-08") == "ส.ค. 64"
    assert wording.thai_day(None) == wording.million(None) == wording.measured(None) == "–"


@pytest.mark.parametrize(
    ("quarter", "last", "words"),
    [
        (1, date(2021, 12, 31), "ไตรมาสที่ 1 (ตุลาคม – ธันวาคม 2564)"),
        (2, date(2022, 3, 31), "ไตรมาสที่ 2 (มกราคม – มีนาคม 2565)"),
        (3, date(2022, 6, 30), "ไตรมาสที่ 3 (เมษายน – มิถุนายน 2565)"),
        (4, date(2022, 9, 30), "ไตรมาสที่ 4 (กรกฎาคม – กันยายน 2565)"),
    ],
)
def test_a_quarter_of_fiscal_year_2565(quarter: int, last: date, words: str) -> None:
    scope = Scope("94", "ปัตตานี", "Pattani", 2565, quarter)
    assert (scope.first_day, scope.last_day, scope.quarter_th) == (date(2021, 10, 1), last, words)


def test_empty_is_hidden_where_the_mart_says_so_and_else_unknown() -> None:
    row = Coverage(redacted=["helps", "helped_pct"], name_th="ปัตตานี")
    assert (row.shown("helps").text, row.shown("helps").kind) == ("ไม่เกิน 7", "hidden")
    assert row.shown("helped_pct").text == "ไม่แสดง"  # a share of few people is not itself "7 or fewer"
    assert Coverage(redacted=["mean_days_to_help"], name_th="").shown("mean_days_to_help").text == "ไม่แสดง"
    assert (row.shown("amount_baht").text, row.shown("amount_baht").kind) == ("–", "unknown")
    assert Coverage(redacted=[], name_th="", helps=0).shown("helps").text == "0"


def test_a_figure_leads_back_to_its_mart() -> None:
    row = Coverage(redacted=[], name_th="", helps=15)
    assert row.shown("helps").trace == "coverage area_code=94 fiscal_year_be=2565 helps"


def test_a_row_says_which_columns_it_wants() -> None:
    assert Coverage.columns().endswith("m.mean_days_to_help as mean_days_to_help, a.name_th as name_th")


def tambon(code: str, share: str | None = None, redacted: tuple[str, ...] = ()) -> Tambon:
    return Tambon(
        redacted=list(redacted), area_code=code, name_th=f"ต{code}", amphoe_code=code[:4], amphoe_th=f"อ{code[:4]}",
        province_code=code[:2], province_th=f"จ{code[:2]}", survey_year_be=2565, surveyed_persons=100,
        target_poor_persons=None, target_poor_persons_pct=None if share is None else Decimal(share),
    )  # fmt: skip


def test_tiles_lie_by_province_and_amphoe_in_the_order_of_codes() -> None:
    mixed = [tambon(code) for code in ("950101", "940203", "940102", "940201", "940101")]
    laid = [(p.name_th, [(a.name_th, [t.area_code for t in a.tiles]) for a in p.amphoe]) for p in lay_out(mixed)]
    assert laid == [
        ("จ94", [("อ9401", ["940101", "940102"]), ("อ9402", ["940201", "940203"])]),
        ("จ95", [("อ9501", ["950101"])]),
    ]


@pytest.mark.parametrize(("top", "step"), [("0", 1), ("5", 1), ("5.1", 2), ("24", 5), ("50", 10), ("100", 20)])
def test_classes_are_as_narrow_as_the_largest_share_allows(top: str, step: int) -> None:
    assert scale_for([Decimal("0.5"), None, Decimal(top)]) == Scale(Decimal(step))


def test_a_share_on_a_bound_belongs_to_the_class_above() -> None:
    scale = Scale(Decimal(5))
    assert [scale.level(Decimal(share)) for share in ("0", "4.9", "5", "20", "25", "99")] == [0, 0, 1, 4, 4, 4]
    assert scale.labels == ("0 ถึงต่ำกว่า 5", "5 ถึงต่ำกว่า 10", "10 ถึงต่ำกว่า 15", "15 ถึงต่ำกว่า 20", "20 ขึ้นไป")


def test_hidden_and_unknown_tiles_look_unlike_each_other_and_unlike_low_ones() -> None:
    scale = Scale(Decimal(5))
    tiles = [tambon("940101", "0.1"), tambon("940102", None, ("target_poor_persons_pct",)), tambon("940103")]
    assert [scale.style(one) for one in tiles] == ["level0", "hidden", "unknown"]
    assert len({scale.color(one) for one in tiles}) == 3


def geojson(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def feature(coordinates: object = SQUARE, **properties: object) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize(
    "properties",
    [{"tambon_code": "940101"}, {"TAMBON_IDN": 940101}, {"TAM_CODE": 940101.0}, {"ADM3_PCODE": "TH940101"}],
)
def test_boundaries_are_known_by_the_usual_names_of_the_code(tmp_path: Path, properties: dict[str, object]) -> None:
    path = geojson(tmp_path / "t.geojson", feature(**properties), feature(**dict.fromkeys(properties, "rest")))
    assert list(read_boundaries(path).features) == ["940101"]


@pytest.mark.parametrize(
    ("features", "says"),
    [
        ([feature(NAME="x")], "there are: NAME"),
        ([feature(tambon_code="94")], "6-digit"),
        ([feature([[[700000, 700000], [1, 1], [2, 2]]], tambon_code="940101")], "no degrees"),
        ([], "no GeoJSON"),
    ],
)
def test_boundaries_that_can_not_be_used_are_refused_with_the_reason(
    tmp_path: Path, features: list[dict[str, Any]], says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        read_boundaries(geojson(tmp_path / "t.geojson", *features))


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_bytes(b"\x89PNG")
    with pytest.raises(UsageError, match="no JSON"):
        read_boundaries(path)


def test_a_chart_says_what_it_shows_and_lets_nothing_of_the_data_act() -> None:
    svg = charts.bars([charts.Bar('<script>"&', 3.0, "3.0"), charts.Bar("ซ่อน", None, "ไม่เกิน 7")], describes="แผนภูมิ")
    assert "<script>" not in svg
    assert 'role="img" aria-label="แผนภูมิ: &lt;script&gt;&#34;&amp; 3.0, ซ่อน ไม่เกิน 7"' in svg
    assert ">ไม่เกิน 7</text>" in svg  # text stays text, so that the browser shapes it


@pytest.mark.parametrize("rings", [SQUARE, [SQUARE[0][::-1]]], ids=["clockwise", "counterclockwise"])
def test_a_map_is_drawn_whichever_way_rings_turn(rings: object) -> None:
    """On a sphere one of the two would be everything but the square."""
    geometry = {"type": "Polygon", "coordinates": rings}
    shape = {"type": "Feature", "properties": {"color": "#112233"}, "geometry": geometry}
    svg = charts.shapes([shape], [{"x": 100.5, "y": 6.5, "name": "เมือง"}], describes="แผนที่", tallness=1)
    [path] = re.findall(r'd="(M[^"]*)"[^>]*fill="#112233"', svg)
    assert set(re.findall(r"[\d.]+,[\d.]+", path)) == {"0,0", "0,340", "340,0", "340,340"}
    assert ">เมือง</text>" in svg


def test_what_people_wrote_can_not_act_in_the_page() -> None:
    hostile = "<img src=x onerror=alert(1)>{{ 7*7 }}\u202egpj"
    project = projects.Project(
        redacted=[], fiscal_year_be=2565, agency_id="sbpac", project_code="A-1", project_name=hostile,
        agency_name_th=hostile, budget_baht=Decimal(1), disbursed_of_budget_pct=None, physical_progress_pct=None,
        latest_month="2565-08", is_over_budget=True, is_late=None, is_behind_plan=None,
        obstacles=hostile,
    )  # fmt: skip
    counts = projects.Counts(projects=1, over_budget=1, late=0, behind_plan=0, silent=0, needing_attention=1)
    html = (
        environment()
        .get_template("sections/projects.html.jinja")
        .render(found=projects.Found(counts, [project]), scope=Scope("94", "ปัตตานี", "Pattani", 2565, 4))
    )
    assert "<img" not in html
    assert html.count("&lt;img src=x onerror=alert(1)&gt;{{ 7*7 }}␣gpj") == 3
