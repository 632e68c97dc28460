"""One large CSV file, read by two processes: this one the rows above a cut, another those below it.

The rules this module keeps:

1. Nobody can tell it from one process reading alone: same values, same problems in the same order (a test compares).
2. What the other process read comes back as columns in CPython's own plain encoding where they are plain, since
   nothing else is as fast; it never leaves the pipe between the two.
3. If the other process does not come to an end, this one reads its rows too.
"""

import marshal
import multiprocessing
import pickle
from multiprocessing.connection import Connection
from typing import Final, NamedTuple, cast

from mingshi.files.case import Table
from mingshi.files.csv_rows import CsvGrid, Cut
from mingshi.files.headers import Header
from mingshi.files.problem import BadInputError, Findings, Problem
from mingshi.files.read_rows import Block, RowReader
from mingshi.files.times import TimeReader

OWN_SHARE: Final = 0.52
"""Of the rows; whoever takes the other's over reads the less."""


def read_in_two(
    grid: CsvGrid, cut: Cut, block: Block, header: Header, times: TimeReader, findings: Findings
) -> list[Table]:
    """The table of a file. Raises `BadInputError`."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    other = context.Process(target=_read_below, args=(theirs, grid, cut, block, header, times), daemon=True)
    other.start()
    theirs.close()
    try:
        reader = RowReader(grid.label, [block], times, findings)
        reader.take(grid.before(cut), header)
        below = _received(ours)
        if below is None:
            reader.take(grid.behind(cut), header)
        else:
            findings.go_on(below.findings)
            if below.error:
                raise BadInputError(below.error)
            reader.append(below.columns, below.rows)
        return reader.tables()
    finally:
        ours.close()
        other.terminate()
        other.join()


class _Below(NamedTuple):
    """What the other process found and read."""

    findings: Findings
    error: tuple[Problem, ...]
    columns: dict[str, list[object]]
    rows: list[int]


def _read_below(to: Connection, grid: CsvGrid, cut: Cut, block: Block, header: Header, times: TimeReader) -> None:
    """What the other process does."""
    findings = Findings()
    reader = RowReader(grid.label, [block], times, findings)
    error: tuple[Problem, ...] = ()
    try:
        reader.take(grid.behind(cut), header)
    except BadInputError as bad:
        error = bad.problems
    columns, rows = reader.taken()
    plain: list[bytes] = []
    other: dict[str, list[object]] = {}
    for name, column in {} if error else columns.items():
        try:
            plain.append(marshal.dumps((name, column)))
        except ValueError:  # words, and times that are days
            other[name] = column
    to.send_bytes(pickle.dumps((len(plain), _Below(findings, error, other, rows))))
    for each in plain:
        to.send_bytes(each)
    to.close()


def _received(there: Connection) -> _Below | None:
    """What the other process sends; None where it came to no end."""
    try:
        plain, below = pickle.loads(there.recv_bytes())  # noqa: S301 - from our own process
        for _ in range(plain):
            name, column = marshal.loads(there.recv_bytes())  # noqa: S302 - from our own process
            below.columns[name] = column
    except EOFError:
        return None
    return cast("_Below", below)
