"""A 报备准入: may this registration stand? Rules A1 to A12, in the order in which they are asked.

The rules this module keeps:

1. Every rule is asked, also after one has failed; the first failing one gives the code (§3.3).
2. A rule that needs a record which the source does not keep is not held against anybody.
3. Amendment 5: only the person's own act bars an agent. Desk entries nobody confirmed, calls and bought lists
   bar no one.
4. Nothing of a rival is told: the answers name codes and times of one's own facts, never whose client it is.
"""

from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import AgentKind, EditField, ReleasedBy, Scope
from mingshi.domain.ids import is_masked
from mingshi.domain.judge.arrival import Visit
from mingshi.domain.judge.claim import Claim, Draft, Rule, reads
from mingshi.domain.judge.finding import Code, Finding, failed, met, not_asked, passed, unknown
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import earliest, ended, latest
from mingshi.domain.policy import Masked, Mode, OwnerLimit
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import Interval, Micros, before, natural_days_after, not_after, point


@reads("agents", "agreements", "staff")
def a1_standing(draft: Draft, hearing: Hearing) -> Finding:
    """A1 协议与资质 / partner in good standing: the agency had an agreement, the agent worked for it alone.

    E1, E19. Without an agreement there is nothing to be paid from, whoever brought the client. An owner or an
    employee who recommends needs no agency agreement and is no channel either: their claim is heard by the
    ladder (C6), so it fails here with its own reason (golden case 9).
    """
    dossier, at = hearing.dossier, draft.submitted.latest
    if "agents" in dossier.kept:
        held = [row for row in dossier.agents if row.id == draft.registration.agent and _employed(row, at)]
        if not held:
            return failed("A1", Code.NO_AGREEMENT, "not_employed", at=at)
        if len(held) > 1 and len({row.agency for row in held}) > 1:
            return failed("A1", Code.NO_AGREEMENT, "two_agencies", at=at)
        kind = held[0].kind
        if kind in (AgentKind.OWNER, AgentKind.EMPLOYEE):
            return failed("A1", Code.NO_AGREEMENT, kind.value)
        if held[0].phone and any(row.phone == held[0].phone and _employed(row, at) for row in dossier.staff):
            return failed("A1", Code.NO_AGREEMENT, "is_staff")
        for row in held:
            if _suspended(row, at):
                return failed("A1", Code.NO_AGREEMENT, "suspended", at=at)
    if "agreements" not in dossier.kept:
        return not_asked("A1", "no_record")
    agency = draft.registration.agency or draft.agency_at(draft.submitted.latest, hearing)
    for signed in dossier.agreements:
        if signed.agency == agency and earliest(signed.since) <= at and not ended(signed.until, at):
            return passed("A1", evidence=(signed.id,))
    return failed("A1", Code.NO_AGREEMENT, "no_agreement", at=at)


@reads()
def a2_complete(draft: Draft, hearing: Hearing) -> Finding:
    """A2 必填与格式 / complete: name as the client wishes, phone, agent, and what else the policy asks.

    Parameters `required`, `masked`. A field that the source never recorded is not missing: what the office's
    sheet has no column for cannot be the agent's fault. Who asks for the expected time has a column for it.
    """
    del hearing
    row, policy = draft.registration, draft.policy
    said = {"client": row.client, "phone": row.phone, "agent": row.agent}
    missing = [
        name for name in policy.required if (row.expected_at is None if name == "expected_at" else said.get(name) == "")
    ]
    if missing:
        return failed("A2", Code.INCOMPLETE, "missing", fields=list(missing))
    if policy.masked is Masked.DENY and is_masked(row.phone):
        return failed("A2", Code.INCOMPLETE, "masked")
    if policy.masked is Masked.ONLY and not is_masked(row.phone):
        return failed("A2", Code.INCOMPLETE, "not_masked")
    return met("A2", "masked" if is_masked(row.phone) else "")


@reads()
def a3_project(draft: Draft, hearing: Hearing) -> Finding:
    """A3 项目一致 / project match: a client registered for another project was not brought to this one (XKC)."""
    project = draft.registration.project
    if project in ("", hearing.dossier.project):
        return met("A3")
    return failed("A3", Code.OTHER_PROJECT)


@reads("owners", "unit")
def a4_owner(draft: Draft, hearing: Hearing) -> Finding:
    """A4 老业主 / existing owner: who bought here before needs nobody to bring them (codes 1, 11).

    Parameter `owner_limit`. A group-wide list counts only where it was imported on a basis of its own
    (amendment 9).
    """
    limit, at = draft.policy.owner_limit, draft.submitted
    if limit is OwnerLimit.ALLOW:
        return not_asked("A4", "allowed")
    if draft.attachment.person is None:
        return not_asked("A4")
    mine = hearing.unit.people[draft.person].contacts
    for row in hearing.dossier.owners:
        owned = row.since is None or earliest(row.since) <= at.latest
        if row.phone not in mine or not owned:
            continue
        if row.scope is Scope.PROJECT:
            return failed("A4", Code.PROJECT_OWNER, "project", (row.id,))
        if limit is OwnerLimit.DENY_GROUP and row.basis:
            return failed("A4", Code.GROUP_OWNER, "group", (row.id,))
    return met("A4")


@reads("earlier", "edits", "touches", "unit", "visit", "visits")
def a5_known(draft: Draft, hearing: Hearing) -> Finding:
    """A5 项目老客户 / existing opportunity: the client came, or reached out, by an act of their own before.

    Codes 2 (a visit) and 6 (a contact with a code), inside `natural_protect_days` of it, unless released.
    Amendment 5: only grade-A evidence that contains the person's own act and was sealed before the
    registration bars; otherwise a site could bar every agent by typing names into its own list.
    The visit on whose occasion the client was registered is not an earlier one; B7 judges that.
    """
    if draft.attachment.person is None:
        return not_asked("A5")
    doubt: Finding | None = None
    for visit in hearing.visits:
        if visit is draft.visit or draft.person not in visit.people or not (visit.certain and visit.own_act):
            continue
        natural = _natural(visit, draft.earlier)
        answer = natural & _bars(visit.proven, visit.start.observed.earliest, draft, hearing)
        if answer is Answer.NO and natural is not Answer.NO:
            # The visit came first and its proof later: a person has to look at it.
            answer = _bars(visit.start.counted, visit.start.observed.earliest, draft, hearing) & Answer.UNKNOWN
        args = {"visited_at": visit.start.observed.earliest, "days": draft.policy.natural_protect_days}
        if answer is Answer.YES:
            return failed("A5", Code.KNOWN_CLIENT, "visited", visit.evidence, **args)
        if answer is Answer.UNKNOWN:
            doubt = doubt or unknown("A5", Code.KNOWN_CLIENT, "visited", visit.evidence, **args)
    for touch in hearing.touches:
        if touch.person != draft.person:
            continue
        answer = _bars(touch.moment.counted, touch.moment.observed.earliest, draft, hearing)
        args = {"contacted_at": touch.moment.observed.earliest, "days": draft.policy.natural_protect_days}
        if answer is Answer.YES:
            return failed("A5", Code.PROTECTED, "contacted", (touch.evidence,), **args)
        if answer is Answer.UNKNOWN:
            doubt = doubt or unknown("A5", Code.PROTECTED, "contacted", (touch.evidence,), **args)
    return doubt or met("A5")


@reads("earlier", "unit")
def a6_registered(draft: Draft, hearing: Hearing) -> Finding:
    """A6 他渠报备 / another partner's live registration: in protect mode the first one keeps the client (code 4).

    In compete mode it is accepted as competing. People who are not known to belong together when the client is
    registered do not block each other; that is D13's case. Of two registrations whose order cannot be told neither
    keeps the other out; that is C8's.
    """
    return _rival(draft, hearing, arrived=False)


@reads("earlier", "unit")
def a7_escorted(draft: Draft, hearing: Hearing) -> Finding:
    """A7 他渠带看 / already escorted by another partner whose deal window runs (code 5)."""
    return _rival(draft, hearing, arrived=True)


@reads("earlier")
def a8_repeated(draft: Draft, hearing: Hearing) -> Finding:
    """A8 重复报备 / the same agent registered the same client (code 9).

    Parameters `repeats` (how many may live at once) and `cooldown_days` after a *release*. What merely expired
    may be registered again at once (amendment 9, golden case 16).
    """
    zone = hearing.dossier.zone
    alive: list[Claim] = []
    for other in draft.earlier:
        if other.registration.agent != draft.registration.agent or not _same_client(draft, other):
            continue
        if other.lives(draft.effective) is not Answer.NO:
            alive.append(other)
        released, days = other.registration.released_at, draft.policy.cooldown_days
        if released is not None and other.registration.released_by is ReleasedBy.AGENT and days:
            until = natural_days_after(latest(released), days, zone)
            if latest(released) <= draft.effective.earliest <= until:
                return failed("A8", Code.REPEATED, "cooldown", (other.registration.id,), until=until)
    if len(alive) < draft.policy.repeats:
        return met("A8")
    ids = tuple(other.registration.id for other in alive)
    if all(other.lives(draft.effective) is Answer.YES for other in alive[: draft.policy.repeats]):
        return failed("A8", Code.REPEATED, "", ids)
    return unknown("A8", Code.REPEATED, "", ids)


@reads("agents", "relations", "unit")
def a9_self(draft: Draft, hearing: Hearing) -> Finding:
    """A9 自荐 / self-dealing: nobody earns a commission on their own purchase (code SELF).

    The client (a buyer, or whom the agent registered) is the agent, or works for the agent's agency. A relative
    of the agent whose relation is on record is allowed and flagged (ZHQ; TRADE.md §2.6).
    """
    dossier = hearing.dossier
    clients = [
        person
        for index, person in enumerate(hearing.unit.people)
        if person.on_contract or index == draft.attachment.person
    ]
    mine = {contact for person in clients for contact in person.contacts}
    agency = draft.registration.agency or draft.agency_at(draft.submitted.latest, hearing)
    for row in dossier.agents:
        if row.phone in mine and row.id == draft.registration.agent:
            return failed("A9", Code.SELF, "agent")
        if row.phone in mine and agency and row.agency == agency and _employed(row, draft.submitted.latest):
            return failed("A9", Code.SELF, "colleague")
    if not dossier.relations:
        return met("A9")
    phones = {row.phone for row in dossier.agents if row.id == draft.registration.agent} - {""}
    for relation in dossier.relations:
        ends = {relation.phone_a, relation.phone_b}
        if ends & phones and ends & mine:
            return passed("A9", "relative", (relation.id,))
    return met("A9")


@reads("queue")
def a10_volume(draft: Draft, hearing: Hearing) -> Finding:
    """A10 频控 / volume: over the cap a registration waits, it is not refused.

    Parameters `live_cap`, `daily_cap`. It takes effect when a place is free; exclusivity, lead and windows run
    from then. So whoever floods the list gains nothing by it, and the honest busy agent loses nothing but time.
    """
    waited = hearing.dossier.queue.get(draft.registration.id)
    return met("A10") if waited is None else passed("A10", "queued", until=waited)


@reads()
def a11_unmask(draft: Draft, hearing: Hearing) -> Finding:
    """A11 隐号补全 / the masked number must turn out to be this client's (codes UNMASK, MISMATCH).

    Seven visible digits are shared by many numbers; with two possible people nobody may guess.
    """
    del hearing
    how, evidence = draft.attachment.how, draft.attachment.evidence
    if how == "mismatch":
        return failed("A11", Code.MISMATCH, "mismatch", evidence)
    if how == "ambiguous":
        return unknown("A11", Code.UNMASK, "ambiguous")
    return not_asked("A11") if how == "full" else passed("A11", how, evidence)


@reads("confirmations")
def a12_confirmed(draft: Draft, hearing: Hearing) -> Finding:
    """A12 双签报备 / the client confirmed on their own phone (code UNCONFIRMED).

    Parameter `masked = until_confirmed`. Until that act a registration is masked and excludes nobody, so that
    registering people who do not know it earns nothing.
    """
    if draft.policy.masked is not Masked.UNTIL_CONFIRMED:
        return not_asked("A12")
    if draft.confirmation is not None:
        row = draft.confirmation
        return passed("A12", evidence=(row.id,), confirmed_at=earliest(row.at))
    refused = [
        row.id for row in hearing.dossier.confirmations if row.registration == draft.registration.id and not row.agreed
    ]
    return failed("A12", Code.UNCONFIRMED, "refused" if refused else "missing", tuple(refused))


ADMISSION: Final[tuple[Rule, ...]] = (
    a1_standing,
    a2_complete,
    a3_project,
    a4_owner,
    a5_known,
    a6_registered,
    a7_escorted,
    a8_repeated,
    a9_self,
    a10_volume,
    a11_unmask,
    a12_confirmed,
)


def _employed(row: e.Agent | e.Staff, at: int) -> bool:
    return (row.since is None or earliest(row.since) <= at) and not ended(row.until, at)


def _suspended(row: e.Agent, at: int) -> bool:
    if row.suspended_from is None:
        return False
    return earliest(row.suspended_from) <= at and not ended(row.suspended_until, at)


def _natural(visit: Visit, earlier: tuple[Claim, ...]) -> Answer:
    """Whether a visit was nobody's: no earlier registration stood by it."""
    answer = Answer.YES
    for claim in earlier:
        if claim.draft.visit is visit:
            answer = answer & ~(claim.admission & claim.attendance)
    return answer


def _bars(proven: Interval, since: Micros, draft: Draft, hearing: Hearing) -> Answer:
    """Whether something proven keeps the registration out: it came before, and its protection still runs."""
    released = [
        earliest(row.at)
        for row in hearing.dossier.edits
        if row.field is EditField.RELEASE
        and hearing.unit.who(row.phone) == draft.person
        and since <= earliest(row.at) <= draft.effective.earliest
    ]
    if released:
        return Answer.NO
    earlier = before(proven, draft.effective)
    days = draft.policy.natural_protect_days
    if days is None:
        return earlier
    end = natural_days_after(since, days, hearing.dossier.zone)
    return earlier & not_after(draft.effective, point(end))


def _rival(draft: Draft, hearing: Hearing, *, arrived: bool) -> Finding:
    rule, code = ("A7", Code.ESCORTED) if arrived else ("A6", Code.REGISTERED)
    if draft.policy.mode is Mode.COMPETE:
        return not_asked(rule, "compete")
    doubt: Finding | None = None
    for other in draft.earlier:
        if other.registration.agent == draft.registration.agent or not _known_together(draft, other, hearing):
            continue
        if not arrived and before(other.draft.effective, draft.effective) is Answer.UNKNOWN:
            continue
        visit = other.draft.visit
        came = Answer.NO if visit is None else before(visit.start.counted, draft.effective)
        answer = other.lives(draft.effective) & (came if arrived else ~came)
        if answer is Answer.YES:
            return failed(rule, code, "", (other.registration.id,))
        if answer is Answer.UNKNOWN and doubt is None:
            doubt = unknown(rule, code, "", (other.registration.id,))
    return doubt or met(rule)


def _same_client(draft: Draft, other: Claim) -> bool:
    return draft.attachment.person is not None and draft.attachment.person == other.draft.attachment.person


def _known_together(draft: Draft, other: Claim, hearing: Hearing) -> bool:
    """One person, or two whom a verified relation had made one unit before this registration (LEDGER.md)."""
    first, second = draft.attachment.person, other.draft.attachment.person
    if first is None or second is None:
        return False
    if first == second:
        return True
    people = hearing.unit.people
    known = max(people[first].known_from, people[second].known_from)
    both_buyers = people[first].on_contract and people[second].on_contract
    return not both_buyers and known <= draft.effective.earliest
