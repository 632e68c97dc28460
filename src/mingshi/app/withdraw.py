"""撤回与删除: a person takes back a consent, or has what is held on them erased (E18, G3, INV-08).

The rules this module keeps:

1. An erasure is sealed before anything is destroyed; the entry says which records are gone and to which deals they
   belonged, and names nobody. Keys, openings and index rows go in the same transaction: unreadable here at once.
2. The rulings that were given stay; a deal whose evidence is gone answers NOT_REJUDGEABLE (INV-06).
3. Whether a person's request is theirs, and whether a hold stands against it, was asked before this is called.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import consent_of, consents_of
from mingshi.app.end_items import end_items
from mingshi.app.facts import ConsentAct, Subject
from mingshi.app.people import bad_phone, not_staff
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import Act, ActMeans, State
from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.ids import Contact, DealId, EvidenceId, PassId, StaffId
from mingshi.domain.notice.purpose import Basis, Purpose


class WithdrawConsent(NamedTuple):
    """Which consent, or of which pass and whose. With the consent's name (its receipt) nothing else is asked."""

    phone: Contact = Contact("")
    pass_id: PassId = PassId("")
    consent: EvidenceId = EvidenceId("")
    staff: StaffId = StaffId("")
    """Who wrote it down at the desk; empty: the person themselves."""


class WithdrawAtDesk(NamedTuple):
    """Somebody stands at the desk and takes back what was agreed to under their number."""

    phone: Contact
    staff: StaffId


class ErasePerson(NamedTuple):
    """Every number of the person."""

    phones: tuple[Contact, ...]


def withdraw_consent(transaction: Transaction, command: WithdrawConsent) -> Answer:
    """Seal that a consent was taken back; it holds at once, and what rested on nothing else is destroyed."""
    if command.consent:
        return _take_back(transaction, command.consent, command.staff)
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    row = _withdrawal(transaction, command.phone, command.pass_id)
    return Done("withdrawn", {"withdrawal": row})


def withdraw_at_desk(transaction: Transaction, command: WithdrawAtDesk) -> Answer:
    """Seal that every consent of this number was taken back, and by whose hand; the same answer where there was none.

    As short as giving at the desk: a number and a button. Staff stand in the act, so that whoever takes back what the
    person never wanted taken back is found; and the answer tells nobody whether a number is known here.
    """
    if (wrong := not_staff(transaction, command.staff)) is not None:
        return wrong
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    ids: dict[str, str] = {}
    for held in consents_of(transaction, command.phone):
        if held.consent.state is State.GIVEN:
            done = _take_back(transaction, held.consent.id, command.staff)
            assert isinstance(done, Done), "it stood a moment ago"
            ids[f"act{len(ids) + 1}"] = done.ids["act"]
    return Done("withdrawn_at_desk", ids)


def _take_back(transaction: Transaction, name: EvidenceId, staff: StaffId) -> Answer:
    consent = consent_of(transaction, name)
    if consent.state is not State.GIVEN:
        return Refused("not_given", "L-10", args={"state": consent.state.value})
    act = _seal_withdrawal(transaction, name, staff)
    ids = {"consent": name, "act": act.id}
    if consent.purpose is Purpose.FACE_PASS:
        for phone in (row.phone for row in transaction.read(Subject, "id", act.principal)):
            for row in transaction.read(e.Pass, "phone", phone):
                if row.revoked_at is None:
                    transaction.amend(e.Pass, row.id, revoked_at=transaction.now)
                    _withdrawal(transaction, phone, row.pass_id)
    gone = [item for item in transaction.grounded(name) if item.basis is not Basis.CONTRACT]
    if gone:
        ids["proof"] = end_items(transaction, gone, "47(1)(3)")
    return Done("withdrawn", ids, {"records": len(gone)})


def _seal_withdrawal(transaction: Transaction, name: EvidenceId, staff: StaffId) -> ConsentAct:
    given = next(row for row in transaction.read(ConsentAct, "consent", name) if row.act is Act.GIVEN)
    act = given._replace(
        id=transaction.new_id("CA"),
        act=Act.WITHDRAWN,
        at=transaction.now,
        language="",
        reason="",
        staff=staff,
        means=ActMeans.SPOKEN if staff else ActMeans.TAP,
    )
    transaction.seal(act)
    return act


def _withdrawal(transaction: Transaction, phone: Contact, pass_id: PassId) -> EvidenceId:
    row = blank(
        e.Withdrawal,
        id=transaction.new_id("WD"),
        at=transaction.now,
        kind=WithdrawalKind.CONSENT,
        phone=phone,
        pass_id=pass_id,
    )
    transaction.seal(row)
    return row.id


def erase_person(transaction: Transaction, command: ErasePerson) -> Answer:
    """Seal the erasure, deal by deal, and destroy what is held."""
    for contact in command.phones:
        if (wrong := bad_phone(contact)) is not None:
            return wrong
    held = dict(transaction.held(command.phones))
    if not held:
        return Refused("nothing_held", "L-27")
    for contact in command.phones:
        for one in consents_of(transaction, contact):
            if one.consent.state is State.GIVEN:
                _seal_withdrawal(transaction, one.consent.id, StaffId(""))
    ids = seal_erasure(transaction, held)
    transaction.erase(command.phones)
    return Done("erased", ids, {"records": sum(map(len, held.values()))})


def seal_erasure(transaction: Transaction, held: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Seal which records are gone, deal by deal; ids of what was sealed."""
    ids: dict[str, str] = {}
    everything = tuple(EvidenceId(one) for group in held.values() for one in group)
    for deal in [*(one for one in held if one), ""]:
        given = last_given(transaction, DealId(deal)) if deal else None
        row = blank(
            e.Withdrawal,
            id=transaction.new_id("WD"),
            at=transaction.now,
            kind=WithdrawalKind.ERASURE,
            deal=DealId(deal),
            evidence=everything,
            commitment="" if given is None else given.sha256,
        )
        transaction.seal(row)
        ids[deal or "erasure"] = row.id
    return ids
