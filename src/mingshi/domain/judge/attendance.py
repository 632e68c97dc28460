"""B 到访确认: did this registration's client come, in time, and with its agent? Rules B1 to B7.

The rules this module keeps:

1. Times are compared as intervals; where the clocks do not tell, the answer is *unknown* and a person decides.
2. Amendment 7: where lateness speaks against the agent, the visit counts when the site said it (sealed); where
   lateness would help the site, when it happened. What a site says late counts late, against the site.
3. The agent's lack of an escort is held against them only on the client's own word; silence is not a no
   (amendment 11).
"""

from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import CalendarKind, EscortMeans, Means, Origin, Side, Window
from mingshi.domain.ids import AgentId, EvidenceId
from mingshi.domain.judge.claim import Draft, Rule, brought, once, reads
from mingshi.domain.judge.extension import valid_extensions
from mingshi.domain.judge.finding import Code, Finding, answered, failed, met, not_asked, passed, unknown
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import earliest, ended, latest, span
from mingshi.domain.policy import Counting, LeadCure, Mode, ReportStart
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, Interval, Micros, before, natural_days_after, not_after, point


@once
def report_deadline(draft: Draft, hearing: Hearing) -> Micros:
    """The last instant of the report window (B3), with its extension (D3).

    It runs from submission or approval, as the policy says; under A12 from the client's confirmation.
    """
    policy, zone, start = draft.policy, hearing.dossier.zone, draft.effective.earliest
    approved = draft.registration.approved_at
    if policy.report_start is ReportStart.APPROVED and approved is not None:
        start = max(start, earliest(approved))
    if policy.counting is Counting.HOURS_24:
        end = Micros(start + policy.report_valid_days * DAY)
    else:
        end = natural_days_after(start, policy.report_valid_days, zone)
    return Micros(end + sum([row.days for row in valid_extensions(draft, hearing, Window.REPORT, end)]) * DAY)


@reads("calendar", "statements", "unit", "visit")
def b1_lead(draft: Draft, hearing: Hearing) -> Finding:
    """B1 提前报备/防截客 / lead time: the registration came at least `lead_min` before the day's first arrival.

    Inclusive, as in XKC (golden case 6). Without it an agent could catch a client at the door and type them in
    (code 3). B1a 早到补救: under `lead_cure = review` a client who confirmed the registration a day before, or
    who names the agent before meeting staff with a first contact on an earlier day, came early by chance: a
    person decides (amendment 10). Waived for what a witness stamped while the system stood still.
    """
    if draft.visit is None:
        return not_asked("B1", "no_visit")
    lead = draft.policy.lead_min
    arrived, ready = draft.visit.start.counted, draft.effective.plus(lead * MINUTE)
    args = {"submitted_at": draft.effective.earliest, "arrived_at": arrived.earliest, "lead_min": lead}
    answer = not_after(ready, arrived)
    vague = answer is Answer.UNKNOWN and arrived.earliest == arrived.latest
    if answer is Answer.UNKNOWN:
        args |= {"submitted_latest": draft.effective.latest} if vague else {"arrived_latest": arrived.latest}
    if before(draft.effective, arrived) is Answer.NO:
        return not_asked("B1", "after_arrival")
    if answer is not Answer.YES and _stood_still(draft, hearing):
        return passed("B1", "waived", draft.visit.evidence, **args)
    if answer is Answer.NO and draft.policy.lead_cure is LeadCure.REVIEW and _cured(draft, hearing):
        return unknown("B1a", Code.LEAD, "early_client", draft.visit.evidence, **args)
    if vague:
        return unknown("B1", Code.LEAD, "submitted_vague", draft.visit.evidence, **args)
    return answered(answer, "B1", Code.LEAD, draft.visit.evidence, **args)


@reads("deal", "visit")
def b7_before(draft: Draft, hearing: Hearing) -> Finding:
    """B7 报备晚于到访 / after the fact: a registration made while the client was already here is none (code 3).

    Nor is one made after the client had subscribed (W13: a contract back-dated to suit it was refused in court).
    """
    subscribed = span(hearing.dossier.deal.subscribed_at)
    if before(draft.effective, subscribed) is Answer.NO:
        submitted = draft.effective.earliest
        return failed("B7", Code.LEAD, "after_deal", submitted_at=submitted, subscribed_at=subscribed.latest)
    if draft.visit is None:
        return not_asked("B7", "no_visit")
    arrived = draft.visit.start.counted
    answer = before(draft.effective, arrived)
    if answer is Answer.YES:
        return met("B7")  # B1 tells the times
    args = {"submitted_at": draft.effective.earliest, "arrived_at": arrived.earliest}
    return answered(answer, "B7", Code.LEAD, draft.visit.evidence, **args)


@reads("calendar", "deal", "escorts", "extensions", "unit", "visit")
def b3_report_window(draft: Draft, hearing: Hearing) -> Finding:
    """B3 报备有效期 / report window: the client came within `report_valid_days` (code 7 到访逾期).

    Natural days end with the last second of the last day; counted in hours they end to the second (golden
    case 8). Where no check-in of the window is recorded, but an escort that the client signed or confirmed is, the
    client may have come without being checked in: the site's gap is not held against the agent, a person looks.
    """
    deadline = report_deadline(draft, hearing)
    if draft.visit is None and before(point(deadline), span(hearing.dossier.deal.subscribed_at)) is not Answer.YES:
        return not_asked("B3", "no_visit")
    escorted = _escorted_unrecorded(draft, hearing, deadline)
    if escorted is not None:
        at = span(escorted.at).earliest
        return unknown("B3", Code.VISIT_OVERDUE, "escorted", (escorted.id,), escorted_at=at, deadline_at=deadline)
    if draft.visit is None:
        return failed("B3", Code.VISIT_OVERDUE, "never_came", deadline_at=deadline)
    arrived = draft.visit.start.observed
    answer = not_after(arrived, point(deadline))
    args = {"arrived_at": arrived.earliest, "deadline_at": deadline}
    if answer is not Answer.YES and _stood_still(draft, hearing):
        return passed("B3", "waived", draft.visit.evidence, **args)
    return answered(answer, "B3", Code.VISIT_OVERDUE, draft.visit.evidence, **args)


@reads("deal", "extensions", "visit")
def b4_recognised(draft: Draft, hearing: Hearing) -> Finding:
    """B4 到访确认方式 / recognised check-in: the visit is proven (codes NOVISIT, UNPROVEN).

    A live registration whose client bought without any recorded visit is not refused: the buyer need not have
    checked in, and somebody has to ask (golden case 10).
    """
    if draft.visit is None:
        deadline = report_deadline(draft, hearing)
        if before(point(deadline), span(hearing.dossier.deal.subscribed_at)) is Answer.YES:
            return not_asked("B4", "overdue")
        return unknown("B4", Code.NO_VISIT, "no_visit")
    if draft.visit.recognised:
        return passed("B4", evidence=draft.visit.evidence, means=_means(draft))
    return unknown(
        "B4", Code.UNPROVEN, "unproven", draft.visit.evidence, visited_at=draft.visit.start.observed.earliest
    )


@reads("agents", "escorts", "objections", "statement", "visit")
def b5_escort(draft: Draft, hearing: Hearing) -> Finding:
    """B5 带看确认 / escort: the agent came along, or the client names them (code NOESCORT).

    Shown by the agent's scan at the door with the client's word (amendment 3), by the registration's own code
    in the client's hand, by the client's statement; where the policy does not ask for the client's word, also
    by a signed escort form or the site's own register to which the site did not object within 24 h (B6).
    A client who says that nobody brought them ends the claim; a client who was not asked does not.
    """
    if draft.visit is None:
        return not_asked("B5", "no_visit")
    if draft.attachment.person is None:
        return not_asked("B5")
    shown, disputed = _escort(draft, hearing)
    word = hearing.statement
    if word is None:
        if shown:
            return passed("B5", "shown", shown)
        if disputed:
            return unknown("B5", Code.NO_ESCORT, "objected", disputed)
        return unknown("B5", Code.NO_ESCORT, "no_statement")
    said = (word.id,)
    if word.origin is Origin.AGENT and one_of_ours(word.agent, draft, hearing):
        return passed("B5", "named", (*said, *shown))
    other = "names_nobody" if word.origin is Origin.NOBODY else "names_other"
    if shown:
        return unknown("B5", Code.NO_ESCORT, f"{other}_but_escorted", (*said, *shown), origin=word.origin.value)
    if word.origin is Origin.AGENT and draft.policy.mode is Mode.PROTECT:
        # The first registration against the client's word for another agent: D7 is proposed (golden case 1).
        # Where the escort decides (compete) it has decided.
        return unknown("B5", Code.NO_ESCORT, other, said, origin=word.origin.value)
    return failed("B5", Code.NO_ESCORT, other, said, origin=word.origin.value)


ATTENDANCE: Final[tuple[Rule, ...]] = (b7_before, b1_lead, b3_report_window, b4_recognised, b5_escort)


def escorted(draft: Draft, hearing: Hearing) -> bool:
    """Whether an escort is shown, whatever the client says."""
    return draft.visit is not None and bool(_escort(draft, hearing)[0])


def escort_time(draft: Draft, hearing: Hearing) -> Interval | None:
    """When the agent stood there with the client (C3): the escort's own time, else the visit's."""
    if draft.visit is None:
        return None
    for row in hearing.dossier.escorts:
        if row.agent == draft.registration.agent and brought(draft.visit, draft.registration, hearing) == row.id:
            return span(row.at)
    return draft.visit.start.observed


def _stood_still(draft: Draft, hearing: Hearing) -> bool:
    """The client came while the system stood still, and a witness had stamped the registration that the site did
    not answer: its lead and report window are waived (LEDGER.md amendment 4).
    """
    if draft.visit is None or draft.registration.deposit_at is None:
        return False
    came = draft.visit.start.observed.earliest
    return any(
        row.kind is CalendarKind.STOPPED and earliest(row.since) <= came and not ended(row.until, came)
        for row in hearing.dossier.calendar
    )


def _cured(draft: Draft, hearing: Hearing) -> bool:
    assert draft.visit is not None
    arrived = draft.visit.start.observed
    confirmed = draft.confirmation
    if confirmed is not None and latest(confirmed.at) + DAY <= arrived.earliest:
        return True
    day = draft.visit.day
    return any(
        row.origin is Origin.AGENT
        and row.agent == draft.registration.agent
        and row.before_staff
        and row.first_contact_at is not None
        and hearing.dossier.zone.day(latest(row.first_contact_at)) < day
        for row in hearing.dossier.statements
        if row.stage is e.Stage.CHECK_IN and hearing.unit.who(row.phone) is not None
    )


def _escort(draft: Draft, hearing: Hearing) -> tuple[tuple[EvidenceId, ...], tuple[EvidenceId, ...]]:
    """What shows the escort, and escorts the site objected to in time (B6)."""
    assert draft.visit is not None
    policy, agent = draft.policy, draft.registration.agent
    shown = [
        trace.evidence
        for trace in draft.visit.check_ins
        if trace.registration == draft.registration.id and trace.means is Means.QR and trace.present
    ]
    if not policy.escort_by_client:
        shown += [trace.evidence for trace in draft.visit.check_ins if trace.agent == agent]
    disputed: list[EvidenceId] = []
    for row in _near(draft, hearing):
        if not one_of_ours(row.agent, draft, hearing) or row.project not in ("", hearing.dossier.project):
            continue
        if row.buyer_named:
            shown.append(row.id)
        elif not policy.escort_by_client and row.means is not EscortMeans.SITE_RECORD:
            (disputed if _objected(row, hearing, policy.objection_h) else shown).append(row.id)
        elif not policy.escort_by_client:
            shown.append(row.id)
    return tuple(dict.fromkeys(shown)), tuple(disputed)


def _escorted_unrecorded(draft: Draft, hearing: Hearing, deadline: Micros) -> e.Escort | None:
    """An escort of this claim's client inside the report window, where the first recorded visit is later or none."""
    if draft.attachment.person is None or not hearing.dossier.escorts:
        return None
    if draft.visit is not None and before(point(deadline), draft.visit.start.observed) is not Answer.YES:
        return None
    for row in hearing.dossier.escorts:
        at, mine = span(row.at), row.agent == draft.registration.agent
        here = row.project in ("", hearing.dossier.project) and hearing.unit.who(row.phone) == draft.person
        inside = draft.effective.latest < at.earliest and at.latest <= deadline
        if mine and here and inside and row.buyer_named:
            return row
    return None


def _near(draft: Draft, hearing: Hearing) -> list[e.Escort]:
    assert draft.visit is not None
    if not hearing.dossier.escorts:
        return []
    margin = draft.policy.visit_merge_h * HOUR
    first, last = draft.visit.start.observed.earliest - margin, draft.visit.last + margin
    return [row for row in hearing.dossier.escorts if first <= latest(row.at) and earliest(row.at) <= last]


def _objected(row: e.Escort, hearing: Hearing, hours: int) -> bool:
    """B6 沉默视为确认: the site objected within the time, else the escort stands (W3)."""
    return any(
        one.escort == row.id and one.by is Side.SITE and latest(one.at) <= latest(row.at) + hours * HOUR
        for one in hearing.dossier.objections
    )


def one_of_ours(agent: AgentId, draft: Draft, hearing: Hearing) -> bool:
    """The registrant, or a colleague of the same agency standing in."""
    if agent == draft.registration.agent:
        return True
    if not agent or draft.visit is None:
        return False
    at = draft.visit.start.observed.latest
    agency = draft.agency_at(at, hearing)
    return bool(agency) and any(
        row.id == agent and row.agency == agency and not ended(row.until, at) for row in hearing.dossier.agents
    )


def _means(draft: Draft) -> list[str]:
    assert draft.visit is not None
    kinds = {trace.kind for trace in draft.visit.check_ins if trace.grade > 0}
    return sorted(kinds)
