"""带看: an agent came with the client, and both said so (B5, A3).

The rule this module keeps: no act of staff is needed, so none can withhold it.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import ANY, rests_on_any
from mingshi.app.people import bad_phone, employed
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import EscortMeans
from mingshi.domain.ids import AgentId, Contact, DeviceId


class ConfirmEscort(NamedTuple):
    """Agent and client, side by side at the door."""

    agent: AgentId
    phone: Contact
    means: EscortMeans = EscortMeans.CODE
    project: str = ""
    buyer_named: bool = False
    """The client named the agent, or signed."""
    device: DeviceId = DeviceId("")


def confirm_escort(transaction: Transaction, command: ConfirmEscort) -> Answer:
    """Seal an escort."""
    if employed(transaction, command.agent) is None:
        return Refused("unknown_agent", "A1")
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if command.project not in ("", transaction.source.project):
        return Refused("other_project", "A3")
    if (no_ground := rests_on_any(transaction, ANY, command.phone)) is not None:
        return no_ground
    escort = blank(e.Escort, id=transaction.new_id("K"), at=transaction.now, **command._asdict())
    transaction.seal(escort)
    follow(transaction, [command.phone])
    return Done("escorted", {"escort": escort.id})
