"""Headers that a contract knows already: each brings the whole definition of its column along."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.checking.columns import column_check
from ingestion.checking.references import References
from ingestion.cleaning.cleaners import text_cleaner
from ingestion.contracts import Column, load_contracts
from ingestion.contracts.loading import contract_files, read_text
from ingestion.contracts.problems import Problems
from ingestion.contracts.reading import parse_yaml
from ingestion.reading import normalise_header

OF_ITS_TABLE = ("required", "primaryKey", "primaryKeyPosition", "unique", "quality")
MUST_READ = 0.5  # share of the cells: a known word above other things is another column


@dataclass(frozen=True, slots=True)
class KnownColumn:
    """A column of a dataset's contract: as read, and as it stands in the file but for what only its own table says."""

    dataset: str
    column: Column
    written: Mapping[str, Any]

    def fits(self, cells: pa.Array) -> bool:
        """Whether the cells can be such a column. What is personal is so by its name alone."""
        if self.column.is_personal:
            return True
        cleaned = column_check(self.column, References.load()).run(cells)
        filled = len(cells) - text_cleaner()(cells).values.null_count
        return bool(len(cells) - cleaned.values.null_count >= MUST_READ * filled)


def known_headers(directory: Path | None, *, but: str) -> dict[str, KnownColumn]:
    """Normal form of a header → its column, of every contract `but` one; not where contracts mean different things."""
    found: dict[str, KnownColumn] = {}
    doubtful: set[str] = set()
    for dataset, contract in load_contracts(directory).items():
        if dataset == but:
            continue
        path = contract_files(directory)[dataset]
        written = _written(path, path.stat().st_mtime_ns)
        for column in contract.columns:
            known = KnownColumn(dataset, column, written[column.name])
            for form in {normalise_header(header, keep_brackets=False) for header in column.headers}:
                earlier = found.setdefault(form, known)
                if not _mean_the_same(earlier.column, column):
                    doubtful.add(form)
    return {form: known for form, known in found.items() if form and form not in doubtful}


def _mean_the_same(one: Column, other: Column) -> bool:
    codes = [{code.value for code in column.codes} for column in (one, other)]
    return (one.name, one.logical_type, codes[0]) == (other.name, other.logical_type, codes[1])


@lru_cache(maxsize=256)
def _written(path: Path, _mtime_ns: int) -> dict[str, dict[str, Any]]:
    problems = Problems()
    text = read_text(path, problems)
    data = parse_yaml(text, problems) if text is not None else None
    if data is None:
        raise problems.error(path)
    return {
        column["name"]: {key: value for key, value in column.items() if key not in OF_ITS_TABLE}
        for column in data["schema"][0]["properties"]
    }
