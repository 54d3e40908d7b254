"""What invented plans are made of: kinds of projects by sender, and the KPIs of the centre's divisions.

Names and figures are invented; they only sound like the southern integrated plan.
"""

from dataclasses import dataclass
from typing import Final, Literal

Reach = Literal["villages", "tambon", "amphoe", "provinces", "region", "songkhla_4_amphoe", "communities", "nowhere"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of project. million_baht: its usual budget; lines: shares of personnel, operating, investment, subsidy,
    other. A target is `count` units; the indicator's target is `goal`."""

    stem: str
    name: str
    plan_line: str
    million_baht: float
    lines: tuple[float, float, float, float, float]
    reach: Reach
    group: str
    count: int
    unit: str
    indicator: str
    goal: int
    provinces: tuple[str, ...] = ()  # where its places lie; none: anywhere its agency works


_RUN, _BUILD, _GIVE = (0.05, 0.8, 0, 0, 0.15), (0, 0.3, 0.6, 0, 0.1), (0, 0.25, 0, 0.7, 0.05)
KINDS: dict[str, tuple[Kind, ...]] = {
    "sbpac": (
        Kind("EC", "ส่งเสริมการเลี้ยงปูทะเลครบวงจร (เมืองปูทะเล)", "economy", 24, _BUILD, "amphoe", "farmers", 120,
             "households", "รายได้ของครัวเรือนผู้เลี้ยงปูเพิ่มขึ้น (ร้อยละ)", 20, ("94",)),
        Kind("EC", "ส่งเสริมการปลูกกาแฟโรบัสตาชายแดนใต้", "economy", 9, _RUN, "tambon", "farmers", 60, "persons",
             "พื้นที่ปลูกกาแฟเพิ่มขึ้น (ไร่)", 500, ("95", "90")),
        Kind("EC", "ระเบียงเศรษฐกิจโคเนื้อฮาลาลชายแดนใต้", "economy", 32, _BUILD, "provinces", "farmers", 400,
             "households", "เกษตรกรที่เลี้ยงโคตามมาตรฐาน (ราย)", 1200),
        Kind("EC", "ฟื้นฟูเศรษฐกิจการท่องเที่ยวชายแดน", "economy", 14, _RUN, "songkhla_4_amphoe", "general_public", 900,
             "persons", "ผู้ประกอบการที่ได้รับการช่วยเหลือ (ราย)", 250),
        Kind("QL", "ตำบลมั่นคง มั่งคั่ง ยั่งยืน", "quality_of_life", 28, _GIVE, "tambon", "target_poor", 45,
             "households", "ครัวเรือนยากจนเป้าหมายพ้นเกณฑ์ (ร้อยละ)", 60),
        Kind("QL", "1 ข้าราชการ 1 ครัวเรือนยากจน", "quality_of_life", 11, _GIVE, "region", "target_poor", 5000,
             "households", "ครัวเรือนที่มีข้าราชการดูแล (ร้อยละ)", 100),
        Kind("SC", "หมู่บ้านสันติธรรมเสริมความเข้มแข็งของชุมชน", "safe_communities", 18, _RUN, "villages",
             "community_leaders", 30, "persons", "หมู่บ้านที่ผ่านเกณฑ์ระดับดี (ร้อยละ)", 70),
        Kind("SC", "พื้นที่สันติสุขขนาดเล็ก", "safe_communities", 6, _RUN, "communities", "general_public", 80,
             "persons", "พื้นที่ที่มีข้อตกลงร่วม (แห่ง)", 20),
        Kind("JU", "เยียวยาและฟื้นฟูผู้ได้รับผลกระทบจากความไม่สงบ", "justice", 46, _GIVE, "region",
             "affected_by_unrest", 1500, "persons", "ผู้ได้รับผลกระทบที่ได้รับการดูแล (ร้อยละ)", 95),
        Kind("ED", "ธนาคารสื่อสร้างสรรค์และพหุวัฒนธรรม", "education_culture", 5, _RUN, "provinces", "youth", 200,
             "persons", "สื่อที่เผยแพร่ (ชิ้น)", 40),
        Kind("AD", "บริหารจัดการและติดตามแบบองค์รวม", "administration", 12, (0.5, 0.45, 0.05, 0, 0), "nowhere",
             "officials", 150, "persons", "หน่วยงานที่รายงานตรงเวลา (ร้อยละ)", 90),
    ),
    "social_development": (
        Kind("SD", "ปรับสภาพที่อยู่อาศัยผู้สูงอายุและคนพิการ", "quality_of_life", 4, _BUILD, "tambon", "elderly", 12,
             "households", "บ้านที่ปรับสภาพแล้ว (หลัง)", 40),
        Kind("SD", "ดูแลกลุ่มเปราะบางรายครัวเรือน", "quality_of_life", 3, _GIVE, "amphoe", "vulnerable", 150,
             "households", "ครัวเรือนเปราะบางที่มีแผนรายครัวเรือน (ร้อยละ)", 80),
        Kind("SD", "ศูนย์ประสานงานเด็กและสตรี", "justice", 1.5, _RUN, "provinces", "women", 300, "persons",
             "กรณีที่ได้รับการช่วยเหลือ (ร้อยละ)", 90),
    ),
    "community_development": (
        Kind("CD", "ส่งเสริมอาชีพครัวเรือนยากจน", "economy", 5, _GIVE, "villages", "target_poor", 20, "households",
             "ครัวเรือนที่มีรายได้พ้นเส้น (ร้อยละ)", 50),
        Kind("CD", "พัฒนาผลิตภัณฑ์ชุมชนชายแดนใต้", "economy", 2.5, _RUN, "amphoe", "women", 15, "groups",
             "ผลิตภัณฑ์ที่ได้มาตรฐาน (รายการ)", 30),
    ),
    "employment_office": (
        Kind("EM", "ฝึกอาชีพผู้เดินทางกลับจากมาเลเซีย", "economy", 3, _RUN, "amphoe", "malaysia_returnee", 90,
             "persons", "ผู้ฝึกอาชีพที่มีงานทำ (ร้อยละ)", 60),
        Kind("EM", "จ้างงานและจับคู่ตำแหน่งงานบัณฑิตจบใหม่", "economy", 6, (0.7, 0.25, 0, 0, 0.05), "provinces",
             "graduate", 250, "persons", "บัณฑิตที่ได้งาน (ร้อยละ)", 55),
    ),
    "education_office": (
        Kind("EO", "พาเด็กนอกระบบกลับมาเรียน", "education_culture", 2, _RUN, "tambon", "youth", 10, "persons",
             "เด็กที่กลับเข้าระบบ (ร้อยละ)", 70),
        Kind("EO", "พัฒนาทักษะภาษาและอาชีพในโรงเรียนตาดีกา", "education_culture", 3.5, _GIVE, "amphoe", "youth", 400,
             "persons", "ผู้เรียนที่ผ่านเกณฑ์ (ร้อยละ)", 75),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kpi:
    """A KPI of a division. goal: target of the whole year; a counted one grows over the year, another is a level.

    redefined_from: the fiscal year (BE) since when it is measured in another way, if it is.
    """

    code: str
    name: str
    unit: str
    direction: Literal["more_is_better", "less_is_better"]
    baseline: float
    goal: float
    is_counted: bool = False
    redefined_from: int | None = None


_MORE: Final = "more_is_better"
_LESS: Final = "less_is_better"
KPIS: dict[str, tuple[Kpi, ...]] = {
    "sbpac_strategy": (
        Kpi("STR-01", "ร้อยละการเบิกจ่ายงบประมาณตามแผน", "ร้อยละ", _MORE, 91.2, 95),
        Kpi("STR-02", "จำนวนโครงการที่ล่าช้ากว่าแผน", "โครงการ", _LESS, 24, 15, is_counted=True),
        Kpi("STR-03", "คะแนนคุณธรรมและความโปร่งใส (ITA)", "คะแนน", _MORE, 95.64, 95, redefined_from=2566),
    ),
    "sbpac_development": (
        Kpi("DEV-01", "จำนวนครัวเรือนยากจนเป้าหมายที่พ้นเกณฑ์", "ครัวเรือน", _MORE, 2100, 3000, is_counted=True),
        Kpi("DEV-02", "ร้อยละของผู้กลับจากมาเลเซียที่มีงานทำ", "ร้อยละ", _MORE, 38, 55, redefined_from=2565),
        Kpi("DEV-03", "มูลค่าการค้าของผลิตภัณฑ์ปูทะเลและกาแฟ", "ล้านบาท", _MORE, 60, 85, is_counted=True),
    ),
    "sbpac_justice": (
        Kpi("JUS-01", "ระยะเวลาเฉลี่ยในการตอบข้อร้องเรียน", "วัน", _LESS, 28, 20),
        Kpi("JUS-02", "ร้อยละของผู้ได้รับผลกระทบที่ได้รับการเยียวยาครบถ้วน", "ร้อยละ", _MORE, 92, 95),
    ),
    "sbpac_society": (
        Kpi("SOC-01", "จำนวนตำบลสันติธรรมที่ผ่านเกณฑ์", "ตำบล", _MORE, 40, 60, is_counted=True),
        Kpi("SOC-02", "จำนวนเด็กที่หลุดจากระบบการศึกษา", "คน", _LESS, 900, 600, is_counted=True),
        Kpi("SOC-03", "ร้อยละความเชื่อมั่นของประชาชน", "ร้อยละ", _MORE, 72.5, 80),
    ),
}
