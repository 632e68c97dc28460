"""I1–I6 同一客户: which contacts are one person, and which people are one purchase unit.

The rules this module keeps:

1. I1 强连接: the same identity number, the same pass, or the buyer's own list of numbers make contacts one
   person. I2 副号: a second number added by staff counts only with the buyer's own code.
2. I3 家庭: spouse, parents and children (siblings if the policy says so) belong to the unit if the relation was
   verified. Before the date of its own proof it reaches back only to a visit that a buyer declares.
3. I4: the same pass at two visits is one holder; a face is never the link by itself (amendment 1).
4. I5 姓名相同: a name never links. No name is read here.
5. I6 拆分: a link that a buyer or reviewer broke is gone from every ruling made afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple, TypeAlias, final

from mingshi.domain.evidence import EditField, Means, Relation, Relationship, WithdrawalKind
from mingshi.domain.ids import Contact, EvidenceId, visible
from mingshi.domain.judge.dossier import Dossier
from mingshi.domain.moment import earliest, latest
from mingshi.domain.policy import Policy
from mingshi.kernel.timeline import Micros

ALWAYS: Final = Micros(0)
CODES: Final = frozenset({Means.OTP, Means.QR})
"""Check-ins by a code, which staff may be able to read (amendment 3)."""
PROVED_BY_HOLDER: Final = frozenset({Means.OTP, Means.QR, Means.DEVICE_KEY, Means.PASSKEY, Means.FACE_PASS})
"""Check-ins in which the holder of a pass proves to be that; what staff typed proves nothing."""
FAMILY: Final = frozenset({Relationship.SPOUSE, Relationship.PARENT, Relationship.CHILD})


class Link(NamedTuple):
    """What made two contacts one person, or two people one unit."""

    rule: str
    evidence: EvidenceId


class Person(NamedTuple):
    """One human being of the unit, as far as the evidence tells."""

    contacts: frozenset[Contact]
    on_contract: bool
    counts_from: Micros
    """A relative's visits count from the date of the relation's own proof (I3); a buyer's always."""
    known_from: Micros
    """From when anybody could know that this person belongs to the unit."""


@final
@dataclass(frozen=True, kw_only=True)
class Unit:
    """购买单元 U: the people on the contract and their verified relatives."""

    people: tuple[Person, ...]
    links: tuple[Link, ...]

    @cached_property
    def _of(self) -> dict[Contact, int]:
        numbered = list(enumerate(self.people))
        return {contact: index for index, person in reversed(numbered) for contact in person.contacts}

    def who(self, contact: Contact) -> int | None:
        """The person a contact belongs to."""
        return self._of.get(contact)

    def covers(self, contacts: Iterable[Contact]) -> bool:
        """Whether every one of these contacts belongs to somebody of the unit."""
        return all(contact in self._of for contact in contacts)

    def showing(self, masked: Contact) -> int | None:
        """The person one of whose contacts shows these digits."""
        for index, person in enumerate(self.people):
            if any(visible(contact) == masked for contact in person.contacts):
                return index
        return None


def purchase_unit(dossier: Dossier, policy: Policy) -> Unit:
    """The unit of a deal."""
    broken = {row.target for row in dossier.edits if row.field is EditField.UNLINK}
    groups, joined = _same_person(dossier, broken)
    buyers = list(dict.fromkeys(groups.get(contact, frozenset({contact})) for contact in dossier.deal.buyers))
    people = [Person(contacts, on_contract=True, counts_from=ALWAYS, known_from=ALWAYS) for contacts in buyers]
    relatives: list[Link] = []
    for row in dossier.relations:
        over = row.broken_at is not None and earliest(row.broken_at) <= latest(dossier.deal.subscribed_at)
        if row.id in broken or over or not _family(row, policy):
            continue
        ends = [groups.get(end, frozenset({end})) for end in (row.phone_a, row.phone_b)]
        strangers = [end for end in ends if end not in buyers]
        if len(strangers) == 1 and row.verified_at is not None:
            verified = earliest(row.verified_at)
            counts_from = verified if row.since is None else earliest(row.since)
            people.append(Person(strangers[0], on_contract=False, counts_from=counts_from, known_from=Micros(verified)))
            relatives.append(Link("I3", row.id))
    theirs = {contact for person in people for contact in person.contacts}
    links = [*(link for link, contacts in joined if theirs & set(contacts)), *relatives]
    return Unit(people=tuple(dict.fromkeys(people)), links=tuple(dict.fromkeys(links)))


def _family(row: Relation, policy: Policy) -> bool:
    return row.kind in FAMILY or (policy.siblings and row.kind is Relationship.SIBLING)


Joined: TypeAlias = tuple[Link, list[Contact]]


def _same_person(dossier: Dossier, broken: set[EvidenceId]) -> tuple[dict[Contact, frozenset[Contact]], list[Joined]]:
    """Contacts grouped by I1, I2 and I4."""
    if len(dossier.contacts) == 1:
        return {}, []
    joins: list[Joined] = []
    by_id: dict[str, list[Contact]] = {}
    by_pass: dict[str, list[Contact]] = {}
    for identity in dossier.identities:
        if identity.matched and identity.id_key and identity.id not in broken:
            same = by_id.setdefault(identity.id_key, [])
            same.append(identity.phone)
            joins.append((Link("I1", identity.id), same))
    for issued in dossier.passes:
        if issued.pass_id and issued.id not in broken:
            same = by_pass.setdefault(issued.pass_id, [])
            same.append(issued.phone)
            joins.append((Link("I1", issued.id), same))
    withdrawn = {row.pass_id for row in dossier.withdrawals if row.kind is WithdrawalKind.CONSENT}
    for seen in dossier.arrivals:
        proved = seen.means in PROVED_BY_HOLDER and not (seen.staff_readable and seen.means in CODES)
        taken_back = seen.means is Means.FACE_PASS and seen.pass_id in withdrawn  # G3
        if proved and seen.pass_id and seen.phone and not taken_back and seen.id not in broken:
            same = by_pass.setdefault(seen.pass_id, [])
            same.append(seen.phone)
            joins.append((Link("I4", seen.id), same))
    joins.extend(
        (Link("I1", statement.id), [statement.phone, *statement.phones])
        for statement in dossier.statements
        if statement.phones and statement.id not in broken
    )
    joins.extend(
        (Link("I2", edit.id), [edit.phone, Contact(edit.new)])
        for edit in dossier.edits
        if edit.field is EditField.SECOND_PHONE and edit.buyer_otp and edit.id not in broken
    )
    groups: dict[Contact, frozenset[Contact]] = {}
    joined = [(link, contacts) for link, contacts in joins if len(set(contacts)) > 1]
    for _, contacts in joined:
        _join(groups, contacts)
    return groups, joined


def _join(groups: dict[Contact, frozenset[Contact]], contacts: Iterable[Contact]) -> None:
    merged = frozenset[Contact]().union(*(groups.get(contact, frozenset({contact})) for contact in contacts))
    for contact in merged:
        groups[contact] = merged
