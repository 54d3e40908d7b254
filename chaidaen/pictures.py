"""What the published marts say of people, cases, money and KPIs, as short tables in Thai and English.

Read as any BI tool would: its role, its views. Every picture is one statement over one mart and the lists beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from psycopg.rows import dict_row
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from core import database


@dataclass(frozen=True, slots=True)
class Picture:
    """A table to be shown: `key` columns name a row (Thai and English under one another), `figures` are right-aligned.

    The statement gives `th` and `en`, and a column of each key and figure; headings are "Thai\\nEnglish".
    """

    mart: str
    tells: str
    query: str
    about: str  # heading of the first column
    figures: Mapping[str, str]


_ROUNDED = "นับได้ไม่เกิน 7 ไม่แสดง (–) นอกนั้นปัดเป็น 5 · counts up to 7 are not shown (–), others are rounded to 5"
_AREAS = "join marts.areas as a using (area_code) where m.area_level in ('region', 'province')"
_YEAR = "ปี พ.ศ.\nyear BE"

PICTURES: tuple[Picture, ...] = (
    Picture(
        "poverty_by_area",
        f"ความยากจนตาม จปฐ และบัตรสวัสดิการ · poverty by survey and welfare card; {_ROUNDED}",
        "select a.name_th as th, a.name_en as en, m.survey_year_be as year, m.population_persons as people,"
        " m.surveyed_households as surveyed, m.any_poor_households as poor, m.target_poor_households as target"
        f" from marts.poverty_by_area as m {_AREAS} order by m.survey_year_be, m.area_code",
        "พื้นที่\narea",
        {"year": _YEAR, "people": "ประชากร\npeople", "surveyed": "ครัวเรือน\nsurveyed", "poor": "ยากจน\npoor",
         "target": "เป้าหมาย\ntarget"},
    ),
    Picture(
        "target_groups_by_area",
        "คนในกลุ่มเป้าหมายทั้งภาค งวดล่าสุดของแต่ละกลุ่ม · people of the target groups in the region, latest period of each;"
        " คนหนึ่งอยู่ได้หลายกลุ่ม · one person may be in several",
        "select g.label_th as th, g.label_en as en, m.period as year, m.group_persons as people,"
        " m.from_poor_household_persons as poor, m.in_need_persons as needing, m.helped_persons as helped"
        " from marts.target_groups_by_area as m join marts.target_groups as g using (target_group_id)"
        " where m.area_level = 'region' and g.parent_group_id = 'any_group' and m.period ="
        " (select max(newest.period) from marts.target_groups_by_area as newest"
        " where newest.target_group_id = m.target_group_id)"
        " order by g.group_order",
        "กลุ่ม\ngroup",
        {"year": _YEAR, "people": "คน\npeople", "poor": "ครัวเรือนยากจน\nof poor homes", "needing": "ต้องการ\nin need",
         "helped": "ได้รับแล้ว\nhelped"},
    ),
    Picture(
        "case_progress_by_area",
        "หนึ่งข้าราชการ หนึ่งครัวเรือนยากจน ไตรมาสล่าสุด · one official, one poor household, latest quarter",
        "select a.name_th as th, a.name_en as en, m.fiscal_year_be || '/' || m.fiscal_quarter as quarter,"
        " m.target_poor_households as target, m.target_poor_with_official_households as looked_after,"
        " m.visited_year_households as visited, m.overdue_households as overdue"
        f" from marts.case_progress_by_area as m {_AREAS} and (m.fiscal_year_be, m.fiscal_quarter) ="
        " (select fiscal_year_be, fiscal_quarter from marts.case_progress_by_area"
        " where assigned_households is not null order by 1 desc, 2 desc limit 1) order by m.area_code",
        "พื้นที่\narea",
        {"quarter": "ไตรมาส\nquarter", "target": "เป้าหมาย\ntarget poor", "looked_after": "มีผู้ดูแล\nwith official",
         "visited": "เยี่ยมแล้ว\nvisited", "overdue": "ค้างเยี่ยม\noverdue"},
    ),
    Picture(
        "assistance_coverage_by_area",
        "ความช่วยเหลือทั้งภาค · help in the region",
        "select a.name_th as th, a.name_en as en, m.fiscal_year_be as year, m.helps,"
        " m.unhelped_target_poor_households as unhelped, m.duplicate_help_households as twice, m.amount_baht as baht"
        f" from marts.assistance_coverage_by_area as m {_AREAS} and m.area_level = 'region' order by m.fiscal_year_be",
        "พื้นที่\narea",
        {"year": "ปีงบ\nfiscal year", "helps": "รายการ\nhelps", "unhelped": "จนแต่ยังไม่ได้\npoor, no help",
         "twice": "ได้ซ้ำ\nhelped twice", "baht": "บาท\nbaht"},
    ),
    Picture(
        "budgets_by_area",
        "งบประมาณและการเบิกจ่ายทั้งภาค เมื่อสิ้นปี · budgets and disbursement of the region at the year's end",
        "select m.plan_line_th as th, m.plan_line_en as en, m.fiscal_year_be as year, m.projects,"
        " round(m.budget_baht) as budget, round(m.disbursed_cumulative_baht) as disbursed,"
        " round(m.disbursed_of_budget_pct) as share from marts.budgets_by_area as m"
        " where m.area_level = 'region' and m.portion = 'whole' and m.fiscal_quarter = 4"
        " order by m.fiscal_year_be, m.plan_line",
        "แผนงาน\nplan line",
        {"year": "ปีงบ\nfiscal year", "projects": "โครงการ\nprojects", "budget": "งบ (บาท)\nbudget",
         "disbursed": "เบิกแล้ว\ndisbursed", "share": "ร้อยละ\n%"},
    ),
    Picture(
        "kpi_scorecards",
        "ตัวชี้วัดของแผนปฏิบัติราชการ · KPIs of the yearly plan",
        "select agency_name_th as th, agency_name_en as en, fiscal_year_be || '/' || fiscal_quarter as quarter,"
        " count(*) as kpis, count(*) filter (where outcome = 'met') as met,"
        " count(*) filter (where outcome = 'missed') as missed,"
        " count(*) filter (where outcome not in ('met', 'missed')) as unknown from marts.kpi_scorecards"
        " where fiscal_quarter = 4 group by fiscal_year_be, fiscal_quarter, agency_id, 1, 2"
        " order by fiscal_year_be, agency_id",
        "หน่วยงาน\nagency",
        {"quarter": "ไตรมาส\nquarter", "kpis": "ตัวชี้วัด\nKPIs", "met": "ถึงเป้า\nmet", "missed": "ไม่ถึง\nmissed",
         "unknown": "ไม่มีผล\nno result"},
    ),
)  # fmt: skip


def shown(picture: Picture) -> Table | None:
    """The picture filled from the published release; None when its mart has no such rows."""
    with database.connect("chaidaen_bi") as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(picture.query).fetchall()
    return _table(picture, rows) if rows else None


def _table(picture: Picture, rows: Sequence[Mapping[str, object]]) -> Table:
    table = Table(
        title=f"marts.{picture.mart}", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    table.caption, table.caption_justify = picture.tells, "left"
    table.add_column(picture.about, max_width=34)
    for heading in picture.figures.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        figures = (
            figure(row[name]) if name not in {"year", "quarter"} else str(row[name] or "–") for name in picture.figures
        )
        table.add_row(f"{escape(str(row['th']))}\n[dim]{escape(str(row['en']))}[/]", *figures)
    return table


def figure(number: object) -> str:
    """With thousands commas; a dash for what is hidden or unknown."""
    return f"{number:,}" if isinstance(number, (int, Decimal)) else "–"
