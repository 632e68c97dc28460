"""Flags: signs that somebody should look. They never change an outcome; they change who looks before money moves.

The rules this module keeps:

1. A flag names its fact, and stands on records alone; what a face could tell is no input (INV-04).
2. No flag decides money (RULES.md §3.3). *review* asks a person to look, *hold* also keeps the money back.
3. Two facts of one party are one fact (amendment 16).
4. Both ways: agents' tricks are flagged against the claim, the site's own (甩单) for the claimant.
5. A flag accuses nobody: its text names the innocent explanations and what would clear it (`present/texts.toml`).
"""

from collections.abc import Sequence

from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.flags.earlier import (
    own_earlier_acts,
    pass_without_visit,
    relatives_visits,
    weak_earlier_contacts,
)
from mingshi.domain.judge.flags.flag import Flag, Source, Tier, asks, contradicted_twice
from mingshi.domain.judge.flags.inside import crowd_device, edited, relative, searched
from mingshi.domain.judge.flags.said import contradicting_words, numbers_named_by_another
from mingshi.domain.judge.flags.site import cast_off
from mingshi.domain.judge.flags.timing import just_in_time, quick_deal, too_late
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.judge.outcome import Choice

__all__ = ["Flag", "Source", "Tier", "asks", "contradicted_twice", "paid_claims", "raise_flags"]


def paid_claims(choice: Choice) -> frozenset[EvidenceId]:
    """The registrations that would be paid if nobody did anything."""
    outcome = choice.outcome if choice.proposal is None else choice.proposal
    parts = [part.outcome for part in outcome.parts] or [outcome]
    return frozenset(part.registration for part in parts if part.registration)


def raise_flags(choice: Choice, claims: Sequence[Claim], hearing: Hearing) -> tuple[Flag, ...]:
    """The flags on the claims that would be paid and on those that the office's book names, then the site's own."""
    paid, booked = paid_claims(choice), hearing.dossier.deal.claimed_agent
    flags: list[Flag] = []
    for claim in claims:
        if claim.registration.id in paid or (booked and claim.registration.agent == booked):
            flags += _on(claim, hearing)
    flags += cast_off(claims, hearing)
    return tuple(flags)


def _on(claim: Claim, hearing: Hearing) -> list[Flag]:
    return [
        *too_late(claim),
        *just_in_time(claim),
        *own_earlier_acts(claim, hearing),
        *relatives_visits(claim, hearing),
        *contradicting_words(claim, hearing),
        *numbers_named_by_another(claim, hearing),
        *searched(claim, hearing),
        *edited(claim, hearing),
        *weak_earlier_contacts(claim, hearing),
        *pass_without_visit(claim, hearing),
        *crowd_device(claim, hearing),
        *quick_deal(claim, hearing),
        *relative(claim),
    ]
