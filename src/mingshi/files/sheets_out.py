"""Tables for people: CSV for every program, XLSX for the office. Nothing written can become a formula.

The rules this module keeps:

1. A text that a spreadsheet would run stands behind an apostrophe in CSV, and is a text cell in XLSX.
2. Money is written as a number with two decimals; the fen is never lost, because amounts stay below 2**53 分.
3. The same rows give the same bytes.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias, final

import xlsxwriter

from mingshi.files.text import defused
from mingshi.kernel.fen import Fen, yuan_text

_NO_MOMENT: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_WIDEST: Final = 60


@final
class Money(NamedTuple):
    """A cell that is an amount."""

    fen: Fen


Cell: TypeAlias = str | int | Money | None


class OutSheet(NamedTuple):
    """A table with its header."""

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """One CSV file, UTF-8 with byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_text(cell) for cell in row] for row in rows)


def write_xlsx(path: Path, sheets: Iterable[OutSheet]) -> None:
    """One workbook."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": _NO_MOMENT})
    head = book.add_format({"bold": True, "bottom": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    whole = book.add_format({"num_format": "0", "valign": "top"})
    for out in sheets:
        sheet = book.add_worksheet(out.name)
        sheet.freeze_panes(1, 0)
        for column, width in enumerate(_widths(out)):
            sheet.set_column(column, column, width)
        for column, name in enumerate(out.header):
            sheet.write_string(0, column, name, head)
        for number, row in enumerate(out.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, Money):
                    # A spreadsheet's number is a double: exact to the fen below 2**53 fen.
                    sheet.write_number(number, column, cell.fen / 100, money)
                elif isinstance(cell, int):
                    sheet.write_number(number, column, cell, whole)
                elif cell:
                    sheet.write_string(number, column, cell, text)
        if out.rows:
            sheet.autofilter(0, 0, len(out.rows), len(out.header) - 1)
    book.close()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return yuan_text(cell.fen).replace(",", "")
    return str(cell) if isinstance(cell, int) else defused(cell)


def _widths(out: OutSheet) -> list[int]:
    """Columns as wide as what stands in their first rows; a Chinese character takes two places."""
    sample = [out.header, *out.rows[:200]]
    widths = []
    for column in range(len(out.header)):
        longest = max((_wide(_text(row[column])) for row in sample), default=8)
        widths.append(min(max(longest + 2, 8), _WIDEST))
    return widths


def _wide(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text.partition("\n")[0])
