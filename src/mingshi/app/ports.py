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
from mingshi.domain.notice.purpose import Basis, Purpose
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


class Item(NamedTuple):
    """One thing that is held on a person: a part of an entry, under their key."""

    entry: int
    part: str
    """`buyer`, `agent`, …"""
    record: str
    subject: str
    sealed_at: Micros
    basis: Basis
    ground: str
    """The consent, the notice or the import it rests on; empty: the law itself."""
    expires_at: Micros


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

    def since(self, kind: type[R], at: Micros, until: Micros | None = None) -> Sequence[R]:
        """The records of a kind sealed at an instant or after it, and before `until`, in the order of the log."""

    def entry_of(self, kind: type[tuple[object, ...]], subject: str) -> int:
        """The place in the log of the fact that made a record. Raises `KeyError` where there is none."""

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

    def on_ground(self, basis: Basis, ground: str) -> None:
        """What is sealed from now on in this transaction rests on this (INV-08; L-25)."""

    def items(self, contacts: Sequence[Contact]) -> Sequence[Item]:
        """Everything held on these numbers, in the order of the log; agents' and others' parts are theirs."""

    def said(self, item: Item) -> tuple[object, ...] | None:
        """What an item says, also where it is in quarantine and nothing rests on it; None where a part is gone."""

    def standing(self, kind: type[tuple[object, ...]], most: int) -> int:
        """How many records of a kind were made and had nothing added to them since, `most` at most; erased ones not."""

    def made(self, kind: type[tuple[object, ...]]) -> int:
        """How many records of a kind were ever made; cheap."""

    def unfounded(self, limit: int) -> Sequence[Item]:
        """Everything that was taken without a lawful ground (`Basis.NONE`)."""

    def found(self, record: str, subject: str, basis: Basis, ground: str) -> None:
        """Give what was pending its ground: its client has answered."""

    def grounded(self, ground: str) -> Sequence[Item]:
        """Everything that rests on one consent."""

    def expired(self, at: Micros, limit: int) -> Sequence[Item]:
        """Everything whose time has come."""

    def keep_until(self, items: Sequence[Item], until: Micros) -> None:
        """Keep these longer. A term is never made shorter this way."""

    def end(self, items: Sequence[Item], reason: str) -> None:
        """Destroy these parts: their openings and index rows, and the key of whoever has nothing left.

        The last fact sealed in this transaction says so.
        """

    def hush(self, handle: str, purpose: Purpose, until: Micros) -> None:
        """Somebody said no: do not ask whoever holds this handle for this until then. Nobody can be found by it."""

    def silent_until(self, handle: str, purpose: Purpose) -> Micros | None:
        """Until when whoever holds this handle is not to be asked; None: they may be."""

    def name_replayed(self) -> None:
        """Erasures that a restore replayed are those of the last fact sealed in this transaction."""

    def setting(self, name: str) -> str:
        """A setting of the site; empty where there is none."""

    def say(self, message: str, payload: Mapping[str, Json]) -> None:
        """Put a message into the outbox. It holds nothing personal."""


UseCase = Callable[[Transaction, R], Answer]
