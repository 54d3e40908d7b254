"""Keeps data docs to themselves.

Great Expectations' pages load styles, scripts and a logo from elsewhere; nobody outside may learn that they are read.
"""

import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"
RESULTS = "results"  # the folder of Great Expectations' pages
# The browser itself refuses every request that leaves the page; what the pages need is in their head.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_BEGIN, _END = "<!-- findings -->", "<!-- /findings -->"
_SHOWN = re.compile(f"{_BEGIN}.*?{_END}", re.DOTALL)
_BODY = re.compile(r"<body[^>]*>")
# Links as in Great Expectations' own tree of folders: to its index, and to a page of the suite that has not judged yet.
_HOME, _SUITE = re.compile(r'href="(\.\./)+index\.html"'), re.compile(r'href="(\.\./)+expectations/[^"]*"')


def write_pages(folder: Path, pages: Mapping[str, str], earlier: Sequence[int] = ()) -> Path:
    """Great Expectations' pages by name, instead of those of an earlier run, and an index that needs no script.

    Each is forbidden every request that leaves it and gets our style. earlier: releases whose verdicts stand, to which
    the index leads as long as they have pages. Returns the index.
    """
    head = (
        f'<head>\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<style>{(TEMPLATES / 'data_docs.css').read_text(encoding='utf-8')}</style>"
    )
    shutil.rmtree(folder / RESULTS, ignore_errors=True)
    (folder / RESULTS).mkdir(parents=True)
    for name, page in pages.items():
        text = _SUITE.sub('href="#"', _HOME.sub('href="../index.html"', page.replace("<head>", head, 1)))
        (folder / RESULTS / f"{name}.html").write_text(text, encoding="utf-8")
    index = folder / "index.html"
    links = [(name, quote(f"{RESULTS}/{name}.html")) for name in sorted(pages)]
    index.write_text(
        templates()
        .get_template("docs_index.html.j2")
        .render(pages=links, earlier=earlier, there=releases_with_pages(folder.parent)),
        encoding="utf-8",
    )
    return index


def releases_with_pages(folder: Path) -> set[int]:
    """Their folders may have been forgotten by now."""
    return {int(one.name.removeprefix("release-")) for one in folder.glob("release-*")}


def show_on_pages(folder: Path, findings: str) -> None:
    """Put findings (HTML) at the head of every page under `folder`, in place of those of an earlier run."""
    for page in folder.rglob("*.html"):
        text = _SHOWN.sub("", page.read_text(encoding="utf-8"))
        page.write_text(_BODY.sub(lambda body: body[0] + _BEGIN + findings + _END, text, count=1), encoding="utf-8")


def templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
