"""判客: rule a deal, and keep what was said (INV-06).

The rules this module keeps:

1. A ruling is the judge's, byte for byte; here it is only given a place. A new one names the one it replaces.
2. The same evidence at a later instant that gives the same bytes is the same ruling: nothing is sealed twice.
3. A deal whose evidence was erased keeps the ruling it had.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import RulingGiven
from mingshi.app.ports import Transaction
from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId
from mingshi.domain.judge import engine
from mingshi.domain.judge.dispute import Status
from mingshi.domain.judge.ruling import Ruling, superseding
from mingshi.kernel.canonical import loads, mapping


class RuleDeal(NamedTuple):
    """Which deal."""

    deal: DealId


def rule_deal(transaction: Transaction, command: RuleDeal) -> Answer:
    """Seal the ruling of a deal as it stands now."""
    if not transaction.read(e.Deal, "id", command.deal):
        return Refused("unknown_deal", "INV-06")
    ruling, last = ruling_now(transaction, command.deal)
    if last is not None and ruling.verdict.status is Status.ERASED:
        return Done("ruling_stands", {"ruling": last.id, "deal": command.deal}, {"sha256": last.sha256})
    text = ruling.to_bytes().decode()
    if last is not None and last.text == text:
        return Done("ruling_unchanged", {"ruling": last.id, "deal": command.deal}, {"sha256": last.sha256})
    given = RulingGiven(transaction.new_id("T"), command.deal, transaction.now, ruling.sha256, text, ruling.supersedes)
    transaction.seal(given)
    outcome = ruling.outcome
    transaction.say(
        "ruling",
        {
            "deal": command.deal,
            "sha256": ruling.sha256,
            "kind": outcome.kind.value,
            "agency": outcome.agency,
            "status": ruling.verdict.status.value,
        },
    )
    ids = {"ruling": given.id, "deal": command.deal}
    return Done("ruled", ids, {"sha256": ruling.sha256, "status": ruling.verdict.status.value})


def ruling_now(transaction: Transaction, deal: DealId) -> tuple[Ruling, RulingGiven | None]:
    """The ruling of a deal as it stands now, following the last one that was given."""
    ruling = engine.rule_deal(deal, transaction.source)
    last = last_given(transaction, deal)
    if last is None or ruling.verdict.status is Status.ERASED:
        return ruling, last
    return superseding(ruling, mapping(loads(last.text.encode()))), last


def last_given(transaction: Transaction, deal: DealId) -> RulingGiven | None:
    """The ruling that stands: the one that no other replaces."""
    given = transaction.read(RulingGiven, "deal", deal)
    replaced = {row.supersedes for row in given}
    standing = [row for row in given if row.sha256 not in replaced]
    return max(standing, key=lambda row: row.at, default=None)
