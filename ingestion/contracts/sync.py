"""Writes what follows from the contracts, and says what is stale."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import ContractInvalid
from core.settings import settings
from ingestion.contracts.ddl import refuse_breaking_change
from ingestion.contracts.generated import generated_files
from ingestion.contracts.loading import load_contracts


@dataclass(frozen=True, slots=True)
class Synced:
    """`stale`: files whose text differs from what the contracts say; `written`: whether they were mended."""

    stale: tuple[Path, ...]
    files: tuple[Path, ...]
    written: bool


def sync(directory: Path | None = None, *, check: bool = False, pages: Mapping[Path, str] | None = None) -> Synced:
    """Bring the generated files up to date, or with `check` only compare. Each file is replaced whole or not at all.

    pages: texts made elsewhere that are kept fresh in the same way.
    Raises ContractInvalid for a contract that is wrong, gone while its tables stand, or changed in a breaking way
    without a new major version; nothing is written then.
    """
    folder = (directory or settings().contracts).absolute()
    contracts = load_contracts(folder)
    for table in sorted((folder / "generated").glob("*.sql")):
        if table.stem not in contracts:
            raise ContractInvalid(
                f"generated/{table.name} has no contract any more: its tables hold submissions nobody describes.",
                cure=f"Restore {table.stem}.odcs.yaml, or retire the dataset: remove {table.name} by hand.",
            )
        refuse_breaking_change(contracts[table.stem], table.read_text(encoding="utf-8"))
    files = generated_files(contracts, folder) | dict(pages or {})
    stale = tuple(path for path, text in files.items() if _differs(path, text))
    if not check:
        for path in stale:
            _replace(path, files[path])
    return Synced(stale=stale, files=tuple(files), written=not check)


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_bytes() != text.encode()


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(text.encode())
    fresh.replace(path)
