"""What a deal turns out to be (RULES.md §3.0)."""

from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain.ids import AgencyId, AgentId, EvidenceId
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.finding import Finding
from mingshi.kernel.canonical import Json


class Kind(StrEnum):
    """The outcomes, in the trade's terms."""

    CHANNEL = "CHANNEL"
    """渠道成交"""
    OWN = "OWN"
    """自渠"""
    REFERRAL = "REFERRAL"
    """老带新"""
    EMPLOYEE = "EMPLOYEE"
    """员工推荐"""
    NATURAL = "NATURAL"
    """自然到访"""
    SPLIT = "SPLIT"
    """分单"""
    REVIEW = "REVIEW"
    """待人工判客"""
    NOT_REJUDGEABLE = "NOT_REJUDGEABLE"
    """依据已删除: the evidence was erased; the stored ruling stands by its commitments (INV-06)"""


class Part(NamedTuple):
    """A share of a split deal."""

    outcome: "Outcome"
    share_ppm: int


class Outcome(NamedTuple):
    """One outcome with whom it names."""

    kind: Kind
    agent: AgentId = AgentId("")
    agency: AgencyId = AgencyId("")
    registration: EvidenceId = EvidenceId("")
    party: str = ""
    """The consultant, owner or employee of OWN, REFERRAL and EMPLOYEE."""
    parts: tuple[Part, ...] = ()

    def as_json(self) -> dict[str, Json]:
        """Without what is empty."""
        value: dict[str, Json] = {"kind": self.kind}
        if self.agent:
            value["agent"] = self.agent
        if self.agency:
            value["agency"] = self.agency
        if self.registration:
            value["registration"] = self.registration
        if self.party:
            value["party"] = self.party
        if self.parts:
            value["parts"] = [{"to": part.outcome.as_json(), "share_ppm": part.share_ppm} for part in self.parts]
        return value


NATURAL: Final = Outcome(Kind.NATURAL)
REVIEW: Final = Outcome(Kind.REVIEW)


class Choice(NamedTuple):
    """What the rules make of the claims, before people have had their say."""

    outcome: Outcome
    because: str
    """The rule that decided."""
    evidence: tuple[EvidenceId, ...] = ()
    """What the outcome rests on."""
    reasons: tuple[Finding, ...] = ()
    """For REVIEW: what a person has to settle. The first one is the missing fact."""
    proposal: Outcome | None = None
    """For REVIEW: what the rules propose to whoever decides."""
    favourable: Outcome | None = None
    """For REVIEW: what stands if nobody decides in time (H4a): the claimant's own outcome, so that delay never
    pays the side that has to decide."""


def channel(claim: Claim) -> Outcome:
    """渠道成交 by this claim."""
    row = claim.registration
    return Outcome(Kind.CHANNEL, agent=row.agent, agency=claim.agency, registration=row.id)


def split(*parts: tuple[Outcome, int]) -> Outcome:
    """分单 by percent; parts of nothing fall away, and a single part is no split."""
    given = [(outcome, percent) for outcome, percent in parts if percent]
    assert sum(percent for _, percent in given) == 100
    if len(given) == 1:
        return given[0][0]
    return Outcome(Kind.SPLIT, parts=tuple(Part(outcome, percent * 10_000) for outcome, percent in given))
