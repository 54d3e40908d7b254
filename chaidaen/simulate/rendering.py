"""From canonical values to the cells an office writes."""

from dataclasses import dataclass

import numpy as np

from chaidaen.simulate import styles
from chaidaen.simulate.identifiers import Texts
from chaidaen.simulate.styles import Style
from chaidaen.simulate.tables import Table
from ingestion.contracts import Column, Contract


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns a file has, in which order, under which headers."""

    contract: Contract
    style: Style
    columns: tuple[Column, ...]

    @property
    def headers(self) -> list[str]:
        return [styles.header(column, self.style) for column in self.columns]

    def position(self, name: str) -> int:
        """Number of a column, counted from 0 in the table."""
        return next(i for i, column in enumerate(self.columns) if column.name == name)


def layout(contract: Contract, style: Style) -> Layout:
    """Every column of the contract, in its order."""
    return Layout(contract, style, contract.columns)


def render(table: Table, layout: Layout) -> list[Texts]:
    """Cells by column: text, numbers or dates, as they will stand in the file; they share no memory with the table.

    Raises ValueError when the table has a column the contract does not know, or lacks one it requires.
    """
    contract = layout.contract
    unknown = table.names - {column.name for column in contract.columns}
    lacking = {column.name for column in contract.columns if column.required} - table.names
    if unknown or lacking:
        raise ValueError(f"{contract.id}: unknown columns {sorted(unknown)}, lacking {sorted(lacking)}")
    return [_render_column(table, column, layout.style) for column in layout.columns]


def _render_column(table: Table, column: Column, style: Style) -> Texts:
    if column.name in table.numbers:
        return styles.write_numbers(table.numbers[column.name], style)
    if column.name in table.dates:
        dates, is_exact = table.dates[column.name]
        return styles.write_dates(dates, is_exact, style)
    if column.name in table.texts:
        return _render_texts(table.texts[column.name], column, style)
    return np.full(len(table), "", dtype=object)


def _render_texts(values: Texts, column: Column, style: Style) -> Texts:
    if column.logical_type == "boolean":
        return styles.write_yes_no(values, style)
    if column.codes:
        return styles.write_codes(values, column, style)
    if column.identifier == "person":
        return styles.write_ids(values, style)
    return values.copy()


def rows_of(columns: list[Texts]) -> list[tuple[object, ...]]:
    return list(zip(*(column.tolist() for column in columns), strict=True)) if columns and len(columns[0]) else []


def take(columns: list[Texts], chosen: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[Texts]:
    return [column[chosen] for column in columns]
