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

from dataclasses import replace
from typing import Final

from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.ids import DealId
from mingshi.domain.judge.assess import assess, assess_again
from mingshi.domain.judge.changes import what_would_change
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.dispute import Status, Verdict, settle_dispute
from mingshi.domain.judge.dossier import Dossier, EvidenceSource, gather
from mingshi.domain.judge.flags import asks, paid_claims, raise_flags
from mingshi.domain.judge.hearing import Hearing, open_hearing, suppose
from mingshi.domain.judge.outcome import Choice, Kind, Outcome
from mingshi.domain.judge.priority import choose
from mingshi.domain.judge.ruling import Ruling

NOT_REJUDGEABLE: Final = Outcome(Kind.NOT_REJUDGEABLE)


def rule_deal(deal: DealId, source: EvidenceSource) -> Ruling:
    """Gather and rule one deal. Raises `KeyError` if the source has no such deal."""
    return rule(gather(deal, source))


def rule(dossier: Dossier) -> Ruling:
    """The ruling of a dossier, with what single change would alter it."""
    ruling = decide(dossier)
    if ruling.verdict.status is Status.ERASED:
        return ruling
    changes = what_would_change(ruling, ruling.hearing.dossier, lambda other: outcome_of(other, ruling))
    return replace(ruling, changes=changes)


def decide(dossier: Dossier) -> Ruling:
    """The ruling without `changes`."""
    hearing = open_hearing(dossier)
    for row in hearing.dossier.withdrawals:
        if row.kind is WithdrawalKind.ERASURE and row.deal == dossier.deal.id:
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


def outcome_of(dossier: Dossier, like: Ruling | None = None) -> Outcome:
    """The rules' own outcome alone, for asking what would have changed it.

    `like`: a ruling of the same deal; what both are made of alike is taken over from it.
    """
    if like is None:
        hearing = open_hearing(dossier)
        return choose(assess(hearing), hearing).outcome
    hearing = suppose(dossier, like.hearing)
    return choose(assess_again(hearing, like.hearing, like.claims), hearing).outcome


def _notes(hearing: Hearing, claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """What the reader has to know about the ruling as a whole."""
    dossier, notes = hearing.dossier, []
    seals = [dossier.deal.sealed_at, *[row.sealed_at for row in dossier.registrations]]
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
