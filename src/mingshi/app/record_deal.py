"""认购, 签约, 网签, 贷款批复: a deal and what happens to it (E12, E13).

The rules this module keeps: what stands in a deal is only added to; its buyers become one purchase unit. Whether two
partners were protected for them is told at once (D13); nothing is decided here.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import CancelKind, Time
from mingshi.domain.ids import AgentId, Contact, DealId, StaffId
from mingshi.domain.moment import latest
from mingshi.kernel.fen import Fen


class RecordDeal(NamedTuple):
    """A subscription; fields as `evidence.Deal`. `id`: the office's own number, else one is made."""

    buyers: tuple[Contact, ...]
    subscribed_at: Time
    room: str = ""
    id: DealId = DealId("")
    intended_at: Time | None = None
    selection_at: Time | None = None
    contracted_at: Time | None = None
    price_fen: Fen | None = None
    consultant: StaffId = StaffId("")
    claimed_agent: AgentId = AgentId("")
    recorded_source: str = ""


def subscribe(transaction: Transaction, command: RecordDeal) -> Answer:
    """As `record_deal`, unless one of these buyers stands with this very home: entered twice it is one deal."""
    for contact in command.buyers if command.room else ():
        for deal in transaction.read(e.Deal, "buyers", contact):
            undone = {row.kind for row in transaction.read(e.Cancellation, "deal", deal.id)} - {CancelKind.INTENT}
            if deal.room == command.room and not undone:
                return Refused("deal_stands", "INV-09", (deal.id,), {"deal": deal.id})
    return record_deal(transaction, command)


def record_deal(transaction: Transaction, command: RecordDeal) -> Answer:
    """Seal a subscription."""
    for contact in command.buyers:
        if (wrong := bad_phone(contact)) is not None:
            return wrong
    if not command.buyers:
        return Refused("buyers_needed", "D5")
    if latest(command.subscribed_at) > transaction.now:
        return Refused("time_not_now", "G7")
    if command.price_fen is not None and command.price_fen < 0:
        return Refused("negative_amount", "INV-10")
    name = command.id or DealId(transaction.new_id("D"))
    if transaction.read(e.Deal, "id", name):
        return Refused("deal_exists", "INV-09", (name,))
    deal = blank(e.Deal, **(command._asdict() | {"id": name}))
    transaction.seal(deal)
    joined = len(command.buyers) < 2 or transaction.join(command.buyers)
    return Done("deal_recorded", {"deal": name}, {"contested": not joined})


class AdvanceDeal(NamedTuple):
    """What came after the subscription; empty where it did not."""

    deal: DealId
    selection_at: Time | None = None
    contracted_at: Time | None = None
    filed_at: Time | None = None
    price_fen: Fen | None = None
    loan_approved_at: Time | None = None


def advance_deal(transaction: Transaction, command: AdvanceDeal) -> Answer:
    """Seal what was added to a deal. What stands is not overwritten."""
    rows = transaction.read(e.Deal, "id", command.deal)
    if not rows:
        return Refused("unknown_deal", "D5")
    added = {name: value for name, value in command._asdict().items() if name != "deal" and value is not None}
    if not added or any(getattr(rows[0], name) is not None for name in added):
        return Refused("already_recorded", "G5", (command.deal,))
    if any(latest(value) > transaction.now for name, value in added.items() if name != "price_fen"):
        return Refused("time_not_now", "G7")
    transaction.amend(e.Deal, command.deal, **added)
    return Done("deal_advanced", {"deal": command.deal})
