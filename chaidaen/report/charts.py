"""Charts as static SVG text in the page's own font: drawn by Vega-Lite, without a browser, network or script.

Every chart is drawn as narrow as a phone and scaled up where there is room. Its numbers stand in a table beside it, so
that it is one picture with one description to those who can't see it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from chaidaen.report.rows import Shown
from chaidaen.report.wording import UNKNOWN

if TYPE_CHECKING:
    import altair as alt

WIDTH = 340
ROW = 42
VALUE_ROOM = 78  # right of the longest bar, for its number
FONT = "Sarabun, 'Noto Sans Thai', sans-serif"

INK, SOFT, LINE = "#1c2430", "#5d6878", "#d5dbe3"
# Okabe and Ito's colours, which people who see red and green alike can tell apart, darkened for white paper.
BLUE, SKY, ORANGE, VERMILION, GREY = "#0b5a92", "#8fc1e3", "#d98a00", "#b8450b", "#aab3bf"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart; without a value there is no bar, but what stands for it is said."""

    label: str
    value: float | None
    text: str
    color: str = BLUE


@dataclass(frozen=True, slots=True)
class Progress:
    """Money of a plan line: the whole, what was to be spent by now, what was spent."""

    label: str
    whole: float | None
    planned: float | None
    done: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of a whole bar."""

    label: str
    value: int
    color: str
    ink: str = "#ffffff"


def share_bar(label: str, share: Shown | None, color: str = BLUE) -> Bar:
    """A bar as long as a share, or the word that stands for it."""
    if share is None or share.value is None:
        return Bar(label, None, UNKNOWN if share is None else share.text, color)
    return Bar(label, float(share.value), f"ร้อยละ {share.text}", color)


def bars(lines: Sequence[Bar], *, describes: str, longest: float | None = None) -> Markup:
    """Horizontal bars, each under its label; `longest` is the value of a bar over the whole width."""
    import altair as alt

    top = longest or max((one.value or 0 for one in lines), default=0) or 1
    rows = [
        {"at": at, "label": one.label, "value": one.value or 0, "text": one.text, "color": one.color}
        for at, one in enumerate(lines)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=_line())
    length = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, top], range=[0, WIDTH - VALUE_ROOM]))
    drawn = base.mark_bar(height=14, yOffset=9).encode(x=length, color=_own_color())
    said = base.mark_text(align="left", dx=6, dy=9, fontSize=13, fontWeight=600, color=INK).encode(
        x=length, text="text:N"
    )
    return _svg(alt.layer(drawn, said, _labels(base)), len(lines) * ROW, _description(describes, lines))


def progress(lines: Sequence[Progress], *, describes: str) -> Markup:
    """Of each line a pale bar for the whole, a dark one for what is done, and a mark where it was to be."""
    import altair as alt

    top = max((max(one.whole or 0, one.done or 0) for one in lines), default=0) or 1
    rows = [
        {"at": at, "label": one.label, "whole": one.whole or 0, "planned": one.planned, "done": one.done or 0,
         "end": max(one.whole or 0, one.done or 0), "text": one.text}
        for at, one in enumerate(lines)
    ]  # fmt: skip
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=_line())
    scale = alt.Scale(domain=[0, top], range=[0, WIDTH - VALUE_ROOM])

    def length(name: str) -> "alt.X":
        return alt.X(f"{name}:Q", axis=None, scale=scale)

    layers = (
        base.mark_bar(height=16, yOffset=9, color=SKY).encode(x=length("whole")),
        base.mark_bar(height=8, yOffset=9, color=BLUE).encode(x=length("done")),
        base.transform_filter("datum.planned != null")
        .mark_tick(orient="vertical", size=22, thickness=2.5, yOffset=9, color=VERMILION)
        .encode(x=length("planned")),
        base.mark_text(align="left", dx=8, dy=9, fontSize=13, fontWeight=600, color=INK).encode(
            x=length("end"), text="text:N"
        ),
        _labels(base),
    )
    return _svg(alt.layer(*layers), len(lines) * ROW, _description(describes, lines))


def parts(slices: Sequence[Slice], *, describes: str) -> Markup:
    """One bar of parts that make a whole, with the number in each part that has room for it."""
    import altair as alt

    total = sum(one.value for one in slices) or 1
    rows, start = [], 0
    for one in slices:
        end = start + one.value
        if one.value:
            text = f"{one.value:,}" if one.value / total > 0.06 else ""
            rows.append({"start": start, "end": end, "middle": (start + end) / 2, "text": text,
                         "color": one.color, "ink": one.ink})  # fmt: skip
        start = end
    scale = alt.Scale(domain=[0, total], range=[0, WIDTH])
    base = alt.Chart(alt.InlineData(values=rows))
    drawn = base.mark_bar(height=26, stroke="#ffffff", strokeWidth=1.5).encode(
        x=alt.X("start:Q", axis=None, scale=scale), x2="end:Q", color=_own_color()
    )
    said = base.mark_text(fontSize=14, fontWeight=600).encode(
        x=alt.X("middle:Q", axis=None, scale=scale), text="text:N", color=alt.Color("ink:N", scale=None)
    )
    listed = ", ".join(f"{one.label} {one.value:,}" for one in slices)
    return _svg(alt.layer(drawn, said), 32, f"{describes}: {listed}")


def shapes(
    features: Sequence[dict[str, Any]], labels: Sequence[dict[str, Any]], *, describes: str, tallness: float
) -> Markup:
    """A map of GeoJSON features by the colour in their properties, and names at points.

    Drawn flat, as the file has it: a few degrees near the equator need no projection, and rings may turn either way.
    `tallness` is the map's height by its width.
    """
    import altair as alt

    data = alt.InlineData(
        values={"type": "FeatureCollection", "features": list(features)}, format={"property": "features"}
    )
    drawn = (
        alt.Chart(data)
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.6)
        .encode(color=alt.Color("properties.color:N", scale=None))
    )
    named = alt.Chart(alt.InlineData(values=list(labels))).encode(longitude="x:Q", latitude="y:Q", text="name:N")
    halo = named.mark_text(fontSize=10, fontWeight=600, stroke="#ffffff", strokeWidth=3, color="#ffffff")
    names = named.mark_text(fontSize=10, fontWeight=600, color=INK)
    chart = alt.layer(drawn, halo, names).project(type="identity", reflectY=True)
    return _svg(chart, WIDTH * min(tallness, 1.4), describes)


def _description(describes: str, lines: Sequence[Bar | Progress]) -> str:
    return f"{describes}: " + ", ".join(f"{one.label} {one.text}" for one in lines)


def _line() -> "alt.Y":
    import altair as alt

    return alt.Y("at:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))


def _own_color() -> "alt.Color":
    import altair as alt

    return alt.Color("color:N", scale=None)


def _labels(base: "alt.Chart") -> "alt.Chart":
    import altair as alt

    labels: alt.Chart = base.mark_text(align="left", dy=-9, fontSize=13, color=SOFT).encode(
        x=alt.value(0), text="label:N"
    )
    return labels


def _svg(chart: "alt.LayerChart | alt.FacetChart", height: float, describes: str) -> Markup:
    import vl_convert

    whole = chart.properties(width=WIDTH, height=height, padding=0).configure(
        background="transparent", font=FONT, aria=False, view={"stroke": None}
    )
    svg: str = vl_convert.vegalite_to_svg(whole.to_dict(validate=False), allowed_base_urls=[])
    svg = re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", svg)
    head = f'<svg role="img" aria-label="{escape(describes)}" '
    return Markup(svg.replace("<svg ", head, 1))  # noqa: S704  # Vega escapes what it writes
