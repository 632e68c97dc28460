"""甩单: signs that the site takes a deal from an agent who brought it. Flags against the site, not the agent.

The rules this module keeps:

1. They are raised only where the office's own book leaves the agent out; what the book says is an allegation, and no
   flag changes an outcome.
2. They rest on what the site does not control: money in the bank, the client's earlier word, the agent's escort, the
   log's own gaps, when a receipt was really sealed.
3. The burden is the same as on agents: a B fact asks a person to look, nothing is concluded.
"""

from collections.abc import Collection, Iterator
from typing import Final

from mingshi.domain.evidence import CalendarKind, Origin, Stage
from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.flags.earlier import BULK
from mingshi.domain.judge.flags.flag import Flag, Source, Tier, facts
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import earliest, latest, span
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import DAY, HOUR, Interval, before

JUST_AFTER_DAYS: Final = 7
"""Whoever holds a deal back holds it no longer than they must."""
SEALED_LATE_DAYS: Final = 1
"""A receipt is sealed when it is issued. One that was sealed days later was made later."""


def cast_off(claims: Collection[Claim], hearing: Hearing) -> Iterator[Flag]:
    """Every sign of 甩单, on the claims that the office's book leaves out."""
    deal = hearing.dossier.deal
    if not deal.recorded_source and not deal.claimed_agent:
        return  # the office keeps no such book; nothing was booked against anybody
    for claim in claims:
        if claim.registration.agent == deal.claimed_agent or claim.draft.attachment.person is None:
            continue
        yield from _late(claim, hearing)
        yield from _swapped(claim, hearing)
        yield from _listed(claim, hearing)
        yield from _drawer(claim, hearing)
        yield from _gap(claim, hearing)
        yield from _bought(claim, hearing)
    if not deal.claimed_agent:
        yield from _named_and_left_out(claims, hearing)


def _late(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """SX-late: money was taken inside the deal window, and the subscription booked just after it (code 8)."""
    end = claim.deal_until
    subscribed = span(hearing.dossier.deal.subscribed_at)
    if end is None or before(Interval(end, end), subscribed) is not Answer.YES:
        return
    if subscribed.earliest - end > JUST_AFTER_DAYS * DAY:
        return
    for row in hearing.dossier.payments:
        if row.amount_fen > 0 and latest(row.at) <= end:
            args = facts(paid_at=earliest(row.at), deadline_at=end, subscribed_at=subscribed.earliest)
            yield Flag("SX-late", Tier.REVIEW, claim.registration.id, (row.id,), args, Source.VISITOR)
            return


def _swapped(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """SX-swap: the agent's client bought under another number, or a relative did, and the book says nobody's."""
    buyers = set(hearing.dossier.deal.buyers)
    person = hearing.unit.people[claim.draft.person]
    visit = claim.draft.visit
    if visit is None or not visit.recognised or not _came_along(claim):
        return
    elsewhere = not person.contacts & buyers or not {trace.contact for trace in visit.check_ins} & buyers
    if elsewhere:
        yield Flag("SX-swap", Tier.REVIEW, claim.registration.id, visit.evidence, source=Source.VISITOR)


def _named_and_left_out(claims: Collection[Claim], hearing: Hearing) -> Iterator[Flag]:
    """SX-swap, where nothing links the numbers: the buyer names an agent whom this deal's records do not know."""
    known = {claim.registration.agent for claim in claims}
    for row in hearing.dossier.statements:
        ours = hearing.unit.who(row.phone) is not None
        if ours and row.origin is Origin.AGENT and row.agent and row.agent not in known:
            args = facts(agent=row.agent)
            yield Flag("SX-swap", Tier.REVIEW, EvidenceId(""), (row.id,), args, Source.VISITOR)
            return


def _listed(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """SX-list: the client stands in a list that one hand loaded at once. Loading a list bars nobody (amendment 5)."""
    dossier = hearing.dossier
    rows = [(row.id, row.staff, row.at) for row in dossier.leads]
    rows += [(row.id, row.staff, row.at) for row in dossier.outreach]
    for id_, staff, at in rows:
        count = dossier.together.get(id_, 1)
        if count >= BULK:
            args = facts(rows=count, staff=staff, loaded_at=earliest(at))
            yield Flag("SX-list", Tier.REVIEW, claim.registration.id, (id_,), args, Source.SITE)
            return


def _drawer(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """SX-drawer: a receipt of a visit before the registration, sealed when it was shown, that nothing bears out."""
    near = hearing.policy.visit_merge_h * HOUR
    others = [trace for trace in hearing.traces if trace.kind != "E21"]
    for row in hearing.dossier.receipts:
        at = span(row.visit_at)
        if hearing.unit.who(row.phone) is None or before(at, claim.draft.effective) is not Answer.YES:
            continue
        seen = any(abs(trace.moment.observed.earliest - at.earliest) < near for trace in others)
        late = row.sealed_at is not None and row.sealed_at - at.latest >= SEALED_LATE_DAYS * DAY
        if not seen and late and row.presented_at is not None:
            args = facts(visited_at=at.earliest, sealed_at=row.sealed_at, staff=row.staff)
            yield Flag("SX-drawer", Tier.REVIEW, claim.registration.id, (row.id,), args, Source.SITE)
            return


def _gap(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """SX-gap: the system stood still when the client was to arrive, or when the escort says that they did."""
    dossier, draft = hearing.dossier, claim.draft
    times = [span(row.at) for row in dossier.escorts if row.agent == claim.registration.agent]
    if draft.registration.expected_at is not None:
        times.append(span(draft.registration.expected_at))
    for stop in dossier.calendar:
        if stop.kind is not CalendarKind.STOPPED:
            continue
        since, until = earliest(stop.since), hearing.closing if stop.until is None else latest(stop.until)
        inside = any(since <= at.latest and at.earliest <= until for at in times)
        recorded = any(
            since <= visit.start.observed.latest and visit.start.observed.earliest <= until for visit in hearing.visits
        )
        if inside and not recorded:
            args = facts(stopped_at=since, resumed_at=until)
            yield Flag("SX-gap", Tier.REVIEW, claim.registration.id, (stop.id,), args, Source.SITE)
            return


def _bought(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """SX-buy: at signing the client says that nobody brought them, against their own earlier act."""
    dossier = hearing.dossier
    at_signing = [
        row
        for row in dossier.statements
        if row.stage in (Stage.SUBSCRIPTION, Stage.SIGNING)
        and row.origin in (Origin.NOBODY, Origin.STAFF)
        and hearing.unit.who(row.phone) is not None
    ]
    if not at_signing:
        return
    said = [
        row.id
        for row in dossier.statements
        if row.stage is Stage.CHECK_IN and row.origin is Origin.AGENT and row.agent == claim.registration.agent
    ]
    confirmed = claim.draft.confirmation
    acted = [*said, *([] if confirmed is None else [confirmed.id])]
    acted += [row.id for row in dossier.escorts if row.agent == claim.registration.agent and row.buyer_named]
    if acted:
        evidence = (at_signing[-1].id, acted[0])
        yield Flag("SX-buy", Tier.REVIEW, claim.registration.id, evidence, source=Source.VISITOR)


def _came_along(claim: Claim) -> bool:
    return any(one.rule == "B5" and one.reason in ("shown", "named") for one in claim.findings)
