"""资料变更: staff correct what is said of a client; the old value stands beside the new one (G5, I2, I6).

The rules this module keeps:

1. Nothing is overwritten. A first visit is never changed, only contested; nothing is deleted this way.
2. A second number is added with the client's own code only (I2); then both are one purchase unit.
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import ANY, rests_on_any
from mingshi.app.people import bad_phone, not_staff
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField
from mingshi.domain.ids import Contact, EvidenceId, StaffId

_NEVER: Final = frozenset({EditField.FIRST_VISIT, EditField.DELETE, EditField.WINDOW})
"""A window is widened by `extend_window`, with two people; data are erased by the person's own right."""


class CorrectRecord(NamedTuple):
    """What is corrected. `target`: the record, or the link that is broken (I6)."""

    staff: StaffId
    phone: Contact
    field: EditField
    target: EvidenceId = EvidenceId("")
    old: str = ""
    new: str = ""
    buyer_otp: bool = False


def correct_record(transaction: Transaction, command: CorrectRecord) -> Answer:
    """Seal a correction."""
    if (wrong := not_staff(transaction, command.staff)) is not None:
        return wrong
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if command.field in _NEVER:
        return Refused("never_changed", "G5")
    second = command.field in (EditField.SECOND_PHONE, EditField.PHONE)
    if second and (wrong := bad_phone(Contact(command.new))) is not None:
        return wrong
    if second and not command.buyer_otp:
        return Refused("code_needed", "I2")
    if (no_ground := rests_on_any(transaction, ANY, command.phone)) is not None:
        return no_ground
    edit = blank(e.Edit, id=transaction.new_id("X"), at=transaction.now, **command._asdict())
    transaction.seal(edit)
    contested = False
    if command.field is EditField.SECOND_PHONE:
        contested = not transaction.join((command.phone, Contact(command.new)))
    follow(transaction, [command.phone])
    return Done("corrected", {"edit": edit.id}, {"contested": contested})
