"""What a pattern is, and what of a ruling it may look at."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, DealId, EvidenceId, StaffId
from mingshi.domain.judge.finding import NONE
from mingshi.domain.judge.flags import Tier
from mingshi.domain.judge.flags.flag import CONTRADICTING
from mingshi.domain.judge.outcome import Kind
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import DAY, Micros

KEPT_DAYS: Final = 90
"""A pattern is gone after so many days (amendment 17)."""
OWN_WORK: Final = frozenset({"F-SRCH", "F-EDIT"})
"""Flags that are about the consultant: a pattern about consultants may not count them as independent."""


class Pattern(NamedTuple):
    """One pattern, with everything from which it can be recomputed."""

    id: str
    subject: str
    """The consultant and agent, the agent, the device, the member of staff, the shift; empty: the site."""
    since: Micros
    until: Micros
    seen: int
    of: int
    """`seen` out of so many."""
    evidence: tuple[EvidenceId, ...] = ()
    args: Mapping[str, Json] = NONE


class Sighting(NamedTuple):
    """What a pattern may know of a ruling."""

    deal: DealId
    at: Micros
    """Of the subscription."""
    consultant: StaffId
    agent: AgentId
    """Who claims: whom the book names, or who would be paid."""
    visited_at: Micros
    """The arrival by which that claim stands or falls; 0: none."""
    contradicted: bool
    """A fact that is not the consultant's own work speaks against the claim."""
    natural: bool
    denied: bool
    """An agent's claim was not paid."""
    erased: bool
    """The client says that an earlier visit was erased."""
    receipts: tuple[EvidenceId, ...]
    """Of visits before an agent registered the client."""


def sighting(ruling: Ruling) -> Sighting:
    """What patterns may know of one ruling."""
    deal, outcome = ruling.hearing.dossier.deal, ruling.choice.outcome
    agent = deal.claimed_agent or outcome.agent
    mine = [claim for claim in ruling.claims if claim.registration.agent == agent]
    ids = {claim.registration.id for claim in mine}
    facts = {flag.id for flag in ruling.flags if flag.claim in ids and flag.tier is not Tier.HINT}
    visits = [claim.draft.visit for claim in mine if claim.draft.visit is not None]
    return Sighting(
        deal=deal.id,
        at=earliest(deal.subscribed_at),
        consultant=deal.consultant,
        agent=agent,
        visited_at=visits[0].start.observed.earliest if visits else Micros(0),
        contradicted=bool(facts & (CONTRADICTING - OWN_WORK)),
        natural=outcome.kind is Kind.NATURAL,
        denied=bool(ruling.claims) and outcome.kind is not Kind.CHANNEL,
        erased="earlier_erased" in ruling.notes,
        receipts=tuple(row.id for row in ruling.hearing.dossier.receipts if _before(row, ruling)),
    )


def _before(row: e.Receipt, ruling: Ruling) -> bool:
    return any(latest(row.visit_at) < claim.draft.effective.earliest for claim in ruling.claims)


def recent(at: int, now: int) -> bool:
    """Whether a pattern looked for at `now` may look at something: it has happened, and is not gone yet."""
    return 0 <= now - at <= KEPT_DAYS * DAY
