"""The search of the documentation site as a reader's browser runs it: its own scripts and index, in a small engine."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quickjs import Context

_SCRIPTS = "assets/javascripts"
_SETUP, _QUERY = 0, 2  # kinds of message its worker takes
# What a browser gives a worker, as far as the search uses it.
_BROWSER = """
    globalThis.self = globalThis
    globalThis.console = { warn: text => { throw new Error(text) } }
    globalThis.importScripts = () => {}
    globalThis.addEventListener = (_, listener) => { globalThis.hear = data => listener({ data }) }
    globalThis.postMessage = message => { globalThis.said = JSON.stringify(message) }
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A page or a section of it, as the search shows it: `marked` is what it marks of title and text, in one each."""

    location: str
    title: str
    text: str

    @property
    def page(self) -> str:
        return self.location.partition("#")[0]

    @property
    def marked(self) -> list[str]:
        shown = re.sub(r"</mark><mark>", "", f"{self.title}\n{self.text}")
        return re.findall(r"<mark>(.*?)</mark>", shown)


class SiteSearch:
    def __init__(self, site: Path) -> None:
        index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
        (worker,) = (site / _SCRIPTS / "workers").glob("search.*.js")
        language = [site / _SCRIPTS / "lunr" / "min" / f"lunr.{name}.min.js" for name in ("stemmer.support", "th")]
        self._engine = Context()
        self._engine.eval(_BROWSER)
        for script in (worker, *language):
            self._engine.eval(script.read_text(encoding="utf-8"))
        self._ask(_SETUP, index | {"options": {"suggest": False}})

    def __call__(self, query: str) -> list[list[Found]]:
        """What is found, best first: of each page the sections."""
        pages = self._ask(_QUERY, query)["items"]
        return [[Found(one["location"], one["title"], one["text"]) for one in page] for page in pages]

    def _ask(self, kind: int, data: object) -> Any:
        self._engine.eval("delete globalThis.said")
        self._engine.eval(f"hear({json.dumps({'type': kind, 'data': data})})")
        while self._engine.execute_pending_job():
            pass
        return json.loads(self._engine.eval("said")).get("data")
