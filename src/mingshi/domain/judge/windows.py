"""D1–D5, C5, C9 保护期: how long a claim lives, and whether the deal fell inside. All windows are readable dates.

The rules this module keeps:

1. Amendment 12: a window of N natural days ends with the last second of the Nth day.
2. D1a: what stands still does not run. While the project is not saleable no day of a deal window is used up.
3. D3: an extension needs two different approvers, a reason, and must come before the window has ended and
   before the deal; one made afterwards is shown and refused (golden case 19).
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import CalendarKind, CancelKind, FollowupKind, ReleasedBy, Window
from mingshi.domain.ids import EvidenceId
from mingshi.domain.judge.attendance import escorted, report_deadline
from mingshi.domain.judge.claim import Draft, Rule, once, reads
from mingshi.domain.judge.extension import extensions_of, valid_extensions
from mingshi.domain.judge.finding import Code, Finding, answered, failed, met, not_asked, passed, unknown
from mingshi.domain.judge.hearing import Hearing, node_time
from mingshi.domain.moment import earliest, ended, latest, span
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import DAY, MINUTE, Interval, Micros, before, natural_days_after, not_after, point


class DealWindow(NamedTuple):
    """D1 with everything that moved it."""

    start: Micros
    end: Micros | None
    """None: permanent."""
    standing_still_days: int
    extended_days: int
    evidence: tuple[EvidenceId, ...]


class Span(NamedTuple):
    """A window as a reader sees it: which rule, from when to when (None: without end)."""

    rule: str
    start: Micros
    end: Micros | None


def spans(draft: Draft, hearing: Hearing) -> tuple[Span, ...]:
    """The windows of a claim: lead, report window, deal window."""
    start = draft.effective.earliest
    shown = [
        Span("B1", start, draft.effective.plus(draft.policy.lead_min * MINUTE).latest),
        Span("B3", start, report_deadline(draft, hearing)),
    ]
    window = deal_window(draft, hearing)
    if window is not None:
        shown.append(Span("D1", window.start, window.end))
    return tuple(shown)


WINDOW_READS: Final = ("agents", "calendar", "deal", "escorts", "extensions", "objections", "visit", "visits")
"""What the deal window hangs on; see `reads`."""


@once
def deal_window(draft: Draft, hearing: Hearing) -> DealWindow | None:
    """The deal window of a claim, from the visit that confirmed it (amendment 12); None without a visit."""
    if draft.visit is None:
        return None
    policy, zone = draft.policy, hearing.dossier.zone
    start, evidence = draft.visit.start.counted.latest, draft.visit.evidence[:1]
    if policy.visit_protect_days is None:
        return DealWindow(start, None, 0, 0, evidence)
    if policy.refresh:
        start = _refreshed(draft, hearing, start)
    end = natural_days_after(start, policy.visit_protect_days, zone)
    still = 0
    if policy.suspension:
        end, still = _suspended(start, policy.visit_protect_days, hearing)
    valid = valid_extensions(draft, hearing, Window.VISIT, end)
    extended, ids = sum(row.days for row in valid), tuple(row.id for row in valid)
    if extended:
        end = zone.end(zone.day(end) + timedelta(days=extended))
    if policy.suspension:
        end = max(end, _frozen(hearing, policy.intent_freeze_days, start, end))
    return DealWindow(start, end, still, extended, (*evidence, *ids))


@reads(*WINDOW_READS, "cancellations", "earlier_deals")
def d1_deal_window(draft: Draft, hearing: Hearing) -> Finding:
    """D1 成交保护 / deal window: the deal node fell within `visit_protect_days` of the visit (code 8 成交逾期).

    Parameters `visit_protect_days`, `deal_node`, `refresh` (D2), `suspension` (D1a), extensions (D3). A deal
    without its node yet is not refused; the missing date is named.
    """
    window = deal_window(draft, hearing)
    if window is None:
        return not_asked("D1", "no_visit")
    node = node_time(hearing.dossier.deal, draft.policy)
    if node is None:
        return unknown("D1", Code.DEAL_OVERDUE, "no_node", node=draft.policy.deal_node.value)
    at = span(node)
    if window.end is None:
        return passed("D1", "permanent", window.evidence, node_at=at.earliest)
    carried = _carried_over(draft, hearing, window, at)
    if carried is not None:
        return carried
    args: dict[str, str | int | None] = {
        "node": draft.policy.deal_node.value,
        "node_at": at.earliest,
        "visited_at": window.start,
        "deadline_at": window.end,
        "days": draft.policy.visit_protect_days,
    }
    if window.standing_still_days:
        args["standing_still_days"] = window.standing_still_days
    if window.extended_days:
        args["extended_days"] = window.extended_days
    return answered(not_after(at, point(window.end)), "D1", Code.DEAL_OVERDUE, window.evidence, **args)


def _carried_over(draft: Draft, hearing: Hearing, window: DealWindow, at: Interval) -> Finding | None:
    """D10 换房, D11 退后再售: the same buyers' earlier deal fell inside the window, and this one follows it.

    The ruling belongs to the buyer, not to the room. A swap carries it over for `swap_days`; after a
    cancellation that the partner did not cause, a new purchase within `revive_days` revives it.
    """
    assert window.end is not None
    policy, dossier = draft.policy, hearing.dossier
    if not dossier.cancellations or not_after(at, point(window.end)) is not Answer.NO:
        return None
    for row in dossier.cancellations:
        earlier = next((deal for deal in dossier.earlier_deals if deal.id == row.deal), None)
        node = None if earlier is None else node_time(earlier, policy)
        if node is None or not_after(span(node), point(window.end)) is not Answer.YES:
            continue
        swapped = row.kind is CancelKind.SWAP and row.new_deal in ("", dossier.deal.id)
        days = policy.swap_days if swapped else policy.revive_days
        if not swapped and (row.kind in (CancelKind.INTENT, CancelKind.SWAP) or row.by_partner):
            continue
        until = natural_days_after(latest(row.at), days, dossier.zone)
        # A swap is often booked before the old room is given back, so only its end is asked.
        followed = not_after(at, point(until)) & (Answer.YES if swapped else before(span(row.at), at))
        if followed is Answer.YES:
            reason = "swapped" if swapped else "revived"
            return passed("D1", reason, (row.id,), node_at=span(node).earliest, deadline_at=window.end, until=until)
    return None


@reads(*WINDOW_READS)
def d3_extension(draft: Draft, hearing: Hearing) -> Finding:
    """D3 延期 / extension: shown in the trace; a late or one-handed one is named and has no effect."""
    rows = extensions_of(draft, hearing, Window.VISIT) if hearing.dossier.extensions else []
    if not rows:
        return not_asked("D3")
    window = deal_window(draft, hearing)
    if window is not None and window.extended_days:
        return passed("D3", "", tuple(row.id for row in rows), days=window.extended_days)
    # Refusing an extension refuses no claim: D1 says what follows from it.
    return Finding("D3", met("D3").verdict, "refused", args={"days": rows[0].days}, evidence=(rows[0].id,))


@reads("agents", "agreements", "deal", "visit")
def d4_tail(draft: Draft, hearing: Hearing) -> Finding:
    """D4 协议尾期 / tail: after the agreement ended, confirmed clients stay protected for `tail_days` (W1).

    A client is confirmed by their visit: who came only after the end was nobody's confirmed client.
    """
    dossier = hearing.dossier
    if "agreements" not in dossier.kept or draft.visit is None:
        return not_asked("D4")
    if all(row.until is None for row in dossier.agreements):
        return not_asked("D4")
    node = node_time(dossier.deal, draft.policy)
    agency = draft.agency_at(draft.visit.start.observed.latest, hearing)
    ends = [row.until for row in dossier.agreements if row.agency == agency]
    if node is None or not ends or any(until is None for until in ends):
        return not_asked("D4")
    last = max(latest(until) for until in ends if until is not None)
    if before(point(last), draft.visit.start.observed) is Answer.YES:
        return failed("D4", Code.NO_AGREEMENT, "came_after", ended_at=last)
    tail = natural_days_after(last, draft.policy.tail_days, dossier.zone)
    answer = not_after(span(node), point(tail))
    days = draft.policy.tail_days
    return answered(answer, "D4", Code.NO_AGREEMENT, ended_at=last, deadline_at=tail, days=days)


@reads("deal", "followups", "registrations", "visit")
def c9_abandoned(draft: Draft, hearing: Hearing) -> Finding:
    """C9 放弃 / abandonment: no contact for `follow_days` frees the client, if both sides were warned (10, 12).

    Only where the policy says so: silence alone never ends a claim. Code 10 if another partner took the client
    after that, 12 if nobody had by the deal.
    """
    days = draft.policy.follow_days
    if days is None or draft.visit is None:
        return not_asked("C9")
    freed = _freed_at(draft, hearing, days)
    node = node_time(hearing.dossier.deal, draft.policy)
    if freed is None or node is None or before(point(freed), span(node)) is not Answer.YES:
        return met("C9")
    taken = any(
        row.agent != draft.registration.agent and earliest(row.at) > freed for row in hearing.dossier.registrations
    )
    code = Code.FOLLOW_LOST if taken else Code.FOLLOW_OVERDUE
    return failed("C9", code, "taken" if taken else "overdue", freed_at=freed, days=days)


@reads("deal", "visit")
def c5_released(draft: Draft, hearing: Hearing) -> Finding:
    """C5 保护失效后再报 / released: who let the client go keeps nothing, unless the deal was made before.

    Only the agent can give up the agent's claim: a release by the site frees nobody's client from it (C9 says
    when want of follow-up does). Code 7 if the client had not come yet, 8 if they had.
    """
    row, node = draft.registration, node_time(hearing.dossier.deal, draft.policy)
    if row.released_at is None or row.released_by is ReleasedBy.SITE or node is None:
        return not_asked("C5")
    released = span(row.released_at)
    answer = before(span(node), released)
    if answer is Answer.YES:
        return not_asked("C5")
    came = draft.visit is not None and before(draft.visit.start.observed, released) is Answer.YES
    code = Code.DEAL_OVERDUE if came else Code.VISIT_OVERDUE
    if answer is Answer.NO and row.released_by is ReleasedBy.AGENT:
        return failed("C5", code, "released", released_at=released.earliest)
    return unknown("C5", code, "" if row.released_by else "by_whom", released_at=released.earliest)


WINDOWS: Final[tuple[Rule, ...]] = (d1_deal_window, d3_extension, d4_tail, c5_released, c9_abandoned)


def report_until(draft: Draft, hearing: Hearing) -> Micros:
    """The last instant at which a registration without a visit keeps others out: of its report window, or the one
    before its release.
    """
    deadline = report_deadline(draft, hearing)
    released = draft.registration.released_at
    return deadline if released is None else min(deadline, Micros(earliest(released) - 1))


def deal_until(draft: Draft, hearing: Hearing) -> Micros | None:
    """Until when a claim whose arrival stood keeps others out: its deal window, its release, abandonment."""
    window = deal_window(draft, hearing)
    ends = [] if window is None or window.end is None else [window.end]
    if draft.registration.released_at is not None:
        ends.append(Micros(earliest(draft.registration.released_at) - 1))
    if draft.policy.follow_days is not None and draft.visit is not None:
        freed = _freed_at(draft, hearing, draft.policy.follow_days)
        ends += [] if freed is None else [freed]
    return min(ends, default=None)


def _refreshed(draft: Draft, hearing: Hearing, start: Micros) -> Micros:
    """D2 复访刷新: an escorted revisit inside the window starts it once more."""
    assert draft.policy.visit_protect_days is not None
    end = natural_days_after(start, draft.policy.visit_protect_days, hearing.dossier.zone)
    for visit in hearing.visits:
        again = visit.start.counted.latest
        if start < again <= end and visit.recognised and escorted(replace(draft, visit=visit), hearing):
            return again
    return start


def _suspended(start: Micros, days: int, hearing: Hearing) -> tuple[Micros, int]:
    """D1a 中止: the end of a window of `days` saleable days, and how many days stood still.

    A civil day of which any part was not saleable does not count.
    """
    zone = hearing.dossier.zone
    closed = [row for row in hearing.dossier.calendar if row.kind is CalendarKind.SUSPENDED]
    day, left, still = zone.day(start), days, 0
    while left:
        day += timedelta(days=1)
        if any(_closes(row, day, hearing) for row in closed):
            still += 1
        else:
            left -= 1
    return zone.end(day), still


def _closes(row: e.CalendarEntry, day: date, hearing: Hearing) -> bool:
    zone = hearing.dossier.zone
    # Without an end it is still closed, as far as this deal can tell: until it was subscribed.
    until = hearing.dossier.deal.subscribed_at if row.until is None else row.until
    return earliest(row.since) <= zone.end(day) and not ended(until, zone.start(day))


def _frozen(hearing: Hearing, grace_days: int, start: Micros, end: Micros) -> Micros:
    """D1a: 认筹 inside the window freezes it until selection day and some days more."""
    deal = hearing.dossier.deal
    if deal.intended_at is None or deal.selection_at is None:
        return end
    if not start <= earliest(deal.intended_at) <= end:
        return end
    return natural_days_after(latest(deal.selection_at), grace_days, hearing.dossier.zone)


def _freed_at(draft: Draft, hearing: Hearing, days: int) -> Micros | None:
    """When the client was free: `days` natural days without contact, then both sides warned, then no contact for a
    day.
    """
    assert draft.visit is not None
    mine = [row for row in hearing.dossier.followups if row.registration == draft.registration.id]
    contacts = [draft.visit.start.observed.latest]
    contacts += [latest(row.at) for row in mine if row.kind in (FollowupKind.CONTACT, FollowupKind.ON_SITE_HELP)]
    warned = {
        kind: [latest(row.at) for row in mine if row.kind is kind]
        for kind in (FollowupKind.WARNING_AGENT, FollowupKind.WARNING_SITE)
    }
    for agent_at in warned[FollowupKind.WARNING_AGENT]:
        for site_at in warned[FollowupKind.WARNING_SITE]:
            both = max(agent_at, site_at)
            since = max((at for at in contacts if at <= both), default=both)
            after = [at for at in contacts if at > both]
            if both > natural_days_after(since, days, hearing.dossier.zone) and not (after and after[0] - both < DAY):
                return both
    return None
