"""H 异议与申诉: what people decided, and whether their decision may stand.

The rules this module keeps:

1. H1: an objection counts if it came within `dispute_days` of the ruling; a late one is shown, not heard.
2. Amendment 15, H4: a decision is signed for the site, or by the neutral of the agreement; one against an agency
   by a reviewer of the agency too. Upholding a refusal that the agency contests is against it. Nobody decides on
   their own record (four eyes), in whoever's favour.
3. H5: a decision against a claim cites at least one piece of evidence that was admitted, and says why.
4. H4a: where the policy says so, a review left undecided for 48 h and one extension ends for the claimant.
5. INV-11: what needs a named person is listed; without them nothing settles.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import DecisionStage, Origin, Side
from mingshi.domain.judge.claim import Claim, brought
from mingshi.domain.judge.flags import Tier
from mingshi.domain.judge.hearing import Hearing, objection_deadline, ruled_at
from mingshi.domain.judge.outcome import Choice, Kind, Outcome, Part, channel
from mingshi.domain.moment import latest
from mingshi.kernel.answer import Answer
from mingshi.kernel.fen import MILLION
from mingshi.kernel.timeline import DAY, HOUR


class Status(StrEnum):
    """Where a ruling stands."""

    PROPOSED = "proposed"
    """The rules' own answer; it becomes final when the time to object has passed."""
    REVIEW = "review"
    """A person has to decide."""
    DISPUTED = "disputed"
    """A party objected in time; the disputed part is frozen."""
    DECIDED = "decided"
    """A named person decided."""
    DEEMED = "deemed"
    """逾期视为同意: nobody decided in time, so the claimant's proposal stands (H4a)."""
    ERASED = "erased"
    """The evidence is gone; the earlier ruling stands by its commitments."""


class Need(StrEnum):
    """Why a named person has to decide (INV-11)."""

    REVIEW = "review"
    HOLD = "hold"
    FLAG = "flag"
    """Flags that ask for a review before money moves; they change no outcome."""
    OBJECTION = "objection"
    DENIED_CLAIM = "denied_claim"


class Verdict(NamedTuple):
    """What people made of the rules' choice."""

    status: Status
    outcome: Outcome
    because: str
    decision: e.Decision | None = None
    refused: tuple[tuple[e.Decision, str], ...] = ()
    """Decisions that may not stand, and why: `not_open`, `no_evidence`, `one_sided`, `own_record`, `no_reason`,
    `unknown_claim`."""
    needs: tuple[Need, ...] = ()
    """Why a named person has to decide before anything settles (INV-11)."""


ACCEPTED: Final = frozenset({"accepted", "接受", "接受判客结果"})
"""Approval steps by which a claimant accepts a ruling against them."""


def settle_dispute(choice: Choice, claims: Sequence[Claim], hearing: Hearing, asked: Tier | None) -> Verdict:
    """The outcome after objections and decisions. `asked`: what the flags on the claim ask for."""
    dossier = hearing.dossier
    in_time = objections_in_time(hearing)
    open_ = _needs(choice, claims, hearing, asked)
    refused: list[tuple[e.Decision, str]] = []
    standing: tuple[e.Decision, Outcome] | None = None
    for decision in dossier.decisions:
        if latest(decision.at) > dossier.now:
            continue
        outcome = _decided(decision, claims)
        fault = "unknown_claim" if outcome is None else _fault(decision, outcome, choice, claims, hearing)
        if fault or outcome is None or not open_:
            refused.append((decision, fault or "not_open"))
        elif standing is None or _weight(decision) >= _weight(standing[0]):
            standing = (decision, outcome)
    if standing is not None:
        decision, outcome = standing
        since = [row for row in in_time if latest(row.at) > latest(decision.at)]
        contested = (Need.OBJECTION,) if since and decision.stage is not DecisionStage.APPEAL else ()
        return Verdict(Status.DECIDED, outcome, "H", decision, tuple(refused), contested)
    if choice.outcome.kind is Kind.REVIEW:
        if hearing.policy.silence_favours_claimant and _silent(in_time, hearing) and choice.favourable is not None:
            return Verdict(Status.DEEMED, choice.favourable, "H4a", None, tuple(refused))
        status = Status.REVIEW
    else:
        status = Status.DISPUTED if in_time else Status.PROPOSED
    return Verdict(status, choice.outcome, choice.because, None, tuple(refused), open_)


def _needs(choice: Choice, claims: Sequence[Claim], hearing: Hearing, asked: Tier | None) -> tuple[Need, ...]:
    reviewed = choice.outcome.kind is Kind.REVIEW
    reasons = (
        (Need.REVIEW, reviewed),
        (Need.HOLD, asked is Tier.HOLD),
        (Need.FLAG, asked is Tier.REVIEW),
        (Need.OBJECTION, bool(objections_in_time(hearing))),
        (Need.DENIED_CLAIM, not reviewed and any(_denied(claim, choice.outcome, hearing) for claim in claims)),
    )
    return tuple([need for need, stands in reasons if stands])


def objections_in_time(hearing: Hearing) -> list[e.Objection]:
    """H1: the objections to this ruling that are heard."""
    dossier = hearing.dossier
    if not dossier.objections:
        return []
    end = min(objection_deadline(dossier, hearing.policy), dossier.now)
    return [row for row in dossier.objections if row.deal == dossier.deal.id and latest(row.at) <= end]


def _denied(claim: Claim, outcome: Outcome, hearing: Hearing) -> bool:
    """A claim somebody recorded, refused after admission or outranked, and not accepted by its claimant.

    Admission refusals are automatic, explained and contestable (INV-11): they answer at registration.
    """
    if claim.admission is Answer.NO or claim.registration.id in _awarded(outcome):
        return False
    row, dossier = claim.registration, hearing.dossier
    visit = claim.draft.visit
    recorded = (
        row.agent == dossier.deal.claimed_agent
        or any(word.origin is Origin.AGENT and word.agent == row.agent for word in dossier.statements)
        or (visit is not None and brought(visit, row, hearing) is not None)
    )
    accepted = any(one.step in ACCEPTED and one.by in (row.agent, claim.agency) for one in dossier.approvals)
    return recorded and not accepted


def _awarded(outcome: Outcome) -> set[str]:
    whole = {outcome.registration} if outcome.registration else set()
    return whole | {part.outcome.registration for part in outcome.parts}


def _decided(decision: e.Decision, claims: Sequence[Claim]) -> Outcome | None:
    """The outcome a decision names; None where it names a claim that is none."""
    by_id = {claim.registration.id: claim for claim in claims}
    kind = decision.outcome.strip().upper()
    if kind == Kind.CHANNEL:
        claim = by_id.get(decision.registration)
        return None if claim is None else channel(claim)
    if kind == Kind.SPLIT:
        first, share = by_id.get(decision.registration), decision.share_ppm
        if first is None or share is None or not 0 < share < MILLION:
            return None
        second = by_id.get(decision.other_registration)
        rest = Outcome(Kind.NATURAL) if second is None else channel(second)
        return Outcome(Kind.SPLIT, parts=(Part(channel(first), share), Part(rest, MILLION - share)))
    if kind in (Kind.NATURAL, Kind.OWN, Kind.REFERRAL, Kind.EMPLOYEE):
        party = decision.registration if kind != Kind.NATURAL else ""
        return Outcome(Kind(kind), party=party)
    return None


def _fault(decision: e.Decision, outcome: Outcome, choice: Choice, claims: Sequence[Claim], hearing: Hearing) -> str:
    """Why a decision may not stand; empty if it may."""
    if not decision.reason:
        return "no_reason"
    people = {decision.site_reviewer, decision.agency_reviewer} - {""}
    involved = {hearing.dossier.deal.consultant, *(claim.registration.agent for claim in claims)}
    if people & involved:
        return "own_record"
    neutral = decision.stage is DecisionStage.NEUTRAL
    if not people or not (decision.site_reviewer or neutral):
        return "one_sided"
    if all(outcome.registration == claim.registration.id or not _pressed(claim, choice, hearing) for claim in claims):
        return ""
    if not any(cited in admitted_ids(hearing) for cited in decision.evidence):
        return "no_evidence"
    return "one_sided" if len(people) < 2 and not neutral else ""


def _pressed(claim: Claim, choice: Choice, hearing: Hearing) -> bool:
    """A claim that still stands, that was proposed a share, or whose refusal its claimant contests."""
    if claim.state is not Answer.NO or _denied(claim, choice.outcome, hearing):
        return True
    if choice.proposal is not None and claim.registration.id in _awarded(choice.proposal):
        return True
    mine = ("", claim.registration.agent, claim.agency)
    return any(row.by in (Side.AGENT, Side.AGENCY) and row.party in mine for row in objections_in_time(hearing))


def admitted_ids(hearing: Hearing) -> set[str]:
    """Ids of the evidence that was heard."""
    dossier = hearing.dossier
    ids = {trace.evidence for trace in hearing.traces} | {row.id for row in dossier.registrations}
    ids |= {row.id for row in dossier.statements} | {row.id for row in dossier.escorts}
    ids |= {row.id for row in dossier.confirmations} | {row.id for row in dossier.identities}
    return ids | {row.id for row in dossier.relations} | {row.id for row in dossier.edits}


def _weight(decision: e.Decision) -> tuple[int, int]:
    stages = (DecisionStage.FIRST, DecisionStage.NEUTRAL, DecisionStage.APPEAL)
    return stages.index(decision.stage), latest(decision.at)


def _silent(in_time: Sequence[e.Objection], hearing: Hearing) -> bool:
    """H4a: 48 h plus one extension have gone by since the review began."""
    if hearing.dossier.as_of is None:
        return False
    begun = max([ruled_at(hearing.dossier), *(latest(row.at) for row in in_time)])
    limit = hearing.policy.first_decision_h * HOUR + hearing.policy.decision_extension_days * DAY
    return hearing.dossier.as_of > begun + limit
