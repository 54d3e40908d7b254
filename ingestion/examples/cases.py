"""For every code that checking a file can raise, the smallest file that raises it. Everybody in them is invented."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ingestion.checking import Scope

Dataset = Literal[
    "activity", "household_member", "household_survey", "indicator_observation", "ita_score", "welfare_card"
]
Rows = Sequence[Sequence[str]]

GOOD: Mapping[str, Mapping[str, str]] = {
    "activity": {
        "เลขที่กิจกรรม": "012345",
        "ปี": "2564",
        "หน่วยงาน": "registration_office_95",
        "ตำบล": "950101",
        "วันเริ่ม": "15/08/2564",
        "วันสิ้นสุด": "16/08/2564",
        "ประเภท": "จัดเอง",
        "ผู้ร่วมจัด": "",
        "ชาย": "10",
        "หญิง": "20",
        "ผู้เข้าร่วม": "30",
        "งบประมาณ": "1500.00",
        "ความก้าวหน้า": "50",
    },
    "household_member": {
        "รหัสประจำบ้าน": "95010000001",
        "ลำดับสมาชิก": "1",
        "เลขประจำตัวประชาชน": "",
        "ชื่อ": "สมมุติ",
        "นามสกุล": "ตัวอย่าง",
        "วันเกิด": "15/08/2530",
        "เพศ": "ชาย",
        "ความสัมพันธ์กับหัวหน้าครัวเรือน": "หัวหน้าครัวเรือน",
    },
    "welfare_card": {
        "เลขประจำตัวประชาชน": "1234567890121",
        "ผลการตรวจสอบคุณสมบัติ": "ผ่าน",
        "วันที่ลงทะเบียน": "15/08/2564",
        "รหัสตำบล": "950101",
    },
    "ita_score": {
        "รหัสหน่วยงานที่ประเมิน": "SBPAC",
        "หน่วยงานที่ประเมิน": "หน่วยงานสมมุติ",
        "คะแนน ITA": "95.98",
        "ระดับ": "AA",
    },
    "household_survey": {
        "รหัสประจำบ้าน": "95010000001",
        "รหัสตำบล": "950102",
        "รหัสหมู่บ้าน": "95010201",
        "วันที่สำรวจ": "15/03/2564",
        "จำนวนสมาชิก": "3",
        "รายได้เฉลี่ยต่อคนต่อปี": "42000",
        **{f"ข้อ {number}": "ผ่าน" for number in range(1, 32)},
    },
    "indicator_observation": {
        "ลำดับที่": "1",
        "รหัสเกณฑ์": "national_mpi",
        "รหัสตัวชี้วัด": "savings",
        "ชนิดของหน่วย": "ครัวเรือน",
        "รหัสประจำบ้าน": "95010000001",
        "รหัสตำบล": "950102",
        "ผล": "ขัดสน",
        "น้ำหนักของหน่วย": "4",
    },
}


@dataclass(frozen=True, slots=True)
class Case:
    """A file, what of it a reader should look at, and the province it was sent for."""

    dataset: Dataset
    content: bytes
    shown: str
    province_code: str = "95"
    part: str = "all"

    @property
    def scope(self) -> Scope:
        """As if dropped in the folder of the province's registration office for 2564."""
        return Scope(f"registration_office_{self.province_code}", self.dataset, "2564", self.part, self.province_code)


def _csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def cell(column: str, written: str, dataset: Dataset = "activity", **beside: str) -> Case:
    """One good row with one cell written otherwise, and perhaps others beside it."""
    row = {**GOOD[dataset], column: written, **beside}
    return Case(dataset, _csv([list(row), list(row.values())]), f"{column}: {written}")


def table(*changes: Mapping[str, str], above: Rows = (), below: Rows = (), shown: str = "") -> Case:
    """Several rows of the example dataset, with lines above and below them."""
    good = GOOD["activity"]
    header = list({**good, **changes[0]}) if changes else list(good)
    rows = [list({**dict.fromkeys(header, ""), **good, **change}.values()) for change in changes]
    return Case("activity", _csv([*above, header, *rows, *below]), shown)


def header(replaced: str, written: str) -> Case:
    """One header written otherwise."""
    row = GOOD["activity"]
    names = [written if name == replaced else name for name in row]
    return Case("activity", _csv([names, list(row.values())]), written)


def raw(content: bytes, shown: str) -> Case:
    return Case("activity", content, shown)


def _jsonl(*changes: Mapping[str, str]) -> bytes:
    return b"".join(
        json.dumps({**GOOD["activity"], **change}, ensure_ascii=False).encode() + b"\n" for change in changes
    )


_ROW = GOOD["activity"]
_PARTNER = {"ผู้ร่วมจัด": "มูลนิธิสมมุติ"}
_GARBLED = "มูลนิธิสมมุติ".encode("cp874").decode("latin-1")
_FIRST, _SECOND = {"เลขที่กิจกรรม": "000001"}, {"เลขที่กิจกรรม": "000002"}
_TOTAL = ["รวม", "", "", "", "", "", "", "", "", "", "60", "3100.00", ""]
_PERSON: Dataset = "household_member"
_ID = "เลขประจำตัวประชาชน"

CASES: Mapping[str, Case] = {
    # the file
    "not_a_table": raw(b"%PDF-1.7\n%", "%PDF-1.7"),
    "web_page_as_workbook": raw(b"<html><table><tr><td>1</td></tr></table></html>", "<html><table>…"),
    "mojibake": raw(_csv([["เลขที่กิจกรรม", "หญิง"]]).decode().encode("cp874").decode("latin-1").encode(), "àÅ¢·Õè¡Ô¨¡ÃÃÁ"),
    "header_not_found": raw(_csv([["ก", "ข"], ["1", "2"]]), "ก | ข"),
    "missing_column": header("หญิง", "สตรี"),
    "duplicate_column": raw(_csv([[*GOOD["activity"], "หญิง"], [*GOOD["activity"].values(), "7"]]), "หญิง | หญิง"),
    "unknown_column": raw(_csv([[*GOOD["activity"], "สถานที่"], [*GOOD["activity"].values(), "ศาลา"]]), "สถานที่"),
    "no_data_rows": raw(_csv([list(GOOD["activity"])]), "หัวตารางเท่านั้น | header only"),
    "too_many_errors": cell("ชื่อ", "", _PERSON),
    "wrong_province": table(_FIRST, above=[["กิจกรรมของจังหวัดปัตตานี ปี 2564"]], shown="กิจกรรมของจังหวัดปัตตานี ปี 2564"),
    "wrong_period": table(_FIRST, above=[["กิจกรรมของจังหวัดยะลา ปี 2563"]], shown="กิจกรรมของจังหวัดยะลา ปี 2563"),
    "wrong_part": replace(cell("ตำบล", "950201"), part="9501"),
    "wrong_agency": cell("หน่วยงาน", "registration_office_94"),
    "unit_differs": header("งบประมาณ", "งบประมาณ (พันบาท)"),
    "ragged_row": table(_FIRST, _SECOND, below=[[*GOOD["activity"].values(), "x", "y"]], shown="… , 50, x, y"),
    "empty_file": raw(b" \n", ""),
    "damaged_file": raw(b"PK\x03\x04 cut short", "PK…"),
    "encoding_unclear": raw(b"a,b\n\xff\xfe\xfa\xdb,1\n", "\\xff\\xfe\\xfa\\xdb"),
    "json_line_broken": raw(_jsonl(_FIRST, _SECOND) + b'{"half\n', '{"half'),
    "column_without_header": raw(_csv([[*_ROW, ""], [*_ROW.values(), "7"]]), "… , 50, 7"),
    "row_read_as_total": table(_FIRST, _SECOND, below=[_TOTAL], shown="รวม … 3100.00"),
    "row_read_as_note": table(_FIRST, below=[["หมายเหตุ: ตัวเลขเบื้องต้น"]], shown="หมายเหตุ: ตัวเลขเบื้องต้น"),
    "row_read_as_heading": table(_FIRST, below=[["อำเภอเมืองยะลา"]], shown="อำเภอเมืองยะลา"),
    "content_date_unclear": table(_FIRST, above=[["ข้อมูล ณ วันที่ 31 กุมภาพันธ์ 2564"]], shown="ข้อมูล ณ วันที่ 31 กุมภาพันธ์ 2564"),
    "content_dates_differ": table(
        _FIRST,
        above=[["ข้อมูล ณ วันที่ 31/12/2564"], ["ณ วันที่ 30 ก.ย. 2564"]],
        shown="ข้อมูล ณ วันที่ 31/12/2564, ณ วันที่ 30 ก.ย. 2564",
    ),
    "header_repeated": table(_FIRST, below=[list(_ROW)], shown="เลขที่กิจกรรม | ปี | …"),
    "text_garbled": table(_FIRST | _PARTNER, _SECOND | _PARTNER, {"ผู้ร่วมจัด": _GARBLED}, shown=f"ผู้ร่วมจัด: {_GARBLED}"),
    # cells
    "required_missing": cell("หญิง", ""),
    "required_if_missing": cell("ประเภท", "จัดร่วม"),
    "none_filled": cell("ผล", "", "indicator_observation"),
    "not_a_number": cell("ชาย", "สิบคน"),
    "not_an_integer": cell("ชาย", "10.5"),
    "number_too_small": cell("ชาย", "-10"),
    "number_too_large": cell("ชาย", "10000"),
    "number_destroyed": cell(_ID, "1.10E+12", "welfare_card"),
    "excel_error_value": cell("ชาย", "#N/A"),
    "text_too_long": cell("ผู้ร่วมจัด", "มูลนิธิสมมุติเพื่อการทดสอบข้อความที่ยาวเกินกำหนดของชุดข้อมูล"),
    "text_too_short": cell("ผู้ร่วมจัด", "ก"),
    "text_marks_misplaced": cell("ผู้ร่วมจัด", "กลุ่มอ านาจเจริญ"),
    "pattern_mismatch": cell("เลขที่กิจกรรม", "A12345"),
    "code_unknown": cell("ประเภท", "ไม่แน่ใจ"),
    "date_unreadable": cell("วันเริ่ม", "กลางเดือนสิงหา"),
    "date_impossible": cell("วันเริ่ม", "31/02/2564"),
    "date_era_ambiguous": cell("วันเริ่ม", "15/08/2300"),
    "date_day_month_ambiguous": cell("วันเริ่ม", "08/15/2564"),
    "date_incomplete": cell("วันเริ่ม", "ส.ค. 2564"),
    "date_too_early": cell("วันเริ่ม", "15/08/2554"),
    "date_too_late": cell("วันเริ่ม", "15/08/2594", วันสิ้นสุด="16/08/2594"),
    "date_order_wrong": cell("วันสิ้นสุด", "14/08/2564"),
    "date_before_period": cell("วันเริ่ม", "15/08/2563"),
    "date_after_period": cell("วันสิ้นสุด", "16/08/2565"),
    "level_differs": cell("ระดับ", "B", "ita_score"),
    "not_asked_in_period": cell("ข้อ 32", "ผ่าน", "household_survey"),
    "id_wrong_format": cell(_ID, "A1234567", "welfare_card"),
    "id_wrong_length": cell(_ID, "123456789012", "welfare_card"),
    "id_masked": cell(_ID, "1-2345-xxxxx-12-1", "welfare_card"),
    "id_checksum": cell(_ID, "1234567890122", "welfare_card"),
    "id_no_person": cell(_ID, "1111111111119", "welfare_card"),
    "house_code_wrong": cell("รหัสประจำบ้าน", "9501000001", _PERSON),
    "area_code_unknown": cell("ตำบล", "959999"),
    "area_level_wrong": cell("ตำบล", "9501"),
    "village_code_unknown": cell("รหัสหมู่บ้าน", "95010299", "household_survey"),
    "area_code_retired_unmapped": cell("ตำบล", "960899"),
    "area_outside_province": cell("ตำบล", "940101"),
    "area_outside_part": replace(cell("ตำบล", "950201"), part="9501"),
    "area_name_unknown": cell("ตำบล", "ต.สะเตงง"),
    "area_name_ambiguous": replace(cell("ตำบล", "ต.สะกอม", หน่วยงาน="registration_office_90"), province_code="90"),
    "agency_unknown": cell("หน่วยงาน", "registration_ofice_95"),
    "row_of_other_period": cell("ปี", "2563"),
    "row_of_other_agency": cell("หน่วยงาน", "registration_office_94"),
    "duplicate_key": table(_FIRST, _FIRST, shown="เลขที่กิจกรรม: 000001, 000001"),
    "sum_differs": cell("ผู้เข้าร่วม", "31"),
    "control_total_differs": table(_FIRST, _SECOND, below=[_TOTAL], shown="รวม … 3100.00"),
    # mended
    "text_invisible_characters": cell("ผู้ร่วมจัด", "มูลนิธิ\u200bสมมุติ"),
    "leading_apostrophe": cell("ชาย", "'10"),
    "name_title_removed": cell("ชื่อ", "นายสมมุติ", _PERSON),
    "leading_zeros_restored": cell("เลขที่กิจกรรม", "12345"),
    "area_name_matched": cell("ตำบล", "ต.สะเตง"),
    "text_thai_composed": cell("ผู้ร่วมจัด", "นํ้าใจเเท้"),
    "spaces_trimmed": cell("ผู้ร่วมจัด", "  มูลนิธิ  สมมุติ "),
    "thai_digits": cell("ชาย", "๑๐"),
    "thousands_separator": cell("งบประมาณ", "1,500.00"),
    "dash_as_zero": cell("หญิง", "-", ผู้เข้าร่วม="10"),
    "nil_as_empty": cell("งบประมาณ", "ไม่มีข้อมูล"),
    "parentheses_negative": cell("งบประมาณ", "(1500)"),
    "percent_sign": cell("ความก้าวหน้า", "50%"),
    "decimals_rounded": cell("งบประมาณ", "1500.005"),
    "date_two_digit_year": cell("วันเริ่ม", "15/8/64"),
    "date_from_serial": cell("วันเริ่ม", "44423"),
    "date_partial": cell("วันเกิด", "2530", _PERSON),
    "id_punctuation": cell(_ID, "1-2345-67890-12-1", "welfare_card"),
    "area_code_retired": replace(cell("ตำบล", "900107", หน่วยงาน="registration_office_90"), province_code="90"),
    "short_row_padded": raw(_csv([list(GOOD["activity"]), list(GOOD["activity"].values())[:-1]]), "… , 1500.00"),
}
