"""Which datasets each model is made of, read from the text of the dbt project: as dbt's graph, in no time.

A model or macro reads what it names. dbt's own answer takes seconds to come, and a page needs it at every check; a test
holds that both say the same of every mart.
"""

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

_COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
_MACROS = re.compile(r"\{%-?\s*macro\s+(\w+)(.*?)endmacro", re.DOTALL)
_QUOTED = re.compile(r"'(\w+)'")
_COMPOSED = re.compile(r"'(\w+)'\s*~\s*\w+\s*~\s*'(\w+)'")
_CALLED = re.compile(r"\b(\w+)\(")


def datasets_read(project: Path, datasets: Collection[str]) -> Callable[[str], frozenset[str]]:
    """By the name of a model: every one of `datasets` whose raw rows it is made of, however far away."""
    models = {path.stem: _text(path) for path in (project / "models").rglob("*.sql")}
    staging = {path.stem for path in (project / "models" / "staging").rglob("*.sql")}
    macros = dict(found for path in (project / "macros").rglob("*.sql") for found in _MACROS.findall(_text(path)))
    named = {
        name: _models_named(text, models.keys()) | set(_CALLED.findall(text)) & macros.keys() - {name}
        for name, text in (models | macros).items()
    }

    @cache
    def reached(name: str) -> frozenset[str]:
        own = set(_QUOTED.findall(models[name])) & set(datasets) if name in staging else set()
        return frozenset(own).union(*map(reached, named[name]))

    return reached


def _models_named(text: str, models: Collection[str]) -> set[str]:
    composed = {
        model for begin, end in _COMPOSED.findall(text) for model in models if re.fullmatch(rf"{begin}\w+{end}", model)
    }
    return set(_QUOTED.findall(text)) & set(models) | composed


def _text(path: Path) -> str:
    return _COMMENTS.sub("", path.read_text(encoding="utf-8"))
