"""I1–I6 同一客户: which contacts are one person, and which people are one purchase unit.

The rules this module keeps:

1. I1 强连接: the same identity number, the same pass, or the buyer's own list of numbers make contacts one
   person. Nobody else's list does: who only says that a number is theirs could bring their own visit into
   somebody's purchase. A relative's list makes numbers the relative's, never a buyer's. I2 副号: a second number
   added by staff counts only with the buyer's own code.
2. I3 家庭: spouse, parents and children (siblings if the policy says so) belong to the unit if the relation was
   verified. Before the date of its own proof it reaches back only to a visit that a buyer declares.
3. I4: the same pass at two visits is one holder; a face is never the link by itself (amendment 1).
4. I5 姓名相同: a name never links. No name is read here.
5. I6 拆分: a link that a buyer or reviewer broke is gone from every ruling made afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias, final

from mingshi.domain.evidence import EditField, Means, Relation, Relationship, Statement, WithdrawalKind
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
    _of: dict[Contact, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    """Whose each contact is; a buyer's before a relative's."""

    def __post_init__(self) -> None:
        for index, person in enumerate(self.people):
            for contact in person.contacts:
                self._of.setdefault(contact, index)

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
    relations = [row for row in dossier.relations if row.id not in broken and _stands(row, dossier, policy)]
    groups, joined = _same_person(dossier, relations, broken)
    buyers = list(dict.fromkeys(groups.get(contact, frozenset({contact})) for contact in dossier.deal.buyers))
    people = [Person(contacts, on_contract=True, counts_from=ALWAYS, known_from=ALWAYS) for contacts in buyers]
    relatives: list[Link] = []
    for row in relations:
        ends = [groups.get(end, frozenset({end})) for end in (row.phone_a, row.phone_b)]
        strangers = [end for end in ends if end not in buyers]
        if len(strangers) == 1:
            assert row.verified_at is not None
            verified = earliest(row.verified_at)
            counts_from = verified if row.since is None else earliest(row.since)
            people.append(Person(strangers[0], on_contract=False, counts_from=counts_from, known_from=Micros(verified)))
            relatives.append(Link("I3", row.id))
    theirs = {contact for person in people for contact in person.contacts}
    links = [*(link for link, contacts in joined if theirs & set(contacts)), *relatives]
    distinct = tuple([person for place, person in enumerate(people) if person not in people[:place]])
    return Unit(people=distinct, links=tuple(dict.fromkeys(links)))


def _stands(row: Relation, dossier: Dossier, policy: Policy) -> bool:
    """Whether a relation is of the family, verified, and was not over when they bought."""
    over = row.broken_at is not None and earliest(row.broken_at) <= latest(dossier.deal.subscribed_at)
    return row.verified_at is not None and not over and _family(row, policy)


def _family(row: Relation, policy: Policy) -> bool:
    return row.kind in FAMILY or (policy.siblings and row.kind is Relationship.SIBLING)


Joined: TypeAlias = tuple[Link, list[Contact]]


def _same_person(
    dossier: Dossier, relations: Iterable[Relation], broken: set[EvidenceId]
) -> tuple[dict[Contact, frozenset[Contact]], list[Joined]]:
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
        (Link("I2", edit.id), [edit.phone, Contact(edit.new)])
        for edit in dossier.edits
        if edit.field is EditField.SECOND_PHONE and edit.buyer_otp and edit.id not in broken
    )
    groups: dict[Contact, frozenset[Contact]] = {}
    joined = [(link, contacts) for link, contacts in joins if len(set(contacts)) > 1]
    for _, contacts in joined:
        _join(groups, contacts)
    lists = [row for row in dossier.statements if row.phones and row.id not in broken]
    joined += _listed(groups, dossier.deal.buyers, lists)
    if relations and lists:
        buyers = frozenset[Contact]().union(*(groups.get(buyer, {buyer}) for buyer in dossier.deal.buyers))
        for row in relations:
            ends = {row.phone_a, row.phone_b}
            if ends & buyers:
                joined += _listed(groups, ends - buyers, lists, but=buyers)
    return groups, joined


def _listed(
    groups: dict[Contact, frozenset[Contact]],
    authors: Iterable[Contact],
    lists: Iterable[Statement],
    but: frozenset[Contact] = frozenset(),
) -> list[Joined]:
    """Join the lists of these people, and those they gave from a number that another of their lists names.

    `but`: numbers that their lists cannot make theirs.
    """
    authors, waiting, joined = tuple(authors), tuple(lists), list[Joined]()
    while True:
        mine = frozenset[Contact]().union(*(groups.get(author, {author}) for author in authors))
        said = [row for row in waiting if row.phone in mine]
        if not said:
            return joined
        waiting = tuple(row for row in waiting if row.phone not in mine)
        for row in said:
            contacts = [row.phone, *(phone for phone in row.phones if phone not in but)]
            if len(set(contacts)) > 1:
                _join(groups, contacts)
                joined.append((Link("I1", row.id), contacts))


def _join(groups: dict[Contact, frozenset[Contact]], contacts: Iterable[Contact]) -> None:
    merged = frozenset[Contact]().union(*(groups.get(contact, frozenset({contact})) for contact in contacts))
    for contact in merged:
        groups[contact] = merged
