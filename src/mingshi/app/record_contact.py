"""Leads, calls, outreach, follow-ups and receipts shown: what happened around a client (E8, E11, E20, E21, C6, C9).

The rules this module keeps: such a fact bars nobody by itself (RULES amendment 5); it is sealed when it is recorded
and counts from then. It tells of a person, so it rests on a consent of theirs: who rings and has agreed to nothing is
noted without a number, which is a count (`Count`) and no fact about anybody (L-25).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import rests_on
from mingshi.app.people import bad_phone, not_staff
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, FollowupKind, Time
from mingshi.domain.ids import Contact, EvidenceId, StaffId
from mingshi.domain.notice.purpose import Purpose


class RecordLead(NamedTuple):
    """线上留资. `otp`: the client proved the number by a code. `consent`: what they agreed to on that page."""

    phone: Contact
    otp: bool = False
    staff: StaffId = StaffId("")
    referrer: str = ""
    source: str = ""
    consent: EvidenceId = EvidenceId("")


class RecordCall(NamedTuple):
    """来电."""

    phone: Contact
    staff: StaffId = StaffId("")


class RecordOutreach(NamedTuple):
    """外拓: staff went to the client first."""

    phone: Contact
    staff: StaffId
    source: str = ""


class RecordFollowup(NamedTuple):
    """跟进 of a registration."""

    registration: EvidenceId
    by: str
    kind: FollowupKind


class ShowReceipt(NamedTuple):
    """到访回执 that the visitor kept and shows."""

    phone: Contact
    visit_at: Time
    bound_to: Binding
    staff: StaffId = StaffId("")


Contacting: TypeAlias = RecordLead | RecordCall | RecordOutreach | RecordFollowup | ShowReceipt
_KINDS: Final[Mapping[type[Contacting], tuple[type[tuple[object, ...]], str, str]]] = {
    RecordLead: (e.Lead, "L", "lead"),
    RecordCall: (e.Call, "C", "call"),
    RecordOutreach: (e.Outreach, "O", "outreach"),
    RecordFollowup: (e.Followup, "F", "followup"),
    ShowReceipt: (e.Receipt, "H", "receipt"),
}


def record_contact(transaction: Transaction, command: Contacting) -> Answer:
    """Seal one of them."""
    if isinstance(command, RecordFollowup):
        if not transaction.read(e.Registration, "id", command.registration):
            return Refused("unknown_registration", "C9")
    elif (wrong := bad_phone(command.phone)) is not None:
        return wrong
    staff = "" if isinstance(command, RecordFollowup) else command.staff
    if staff and (wrong := not_staff(transaction, staff)) is not None:
        return wrong
    if not isinstance(command, RecordFollowup):
        consent = command.consent if isinstance(command, RecordLead) else EvidenceId("")
        no_ground = rests_on(transaction, Purpose.ATTRIBUTION, consent, command.phone)
        if no_ground is not None:
            return no_ground
    kind, prefix, name = _KINDS[type(command)]
    when = {"presented_at" if kind is e.Receipt else "at": transaction.now}
    id_ = transaction.new_id(prefix)
    said = {name: value for name, value in command._asdict().items() if name != "consent"}
    transaction.seal(blank(kind, id=id_, **said, **when))
    return Done("recorded", {name: id_})
