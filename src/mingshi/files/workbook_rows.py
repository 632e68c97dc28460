"""Rows of a worksheet, every cell as the text it would have in a CSV file.

The rules this module keeps:

1. A cell's text does not depend on how the spreadsheet stored it: the number 16000000001 and the text
   `16000000001` are one, a date cell is its ISO date. So a folder and a workbook of the same rows read
   alike.
2. Numbers are given with the fifteen digits a spreadsheet keeps; the rest is the noise of binary fractions.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO, Final, TypeAlias

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from mingshi.files.limits import MAX_COLUMNS, MAX_SHEET_ROWS
from mingshi.files.problem import BadInputError, Problem, problem
from mingshi.files.source import Chunk
from mingshi.files.text import undone
from mingshi.files.workbook_guard import SheetFacts, inspect, problems_of

_ROWS_A_CHUNK: Final = 8_192
_EXACT_FLOAT: Final = 10**15

Cell: TypeAlias = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class WorkbookGrid:
    """One worksheet."""

    def __init__(self, book: CalamineWorkbook, facts: SheetFacts, label: str, *, hidden: bool) -> None:
        self.label = f"{label}[{facts.name}]"
        self.name = facts.name
        self.facts = facts
        self.hidden = hidden
        self._book = book

    def chunks(self) -> Iterator[Chunk]:
        """All rows; raises `BadInputError` where the sheet cannot be read or is too large."""
        try:
            sheet: CalamineSheet = self._book.get_sheet_by_name(self.name)
        except (CalamineError, ValueError):
            raise BadInputError([problem(self.label, "workbook_damaged", reason="XML")]) from None
        if sheet.total_width > MAX_COLUMNS:
            raise BadInputError([problem(self.label, "too_many_columns", limit=MAX_COLUMNS)])
        if sheet.total_height > MAX_SHEET_ROWS:
            raise BadInputError([problem(self.label, "too_many_rows", limit=MAX_SHEET_ROWS)])
        rows = sheet.iter_rows()
        first = 1
        while taken := list(islice(rows, _ROWS_A_CHUNK)):
            rows_of_text = [[_TEXT[type(cell)](cell) for cell in row] for row in taken]
            yield Chunk(first, len(taken), rows_of_text, None)
            first += len(taken)

    def refusals(self, header_row: int) -> Iterator[Problem]:
        """What forbids reading it, given the row where the header ends."""
        return problems_of(self.facts, self.label, header_row)

    def notices(self) -> Iterator[Problem]:
        """What its owner may not be aware of."""
        if self.hidden:
            yield problem(self.label, "hidden_sheet")
        if self.facts.hidden_rows:
            yield problem(self.label, "hidden_rows")


def worksheets(file: BinaryIO, label: str) -> tuple[WorkbookGrid, ...]:
    """The worksheets of a workbook, after its container was inspected."""
    facts = inspect(file, label)
    file.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(file)
        visible = {each.name: each.visible is SheetVisibleEnum.Visible for each in book.sheets_metadata}
    except (CalamineError, ValueError, OSError):
        raise BadInputError([problem(label, "workbook_damaged", reason="XML")]) from None
    names = [each.name for each in facts]
    if len(set(names)) != len(names):
        raise BadInputError([problem(label, "workbook_damaged", reason="sheet names")])
    return tuple(
        WorkbookGrid(book, each, label, hidden=not visible[each.name]) for each in facts if each.name in visible
    )


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT_FLOAT:
        return str(int(value))
    return f"{value:.15g}"


def _moment(value: dt.datetime) -> str:
    return value.isoformat(" ")


_TEXT: Final[dict[type, Callable[..., str]]] = {
    str: undone,
    int: str,
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    dt.datetime: _moment,
    dt.date: dt.date.isoformat,
    dt.time: dt.time.isoformat,
    dt.timedelta: str,
}
