"""The judge: from a dossier to a ruling, in the order of RULES.md §3.3.

A (at registration) → B (at arrival) → I (links) → C4 before C2/C3 → D1/D4 → C6 → C8/C7/D13 → people (H).
First failing rule gives the code; all answers stand in the trace. Flags never change an outcome.

The rules this module keeps:

1. INV-06: `rule` is a pure function of the dossier. No clock, no dice, no order of rows, no face.
2. A deal whose evidence was erased on a person's request answers NOT_REJUDGEABLE and names the commitments by
   which the stored ruling still verifies; it is never judged on what is left.
3. A new ruling of a deal supersedes the old one by its digest; once the evidence has closed, the same facts are
   all there is, so only H, I6 and D9 can make it differ.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.ids import AgencyId, DealId
from mingshi.domain.judge.admission import ADMISSION
from mingshi.domain.judge.attendance import ATTENDANCE
from mingshi.domain.judge.changes import what_would_change
from mingshi.domain.judge.claim import Claim, Draft, draft_of, weigh
from mingshi.domain.judge.dispute import Status, Verdict, settle_dispute
from mingshi.domain.judge.dossier import Dossier, EvidenceSource, gather
from mingshi.domain.judge.finding import Finding, not_asked
from mingshi.domain.judge.finding import Verdict as Answered
from mingshi.domain.judge.flags import asks, paid_claims, raise_flags
from mingshi.domain.judge.hearing import Hearing, node_time, open_hearing
from mingshi.domain.judge.outcome import Choice, Kind, Outcome
from mingshi.domain.judge.priority import choose
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.judge.windows import WINDOWS, deal_until, report_until
from mingshi.domain.moment import earliest, latest

NOT_REJUDGEABLE: Final = Outcome(Kind.NOT_REJUDGEABLE)


def rule_deal(deal: DealId, source: EvidenceSource) -> Ruling:
    """Gather and rule one deal. Raises `KeyError` if the source has no such deal."""
    return rule(gather(deal, source))


def rule(dossier: Dossier) -> Ruling:
    """The ruling of a dossier, with what single change would alter it."""
    ruling = decide(dossier)
    if ruling.verdict.status is Status.ERASED:
        return ruling
    hearing = ruling.hearing
    return replace(ruling, changes=what_would_change(ruling, hearing.dossier, lambda other: outcome_of(other, hearing)))


def decide(dossier: Dossier) -> Ruling:
    """The ruling without `changes`."""
    hearing = open_hearing(dossier)
    erasures = (row for row in hearing.dossier.withdrawals if row.kind is WithdrawalKind.ERASURE)
    if any(row.deal == dossier.deal.id for row in erasures):
        return _erased(hearing)
    claims = assess(hearing)
    choice = choose(claims, hearing)
    flags = raise_flags(choice, claims, hearing)
    verdict = settle_dispute(choice, claims, hearing, asks(flags, paid_claims(choice)))
    return Ruling(
        hearing=hearing,
        claims=claims,
        choice=choice,
        verdict=verdict,
        flags=flags,
        notes=_notes(hearing, claims),
    )


def outcome_of(dossier: Dossier, like: Hearing | None = None) -> Outcome:
    """The rules' own outcome alone, for asking what would have changed it. `like`: see `open_hearing`."""
    hearing = open_hearing(dossier, like)
    return choose(assess(hearing, _until_refused), hearing).outcome


Groups: TypeAlias = tuple[list[Finding], list[Finding], list[Finding]]
"""What the rules at registration, at arrival and about the deal answered."""


def _every_answer(draft: Draft, hearing: Hearing) -> Groups:
    """The whole trace: also what is refused is told everything at once."""
    admission = [rule_(draft, hearing) for rule_ in ADMISSION]
    if draft.attachment.person is None:
        return admission, [not_asked("B")], []
    attendance = [rule_(draft, hearing) for rule_ in ATTENDANCE]
    return admission, attendance, [rule_(draft, hearing) for rule_ in WINDOWS]


def _until_refused(draft: Draft, hearing: Hearing) -> Groups:
    """The answers up to the first that refuses: those after it alter no outcome (a property test compares)."""
    groups: Groups = ([], [], [])
    for group, rules in zip(groups, (ADMISSION, ATTENDANCE, WINDOWS), strict=True):
        if rules is not ADMISSION and draft.attachment.person is None:
            break
        for rule_ in rules:
            group.append(rule_(draft, hearing))
            if group[-1].verdict is Answered.FAIL:
                return groups
    return groups


def assess(hearing: Hearing, ask: Callable[[Draft, Hearing], Groups] = _every_answer) -> tuple[Claim, ...]:
    """Every registration of the unit before the deal as a claim, in the order of registration."""
    claims: list[Claim] = []
    drafts = (draft_of(row, hearing) for row in hearing.dossier.registrations)
    for draft in sorted(
        (draft for draft in drafts if draft is not None),
        key=lambda draft: (draft.effective, draft.submitted, draft.registration.id),
    ):
        claims.append(_claim(replace(draft, earlier=tuple(claims)) if claims else draft, hearing, ask))
    return tuple(claims)


def _claim(draft: Draft, hearing: Hearing, ask: Callable[[Draft, Hearing], Groups]) -> Claim:
    admission, attendance, windows = ask(draft, hearing)
    weighed = weigh(admission, attendance, windows)
    return Claim(
        draft=draft,
        agency=_agency(draft, hearing),
        findings=(*admission, *attendance, *windows),
        state=weighed.state,
        admission=weighed.admission,
        attendance=weighed.attendance,
        deciding=weighed.deciding,
        report_until=report_until(draft, hearing),
        deal_until=deal_until(draft, hearing),
    )


def _agency(draft: Draft, hearing: Hearing) -> AgencyId:
    """Golden case 21: the agency at the escort, unless the agreement says the claim follows the agent."""
    node = node_time(hearing.dossier.deal, draft.policy) or hearing.dossier.deal.subscribed_at
    escorted = draft.submitted.latest if draft.visit is None else draft.visit.start.observed.latest
    agency = draft.agency_at(escorted, hearing)
    for row in hearing.dossier.agreements:
        if row.agency == agency and row.claims_follow_agent and earliest(row.since) <= escorted:
            return draft.agency_at(latest(node), hearing)
    return agency


def _notes(hearing: Hearing, claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """What the reader has to know about the ruling as a whole."""
    dossier, notes = hearing.dossier, []
    seals = [dossier.deal.sealed_at, *(row.sealed_at for row in dossier.registrations)]
    seals += [row.sealed_at for row in dossier.arrivals] + [row.sealed_at for row in dossier.statements]
    if None in seals:
        notes.append("unsealed")
    if hearing.policy.asymmetric or any(claim.draft.policy.asymmetric for claim in claims):
        notes.append("asymmetric")
    if any(row.kind is WithdrawalKind.CONSENT for row in dossier.withdrawals):
        notes.append("withdrawn")
    if any(row.earlier_erased for row in dossier.statements):
        notes.append("earlier_erased")
    if hearing.late:
        notes.append("late_evidence")
    return tuple(notes)


def _erased(hearing: Hearing) -> Ruling:
    rows = [row for row in hearing.dossier.withdrawals if row.kind is WithdrawalKind.ERASURE]
    evidence = tuple(dict.fromkeys(id_ for row in rows for id_ in row.evidence))
    return Ruling(
        hearing=hearing,
        claims=(),
        choice=Choice(NOT_REJUDGEABLE, "INV-06", evidence),
        verdict=Verdict(Status.ERASED, NOT_REJUDGEABLE, "INV-06"),
        flags=(),
        notes=tuple(sorted({f"commitment:{row.commitment}" for row in rows if row.commitment})),
    )
