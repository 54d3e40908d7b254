"""What stands in an executives' report, as a browser would read it, and what the marts say of the same figures."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html.parser import HTMLParser
from typing import Any

import yaml

from core import database
from core.settings import PROJECT_ROOT

VOID = {"meta", "br", "link", "img", "input", "hr"}
Attributes = list[tuple[str, str | None]]


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class Page(HTMLParser):
    """Elements in order, each with all text within it; tags that don't close, or close another, are remembered."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.misnested: list[str] = []
        self._open: list[Element] = []
        self.feed(html)
        self.misnested += [one.tag for one in self._open]

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        element = Element(tag, dict(attrs))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def those(self, tag: str) -> list[Element]:
        return [one for one in self.elements if one.tag == tag]

    def with_attribute(self, name: str) -> list[tuple[str, str]]:
        """What the attribute says and what is read there."""
        return [(str(one.attributes[name]), one.text.strip()) for one in self.elements if name in one.attributes]


def fetched_by(page: Page, html: str) -> list[str]:
    """Everything a browser would go and get, or run, beside the page itself."""
    wanted = [
        f"{one.tag} {name}={value}"
        for one in page.elements
        for name, value in one.attributes.items()
        if (
            name in ("src", "srcset", "href", "xlink:href", "action", "data", "poster")
            and not str(value).startswith("#")
        )
        or name.startswith("on")
    ]
    wanted += [one.tag for one in page.elements if one.tag in ("script", "iframe", "object", "embed", "link", "base")]
    wanted += [found for found in re.findall(r"url\(\s*([^)]{0,40})", html) if not found.startswith("data:font/woff2")]
    return wanted + re.findall(r"@import[^;]*", html)


@dataclass(slots=True)
class Wanted:
    """Figures of one mart by the key of their row."""

    keys: set[str] = field(default_factory=set)
    columns: list[tuple[str, str, str]] = field(default_factory=list)  # key, column, what the page says


def unlike_the_marts(traced: Iterable[tuple[str, str]]) -> list[str]:
    """Figures that a page shows otherwise than the safe marts have them; `traced` as `mart key=value… column`, text."""
    marts = defaultdict[str, Wanted](Wanted)
    for trace, text in traced:
        mart, *key, column = trace.split(" ")
        marts[mart].keys.add(" ".join(key))
        marts[mart].columns.append((" ".join(key), column, text))
    wrong = []
    for mart, wanted in marts.items():
        rows = _rows(mart, wanted.keys)
        wrong += [
            f"{mart} {key} {column}: {text}, not {expected}"
            for key, column, text in wanted.columns
            if text != (expected := _written(mart, rows.get(key), column))
        ]
    return wrong


def _rows(mart: str, keys: set[str]) -> dict[str, dict[str, Any]]:
    names = [part.split("=", 1)[0] for part in next(iter(keys)).split(" ")]
    key = " || ' ' || ".join(f"'{name}=' || {name}" for name in names)
    with database.connect("chaidaen_bi") as connection:
        found = connection.execute(
            f"select {key}, cast(to_jsonb(m) as text) from marts.{mart} as m where {key} = any(%s)",  # type: ignore[arg-type]
            [list(keys)],
        ).fetchall()
    return {name: json.loads(row, parse_float=Decimal) for name, row in found}


@cache
def _counts(mart: str) -> frozenset[str]:
    described = yaml.safe_load((PROJECT_ROOT / "dbt_project/models/marts" / f"{mart}.yml").read_text(encoding="utf-8"))
    columns = described["models"][0]["columns"]
    return frozenset(one["name"] for one in columns if one["config"]["meta"]["kind"] == "count")


def _written(mart: str, row: dict[str, Any] | None, column: str) -> str:
    value = None if row is None else row[column]
    if value is None:
        is_hidden = row is not None and column in row["_redacted"]
        return "–" if not is_hidden else "ไม่เกิน 7" if column in _counts(mart) else "ไม่แสดง"
    if column.endswith("_baht"):
        value = (Decimal(value) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    elif column == "physical_progress_pct":
        value = Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{value:,}"
