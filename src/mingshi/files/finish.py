"""What can be done only when every row of every file has been read: tokens, keys, duplicates.

The rules this module keeps:

1. A row without an id gets one made from its own content, so that permuted files give the same ids.
2. Rows that are equal in everything are one row, with a notice. Rows with one id and different content are
   an error that names both: which of them is right, nobody but the office knows.
3. An id names one record in the whole case (deals and people have names of their own kind).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from mingshi.files.case import Table
from mingshi.files.format import BY_NAME, Kind
from mingshi.files.idcard import tokens_for
from mingshi.files.problem import Problems, problem

_OWN_NAMES: Final = frozenset({"deals", "agents", "staff", "policies"})
"""Sheets whose keys name something else than a record of evidence."""


def with_tokens(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Identity documents become tokens; no number is left."""
    fields = [
        (sheet.name, column.field)
        for sheet in BY_NAME.values()
        for column in sheet.columns
        if column.kind is Kind.ID_CARD and sheet.name in tables
    ]
    tokens = tokens_for(value for sheet, field in fields for value in tables[sheet].columns[field])
    result = dict(tables)
    if tokens:
        for sheet, field in fields:
            table = result[sheet]
            values = [tokens.get(value, value) for value in table.columns[field]]
            result[sheet] = _replaced(table, field, values)
    return result


def with_keys(table: Table) -> Table:
    """Every row has an id."""
    key = table.sheet.key
    if key.kind is not Kind.KEY or "" not in table.columns[key.field]:
        return table
    values = [
        value or _made_id(key.header, content)
        for value, content in zip(table.columns[key.field], _contents(table), strict=True)
    ]
    return _replaced(table, key.field, values)


def without_duplicates(table: Table, problems: Problems, notices: Problems) -> Table:
    """Equal rows are merged; one id with two contents goes to `problems`."""
    if table.sheet.key.kind is Kind.KEY:
        names = table.columns[table.sheet.key.field]
        if len(set(names)) == len(names):
            return table
    else:
        names = list(zip(*table.columns.values(), strict=True))
        if len(set(names)) == len(names):
            return table
    first: dict[object, int] = {}
    equal: list[int] = []
    for index, name in enumerate(names):
        other = first.setdefault(name, index)
        if other == index:
            continue
        if table.record(other) == table.record(index):
            equal.append(index)
        else:
            file, row = table.where(index)
            other_file, other_row = table.where(other)
            column = table.sheet.key.chinese[0]
            problems.add(
                problem(
                    file,
                    "id_twice",
                    row=row,
                    column=column,
                    value=str(name),
                    file_of=other_file,
                    other=other_row,
                )
            )
    if equal:
        file, row = table.where(equal[0])
        notices.add(problem(file, "merged_duplicates", row=row, count=len(equal)))
    return table.without(equal)


def check_ids(tables: Iterable[Table], problems: Problems) -> None:
    """No id of a record of evidence is used in two sheets."""
    keyed = [each for each in tables if each.sheet.key.kind is Kind.KEY and each.sheet.name not in _OWN_NAMES]
    keyed.sort(key=len)
    earlier: set[object] = set()
    apart = True
    for table in keyed:  # the largest last: it is looked through, not copied
        apart = apart and earlier.isdisjoint(table.columns[table.sheet.key.field])
        if table is not keyed[-1]:
            earlier.update(table.columns[table.sheet.key.field])
    if apart:
        return
    seen: dict[object, str] = {}
    for table in keyed:
        mine: list[object] = table.columns[table.sheet.key.field]
        for index, name in enumerate(mine):
            other = seen.setdefault(name, table.sheet.name)
            if other != table.sheet.name:
                file, row = table.where(index)
                column = table.sheet.key.chinese[0]
                problems.add(problem(file, "id_in_two_sheets", row=row, column=column, value=str(name), sheet=other))


def _made_id(header: str, content: tuple[object, ...]) -> str:
    """`REGISTRATION-` and 64 bits of the content's digest: two of a million rows agree once in 30 million."""
    digest = hashlib.sha256("\x1f".join(map(str, content)).encode()).hexdigest()
    return f"{header.upper()}-{digest[:16]}"


def _contents(table: Table) -> Iterator[tuple[object, ...]]:
    """What a row says apart from its id."""
    others = [values for name, values in table.columns.items() if name != table.sheet.key.field]
    return zip(*others, strict=True)


def _replaced(table: Table, field: str, values: Sequence[object]) -> Table:
    return Table(
        sheet=table.sheet,
        columns={**table.columns, field: list(values)},
        present=table.present | {field},
        rows=table.rows,
        origins=table.origins,
    )
