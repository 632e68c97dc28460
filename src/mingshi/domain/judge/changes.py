"""What would change this: single changes of the facts that alter the outcome, each found by judging again.

The rules this module keeps:

1. A change is listed only if the judge, asked again with exactly that change, gave another outcome.
2. Candidates come from the rule that decided: for a refused or open claim its repair, for a winning claim the
   nearest ways to lose. Every party finds one for its own claim; the winner's list is kept to `FOR_WINNER`.
3. Nothing is invented about a person: a supposed statement or receipt carries the unit's own contact and the
   reserved id `SUPPOSED`, which no ruling shows.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, Means, Origin, Stage
from mingshi.domain.ids import AgencyId, AgentId, Contact, EvidenceId, PassId, StaffId
from mingshi.domain.judge.arrival import NO_DEVICE
from mingshi.domain.judge.claim import Claim, shows
from mingshi.domain.judge.dossier import Dossier
from mingshi.domain.judge.finding import NONE, Finding
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.judge.outcome import Kind, Outcome
from mingshi.domain.judge.ruling import Change, Ruling
from mingshi.domain.judge.windows import spans
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import DAY, MINUTE, SECOND, Micros

FOR_WINNER: Final = 2
"""The nearest two ways in which the winner would have lost; each costs one more judgement."""
SUPPOSED: Final = EvidenceId("?")


class Supposition(NamedTuple):
    """A changed dossier and how to tell the change."""

    kind: str
    rule: str
    claim: Claim | None
    dossier: Dossier
    args: Mapping[str, Json] = NONE


def what_would_change(ruling: Ruling, dossier: Dossier, outcome_of: Callable[[Dossier], Outcome]) -> tuple[Change, ...]:
    """The changes that alter a ruling's outcome (before people had their say)."""
    hearing, outcome = ruling.hearing, ruling.choice.outcome
    found: list[Change] = []

    def ask(suppositions: Iterator[Supposition], enough: int) -> None:
        effective = (change for one in suppositions if (change := _asked(one, ruling, outcome_of)) is not None)
        found.extend(islice(effective, enough))

    for claim in ruling.claims:
        if claim.registration.id == outcome.registration:
            ask(_breaks(claim, hearing, dossier), FOR_WINNER)
        elif claim.deciding is not None:
            ask(_repairs(claim, claim.deciding, hearing, dossier), 1)
    ask(_of_the_deal(ruling, dossier), 1)
    return tuple(found)


def _asked(suppose: Supposition, ruling: Ruling, outcome_of: Callable[[Dossier], Outcome]) -> Change | None:
    outcome = outcome_of(suppose.dossier)
    if outcome == ruling.choice.outcome:
        return None
    return Change(
        kind=suppose.kind,
        rule=suppose.rule,
        registration=EvidenceId("") if suppose.claim is None else suppose.claim.registration.id,
        args=suppose.args,
        outcome=outcome._replace(registration=EvidenceId("")) if outcome.registration == SUPPOSED else outcome,
    )


def _of_the_deal(ruling: Ruling, dossier: Dossier) -> Iterator[Supposition]:
    """Changes that belong to no single claim."""
    if ruling.hearing.changed:
        changed = {row.id for row in ruling.hearing.changed}
        yield Supposition("statement_unchanged", "C7", None, _without(dossier, changed))
    for reason in ruling.choice.reasons:
        if reason.rule == "D13":
            yield Supposition("without_earlier_visit", "D13", None, _without(dossier, set(reason.evidence)))
    if ruling.choice.outcome.kind is not Kind.CHANNEL:
        yield from _registered(ruling, dossier)


def _breaks(claim: Claim, hearing: Hearing, dossier: Dossier) -> Iterator[Supposition]:
    """The nearest ways in which the winning claim would have lost: the tighter of its two times, then the client's
    word, the other time, and a visit before.
    """
    draft, row = claim.draft, claim.registration
    assert draft.visit is not None
    latest_good = Micros(draft.visit.start.counted.earliest - draft.policy.lead_min * MINUTE)
    deadline = next((span.end for span in spans(draft, hearing) if span.rule == "D1"), None)

    def later() -> Supposition:
        moved = _registered_at(dossier, row, Micros(latest_good + SECOND))
        return Supposition("registered_later", "B1", claim, moved, {"by_at": latest_good})

    def overdue() -> Iterator[Supposition]:
        if deadline is not None:
            moved = _subscribed_at(dossier, Micros(deadline + SECOND))
            yield Supposition("deal_later", "D1", claim, moved, {"deadline_at": deadline})

    # A lead is measured in minutes, a window in days: each slack as a part of what was asked.
    slack = (latest_good - draft.effective.latest) * max(draft.policy.visit_protect_days or 1, 1) * DAY
    room = (
        (0 if deadline is None else deadline - latest(dossier.deal.subscribed_at))
        * (draft.policy.lead_min or 1)
        * MINUTE
    )
    if deadline is None or slack <= room:
        yield later()
        yield Supposition("named_nobody", "B5", claim, _stating(dossier, Origin.NOBODY, AgentId(""), hearing))
        yield from overdue()
    else:
        yield from overdue()
        yield Supposition("named_nobody", "B5", claim, _stating(dossier, Origin.NOBODY, AgentId(""), hearing))
        yield later()
    before = Micros(draft.effective.earliest - DAY)
    shown = _showing_receipt(dossier, before, hearing)
    yield Supposition("earlier_visit", "A5", claim, shown, {"before_at": draft.effective.earliest})


def _repairs(claim: Claim, finding: Finding, hearing: Hearing, dossier: Dossier) -> Iterator[Supposition]:
    """The smallest change that answers what a claim failed at, or what is open about it."""
    row, draft = claim.registration, claim.draft
    rule = finding.rule
    if rule in ("B1", "B1a", "B7") and draft.visit is not None:
        ready = Micros(draft.visit.start.counted.earliest - draft.policy.lead_min * MINUTE)
        yield Supposition("registered_earlier", rule, claim, _registered_at(dossier, row, ready), {"by_at": ready})
    elif rule == "B3":
        deadline = next(span.end for span in spans(draft, hearing) if span.rule == "B3")
        assert deadline is not None
        seen = _arriving(dossier, claim, min(deadline, _day_before(dossier)), hearing)
        yield Supposition("visited_in_time", rule, claim, seen, {"deadline_at": deadline})
    elif rule == "B4":
        at = draft.effective.latest + draft.policy.lead_min * MINUTE
        at = draft.visit.start.observed.earliest if draft.visit is not None else Micros(at)
        yield Supposition("visit_proven", rule, claim, _showing_receipt(dossier, at, hearing))
    elif rule == "B5":
        yield Supposition("named", rule, claim, _stating(dossier, Origin.AGENT, row.agent, hearing))
        yield Supposition("named_nobody", rule, claim, _stating(dossier, Origin.NOBODY, AgentId(""), hearing))
    elif rule == "D1":
        deadline = next((span.end for span in spans(draft, hearing) if span.rule == "D1"), None)
        if deadline is not None:
            moved = _subscribed_at(dossier, deadline)
            yield Supposition("deal_earlier", rule, claim, moved, {"deadline_at": deadline})
    elif rule in ("A5", "A6", "A7", "A8"):
        kind = {"A5": "without_earlier_visit", "A8": "without_own_earlier"}.get(rule, "without_rival")
        kind = "without_earlier_contact" if finding.reason == "contacted" else kind
        yield Supposition(kind, rule, claim, _without(dossier, set(finding.evidence)))
    elif rule == "A1" and finding.reason == "no_agreement":
        agreement = e.Agreement(SUPPOSED, draft.agency_at(draft.submitted.latest, hearing), Micros(0), *_NO_TERMS)
        agreed = dossier.but(agreements=(*dossier.agreements, agreement))
        yield Supposition("agreement", rule, claim, agreed)
    elif rule == "A2" and finding.reason == "missing":
        filled = row._replace(client=row.client or "?", expected_at=row.expected_at or row.at)
        yield Supposition("complete", rule, claim, _replacing(dossier, row, filled), finding.args)
    elif rule == "A11" and finding.reason == "ambiguous":
        whole = row._replace(phone=_contact(claim.draft.person, hearing, row.phone))
        yield Supposition("full_number", rule, claim, _replacing(dossier, row, whole))
    elif rule == "A12":
        own = _contact(claim.draft.person, hearing, row.phone)
        agreed_by_client = e.Confirmation(SUPPOSED, row.id, row.at, own, True, None, NO_DEVICE, row.sealed_at)
        confirmed = dossier.but(confirmations=(*dossier.confirmations, agreed_by_client))
        yield Supposition("confirmed", rule, claim, confirmed, {"by_at": earliest(row.at)})


def _registered(ruling: Ruling, dossier: Dossier) -> Iterator[Supposition]:
    """For an agent who is named but never registered the client: what a registration in time would have done."""
    first = ruling.hearing.first_visit
    named = {dossier.deal.claimed_agent} | {row.agent for row in dossier.statements}
    for agent in sorted(named - {""} - {claim.registration.agent for claim in ruling.claims}):
        if first is None:
            continue
        policy = ruling.hearing.policy
        by = Micros(first.start.counted.earliest - policy.lead_min * MINUTE)
        person = min(first.people)
        row = e.Registration(
            id=SUPPOSED,
            at=by,
            agent=agent,
            agency=AgencyId(""),
            phone=_contact(person, ruling.hearing),
            client=None,
            project="",
            expected_at=None,
            approved_at=None,
            released_at=None,
            released_by=None,
            deposit_at=None,
            device=NO_DEVICE,
            sealed_at=None,
        )
        added = dossier.but(registrations=(*dossier.registrations, row))
        yield Supposition("registered_at_all", "A", None, added, {"agent": agent, "by_at": by})


_NO_TERMS: Final = (None, "", None, False, AgencyId(""), None, None)


def _subscribed_at(dossier: Dossier, at: Micros) -> Dossier:
    """The deal subscribed at another time, its other acts moved so that they stay in order."""
    deal = dossier.deal._replace(subscribed_at=at)
    if deal.contracted_at is not None:
        deal = deal._replace(contracted_at=Micros(max(at, latest(deal.contracted_at))))
    if deal.intended_at is not None and earliest(deal.intended_at) > at:
        deal = deal._replace(intended_at=at)
    return dossier.but(deal=deal)


def _day_before(dossier: Dossier) -> Micros:
    return Micros(earliest(dossier.deal.subscribed_at) - SECOND)


def _contact(person: int, hearing: Hearing, registered: Contact = e.NOBODY) -> Contact:
    """One of a person's numbers: the one that was registered, else the one on the contract or in the relation.

    Never by its digits: an export's tokens have another order than the numbers they stand for.
    """
    own, dossier = hearing.unit.people[person].contacts, hearing.dossier
    related = (end for row in dossier.relations for end in (row.phone_a, row.phone_b))
    shown = (one for one in dossier.deal.buyers if shows(one, registered))
    showing = (one for one in sorted(own) if shows(one, registered))
    return next(one for one in (*shown, *showing, *dossier.deal.buyers, *related, *sorted(own)) if one in own)


def _replacing(dossier: Dossier, old: e.Registration, new: e.Registration) -> Dossier:
    rows = tuple(new if row is old or row == old else row for row in dossier.registrations)
    return dossier.but(registrations=rows)


def _registered_at(dossier: Dossier, row: e.Registration, at: Micros) -> Dossier:
    """The registration, its seal and its client's confirmation at another time."""
    moved = _replacing(dossier, row, row._replace(at=at, sealed_at=None if row.sealed_at is None else at))
    rows = tuple(
        one._replace(at=at, sealed_at=None if one.sealed_at is None else at) if one.registration == row.id else one
        for one in moved.confirmations
    )
    queue = {key: until for key, until in moved.queue.items() if key != row.id}
    return moved.but(confirmations=rows or (), queue=queue if len(queue) < len(moved.queue) else moved.queue)


def _stating(dossier: Dossier, origin: Origin, agent: AgentId, hearing: Hearing) -> Dossier:
    """The client's only statement, made at the first visit or before the deal."""
    first = hearing.visits[0].start.observed.earliest if hearing.visits else _day_before(dossier)
    links = tuple([row._replace(origin=Origin.DECLINED) for row in dossier.statements])
    said = e.Statement(
        id=SUPPOSED,
        at=min(first, _day_before(dossier)),
        phone=hearing.dossier.deal.buyers[0],
        stage=Stage.CHECK_IN,
        origin=origin,
        agent=agent,
        referrer="",
        phones=(),
        first_contact_at=None,
        first_contact_where=None,
        earlier_visit_at=None,
        earlier_erased=False,
        before_staff=True,
        present=(),
        sealed_at=None,
    )
    return dossier.but(statements=(*links, said))


def _showing_receipt(dossier: Dossier, at: Micros, hearing: Hearing) -> Dossier:
    receipt = e.Receipt(
        id=SUPPOSED,
        visit_at=at,
        phone=hearing.dossier.deal.buyers[0],
        bound_to=Binding.PHONE,
        staff=StaffId(""),
        presented_at=_day_before(dossier),
        sealed_at=None,
    )
    return dossier.but(receipts=(*dossier.receipts, receipt))


def _arriving(dossier: Dossier, claim: Claim, at: Micros, hearing: Hearing) -> Dossier:
    """A proven check-in of the registered client with this registration's code."""
    row = e.Arrival(
        id=SUPPOSED,
        at=at,
        phone=_contact(claim.draft.person, hearing, claim.registration.phone),
        pass_id=PassId(""),
        means=Means.QR,
        registration=claim.registration.id,
        agent=claim.registration.agent,
        staff=StaffId(""),
        door_code=e.DoorCode.VALID,
        staff_readable=False,
        party="",
        party_adults=None,
        confirmed_at=None,
        confirmed_by=None,
        offline=False,
        token=None,
        token_at=None,
        device=NO_DEVICE,
        sealed_at=None,
    )
    return dossier.but(arrivals=(row, *dossier.arrivals))


def _without(dossier: Dossier, ids: set[EvidenceId]) -> Dossier:
    """The dossier as if some records had never been."""
    kept: dict[str, tuple[tuple[object, ...], ...]] = {}
    for name in ("registrations", "arrivals", "receipts", "identities", "leads", "statements"):
        records: tuple[tuple[object, ...], ...] = getattr(dossier, name)
        left = tuple(record for record in records if record[0] not in ids)
        if len(left) != len(records):
            kept[name] = left
    return dossier.but(**kept)
