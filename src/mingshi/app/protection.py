"""Who is protected: the slot of a purchase unit follows what the judge says of the registration that holds it.

The rules this module keeps:

1. In protect mode (C1) one registration keeps the others out. The judge's A6 says so from the evidence; the slot is
   its unique key, taken by compare-and-swap (RULES §3.3c).
2. Until an arrival the slot lasts as long as the report window; from an arrival that stood, as long as the deal
   window; an arrival that did not stand ends it (`Claim.lives`).
"""

from collections.abc import Sequence

from mingshi.app.ports import Slot, Transaction
from mingshi.app.supposing import claims_on
from mingshi.domain.ids import Contact
from mingshi.domain.judge.claim import Claim
from mingshi.domain.policy import Mode
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import Micros, point


def protect(transaction: Transaction, claim: Claim, contact: Contact) -> bool:
    """Take the slot for a claim that was admitted. False where another registration stands in it.

    A claim that failed at once, since the client was there already (B7), keeps nobody out and takes none.
    """
    if claim.draft.policy.mode is not Mode.PROTECT or keeps_out(claim, transaction.now) is Answer.NO:
        return True
    standing = transaction.slot((contact,))
    if standing is not None and standing.registration != claim.registration.id:
        return False
    return transaction.take_slot((contact,), slot_of(claim, transaction.now), standing)


def follow(transaction: Transaction, contacts: Sequence[Contact]) -> None:
    """Something happened to these people: see how the registration that protects them stands now."""
    standing = transaction.slot(contacts)
    if standing is None:
        return
    for claim in claims_on(contacts, transaction.source, transaction.now):
        if claim.registration.id == standing.registration:
            if keeps_out(claim, transaction.now) is Answer.NO:
                transaction.free_slot(standing.registration)
            elif (slot := slot_of(claim, transaction.now)) != standing._replace(contested=False):
                transaction.take_slot(contacts, slot._replace(contested=standing.contested), standing)


def keeps_out(claim: Claim, now: Micros) -> Answer:
    """Does a registration keep others out, now or from now on? It takes effect just after the instant of its sealing,
    and what happens in that same instant does not end it.
    """
    return claim.lives(point(now)) | claim.lives(point(now + 1))


def slot_of(claim: Claim, now: Micros) -> Slot:
    """The slot of a live claim: until when it keeps others out."""
    arrived = claim.draft.visit is not None and claim.draft.visit.start.counted.latest <= now
    until = claim.deal_until if arrived else claim.report_until
    return Slot(claim.registration.id, claim.registration.agent, until, contested=False)
