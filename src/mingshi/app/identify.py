"""身份核验: this number is this person (E6, I1). The identity number becomes a keyed token here and is kept nowhere."""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Stage
from mingshi.domain.ids import Contact, IdKey


class Identify(NamedTuple):
    """What the desk, or the national service, found."""

    phone: Contact
    number: str
    stage: Stage
    matched: bool = True


def identify(transaction: Transaction, command: Identify) -> Answer:
    """Seal an identity check; two numbers of one person become one purchase unit."""
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    key = IdKey(transaction.id_key(command.number) if command.number else "")
    row = blank(
        e.Identity,
        id=transaction.new_id("I"),
        at=transaction.now,
        phone=command.phone,
        id_key=key,
        stage=command.stage,
        matched=command.matched,
    )
    transaction.seal(row)
    same = [one.phone for one in transaction.read(e.Identity, "id_key", key) if one.matched] if key else []
    contested = command.matched and not transaction.join([command.phone, *same])
    return Done("identified", {"identity": row.id}, {"contested": contested})
