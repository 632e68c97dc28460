"""台账: one row of a list that finance or the office keeps in a file of its own: money, invoices, relations.

The rules this module keeps: a row goes through the use case that a form would; the office's own number names it for
good, so a file brought again, with more in it, enters nothing twice; a row that says otherwise than before is refused.
"""

from typing import Final, NamedTuple, TypeAlias

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.ports import Transaction
from mingshi.app.record_payment import (
    RecordCancellation,
    RecordInvoice,
    RecordPayment,
    record_cancellation,
    record_invoice,
    record_payment,
)
from mingshi.app.record_relation import RecordRelation, complete_relation, record_relation
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.domain import evidence as e
from mingshi.domain.moment import earliest

Row: TypeAlias = e.Payment | e.Cancellation | e.Invoice | e.Relation
_OURS: Final = frozenset({"sealed_at", "verified_at"})
"""What the record says of itself, whatever the file says."""
_LATER: Final = frozenset({"verified_by", "broken_at"})
"""Of a relation: what may stand empty at first."""


class BringRow(NamedTuple):
    """The row; it has the office's own number as its id. `note`: who brought the file, told with its first new row."""

    row: Row
    note: NoteControl | None = None

    def __repr__(self) -> str:
        return f"BringRow({type(self.row).__name__})"


def bring_row(transaction: Transaction, command: BringRow) -> Answer:
    """Seal a row that is not known yet, or what it adds to one that is."""
    answer = _bring(transaction, command.row)
    if command.note is not None and is_new(answer):
        note_control(transaction, command.note)
    return answer


def is_new(answer: Answer) -> bool:
    """Whether anything of a row was sealed."""
    return isinstance(answer, Done) and answer.told != "row_known"


def _bring(transaction: Transaction, row: Row) -> Answer:
    known = transaction.read(type(row), "id", row.id)
    if known:
        changed = next((name for name in _compared(row) if _differs(row, known[0], name)), None)
        if changed == "matched" and isinstance(row, e.Invoice) and row.matched:  # checked against the contract since
            transaction.amend(e.Invoice, row.id, matched=True)
            return Done("invoice_recorded", {"invoice": row.id})
        if changed is not None:
            return Refused("row_differs", "G5", (row.id,), {"field": changed})
        if isinstance(row, e.Relation) and isinstance(known[0], e.Relation):
            return complete_relation(transaction, known[0], row)
        return Done("row_known", {"row": row.id})
    if isinstance(row, e.Payment):
        return record_payment(transaction, RecordPayment(row.deal, row.amount_fen, row.kind, row.at, row.id))
    if isinstance(row, e.Cancellation):
        cancelled = RecordCancellation(row.deal, row.kind, row.at, row.refund_fen, row.by_partner, row.new_deal, row.id)
        return record_cancellation(transaction, cancelled)
    if isinstance(row, e.Invoice):
        if earliest(row.at) > transaction.now:
            return Refused("time_not_now", "G7")
        invoice = RecordInvoice(row.number, row.agency, row.deal, row.amount_fen, row.matched, row.id)
        return record_invoice(transaction, invoice)
    proof, seen = row.verified_by, row.verified_at is not None
    related = RecordRelation(row.phone_a, row.phone_b, row.kind, row.since, proof, row.id, seen, row.broken_at)
    return record_relation(transaction, related)


def _compared(row: Row) -> list[str]:
    return [name for name in row._fields if name not in _OURS and (name, type(row)) != ("at", e.Invoice)]


def _differs(row: Row, known: Row, name: str) -> bool:
    """Whether a row says otherwise than before; what it only adds to a relation is no other word."""
    before: object = getattr(known, name)
    added = isinstance(row, e.Relation) and name in _LATER and before in ("", None)
    return not added and getattr(row, name) != before
