"""What stands beside the name of a place in its row: codes of larger areas, columns read for nothing else."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.checking.model import Scope
from ingestion.cleaning.columns import Cleaned, matches
from ingestion.cleaning.places import LEVELS, PARENT_SEPARATOR, SENDER, THAI_LETTER
from ingestion.contracts import Column, Contract
from ingestion.reading import Layout, RawChunk, normalise_header


def in_order_of_areas(columns: Sequence[Column]) -> list[Column]:
    """Columns of larger areas before those of smaller ones: a name is told by what it lies in."""
    return sorted(columns, key=lambda column: LEVELS.index(column.area_level) if column.area_level else -1)


def parent_positions(contract: Contract, layout: Layout) -> dict[int, str]:
    """Columns of the sheet that only say where a named place lies, with their level."""
    wanted = {
        normalise_header(header): level
        for column in contract.columns
        for level, headers in column.parent_headers.items()
        for header in headers
    }
    forms = {i: normalise_header(layout.headers[i]) for i in layout.unknown}
    return {i: wanted[form] for i, form in forms.items() if form in wanted}


class Parents:
    """Writes behind every name of a place what is known of the places around it."""

    def __init__(self, contract: Contract, layout: Layout, scope: Scope | None) -> None:
        self._areas = [column for column in contract.columns if column.format == "area_code"]
        self._beside = parent_positions(contract, layout)
        self._sender = f"{SENDER}:{scope.province_code}" if scope and scope.province_code else ""

    def beside_names(
        self, column: Column, cells: pa.Array, raw: RawChunk, data: np.ndarray, cleaned: Mapping[str, Cleaned]
    ) -> pa.Array:
        """The cells, names followed by their parents as `area_parser` reads them. `data`: the chunk's data rows."""
        if not column.accept_names:
            return cells
        named = matches(cells, THAI_LETTER)
        if not named.any():
            return cells
        level = LEVELS.index(str(column.area_level))
        parents = [
            pc.fill_null(cleaned[area.name].values, "")
            for area in self._areas
            if area.name in cleaned and LEVELS.index(str(area.area_level)) < level
        ]
        for position, parent_level in self._beside.items():
            if LEVELS.index(parent_level) < level and position < len(raw.cells):
                texts = _taken(raw.cells[position], data)
                parents.append(pc.binary_join_element_wise(f"{parent_level}:", pc.utf8_trim_whitespace(texts), ""))
        names = pc.replace_substring(cells, PARENT_SEPARATOR, "")
        sender = pa.repeat(pa.scalar(self._sender), len(cells))
        joined = pc.binary_join_element_wise(names, *parents, sender, PARENT_SEPARATOR)
        return pc.if_else(pa.array(named), joined, cells)


def _taken(cells: pa.Array, data: np.ndarray) -> pa.Array:
    return cells if len(data) == len(cells) else cells.take(pa.array(data))
