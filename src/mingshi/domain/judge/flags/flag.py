"""What a flag is: its tier, its fact, from whom the fact comes, and what several of them ask for together."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge.finding import NONE
from mingshi.kernel.canonical import Json


class Tier(StrEnum):
    """What a flag asks for (RULES.md §3.6)."""

    HINT = "hint"
    """Grade C: nothing by itself; two of different parties are a reason to look."""
    REVIEW = "review"
    """A B fact: a person looks before money moves."""
    HOLD = "hold"
    """暂缓结佣: a grade-A fact contradicts the claim."""


class Source(StrEnum):
    """From whom the fact of a flag comes: two facts of one party are one fact (amendment 16)."""

    VISITOR = "visitor"
    SITE = "site"
    AGENT = "agent"


class Flag(NamedTuple):
    """One sign."""

    id: str
    tier: Tier
    claim: EvidenceId
    """Against which registration it speaks; for the site's own tricks: whose agent it may have cheated."""
    evidence: tuple[EvidenceId, ...] = ()
    args: Mapping[str, Json] = NONE
    source: Source = Source.SITE

    @property
    def against_the_site(self) -> bool:
        """甩单: it speaks for the claimant."""
        return self.id.startswith("SX-")


def facts(**args: Json) -> Mapping[str, Json]:
    """The arguments of a flag's text."""
    return args


CONTRADICTING: Final = frozenset(
    {"F-FIRST", "F-RCPT", "F-IDPRE", "F-PASS", "F-FACE", "F-DECL", "F-SRCH", "F-EDIT", "F-LEAD"}
)
"""Flags whose fact says that the agent did not bring this client. The others only say: unusual."""


def asks(flags: Sequence[Flag], paid: Collection[EvidenceId]) -> Tier | None:
    """What the flags on the claims that would be paid ask for together.

    One grade-A fact is a hold. So are two B facts that both contradict the claim and come from the visitor and from
    the site: B needs a second (§3.1), and neither alone can make it. Two hints of different parties are a review.
    What is refused already needs nobody to hold it; the flags stand beside the refusal for whoever reads it. A flag
    against the site asks for a person where the claim it speaks for is *not* paid, and delays nobody who is.
    """
    about = [flag for flag in flags if (flag.claim in paid) != flag.against_the_site]
    tiers = {flag.tier for flag in about}
    if Tier.HOLD in tiers or contradicted_twice(about):
        return Tier.HOLD
    hints = {flag.source for flag in about if flag.tier is Tier.HINT}
    return Tier.REVIEW if Tier.REVIEW in tiers or len(hints) > 1 else None


def contradicted_twice(flags: Sequence[Flag]) -> bool:
    """Two B facts against one claim, one of the visitor's and one of the site's."""
    sources: dict[EvidenceId, set[Source]] = {}
    for flag in flags:
        if flag.tier is Tier.REVIEW and flag.id in CONTRADICTING:
            sources.setdefault(flag.claim, set()).add(flag.source)
    return any({Source.VISITOR, Source.SITE} <= both for both in sources.values())
