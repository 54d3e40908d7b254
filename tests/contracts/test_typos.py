"""A typo in any key of a contract is an error that names the place, never a silent default."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.errors import ContractInvalid
from ingestion.contracts import read_contract
from tests.contracts.conftest import Edit, contract_data

Path_ = tuple[str | int, ...]


def mappings(node: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Path of every mapping in the document, the document itself first."""
    if isinstance(node, dict):
        yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from mappings(child, (*path, key))


def shapes(dataset: str) -> dict[str, list[Path_]]:
    """The mappings of a contract grouped by their kind of place: `schema.properties.enum` and so on."""
    grouped: dict[str, list[Path_]] = {}
    for path in mappings(contract_data(dataset)):
        grouped.setdefault(".".join(step for step in path if isinstance(step, str)) or "top", []).append(path)
    return grouped


def at(data: Any, path: Path_) -> Any:
    for step in path:
        data = data[step]
    return data


PLACES = [(dataset, place) for dataset in ("population", "household_member") for place in shapes(dataset)]


@pytest.mark.parametrize(("dataset", "place"), PLACES)
def test_an_unknown_key_is_refused_at_every_level(edit: Edit, dataset: str, place: str) -> None:
    path = shapes(dataset)[place][-1]
    file = edit(dataset, lambda data: at(data, path).update(tpyo=1))
    with pytest.raises(ContractInvalid, match="tpyo") as caught:
        read_contract(file)
    assert f"{dataset}.odcs.yaml" in caught.value.message
    assert caught.value.cure is not None


@pytest.mark.parametrize(("dataset", "place"), PLACES)
def test_a_misspelt_key_is_refused_at_every_level(edit: Edit, dataset: str, place: str) -> None:
    path = shapes(dataset)[place][0]
    for key in list(at(contract_data(dataset), path)):

        def misspell(data: dict[str, Any], key: str = key) -> None:
            mapping = at(data, path)
            mapping[f"{key}x"] = mapping.pop(key)

        with pytest.raises(ContractInvalid, match=f"{key}x"):
            read_contract(edit(dataset, misspell))


def test_a_key_written_twice_is_refused(folder: Any) -> None:
    file = folder / "population.odcs.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "status: draft\n", encoding="utf-8")
    with pytest.raises(ContractInvalid, match="'status' stands twice"):
        read_contract(file)


@pytest.mark.parametrize("content", [b"", b"- a\n", b"a: [", "ชื่อ: ก".encode("cp874"), b"\x00"])
def test_a_file_that_is_no_contract_is_refused_without_a_traceback(folder: Any, content: bytes) -> None:
    file = folder / "population.odcs.yaml"
    file.write_bytes(content)
    with pytest.raises(ContractInvalid, match=r"population\.odcs\.yaml"):
        read_contract(file)
