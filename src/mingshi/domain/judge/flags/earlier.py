"""What the client had done before the agent registered them: visits, receipts, identity, passes, calls.

The rules this module keeps:

1. Only the client's own acts weigh (amendment 5). A call, a lead without a code, a desk entry nobody confirmed: a
   hint, F-CALL, however many there are.
2. An earlier visit speaks only if nobody's valid registration stood by it, and only while it is protected. Shortly
   after its protection has ended it is F-LAPSE, a hint.
3. INV-04: F-FACE is two sessions of one pass holder, whatever proved them. A face pass and a device key of the same
   holder raise the same flag; no flag asks which it was.
"""

from collections.abc import Iterator
from typing import Final

from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.judge.arrival import NO_DEVICE, Grade, Party, Visit
from mingshi.domain.judge.claim import Claim, shows
from mingshi.domain.judge.flags.flag import Flag, Source, Tier, facts
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import moment, span
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import DAY, HOUR, Interval, before, natural_days_after, not_after, point

LAPSE_DAYS: Final = 3
"""A registration so soon after the protection has ended is a reason to look (§3.6)."""
_TIERS: Final = {Grade.A: Tier.HOLD, Grade.B: Tier.REVIEW}


def own_earlier_acts(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-FIRST, F-RCPT, F-IDPRE, F-PASS, F-FACE, F-LAPSE: the client's own earlier visits and contacts."""
    if claim.draft.attachment.person is None:
        return
    for visit in hearing.visits:
        if visit is claim.draft.visit or not _natural(visit, claim) or claim.draft.person not in visit.people:
            continue
        if before(visit.start.counted, claim.draft.effective) is not Answer.YES:
            continue
        since = visit.start.observed.earliest
        if still_protected(since, claim, hearing) is Answer.YES and visit.grade is not Grade.C:
            tier = _TIERS[visit.grade if visit.own_act else Grade.B]
            if before(visit.proven, claim.draft.effective) is not Answer.YES and tier is Tier.HOLD:
                tier = Tier.REVIEW  # it came first and was proven later: a person looks at the order
            of_visitor = any(Party.VISITOR in trace.parties for trace in visit.check_ins)
            source = Source.VISITOR if of_visitor else Source.SITE
            name, args = _name(visit, claim, hearing), facts(visited_at=since)
            if name == "F-DECL":
                args = facts(why="numbers", said_at=since)
            yield Flag(name, tier, claim.registration.id, visit.evidence, args, source)
        elif visit.recognised and _lapsed(since, claim, hearing):
            args = facts(visited_at=since, days=LAPSE_DAYS)
            yield Flag("F-LAPSE", Tier.HINT, claim.registration.id, visit.evidence, args, Source.SITE)
    for touch in hearing.touches:
        when = touch.moment
        first = before(when.counted, claim.draft.effective) is Answer.YES
        if (
            touch.person == claim.draft.person
            and first
            and still_protected(when.observed.earliest, claim, hearing) is Answer.YES
        ):
            args = facts(visited_at=when.observed.earliest)
            yield Flag("F-FIRST", Tier.HOLD, claim.registration.id, (touch.evidence,), args, Source.VISITOR)


def weak_earlier_contacts(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-CALL: a call, a lead without a code, a desk entry that nobody confirmed, before the registration."""
    if claim.draft.attachment.person is None:
        return
    dossier, person = hearing.dossier, claim.draft.person
    seen: list[tuple[Interval, EvidenceId]] = []
    for call in dossier.calls:
        if hearing.unit.who(call.phone) == person:
            when = moment(call.at, call.sealed_at, device=NO_DEVICE, policy=hearing.policy)
            seen.append((when.counted, call.id))
    for lead in dossier.leads:
        if not lead.otp and hearing.unit.who(lead.phone) == person and dossier.together.get(lead.id, 1) < BULK:
            when = moment(lead.at, lead.sealed_at, device=NO_DEVICE, policy=hearing.policy)
            seen.append((when.counted, lead.id))
    for visit in hearing.visits:
        if visit.grade is Grade.C and person in visit.people and visit is not claim.draft.visit:
            seen.extend((trace.moment.counted, trace.evidence) for trace in visit.check_ins)
    for at, evidence in sorted(seen):
        if (
            before(at, claim.draft.effective) is Answer.YES
            and still_protected(at.earliest, claim, hearing) is Answer.YES
        ):
            args = facts(contacted_at=at.earliest)
            yield Flag("F-CALL", Tier.HINT, claim.registration.id, (evidence,), args)
            return


def pass_without_visit(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-PASS as a hint: the client's pass was issued here before the registration; no visit of then is recorded."""
    if claim.draft.attachment.person is None:
        return
    near = hearing.policy.visit_merge_h * HOUR
    for issued in hearing.dossier.passes:
        if issued.issued_at is None or hearing.unit.who(issued.phone) != claim.draft.person:
            continue
        at = span(issued.issued_at)
        if (
            before(at, claim.draft.effective) is not Answer.YES
            or still_protected(at.earliest, claim, hearing) is Answer.NO
        ):
            continue
        recorded = any(
            visit.start.observed.earliest - near <= at.latest and at.earliest <= visit.last + near
            for visit in hearing.visits
        )
        if not recorded:
            args = facts(visited_at=at.earliest)
            yield Flag("F-PASS", Tier.HINT, claim.registration.id, (issued.id,), args, Source.VISITOR)
            return


def relatives_visits(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-JOINT 联名异源 (D13; XKC type 4): another person of the unit had come by themselves before."""
    if claim.draft.attachment.person is None:
        return
    for visit in hearing.visits:
        if claim.draft.person in visit.people or not visit.recognised or not _natural(visit, claim):
            continue
        first = before(visit.start.counted, claim.draft.effective) is Answer.YES
        live = still_protected(visit.start.observed.earliest, claim, hearing) is not Answer.NO
        if first and live and visit is not claim.draft.visit:
            args = facts(visited_at=visit.start.observed.earliest)
            yield Flag("F-JOINT", Tier.REVIEW, claim.registration.id, visit.evidence, args, Source.VISITOR)
            return


BULK: Final = 20
"""So many rows by one hand within ten minutes are a list that was loaded, not people who called."""


def _natural(visit: Visit, claim: Claim) -> bool:
    """Nobody's registration stood by it: neither this agent's own earlier one, nor a rival's."""
    earlier = (one for one in claim.draft.earlier if one.draft.visit is visit)
    return not any(one.admission is Answer.YES and one.attendance is Answer.YES for one in earlier)


def still_protected(since: int, claim: Claim, hearing: Hearing) -> Answer:
    """Whether what the client did at `since` was still protected when the registration took effect (A5)."""
    days = claim.draft.policy.natural_protect_days
    if days is None:
        return Answer.YES
    return not_after(claim.draft.effective, point(natural_days_after(since, days, hearing.dossier.zone)))


def _lapsed(since: int, claim: Claim, hearing: Hearing) -> bool:
    days = claim.draft.policy.natural_protect_days
    if days is None:
        return False
    end = natural_days_after(since, days, hearing.dossier.zone)
    at = claim.draft.effective
    return end < at.earliest <= end + LAPSE_DAYS * DAY


def _name(visit: Visit, claim: Claim, hearing: Hearing) -> str:
    """Which flag tells of an earlier visit: by what shows it, and by what shows that it was the same person."""
    kinds = {trace.kind for trace in visit.check_ins}
    if "E21" in kinds and not any(trace.own_act and trace.kind != "E21" for trace in visit.check_ins):
        return "F-RCPT"
    registered = _numbers(claim, hearing)
    others = {trace.contact for trace in visit.check_ins if trace.contact and trace.contact not in registered}
    if others and not any(trace.contact in registered for trace in visit.check_ins):
        by = _linked_by(others, registered, visit, claim, hearing)
        if by:
            return by
    return "F-IDPRE" if "E6" in kinds else "F-FIRST"


def _numbers(claim: Claim, hearing: Hearing) -> set[Contact]:
    """The numbers under which the claim knows its client: the registered one, and those of its own arrival."""
    row, visit = claim.registration, claim.draft.visit
    known = {row.phone}
    if visit is not None:
        known |= {trace.contact for trace in visit.check_ins if trace.person == claim.draft.person}
    masked = {contact for contact in hearing.unit.people[claim.draft.person].contacts if shows(contact, row.phone)}
    return known | masked


def _linked_by(others: set[Contact], registered: set[Contact], visit: Visit, claim: Claim, hearing: Hearing) -> str:
    dossier = hearing.dossier
    passes: dict[str, set[Contact]] = {}
    for issued in dossier.passes:
        passes.setdefault(issued.pass_id, set()).add(issued.phone)
    for pass_id, holders in passes.items():
        if holders & others and holders & registered:
            used = {row.id for row in dossier.arrivals if row.pass_id == pass_id}
            own = claim.draft.visit
            both = _proven_by(visit, used) and own is not None and _proven_by(own, used)
            return "F-FACE" if both else "F-PASS"
    keys: dict[str, set[Contact]] = {}
    for identity in dossier.identities:
        if identity.matched and identity.id_key:
            keys.setdefault(identity.id_key, set()).add(identity.phone)
    if any(holders & others and holders & registered for holders in keys.values()):
        return "F-IDPRE"
    return "F-DECL"


def _proven_by(visit: Visit, used: set[EvidenceId]) -> bool:
    return any(trace.evidence in used for trace in visit.check_ins)
