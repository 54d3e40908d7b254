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
    r"ชื่อ\s*[-–/และ]*\s*(ตัว|สกุล|นามสกุล)|นามสกุล|^\s*สกุล|^\s*ชื่อ(เล่น)?\s*$|คำนำหน้า|เลข(ที่)?(ประจำตัว|บัตร)|บัตร(ประจำตัว)?ประชาชน"
    r"|13\s*หลัก|๑๓\s*หลัก|วัน.*เกิด|เกิดวัน|ที่อยู่|บ้านเลขที่|เลขที่บ้าน|รหัสประจำบ้าน|โทร|เบอร์|มือถือ|อีเมล|ไลน์|เลขที่บัญชี|พาสปอร์ต|หนังสือเดินทาง"
    r"|ศาสนา|ความพิการ|โรค|ลายมือชื่อ|ลงชื่อ|^\s*ผู้|หัวหน้า|บิดา|มารดา|คู่สมรส|เจ้าของ|พิกัด"
    r"|\b(first|last|full|given|family)\s*name\b|surname|^\s*name\s*$|birth|address|phone|mobile|e-?mail|passport"
    r"|national id|citizen id|\b[cp]id\b|religion",
    re.IGNORECASE,
)


def is_personal_header(header: str) -> bool:
    """A header under which people are told of."""
    return _HEADER.search(header) is not None


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
