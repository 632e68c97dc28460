"""A small table that somebody uploads: some known columns, a few hundred rows, each cell as text.

The rules this module keeps:

1. The same eyes as for a case: a workbook is looked through before a cell is read (`workbook_guard`), so one with
   pictures, macros or links is refused by name, and so is a table with columns derived from faces (INV-03, L-25).
2. Only columns that were asked for are given; columns of traits are never read and named to the file's owner (INV-05).
3. What is wrong with the file is said at once and nothing of it is given; what is wrong with a row is its reader's to
   say, so every row that is not empty is given with its number.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import BinaryIO, Final, NamedTuple

from mingshi.files.csv_rows import CsvGrid
from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.headers import bare, find_header
from mingshi.files.limits import HEADER_WITHIN
from mingshi.files.problem import BadInputError, problem
from mingshi.files.source import Chunk, Grid
from mingshi.files.workbook_rows import WorkbookGrid, worksheets

MOST_CHARS: Final = 500
"""Of one cell that is given; a longer one is cut, and is then too long for whatever field it is for."""


class SmallRow(NamedTuple):
    """One row: its number as a spreadsheet counts, and the text of each column that was asked for and is there."""

    number: int
    cells: Mapping[str, str]


class SmallTable(NamedTuple):
    """What was read. `traits`: columns that tell of traits of people; they were not read."""

    rows: tuple[SmallRow, ...]
    traits: tuple[str, ...]


def read_small_table(file: BinaryIO, name: str, labels: Mapping[str, str], most: int) -> SmallTable:
    """The table of a CSV file or of a workbook's first visible sheet.

    `labels`: what a header may call each column, to the column's name. Raises `BadInputError`.
    """
    known = {bare(label): column for label, column in labels.items()}
    grid = _grid(file, name)
    chunks = grid.chunks()
    top = next(chunks, Chunk(1, 0, [], None))
    header = find_header(top.as_rows(), lambda label: bare(label) in known)
    texts = header.above if header else tuple(cell for row in top.as_rows()[:1] for cell in row)
    if faces := [text for text in texts if is_face(text)]:
        raise BadInputError([problem(name, "face_columns", headers="、".join(dict.fromkeys(faces)))])
    if isinstance(grid, WorkbookGrid) and (wrong := list(grid.refusals(header.end if header else 0))):
        raise BadInputError(wrong)
    if header is None:
        raise BadInputError([problem(name, "no_header", within=HEADER_WITHIN)])
    places: dict[str, int] = {}
    for at, label in enumerate(header.names):
        column = known.get(bare(label)) if label else None
        if column in places:
            both = f"{header.names[places[column]]}、{label}"
            raise BadInputError([problem(name, "column_twice", name=column, headers=both)])
        if column is not None:
            places[column] = at
    rows: list[SmallRow] = []
    for chunk in chain((top,), chunks):
        for number, cells in enumerate(chunk.as_rows(), start=chunk.first):
            if number > header.end and any(cell.strip() for cell in cells):
                rows.append(SmallRow(number, _cut(cells, places)))
            if len(rows) > most:
                raise BadInputError([problem(name, "too_many_rows", limit=most)])
    traits = tuple(label for label in header.names if label and bare(label) not in known and is_trait(label))
    return SmallTable(tuple(rows), traits)


def _grid(file: BinaryIO, name: str) -> Grid:
    start = file.read(8)
    file.seek(0)
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        shown = [sheet for sheet in worksheets(file, name) if not sheet.hidden]
        if not shown:
            raise BadInputError([problem(name, "no_header", within=HEADER_WITHIN)])
        return shown[0]
    return CsvGrid(file, name, name)


def _cut(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {column: cells[at].strip()[: MOST_CHARS + 1] for column, at in places.items() if at < len(cells)}
