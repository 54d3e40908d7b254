"""What the catalogue of marts calls kinds, units and cautions, in Thai and in English."""

from collections.abc import Mapping

from expectations.described import Kind

KINDS: Mapping[Kind, tuple[str, str, str, str]] = {
    "key": ("กุญแจ", "key", "ระบุว่าแถวพูดถึงอะไร", "says what the row is about"),
    "label": (
        "ข้อความกำกับ",
        "label",
        "ชื่อ รหัส วันที่ หรือสถานะที่อธิบายแถว",
        "a name, code, date or state that describes the row",
    ),
    "count": (
        "จำนวนนับ",
        "count",
        "คนหรือครัวเรือน ใน `marts` ค่าที่ไม่เกิน 7 ถูกซ่อน ค่าอื่นปัดให้ลงท้ายด้วย 0 หรือ 5",
        "people or households: in `marts` up to 7 are hidden, others rounded to 5",
    ),
    "official_count": (
        "จำนวนที่เผยแพร่อยู่แล้ว",
        "official count",
        "เปิดเผยต่อสาธารณะอยู่แล้ว จึงเป็นค่าจริงทุกที่",
        "public already, and so exact everywhere",
    ),
    "share": (
        "สัดส่วน",
        "share",
        "ใน `marts` คำนวณจากจำนวนที่แสดง และซ่อนเมื่อจำนวนใดจำนวนหนึ่งถูกซ่อน",
        "in `marts` computed from the counts shown, hidden where one of them is",
    ),
    "sum": (
        "ผลรวม",
        "sum",
        "ถ้าระบุจำนวนนับไว้ จะซ่อนพร้อมจำนวนนั้น",
        "hidden with the count named beside it, where there is one",
    ),
    "score": (
        "คะแนนหรือดัชนี",
        "score",
        "ถ้าระบุจำนวนนับไว้ จะซ่อนพร้อมจำนวนนั้น",
        "hidden with the count named beside it, where there is one",
    ),
}

UNITS: Mapping[str, str] = {
    "activities": "กิจกรรม",
    "agencies": "หน่วยงาน",
    "amphoe": "อำเภอ",
    "areas": "พื้นที่",
    "as the indicator says": "ตามที่ตัวชี้วัดกำหนด",
    "as the KPI says": "ตามที่ตัวชี้วัดกำหนด",
    "as output_unit says": "ตามที่ output_unit ระบุ",
    "assignments": "การมอบหมาย",
    "baht": "บาท",
    "cases": "กรณี",
    "cells": "ช่อง",
    "cells per 100 rows": "ช่องต่อ 100 แถว",
    "communities": "ชุมชน",
    "complaints": "เรื่องร้องเรียน",
    "days": "วัน",
    "directives": "ข้อสั่งการ",
    "events": "เหตุการณ์",
    "files": "ไฟล์",
    "fiscal years": "ปีงบประมาณ",
    "groups": "กลุ่ม",
    "helps": "ครั้ง",
    "households": "ครัวเรือน",
    "houses": "หลัง",
    "incidents": "เหตุการณ์",
    "meetings": "ครั้งประชุม",
    "months": "เดือน",
    "organisations": "องค์กร",
    "parts": "ส่วน",
    "percent": "ร้อยละ",
    "percentage points": "จุดร้อยละ",
    "persons": "คน",
    "places": "แห่ง",
    "points": "คะแนน",
    "problems": "ปัญหา",
    "projects": "โครงการ",
    "provinces": "จังหวัด",
    "queries": "ข้อสอบถาม",
    "queries per 100 rows": "ข้อสอบถามต่อ 100 แถว",
    "recipients": "ผู้รับ",
    "reports": "รายงาน",
    "rows": "แถว",
    "score": "คะแนน",
    "tambon": "ตำบล",
    "units": "หน่วยที่วัด",
    "villages": "หมู่บ้าน",
    "visits": "ครั้ง",
}

CAUTIONS: Mapping[str, tuple[str, str]] = {
    "dimensions_overlap": (
        "หนึ่งครัวเรือนอาจตกหลายมิติ ห้ามรวมมิติเข้าด้วยกัน",
        "one household may be deprived in several dimensions: never add them up",
    ),
    "groups_overlap": (
        "หนึ่งคนอาจอยู่หลายกลุ่ม ห้ามรวมกลุ่มเข้าด้วยกัน",
        "one person may be in several groups: never add them up",
    ),
    "provisional_groups": ("รายชื่อกลุ่มยังเป็นฉบับชั่วคราว", "the list of groups is provisional"),
    "provisional_scheme": ("เกณฑ์วัดความยากจนยังเป็นฉบับชั่วคราว", "the poverty scheme is provisional"),
}
