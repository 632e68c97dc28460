"""关联权益人: two people, and what shows their relation (E16, I3).

The rules this module keeps: never by face, never by surname: somebody names the proof, and only a verified relation
makes two people one purchase unit. Where both were protected for different agents, people decide (D13). What stood open
when it was recorded is added once it is known: the proof, that it was seen, the end (G5).
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
from mingshi.domain.moment import earliest


class RecordRelation(NamedTuple):
    """`since`: the date of the proof itself; `verified_by`: what was seen; empty: declared only.

    `seen`: False where the proof is named and nobody has seen it yet. `broken_at`: when the relation ended.
    """

    phone_a: Contact
    phone_b: Contact
    kind: Relationship
    since: Time | None = None
    verified_by: str = ""
    id: EvidenceId = EvidenceId("")
    seen: bool = True
    broken_at: Time | None = None


def record_relation(transaction: Transaction, command: RecordRelation) -> Answer:
    """Seal a relation."""
    for contact in (command.phone_a, command.phone_b):
        if (wrong := bad_phone(contact)) is not None:
            return wrong
    if command.phone_a == command.phone_b:
        return Refused("two_people", "I3")
    if (no_ground := rests_on_any(transaction, ANY, command.phone_a)) is not None:
        return no_ground
    if _lies_ahead(transaction, command.broken_at):
        return Refused("time_not_now", "G7")
    said = command._asdict()
    verified = transaction.now if said.pop("seen") and command.verified_by else None
    row = blank(e.Relation, **said | {"id": command.id or transaction.new_id("G"), "verified_at": verified})
    transaction.seal(row)
    return _joined(transaction, row)


def complete_relation(transaction: Transaction, row: e.Relation, told: e.Relation) -> Answer:
    """Seal what the row of a relation lacked and is told by now; the rest of it is left alone."""
    if _lies_ahead(transaction, told.broken_at):
        return Refused("time_not_now", "G7")
    new: dict[str, Time | str] = {}
    if told.verified_by and not row.verified_by:
        new["verified_by"] = told.verified_by
    if told.verified_at is not None and row.verified_at is None and (row.verified_by or told.verified_by):
        new["verified_at"] = transaction.now
    if told.broken_at is not None and row.broken_at is None:
        new["broken_at"] = told.broken_at
    if not new:
        return Done("row_known", {"row": row.id})
    transaction.amend(e.Relation, row.id, **new)
    return _joined(transaction, row._replace(**new))  # type: ignore[arg-type]  # each field's own kind


def _joined(transaction: Transaction, row: e.Relation) -> Answer:
    """Two people are one unit while their relation is verified and stands."""
    one_unit = row.verified_at is not None and row.broken_at is None and row.kind is not Relationship.AGENT_RELATIVE
    joined = not one_unit or transaction.join((row.phone_a, row.phone_b))
    return Done("related", {"relation": row.id}, {"contested": not joined})


def _lies_ahead(transaction: Transaction, at: Time | None) -> bool:
    return at is not None and earliest(at) > transaction.now
