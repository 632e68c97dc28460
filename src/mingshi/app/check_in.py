"""到访: a visitor says, in an act of their own, that they are here (B4, B4a, A3).

The rules this module keeps:

1. It is sealed before it is answered; the receipt is the answer's promise (INV-09).
2. Means are a closed set; a face buys nothing (INV-04): no branch here looks at which one it was, but for what each
   needs to be complete.
3. An off-line check-in keeps its device's time and counts from its sealing (RULES amendment 7).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import bad_phone, not_staff
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import ConfirmedBy, DoorCode, Means, Token
from mingshi.domain.ids import AgentId, Contact, DeviceId, EvidenceId, PassId, StaffId
from mingshi.kernel.timeline import Micros


class CheckIn(NamedTuple):
    """What the visitor, or the desk for them, hands in. `at`: a device's own time; empty: now."""

    phone: Contact
    means: Means
    door_code: DoorCode = DoorCode.NONE
    pass_id: PassId = PassId("")
    registration: EvidenceId = EvidenceId("")
    agent: AgentId = AgentId("")
    staff: StaffId = StaffId("")
    staff_readable: bool = False
    party: str = ""
    party_adults: int | None = None
    at: Micros | None = None
    offline: bool = False
    token: Token | None = None
    token_at: Micros | None = None
    device: DeviceId = DeviceId("")


def check_in(transaction: Transaction, command: CheckIn) -> Answer:
    """Seal one check-in."""
    wrong = _wrong(transaction, command)
    if wrong is not None:
        return wrong
    at = transaction.now if command.at is None else command.at
    arrival = blank(e.Arrival, id=transaction.new_id("V"), **(command._asdict() | {"at": at}))
    transaction.seal(arrival)
    contacts = [command.phone] if command.phone else [row.phone for row in _issued(transaction, command.pass_id)]
    if contacts:
        follow(transaction, contacts)
    return Done("checked_in", {"arrival": arrival.id})


def _wrong(transaction: Transaction, command: CheckIn) -> Refused | None:
    if command.phone and (wrong := bad_phone(command.phone)) is not None:
        return wrong
    needs_phone = command.means in (Means.OTP, Means.RECEPTION)
    needs_pass = command.means in (Means.DEVICE_KEY, Means.PASSKEY, Means.FACE_PASS)
    if (needs_phone and not command.phone) or (needs_pass and not command.pass_id):
        return Refused("means_incomplete", "B4")
    if needs_pass and not _issued(transaction, command.pass_id):
        return Refused("unknown_pass", "B4")
    if command.at is not None and (command.at > transaction.now or not command.offline):
        return Refused("time_not_now", "G7")
    if command.staff and (wrong := not_staff(transaction, command.staff)) is not None:
        return wrong
    if command.registration:
        rows = transaction.read(e.Registration, "id", command.registration)
        if not rows:
            return Refused("unknown_registration", "B4")
        if rows[0].project not in ("", transaction.source.project):
            return Refused("other_project", "A3")
    return None


def _issued(transaction: Transaction, pass_id: PassId) -> list[e.Pass]:
    rows = transaction.read(e.Pass, "pass_id", pass_id) if pass_id else ()
    return [row for row in rows if row.revoked_at is None]


class ConfirmCheckIn(NamedTuple):
    """The visitor confirms an entry that the desk made (B4: within 24 h, else it is a hint only)."""

    arrival: EvidenceId
    by: ConfirmedBy


def confirm_check_in(transaction: Transaction, command: ConfirmCheckIn) -> Answer:
    """Seal the visitor's own confirmation of a desk entry."""
    rows = transaction.read(e.Arrival, "id", command.arrival)
    if not rows:
        return Refused("unknown_arrival", "B4")
    if rows[0].confirmed_at is not None:
        return Refused("already_confirmed", "B4")
    transaction.amend(e.Arrival, command.arrival, confirmed_at=transaction.now, confirmed_by=command.by)
    if rows[0].phone:
        follow(transaction, [rows[0].phone])
    return Done("check_in_confirmed", {"arrival": command.arrival})
