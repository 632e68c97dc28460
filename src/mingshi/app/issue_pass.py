"""凭证: a proof that a visitor holds was issued to a number, or revoked (E3, E5 as amendment 1 reads it).

The rules this module keeps: a pass rests on what its holder agreed to (L-25); at 100,000 live passes no further one is
issued until the site has filed, and the day is noted from which the 30 working days run (FRM 15; L-37).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import ANY, rests_on_any
from mingshi.app.facts import Attested
from mingshi.app.filing import filed, line_reached
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.sign_assessment import live_passes
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, EvidenceId, PassId
from mingshi.domain.impact import persons
from mingshi.domain.impact.persons import may_issue


class IssuePass(NamedTuple):
    """Which pass went to whom."""

    pass_id: PassId
    phone: Contact


class RevokePass(NamedTuple):
    """Which issue is taken back."""

    issue: EvidenceId


def issue_pass(transaction: Transaction, command: IssuePass) -> Answer:
    """Seal the issue of a pass."""
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if (no_ground := rests_on_any(transaction, ANY, command.phone)) is not None:
        return no_ground
    if transaction.made(e.Pass) >= persons.LINE - 1 and not may_issue(
        live_passes(transaction), filed=filed(transaction)
    ):
        if line_reached(transaction) is None:
            transaction.seal(Attested(transaction.new_id("AT"), "line", transaction.now, "site", ""))
        return Refused("filing_due", "L-37")
    row = blank(
        e.Pass, id=transaction.new_id("P"), pass_id=command.pass_id, phone=command.phone, issued_at=transaction.now
    )
    transaction.seal(row)
    return Done("pass_issued", {"issue": row.id})


def revoke_pass(transaction: Transaction, command: RevokePass) -> Answer:
    """Seal that a pass is no more."""
    rows = transaction.read(e.Pass, "id", command.issue)
    if not rows or rows[0].revoked_at is not None:
        return Refused("unknown_pass", "B4")
    transaction.amend(e.Pass, command.issue, revoked_at=transaction.now)
    return Done("pass_revoked", {"issue": command.issue})
