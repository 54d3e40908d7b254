"""Messages fit to be kept and shown: short, and without a value that a row about a person may have carried."""

import re

_VALUE_AFTER_COLON = re.compile(r':\s*".*"')  # PostgreSQL quotes the offending value at the end of a message
_LONG_NUMBER = re.compile(r"\d{9,}")
_NOISE = ("DETAIL", "CONTEXT", "LINE ", "^", "compiled code", "[SQL", "(Background")


def short_message(message: str | None, limit: int = 400) -> str | None:
    """The first telling lines, values hidden; None for no message."""
    lines = [line.strip() for line in str(message or "").splitlines()]
    telling = [line for line in lines if line and not line.startswith(_NOISE)]
    return hide_numbers(_VALUE_AFTER_COLON.sub(": (value hidden)", " ".join(telling[:3])))[:limit] or None


def hide_numbers(text: str) -> str:
    """No figure of the warehouse has nine digits; an identity or telephone number has."""
    return _LONG_NUMBER.sub("(number hidden)", text)
