"""Finding and loading contracts. Cached by file and change time: a long-lived worker sees an edited contract."""

import difflib
from functools import lru_cache
from pathlib import Path

from core.errors import UsageError
from core.settings import settings
from ingestion.contracts.model import Contract
from ingestion.contracts.problems import Problems
from ingestion.contracts.reading import contract_from_data, parse_yaml
from ingestion.contracts.todo import todo_problems

SUFFIX = ".odcs.yaml"


class UnknownDataset(UsageError):
    """No contract of that name: the dataset does not exist here."""


def contract_files(directory: Path | None = None) -> dict[str, Path]:
    """Dataset id → contract file, in alphabetical order; `directory` defaults to the project's contracts.

    Raises UsageError when the directory holds none.
    """
    folder = directory or settings().contracts
    found = {path.name.removesuffix(SUFFIX): path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    if not found:
        raise UsageError(
            f"ไม่พบสัญญาข้อมูลใน {folder} | there is no contract (<dataset>{SUFFIX}) in {folder}",
            cure="Give the folder that holds them: --contracts DIR, or CHAIDAEN_CONTRACTS.",
        )
    return found


def load_contract(dataset_id: str, directory: Path | None = None) -> Contract:
    """The contract of a dataset.

    Raises UnknownDataset when there is none, ContractInvalid when its file breaks the standard or our model.
    """
    known = contract_files(directory)
    if dataset_id not in known:
        near = difflib.get_close_matches(dataset_id, known, n=1)
        raise UnknownDataset(
            f"ไม่รู้จักชุดข้อมูล {dataset_id!r} | unknown dataset {dataset_id!r}",
            cure=(f"Did you mean {near[0]}? " if near else "") + f"The datasets are: {', '.join(known)}",
        )
    return read_contract(known[dataset_id])


def load_contracts(directory: Path | None = None) -> dict[str, Contract]:
    """Every contract by its dataset id. Raises ContractInvalid for the first file that is wrong."""
    return {dataset_id: read_contract(path) for dataset_id, path in contract_files(directory).items()}


def read_contract(path: Path) -> Contract:
    """The contract in one file. Raises ContractInvalid, UsageError when the file cannot be read."""
    try:
        stat = path.stat()
    except OSError as error:
        raise UsageError(f"cannot read the contract {path}: {error.strerror}", cure="Name an existing file.") from error
    return _cached(path, stat.st_mtime_ns, stat.st_size)


def contract_from_text(text: str, path: Path, problems: Problems) -> Contract | None:
    """The contract, or None with every problem noted; the file must be finished, and named after the contract's id."""
    todo_problems(text, problems)
    data = parse_yaml(text, problems)
    if data is None:
        return None
    if path.name != f"{data.get('id')}{SUFFIX}":
        problems.add("id", f"the file must be named {data.get('id')}{SUFFIX}, not {path.name}")
    return contract_from_data(data, problems)


def read_text(path: Path, problems: Problems) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problems.add("file", "not UTF-8 text")
        return None


@lru_cache(maxsize=256)
def _cached(path: Path, _mtime_ns: int, _size: int) -> Contract:
    problems = Problems()
    text = read_text(path, problems)
    contract = contract_from_text(text, path, problems) if text is not None else None
    if contract is None:
        raise problems.error(path)
    return contract
