"""The auditor: who led a buyer here, and what the trade's rules make of it, found from the truth alone.

The rules this module keeps:

1. It shares no code with `domain.judge` (an import contract): it is a second, smaller reading of the same rules, on
   facts that nobody has to prove. What both say alike is twice found.
2. *Origin*: whose act first led the unit here. An agent who meets somebody at the gate did not.
3. *Due*: what the rules award on the true story. An honest agent who registered too late has no claim either, and a
   judge who refuses it wrongs nobody; an honest agent in order who is refused is wronged.
4. *Decidable*: what was recorded, shown and said suffices to find what is due. Nothing more can be asked of a judge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, final

from mingshi.domain.ids import DealId
from mingshi.domain.policy import Masked, Mode, Policy, PolicyHistory
from mingshi.kernel.timeline import HOUR, MINUTE, Micros, Zone, natural_days_after
from mingshi.season.truth import (
    Approach,
    Insider,
    Led,
    Mechanism,
    Said,
    Sale,
    TrueRegistration,
    TrueVisit,
    Truth,
    Unit,
)

_AT_THE_DOOR: Final = frozenset({"gate", "car_park"})


class Due(NamedTuple):
    """What is due, and to whom: `CHANNEL`, `OWN`, `REFERRAL`, `NATURAL`, or `REVIEW` where no rule decides."""

    kind: str
    party: str = ""
    why: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The auditor's finding on one deal."""

    deal: DealId
    origin: Led
    party: str
    fraud: bool
    """飞单: claimed for an agent who did not lead them here."""
    stolen: bool
    """甩单: due to an agent, booked as the site's own."""
    mechanisms: tuple[Mechanism, ...]
    due: Due
    """On the true story."""
    given: Due
    """On what was recorded."""

    @property
    def decidable(self) -> bool:
        """Whether the evidence given shows what is due."""
        return self.due.kind != "REVIEW" and self.due[:2] == self.given[:2]


def audit(truth: Truth, policies: PolicyHistory, zone: Zone) -> dict[DealId, Audit]:
    """The findings on every deal."""
    approaches = _by_unit(truth.approaches)
    visits = _by_unit(truth.visits)
    registrations = _by_unit(truth.registrations)
    insiders = _by_unit(truth.insiders)
    said = _by_unit(truth.said)
    units = {unit.id: unit for unit in truth.units}
    found = {}
    for sale in truth.sales:
        unit = units[sale.unit]
        origin, party = origin_of(approaches[unit.id])
        story = _Story(sale, unit, origin, party, visits[unit.id], registrations[unit.id], said[unit.id])
        due = _due(story, policies, zone, recorded=False)
        claimed = sale.claimed_agent
        found[sale.deal] = Audit(
            deal=sale.deal,
            origin=origin,
            party=party,
            fraud=bool(claimed) and (origin, party) != (Led.AGENT, claimed),
            stolen=not claimed and due.kind == "CHANNEL",
            mechanisms=_mechanisms(story, approaches[unit.id], insiders[unit.id]),
            due=due,
            given=_due(story, policies, zone, recorded=True),
        )
    return found


def origin_of(approaches: Sequence[Approach]) -> tuple[Led, str]:
    """Whose act first led a unit here."""
    first = min(approaches, key=lambda one: one.at)
    return first.by, first.party


class _Story(NamedTuple):
    sale: Sale
    unit: Unit
    origin: Led
    party: str
    visits: Sequence[TrueVisit]
    registrations: Sequence[TrueRegistration]
    said: Sequence[Said]


def _mechanisms(story: _Story, approaches: Sequence[Approach], insiders: Sequence[Insider]) -> tuple[Mechanism, ...]:
    """Which frauds the facts show (SEASON.md §3.5); more than one may."""
    agent = story.sale.claimed_agent
    if not agent or (story.origin, story.party) == (Led.AGENT, agent):
        return ()
    shown: list[Mechanism] = []
    met = min((one for one in approaches if one.party == agent), key=lambda one: one.at, default=None)
    if met is not None and met.where.value in _AT_THE_DOOR:
        shown.append(Mechanism.JK)
    acts = [one.act for one in insiders if one.agent == agent]
    shown += [Mechanism.CK if act == "hand_over" else Mechanism.XK for act in acts]
    mine = next(one for one in story.registrations if one.agent == agent)
    came = [visit for visit in story.visits if visit.at < mine.at and visit.phone == mine.knew_of]
    if mine.knew_of and mine.knew_of != mine.phone and came:
        shown.append(Mechanism.HH)
    return tuple(shown) or (Mechanism.ERASED,)


class _Claim(NamedTuple):
    registration: TrueRegistration
    since: Micros
    visit: TrueVisit | None
    answer: str
    """`yes`, `no`, `unknown`."""
    why: str
    until: Micros
    """How long it keeps others out."""


def _due(story: _Story, policies: PolicyHistory, zone: Zone, *, recorded: bool) -> Due:
    """What the rules make of a story: as it was, or as it was recorded."""
    # Had nobody held it back, the deal would have been made when the buyers had decided.
    sale = story.sale if recorded else story.sale._replace(subscribed_at=story.sale.decided_at)
    story = story._replace(sale=sale)
    visits = _seen(story) if recorded else list(story.visits)
    known = _known_people(story) if recorded else {person.id for person in story.unit.people}
    claims: list[_Claim] = []
    for one in sorted(story.registrations, key=lambda one: one.confirmed_at or one.at):
        policy = policies.at(one.at)
        if one.person in known and one.at < sale.subscribed_at:
            claims.append(_claim(one, claims, visits, story, policy, zone, recorded=recorded))
    standing = [claim for claim in claims if claim.answer == "yes"]
    compete = policies.at(sale.subscribed_at).mode is Mode.COMPETE
    if compete:
        standing.sort(key=lambda claim: claim.visit.at if claim.visit else claim.since)
    doubtful = [claim for claim in claims if claim.answer == "unknown"]
    if doubtful and not standing:
        return Due("REVIEW", why=doubtful[0].why)
    if not standing:
        return _ladder(story, visits, recorded=recorded)
    winner = standing[0]
    if any(claim.since < winner.since for claim in doubtful) and not compete:
        return Due("REVIEW", why="an earlier claim is open")
    if _another_came_before(winner, claims, visits, policies.at(winner.registration.at), zone):
        return Due("REVIEW", why="D13")
    return Due("CHANNEL", winner.registration.agent)


def _claim(
    one: TrueRegistration,
    earlier: Sequence[_Claim],
    visits: Sequence[TrueVisit],
    story: _Story,
    policy: Policy,
    zone: Zone,
    *,
    recorded: bool,
) -> _Claim:
    since = one.at
    double = policy.masked is Masked.UNTIL_CONFIRMED
    if double and one.confirmed_at is not None:
        since = max(since, one.confirmed_at)
    merge = policy.visit_merge_h * HOUR
    ahead = [
        visit
        for visit in visits
        if visit.at + merge > since and (visit.persons[0] == one.person or visit.agent == one.agent)
    ]
    own = ahead[0] if ahead else None
    report = natural_days_after(since, policy.report_valid_days, zone)
    until = report if own is None else _window(own, policy, zone)
    answer, why = "yes", ""

    def no(reason: str) -> None:
        nonlocal answer, why
        if answer != "no":
            answer, why = "no", reason

    if double and one.confirmed_at is None:
        no("A12")
    for visit in visits:
        mine = visit.persons[0] == one.person and visit is not own and visit.at < since
        stood = any(claim.visit is visit and claim.answer == "yes" for claim in earlier)
        protected = natural_days_after(visit.at, policy.natural_protect_days or 999, zone)
        proves = visit.proven or not recorded
        if mine and proves and not stood and since <= protected:
            no("A5")
    if policy.mode is Mode.PROTECT:
        for claim in earlier:
            if claim.registration.agent != one.agent and claim.answer == "yes" and since <= claim.until:
                no("A6")
    if own is None:
        if report < story.sale.subscribed_at:
            no("B3")
        elif answer == "yes":
            answer, why = "unknown", "B4"
    else:
        if own.at < since + policy.lead_min * MINUTE:
            no("B1")
        if own.at > report and not (recorded and _escorted_in_time(one, story, report)):
            no("B3")
        elif own.at > report and answer == "yes":
            answer, why = "unknown", "B3"
        if story.sale.subscribed_at > _window(own, policy, zone):
            no("D1")
        if answer == "yes" and recorded and not own.proven:
            answer, why = "unknown", "B4"
        if answer == "yes" and own.agent != one.agent:
            answer, why = "unknown", "B5"
        if answer == "yes" and recorded and not _escort_shown(one, story, policy):
            answer, why = "unknown", "B5"
    return _Claim(one, since, own, answer, why, until)


def _escorted_in_time(one: TrueRegistration, story: _Story, report: Micros) -> bool:
    """The visit was not checked in, but the client signed for the escort."""
    came = [visit for visit in story.visits if visit.agent == one.agent and one.at < visit.at <= report]
    return bool(came) and "escort" in story.sale.shown


def _window(visit: TrueVisit, policy: Policy, zone: Zone) -> Micros:
    return natural_days_after(visit.at, policy.visit_protect_days or 999, zone)


def _escort_shown(one: TrueRegistration, story: _Story, policy: Policy) -> bool:
    """The site's register names the agent where the policy takes its word; else the client's word or their form."""
    names = any(said.names == one.agent for said in story.said)
    return not policy.escort_by_client or names or "escort" in story.sale.shown


def _another_came_before(
    winner: _Claim, claims: Sequence[_Claim], visits: Sequence[TrueVisit], policy: Policy, zone: Zone
) -> bool:
    """D13: somebody else of the unit had come by themselves, and that visit was still protected."""
    for visit in visits:
        others = visit.persons[0] != winner.registration.person and not visit.agent
        stood = any(claim.visit is visit for claim in claims)
        protected = natural_days_after(visit.at, policy.natural_protect_days or 999, zone)
        if others and not stood and visit.at < winner.since <= protected:
            return True
    return False


def _ladder(story: _Story, visits: Sequence[TrueVisit], *, recorded: bool) -> Due:
    """When no channel wins (C6). There is no declared scheme for employees, so theirs count as natural."""
    del visits
    if story.origin is Led.OWN and (not recorded or "outreach" in story.sale.shown):
        return Due("OWN", story.party)
    if story.origin is Led.REFERRAL and (not recorded or "referrer" in story.sale.shown):
        return Due("REFERRAL", story.party)
    return Due("NATURAL")


def _seen(story: _Story) -> list[TrueVisit]:
    """The visits on record, by numbers that are known to be the unit's."""
    numbers = set(story.sale.phones) | {number for said in story.said for number in said.links}
    known = _known_people(story)
    for person in story.unit.people:
        if person.id in known:
            numbers |= set(person.phones[:1])
    numbers |= {one.phone for one in story.registrations if one.person in known}
    return [visit for visit in story.visits if visit.records and visit.phone in numbers]


def _known_people(story: _Story) -> set[str]:
    """Who is known to belong to the deal."""
    if "relation" in story.sale.shown:
        return {person.id for person in story.unit.people}
    return set(story.sale.buyers)


def _by_unit(rows: Iterable[NamedTuple]) -> Mapping[str, list]:  # type: ignore[type-arg]  # one kind of row each
    groups: dict[str, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        groups[row.unit].append(row)  # type: ignore[attr-defined]  # every kind of truth has a unit
    return groups
