"""作废与排除: a consent that was none, and what was taken without a ground (NDR 24; L-04, L-11, L-25).

The rules this module keeps:

1. A consent that turns out to have been given too young, or after the fact, is voided; what rested on it never had a
   ground.
2. What has no ground is excluded from every ruling at once, and destroyed in the same transaction: there is no
   quarantine that somebody could let out again.
3. What the law has the site keep about it stays: that it happened, how many records of which kind.
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import consent_of
from mingshi.app.end_items import end_items
from mingshi.app.facts import ConsentAct
from mingshi.app.people import not_staff
from mingshi.app.ports import Item, Transaction
from mingshi.domain.consent.state import Act, State
from mingshi.domain.ids import EvidenceId, StaffId

FAULTS: Final = ("order", "age")
REASON: Final = "NDR 24"


class VoidConsent(NamedTuple):
    """Which consent, what was wrong with it, who found it."""

    consent: EvidenceId
    fault: str
    by: StaffId


class ExcludeUnfounded(NamedTuple):
    """Records that were found to have been taken without a ground."""

    items: tuple[Item, ...]
    by: StaffId


def void_consent(transaction: Transaction, command: VoidConsent) -> Answer:
    """Seal that a consent was none, and destroy what rested on it."""
    if (wrong := not_staff(transaction, command.by)) is not None:
        return wrong
    if command.fault not in FAULTS:
        return Refused("unknown_fault", "L-04")
    consent = consent_of(transaction, command.consent)
    if consent.state is not State.GIVEN:
        return Refused("not_given", "L-04", args={"state": consent.state.value})
    given = next(row for row in transaction.read(ConsentAct, "consent", consent.id) if row.act is Act.GIVEN)
    act = given._replace(id=transaction.new_id("CA"), act=Act.VOIDED, at=transaction.now, reason=command.fault)
    transaction.seal(act)
    gone = transaction.grounded(consent.id)
    ids = {"consent": consent.id, "act": act.id}
    if gone:
        ids["proof"] = end_items(transaction, gone, REASON)
    return Done("consent_voided", ids, {"records": len(gone)})


def exclude_unfounded(transaction: Transaction, command: ExcludeUnfounded) -> Answer:
    """Destroy what has no ground, whoever brought it."""
    if (wrong := not_staff(transaction, command.by)) is not None:
        return wrong
    if not command.items:
        return Refused("nothing_held", "L-25")
    proof = end_items(transaction, command.items, REASON)
    return Done("excluded", {"proof": proof}, {"records": len(command.items)})
