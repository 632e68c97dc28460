"""Writing a case as a folder of CSV files or as a workbook.

The rules this module keeps:

1. `read_case` of what was written here is the case that was written: every value, every column that was
   present, every sheet that was there, be it empty.
2. Nothing written can become a formula, in Excel, WPS or a CSV opened in them: texts that a spreadsheet
   would run stand behind an apostrophe (`text.defused`), and in a workbook every text is a text cell in
   text format.
3. All or nothing: a case is written beside its place and moved there when it is whole; nothing is
   overwritten.
4. The same case gives the same bytes.
"""

import csv
import datetime as dt
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import xlsxwriter

from mingshi.files.case import Case, Table
from mingshi.files.cells import cell_writer
from mingshi.files.format import SHEETS, Column, Kind
from mingshi.files.found import POLICIES_FOLDER, POLICY_SHEET
from mingshi.files.info import INFO_NAME, KEYS, SOURCES, written_info
from mingshi.files.limits import MAX_SHEET_ROWS
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError, problem
from mingshi.files.text import defused
from mingshi.kernel.timeline import Zone

_ROWS_AT_ONCE: Final = 10_000
_EXACT_DIGITS: Final = 15
"""A spreadsheet's numbers keep so many digits; longer ones are written as text."""
_NO_MOMENT: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""A workbook says when it was made; ours says the same always."""
_NUMBERS: Final = frozenset({Kind.WHOLE, Kind.YUAN})
_COLUMN_WIDTH: Final = 20


def write_folder(case: Case, path: Path, language: Language = "en") -> None:
    """Write a folder of CSV files (UTF-8 with byte-order mark, as Excel and WPS want it)."""
    with _beside(path) as folder:
        folder.mkdir()
        (folder / f"{INFO_NAME}.toml").write_text(_toml(case), encoding="utf-8")
        for sheet in SHEETS:
            if case.has(sheet.name):
                _write_csv(folder / f"{sheet.name}.csv", case.tables[sheet.name], case.info.zone, language)
        if case.policies:
            (folder / POLICIES_FOLDER).mkdir()
            for name, text in case.policies.items():
                (folder / POLICIES_FOLDER / name).write_text(text, encoding="utf-8", newline="\n")


def write_workbook(case: Case, path: Path, language: Language = "en") -> None:
    """Write one .xlsx workbook. Raises `BadInputError` where a table has more rows than a worksheet."""
    too_long = [table for table in case.tables.values() if len(table) >= MAX_SHEET_ROWS]
    if too_long:
        raise BadInputError(
            problem(table.sheet.name, "too_many_rows_for_workbook", rows=len(table)) for table in too_long
        )
    with _beside(path) as file:
        book = xlsxwriter.Workbook(
            str(file), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        book.set_properties({"created": _NO_MOMENT})
        # quote_prefix is the apostrophe by which a spreadsheet itself marks a text that looks like a formula.
        text = book.add_format({"num_format": "@", "quote_prefix": True})
        head = book.add_format({"bold": True, "num_format": "@"})
        _write_pairs(book.add_worksheet(INFO_NAME), [("key", "value"), *_sheet_info(case, language)], text)
        for sheet in SHEETS:
            if case.has(sheet.name):
                name = sheet.chinese[0] if language == "zh" else sheet.name
                _write_sheet(
                    book.add_worksheet(name),
                    case.tables[sheet.name],
                    case.info.zone,
                    language,
                    text=text,
                    head=head,
                )
        if case.policies:
            lines = [(name, line) for name, body in case.policies.items() for line in body.split("\n")]
            _write_pairs(book.add_worksheet(POLICY_SHEET), [("file", "line"), *lines], text)
        book.close()


def _columns(table: Table) -> list[Column]:
    """The columns to write: those that were there."""
    return [column for column in table.sheet.columns if column.field in table.present]


def _header(column: Column, language: Language) -> str:
    return column.chinese[0] if language == "zh" else column.header


def _rows(table: Table, zone: Zone, language: Language) -> Iterator[Sequence[str]]:
    columns = _columns(table)
    writers = [cell_writer(table.sheet, column, zone, language) for column in columns]
    values = [iter(table.columns[column.field]) for column in columns]
    for _ in range(0, len(table), _ROWS_AT_ONCE):
        cells = [
            _defused(column, list(map(write, islice(some, _ROWS_AT_ONCE))))
            for column, write, some in zip(columns, writers, values, strict=True)
        ]
        yield from zip(*cells, strict=True)


def _defused(column: Column, cells: list[str]) -> list[str]:
    # A negative number is a number to a spreadsheet, and stays one.
    return cells if column.kind in _NUMBERS else list(map(defused, cells))


def _write_csv(path: Path, table: Table, zone: Zone, language: Language) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_header(column, language) for column in _columns(table)])
        writer.writerows(_rows(table, zone, language))


def _write_sheet(
    sheet: "xlsxwriter.worksheet.Worksheet",
    table: Table,
    zone: Zone,
    language: Language,
    *,
    text: object,
    head: object,
) -> None:
    columns = _columns(table)
    sheet.set_column(0, len(columns) - 1, _COLUMN_WIDTH)
    sheet.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        sheet.write_string(0, index, _header(column, language), head)
    write: list[Callable[[int, int, str], object]] = [
        (lambda row, index, cell: _write_number(sheet, row, index, cell, text))
        if column.kind in _NUMBERS
        else (lambda row, index, cell: sheet.write_string(row, index, cell, text))
        for column in columns
    ]
    for row, cells in enumerate(_rows(table, zone, language), start=1):
        for index, cell in enumerate(cells):
            if cell:
                write[index](row, index, cell)


def _write_number(sheet: "xlsxwriter.worksheet.Worksheet", row: int, index: int, cell: str, text: object) -> None:
    if len(cell) <= _EXACT_DIGITS:
        sheet.write_number(row, index, float(cell))
    else:
        sheet.write_string(row, index, cell, text)


def _write_pairs(sheet: "xlsxwriter.worksheet.Worksheet", rows: Sequence[tuple[str, str]], text: object) -> None:
    sheet.set_column(0, 1, _COLUMN_WIDTH * 2)
    for row, cells in enumerate(rows):
        for index, cell in enumerate(cells):
            if cell:
                sheet.write_string(row, index, defused(cell), text)


def _sheet_info(case: Case, language: Language) -> list[tuple[str, str]]:
    return [(KEYS.get(key, key) if language == "zh" else key, value) for key, value in written_info(case.info).items()]


def _toml(case: Case) -> str:
    """case.toml: plain keys first, then the tables they are parts of."""
    values = written_info(case.info)
    lines = [f"{key} = {_toml_value(key, value)}" for key, value in values.items() if "." not in key]
    for table in ("project", SOURCES):
        inside = [(key.partition(".")[2], value) for key, value in values.items() if key.startswith(table + ".")]
        if inside:
            lines += ["", f"[{table}]", *(f"{key} = {_toml_value(key, value)}" for key, value in inside)]
    return "\n".join(lines) + "\n"


def _toml_value(key: str, value: str) -> str:
    # JSON's escapes are TOML's, but for DEL.
    return value if key == "format" else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A place to write to on the same disk, moved to `path` at the end, removed if anything fails."""
    if path.exists() or path.is_symlink():
        raise BadInputError([problem(path.name, "out_exists")])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as name:
            work = Path(name) / path.name
            yield work
            shutil.move(work, path)
    except OSError as error:
        raise BadInputError([problem(path.name, "not_readable", reason=error.strerror)]) from None
