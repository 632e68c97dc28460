"""One transaction of the site's database: the port that use cases see (`app.ports.Transaction`).

The rules this module keeps:

1. A fact's skeleton, openings and index rows are written when it is sealed; its entry and its promise at the end,
   before COMMIT, in the order in which the facts were sealed.
2. Each part has 32 fresh random bytes of salt; the agent's part of a registration holds a keyed digest of the
   number as the agent typed it, so that it opens with what they know after the client's erasure (LEDGER am. 5).
3. Nothing that came from the transaction is answered unless `finish` has given the batch and COMMIT has returned.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from hmac import digest
from typing import Any, Final, TypeVar, cast, final

from mingshi.app.consents import REQUIRED
from mingshi.app.holders import AMENDABLE, ERASURE, RECORDS, WRITTEN_ABOUT, Holding, holding_of, persons_of, subject_of
from mingshi.app.ports import Item, Slot
from mingshi.app.record_json import encode, shape_of
from mingshi.domain.evidence import Time
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.notice.purpose import Basis, Purpose
from mingshi.kernel.canonical import Json, dumps
from mingshi.kernel.timeline import Micros, Zone
from mingshi.kernel.typed_json import dumps_typed
from mingshi.ledger.entry import WITHOUT_HOLDER, Fact, Part
from mingshi.ledger.verify import PARTS, PHONE_PREFIX, VerifierKey
from mingshi.ledger.verify import Json as Sealed
from mingshi.store import slots, terms
from mingshi.store.evidence import Rules, SiteEvidence
from mingshi.store.facts import Facts
from mingshi.store.holdings import Holdings
from mingshi.store.keyring import Keyring
from mingshi.store.traces import traces_of
from mingshi.store.vault import Held, Kept, Vault

R = TypeVar("R", bound=tuple[object, ...])
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz"
_ID_LETTERS: Final = 14

Random = Callable[[int], bytes]


@final
class SiteTransaction:
    """See `app.ports.Transaction`. `first`: the place that the first fact will have in the log."""

    def __init__(
        self,
        connection: Any,
        ring: Keyring,
        vault: Vault,
        settings: Mapping[str, str],
        *,
        now: Micros,
        first: int,
        random_bytes: Random,
        witnesses: Mapping[str, VerifierKey],
        rules: Rules,
    ) -> None:
        self._connection = connection
        self._ring = ring
        self._vault = vault
        self._settings = settings
        self._now = now
        self._first = first
        self._random = random_bytes
        self._witnesses = witnesses
        self.facts = Facts(connection, ring, vault, founded=settings.get("consents") == REQUIRED)
        """Reading and indexing, for checks."""
        self._all_facts = Facts(connection, ring, vault)
        zone = Zone(int(settings["zone_offset_min"]))
        self._source = SiteEvidence(self.facts, project=settings["project"], zone=zone, as_of=now, rules=rules)
        self._holdings = Holdings(connection, ring, vault, self.facts, self._source, now)
        self.pending: list[Fact] = []
        """What was sealed, in order."""

    @property
    def now(self) -> Micros:
        """The instant of everything in it."""
        return self._now

    @property
    def source(self) -> SiteEvidence:
        """The evidence, with what was sealed here."""
        return self._source

    def new_id(self, prefix: str) -> EvidenceId:
        """Random letters: no order and no time can be read from it, and it is nobody's number."""
        number, letters = int.from_bytes(self._random(12)), []
        for _ in range(_ID_LETTERS):
            number, at = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[at])
        return EvidenceId(f"{prefix}-{''.join(letters)}")

    def id_key(self, number: str) -> str:
        """The keyed token of an identity number."""
        return self._ring.id_key(number)

    def seal(self, record: tuple[object, ...], *, imported: bool = False) -> int:
        """Seal a new record."""
        value = encode(record)
        if hasattr(record, "sealed_at"):
            value.pop("sealed_at", None)
            if imported:
                value["sealed_at"] = record.sealed_at
        entry = self._write(record, holding_of(record), value, base=True)
        self.facts.index(record)
        self._source.changed(record)
        return entry

    def amend(self, kind: type[R], subject: str, **fields: Time | str | bool | int | None) -> int:
        """Add to an earlier record what stood empty."""
        before = self.facts.named(kind, subject)
        if before is None:
            raise ValueError(f"no {kind.__name__} {subject}")
        shape = shape_of(kind)
        for name in fields:
            if name not in AMENDABLE.get(kind, frozenset()) or getattr(before, name) != shape[name].empty:
                raise ValueError(f"{kind.__name__}.{name} is not to be added")
        after = before._replace(**fields)  # type: ignore[attr-defined]  # a NamedTuple
        value = {name: item for name, item in encode(after).items() if name in fields}
        entry = self._write(before, holding_of(before), value, base=False)
        self._source.changed(before)
        return entry

    def read(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value."""
        return self.facts.find(kind, field, value)

    def every(self, kind: type[R]) -> Sequence[R]:
        """Every record of a kind."""
        return self.facts.every(kind)

    def entry_of(self, kind: type[tuple[object, ...]], subject: str) -> int:
        """The place in the log of the fact that made a record."""
        row = self._connection.execute(
            "SELECT seq FROM fact WHERE record = ? AND subject = ? AND base = 1", (kind.__name__, subject)
        ).fetchone()
        if row is None:
            raise KeyError(subject)
        return int(row[0])

    def since(self, kind: type[R], at: Micros, until: Micros | None = None) -> Sequence[R]:
        """The records of a kind sealed since then and before `until`."""
        return self.facts.since(kind, self._place(at), None if until is None else self._place(until))

    def _place(self, at: Micros) -> int:
        """The first place sealed at an instant or after it; the log's order is that of time: it is found by halves."""
        low, high = 0, self._first
        while low < high:
            middle = (low + high) // 2
            row = self._connection.execute("SELECT sealed_at FROM fact WHERE seq = ?", (middle,)).fetchone()
            if row is not None and row[0] >= at:
                high = middle
            else:
                low = middle + 1
        return low

    def sealed_at(self, entry: int) -> Micros:
        """When an entry was sealed."""
        (at,) = self._connection.execute("SELECT sealed_at FROM fact WHERE seq = ?", (entry,)).fetchone()
        return Micros(at)

    def setting(self, name: str) -> str:
        """A setting of the site."""
        return self._settings.get(name, "")

    def say(self, message: str, payload: Mapping[str, Json]) -> None:
        """Put a message into the outbox."""
        self._connection.execute(
            "INSERT INTO outbox (message, payload, at) VALUES (?, ?, ?)",
            (message, dumps(payload).decode(), self._now),
        )

    def slot(self, contacts: Sequence[Contact]) -> Slot | None:
        """The live protection of these numbers' unit."""
        return slots.live(self._connection, self.units(contacts), self._now)

    def take_slot(self, contacts: Sequence[Contact], slot: Slot, expected: Slot | None) -> bool:
        """Compare and swap."""
        units = self.units(contacts)
        assert units, "who is protected has a record of their own"
        if slots.live(self._connection, units, self._now) != expected:
            return False
        slots.put(self._connection, units[0], slot, self._now)
        return True

    def free_slot(self, registration: EvidenceId) -> None:
        """A protection has ended."""
        slots.free(self._connection, registration)

    def standing_slots(self) -> list[tuple[int, str, str, Micros | None, int]]:
        """Every protection that has not ended."""
        rows = self._connection.execute(
            "SELECT unit, registration, agent, until, contested FROM protection_slot WHERE until IS NULL OR until >= ?",
            (self._now,),
        )
        return [tuple(row) for row in rows.fetchall()]

    def join(self, contacts: Sequence[Contact]) -> bool:
        """These numbers are one unit."""
        return slots.join(self._connection, self.units(contacts), self._now)

    def held(self, contacts: Sequence[Contact]) -> Mapping[str, tuple[str, ...]]:
        """Ids of all that is held on these numbers, by the deal they belong to (empty: none)."""
        found: dict[str, dict[str, None]] = {}
        for record, subject in records_of(self._connection, self._holdings.persons(contacts)):
            deal = subject if record == "Deal" else ""
            found.setdefault(deal, {})[subject] = None
        return {deal: tuple(ids) for deal, ids in sorted(found.items())}

    def erase(self, contacts: Sequence[Contact]) -> None:
        """Destroy keys, openings and index rows (INV-08). The last fact sealed here is the erasure."""
        assert self.pending, "an erasure is sealed first"
        assert self.pending[-1].kind == ERASURE.entry, "an erasure is sealed first"
        entry = self._first + len(self.pending) - 1
        persons = self._holdings.persons(contacts)
        gone = records_of(self._connection, persons)
        execute = self._connection.execute
        for person in persons:
            execute("INSERT INTO erasure (person, seq, at) VALUES (?, ?, ?)", (person, entry, self._now))
        destroy(self._connection, persons)
        for record, subject in gone:
            # Of a deal only the buyers were indexed; of all else nothing may lead there any more.
            if RECORDS[record] not in WRITTEN_ABOUT:
                execute("DELETE FROM fact_key WHERE record = ? AND subject = ?", (record, subject))
            if record == "Registration":
                slots.free(self._connection, EvidenceId(subject))
        self._vault.forget(persons)

    def on_ground(self, basis: Basis, ground: str) -> None:
        """What is sealed from now on rests on this."""
        self._holdings.ground = basis, ground

    def items(self, contacts: Sequence[Contact]) -> list[Item]:
        """Everything held on these numbers."""
        return self._holdings.items(contacts)

    def traces(self, contacts: Sequence[Contact]) -> list[tuple[str, bytes]]:
        """The bytes that an erasure of these numbers must destroy (`store.traces`)."""
        records = records_of(self._connection, self._holdings.persons(contacts))
        return traces_of(self._connection, self._holdings, contacts, records)

    def said(self, item: Item) -> tuple[object, ...] | None:
        """What an item says, also where nothing rests on it any more."""
        return self._all_facts.named(RECORDS[item.record], item.subject)

    def standing(self, kind: type[tuple[object, ...]], most: int) -> int:
        """Made and not added to since, `most` at most; erased ones not."""
        return self.facts.standing(kind, most)

    def made(self, kind: type[tuple[object, ...]]) -> int:
        """How many records of a kind were ever made."""
        return self.facts.made(kind)

    def unfounded(self, limit: int) -> list[Item]:
        """Everything that was taken without a lawful ground."""
        return terms.unfounded(self._connection, limit)

    def found(self, record: str, subject: str, basis: Basis, ground: str) -> None:
        """Give what was pending its ground."""
        terms.found(self._connection, terms.of_subject(self._connection, record, subject), basis, ground)

    def grounded(self, ground: str) -> list[Item]:
        """Everything that rests on one consent."""
        return terms.grounded(self._connection, ground)

    def expired(self, at: Micros, limit: int) -> list[Item]:
        """Everything whose time has come."""
        return terms.expired(self._connection, at, limit)

    def keep_until(self, items: Sequence[Item], until: Micros) -> None:
        """Keep these longer."""
        terms.keep_until(self._connection, items, until)

    def end(self, items: Sequence[Item], reason: str) -> None:
        """Destroy these parts. The last fact sealed here says so."""
        assert self.pending, "an end is sealed first"
        assert self.pending[-1].kind == ERASURE.entry, "an end is sealed first"
        entry = self._first + len(self.pending) - 1
        self._vault.forget(terms.end(self._connection, items, entry, reason, self._now))

    def hush(self, handle: str, purpose: Purpose, until: Micros) -> None:
        """Somebody said no."""
        self._holdings.hush(handle, purpose, until)

    def silent_until(self, handle: str, purpose: Purpose) -> Micros | None:
        """Until when whoever holds this handle is not to be asked."""
        return self._holdings.silent_until(handle, purpose)

    def name_replayed(self) -> None:
        """See the port."""
        assert self.pending, "an erasure is sealed first"
        entry = self._first + len(self.pending) - 1
        self._connection.execute("UPDATE erasure SET seq = ? WHERE seq IS NULL", (entry,))
        self._connection.execute("UPDATE ended SET entry = ? WHERE entry IS NULL", (entry,))

    def opened(self, entry: int, at: int, person: int | None, cipher: bytes) -> bytes | None:
        """Salt and value of a kept part; None where its key is gone."""
        return self._vault.open(entry, at, person, cipher)

    def units(self, contacts: Sequence[Contact]) -> list[int]:
        """The purchase units of these numbers."""
        persons = [self._vault.person(f"contact:{one}") for one in contacts]
        return slots.units(self._connection, [one for one in persons if one is not None])

    def _write(self, record: tuple[object, ...], holding: Holding, value: dict[str, Json], *, base: bool) -> int:
        entry = self._first + len(self.pending)
        name, subject = type(record).__name__, subject_of(record)
        parts: dict[str, dict[str, Json]] = {}
        for field, content in value.items():
            parts.setdefault(holding.others.get(field, holding.default), {})[field] = content
        if "at_us" in value:  # each part is shown alone, and says when
            for item in parts.values():
                item["at_us"] = value["at_us"]
        sealed, kept, held = [], [], 0
        for at, part_name in enumerate(PARTS[holding.entry]):
            salt, fields = self._random(32), parts.get(part_name)
            if fields is None:
                sealed.append(Part(salt, dict(WITHOUT_HOLDER), b"{}"))
                continue
            fields["of"] = f"{name} {subject}"
            if name == "Registration" and part_name == "agent" and base:
                fields["phone_mac"] = _phone_mac(salt, str(record.phone))  # type: ignore[attr-defined]  # a Registration
            part = Part(salt, cast("dict[str, Sealed]", fields), dumps_typed(fields))  # made by `encode`
            sealed.append(part)
            if (holding, part_name) != (ERASURE, "buyer"):
                persons = persons_of(record, part_name)
                until = self._holdings.held(record, part_name, persons) if persons != ("site:",) else Held()
                if not base and until.basis:
                    until = self._holdings.as_before(name, subject, at, until)
                kept.append(Kept(at, persons, salt + part.data, until))
                held |= 1 << at
        self._vault.keep(entry, kept)
        self._connection.execute(
            "INSERT INTO fact (seq, record, subject, base, parts, sealed_at) VALUES (?, ?, ?, ?, ?, ?)",
            (entry, name, subject, int(base), held, self._now),
        )
        self._holdings.keep_what_it_rests_on(record, base=base)
        witness = self._witnesses.get(str(getattr(record, "agency", "")))
        self.pending.append(Fact(kind=holding.entry, parts=tuple(sealed), witness=witness))
        return entry


def records_of(connection: Any, persons: Sequence[int]) -> list[tuple[str, str]]:
    """The records whose openings are under these persons' keys: kind and subject."""
    found: dict[tuple[str, str], None] = {}
    for person in persons:
        rows = connection.execute(
            "SELECT f.record, f.subject FROM opening AS o CROSS JOIN fact AS f ON o.seq = f.seq WHERE o.person = ?1 "
            "UNION SELECT f.record, f.subject FROM opening_person AS o CROSS JOIN fact AS f ON o.seq = f.seq "
            "WHERE o.person = ?1 ORDER BY 1, 2",
            (person,),
        )
        found.update(dict.fromkeys(map(tuple, rows.fetchall())))
    return list(found)


def destroy(connection: Any, persons: Sequence[int]) -> None:
    """Delete what stands under these persons' keys, and the persons with their keys. Their erasure stands already."""
    for person in persons:
        connection.execute("DELETE FROM opening WHERE person = ?", (person,))
        joint = connection.execute("SELECT seq, at FROM opening_person WHERE person = ?", (person,)).fetchall()
        for place in joint:
            connection.execute("DELETE FROM opening WHERE seq = ? AND at = ?", place)
            connection.execute("DELETE FROM opening_person WHERE seq = ? AND at = ?", place)
        connection.execute("DELETE FROM person WHERE id = ?", (person,))


def _phone_mac(salt: bytes, phone: str) -> str:
    return b64encode(digest(salt, PHONE_PREFIX + phone.encode(), "sha256")).decode()
