"""释放: an agent, or the site with a reason, lets a registration go (A8, C5)."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import not_staff
from mingshi.app.ports import Transaction
from mingshi.domain import evidence as e
from mingshi.domain.evidence import ReleasedBy
from mingshi.domain.ids import EvidenceId


class ReleaseRegistration(NamedTuple):
    """Who lets go of what."""

    registration: EvidenceId
    by: ReleasedBy
    who: str
    """The agent's id, or that of a member of staff."""


def release_registration(transaction: Transaction, command: ReleaseRegistration) -> Answer:
    """Seal the release; the client may be registered by anybody again."""
    rows = transaction.read(e.Registration, "id", command.registration)
    if not rows or (command.by is ReleasedBy.AGENT and rows[0].agent != command.who):
        return Refused("unknown_registration", "A8")
    if command.by is ReleasedBy.SITE and (wrong := not_staff(transaction, command.who)) is not None:
        return wrong
    if rows[0].released_at is not None:
        return Refused("already_released", "A8")
    transaction.amend(e.Registration, command.registration, released_at=transaction.now, released_by=command.by)
    transaction.free_slot(command.registration)
    return Done("released", {"registration": command.registration})
