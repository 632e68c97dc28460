"""Flags: signs that somebody should look. They never change an outcome; they change who looks before money moves.

The rules this module keeps:

1. A flag names its fact, and stands on records alone; what a face could tell is no input.
2. No flag decides money (RULES.md §3.3). *review* asks a person to look, *hold* also keeps the money back.
3. Two hints of one party are one hint (amendment 16).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge.arrival import NO_DEVICE
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.finding import NONE
from mingshi.domain.judge.hearing import Hearing, node_time
from mingshi.domain.moment import moment, span
from mingshi.kernel.answer import Answer
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, before, not_after


class Tier(StrEnum):
    """What a flag asks for (RULES.md §3.6)."""

    HINT = "hint"
    """Grade C: nothing by itself; two of different origin are a reason to look."""
    REVIEW = "review"
    """A B fact: a person looks before money moves."""
    HOLD = "hold"
    """暂缓结佣: a grade-A fact contradicts the claim."""


class Flag(NamedTuple):
    """One sign."""

    id: str
    tier: Tier
    claim: EvidenceId
    evidence: tuple[EvidenceId, ...] = ()
    args: Mapping[str, Json] = NONE


def asks(flags: Sequence[Flag]) -> Tier | None:
    """What the flags of a deal ask for together: hold before review; two hints are a review."""
    tiers = {flag.tier for flag in flags}
    if Tier.HOLD in tiers:
        return Tier.HOLD
    hints = {flag.id for flag in flags if flag.tier is Tier.HINT}
    return Tier.REVIEW if Tier.REVIEW in tiers or len(hints) > 1 else None


SEARCH_DAYS: Final = 30
"""A look-up longer than this before the registration is nobody's preparation."""


def raise_flags(winner: Claim | None, hearing: Hearing) -> tuple[Flag, ...]:
    """The flags on the claim that would be paid."""
    if winner is None:
        return ()
    found = [*_band(winner), *_quick(winner, hearing), *_searched(winner, hearing), *_relative(winner)]
    return tuple(found)


def _band(claim: Claim) -> Sequence[Flag]:
    """F-BAND 截客疑似 (B2): the client came just after the lead had passed, within `band_min`."""
    draft = claim.draft
    if draft.visit is None:
        return ()
    lead_end = draft.effective.plus(draft.policy.lead_min * MINUTE)
    band_end = lead_end.plus(draft.policy.band_min * MINUTE)
    arrived = draft.visit.start.counted
    inside = before(lead_end, arrived) & not_after(arrived, band_end)
    if inside is not Answer.YES:
        return ()
    gap = (arrived.earliest - draft.effective.earliest) // MINUTE
    args = {"gap_min": gap, "lead_min": draft.policy.lead_min, "band_min": draft.policy.band_min}
    return (Flag("F-BAND", Tier.HINT, claim.registration.id, draft.visit.evidence, args),)


def _quick(claim: Claim, hearing: Hearing) -> Sequence[Flag]:
    """F-QUICK 短期成交 (D12): subscribed less than `quick_h` after the registration."""
    node = node_time(hearing.dossier.deal, claim.draft.policy)
    if node is None:
        return ()
    limit = claim.draft.effective.plus(claim.draft.policy.quick_h * HOUR)
    if before(span(node), limit) is not Answer.YES:
        return ()
    hours = (span(node).earliest - claim.draft.effective.earliest) // HOUR
    return (
        Flag(
            "F-QUICK", Tier.REVIEW, claim.registration.id, (), {"hours": hours, "quick_h": claim.draft.policy.quick_h}
        ),
    )


def _searched(claim: Claim, hearing: Hearing) -> Sequence[Flag]:
    """F-SRCH 搜电未报备: the later closing consultant looked the client up before the agent registered them.

    Amendment 16: only a searcher who later is the assigned or closing consultant counts.
    """
    dossier, draft = hearing.dossier, claim.draft
    closing = {dossier.deal.consultant}
    if draft.visit is not None:
        closing |= {trace.staff for trace in draft.visit.check_ins}
    for row in dossier.lookups:
        at = moment(row.at, row.sealed_at, device=NO_DEVICE, policy=hearing.policy).counted
        recent = before(draft.submitted, at.plus(SEARCH_DAYS * DAY)) is Answer.YES
        if row.staff in closing - {""} and recent and before(at, draft.submitted) is Answer.YES:
            args: dict[str, Json] = {
                "staff": row.staff,
                "searched_at": at.earliest,
                "submitted_at": draft.submitted.earliest,
            }
            return (Flag("F-SRCH", Tier.REVIEW, claim.registration.id, (row.id,), args),)
    return ()


def _relative(claim: Claim) -> Sequence[Flag]:
    """A9: the client is a declared relative of the agent."""
    for finding in claim.findings:
        if finding.rule == "A9" and finding.reason == "relative":
            return (Flag("F-RELATIVE", Tier.REVIEW, claim.registration.id, finding.evidence),)
    return ()
