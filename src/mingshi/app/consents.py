"""Consents as their sealed acts made them: how use cases look one up, and ask whether it allows something.

The rules this module keeps: there is one way from the log to a consent (`consent_of`) and one to a use (`use_of`),
both through `domain.consent`; nothing else decides.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mingshi.app.answer import Refused
from mingshi.app.facts import ConsentAct, Subject
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.domain.consent.state import Act, Consent, NotAllowed, State, Step, Use, fold, standing, use
from mingshi.domain.evidence import NOBODY
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.notice.purpose import Basis, Purpose, basis_of
from mingshi.kernel.timeline import Micros

ANY = (Purpose.ATTRIBUTION, Purpose.REGISTRATION, Purpose.FACE_PASS)
"""Purposes of which any one lets a fact about a known visitor be taken: all are to tell who brought them."""
REQUIRED = "required"
"""Setting `consents`: nothing that rests on consent is taken without one, also before a notice is in force."""


class Held(NamedTuple):
    """A consent of a person and where it stands now."""

    consent: Consent
    stands: State


def consent_of(transaction: Transaction, name: EvidenceId) -> Consent:
    """A consent from its acts; `State.NONE` where there is none of that name."""
    return fold(name, map(_step, enumerate(_in_order(transaction.read(ConsentAct, "consent", name)))))


def use_of(transaction: Transaction, consent: Consent, purpose: Purpose, *, recipient: str = "") -> Use | NotAllowed:
    """Whether a consent allows a use now."""
    return use(consent, purpose, transaction.now, notice_now(transaction, purpose), recipient=recipient)


def stands_now(transaction: Transaction, consent: Consent) -> State:
    """Where a consent stands now."""
    return standing(consent, transaction.now, notice_now(transaction, consent.purpose))


def notice_now(transaction: Transaction, purpose: Purpose | None) -> str:
    """The digest of the notice in force; empty where there is none."""
    row = None if purpose is None else in_force(transaction, purpose, transaction.now)
    return "" if row is None else row.sha256


def principals_of(transaction: Transaction, phone: Contact) -> list[EvidenceId]:
    """The pseudonyms of a number."""
    return [row.id for row in transaction.read(Subject, "phone", phone)] if phone else []


def consents_of(transaction: Transaction, phone: Contact) -> list[Held]:
    """Every consent of a person, given or ended, in the order in which they were given."""
    names: dict[EvidenceId, None] = {}
    for principal in principals_of(transaction, phone):
        rows = _in_order(transaction.read(ConsentAct, "principal", principal))
        names |= dict.fromkeys(row.consent for row in rows)
    consents = [consent_of(transaction, name) for name in names]
    return [Held(one, stands_now(transaction, one)) for one in consents]


def valid_for(transaction: Transaction, phone: Contact, purpose: Purpose, *, recipient: str = "") -> Use | None:
    """A consent of this person that allows this now."""
    for held in consents_of(transaction, phone):
        allowed = use_of(transaction, held.consent, purpose, recipient=recipient)
        if isinstance(allowed, Use):
            return allowed
    return None


def rests_on_any(transaction: Transaction, purposes: Sequence[Purpose], phone: Contact) -> Refused | None:
    """As `rests_on`, on a consent that the person gave before to any of these."""
    for purpose in purposes:
        if valid_for(transaction, phone, purpose):
            return rests_on(transaction, purpose, EvidenceId(""), phone)
    return rests_on(transaction, purposes[0], EvidenceId(""), phone)


def rests_on(
    transaction: Transaction, purpose: Purpose, consent: EvidenceId, phone: Contact = NOBODY
) -> Refused | None:
    """What this transaction seals rests on this consent, or on one the person gave before; refused where neither holds.

    Where no notice is in force and the site does not require consents (an import, a simulation) the fact is taken and
    says of itself that it has no ground.
    """
    found = use_of(transaction, consent_of(transaction, consent), purpose) if consent else None
    if not isinstance(found, Use):
        found = valid_for(transaction, phone, purpose) or found
    if isinstance(found, Use):
        transaction.on_ground(basis_of(purpose), found.consent)
        return None
    if transaction.setting("consents") == REQUIRED or notice_now(transaction, purpose):
        return Refused("no_consent", "L-25", args={"state": State.NONE.value if found is None else found.state.value})
    transaction.on_ground(Basis.NONE, "")
    return None


def _in_order(rows: Sequence[ConsentAct]) -> list[ConsentAct]:
    """As they were sealed. Two acts of one instant: shown comes before what answers it."""
    order = {Act.SHOWN: 0, Act.GIVEN: 1, Act.REFUSED: 1, Act.WITHDRAWN: 2, Act.VOIDED: 3}
    return sorted(rows, key=lambda row: (row.at, order[row.act]))


def _step(numbered: tuple[int, ConsentAct]) -> Step:
    entry, row = numbered
    return Step(
        act=row.act,
        at=row.at,
        entry=entry,
        purpose=row.purpose,
        recipient=row.recipient,
        notice_sha256=row.notice_sha256,
        age=row.age,
        guardian=row.guardian,
        valid_until=row.valid_until or Micros(0),
    )
