"""客户声明: who brought me, in the client's own words (E7, RULES amendment 21).

The rules this module keeps: 不想说 is an answer like any other; a later statement stands beside the earlier one, and
until 认购 the last one counts; nothing is asked twice here.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import bad_phone, employed
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Origin, Place, Stage, Time
from mingshi.domain.ids import AgentId, Contact


class StateOrigin(NamedTuple):
    """What the client says; fields as `evidence.Statement`."""

    phone: Contact
    stage: Stage
    origin: Origin
    agent: AgentId = AgentId("")
    referrer: str = ""
    phones: tuple[Contact, ...] = ()
    first_contact_at: Time | None = None
    first_contact_where: Place | None = None
    earlier_visit_at: Time | None = None
    earlier_erased: bool = False
    before_staff: bool = False
    present: tuple[Contact, ...] = ()


def state_origin(transaction: Transaction, command: StateOrigin) -> Answer:
    """Seal a statement; numbers that the client says are their own become one purchase unit with theirs."""
    for contact in (command.phone, *command.phones, *command.present):
        if (wrong := bad_phone(contact)) is not None:
            return wrong
    if command.origin is Origin.AGENT and employed(transaction, command.agent) is None:
        return Refused("unknown_agent", "E7")
    statement = blank(e.Statement, id=transaction.new_id("S"), at=transaction.now, **command._asdict())
    transaction.seal(statement)
    contested = bool(command.phones) and not transaction.join((command.phone, *command.phones))
    return Done("stated", {"statement": statement.id}, {"contested": contested})
