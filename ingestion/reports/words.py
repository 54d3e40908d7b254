"""Words of the papers an agency gets: Thai first, English beside, dates of the Buddhist era in Thai time."""

import unicodedata
from datetime import datetime

from core.clock import BANGKOK

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip

# What the page says at the top: verdict, or the state where nothing was judged -> (Thai, English, tone)
HEADLINES: dict[str, tuple[str, str, str]] = {
    "received": ("ได้รับไฟล์แล้ว รอตรวจ", "Received, waiting to be checked", "calm"),
    "accepted": ("รับข้อมูลครบทุกแถว", "Accepted", "good"),
    "accepted_with_issues": ("รับข้อมูลแล้ว มีจุดที่ต้องดู", "Accepted, with points to look at", "mixed"),
    "rejected": ("ไม่รับไฟล์นี้ กรุณาแก้ไขและส่งใหม่", "Rejected: please correct and send again", "bad"),
    "held": ("พักไว้ รอการตัดสินใจ", "Held until somebody decides", "mixed"),
    "duplicate": ("ไฟล์ซ้ำกับที่ส่งมาแล้ว", "Duplicate of what was sent before", "calm"),
    "superseded": ("มีฉบับใหม่แทนแล้ว", "Replaced by a newer version", "calm"),
    "withdrawn": ("ถอนแล้ว ไม่นับฉบับนี้", "Withdrawn: this version does not count", "calm"),
}

STATES: dict[str, tuple[str, str]] = {
    "received": ("ได้รับแล้ว", "received"),
    "checked": ("ตรวจแล้ว", "checked"),
    "loaded": ("เข้าคลังข้อมูลแล้ว", "loaded"),
    "released": ("เผยแพร่แล้ว", "released"),
    "rejected": ("ไม่รับ", "rejected"),
    "duplicate": ("ซ้ำ", "duplicate"),
    "held": ("พักไว้", "held"),
    "superseded": ("มีฉบับใหม่แทนแล้ว", "superseded"),
    "withdrawn": ("ถอนแล้ว", "withdrawn"),
}

SEVERITIES: dict[str, tuple[str, str]] = {
    "error": ("ต้องแก้ไข", "must be corrected"),
    "query": ("ขอคำชี้แจง", "please explain"),
    "repaired": ("ระบบแก้ให้แล้ว", "repaired for you"),
}


def thai_instant(instant: datetime) -> str:
    """`20 พฤศจิกายน 2569 เวลา 09.05 น.` in Thai time."""
    local = instant.astimezone(BANGKOK)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year + 543} เวลา {local:%H.%M} น."


def short_thai_instant(instant: datetime) -> str:
    """`20/11/69 09.05` in Thai time."""
    local = instant.astimezone(BANGKOK)
    return f"{local:%d/%m}/{(local.year + 543) % 100:02d} {local:%H.%M}"


def english_instant(instant: datetime) -> str:
    """`20 Nov 2026, 09:05 (Thai time)`."""
    local = instant.astimezone(BANGKOK)
    return f"{local.day} {local:%b %Y, %H:%M} (Thai time)"


def headline(state: str, verdict: str | None) -> tuple[str, str, str]:
    """Thai, English and tone (good, mixed, bad, calm) of what became of a submission."""
    if state == "withdrawn" or (state == "superseded" and verdict == "held"):
        return HEADLINES[state]
    return HEADLINES.get(verdict or state) or HEADLINES["received"]


def shown(text: str) -> str:
    """Text a sender chose, with what could hide or reorder other text (controls, bidi, zero width) made visible."""
    if text.isprintable():  # nearly every text; nothing of these kinds is
        return text
    return "".join("␣" if unicodedata.category(one) in ("Cc", "Cf", "Co", "Cs") else one for one in text)
