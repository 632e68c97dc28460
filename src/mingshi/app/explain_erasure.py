"""删除说明: what an erasure will change and what it will not, told before it is done (PIPL 48; LAW §6.7; E-ERASE).

The rules this module keeps: it counts what would go and names each deal of the person with its standing ruling; it says
what stays and until when, and that nobody is paid less for it; restriction stands beside it as the milder way. It tries
to talk nobody out of it: whoever asks for erasure is obeyed either way.
"""

from collections import Counter
from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import consents_of
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.domain.ids import Contact, DealId
from mingshi.domain.retention import Keep, expires


class ExplainErasure(NamedTuple):
    """Every number of the person."""

    phones: tuple[Contact, ...]


def explain_erasure(transaction: Transaction, command: ExplainErasure) -> Answer:
    """Say what an erasure now would do. Nothing is sealed."""
    for phone in command.phones:
        if (wrong := bad_phone(phone)) is not None:
            return wrong
    items = transaction.items(command.phones)
    if not items:
        return Refused("nothing_held", "L-27")
    kinds = Counter(item.record for item in items)
    deals = sorted({item.subject for item in items if item.record == "Deal"})
    rulings = {deal: last_given(transaction, DealId(deal)) for deal in deals}
    consents = [held for phone in command.phones for held in consents_of(transaction, phone)]
    evidence_until = max((expires(Keep.EVIDENCE, held.consent.valid_until) for held in consents), default=None)
    return Done(
        "erasure_explained",
        args={
            "records": len(items),
            "kinds": dict(sorted(kinds.items())),
            "deals": list(deals),
            "ruled": [deal for deal, given in rulings.items() if given is not None],
            "not_rejudgeable": list(deals),
            "protections_end": kinds.get("Registration", 0),
            "stays": ["log_commitments", "rulings_given", "consents_without_name", "others_receipts", "own_receipts"],
            "evidence_until": evidence_until,
            "milder": "restrict",
        },
    )
