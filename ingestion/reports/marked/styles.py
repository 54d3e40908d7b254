"""Colours and looks of what we write into workbooks, said once for both libraries that write them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

FONT = "Tahoma"  # on every Windows and Mac, with Thai
COLOURS: Mapping[str, str] = {"error": "FF9C9C", "query": "FFD966", "answered": "C9E7C4", "repaired": "D6E9F8"}
TONES: Mapping[str, str] = {"good": "0B6B4F", "mixed": "8A5200", "bad": "A3242C", "calm": "1D4F91"}


@dataclass(frozen=True, slots=True)
class Style:
    """Colours are RRGGBB; `open` cells may be typed into although their sheet is protected."""

    size: float = 10
    bold: bool = False
    ink: str = "1C2430"
    fill: str = ""
    border: str = ""
    align: str = ""
    valign: str = "top"
    underline: bool = False
    open: bool = False
    font: str = FONT

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


_LINE, _SOFT = "D5DAE1", "5D6878"
STYLES: Mapping[str, Style] = {
    "plain": Style(),
    "soft": Style(size=9, ink=_SOFT),
    "title": Style(size=11, bold=True, ink=_SOFT),
    "section": Style(size=13, bold=True),
    "step": Style(size=11),
    "label": Style(ink=_SOFT),
    "number": Style(size=16, bold=True, border=_LINE, align="center"),
    "caption": Style(size=9, ink=_SOFT, border=_LINE, align="center"),
    "header": Style(bold=True, ink="FFFFFF", fill="44546A", border=_LINE, valign="center"),
    "cell": Style(border=_LINE, valign="center"),
    "count": Style(bold=True, border=_LINE, align="center", valign="center"),
    "link": Style(border=_LINE, ink="0B5CAD", underline=True, align="center", valign="center"),
    "key": Style(size=8, ink="FFFFFF"),
    "ask_header": Style(bold=True, fill="FFC000", border="B58900", valign="center"),
    "required": Style(bold=True, ink="FFFFFF", fill="B3261E", border=_LINE, align="center", valign="center"),
    "optional": Style(bold=True, ink="FFFFFF", fill="44546A", border=_LINE, align="center", valign="center"),
    "example": Style(ink="7A7F87", fill="F2F2F2", border=_LINE),
    "ask": Style(fill="FFF6D6", border="E0B64A", open=True),
    **{
        f"kind_{name}": Style(bold=True, fill=colour, border=_LINE, valign="center") for name, colour in COLOURS.items()
    },
    **{
        f"headline_{name}": Style(size=20, bold=True, ink="FFFFFF", fill=colour, valign="center")
        for name, colour in TONES.items()
    },
    **{f"subline_{name}": Style(size=11, ink="FFFFFF", fill=colour, valign="center") for name, colour in TONES.items()},
}


def xlsxwriter_format(style: Style) -> dict[str, Any]:
    """The look as xlsxwriter wants it."""
    found: dict[str, Any] = {
        "font_name": style.font,
        "font_size": style.size,
        "bold": style.bold,
        "font_color": f"#{style.ink}",
        "text_wrap": True,
        "valign": {"center": "vcenter"}.get(style.valign, style.valign),
        "locked": not style.open,
    }
    if style.fill:
        found["bg_color"] = f"#{style.fill}"
    if style.border:
        found |= {"border": 1, "border_color": f"#{style.border}"}
    if style.align:
        found["align"] = style.align
    if style.underline:
        found["underline"] = 1
    return found
