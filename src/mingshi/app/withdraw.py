"""撤回与删除: a person takes back a consent, or has what is held on them erased (E18, G3, INV-08).

The rules this module keeps:

1. An erasure is sealed before anything is destroyed; the entry says which records are gone and to which deals they
   belonged, and names nobody. Keys, openings and index rows go in the same transaction: unreadable here at once.
2. The rulings that were given stay; a deal whose evidence is gone answers NOT_REJUDGEABLE (INV-06).
3. Whether a person's request is theirs, and whether a hold stands against it, was asked before this is called.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.ids import Contact, DealId, EvidenceId, PassId


class WithdrawConsent(NamedTuple):
    """Of which pass, and whose."""

    phone: Contact
    pass_id: PassId = PassId("")


class ErasePerson(NamedTuple):
    """Every number of the person."""

    phones: tuple[Contact, ...]


def withdraw_consent(transaction: Transaction, command: WithdrawConsent) -> Answer:
    """Seal that a consent was taken back; it holds at once."""
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    row = blank(
        e.Withdrawal,
        id=transaction.new_id("WD"),
        at=transaction.now,
        kind=WithdrawalKind.CONSENT,
        phone=command.phone,
        pass_id=command.pass_id,
    )
    transaction.seal(row)
    return Done("withdrawn", {"withdrawal": row.id})


def erase_person(transaction: Transaction, command: ErasePerson) -> Answer:
    """Seal the erasure, deal by deal, and destroy what is held."""
    for contact in command.phones:
        if (wrong := bad_phone(contact)) is not None:
            return wrong
    held = dict(transaction.held(command.phones))
    if not held:
        return Refused("nothing_held", "L-27")
    ids = seal_erasure(transaction, held)
    transaction.erase(command.phones)
    return Done("erased", ids, {"records": sum(map(len, held.values()))})


def seal_erasure(transaction: Transaction, held: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Seal which records are gone, deal by deal; ids of what was sealed."""
    ids: dict[str, str] = {}
    everything = tuple(EvidenceId(one) for group in held.values() for one in group)
    for deal in [*(one for one in held if one), ""]:
        given = last_given(transaction, DealId(deal)) if deal else None
        row = blank(
            e.Withdrawal,
            id=transaction.new_id("WD"),
            at=transaction.now,
            kind=WithdrawalKind.ERASURE,
            deal=DealId(deal),
            evidence=everything,
            commitment="" if given is None else given.sha256,
        )
        transaction.seal(row)
        ids[deal or "erasure"] = row.id
    return ids
