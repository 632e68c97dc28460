"""A case in memory: what is known of the project, and a table for every sheet of the format.

The rules this module keeps:

1. Tables are columnar: a million rows are fourteen lists, and records are made only when somebody asks for
   them.
2. Two cases are equal when they say the same: where a row stood in which file is not compared.
3. Nothing here can be told from how the case was written: a folder and a workbook of the same rows are
   equal.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, final

from mingshi.files.columns import absent_value
from mingshi.files.format import BY_NAME, FORMAT_VERSION, SHEETS, Sheet
from mingshi.files.problem import Problem
from mingshi.files.source import Input
from mingshi.kernel.timeline import Micros, Zone

CHINA: Final = Zone(480)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInfo:
    """What case.toml, or the sheet `case` of a workbook, says."""

    format_version: int = FORMAT_VERSION
    project: str = ""
    zone: Zone = CHINA
    opened_at: Micros | None = None
    """When the project opened for sale; nothing can be sold before."""
    as_of: Micros | None = None
    """The cut: what happened later is not looked at. None: everything."""
    policy: str = ""
    """`classic`, `open`, a path inside the case, or "" where the case does not say."""
    basis: str = ""
    """The lawful basis on which the contacts were collected, as the case states it."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Sheet → where its file came from."""


class Origin(NamedTuple):
    """The rows of a table from `first` on came from `label`."""

    first: int
    label: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet's rows, column by column in the order of the record's fields."""

    sheet: Sheet
    columns: dict[str, list[object]]
    """Field → values, all of the same length. Not to be changed: absent columns share lists."""
    present: frozenset[str] = frozenset()
    """Fields that a source had a column for."""
    rows: Sequence[int] = field(default=(), compare=False)
    """Row number in its source, for messages."""
    origins: tuple[Origin, ...] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.columns[self.sheet.columns[0].field])

    def record(self, index: int) -> tuple[object, ...]:
        """One row as its record."""
        return self.sheet.record(*(column[index] for column in self.columns.values()))

    def records(self) -> Iterator[tuple[object, ...]]:
        """All rows as records."""
        make = getattr(self.sheet.record, "_make")  # noqa: B009 - every record is a NamedTuple
        return map(make, zip(*self.columns.values(), strict=True))

    def where(self, index: int) -> tuple[str, int | None]:
        """The source and row number of a row; None where it was not read from a file."""
        if not self.rows:
            return self.sheet.name, None
        origin = self.origins[bisect_right(self.origins, index, key=lambda each: each.first) - 1]
        return origin.label, self.rows[index]

    def without(self, indexes: Iterable[int]) -> "Table":
        """The table without some of its rows."""
        dropped = set(indexes)
        if not dropped:
            return self
        kept = [index for index in range(len(self)) if index not in dropped]
        starts = [bisect_right(kept, origin.first - 1) for origin in self.origins]
        return Table(
            sheet=self.sheet,
            columns={name: [column[index] for index in kept] for name, column in self.columns.items()},
            present=self.present,
            rows=[self.rows[index] for index in kept] if self.rows else (),
            origins=tuple(Origin(start, origin.label) for start, origin in zip(starts, self.origins, strict=True)),
        )


def empty_table(sheet: Sheet) -> Table:
    """No rows."""
    return Table(sheet=sheet, columns={column.field: [] for column in sheet.columns})


def table_of(sheet: str, records: Iterable[tuple[object, ...]], present: Iterable[str] = ()) -> Table:
    """A table of records, for what makes cases itself. `present`: by default the columns that hold any."""
    wanted = BY_NAME[sheet]
    columns = {column.field: list[object]() for column in wanted.columns}
    for column, values in zip(columns.values(), zip(*records, strict=True), strict=False):
        column.extend(values)
    absent = {column.field: absent_value(wanted, column) for column in wanted.columns}
    held = {name for name, values in columns.items() if any(value != absent[name] for value in values)}
    required = {column.field for column in wanted.columns if column.required}
    return Table(sheet=wanted, columns=columns, present=frozenset(present) or frozenset(held | required))


@final
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case:
    """Everything that was read."""

    info: CaseInfo
    tables: Mapping[str, Table]
    """Every sheet of the format, empty where the case has none."""
    policies: Mapping[str, str] = field(default_factory=dict)
    """File name → text of the policies that came as TOML; they are data here, whoever judges reads them."""
    inputs: tuple[Input, ...] = field(default=(), compare=False)
    rejected: tuple[Problem, ...] = field(default=(), compare=False)
    """Rows that are impossible by themselves; they are in no table."""
    notices: tuple[Problem, ...] = field(default=(), compare=False)

    def __repr__(self) -> str:
        present = [table for table in self.tables.values() if table.present]
        return f"Case({self.info}, {present}, {self.policies})"

    def has(self, sheet: str) -> bool:
        """Whether the case has this sheet at all, be it empty."""
        return bool(self.tables[sheet].present)


def case_of(info: CaseInfo, tables: Iterable[Table]) -> Case:
    """A case of these tables; sheets not given are absent."""
    return Case(info=info, tables={**_NO_TABLES, **{table.sheet.name: table for table in tables}})


_NO_TABLES: Final = {sheet.name: empty_table(sheet) for sheet in SHEETS}
