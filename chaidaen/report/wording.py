"""Numbers, days and periods as a Thai office writes them: thousands commas, Buddhist years, Thai first."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ingestion.reports.words import MONTHS

HIDDEN_COUNT = "ไม่เกิน 7"
HIDDEN_OTHER = "ไม่แสดง"
UNKNOWN = "–"
MILLION = Decimal(1_000_000)
BE_MINUS_CE = 543
SHORT_MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
QUARTERS = (
    ("ตุลาคม – ธันวาคม", "October – December"),
    ("มกราคม – มีนาคม", "January – March"),
    ("เมษายน – มิถุนายน", "April – June"),
    ("กรกฎาคม – กันยายน", "July – September"),
)

# How years of each kind are called where there is little room.
PERIODS = {
    "fiscal_year": "ปีงบฯ",
    "calendar_year": "ปีปฏิทิน",
    "academic_year": "ปีการศึกษา",
    "survey_round": "ปีสำรวจ",
}

# What became of a report's latest file, as the mart codes it.
STATES = {
    "not_received": ("ยังไม่ได้รับไฟล์", "nothing received"),
    "waiting": ("ได้รับแล้ว รอตรวจ", "received, waiting"),
    "held": ("พักไว้รอตัดสินใจ", "held"),
    "rejected": ("ไม่ผ่านการตรวจ", "rejected"),
    "withdrawn": ("ถอนแล้ว", "withdrawn"),
    "in_release": ("อยู่ในรุ่นนี้", "in this release"),
}


def number(value: int | Decimal, places: int | None = None) -> str:
    """`1,234` and `12.5`; with `places`, rounded half up to as many, as people round."""
    if places is not None:
        value = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{value:,}".replace("-", "−")


def measured(value: Decimal | None) -> str:
    """A KPI's value without zeros that mean nothing: `12.5` for 12.5000, `1,200` for 1200.0000."""
    if value is None:
        return UNKNOWN
    text = number(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def million(value: Decimal | None) -> str:
    """Baht as million baht with two decimals: `1,234.57`."""
    return UNKNOWN if value is None else number(value / MILLION, 2)


def thai_day(day: date | None) -> str:
    """`30 กันยายน 2565`."""
    return UNKNOWN if day is None else f"{day.day} {MONTHS[day.month - 1]} {day.year + BE_MINUS_CE}"


def short_thai_day(day: date | None) -> str:
    """`30 ก.ย. 65`."""
    if day is None:
        return UNKNOWN
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {(day.year + BE_MINUS_CE) % 100:02d}"


def english_day(day: date | None) -> str:
    """`30 September 2022`."""
    return UNKNOWN if day is None else f"{day.day} {day:%B %Y}"


def thai_month(month: str | None) -> str:
    """`ส.ค. 64` for `2564-08`."""
    if month is None:
        return UNKNOWN
    year, number_of_month = month.split("-")
    return f"{SHORT_MONTHS[int(number_of_month) - 1]} {year[2:]}"


def age(days: int) -> tuple[str, str]:
    """How long ago the data ends."""
    if days <= 0:
        return "ข้อมูลถึงวันนี้", "up to today"
    return f"{number(days)} วันที่แล้ว", f"{number(days)} day{'' if days == 1 else 's'} ago"
