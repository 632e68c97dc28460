"""Whether an act was that of somebody entitled to it: staff, agents, two different people."""

import re
from typing import Final

from mingshi.app.answer import Refused
from mingshi.app.ports import Transaction
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, is_masked
from mingshi.domain.moment import earliest, ended

_FULL: Final = re.compile(r"1[3-9]\d{9}|\+[1-9]\d{6,14}|0\d{9,11}(-\d{1,6})?|[48]00\d{7}|#\d{1,12}\.\d{1,12}", re.ASCII)
_MASKED: Final = re.compile(r"1[3-9]\d\*{4}\d{4}|#\d{1,12}", re.ASCII)


def bad_phone(contact: Contact, *, masked: bool = False) -> Refused | None:
    """The form of a number: full, or, where it may be, masked (前三后四)."""
    if _FULL.fullmatch(contact) or (masked and _MASKED.fullmatch(contact)):
        return None
    return Refused("bad_phone" if not is_masked(contact) else "full_phone_needed", "A2")


def employed(transaction: Transaction, agent: str) -> e.Agent | None:
    """An agent's employment now; None where the roster has none."""
    for row in transaction.read(e.Agent, "id", agent):
        begun = row.since is None or earliest(row.since) <= transaction.now
        if begun and not ended(row.until, transaction.now):
            return row
    return None


def not_staff(transaction: Transaction, *ids: str) -> Refused | None:
    """Whether every one of these is a member of the site's staff now."""
    for one in ids:
        rows = transaction.read(e.Staff, "id", one)
        now = transaction.now
        if not any((row.since is None or earliest(row.since) <= now) and not ended(row.until, now) for row in rows):
            return Refused("not_staff", "G6", args={"who": one})
    return None


def same_person(first: str, second: str) -> Refused | None:
    """Two people are two people (LEDGER §3.2, 2.3.5)."""
    if first and second and first != second:
        return None
    return Refused("two_people", "H4")
