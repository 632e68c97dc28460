"""回款, 退房, 发票, 接受: the facts on which money waits (E14, E15, D8, INV-11)."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import CancelKind, PaymentKind, Time
from mingshi.domain.ids import AgencyId, DealId, EvidenceId
from mingshi.domain.moment import earliest
from mingshi.kernel.fen import Fen


class RecordPayment(NamedTuple):
    """Money received for a deal; a refund is negative."""

    deal: DealId
    amount_fen: Fen
    kind: PaymentKind
    at: Time
    id: EvidenceId = EvidenceId("")
    """The office's own number of the receipt; empty: one is made."""


class RecordCancellation(NamedTuple):
    """What was undone. `by_partner`: the agent or agency caused it (D11); `new_deal`: 换房."""

    deal: DealId
    kind: CancelKind
    at: Time
    refund_fen: Fen | None = None
    by_partner: bool = False
    new_deal: DealId = DealId("")
    id: EvidenceId = EvidenceId("")


class RecordInvoice(NamedTuple):
    """An agency's invoice."""

    number: str
    agency: AgencyId
    deal: DealId
    amount_fen: Fen
    matched: bool
    id: EvidenceId = EvidenceId("")


class AcceptRuling(NamedTuple):
    """A claimant accepts a ruling against them (INV-11)."""

    deal: DealId
    by: str


def record_payment(transaction: Transaction, command: RecordPayment) -> Answer:
    """Seal a payment."""
    if (wrong := _wrong(transaction, command.deal, command.at)) is not None:
        return wrong
    if (command.amount_fen < 0) is not (command.kind is PaymentKind.REFUND) or command.amount_fen == 0:
        return Refused("wrong_sign", "INV-10")
    row = blank(e.Payment, **command._asdict() | {"id": command.id or transaction.new_id("Y")})
    transaction.seal(row)
    return Done("payment_recorded", {"payment": row.id})


def record_cancellation(transaction: Transaction, command: RecordCancellation) -> Answer:
    """Seal a cancellation; what was paid of a commission is taken back by the next settlement (D9)."""
    if (wrong := _wrong(transaction, command.deal, command.at)) is not None:
        return wrong
    if command.refund_fen is not None and command.refund_fen < 0:
        return Refused("negative_amount", "INV-10")
    kinds = {row.kind for row in transaction.read(e.Cancellation, "deal", command.deal)}
    if command.kind in kinds:
        return Refused("already_recorded", "D9", (command.deal,))
    row = blank(e.Cancellation, **command._asdict() | {"id": command.id or transaction.new_id("U")})
    transaction.seal(row)
    buyers = transaction.read(e.Deal, "id", command.deal)[0].buyers
    if buyers:
        follow(transaction, buyers)
    return Done("cancellation_recorded", {"cancellation": row.id})


def record_invoice(transaction: Transaction, command: RecordInvoice) -> Answer:
    """Seal an invoice."""
    if (wrong := _wrong(transaction, command.deal, transaction.now)) is not None:
        return wrong
    if command.amount_fen <= 0:
        return Refused("wrong_sign", "INV-10")
    row = blank(e.Invoice, **command._asdict() | {"id": command.id or transaction.new_id("B"), "at": transaction.now})
    transaction.seal(row)
    return Done("invoice_recorded", {"invoice": row.id})


def accept_ruling(transaction: Transaction, command: AcceptRuling) -> Answer:
    """Seal that a claimant accepts."""
    if (wrong := _wrong(transaction, command.deal, transaction.now)) is not None:
        return wrong
    row = blank(
        e.Approval, id=transaction.new_id("A"), deal=command.deal, step="accepted", by=command.by, at=transaction.now
    )
    transaction.seal(row)
    return Done("accepted", {"approval": row.id})


def _wrong(transaction: Transaction, deal: DealId, at: Time) -> Refused | None:
    if not transaction.read(e.Deal, "id", deal):
        return Refused("unknown_deal", "D8")
    return Refused("time_not_now", "G7") if earliest(at) > transaction.now else None
