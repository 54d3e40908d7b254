"""What can be said of the file before any row is read: which sheet holds the table, and what its header lacks."""

from collections.abc import Sequence

from ingestion.checking.parents import parent_positions
from ingestion.cleaning.garbled import is_garbled
from ingestion.contracts import Contract
from ingestion.issues import Issue, Repair, issue, mask
from ingestion.reading import HeaderNames, Layout, Source, address

MIN_HEADERS = 2  # fewer matching cells are chance: "รวม" stands in many titles
MAX_NAMES = 12
GARBLED_SHOWN = 12  # letters: enough to recognise, and no name of anybody
GARBLED_SHARE = 0.5  # of the wordy cells of a column: then the file is at fault, not the cell


def choose_layouts(source: Source, contract: Contract, names: HeaderNames) -> tuple[list[Layout], list[Issue]]:
    """The sheets to read, with what the sender is asked about them, or the issues that say why there are none."""
    layouts = source.layouts(names)
    if source.kind == "text":
        layouts = layouts[:1]
    fitting = [layout for layout in layouts if layout.fits]
    if not fitting:
        return [], _why_none(source, contract, layouts, names)
    chosen = _in_order(source, [layout for layout in fitting if not layout.grid.hidden] or fitting)
    used = chosen if contract.sheets == "union" else chosen[:1]
    asked = [issue("encoding_doubtful", value=source.doubtful_text)] if source.doubtful_text else []
    for layout in used:
        asked += _questions(layout)
    if contract.sheets == "union":
        asked += [_left_out(layout, names) for layout in _nearly(layouts, names)]
    elif len(chosen) > 1:
        sheets = ", ".join(layout.grid.name for layout in chosen)
        asked.append(issue("several_sheets_fit", sheet=used[0].grid.name, sheets=sheets, used=used[0].grid.name))
    return used, asked


def _questions(layout: Layout) -> list[Issue]:
    sheet = layout.grid.name or None
    asked = [issue("hidden_sheet_used", sheet=sheet, hidden=sheet)] if layout.grid.hidden else []
    if layout.also_fits:
        used, others = layout.header_address(min(layout.positions.values())), ", ".join(layout.also_fits)
        asked.append(
            issue(
                "several_tables_fit",
                sheet=sheet,
                row=layout.header_row,
                cell=layout.also_fits[0],
                used=used,
                others=others,
            )
        )
    return asked


def hidden_unused(source: Source, names: HeaderNames, used: Sequence[Layout]) -> list[Repair]:
    """Hidden sheets that hold such a table too and were passed over for a visible one."""
    if not any(grid.hidden for grid in source.grids):
        return []
    taken = {layout.grid.name for layout in used}
    hidden = [x for x in source.layouts(names) if x.fits and x.grid.hidden and x.grid.name not in taken]
    cells = tuple(f"{layout.grid.name}!{layout.header_address(min(layout.headers))}" for layout in hidden)
    return [Repair("hidden_sheet_skipped", "*", len(hidden), cells)] if hidden else []


def _nearly(layouts: Sequence[Layout], names: HeaderNames) -> list[Layout]:
    """Visible sheets that hold most of the required columns, but not all."""
    return [x for x in layouts if x.missing and not x.grid.hidden and 2 * len(x.missing) < len(names.required)]


def _left_out(layout: Layout, names: HeaderNames) -> Issue:
    labels = [names.columns[name] for name in layout.missing]
    return issue(
        "sheet_not_used",
        sheet=layout.grid.name,
        skipped=layout.grid.name,
        row=layout.header_row,
        missing_th=", ".join(column.label_th for column in labels),
        missing_en=", ".join(column.label_en for column in labels),
    )


def _in_order(source: Source, layouts: Sequence[Layout]) -> list[Layout]:
    """As the sender's program shows the sheets."""
    by_grid = {id(layout.grid): layout for layout in layouts}
    return [by_grid[id(grid)] for grid in source.grids if id(grid) in by_grid]


def _why_none(source: Source, contract: Contract, layouts: Sequence[Layout], names: HeaderNames) -> list[Issue]:
    source.refuse_broken_head()
    texts = [cell for grid in source.grids for row in grid.preview for cell in row if cell.strip()]
    if not texts:
        return [issue("empty_file")]
    garbled = next((text for text in texts if is_garbled(text)), None)
    if garbled:
        return [issue("mojibake", value=garbled[:GARBLED_SHOWN])]
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
    """Columns that are not used, headers that stand twice, columns whose text is garbled."""
    sheet = layout.grid.name or None
    beside = parent_positions(contract, layout)
    rows = {i: layout.header_rows.get(i, layout.header_row) for i in layout.headers}
    found = [
        issue(
            "duplicate_column",
            sheet=sheet,
            row=rows[i],
            cell=address(i, rows[i]),
            header=layout.headers[i],
            first_cell=layout.header_address(earlier),
        )
        for i, earlier in layout.repeated
    ]
    found += [
        issue("unknown_column", sheet=sheet, row=rows[i], cell=address(i, rows[i]), header=layout.headers[i][:120])
        for i in layout.unknown
        if i not in beside
    ]
    return found + _garbled_columns(layout, contract)


def _garbled_columns(layout: Layout, contract: Contract) -> list[Issue]:
    found = []
    for name, i in layout.positions.items():
        cells = [
            (row, texts[i])
            for row, texts in enumerate(layout.grid.preview, start=1)
            if row > layout.header_row
            and i < len(texts)
            and any(letter.isalpha() or letter == "?" for letter in texts[i])
        ]
        garbled = [(row, text) for row, text in cells if is_garbled(text)]
        if garbled and len(garbled) > GARBLED_SHARE * len(cells):
            row, text = garbled[0]
            column = contract.column(name)
            value = mask(text, column.format) if column.is_personal else text[:GARBLED_SHOWN]
            sheet = layout.grid.name or None
            found.append(issue("mojibake", sheet=sheet, row=row, column=name, cell=address(i, row), value=value))
    return found
