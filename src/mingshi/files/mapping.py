"""A saved map: how the headers of an office's own spreadsheet become columns of the format.

The rules this module keeps:

1. A map names headers, sheets and constants only; it never holds a value of the file, so it may be sent
   around.
2. A column of a trait is not read, whatever the map says (L-20).
3. A map that no longer fits its file is refused with what is missing, not followed half-way.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from mingshi.files.forbidden import is_trait
from mingshi.files.format import BY_NAME, Column, Kind
from mingshi.files.headers import bare, in_ten_thousands
from mingshi.files.problem import Problems, problem
from mingshi.files.read_rows import Block, Pick

MAP_SUFFIX: Final = ".map.toml"
OF_ROW: Final = "@row"
"""Instead of a header: an id made from the whole row, by which its records refer to each other."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MappedRows:
    """One kind of record that each row of a table makes."""

    table: str
    """The worksheet; "" in a CSV file."""
    sheet: str
    columns: Mapping[str, tuple[str, ...]]
    """Column of the format → headers of the file (several are joined) or `@row`."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Column of the format → the same text in every row."""
    when: tuple[str, ...] = ()
    """Headers that must not be empty in a row for it to make a record."""


def toml_of(rows: Sequence[MappedRows]) -> str:
    """The map as TOML, to be edited by hand."""
    lines = ["# mingshi map 所写，可手工修改；说明见 docs/formats/case.md", "format = 1", ""]
    for each in rows:
        lines += ["[[rows]]", f"table = {_quoted(each.table)}", f"sheet = {_quoted(each.sheet)}"]
        if each.when:
            lines.append(f"when = [{', '.join(map(_quoted, each.when))}]")
        for name, headers in each.columns.items():
            text = _quoted(headers[0]) if len(headers) == 1 else f"[{', '.join(map(_quoted, headers))}]"
            lines.append(f"columns.{name} = {text}")
        lines += [f"values.{name} = {_quoted(text)}" for name, text in each.values.items()]
        lines.append("")
    return "\n".join(lines)


def rows_of(data: Mapping[str, object], label: str, problems: Problems) -> list[MappedRows]:
    """A parsed map; what is wrong with it goes to `problems`."""
    found = data.get("rows")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        problems.add(
            problem(label, "wrong_type", column="rows", wanted_zh="[[rows]] 列表", wanted_en="a list [[rows]]")
        )
        return []
    result = []
    for each in found:
        columns = {str(name): _texts(value) for name, value in _table(each.get("columns")).items()}
        values = {str(name): str(value) for name, value in _table(each.get("values")).items()}
        rows = MappedRows(
            table=str(each.get("table", "")),
            sheet=str(each.get("sheet", "")),
            columns=columns,
            values=values,
            when=_texts(each.get("when", [])),
        )
        if rows.sheet not in BY_NAME:
            problems.add(problem(label, "map_unknown_sheet", column="sheet", name=rows.sheet))
            continue
        known = {column.header for column in BY_NAME[rows.sheet].columns}
        for name in (*columns, *values):
            if name not in known:
                problems.add(problem(label, "map_unknown_column", column=name, name=name, sheet=rows.sheet))
        result.append(rows)
    return result


def block_of(rows: MappedRows, names: Sequence[str], label: str, problems: Problems) -> Block:
    """How to read these rows from a table with these headers; missing ones go to `problems`."""
    places = {bare(name): index for index, name in reversed(list(enumerate(names))) if name}
    sheet = BY_NAME[rows.sheet]
    picks: dict[str, Pick] = {}
    headers: dict[str, str] = {}

    def place(header: str) -> int:
        if is_trait(header):
            problems.add(problem(label, "map_trait", column=header))
        if bare(header) not in places:
            problems.add(problem(label, "map_header_missing", column=header, name=header))
        return places.get(bare(header), 0)

    for column in sheet.columns:
        if (wanted := rows.columns.get(column.header)) is not None:
            headers[column.field] = " + ".join(wanted)
            picks[column.field] = (
                Pick(of_row=True)
                if wanted == (OF_ROW,)
                else Pick(indexes=tuple(map(place, wanted)), suffix=unit_of(column, wanted))
            )
        elif column.header in rows.values:
            headers[column.field] = column.header
            picks[column.field] = Pick(constant=rows.values[column.header])
        elif column.required and column.kind is not Kind.KEY:
            problems.add(problem(label, "missing_column", name=f"{column.chinese[0]} ({sheet.name}.{column.header})"))
    when = tuple(map(place, rows.when))
    return Block(sheet=sheet, picks=picks, headers=headers, when=when, needed=rows.when)


def unit_of(column: Column, headers: Sequence[str]) -> str:
    """What to put after every cell: 万, where the header says that amounts are in ten thousand yuan."""
    return "万" if column.kind is Kind.YUAN and len(headers) == 1 and in_ten_thousands(headers[0]) else ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(value: object) -> Mapping[object, object]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return (str(value),)
