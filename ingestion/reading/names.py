"""The names a contract accepts for its columns, and how a header is compared with them."""

import re
from collections.abc import Mapping
from functools import lru_cache

from ingestion.cleaning.text import clean_text
from ingestion.contracts import Column, Contract

_BRACKETED = re.compile(r"[(\[（][^)\]）]*[)\]）]")
_NOISE = re.compile(r"[\s_\-./:;*\"'“”]+")
_LINES = re.compile(r"\s*[\r\n/|]+\s*")
MAX_NAME_CHARACTERS = 1_000  # of a header cell; what is longer is text
_REMEMBERED_CHARACTERS = 100
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


def normalise_header(text: str, *, keep_brackets: bool = True) -> str:
    """A header as it is compared: cleaned, without spaces and punctuation, small letters; brackets hold units."""
    # The headers of the contracts come round with every file, those of a file with every window over its first rows.
    return (_remembered if len(text) <= _REMEMBERED_CHARACTERS else _normalised)(text, keep_brackets)


def _normalised(text: str, keep_brackets: bool) -> str:
    cleaned = header_as_sent(text).translate(_THAI_DIGITS).casefold()
    if not keep_brackets:
        cleaned = _BRACKETED.sub("", cleaned)
    return _NOISE.sub("", cleaned)


_remembered = lru_cache(maxsize=20_000)(_normalised)


def header_as_sent(text: str) -> str:
    """A header as it is shown: cleaned."""
    return _shown(text) if len(text) <= _REMEMBERED_CHARACTERS else _cleaned(text)


def _cleaned(text: str) -> str:
    cleaned: str = clean_text(text).value
    return cleaned


_shown = lru_cache(maxsize=20_000)(_cleaned)


class HeaderNames:
    """Every accepted header of a contract, looked up in its normal form; a form that two columns share is not used."""

    def __init__(self, contract: Contract) -> None:
        self.columns: Mapping[str, Column] = {column.name: column for column in contract.columns}
        self.required = {c.name for c in contract.columns if c.required and c.default_when_absent is None}
        self.required_in_order = [name for name in self.columns if name in self.required]
        self._matched: dict[str, tuple[str, int] | None] = {}  # data cells of the preview come round often
        self._exact = self._index(contract, keep_brackets=True)
        self._stripped = self._index(contract, keep_brackets=False)

    @staticmethod
    def _index(contract: Contract, *, keep_brackets: bool) -> dict[str, tuple[str, int] | None]:
        """Normal form -> (column, rank of the header in its list), None where two columns share the form."""
        found: dict[str, tuple[str, int] | None] = {}
        for column in contract.columns:
            for rank, header in enumerate(column.headers):
                form = normalise_header(header, keep_brackets=keep_brackets)
                earlier = found.get(form, (column.name, rank))
                found[form] = earlier if earlier is not None and earlier[0] == column.name else None
        return found

    def match(self, text: str) -> tuple[str, int] | None:
        """(column name, rank) of a header cell, or None."""
        if text not in self._matched:
            is_name = len(text) <= MAX_NAME_CHARACTERS and text.strip()
            self._matched[text] = self._look_up(text) if is_name else None
        return self._matched[text]

    def _look_up(self, text: str) -> tuple[str, int] | None:
        exact = self._exact.get(normalise_header(text))
        found = exact or self._stripped.get(normalise_header(text, keep_brackets=False))
        if found or not _LINES.search(text.strip()):
            return found
        # Two languages, one below the other: what both lines say, or the one that is known.
        lines = {match[0]: match for line in _LINES.split(text.strip()) if (match := self._look_up(line))}
        return next(iter(lines.values())) if len(lines) == 1 else None
