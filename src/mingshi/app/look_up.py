"""查号: a member of staff looks a client up (G6, F-SRCH). Every look-up is a fact, shown to the client who asks.

The rules this module keeps: it needs a reason; it is sealed before it is answered, whatever the answer; the answer
tells whether the project knows the client, never whose client it is.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import bad_phone, not_staff
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, StaffId

_KNOWN_BY = (e.Arrival, e.Registration, e.Confirmation, e.Lead, e.Call, e.Statement)


class LookUp(NamedTuple):
    """Who looks for whom, and why."""

    staff: StaffId
    phone: Contact
    reason: str


def look_up(transaction: Transaction, command: LookUp) -> Answer:
    """Seal a look-up, then answer it."""
    if (wrong := not_staff(transaction, command.staff)) is not None:
        return wrong
    if (wrong := bad_phone(command.phone, masked=True)) is not None:
        return wrong
    if not command.reason.strip():
        return Refused("reason_needed", "F-SRCH")
    known = any(transaction.read(kind, "phone", command.phone) for kind in _KNOWN_BY)
    row = blank(e.Lookup, id=transaction.new_id("Q"), at=transaction.now, **command._asdict())
    transaction.seal(row)
    return Done("looked_up_known" if known else "looked_up_unknown", {"lookup": row.id})
