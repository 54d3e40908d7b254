"""What can be said of the file before any row is read: which sheet holds the table, and what its header lacks."""

from collections.abc import Sequence

from ingestion.contracts import Contract
from ingestion.issues import Issue, issue
from ingestion.reading import HeaderNames, Layout, Source, address
from ingestion.reading.encoding import is_mojibake

MIN_HEADERS = 2  # fewer matching cells are chance: "รวม" stands in many titles
MAX_NAMES = 12


def choose_layouts(source: Source, contract: Contract, names: HeaderNames) -> tuple[list[Layout], list[Issue]]:
    """The sheets to read, or the issues that say why there are none."""
    layouts = source.layouts(names)
    if source.kind == "text":
        layouts = layouts[:1]
    fitting = [layout for layout in layouts if layout.fits]
    if not fitting:
        return [], _why_none(source, contract, layouts, names)
    visible = [layout for layout in fitting if not layout.grid.hidden] or fitting
    if contract.sheets == "union":
        return _in_order(source, visible), []
    used = _in_order(source, visible)[0]
    if len(visible) == 1:
        return [used], []
    sheets = ", ".join(layout.grid.name for layout in _in_order(source, visible))
    return [used], [issue("several_sheets_fit", sheet=used.grid.name, sheets=sheets, used=used.grid.name)]


def _in_order(source: Source, layouts: Sequence[Layout]) -> list[Layout]:
    """As the sender's program shows the sheets."""
    by_grid = {id(layout.grid): layout for layout in layouts}
    return [by_grid[id(grid)] for grid in source.grids if id(grid) in by_grid]


def _why_none(source: Source, contract: Contract, layouts: Sequence[Layout], names: HeaderNames) -> list[Issue]:
    texts = [cell for grid in source.grids for row in grid.preview for cell in row if cell.strip()]
    if not texts:
        return [issue("empty_file")]
    garbled = next((text for text in texts if is_mojibake(text)), None)
    if garbled:
        return [issue("mojibake", value=garbled[:40])]
    best = layouts[0] if layouts else None
    if best is None or len(best.positions) < min(MIN_HEADERS, len(names.required)):
        expected = ", ".join(names.columns[name].label_th for name in list(names.required_in_order)[:MAX_NAMES])
        return [
            issue("header_not_found", dataset_th=contract.label_th, dataset_en=contract.label_en, expected=expected)
        ]
    return [
        issue(
            "missing_column",
            sheet=best.grid.name or None,
            row=best.header_row,
            column=name,
            label_th=names.columns[name].label_th,
            label_en=names.columns[name].label_en,
            accepted=", ".join(names.columns[name].headers[:MAX_NAMES]),
        )
        for name in best.missing
    ]


def layout_issues(layout: Layout, contract: Contract) -> list[Issue]:
    """Columns that are not used, and headers that stand twice."""
    sheet, row = layout.grid.name or None, layout.header_row
    found = [
        issue(
            "duplicate_column",
            sheet=sheet,
            row=row,
            cell=address(i, row),
            header=layout.headers[i],
            first_cell=address(earlier, row),
        )
        for i, earlier in layout.repeated
    ]
    found += [
        issue("unknown_column", sheet=sheet, row=row, cell=address(i, row), header=layout.headers[i][:120])
        for i in layout.unknown
    ]
    return found
