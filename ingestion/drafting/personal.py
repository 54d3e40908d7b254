"""What tells of a person. Better ten columns too many are taken for personal than one too few."""

import re

import pyarrow as pa

from ingestion.cleaning.cleaners import person_id_cleaner
from ingestion.cleaning.columns import matches

_D = "[0-9๐-๙]"
_NUMBERS = (
    rf"(^|[^0-9๐-๙]){_D}([\s.\-–]?{_D}){{12}}($|[^0-9๐-๙])"  # thirteen digits, however they are set apart
    rf"|[Gg]{_D}{{12}}"
    r"|^\s*\d(\.\d+)?[eE]\+?1[0-3]\s*$"  # an identifier that Excel made a power of ten
    rf"|(^|[^0-9๐-๙])[0๐][\s\-]?[2-9๒-๙]([\s\-]?{_D}){{7,8}}($|[^0-9๐-๙])"  # a telephone
    r"|\S@\S"
)
_TITLES = (
    r"(^|[\s(])(นาย|นางสาว|นาง|น\.\s?ส\.|ด\.\s?[ชญ]\.|เด็กชาย|เด็กหญิง|ว่าที่\s?ร\.?ต|พล\.?[ตรจ]|[พรจส]\.\s?[ตทอส]\.)\s*[ก-ฮเแโใไ]"
    r"|^\s*(?i:mr|mrs|miss|ms)\.?\s+[A-Za-z]"
)
_CELL = f"{_NUMBERS}|{_TITLES}"
_HEADER = re.compile(
    r"ชื่อ\s*(-|–|/|และ)?\s*(ตัว(?!ชี้วัด|อย่าง)|สกุล|นามสกุล)|นามสกุล|^\s*สกุล|^\s*ชื่อ(เล่น)?\s*$|คำนำหน้า|เลข(ที่)?(ประจำตัว|บัตร)"
    r"|บัตร(ประจำตัว)?ประชาชน|(13|๑๓)\s*หลัก|วัน.*เกิด|เกิดวัน|ที่อยู่|บ้านเลขที่|เลขที่บ้าน|รหัสประจำบ้าน|โทร(?!ทัศน์)|เบอร์|มือถือ|อีเมล"
    r"|(?<!ออน)ไลน์|เลขที่บัญชี|พาสปอร์ต|หนังสือเดินทาง|ลายมือชื่อ|ลงชื่อ"
    r"|\b(first|last|full|given|family)\s*name\b|surname|^\s*name\s*$|birth|address|phone|mobile|e-?mail|passport"
    r"|national id|citizen id|\b[cp]id\b",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(
    r"^\s*ผู้|หัวหน้า|บิดา|มารดา|คู่สมรส|เจ้าของ|ศาสนา|ความพิการ|โรค|พิกัด|religion|owner|disab", re.IGNORECASE
)
_FIGURE = r"^[\s(+\-]*[0-9๐-๙][0-9๐-๙,.\s]*[)%]?\s*$"


def is_personal_header(header: str, cells: pa.Array) -> bool:
    """A header under which people are told of. How many take part, or are ill, tells of nobody."""
    if _HEADER.search(header) is not None:
        return True
    words = cells.filter(pa.array(matches(cells, r"\S")))
    return _OF_SOMEBODY.search(header) is not None and not matches(words, _FIGURE).all()


def is_person_like(text: str) -> bool:
    """A text that holds an identifier, a telephone, an address of mail or a name with its title."""
    return bool(matches(pa.array([text], pa.string()), _CELL)[0])


def holds_persons(cells: pa.Array) -> bool:
    """Whether any cell of a column does."""
    return bool(matches(cells, _CELL).any())


def are_person_ids(cells: pa.Array) -> bool:
    """Most of the filled cells are identifiers of people and nothing else."""
    read = len(cells) - person_id_cleaner()(cells).values.null_count
    filled = int(matches(cells, r"\S").sum())
    return bool(read > 0 and filled <= 2 * read)
