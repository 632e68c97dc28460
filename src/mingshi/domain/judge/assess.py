"""The claims of a hearing: every registration of the unit, and what each rule answers about it.

The rules this module keeps:

1. Every rule is asked about every registration, in the order of RULES.md §3.3, also after one has failed.
2. A judgement under a supposition (`changes`) takes over what it cannot alter: a rule is asked again only where
   something that it reads (`claim.READS`) is another, and about a refused claim no further than its refusal. The
   outcome is that of judging anew; a property test compares the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import is_
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.ids import AgencyId, EvidenceId
from mingshi.domain.judge.admission import ADMISSION
from mingshi.domain.judge.attendance import ATTENDANCE
from mingshi.domain.judge.claim import READS, Claim, Draft, again_in, draft_of, weigh
from mingshi.domain.judge.finding import Finding, Verdict, not_asked
from mingshi.domain.judge.hearing import Hearing, node_time, other_fields
from mingshi.domain.judge.windows import WINDOW_READS, WINDOWS, deal_until, report_until
from mingshi.domain.moment import earliest, latest


class Answers(NamedTuple):
    """What the rules at registration, at arrival and about the deal answered."""

    admission: Sequence[Finding]
    attendance: Sequence[Finding]
    windows: Sequence[Finding]


def assess(hearing: Hearing) -> tuple[Claim, ...]:
    """Every registration of the unit before the deal as a claim, in the order of registration."""
    claims: list[Claim] = []
    for draft in _in_order(draft_of(row, hearing) for row in hearing.dossier.registrations):
        placed = _after(draft, claims)
        claims.append(_claim(placed, hearing, _every_answer(placed, hearing)))
    return tuple(claims)


def _in_order(drafts: Iterable[Draft | None]) -> list[Draft]:
    ours = [draft for draft in drafts if draft is not None]
    if len(ours) > 1:
        ours.sort(key=lambda draft: (draft.effective, draft.submitted, draft.registration.id))
    return ours


def _after(draft: Draft, earlier: Sequence[Claim]) -> Draft:
    return again_in(draft, tuple(earlier)) if earlier else draft


def _every_answer(draft: Draft, hearing: Hearing) -> Answers:
    """The whole trace: also what is refused is told everything at once."""
    admission = [rule(draft, hearing) for rule in ADMISSION]
    if draft.attachment.person is None:
        return Answers(admission, _NOBODY_CAME, ())
    attendance = [rule(draft, hearing) for rule in ATTENDANCE]
    return Answers(admission, attendance, [rule(draft, hearing) for rule in WINDOWS])


_NOBODY_CAME: Final = (not_asked("B"),)


def _claim(draft: Draft, hearing: Hearing, answers: Answers) -> Claim:
    weighed = weigh(*answers)
    return Claim(
        draft=draft,
        agency=_agency(draft, hearing),
        findings=(*answers.admission, *answers.attendance, *answers.windows),
        state=weighed.state,
        admission=weighed.admission,
        attendance=weighed.attendance,
        deciding=weighed.deciding,
        report_until=report_until(draft, hearing),
        deal_until=deal_until(draft, hearing),
    )


def _agency(draft: Draft, hearing: Hearing) -> AgencyId:
    """Golden case 21: the agency at the escort, unless the agreement says the claim follows the agent."""
    escorted = draft.submitted.latest if draft.visit is None else draft.visit.start.observed.latest
    agency = draft.agency_at(escorted, hearing)
    for row in hearing.dossier.agreements:
        if row.claims_follow_agent and row.agency == agency and earliest(row.since) <= escorted:
            node = node_time(hearing.dossier.deal, draft.policy) or hearing.dossier.deal.subscribed_at
            return draft.agency_at(latest(node), hearing)
    return agency


# What follows judges again, with one fact supposed otherwise.

_CLAIM_READS: Final = frozenset({*WINDOW_READS, "agreements", "followups", "policies"})
"""What a claim is made of beside its rules' answers: its agency, until when it keeps others out."""
_AGENCY_READS: Final = frozenset({"agents", "agreements", "deal", "visit"})
_DRAFT_READS: Final = frozenset(
    {
        "agents",
        "agreements",
        "clocks",
        "completed",
        "confirmations",
        "lookalikes",
        "policies",
        "policy",
        "queue",
        "unit",
        "visits",
    }
)
_COMPLETED_BY: Final = frozenset({"arrivals", "escorts", "registrations", "statements"})
"""What tells whom a masked number is, and which of several people's visits an agent brought (A11, B1)."""
_RULES: Final = (*ADMISSION, *ATTENDANCE, *WINDOWS)


def assess_again(hearing: Hearing, before: Hearing, judged: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims of a hearing in which something is supposed otherwise than in `before`, as far as its outcome needs
    them. `judged`: the claims of `before`.
    """
    changed = _changed(hearing, before)
    if not changed:
        return tuple(judged)
    former = {claim.registration.id: claim for claim in judged}
    claims: tuple[Claim, ...] = ()
    drafts = _in_order([_draft(row, former, hearing, changed) for row in hearing.dossier.registrations])
    for draft in drafts:
        old = former.get(draft.registration.id)
        claims += (_again(draft, claims, old, hearing, changed, last=draft is drafts[-1]),)
    return claims


def _changed(hearing: Hearing, before: Hearing) -> frozenset[str]:
    """The names of what differs, as rules declare it (`claim.reads`)."""
    names = other_fields(hearing.dossier, before.dossier)
    for name in ("policy", "unit", "visits", "touches", "statement"):
        if getattr(hearing, name) is not getattr(before, name):
            names |= {name}
    return names


def _draft(
    row: e.Registration, former: Mapping[EvidenceId, Claim], hearing: Hearing, changed: frozenset[str]
) -> Draft | None:
    old = former.get(row.id)
    if old is None or row is not old.registration or not changed.isdisjoint(_DRAFT_READS):
        return draft_of(row, hearing)
    alone = old.draft.attachment.how == "full" and len(hearing.unit.people) == 1
    if not alone and not changed.isdisjoint(_COMPLETED_BY):
        return draft_of(row, hearing)
    return old.draft


def _again(
    draft: Draft,
    earlier: tuple[Claim, ...],
    old: Claim | None,
    hearing: Hearing,
    changed: frozenset[str],
    *,
    last: bool,
) -> Claim:
    """A claim under a supposition, made from the one without it. After the `last` nobody registered, so nobody asks
    how long it kept others out.
    """
    # A draft remembers what was worked out in its own hearing (`claim.once`), so this hearing has one of its own.
    placed = again_in(draft, earlier)
    if old is None or "policy" in changed or not _alike(draft, old.draft):
        answers, agency = _until_refused(placed, hearing), _agency(placed, hearing)
    else:
        touched = changed
        if draft.visit is not old.draft.visit and draft.visit != old.draft.visit:
            touched |= {"visit"}
        if len(earlier) != len(old.draft.earlier) or not all(map(is_, earlier, old.draft.earlier)):
            touched |= {"earlier"}
        again = _asked_again(touched)
        if not again and _CLAIM_READS.isdisjoint(touched):
            return old
        answers = _again_until_refused(placed, hearing, old.findings, again)
        agency = old.agency if _AGENCY_READS.isdisjoint(touched) else _agency(placed, hearing)
    weighed = weigh(*_grouped(answers))
    return Claim(
        draft=placed,
        agency=agency,
        findings=tuple(answers),
        state=weighed.state,
        admission=weighed.admission,
        attendance=weighed.attendance,
        deciding=weighed.deciding,
        report_until=placed.effective.latest if last else report_until(placed, hearing),
        deal_until=placed.effective.latest if last else deal_until(placed, hearing),
    )


def _alike(draft: Draft, old: Draft) -> bool:
    """Whether a registration stands in the same setting, but for its visit and for the claims before it."""
    return draft is old or (
        draft.registration == old.registration
        and draft.attachment == old.attachment
        and draft.policy is old.policy
        and draft.submitted == old.submitted
        and draft.effective == old.effective
        and draft.confirmation == old.confirmation
    )


@cache
def _asked_again(touched: frozenset[str]) -> tuple[int, ...]:
    """The places in `_RULES` of those that read any of this."""
    return tuple(place for place, rule in enumerate(_RULES) if not READS[rule].isdisjoint(touched))


def _until_refused(draft: Draft, hearing: Hearing) -> list[Finding]:
    """The answers up to the first that refuses: those after it alter no outcome."""
    answers: list[Finding] = []
    for rule in ADMISSION if draft.attachment.person is None else _RULES:
        answers.append(rule(draft, hearing))
        if answers[-1].verdict is Verdict.FAIL:
            break
    return answers


def _again_until_refused(
    draft: Draft, hearing: Hearing, known: Sequence[Finding], again: Sequence[int]
) -> list[Finding]:
    """The same, where only some of the rules have anything new to answer. What stands after a refusal may be old."""
    answers = list(known)
    asked = len(ADMISSION) if draft.attachment.person is None else len(known)
    refused = next((place for place, answer in enumerate(known) if answer.verdict is Verdict.FAIL), len(known))
    for place in again:
        if place >= asked or (place > refused and refused not in again):
            break
        answers[place] = _RULES[place](draft, hearing)
        if answers[place].verdict is Verdict.FAIL:
            break
    return answers


def _grouped(answers: Sequence[Finding]) -> Answers:
    at_arrival = len(ADMISSION) + len(ATTENDANCE)
    return Answers(answers[: len(ADMISSION)], answers[len(ADMISSION) : at_arrival], answers[at_arrival:])
