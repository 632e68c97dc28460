"""What a pattern is, and what of a ruling it may look at."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, DealId, EvidenceId, StaffId
from mingshi.domain.judge.finding import NONE
from mingshi.domain.judge.flags import Tier
from mingshi.domain.judge.flags.flag import CONTRADICTING
from mingshi.domain.judge.outcome import Kind
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.canonical import Json, integer, mapping, sequence
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
    denied: bool
    """An agent's claim was not paid."""
    erased: bool
    """The client says that an earlier visit was erased."""
    receipts: tuple[EvidenceId, ...]
    """Of visits before an agent registered the client."""


def sighting(ruling: Mapping[str, Json], records: Records) -> Sighting:
    """What patterns may know of one ruling (its canonical value)."""
    (deal,) = records.find(e.Deal, "id", str(ruling["deal"]))
    outcome = mapping(ruling["outcome"])
    agent = deal.claimed_agent or AgentId(str(outcome.get("agent", "")))
    claims = [mapping(claim) for claim in sequence(ruling["claims"])]
    mine = [claim for claim in claims if claim["agent"] == agent]
    ids = {claim["registration"] for claim in mine}
    flags = [mapping(flag) for flag in sequence(ruling.get("flags", []))]
    facts = {str(flag["id"]) for flag in flags if flag.get("claim") in ids and flag["tier"] != Tier.HINT.value}
    visited = [integer(claim["visited_at"]) for claim in mine if "visited_at" in claim]
    filed = max((integer(claim["effective_at"]) for claim in claims), default=0)
    receipts = [row for phone in deal.buyers for row in records.find(e.Receipt, "phone", phone)]
    return Sighting(
        deal=deal.id,
        at=earliest(deal.subscribed_at),
        consultant=deal.consultant,
        agent=agent,
        visited_at=Micros(min(visited, default=0)),
        contradicted=bool(facts & (CONTRADICTING - OWN_WORK)),
        denied=bool(claims) and outcome["kind"] != Kind.CHANNEL.value,
        erased="earlier_erased" in sequence(ruling.get("notes", [])),
        receipts=tuple(row.id for row in receipts if latest(row.visit_at) < filed),
    )


def recent(at: int, now: int) -> bool:
    """Whether a pattern looked for at `now` may look at something: it has happened, and is not gone yet."""
    return 0 <= now - at <= KEPT_DAYS * DAY
