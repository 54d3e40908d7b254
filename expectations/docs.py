"""Keeps data docs to themselves.

Great Expectations' pages load styles, scripts and a logo from elsewhere; nobody outside may learn that they are read.
"""

import re
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parent / "templates"
# The browser itself refuses every request that leaves the page; what the pages need is in their head.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

_BEGIN, _END = "<!-- findings -->", "<!-- /findings -->"
_SHOWN = re.compile(f"{_BEGIN}.*?{_END}", re.DOTALL)
_BODY = re.compile(r"<body[^>]*>")


def keep_to_this_machine(folder: Path) -> None:
    """Forbid outside requests in every page under `folder`, give it our style and an index that needs no script."""
    head = (
        f'<head>\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<style>{(TEMPLATES / 'data_docs.css').read_text(encoding='utf-8')}</style>"
    )
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if _POLICY not in text:
            page.write_text(text.replace("<head>", head, 1), encoding="utf-8")
    template = templates().get_template("docs_index.html.j2")
    (folder / "index.html").write_text(template.render(pages=_pages(folder)), encoding="utf-8")


def show_on_pages(folder: Path, findings: str) -> None:
    """Put findings (HTML) at the head of every page under `folder`, in place of those of an earlier run."""
    for page in folder.rglob("*.html"):
        text = _SHOWN.sub("", page.read_text(encoding="utf-8"))
        page.write_text(_BODY.sub(lambda body: body[0] + _BEGIN + findings + _END, text, count=1), encoding="utf-8")


def templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


def _pages(folder: Path) -> list[tuple[str, str, str | None]]:
    """Name, results page and suite page of everything judged."""
    pages = []
    for results in sorted(folder.glob("validations/*/*/*/*.html")):
        name = results.relative_to(folder).parts[1]
        suite = folder / "expectations" / f"{name}.html"
        link = quote(suite.relative_to(folder).as_posix()) if suite.exists() else None
        pages.append((name, quote(results.relative_to(folder).as_posix()), link))
    return pages
