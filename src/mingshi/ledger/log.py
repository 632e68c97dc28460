"""Numbering, sealing, promising: the part of the log that answers people at once.

The rules this module keeps:

1. A fact gets the next number, its entry, and a promise signed by the log: this leaf, at this index, within
   the merge delay, before the claimant agency's witness. The promise is stored with the entry, and nobody
   sees it before both are durable.
2. `prepare` changes nothing: a database runs it inside its transaction and calls `accept` after COMMIT.
   `seal` does both around a store that is durable by itself.
3. Nothing here signs a checkpoint: that is the signer's, which reads back first. With witnesses unreachable,
   or the tree still rebuilding, promises go out and checkpoints wait.
"""

from collections.abc import Sequence
from typing import final

from mingshi.ledger.entry import Fact
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.store import Batch, Row, Store
from mingshi.ledger.verify import MERGE_DELAY_S, Promise, leaf_hash


@final
class Log:
    """One site's log. `key` signs for `key.name`, the log's origin."""

    def __init__(self, key: SigningKey, store: Store, *, within_s: int = MERGE_DELAY_S) -> None:
        domain, _, place = key.name.partition("/")
        assert place, "an origin is <group-domain>/site/<id>"
        assert domain != "mingshi", "that would read as the header of a promise"
        self._key = key
        self._store = store
        self._within_s = within_s
        self._frontier = store.frontier()

    @property
    def size(self) -> int:
        """How many entries are sealed."""
        return self._frontier.size

    def prepare(self, facts: Sequence[Fact], now_s: int) -> Batch:
        """Entries, promises and unsigned head for facts sealed together at `now_s` (Unix seconds)."""
        assert facts
        grown, rows, edges = self._frontier.copy(), [], []
        for fact in facts:
            entry = fact.entry(self._key.name, grown.size).data
            leaf = leaf_hash(entry)
            promise = Promise(self._key.name, grown.size, leaf, now_s, self._within_s, fact.witness)
            rows.append(Row(entry, str(signed(str(promise), self._key))))
            grown.append(leaf)
            edges.append(grown.edge)
        return Batch(self._frontier.size, tuple(rows), tuple(edges), grown)

    def accept(self, batch: Batch) -> None:
        """The batch is durable: go on after it."""
        assert batch.first == self._frontier.size, "batches are accepted in the order they were prepared"
        self._frontier = batch.frontier  # grown on a copy only

    def seal(self, facts: Sequence[Fact], now_s: int) -> Batch:
        """Prepare, keep, accept. Raises `OSError` where it may not be durable: reopen the store."""
        batch = self.prepare(facts, now_s)
        self._store.append(batch)
        self.accept(batch)
        return batch
