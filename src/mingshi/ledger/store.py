"""Where a log keeps its entries, promises, unsigned head and published checkpoints.

`Store` is all that log and signer ask of storage. An implementer must keep, and a caller may rely on:

1. `append` is durable when it returns, or, in a database, when the caller's own transaction commits; the
   caller answers nobody before that. Rows, unsigned head and promises become durable together or not at all.
2. Rows are never changed or removed; `append` refuses a batch that does not start at `size`.
3. `entries` reads from the storage itself, not from a memory of what was written.
4. `publish` is durable when it returns; the newest published checkpoint is given back after any restart.
5. After an `OSError` of `append` or `publish` the store must be opened again.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, final

from mingshi.ledger.journal import CorruptError, Journal, Medium
from mingshi.ledger.tree import Frontier, leaf_hashes
from mingshi.ledger.verify import Checkpoint, Note, b64, unb64


class Row(NamedTuple):
    """One entry's canonical bytes and the signed promise that was given for it."""

    entry: bytes
    promise: str


class Batch(NamedTuple):
    """Rows sealed together, where they begin, and the tree's right edge after them: the unsigned head.

    `edges`: for each row the root of the largest complete subtree that ends with it. Those of a few rows make the right
    edge of any size (`tree.ends`), so that a store may keep them with the rows, and no head beside them.
    """

    first: int
    rows: tuple[Row, ...]
    edges: tuple[bytes, ...]
    frontier: Frontier


class Store(Protocol):
    """See the module's rules. Indices count from 0."""

    def frontier(self) -> Frontier:
        """A copy of the right edge of the tree over all rows; its root is the last unsigned head's."""

    def append(self, batch: Batch) -> None:
        """Keep a batch. Raises `OSError`."""

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """The entries from `start` up to but not including `end`, read back."""

    def promise(self, index: int) -> str:
        """The promise given for an entry."""

    def publish(self, note: str) -> None:
        """Keep a signed checkpoint, with or without cosignatures. Raises `OSError`."""

    def published(self) -> str | None:
        """The newest one: of the largest size, the last published."""

    def published_without(self, index: int) -> Iterator[str]:
        """Those whose tree does not hold the entry at `index` yet, newest first."""

    def published_with(self, index: int) -> Iterator[str]:
        """Those whose tree holds it, oldest first."""


class _Heads:
    """Which published note is of which size; of one size the last published is the newest.

    Notes may come out of order: one that waited for its witnesses may be published after a larger one.
    """

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._numbers: list[int] = []

    def add(self, note: str) -> None:
        size = Checkpoint.parse(Note.parse(note).text).size
        at = bisect_right(self._sizes, size)
        self._sizes.insert(at, size)
        self._numbers.insert(at, len(self._numbers))

    def newest(self) -> int | None:
        return self._numbers[-1] if self._numbers else None

    def without(self, index: int) -> Iterator[int]:
        return reversed(self._numbers[: bisect_right(self._sizes, index)])

    def holding(self, index: int) -> Iterator[int]:
        return iter(self._numbers[bisect_right(self._sizes, index) :])


@final
class MemoryStore:
    """In memory."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._frontier = Frontier()
        self._notes: list[str] = []
        self._heads = _Heads()

    def frontier(self) -> Frontier:
        """A copy of the right edge."""
        return self._frontier.copy()

    def append(self, batch: Batch) -> None:
        """Keep a batch."""
        check_fits(self._frontier, batch)
        self._frontier = batch.frontier
        self._rows += batch.rows

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entries by index."""
        return (row.entry for row in self._rows[start:end])

    def promise(self, index: int) -> str:
        """The promise given for an entry."""
        return self._rows[index].promise

    def publish(self, note: str) -> None:
        """Keep a signed checkpoint."""
        self._heads.add(note)
        self._notes.append(note)

    def published(self) -> str | None:
        """The newest."""
        at = self._heads.newest()
        return None if at is None else self._notes[at]

    def published_without(self, index: int) -> Iterator[str]:
        """Newest first."""
        return map(self._notes.__getitem__, self._heads.without(index))

    def published_with(self, index: int) -> Iterator[str]:
        """Oldest first."""
        return map(self._notes.__getitem__, self._heads.holding(index))


class _Place(NamedTuple):
    offset: int
    length: int


@final
class FileStore:
    """In one journal, whose records are batches (`_payload_of`) and published notes.

    Opening reads it all, re-hashes every entry, and compares every batch's root with the one that was kept
    with it: a bit that has flipped on the disk since is found before anything is signed over it.
    """

    def __init__(self, medium: Medium) -> None:
        self._journal = Journal(medium)
        self._frontier = Frontier()
        self._firsts: list[int] = []
        self._batches: list[_Place] = []
        self._heads = _Heads()
        self._notes: list[_Place] = []
        for offset, payload in self._journal.replay():
            place = _Place(offset, len(payload))
            if payload.startswith(b"note\n"):
                self._keep_note(payload[5:].decode(), place)
            else:
                first, rows, root = _rows_of(payload)
                frontier = self._frontier.copy()
                frontier.extend(leaf_hashes(row.entry for row in rows))
                if first != self._frontier.size or frontier.root != root:
                    said = f"第 {first} 条起与所存的根不符 / not those whose root was kept"
                    raise CorruptError(f"byte {offset}: {said}")
                self._keep_batch(first, frontier, place)

    def frontier(self) -> Frontier:
        """A copy of the right edge."""
        return self._frontier.copy()

    def append(self, batch: Batch) -> None:
        """One write, one sync."""
        check_fits(self._frontier, batch)
        payload = _payload_of(batch.first, batch.rows, batch.frontier.root)
        place = _Place(self._journal.append(payload), len(payload))
        self._keep_batch(batch.first, batch.frontier, place)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entries by index, from the file."""
        assert 0 <= start <= end <= self._frontier.size
        at = bisect_right(self._firsts, start) - 1
        while start < end:
            first = self._firsts[at]
            entries = _entries_of(self._journal.read(*self._batches[at]))
            yield from entries[start - first : end - first]
            start, at = first + len(entries), at + 1

    def promise(self, index: int) -> str:
        """The promise given for an entry."""
        assert 0 <= index < self._frontier.size
        at = bisect_right(self._firsts, index) - 1
        first, rows, _ = _rows_of(self._journal.read(*self._batches[at]))
        return rows[index - first].promise

    def publish(self, note: str) -> None:
        """One write, one sync."""
        payload = f"note\n{note}".encode()
        self._keep_note(note, _Place(self._journal.append(payload), len(payload)))

    def published(self) -> str | None:
        """The newest, from the file."""
        at = self._heads.newest()
        return None if at is None else self._note(at)

    def published_without(self, index: int) -> Iterator[str]:
        """Newest first."""
        return map(self._note, self._heads.without(index))

    def published_with(self, index: int) -> Iterator[str]:
        """Oldest first."""
        return map(self._note, self._heads.holding(index))

    def close(self) -> None:
        """Give the file back."""
        self._journal.close()

    def _keep_batch(self, first: int, frontier: Frontier, place: _Place) -> None:
        self._frontier = frontier
        self._firsts.append(first)
        self._batches.append(place)

    def _keep_note(self, note: str, place: _Place) -> None:
        self._heads.add(note)
        self._notes.append(place)

    def _note(self, at: int) -> str:
        return self._journal.read(*self._notes[at])[5:].decode()


def check_fits(frontier: Frontier, batch: Batch) -> None:
    """Does the batch begin where the rows end? Raises `ValueError`."""
    if batch.first != frontier.size or batch.frontier.size != frontier.size + len(batch.rows) or not batch.rows:
        raise ValueError(f"a batch from {batch.first} to {batch.frontier.size} after {frontier.size} entries")


def _payload_of(first: int, rows: Sequence[Row], root: bytes) -> bytes:
    """`batch <first> <count> <root>`, a line an entry, an empty line, the promises with a tab between two.

    Canonical JSON has no newline and a note no tab, so neither needs an escape.
    """
    head = f"batch {first} {len(rows)} {b64(root)}".encode()
    entries = b"\n".join((head, *(row.entry for row in rows)))
    return entries + b"\n\n" + "\t".join([row.promise for row in rows]).encode()


def _rows_of(payload: bytes) -> tuple[int, tuple[Row, ...], bytes]:
    lines, _, notes = payload.partition(b"\n\n")
    head, *entries = lines.split(b"\n")
    word, first, count, root = head.decode().split(" ")
    promises = notes.decode().split("\t")
    if word != "batch" or not len(entries) == len(promises) == int(count):
        raise CorruptError(f"not a batch: {head[:60]!r}")
    return int(first), tuple(map(Row, entries, promises)), unb64(root, 32)


def _entries_of(payload: bytes) -> list[bytes]:
    return payload[: payload.index(b"\n\n")].split(b"\n")[1:]
