"""延期: two people widen a window (D3), before it ended and before the deal.

The rules this module keeps: whether it counts is the judge's to say: the window is asked for before and after. An
extension that does not count is refused, and the attempt stays sealed and visible (golden case 19).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import not_staff, same_person
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.supposing import blank, claims_on
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Window
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.judge.assess import assess
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.hearing import open_hearing
from mingshi.domain.moment import latest


class ExtendWindow(NamedTuple):
    """Which window of which registration, by how many days, why, and the two who approve."""

    registration: EvidenceId
    window: Window
    days: int
    reason: str
    approver1: str
    approver2: str


def extend_window(transaction: Transaction, command: ExtendWindow) -> Answer:
    """Seal an extension; refused where it has no effect."""
    rows = transaction.read(e.Registration, "id", command.registration)
    if not rows:
        return Refused("unknown_registration", "D3")
    if (wrong := same_person(command.approver1, command.approver2)) is not None:
        return wrong
    if (wrong := not_staff(transaction, command.approver1, command.approver2)) is not None:
        return wrong
    confirmed = [row.phone for row in transaction.read(e.Confirmation, "registration", rows[0].id) if row.agreed]
    contact = confirmed[0] if confirmed else rows[0].phone
    before = _windows(transaction, contact, rows[0].id)
    extension = blank(e.Extension, id=transaction.new_id("Z"), at=transaction.now, **command._asdict())
    transaction.seal(extension)
    after = _windows(transaction, contact, rows[0].id)
    ids = {"extension": extension.id}
    if after is None or after == before:
        return Refused("not_extended", "D3", (extension.id,))
    follow(transaction, [contact])
    report_until, deal_until = after
    return Done("extended", ids, {"until": deal_until if command.window is Window.VISIT else report_until})


def _windows(transaction: Transaction, contact: Contact, registration: EvidenceId) -> tuple[int, int | None] | None:
    """The registration's windows, in the setting of the client's deal where there is one."""
    deals = transaction.read(e.Deal, "buyers", contact)
    if deals:
        last = max(deals, key=lambda deal: latest(deal.subscribed_at))
        claims = assess(open_hearing(gather(last.id, transaction.source)))
    else:
        claims = claims_on((contact,), transaction.source, transaction.now)
    for claim in claims:
        if claim.registration.id == registration:
            return claim.report_until, claim.deal_until
    return None
