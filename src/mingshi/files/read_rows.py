"""From the rows of a file to columns of values: one block a sheet, several blocks where a row is wide.

The rules this module keeps:

1. A block says which sheet its rows belong to and from which columns of the file each field comes; a sheet
   read under its own headers and a mapped spreadsheet take the same way.
2. Empty rows are skipped, rows of totals are skipped with a notice, and no other row is ever dropped
   silently.
3. Memory holds one chunk of rows and the columns made so far.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from mingshi.files.case import Origin, Table
from mingshi.files.columns import ColumnReader, absent_value
from mingshi.files.format import Sheet
from mingshi.files.headers import Header, bare
from mingshi.files.mask import masked
from mingshi.files.problem import CellError, Findings, Problem, problem
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
        """The field's cells of a chunk."""
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


class RowReader:
    """Reads the rows of one file into the tables of its blocks."""

    def __init__(self, label: str, blocks: Sequence[Block], times: TimeReader, findings: Findings) -> None:
        self._label = label
        self._findings = findings
        self._growing = [_start(block, times) for block in blocks]

    def read(self, chunks: Iterable[Chunk], header: Header) -> list[Table]:
        """The tables; bad cells go to the findings' problems, skipped totals to their notices."""
        self.take(chunks, header)
        return self.tables()

    def take(self, chunks: Iterable[Chunk], header: Header) -> None:
        """Read some rows."""
        width = len(header.names)
        for chunk in chunks:
            numbers: Sequence[int] = range(chunk.first, chunk.first + chunk.length)
            columns: Sequence[Sequence[str]] | None = chunk.columns
            if columns is None or len(columns) != width or chunk.first <= header.end:
                below = max(0, header.end + 1 - chunk.first)
                rows, numbers = self._even(chunk.as_rows()[below:], numbers[below:], width)
                columns = list(zip(*rows, strict=True))
            if numbers:
                for each in self._growing:
                    self._grow(each, columns, numbers)

    def taken(self) -> tuple[dict[str, list[object]], list[int]]:
        """The columns and row numbers of a single block, as far as they were read."""
        (growing,) = self._growing
        return growing.columns, growing.rows

    def append(self, columns: Mapping[str, list[object]], rows: Sequence[int]) -> None:
        """Put rows of a single block behind those that were read."""
        (growing,) = self._growing
        for name, column in columns.items():
            growing.columns[name] += column
        growing.rows += rows

    def tables(self) -> list[Table]:
        """What the rows came to."""
        for each in self._growing:
            if each.left_out:
                needed = "、".join(each.block.needed)
                sheet = each.block.sheet.name
                told = problem(self._label, "rows_left_out", count=each.left_out, sheet=sheet, headers=needed)
                self._findings.notices.add(told)
        return [_finished(each, self._label) for each in self._growing]

    def _even(self, rows: Sequence[list[str]], numbers: Sequence[int], width: int) -> tuple[list[list[str]], list[int]]:
        """Rows of equal length: empty ones go, short ones are filled, long ones have empty cells beyond."""
        kept: list[list[str]] = []
        kept_numbers: list[int] = []
        for row, number in zip(rows, numbers, strict=True):
            even = row
            if len(row) != width:
                if not any(map(str.strip, row)):
                    continue
                if any(map(str.strip, row[width:])):
                    self._findings.problems.add(problem(self._label, "extra_cells", row=number))
                even = row[:width] + [""] * (width - len(row))
            kept.append(even)
            kept_numbers.append(number)
        return kept, kept_numbers

    def _grow(self, growing: _Growing, columns: Sequence[Sequence[str]], numbers: Sequence[int]) -> None:
        block = growing.block
        if block.when:
            kept = self._chosen(growing, columns, numbers)
            columns = [[column[index] for index in kept] for column in columns]
            numbers = [numbers[index] for index in kept]
        values: dict[str, list[object]] = {}
        bad: dict[int, list[tuple[str, str, CellError]]] = {}
        for name, pick in block.picks.items():
            cells = pick.cells(columns, len(numbers))
            values[name], faults = growing.readers[name].read(cells)
            for index, error in faults:
                bad.setdefault(index, []).append((name, cells[index], error))
        dropped = {index for index, faults in bad.items() if self._skipped(columns, numbers, index)}
        for index in sorted(bad.keys() - dropped):
            self._report(block, numbers[index], bad[index])
        if dropped:
            numbers = [number for index, number in enumerate(numbers) if index not in dropped]
        for name, column in values.items():
            growing.columns[name] += (
                [value for index, value in enumerate(column) if index not in dropped] if dropped else column
            )
        growing.rows += numbers

    def _chosen(self, growing: _Growing, columns: Sequence[Sequence[str]], numbers: Sequence[int]) -> list[int]:
        """The rows in which nothing is empty that the block's records need."""
        kept = []
        for index, cells in enumerate(zip(*(columns[place] for place in growing.block.when), strict=True)):
            if all(map(str.strip, cells)) and not _is_total(columns, index):
                kept.append(index)
            elif not self._skipped(columns, numbers, index):
                growing.left_out += 1
        return kept

    def _skipped(self, columns: Sequence[Sequence[str]], numbers: Sequence[int], index: int) -> bool:
        """Whether a row is empty, or one of totals."""
        if not any(column[index].strip() for column in columns):
            return True
        if _is_total(columns, index):
            self._findings.notices.add(problem(self._label, "total_row", row=numbers[index]))
            return True
        return False

    def _report(self, block: Block, row: int, faults: Iterable[tuple[str, str, CellError]]) -> None:
        personal = {column.field for column in block.sheet.columns if column.personal}
        for name, cell, error in faults:
            value = masked(cell, personal=name in personal)
            header = block.headers.get(name, name)
            told = Problem(self._label, row, header, value, error.code, error.args_of_text)
            self._findings.problems.add(told)


def _start(block: Block, times: TimeReader) -> _Growing:
    by_field = {column.field: column for column in block.sheet.columns}
    readers = {name: ColumnReader(block.sheet, by_field[name], times) for name in block.picks}
    return _Growing(block=block, readers=readers, columns={name: [] for name in block.picks})


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
