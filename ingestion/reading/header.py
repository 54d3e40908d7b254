"""Finding the table: the header row (or stacked rows) whose cells best match the names a contract accepts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingestion.own_marks import own_column
from ingestion.reading.grid import Grid, address
from ingestion.reading.names import HeaderNames, header_as_sent
from ingestion.reading.stack import Label, is_numbering, is_units, labels_of, looks_like_data

MAX_STACKED_ROWS = 5
MAX_COLUMNS = 2_000  # of a table; the widest form of an agency has some hundred
MAX_TABLES = 20  # side by side; more gaps than that are no gaps between tables
MAX_CELLS_TRIED = 40_000  # of all rows that may be a header: a sheet where everything may be one costs no more


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of a sheet is. Column indexes count from 0 = A, rows from 1."""

    grid: Grid
    header_row: int  # last row of the header; 0 where every row names its columns itself
    positions: Mapping[str, int]  # contract column -> column of the sheet
    headers: Mapping[int, str]  # column of the sheet -> header as sent, with the merged cells above it
    unknown: Sequence[int]
    repeated: Sequence[tuple[int, int]]  # (column, earlier column) with the very same header
    missing: Sequence[str]
    ours: Mapping[str, int] = field(default_factory=dict)  # columns we wrote ourselves, by the names of own_marks
    header_rows: Mapping[int, int] = field(default_factory=dict)  # column -> row in which its own header stands
    header_top: int = 0  # first row of the header
    near: range = range(0)  # columns of the table, with those that touch it
    beside: Sequence[int] = ()  # headers of other tables, a blank column away
    unnamed: int = 0  # columns of the table under no header
    also_fits: Sequence[str] = ()  # addresses of other tables of this sheet that would do as well

    @property
    def fits(self) -> bool:
        """Every required column was found."""
        return not self.missing

    @property
    def score(self) -> tuple[int, int, int, int]:
        """Better layouts are larger: fewest missing required columns, fewest doubtful ones, most found, most named."""
        return -len(self.missing), -len(self.repeated), len(self.positions), -self.unnamed

    def header_address(self, column: int) -> str:
        """A1 address of the header of a column."""
        return address(column, self.header_rows.get(column, self.header_row))


@dataclass(frozen=True, slots=True)
class _Window:
    """Rows that may be a header: `depth` rows from `top` (0 = row 1). `gaps`: columns blank from there down."""

    rows: Sequence[Sequence[str]]
    top: int
    depth: int
    gaps: frozenset[int]

    @property
    def stack(self) -> Sequence[Sequence[str]]:
        return self.rows[self.top : self.top + self.depth]


def find_layout(grid: Grid, names: HeaderNames) -> Layout | None:
    """The best header of a sheet, None when no cell matches any name. Ties go to fewer rows, then to the upper one."""
    if grid.keys is not None:
        labels = {i: Label((key,), 1, (key,), 0) for i, (key, _) in enumerate(grid.keys) if key.strip()}
        found = _assign(grid, labels, names)
        lines = {i: row for i, (_, row) in enumerate(grid.keys)}
        return replace(found, header_rows=lines, near=range(len(grid.keys))) if found.positions else None
    rows = [row[:MAX_COLUMNS] for row in grid.preview]
    best: Layout | None = None
    fitting: list[Layout] = []
    tried = 0
    for window in _windows(rows, names):
        tried += sum(map(len, window.stack))
        if tried > MAX_CELLS_TRIED:
            break
        for found in _tables(grid, window, names):
            if found.fits:
                fitting.append(found)
            if found.positions and (best is None or _is_better(found, best)):
                best = found
    if best is None:
        return None
    return replace(best, also_fits=_elsewhere(best, fitting))


def _is_better(found: Layout, best: Layout) -> bool:
    """Whether a layout takes the place of the best so far. Of a header that comes again the upper one counts."""
    if found.positions == best.positions:
        if found.header_top > best.header_row:
            return False
        if found.header_row < best.header_top:
            return True
    return found.score > best.score


def _windows(rows: Sequence[Sequence[str]], names: HeaderNames) -> Iterator[_Window]:
    """Everything that may be a header: a known name stands in it. Few rows before many, upper ones first."""
    width = max((len(row) for row in rows), default=0)
    blank = frozenset(range(width))
    gaps: list[frozenset[int]] = []
    for row in reversed(rows):
        filled = {i for i, cell in enumerate(row) if cell.strip()}
        blank -= filled if len(filled) > 1 else set()  # a title or footnote says nothing of the columns
        gaps.insert(0, blank)
    speaks = [any(map(names.match, row)) for row in rows]
    is_data = [looks_like_data(row) for row in rows]
    is_blank = [not any(cell.strip() for cell in row) for row in rows]
    for depth in range(1, MAX_STACKED_ROWS + 1):
        for top in range(len(rows) - depth + 1):
            below = range(top + 1, top + depth)
            if not any(speaks[top : top + depth]):
                continue
            if not any(is_blank[top : top + depth]) and not any(is_data[i] for i in below):
                yield _Window(rows, top, depth, gaps[top])


def _tables(grid: Grid, window: _Window, names: HeaderNames) -> list[Layout]:
    """The tables that may have their header in these rows, side by side or one over the whole width."""
    labels = {i: label for i, label in enumerate(labels_of(window.stack, window.gaps)) if label is not None}
    parts = list(_parts(labels, window.gaps))
    if len(parts) > MAX_TABLES:
        parts = [labels]
    found = [_assign(grid, part, names) for part in parts]
    if not any(layout.positions for layout in found) or not _lowest_row_speaks(labels, window.depth, names):
        return []
    best = max(range(len(found)), key=lambda k: found[k].score)
    columns = dict(parts[best])
    beside: list[int] = []
    rivals: list[Layout] = []
    for k, (part, layout) in enumerate(zip(parts, found, strict=True)):
        if k == best:
            continue
        if len(part) == 1 or _completes(layout, columns, grid, names):
            columns |= part
        else:
            beside += part
            rivals.append(layout)
    table = _assign(grid, dict(sorted(columns.items())), names)
    placed = [_placed(rival, list(rival.headers), window, names) for rival in rivals if rival.headers]
    return [replace(_placed(table, list(columns), window, names, beside), beside=tuple(beside)), *placed]


def _lowest_row_speaks(labels: Mapping[int, Label], depth: int, names: HeaderNames) -> bool:
    """Whether the last of several rows is header: a third of its cells name columns. Otherwise it may well be data."""
    lowest = [label for label in labels.values() if label.row_index == depth - 1]
    return depth == 1 or 3 * sum(any(map(names.match, label.own)) for label in lowest) >= len(lowest)


def _completes(part: Layout, columns: Mapping[int, Label], grid: Grid, names: HeaderNames) -> bool:
    """Whether columns behind a blank one belong to the table: mostly known names, none of which it has yet."""
    has = _assign(grid, columns, names).positions
    return 2 * len(part.positions) > len(part.headers) and not part.positions.keys() & has.keys()


def _parts(labels: Mapping[int, Label], gaps: frozenset[int]) -> Iterator[dict[int, Label]]:
    part: dict[int, Label] = {}
    previous = -1
    for i in sorted(labels):
        if part and any(gap in gaps for gap in range(previous + 1, i)):
            yield part
            part = {}
        part[i] = labels[i]
        previous = i
    if part:
        yield part


def _placed(
    layout: Layout, columns: Sequence[int], window: _Window, names: HeaderNames, beside: Sequence[int] = ()
) -> Layout:
    """The layout with the rows of its header and the columns it reaches over."""
    rows, apart = window.rows, window.gaps | set(beside)
    header_row = window.top + window.depth
    last_row = min(len(rows), header_row + MAX_STACKED_ROWS)
    while header_row < last_row and _goes_on(rows[header_row], layout, sorted(columns), names):
        header_row += 1
    first, last = min(columns), max(columns)
    width = max(len(row) for row in rows)
    while first > 0 and first - 1 not in apart:
        first -= 1
    while last + 1 < width and last + 1 not in apart:
        last += 1
    return replace(
        layout,
        header_row=header_row,
        header_rows={i: window.top + 1 + row for i, row in layout.header_rows.items()},
        header_top=window.top + 1,
        near=range(first, last + 1),
        unnamed=last + 1 - first - len(columns),
    )


def _goes_on(row: Sequence[str], layout: Layout, columns: Sequence[int], names: HeaderNames) -> bool:
    """Whether the row under a header still belongs to it: units, column numbers, or the same names in English."""
    if is_units(row, columns) or is_numbering(row, columns):
        return True
    said = {i: names.match(row[i]) for i in columns if i < len(row) and row[i].strip()}
    same = [i for i, found in said.items() if found is not None and layout.positions.get(found[0]) == i]
    return len(same) > 1 and len(same) == len(said.keys() & set(layout.positions.values()))


def _elsewhere(best: Layout, fitting: Sequence[Layout]) -> tuple[str, ...]:
    """Other tables that fit and share no column with the best one, each by the address of its first header."""
    taken = set(best.headers)
    found: dict[frozenset[int], str] = {}
    for layout in fitting:
        columns = frozenset(layout.headers)
        if not columns & taken:
            first = min(layout.positions.values())
            found.setdefault(frozenset(layout.positions.values()), layout.header_address(first))
    return tuple(dict.fromkeys(found.values()))


def _assign(grid: Grid, labels: Mapping[int, Label], names: HeaderNames) -> Layout:
    """Which contract column each labelled column is. Two that claim the same one with equal right are `repeated`."""
    claims: dict[str, list[tuple[bool, int, int]]] = {}  # contract column -> (named without its parent, rank, column)
    headers: dict[int, str] = {}
    unknown: list[int] = []
    ours: dict[str, int] = {}
    for i, label in labels.items():
        if (own := next((found for found in map(own_column, label.texts) if found), None)) is not None:
            ours[own] = i
            continue
        headers[i] = header_as_sent(label.texts[0])
        matched = next(((k, found) for k, text in enumerate(label.texts) if (found := names.match(text))), None)
        if matched is None:
            unknown.append(i)
        else:
            at, (column, rank) = matched
            claims.setdefault(column, []).append((at >= label.joined, rank, i))
    positions: dict[str, int] = {}
    repeated: list[tuple[int, int]] = []
    for column, claimed in claims.items():
        best, *others = sorted(claimed)
        positions[column] = best[2]
        for other in others:
            if other[:2] == best[:2]:
                repeated.append((other[2], best[2]))
            else:
                unknown.append(other[2])
    return Layout(
        grid,
        header_row=0,
        positions=positions,
        headers=headers,
        unknown=sorted(unknown),
        repeated=sorted(repeated),
        missing=[name for name in names.columns if name in names.required and name not in positions],
        ours=ours,
        header_rows={i: label.row_index for i, label in labels.items()},
    )
