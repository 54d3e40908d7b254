"""What stands above a table and says what it is about."""

import re
from collections.abc import Iterator

from ingestion.cleaning.numbers import THAI_DIGITS
from ingestion.cleaning.text import clean_text
from ingestion.reading import Layout, address

MAX_TITLE_CELLS = 2  # a row above the table with more cells is no title
LAW = re.compile("พระราชบัญญัติ|พ\\.ร\\.บ\\.|ระเบียบ|ประกาศ|กฎกระทรวง|คำสั่ง")  # their years and days are their own

Title = tuple[str, str]  # address, text


def titles(layout: Layout) -> Iterator[Title]:
    """Address and cleaned text (Arabic digits) of what stands above the table."""
    for number, row in enumerate(layout.grid.preview[: max(layout.header_top - 1, 0)], start=1):
        filled = [(i, cell) for i, cell in enumerate(row) if cell.strip()]
        if len(filled) <= MAX_TITLE_CELLS:
            for i, cell in filled:
                yield address(i, number), clean_text(cell).value.translate(THAI_DIGITS)
