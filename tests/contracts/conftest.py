"""A folder with copies of the project's contracts, to be changed freely."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import PROJECT_ROOT

CONTRACTS = PROJECT_ROOT / "contracts"
DATASETS = sorted(path.name.removesuffix(".odcs.yaml") for path in CONTRACTS.glob("*.odcs.yaml"))

Edit = Callable[[str, Callable[[dict[str, Any]], object]], Path]


def contract_data(dataset: str) -> dict[str, Any]:
    """The contract as plain data."""
    text = (CONTRACTS / f"{dataset}.odcs.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return data


def column_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(column for column in data["schema"][0]["properties"] if column["name"] == name)
    return found


def own(data: dict[str, Any], name: str) -> dict[str, Any]:
    """The contract's custom property of that name."""
    found: dict[str, Any] = next(entry for entry in data["customProperties"] if entry["property"] == name)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copies of the contract files, without what is generated from them."""
    for path in CONTRACTS.glob("*.odcs.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def edit(folder: Path) -> Edit:
    """edit(dataset, change): the copy becomes the original with this change alone."""

    def apply(dataset: str, change: Callable[[dict[str, Any]], object]) -> Path:
        path = folder / f"{dataset}.odcs.yaml"
        data = contract_data(dataset)
        change(data)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")  # JSON is YAML, and quick to write
        return path

    return apply
