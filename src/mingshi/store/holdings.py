"""What a transaction knows of grounds, terms and persons: the part of `SiteTransaction` that the rights rest on.

The rules this module keeps (L-25, L-30; docs/adr/0030):

1. Whatever is kept under a person's key has a ground and an end from the moment it is sealed. A ground is never
   assumed: where a use case names no consent, what it seals has none and says so.
2. What a later fact rests on is kept as long as itself: a confirmation keeps its registration, a deal the dossier.
3. A person is everything that leads to them: their numbers, their passes, what masked registrations they confirmed, and
   what people wrote about their registrations, escorts and deals.
"""

from collections.abc import Sequence
from typing import Any, final

from mingshi.app.holders import contacts_of, subject_of
from mingshi.app.keeping import EXTENDING, begins, kept
from mingshi.app.ports import Item
from mingshi.domain import evidence as e
from mingshi.domain import retention
from mingshi.domain.ids import Contact
from mingshi.domain.judge.dossier import EvidenceSource
from mingshi.domain.notice.purpose import Basis, Purpose
from mingshi.domain.retention import Keep
from mingshi.kernel.timeline import Micros
from mingshi.store import terms
from mingshi.store.facts import Facts
from mingshi.store.keyring import Keyring
from mingshi.store.vault import Held, Vault

_NOT_ASKED = -1


@final
class Holdings:
    """Grounds, terms and persons over one transaction."""

    def __init__(
        self, connection: Any, ring: Keyring, vault: Vault, facts: Facts, source: EvidenceSource, now: Micros
    ) -> None:
        self._connection = connection
        self._ring = ring
        self._vault = vault
        self._facts = facts
        self._source = source
        self._now = now
        self._protection: int | None = _NOT_ASKED
        self.ground: tuple[Basis, str] | None = None
        """On what the use case says that it rests."""

    def held(self, record: tuple[object, ...], part: str, persons: Sequence[str]) -> Held:
        """By what right a part of these persons is held, and until when."""
        keep, basis = kept(record, part)
        ground = ""
        if part == "buyer" and basis is Basis.CONSENT:  # a consent that no use case named is none (L-25)
            basis, ground = self.ground or (Basis.NONE, "")
        until = retention.expires(keep, begins(record, self._now), protection_days=self._protection_days())
        if part == "buyer" and keep is Keep.VISIT and self._has_bought(persons):
            until = retention.expires(Keep.DOSSIER, self._now)
        return Held(basis.value, ground, until)

    def as_before(self, record: str, subject: str, at: int, until: Held) -> Held:
        """What adds to a record rests on what the record rests on, for that part of it that stands."""
        row = self._connection.execute(
            "SELECT o.basis, o.ground FROM fact AS f JOIN opening AS o ON o.seq = f.seq "
            "WHERE f.record = ? AND f.subject = ? AND f.base = 1 AND o.at = ?",
            (record, subject, at),
        ).fetchone()
        return until if row is None else until._replace(basis=row[0], ground=row[1])

    def keep_what_it_rests_on(self, record: tuple[object, ...], *, base: bool) -> None:
        """A record was written: see rule 2."""
        if not base:
            terms.level(self._connection, type(record).__name__, subject_of(record))
        if isinstance(record, e.Confirmation | e.Arrival) and record.registration:
            until = retention.expires(Keep.VISIT, self._now, protection_days=self._protection_days())
            items = terms.of_subject(self._connection, "Registration", record.registration)
            terms.keep_until(self._connection, items, until)
        deals = [record] if isinstance(record, e.Deal) else []
        if isinstance(record, EXTENDING):
            deals = list(self._facts.find(e.Deal, "id", str(getattr(record, "deal", ""))))
        for deal in deals:
            until = retention.expires(Keep.DOSSIER, self._now)
            items = [*terms.of_subject(self._connection, "Deal", deal.id), *self.items(contacts_of(deal))]
            terms.keep_until(self._connection, items, until)

    def items(self, contacts: Sequence[Contact]) -> list[Item]:
        """Everything held on these numbers."""
        return terms.items_of(self._connection, self.persons(contacts))

    def persons(self, contacts: Sequence[Contact]) -> list[int]:
        """Everyone these numbers are: see rule 3."""
        names = {f"contact:{one}" for one in contacts}
        for contact in contacts:
            names |= self._led_to_by(contact)
        found = (self._vault.person(name) for name in sorted(names))
        return sorted({person for person in found if person is not None})

    def hush(self, handle: str, purpose: Purpose, until: Micros) -> None:
        """Somebody said no."""
        self._connection.execute(
            "INSERT INTO silence (token, purpose, until) VALUES (?, ?, ?) "
            "ON CONFLICT (token, purpose) DO UPDATE SET until = excluded.until",
            (self._silence(handle), purpose.value, until),
        )

    def silent_until(self, handle: str, purpose: Purpose) -> Micros | None:
        """Until when whoever holds this handle is not to be asked."""
        row = self._connection.execute(
            "SELECT until FROM silence WHERE token = ? AND purpose = ?", (self._silence(handle), purpose.value)
        ).fetchone()
        return None if row is None else Micros(row[0])

    def _silence(self, handle: str) -> bytes:
        return self._ring.blind(f"silence/{handle}")

    def _led_to_by(self, contact: Contact) -> set[str]:
        find = self._facts.find
        names = {f"pass:{row.pass_id}" for row in find(e.Pass, "phone", contact)}
        registrations = {str(row.id) for row in find(e.Registration, "phone", contact)}
        registrations |= {str(row.registration) for row in find(e.Confirmation, "phone", contact)}
        registrations |= {str(row.registration) for row in find(e.Arrival, "phone", contact)}
        for registration in registrations - {""}:
            names.add(f"fact:Registration:{registration}")
            names |= {f"fact:Extension:{row.id}" for row in find(e.Extension, "registration", registration)}
        for deal in find(e.Deal, "buyers", contact):
            names |= {f"fact:Objection:{row.id}" for row in find(e.Objection, "deal", deal.id)}
            names |= {f"fact:Decision:{row.id}" for row in find(e.Decision, "deal", deal.id)}
        for escort in find(e.Escort, "phone", contact):
            names |= {f"fact:Objection:{row.id}" for row in find(e.Objection, "escort", escort.id)}
        return names

    def _has_bought(self, persons: Sequence[str]) -> bool:
        # Who bought has a key: of a guest who has none the index of deals need not be asked.
        return any(
            self._vault.person(name) is not None and self._facts.count(e.Deal, "buyers", contact) > 0
            for name in persons
            for kind, _, contact in [name.partition(":")]
            if kind == "contact"
        )

    def _protection_days(self) -> int | None:
        """The longest that a visit protects anybody, under any version of the rules."""
        if self._protection == _NOT_ASKED:
            rules = [version.policy for version in self._source.policies.versions]
            days = [days for one in rules for days in (one.natural_protect_days, one.visit_protect_days)]
            known = [one for one in days if one is not None]
            self._protection = None if len(known) < len(days) else max(known, default=30)
        return self._protection
