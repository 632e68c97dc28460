"""Reading one table of a case: find its header, refuse what may not be read, hand its rows on.

The rules this module keeps:

1. Content derived from capturing faces refuses its whole file, before any of its values is read (L-25).
2. Every column of the file is either read or named in a notice; columns of traits with the advice to delete
   them (L-20).
3. A header is complete before a row is read: what is missing or double is said first.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from mingshi.files.case import Table
from mingshi.files.csv_rows import CsvGrid
from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.format import Kind, Sheet
from mingshi.files.headers import ALL_NAMES, Header, bare, find_header, known_names, sheet_called
from mingshi.files.limits import HEADER_WITHIN, MAX_COLUMNS
from mingshi.files.mapping import MappedRows, block_of, unit_of
from mingshi.files.problem import BadInputError, Findings, problem
from mingshi.files.read_in_two import OWN_SHARE, read_in_two
from mingshi.files.read_rows import Block, Pick, RowReader
from mingshi.files.source import Chunk, Grid
from mingshi.files.times import TimeReader
from mingshi.files.workbook_rows import WorkbookGrid

_MOST_NAMED: Final = 30


def read_table(
    grid: Grid, mapped: Sequence[MappedRows] | None, times: TimeReader, findings: Findings, jobs: int = 1
) -> Iterator[Table]:
    """The tables that a grid holds: one under its own headers, several by a map. Raises `BadInputError`.

    `jobs`: with more than one, a large CSV file is read by two processes.
    """
    sheet = sheet_called(grid.name)
    chunks = grid.chunks()
    top = next(chunks, Chunk(1, 0, [], None))
    top_rows = top.as_rows()
    if mapped is not None:
        wanted = {bare(name) for rows in mapped for names in (*rows.columns.values(), rows.when) for name in names}
        header = find_header(top_rows, lambda name: bare(name) in wanted)
    else:
        known = known_names(sheet).keys() if sheet else ALL_NAMES
        header = find_header(top_rows, lambda name: bare(name) in known)
    texts = header.above if header else tuple(cell for row in top_rows[:1] for cell in row)
    if faces := [text for text in texts if is_face(text)]:
        raise BadInputError([problem(grid.label, "face_columns", headers="、".join(dict.fromkeys(faces)))])
    if mapped is None and sheet is None:
        findings.notices.add(
            problem(grid.label, "sheet_not_read" if isinstance(grid, WorkbookGrid) else "file_not_read")
        )
        return
    if mapped == []:
        return
    if isinstance(grid, WorkbookGrid):
        findings.problems.extend(grid.refusals(header.end if header else 0))
        findings.notices.extend(grid.notices())
    if header is None:
        raise BadInputError([problem(grid.label, "no_header", within=HEADER_WITHIN)])
    if len(header.names) > MAX_COLUMNS:
        raise BadInputError([problem(grid.label, "too_many_columns", limit=MAX_COLUMNS)])
    before = len(findings.problems)
    if mapped is not None:
        blocks = [block_of(rows, header.names, grid.label, findings.problems) for rows in mapped]
    else:
        assert sheet is not None, "a table is read as its sheet or by its map"
        blocks = [_block_of_sheet(sheet, header, grid.label, findings)]
    _tell_unread(blocks, header, grid.label, findings)
    if len(findings.problems) == before:
        cut = grid.cut(OWN_SHARE) if jobs > 1 and mapped is None and isinstance(grid, CsvGrid) else None
        if cut is not None and isinstance(grid, CsvGrid):
            yield from read_in_two(grid, cut, blocks[0], header, times, findings)
        else:
            rows = chain((top,), chunks)
            yield from RowReader(grid.label, blocks, times, findings).read(rows, header)


def _block_of_sheet(sheet: Sheet, header: Header, label: str, findings: Findings) -> Block:
    known = known_names(sheet)
    picks: dict[str, Pick] = {}
    headers: dict[str, str] = {}
    for index, name in enumerate(header.names):
        column = known.get(bare(name)) if name else None
        if column is None:
            continue
        if column.field in picks:
            both = f"{headers[column.field]}、{name}"
            findings.problems.add(problem(label, "column_twice", name=column.header, headers=both))
        picks[column.field] = Pick(indexes=(index,), suffix=unit_of(column, (name,)))
        headers[column.field] = name
    for column in sheet.columns:
        if column.required and column.kind is not Kind.KEY and column.field not in picks:
            findings.problems.add(problem(label, "missing_column", name=f"{column.chinese[0]} ({column.header})"))
    return Block(sheet=sheet, picks=picks, headers=headers)


def _tell_unread(blocks: Sequence[Block], header: Header, label: str, findings: Findings) -> None:
    read = {index for block in blocks for pick in block.picks.values() for index in pick.indexes}
    unread = [name for index, name in enumerate(header.names) if name and index not in read]
    for code, names in (
        ("trait_columns", [name for name in unread if is_trait(name)]),
        ("columns_not_read", [name for name in unread if not is_trait(name)]),
    ):
        if names:
            findings.notices.add(problem(label, code, headers="、".join(names[:_MOST_NAMED])))
