"""人工判客: named people decide a review or a dispute, in writing, citing evidence (INV-11, RULES amendment 15).

The rules this module keeps:

1. Whether a decision may stand is the judge's to say (`judge.dispute`): two sides where it is against an agency, nobody
   on their own record, at least one admitted piece of evidence, a reason, and something open to decide. A decision
   that may not stand is refused with that reason and changes nothing.
2. What was deemed agreed because nobody decided in time (H4a) is not decided afterwards, but on appeal.
3. The ruling follows in the same transaction.
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.people import not_staff
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.supposing import Supposed, blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DecisionStage
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge import engine
from mingshi.domain.judge.dispute import Status
from mingshi.domain.judge.dossier import gather

_RULES: Final = {"no_evidence": "H5", "no_reason": "H5", "not_open": "INV-11", "unknown_claim": "H4"}


class DecideReview(NamedTuple):
    """A decision; fields as `evidence.Decision`."""

    deal: DealId
    stage: DecisionStage
    outcome: str
    site_reviewer: str
    agency_reviewer: str
    evidence: tuple[EvidenceId, ...]
    reason: str
    registration: EvidenceId = EvidenceId("")
    share_ppm: int | None = None
    other_registration: EvidenceId = EvidenceId("")


def decide_review(transaction: Transaction, command: DecideReview) -> Answer:
    """Seal a decision that may stand, and the ruling that follows from it."""
    if not transaction.read(e.Deal, "id", command.deal):
        return Refused("unknown_deal", "H4")
    neutral = command.stage is DecisionStage.NEUTRAL
    if command.site_reviewer and not neutral and (wrong := not_staff(transaction, command.site_reviewer)) is not None:
        return wrong
    if command.agency_reviewer and transaction.read(e.Staff, "id", command.agency_reviewer):
        return Refused("same_side", "H4")
    before = engine.decide(gather(command.deal, transaction.source))
    if before.verdict.status is Status.DEEMED and command.stage is not DecisionStage.APPEAL:
        return Refused("deemed", "H4a")
    decision = blank(e.Decision, id=transaction.new_id("E"), at=transaction.now, **command._asdict())
    supposed = engine.decide(gather(command.deal, Supposed(transaction.source, decision)))
    for row, fault in supposed.verdict.refused:
        if row.id == decision.id:
            return Refused(f"decision_{fault}", _RULES.get(fault, "H4"))
    if supposed.verdict.decision is None or supposed.verdict.decision.id != decision.id:
        return Refused("decision_outweighed", "H6")
    transaction.seal(decision)
    ruled = rule_deal(transaction, RuleDeal(command.deal))
    assert ruled, "the deal is there"
    return Done("decided", {"decision": decision.id, "deal": command.deal}, ruled.args)
