"""限制处理: a person's data are kept and used for nothing but their own deal (PIPL 44; L-27).

The rules this module keeps: it is offered before every erasure and asked for by nobody else; while it stands no member
of staff looks the person up, nobody is told, no message is sent. A ruling of their own deal goes on: that is what they
kept the data for. The person lifts it themselves.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import Restriction
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.domain.ids import Contact


class RestrictPerson(NamedTuple):
    """Every number of the person."""

    phones: tuple[Contact, ...]


class LiftRestriction(NamedTuple):
    """Every number of the person."""

    phones: tuple[Contact, ...]


def restrict_person(transaction: Transaction, command: RestrictPerson) -> Answer:
    """Seal a restriction."""
    for phone in command.phones:
        if (wrong := bad_phone(phone)) is not None:
            return wrong
    if not any(transaction.items([phone]) for phone in command.phones):
        return Refused("nothing_held", "L-27")
    ids: dict[str, str] = {}
    for phone in command.phones:
        if not restricted(transaction, phone):
            row = Restriction(transaction.new_id("RS"), phone, transaction.now, None)
            transaction.seal(row)
            ids[f"restriction{len(ids) + 1}"] = row.id
    return Done("restricted", ids)


def lift_restriction(transaction: Transaction, command: LiftRestriction) -> Answer:
    """Seal that it is lifted."""
    standing = [
        row
        for phone in command.phones
        for row in transaction.read(Restriction, "phone", phone)
        if row.lifted_at is None
    ]
    if not standing:
        return Refused("not_restricted", "L-27")
    for row in standing:
        transaction.amend(Restriction, row.id, lifted_at=transaction.now)
    return Done("restriction_lifted", {f"restriction{at}": row.id for at, row in enumerate(standing, start=1)})


def restricted(transaction: Transaction, phone: Contact) -> bool:
    """Whether a restriction stands for this number."""
    return bool(phone) and any(row.lifted_at is None for row in transaction.read(Restriction, "phone", phone))
