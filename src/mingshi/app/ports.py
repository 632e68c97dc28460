"""What use cases need from outside.

A `Transaction` is all that a use case sees of the world: one instant, one view of the evidence, one place to put
facts. An implementer must keep, and a use case may rely on:

1. Everything `seal` and `amend` take becomes durable together, with the entries, promises and the unsigned head
   of the log, or nothing does; nobody is answered before that (INV-09).
2. What was sealed is found by `source` at once, in the same transaction.
3. `now` does not change, and is not before the last sealed instant.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from mingshi.app.answer import Answer
from mingshi.domain.evidence import Time
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.judge.dossier import EvidenceSource
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros

R = TypeVar("R", bound=tuple[object, ...])


class Slot(NamedTuple):
    """The one live protection of a purchase unit (RULES §3.3c)."""

    registration: EvidenceId
    agent: str
    until: Micros | None
    """None: without end."""
    contested: bool


class Transaction(Protocol):
    """One transaction. See the module's rules."""

    @property
    def now(self) -> Micros:
        """The instant of everything that happens in it."""

    @property
    def source(self) -> EvidenceSource:
        """The evidence as of `now`, with what this transaction has sealed."""

    def new_id(self, prefix: str) -> EvidenceId:
        """A name never used before, `R-` and random letters: no order and no time can be read from it."""

    def id_key(self, number: str) -> str:
        """The keyed token of an identity number, which itself is kept nowhere."""

    def seal(self, record: tuple[object, ...], *, imported: bool = False) -> int:
        """Seal a new record; its place in the log. `imported`: it brings its own `sealed_at`, or none."""

    def amend(self, kind: type[R], subject: str, **fields: Time | str | bool | int | None) -> int:
        """Add to an earlier record what stood empty in it (`holders.AMENDABLE`). Raises `ValueError` otherwise."""

    def read(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """As `source.find`, also for the site's own facts."""

    def every(self, kind: type[R]) -> Sequence[R]:
        """As `source.all`, also for the site's own facts."""

    def sealed_at(self, entry: int) -> Micros:
        """When an entry was sealed."""

    def slot(self, contacts: Sequence[Contact]) -> Slot | None:
        """The live protection of the unit to which any of these numbers belongs."""

    def take_slot(self, contacts: Sequence[Contact], slot: Slot, expected: Slot | None) -> bool:
        """Compare and swap: put `slot` in the place of `expected`; False where another stands there."""

    def free_slot(self, registration: EvidenceId) -> None:
        """Its protection has ended: released, cancelled."""

    def join(self, contacts: Sequence[Contact]) -> bool:
        """These numbers are one purchase unit from now on; False where that made two live protections contested."""

    def held(self, contacts: Sequence[Contact]) -> Mapping[str, tuple[str, ...]]:
        """Ids of all that is held on these numbers, by the deal they belong to (empty: none)."""

    def erase(self, contacts: Sequence[Contact]) -> None:
        """Destroy the keys, openings and index rows of everybody these numbers belong to.

        The last fact sealed in this transaction is the erasure.
        """

    def name_replayed(self) -> None:
        """Erasures that a restore replayed are those of the last fact sealed in this transaction."""

    def setting(self, name: str) -> str:
        """A setting of the site; empty where there is none."""

    def say(self, message: str, payload: Mapping[str, Json]) -> None:
        """Put a message into the outbox. It holds nothing personal."""


UseCase = Callable[[Transaction, R], Answer]
