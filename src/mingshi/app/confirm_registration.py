"""双签报备: the client confirms a registration on their own phone (A12), or says no.

The rules this module keeps:

1. Exclusivity, lead and windows run from this act; only now is the full number known (L-23).
2. The client reads nothing of any other agent; the agent reads the result by asking for their own registration.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import REQUIRED, rests_on, valid_for
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.protection import protect
from mingshi.app.supposing import blank, claim_of, refusing
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, DeviceId, EvidenceId, visible
from mingshi.domain.notice.purpose import Basis, Purpose
from mingshi.kernel.answer import Answer as Known


class ConfirmRegistration(NamedTuple):
    """What the client's phone sends. `been_before`: have you been here before? None: not answered."""

    registration: EvidenceId
    phone: Contact
    agreed: bool = True
    been_before: bool | None = None
    device: DeviceId = DeviceId("")
    consent: EvidenceId = EvidenceId("")
    """The separate consent (PIPL 23) that the agreement is."""


def confirm_registration(transaction: Transaction, command: ConfirmRegistration) -> Answer:
    """Seal the client's own word on a registration."""
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    rows = transaction.read(e.Registration, "id", command.registration)
    if not rows or rows[0].released_at is not None:
        return Refused("unknown_registration", "A12")
    registration = rows[0]
    if registration.phone not in (command.phone, visible(command.phone)):
        return Refused("number_differs", "A11")
    if any(row.agreed for row in transaction.read(e.Confirmation, "registration", registration.id)):
        return Refused("already_confirmed", "A12")
    if command.agreed:
        no_ground = rests_on(transaction, Purpose.REGISTRATION, command.consent, command.phone)
        if no_ground is not None:
            return no_ground
    confirmation = blank(
        e.Confirmation,
        id=transaction.new_id("N"),
        registration=registration.id,
        at=transaction.now,
        # A no leaves nothing of whoever said it.
        phone=command.phone if command.agreed or transaction.setting("consents") != REQUIRED else e.NOBODY,
        agreed=command.agreed,
        been_before=command.been_before,
        device=command.device,
    )
    transaction.seal(confirmation)
    if command.agreed and (given := valid_for(transaction, command.phone, Purpose.REGISTRATION)) is not None:
        # What the agent wrote of the client was pending until now; from here on it rests on the same consent.
        transaction.found("Registration", registration.id, Basis.SEPARATE_CONSENT, given.consent)
    ids = {"confirmation": confirmation.id, "registration": registration.id}
    if not command.agreed:
        transaction.say("registration", {"registration": registration.id, "code": "UNCONFIRMED"})
        return Done("declined", ids)
    claim = claim_of(registration.id, command.phone, transaction.source, transaction.now)
    if claim is not None:
        finding = refusing(claim)
        if claim.admission is Known.YES:
            protect(transaction, claim, command.phone)
        transaction.say(
            "registration", {"registration": registration.id, "code": "0" if finding is None else finding.code.value}
        )
    return Done("confirmed", ids)
