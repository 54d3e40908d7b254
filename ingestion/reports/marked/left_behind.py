"""What of a sender's workbook is not in the marked one: told in its summary, so that nothing is lost silently."""

import re
import zipfile
from pathlib import Path

Words = tuple[str, str]
_OLE = b"\xd0\xcf\x11\xe0"

NEW_WORKBOOK: Words = (
    "สี รูปแบบ สูตร รูปภาพ แผนภูมิ และมาโคร: สมุดงานนี้สร้างใหม่ มีค่าเดิมทุกช่องในตำแหน่งเดิม",
    "colours, formats, formulas, pictures, charts and macros: this is a new workbook, every value in its own cell",
)
# By the names of a workbook's parts. Macros are left out because they could do anything on the reader's machine.
_PARTS: tuple[tuple[re.Pattern[str], Words], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"vbaProject\.bin$|/macrosheets/", ("มาโคร", "macros")),
        (r"/(ctrlProps|activeX)/", ("ปุ่มและตัวควบคุมฟอร์ม", "buttons and form controls")),
        (r"/embeddings/oleObject", ("วัตถุที่ฝังจากโปรแกรมอื่น", "objects embedded from other programs")),
        (r"/(slicers|timelines)/", ("ตัวแบ่งส่วนข้อมูลและเส้นเวลา", "slicers and timelines")),
        (r"/drawings/_rels/vmlDrawing[^/]*\.rels$", ("รูปภาพในหัวและท้ายกระดาษ", "pictures in page headers and footers")),
        (r"/threadedComments/", ("การโต้ตอบในความเห็น (ข้อความยังอยู่)", "threads of comments (their text stays)")),
        (r"/(queryTables/|connections\.xml$|model/)", ("การเชื่อมต่อข้อมูลภายนอก", "connections to outside data")),
        (r"^_xmlsignatures/", ("ลายมือชื่อดิจิทัล", "digital signatures")),
    )
)


def left_behind(source: Path) -> list[Words]:
    """What the sender's own workbook, marked, no longer has, in Thai and English."""
    names = _part_names(source)
    return [words for pattern, words in _PARTS if any(map(pattern.search, names))]


def left_behind_by_new(source: Path) -> list[Words]:
    """The same of a workbook made anew; nothing where text was sent."""
    with source.open("rb") as file:
        is_old_workbook = file.read(len(_OLE)) == _OLE
    return [NEW_WORKBOOK] if is_old_workbook or _part_names(source) else []


def _part_names(source: Path) -> list[str]:
    try:
        with zipfile.ZipFile(source) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return []
