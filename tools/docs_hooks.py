"""What the build of the documentation site does beyond its theme; named in mkdocs.yml."""

import unicodedata

from material.plugins.search import plugin as search  # type: ignore[import-untyped]
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

_SEARCH = "assets/javascripts/lunr/"
_LANGUAGES_USED = ("wordcut.js", "min/lunr.stemmer.support.min.js", "min/lunr.th.min.js")


class RowsAsLines(search.Parser):  # type: ignore[misc]
    """What the search shows of a table is the row it found, not the table."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag("p" if tag == "tr" else tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag("p" if tag == "tr" else tag)


search.Parser = RowsAsLines


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.mdx_configs["toc"]["slugify"] = anchor
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Leave out the theme's other languages and what only its developers read: half of the site's size."""
    del config
    unused = [
        file
        for file in files
        if file.src_uri.endswith(".map")
        or (file.src_uri.startswith(_SEARCH) and file.src_uri.removeprefix(_SEARCH) not in _LANGUAGES_USED)
    ]
    for file in unused:
        files.remove(file)
    return files


def anchor(heading: str, separator: str) -> str:
    """As GitHub names the anchor of a heading, so that one link holds there and on the site; Thai marks stay."""
    kept = (
        c for c in unicodedata.normalize("NFC", heading).lower() if c in " -_" or unicodedata.category(c)[0] in "LMN"
    )
    return "".join(kept).strip().replace(" ", separator)
