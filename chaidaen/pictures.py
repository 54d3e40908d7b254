"""What the published marts say of people, cases, money and KPIs, as short tables in Thai and English.

Read as any BI tool would: its role, its views. Every picture is one statement over one mart and the lists beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from core import database


@dataclass(frozen=True, slots=True)
class Picture:
    """A table to be shown, one statement over one mart: who or what a row is about, when, and its figures.

    `th` and `en` name a row, the one under the other. Headings are "Thai\\nEnglish"; `when` and the figures behind it
    are SQL by heading, and so is `rows`, which says where from, which and in what order.
    """

    mart: str
    tells: str
    about: str  # heading of the first column
    when: tuple[str, str]
    figures: Mapping[str, str]
    rows: str
    th: str = "a.name_th"
    en: str = "a.name_en"

    @property
    def query(self) -> str:
        columns = (self.th, self.en, f"cast({self.when[1]} as text)", *self.figures.values())
        return f"select {', '.join(columns)} from marts.{self.mart} as m {self.rows}"


_ROUNDED = "นับได้ไม่เกิน 7 ไม่แสดง (–) นอกนั้นปัดเป็น 5 · counts up to 7 are not shown (–), others are rounded to 5"
_AREAS = "join marts.areas as a using (area_code) where m.area_level in ('region', 'province')"
_REGION = "join marts.areas as a using (area_code) where m.area_level = 'region'"
_AREA = "พื้นที่\narea"
_YEAR = "ปี พ.ศ.\nyear BE"
_QUARTER = ("ไตรมาส\nquarter", "m.fiscal_year_be || '/' || m.fiscal_quarter")
_FISCAL_YEAR = ("ปีงบ\nfiscal year", "m.fiscal_year_be")

PICTURES: tuple[Picture, ...] = (
    Picture(
        "poverty_by_area",
        f"ความยากจนตาม จปฐ และบัตรสวัสดิการ · poverty by survey and welfare card; {_ROUNDED}",
        _AREA,
        (_YEAR, "m.survey_year_be"),
        {"ประชากร\npeople": "m.population_persons", "ครัวเรือน\nsurveyed": "m.surveyed_households",
         "ยากจน\npoor": "m.any_poor_households", "เป้าหมาย\ntarget": "m.target_poor_households"},
        f"{_AREAS} order by m.survey_year_be, m.area_code",
    ),
    Picture(
        "target_groups_by_area",
        "คนในกลุ่มเป้าหมายทั้งภาค งวดล่าสุดของแต่ละกลุ่ม · people of the target groups in the region, latest period of each;"
        " คนหนึ่งอยู่ได้หลายกลุ่ม · one person may be in several",
        "กลุ่ม\ngroup",
        (_YEAR, "m.period"),
        {"คน\npeople": "m.group_persons", "ครัวเรือนยากจน\nof poor homes": "m.from_poor_household_persons",
         "ต้องการ\nin need": "m.in_need_persons", "ได้รับแล้ว\nhelped": "m.helped_persons"},
        "join marts.target_groups as g using (target_group_id)"
        " where m.area_level = 'region' and g.parent_group_id = 'any_group' and m.period ="
        " (select max(newest.period) from marts.target_groups_by_area as newest"
        " where newest.target_group_id = m.target_group_id)"
        " order by g.group_order",
        "g.label_th",
        "g.label_en",
    ),
    Picture(
        "case_progress_by_area",
        "หนึ่งข้าราชการ หนึ่งครัวเรือนยากจน ไตรมาสล่าสุด · one official, one poor household, latest quarter",
        _AREA,
        _QUARTER,
        {"เป้าหมาย\ntarget poor": "m.target_poor_households",
         "มีผู้ดูแล\nwith official": "m.target_poor_with_official_households",
         "เยี่ยมแล้ว\nvisited": "m.visited_year_households", "ค้างเยี่ยม\noverdue": "m.overdue_households"},
        f"{_AREAS} and (m.fiscal_year_be, m.fiscal_quarter) ="
        " (select fiscal_year_be, fiscal_quarter from marts.case_progress_by_area"
        " where assigned_households is not null order by 1 desc, 2 desc limit 1) order by m.area_code",
    ),
    Picture(
        "assistance_coverage_by_area",
        "ความช่วยเหลือทั้งภาค · help in the region",
        _AREA,
        _FISCAL_YEAR,
        {"รายการ\nhelps": "m.helps", "จนแต่ยังไม่ได้\npoor, no help": "m.unhelped_target_poor_households",
         "ได้ซ้ำ\nhelped twice": "m.duplicate_help_households", "บาท\nbaht": "m.amount_baht"},
        f"{_REGION} order by m.fiscal_year_be",
    ),
    Picture(
        "budgets_by_area",
        "งบประมาณและการเบิกจ่ายทั้งภาค เมื่อสิ้นปี · budgets and disbursement of the region at the year's end",
        "แผนงาน\nplan line",
        _FISCAL_YEAR,
        {"โครงการ\nprojects": "m.projects", "งบ (บาท)\nbudget": "round(m.budget_baht)",
         "เบิกแล้ว\ndisbursed": "round(m.disbursed_cumulative_baht)", "ร้อยละ\n%": "round(m.disbursed_of_budget_pct)"},
        "where m.area_level = 'region' and m.portion = 'whole' and m.fiscal_quarter = 4"
        " order by m.fiscal_year_be, m.plan_line",
        "m.plan_line_th",
        "m.plan_line_en",
    ),
    Picture(
        "kpi_scorecards",
        "ตัวชี้วัดของแผนปฏิบัติราชการ · KPIs of the yearly plan",
        "หน่วยงาน\nagency",
        _QUARTER,
        {"ตัวชี้วัด\nKPIs": "count(*)", "ถึงเป้า\nmet": "count(*) filter (where m.outcome = 'met')",
         "ไม่ถึง\nmissed": "count(*) filter (where m.outcome = 'missed')",
         "ไม่มีผล\nno result": "count(*) filter (where m.outcome not in ('met', 'missed'))"},
        "where m.fiscal_quarter = 4 group by m.fiscal_year_be, m.fiscal_quarter, m.agency_id, 1, 2"
        " order by m.fiscal_year_be, m.agency_id",
        "m.agency_name_th",
        "m.agency_name_en",
    ),
    Picture(
        "area_profiles",
        "หมู่บ้านเข้มแข็ง พื้นที่สันติสุข ปัญหาชุมชนที่ค้าง เหตุการณ์ เรื่องร้องเรียน ปีล่าสุด"
        " · strong villages, peace areas, open problems, incidents, complaints, latest year",
        _AREA,
        _FISCAL_YEAR,
        {"เข้มแข็ง\nstrong": "m.strong_villages", "สันติสุข\npeace": "m.small_peace_areas",
         "ปัญหา\nproblems": "m.open_problems", "เหตุการณ์\nincidents": "m.incidents",
         "ร้องเรียน\ncomplaints": "m.received_complaints"},
        f"{_AREAS} and m.fiscal_year_be = (select max(fiscal_year_be) from marts.area_profiles"
        " where small_peace_areas is not null) order by m.area_code",
    ),
)  # fmt: skip


def shown(picture: Picture) -> Table | None:
    """The picture filled from the published release; None when its mart has no such rows."""
    with database.connect("chaidaen_bi") as connection:
        rows = connection.execute(picture.query).fetchall()
    return _table(picture, rows) if rows else None


def _table(picture: Picture, rows: Sequence[tuple[object, ...]]) -> Table:
    table = Table(
        title=f"marts.{picture.mart}", title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False
    )
    table.caption, table.caption_justify = picture.tells, "left"
    table.add_column(picture.about, max_width=34)
    for heading in (picture.when[0], *picture.figures):
        table.add_column(heading, justify="right", no_wrap=True)
    for th, en, when, *figures in rows:
        name = f"{escape(str(th))}\n[dim]{escape(str(en))}[/]"
        table.add_row(name, str(when or "–"), *(figure(number) for number in figures))
    return table


def figure(number: object) -> str:
    """With thousands commas; a dash for what is hidden or unknown."""
    return f"{number:,}" if isinstance(number, (int, Decimal)) else "–"
