"""The day a file says its content is of: in a title, a footnote, or our template's own cell for it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from core import clock
from ingestion.checking.titles import LAW, Title, titles
from ingestion.cleaning.dates import BE_MINUS_CE, date_parser
from ingestion.cleaning.numbers import THAI_DIGITS
from ingestion.cleaning.text import clean_text
from ingestion.issues import Issue, issue
from ingestion.own_marks import CONTENT_DATE_LABEL
from ingestion.reading import Grid, Layout, address

MAX_SHOWN = 80
MAX_NOTES = 100
_DAY = r"[0-9]{1,2}"
_ERA = r"(?:\s*[พค]\.?\s?ศ\.?)?"
_NUMERIC = r"[0-9]{1,4}\s*[-/.]\s*[0-9]{1,2}\s*[-/.]\s*[0-9]{2,4}"
_WORDED = rf"{_DAY}\s*(?:เดือน)?\s*[^\W\d_][^\d,;()]{{1,18}}?{_ERA}\s*(?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])"
_AS_OF = re.compile(rf"(?:ณ\s*วันที่|ณ(?=\s*[0-9])|\bas\s+of\b)\s*:?\s*({_NUMERIC}|{_WORDED})", re.IGNORECASE)
_PRINTED = re.compile(r"พิมพ์|print", re.IGNORECASE)  # the day of printing says nothing of the content
_parse = date_parser(keeps_precision=False)


class ContentDates:
    """Collects what the sheets of one file say; one plain day is its date, anything else is asked about."""

    def __init__(self) -> None:
        self._found: dict[date, str] = {}  # day -> the first place that says it
        self._unclear = False
        self._notes = 0

    def of_titles(self, layout: Layout) -> list[Issue]:
        """Take in the titles above a table; queries where no such day exists or its era is unsure."""
        return self._of_texts(layout.grid.name or None, titles(layout))

    @property
    def notes_wanted(self) -> int:
        """How many more footnotes of the file are looked at."""
        return MAX_NOTES - self._notes

    def of_note(self, sheet: str | None, cell: str, text: str) -> list[Issue]:
        """The same for a cell of a footnote, as long as any is wanted."""
        if not self.notes_wanted:
            return []
        self._notes += 1
        return self._of_texts(sheet, [(cell, clean_text(text).value.translate(THAI_DIGITS))])

    def of_own(self, sheets: Sequence[Grid]) -> list[Issue]:
        """Take in what was typed beside `CONTENT_DATE_LABEL` in a sheet of ours."""
        said = [(sheet.name, cell, text) for sheet in sheets for cell, text in _typed(sheet)]
        return [asked for sheet, cell, text in said if (asked := self._take(sheet, cell, text))]

    def differing(self) -> list[Issue]:
        """One query when several days are named."""
        if len(self._found) < 2:
            return []
        return [issue("content_dates_differ", found=", ".join(f"{_buddhist(d)} ({p})" for d, p in self._found.items()))]

    @property
    def settled(self) -> tuple[date, str] | None:
        """The day (CE) and where the file says so; None when it says nothing, or nothing sure."""
        return next(iter(self._found.items())) if len(self._found) == 1 and not self._unclear else None

    def _of_texts(self, sheet: str | None, texts: Iterable[Title]) -> list[Issue]:
        said = [
            (cell, match[1])
            for cell, text in texts
            if not LAW.search(text) and not _PRINTED.search(text)
            for match in _AS_OF.finditer(text)
        ]
        return [asked for cell, text in said if (asked := self._take(sheet, cell, text))]

    def _take(self, sheet: str | None, cell: str, text: str) -> Issue | None:
        read = _parse(text)
        if isinstance(read.value, date) and not read.problem and read.value <= clock.today():
            self._found.setdefault(read.value, f"{sheet}!{cell}" if sheet else cell)
            return None
        self._unclear = True
        return issue("content_date_unclear", sheet=sheet, cell=cell, value=text[:MAX_SHOWN])


def _typed(sheet: Grid) -> Iterator[tuple[str, str]]:
    for row, cells in enumerate(sheet.preview, start=1):
        for i, cell in enumerate(cells[:-1]):
            if cell.strip() == CONTENT_DATE_LABEL and cells[i + 1].strip():
                yield address(i + 1, row), cells[i + 1].strip()


def _buddhist(day: date) -> str:
    return f"{day:%d/%m}/{day.year + BE_MINUS_CE}"
