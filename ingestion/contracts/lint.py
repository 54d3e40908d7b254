"""The three-way check of contract files: the standard's JSON schema, datacontract-cli's lint, and our closed model.

The schema knows nothing of our properties, and each of the three finds what the others let through. datacontract-cli
takes seconds to import, so this is for authors and CI; ingestion uses `load_contract`.
"""

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from ingestion.agencies import agencies
from ingestion.contracts.loading import SUFFIX, contract_files, contract_from_text, read_text
from ingestion.contracts.model import Contract
from ingestion.contracts.problems import Problems
from ingestion.contracts.reading import parse_yaml, place, schema_json

# Columns of the reference lists that a contract may refer to; the lists themselves are dbt seeds.
REFERENCE_LISTS = frozenset({"areas.area_code", "agencies.agency_id"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: found by `odcs-schema`, `datacontract-lint` or `chaidaen`."""

    file: str
    found_by: str
    where: str
    message: str


def lint(files: list[Path] | None = None, directory: Path | None = None) -> list[Finding]:
    """Check the files (default: every contract of the directory), references across contracts included."""
    chosen = files or list(contract_files(directory).values())
    return [finding for path in chosen for finding in lint_file(path)]


def lint_file(path: Path) -> list[Finding]:
    """All three checks of one file; its neighbours in the folder are what it may refer to."""
    problems = Problems()
    text = read_text(path, problems)
    data = parse_yaml(text, problems) if text is not None else None
    if text is None or data is None:
        return _findings(path, "chaidaen", problems)
    contract = contract_from_text(text, path, problems)
    if contract is not None:
        _references_exist(contract, path.parent, problems)
    return [
        *_findings(path, "odcs-schema", _schema_problems(data)),
        *_findings(path, "datacontract-lint", _datacontract_problems(text)),
        *_findings(path, "chaidaen", problems),
    ]


def _findings(path: Path, found_by: str, problems: Problems) -> list[Finding]:
    return [Finding(path.name, found_by, where, message) for where, message in problems]


@cache
def _validator() -> Validator:
    schema = schema_json()
    return validator_for(schema, default=Draft201909Validator)(schema)


def _schema_problems(data: dict[str, Any]) -> Problems:
    problems = Problems()
    for error in _validator().iter_errors(data):
        problems.add(place(tuple(error.absolute_path), data) or "file", error.message[:300])
    return problems


def _datacontract_problems(text: str) -> Problems:
    """What `datacontract lint` says. It reads the schema it carries; definitions elsewhere are not fetched."""
    from datacontract.data_contract import DataContract

    logging.getLogger("datacontract").setLevel(logging.CRITICAL)  # it also logs every finding it returns
    problems = Problems()
    run = DataContract(data_contract_str=text, inline_references=False, all_errors=True).lint()
    for check in run.checks or []:
        if check.result not in {"passed", "info"}:
            problems.add(check.name or "file", str(check.reason))
    return problems


def _references_exist(contract: Contract, folder: Path, problems: Problems) -> None:
    neighbours = {path.name.removesuffix(SUFFIX): path for path in folder.glob(f"*{SUFFIX}")}
    for column in contract.columns:
        where = f"schema.{column.name}.relationships"
        if column.references is None or column.references in REFERENCE_LISTS:
            continue
        table, name = column.references.split(".")
        if table not in neighbours:
            known = ", ".join(sorted(REFERENCE_LISTS | {f"{dataset}.<column>" for dataset in neighbours}))
            problems.add(where, f"{column.references!r} is neither a reference list nor a dataset; known: {known}")
            continue
        target = contract if table == contract.id else _neighbour(neighbours[table])
        if target is not None and name not in {other.name for other in target.columns}:
            problems.add(where, f"{table} has no column {name!r}")
    kinds = {agency.agency_kind for agency in agencies().values()}
    for kind in sorted({*contract.owed_by, *contract.accepted_from} - kinds):
        where = "customProperties.owedBy" if kind in contract.owed_by else "customProperties.acceptedFrom"
        problems.add(where, f"no agency is a {kind!r}; known: {', '.join(sorted(kinds))}")


def _neighbour(path: Path) -> Contract | None:
    problems = Problems()
    text = read_text(path, problems)
    return contract_from_text(text, path, problems) if text is not None else None
