"""Forms become files. Nothing that is there is overwritten, and either everything is written or nothing."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chaidaen.scaffold.plan import Forms
from core.errors import UsageError

_FAMILIES = re.compile(r"(\{%-? set families = \[\n)(.*?)(\] -?%\})", re.DOTALL)


def write_forms(forms: Forms, project: Path) -> list[Path]:
    """Write the models, descriptions, tests, trace and suite into `project` (the root of a checkout).

    Raises UsageError when the group is not declared, or when anything of the dataset is there already.
    """
    dbt = project / "dbt_project"
    _refuse_unknown_group(forms.group, dbt)
    files = {project / path: _render(template, forms) for path, template in _files(forms).items()}
    present = [path for path in files if path.exists()]
    if present:
        raise UsageError(
            f"There already: {', '.join(str(path.relative_to(project)) for path in present)}.",
            cure="They are somebody's own now: remove them first, or choose other names (--entities, --mart).",
        )
    longer = {
        dbt / "seeds" / "row_destinations.csv": _with_destinations,
        dbt / "models" / "intermediate" / "int_rows_accounted.sql": _with_family,
    }
    files |= {path: add(path.read_text(encoding="utf-8"), forms) for path, add in longer.items()}
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


def _files(forms: Forms) -> Mapping[str, str]:
    """Path in the project → template."""
    models = "dbt_project/models"
    intermediate = f"{models}/intermediate/{forms.group}"
    return {
        f"{models}/staging/{forms.staging}.sql": "staging.sql",
        f"{models}/staging/_{forms.entities}.yml": "staging.yml",
        f"{intermediate}/{forms.listed}.sql": "listed.sql",
        f"{intermediate}/{forms.accounted}.sql": "rows_accounted.sql",
        f"{intermediate}/_{forms.entities}.yml": "intermediate.yml",
        f"{models}/marts/{forms.mart}.sql": "mart.sql",
        f"{models}/marts/{forms.mart}.yml": "mart.yml",
        f"dbt_project/analyses/{forms.trace}.sql": "trace.sql",
        f"expectations/suites/{forms.mart}.yaml": "suite.yaml",
    }


@cache
def _templates() -> Environment:
    """With marks of its own, for dbt's are part of what is written."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701 - SQL and YAML; texts of a contract go through the filter `text`
        undefined=StrictUndefined,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["text"] = lambda text: json.dumps(text, ensure_ascii=False)  # a quoted text in YAML too
    return environment


def _render(template: str, forms: Forms) -> str:
    return _templates().get_template(f"{template}.jinja").render(forms=forms, contract=forms.contract)


def _refuse_unknown_group(group: str, dbt: Path) -> None:
    declared = yaml.safe_load((dbt / "models" / "groups.yml").read_text(encoding="utf-8"))["groups"]
    names = [one["name"] for one in declared]
    if group not in names:
        raise UsageError(
            f"There is no group {group!r}; groups: {', '.join(names)}.",
            cure="Choose one with --group, or declare it in dbt_project/models/groups.yml.",
        )


def _with_destinations(text: str, forms: Forms) -> str:
    if re.search(rf"^{forms.contract.id},", text, re.MULTILINE):
        raise UsageError(
            f"row_destinations.csv has lines of {forms.contract.id} already.",
            cure="Remove them first, or write by hand.",
        )
    return text + _render("row_destinations.csv", forms)


def _with_family(text: str, forms: Forms) -> str:
    found = _FAMILIES.search(text)
    if found is None or f"'{forms.family}'" in found[2]:
        raise UsageError(
            f"int_rows_accounted.sql has no list of families without {forms.family}.",
            cure=f"Put '{forms.family}' into its list by hand, or take it out first.",
        )
    return text[: found.end(2)] + f"    '{forms.family}',\n" + text[found.end(2) :]
