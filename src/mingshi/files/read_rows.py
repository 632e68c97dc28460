"""From the rows of a file to columns of values: one block a sheet, several blocks where a row is wide.

The rules this module keeps:

1. A block says which sheet its rows belong to and from which columns of the file each field comes; a sheet read under
   its own headers and a mapped spreadsheet take the same way.
2. Empty rows are skipped, rows of totals are skipped with a notice, and no other row is ever dropped silently.
3. Memory holds one chunk of rows and the columns made so far.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from mingshi.files.case import Origin, Table
from mingshi.files.columns import ColumnReader, absent_value
from mingshi.files.format import Sheet
from mingshi.files.headers import bare
from mingshi.files.problem import CellError, Problems, problem
from mingshi.files.source import Chunk
from mingshi.files.times import TimeReader

_TOTALS: Final = (
    "合计",
    "总计",
    "小计",
    "累计",
    "本页合计",
    "本月合计",
    "总合计",
    "total",
    "subtotal",
    "grandtotal",
)
JOINED_BY: Final = "/"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Where the cells of one field come from."""

    indexes: tuple[int, ...] = ()
    """Columns of the file; several are joined by `/` (an agent's company and name)."""
    constant: str = ""
    """The same in every row, if there are no indexes."""
    suffix: str = ""
    """Put after every cell that is not empty: 万 where the header says so."""
    of_row: bool = False
    """A name made from the whole row, so that its parts can refer to each other."""

    def cells(self, columns: Sequence[Sequence[str]], count: int) -> Sequence[str]:
        """This field's cells of a chunk."""
        if self.of_row:
            return list(map(_row_name, zip(*columns, strict=True)))
        if not self.indexes:
            return [self.constant] * count
        if len(self.indexes) == 1 and not self.suffix:
            return columns[self.indexes[0]]
        rows = zip(*(columns[index] for index in self.indexes), strict=True)
        joined = (JOINED_BY.join(filter(None, map(str.strip, row))) for row in rows)
        return [cell + self.suffix if cell else "" for cell in joined]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Rows of one sheet made from the rows of a file."""

    sheet: Sheet
    picks: Mapping[str, Pick]
    headers: Mapping[str, str]
    """Field → the header it comes from, for messages."""
    when: tuple[int, ...] = ()
    """A row makes a record only where these columns of the file are not empty."""
    needed: tuple[str, ...] = ()
    """The headers of `when`, for messages."""


@final
@dataclass(slots=True, kw_only=True)
class _Growing:
    """A block's table while it grows."""

    block: Block
    readers: dict[str, ColumnReader]
    columns: dict[str, list[object]]
    rows: list[int] = field(default_factory=list)
    left_out: int = 0
    """Rows of the file that made no record, because a column they need is empty."""


def read_blocks(
    label: str, chunks: Iterable[Chunk], header_end: int, width: int, blocks: Sequence[Block], times: TimeReader,
    problems: Problems, notices: Problems,
) -> list[Table]:  # fmt: skip
    """The tables of a file's blocks. Bad cells go to `problems`, skipped totals to `notices`."""
    growing = [_start(block, times) for block in blocks]
    for chunk in chunks:
        numbers: Sequence[int] = range(chunk.first, chunk.first + chunk.count)
        columns: Sequence[Sequence[str]] | None = chunk.columns
        if columns is None or len(columns) != width or chunk.first <= header_end:
            below = max(0, header_end + 1 - chunk.first)
            rows, numbers = _even(label, chunk.as_rows()[below:], numbers[below:], width, problems)
            columns = list(zip(*rows, strict=True))
        if not numbers:
            continue
        for each in growing:
            _grow(each, label, columns, numbers, problems, notices)
    for each in growing:
        if each.left_out:
            needed = "、".join(each.block.needed)
            name = each.block.sheet.name
            notices.add(problem(label, "rows_left_out", count=each.left_out, sheet=name, headers=needed))
    return [_finished(each, label) for each in growing]


def _start(block: Block, times: TimeReader) -> _Growing:
    by_field = {column.field: column for column in block.sheet.columns}
    readers = {name: ColumnReader(block.sheet, by_field[name], times) for name in block.picks}
    return _Growing(block=block, readers=readers, columns={name: [] for name in block.picks})


def _even(
    label: str, rows: Sequence[list[str]], numbers: Sequence[int], width: int, problems: Problems
) -> tuple[list[list[str]], list[int]]:
    """Rows of equal length: empty ones go, short ones are filled, long ones may be longer by empty cells only."""
    kept: list[list[str]] = []
    kept_numbers: list[int] = []
    for row, number in zip(rows, numbers, strict=True):
        if len(row) != width:
            if not any(map(str.strip, row)):
                continue
            if any(map(str.strip, row[width:])):
                problems.add(problem(label, "extra_cells", row=number))
            row = row[:width] + [""] * (width - len(row))  # noqa: PLW2901 - the same row, evened
        kept.append(row)
        kept_numbers.append(number)
    return kept, kept_numbers


def _grow(
    growing: _Growing, label: str, columns: Sequence[Sequence[str]], numbers: Sequence[int], problems: Problems,
    notices: Problems,
) -> None:  # fmt: skip
    block = growing.block
    if block.when:
        chosen = zip(*(columns[index] for index in block.when), strict=True)
        filled = [index for index, cells in enumerate(chosen) if all(map(str.strip, cells))]
        kept = [index for index in filled if not _is_total(columns, index)]
        notices.extend(
            problem(label, "total_row", row=numbers[index]) for index in sorted({*filled} - {*kept})
        )
        growing.left_out += len(numbers) - len(filled)
        columns = [[column[index] for index in kept] for column in columns]
        numbers = [numbers[index] for index in kept]
    values: dict[str, list[object]] = {}
    bad: dict[int, list[tuple[str, str, CellError]]] = {}
    for name, pick in block.picks.items():
        cells = pick.cells(columns, len(numbers))
        values[name], faults = growing.readers[name].read(cells)
        for index, error in faults:
            bad.setdefault(index, []).append((name, cells[index], error))
    dropped = set()
    for index, faults_of_row in bad.items():
        if not any(column[index].strip() for column in columns):
            dropped.add(index)
        elif _is_total(columns, index):
            dropped.add(index)
            notices.add(problem(label, "total_row", row=numbers[index]))
        else:
            _report(block, label, numbers[index], faults_of_row, problems)
    for name, column in values.items():
        growing.columns[name] += (
            [value for index, value in enumerate(column) if index not in dropped] if dropped else column
        )
    growing.rows += (
        [number for index, number in enumerate(numbers) if index not in dropped] if dropped else numbers
    )


def _report(
    block: Block, label: str, row: int, faults: Iterable[tuple[str, str, CellError]], problems: Problems
) -> None:
    personal = {column.field for column in block.sheet.columns if column.personal}
    for name, cell, error in faults:
        header = block.headers.get(name, name)
        problems.add(
            problem(
                label,
                error.code,
                row=row,
                column=header,
                value=cell,
                personal=name in personal,
                **error.args_of_text,
            )
        )


def _is_total(columns: Sequence[Sequence[str]], index: int) -> bool:
    """Whether one of a row's first filled cells says that the row is a sum."""
    filled = (column[index] for column in columns if column[index].strip())
    return bare(next(filled, "")[:20]).startswith(_TOTALS)


def _finished(growing: _Growing, label: str) -> Table:
    sheet = growing.block.sheet
    count = len(growing.rows)
    shared: dict[object, list[object]] = {}
    columns: dict[str, list[object]] = {}
    for column in sheet.columns:
        if column.field in growing.columns:
            columns[column.field] = growing.columns[column.field]
        else:
            value = absent_value(sheet, column)
            columns[column.field] = shared.setdefault((type(value), value), [value] * count)
    return Table(
        sheet=sheet,
        columns=columns,
        present=frozenset(growing.columns),
        rows=growing.rows,
        origins=(Origin(0, label),),
    )


def _row_name(cells: tuple[str, ...]) -> str:
    digest = hashlib.sha256("\x1f".join(map(str.strip, cells)).encode(errors="replace")).hexdigest()
    return f"ROW-{digest[:16]}"


def merged(tables: Sequence[Table]) -> Table:
    """The rows of several sources of one sheet, one after the other."""
    if len(tables) == 1:
        return tables[0]
    sheet = tables[0].sheet
    columns: dict[str, list[object]] = {column.field: [] for column in sheet.columns}
    rows: list[int] = []
    origins: list[Origin] = []
    for table in tables:
        origins += [Origin(origin.first + len(rows), origin.label) for origin in table.origins]
        rows += table.rows
        for name, column in table.columns.items():
            columns[name] += column
    present = frozenset[str]().union(*(table.present for table in tables))
    return Table(sheet=sheet, columns=columns, present=present, rows=rows, origins=tuple(origins))
