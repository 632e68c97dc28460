"""The log's `Store` inside the site's database (`ledger.store`).

The rules this module keeps are those of `ledger.store.Store`; besides:

1. `append` takes part in the transaction that is open on the connection it is given: entries, promises and head
   become durable with the facts, or not at all.
2. Reading goes over a connection of its own, so it sees what is committed and blocks no writer.
3. The head keeps the tree's right edge: promises go out at once after a start; the tree is rebuilt and compared
   with it before anything is signed.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, Final, final

from sqlalchemy import insert
from sqlalchemy.engine import Connection

from mingshi.kernel.timeline import Micros
from mingshi.ledger.store import Batch
from mingshi.ledger.tree import Frontier
from mingshi.ledger.verify import Checkpoint, Note
from mingshi.store.schema import CHECKPOINT

_CHUNK: Final = 5_000
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
            row = connection.execute("SELECT size, peaks FROM head").fetchone()
        return frontier_of(row)

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


def frontier_of(row: tuple[int, bytes] | None) -> Frontier:
    """The right edge that a head keeps."""
    if row is None:
        return Frontier()
    size, peaks = row
    return Frontier(size, [peaks[at : at + 32] for at in range(0, len(peaks), 32)])


def append_in(connection: Any, batch: Batch, now: Micros) -> None:
    """Entries, promises and the unsigned head, in the open transaction of a driver's connection.

    Plain SQL: this is in the way of every answer, and `bench record` asks for it. Raises `ValueError` where the file's
    head is not the one that the batch begins at.
    """
    head = (batch.frontier.size, b"".join(batch.frontier.peaks), now)
    if batch.first == 0:
        connection.execute("INSERT INTO head (id, size, peaks, sealed_at) VALUES (1, ?, ?, ?)", head)
    else:
        sql = "UPDATE head SET size = ?, peaks = ?, sealed_at = ? WHERE size = ?"
        if connection.execute(sql, (*head, batch.first)).rowcount != 1:
            raise ValueError(f"a batch from {batch.first}, and the file's head is another")
    rows = [(batch.first + at, row.entry, row.promise) for at, row in enumerate(batch.rows)]
    connection.executemany("INSERT INTO entry (seq, body, promise) VALUES (?, ?, ?)", rows)


def _keep(connection: Connection, size: int, note: str) -> None:
    connection.execute(insert(CHECKPOINT), {"size": size, "note": note})
