"""关联权益人: two people, and what shows their relation (E16, I3).

The rules this module keeps: never by face, never by surname: somebody names the proof, and only a verified relation
makes two people one purchase unit. Where both were protected for different agents, people decide (D13).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import ANY, rests_on_any
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Relationship, Time
from mingshi.domain.ids import Contact, EvidenceId


class RecordRelation(NamedTuple):
    """`since`: the date of the proof itself; `verified_by`: what was seen; empty: declared only."""

    phone_a: Contact
    phone_b: Contact
    kind: Relationship
    since: Time | None = None
    verified_by: str = ""
    id: EvidenceId = EvidenceId("")


def record_relation(transaction: Transaction, command: RecordRelation) -> Answer:
    """Seal a relation."""
    for contact in (command.phone_a, command.phone_b):
        if (wrong := bad_phone(contact)) is not None:
            return wrong
    if command.phone_a == command.phone_b:
        return Refused("two_people", "I3")
    if (no_ground := rests_on_any(transaction, ANY, command.phone_a)) is not None:
        return no_ground
    verified = transaction.now if command.verified_by else None
    row = blank(
        e.Relation, **command._asdict() | {"id": command.id or transaction.new_id("G"), "verified_at": verified}
    )
    transaction.seal(row)
    family = command.kind is not Relationship.AGENT_RELATIVE
    joined = not (verified and family) or transaction.join((command.phone_a, command.phone_b))
    return Done("related", {"relation": row.id}, {"contested": not joined})
