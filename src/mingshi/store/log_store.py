"""The log's `Store` inside the site's database (`ledger.store`).

The rules this module keeps are those of `ledger.store.Store`; besides:

1. `append` takes part in the transaction that is open on the connection it is given: entries, promises and head
   become durable with the facts, or not at all.
2. Reading goes over a connection of its own, so it sees what is committed and blocks no writer.
3. Each entry keeps the largest complete subtree that ends with it: the unsigned head of any size is put together from
   a few of them, so promises go out at once after a start; the tree is rebuilt and compared with it before anything is
   signed. For entries older than that `head` keeps the right edge at which it began (docs/adr/0015).
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Final, final

from sqlalchemy import insert
from sqlalchemy.engine import Connection
from sqlcipher3 import dbapi2

from mingshi.kernel.timeline import Micros
from mingshi.ledger.store import Batch
from mingshi.ledger.tree import Frontier, ends
from mingshi.ledger.verify import Checkpoint, Note
from mingshi.store.errors import RefusedStartError
from mingshi.store.schema import CHECKPOINT
from mingshi.store.triggers import NOT_DENSE

_CHUNK: Final = 5_000
_HASH: Final = 32
Connect = Callable[[], Any]


@final
class DatabaseLog:
    """The `Store` of a site. `connect` makes a driver's connection for reading; `write` runs one transaction."""

    def __init__(self, connect: Connect, write: Callable[[Callable[[Connection], None]], None]) -> None:
        self._connect = connect
        self._write = write

    def frontier(self) -> Frontier:
        """A copy of the right edge, from the file."""
        with closing(self._connect()) as connection:
            return frontier_in(connection)

    def append(self, batch: Batch) -> None:
        """Not this way: facts and entries share a transaction (`append_in`)."""
        raise NotImplementedError("entries are appended in the transaction of their facts")

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries, read back in pieces, so that no reader holds the write-ahead log for long."""
        with closing(self._connect()) as connection:
            for first in range(start, end, _CHUNK):
                rows = connection.execute(
                    "SELECT body FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq", (first, min(first + _CHUNK, end))
                ).fetchall()
                for (body,) in rows:
                    yield body

    def promise(self, index: int) -> str:
        """The promise given for an entry."""
        return self._one("SELECT promise FROM entry WHERE seq = ?", index) or ""

    def publish(self, note: str) -> None:
        """Keep a signed checkpoint, durable when this returns."""
        size = Checkpoint.parse(Note.parse(note).text).size
        self._write(lambda connection: _keep(connection, size, note))

    def published(self) -> str | None:
        """The newest: of the largest size, the last."""
        return self._one("SELECT note FROM checkpoint ORDER BY size DESC, id DESC LIMIT 1")

    def published_without(self, index: int) -> Iterator[str]:
        """Whose tree does not hold the entry yet, newest first."""
        yield from self._notes("size <= ? ORDER BY size DESC, id DESC", index)

    def published_with(self, index: int) -> Iterator[str]:
        """Whose tree holds it, oldest first."""
        yield from self._notes("size > ? ORDER BY size, id", index)

    def _notes(self, condition: str, index: int) -> Iterator[str]:
        with closing(self._connect()) as connection:
            for (number,) in connection.execute(f"SELECT id FROM checkpoint WHERE {condition}", (index,)).fetchall():
                yield connection.execute("SELECT note FROM checkpoint WHERE id = ?", (number,)).fetchone()[0]

    def _one(self, sql: str, *arguments: object) -> str | None:
        with closing(self._connect()) as connection:
            row = connection.execute(sql, arguments).fetchone()
        return None if row is None else str(row[0])


def frontier_in(connection: Any) -> Frontier:
    """The right edge of the tree over all entries, in a snapshot or on a connection of its own.

    Raises `RefusedStartError` where an entry that it needs is not there, or holds no edge.
    """
    execute = connection.execute
    (size,) = execute("SELECT coalesce(max(seq) + 1, 0) FROM entry").fetchone()
    edges = before(connection)
    for end in ends(size):
        if end not in edges:
            row = execute("SELECT edge FROM entry WHERE seq = ?", (end - 1,)).fetchone()
            if row is None or len(row[0]) != _HASH:
                raise RefusedStartError(
                    "damaged_log",
                    f"日志第 {end - 1} 条缺失，或缺它的树缘：文件被人动过，或已损坏。请保留原件作证，用备份恢复。",
                    f"Entry {end - 1} of the log is missing, or holds no edge of the tree: the file was tampered with "
                    "or is damaged. Keep the original as evidence and restore a backup.",
                )
            edges[end] = row[0]
    return Frontier(size, [edges[end] for end in ends(size)])


def before(connection: Any) -> dict[int, bytes]:
    """The edges of a log that was begun before its entries held them, by where each ends; of another log none."""
    row = connection.execute("SELECT size, peaks FROM head").fetchone()
    if row is None:
        return {}
    size, peaks = row
    return dict(zip(ends(size), (peaks[at : at + _HASH] for at in range(0, len(peaks), _HASH)), strict=False))


def last_sealed(connection: Any) -> Micros:
    """When the last entry was sealed; 0 where there is none."""
    row = connection.execute("SELECT sealed_at FROM fact ORDER BY seq DESC LIMIT 1").fetchone()
    return Micros(0 if row is None else row[0])


def append_in(connection: Any, batch: Batch) -> None:
    """Entries, promises and the unsigned head, in the open transaction of a driver's connection.

    Plain SQL: this is in the way of every answer, and `bench record` asks for it. Raises `ValueError` where the file's
    entries do not end where the batch begins.
    """
    rows = [
        (batch.first + at, row.entry, row.promise, edge)
        for at, (row, edge) in enumerate(zip(batch.rows, batch.edges, strict=True))
    ]
    try:
        connection.executemany("INSERT INTO entry (seq, body, promise, edge) VALUES (?, ?, ?, ?)", rows)
    except dbapi2.IntegrityError as error:
        if str(error) != NOT_DENSE:
            raise
        raise ValueError(f"a batch from {batch.first}, and the file's entries end elsewhere") from error


def _keep(connection: Connection, size: int, note: str) -> None:
    connection.execute(insert(CHECKPOINT), {"size": size, "note": note})
