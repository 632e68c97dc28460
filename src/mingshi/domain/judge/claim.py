"""A claim: one registration seen against one deal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Final, NamedTuple, TypeAlias, TypeVar, final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Origin, Stage
from mingshi.domain.ids import AgencyId, Contact, EvidenceId, is_masked, visible
from mingshi.domain.judge.arrival import Visit
from mingshi.domain.judge.dossier import agency_at
from mingshi.domain.judge.finding import Code, Finding, Verdict
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import known_at, span
from mingshi.domain.policy import Masked, Policy
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import HOUR, Interval, Micros, before, not_after


class Attachment(NamedTuple):
    """How a registration belongs to a person of the unit (A11)."""

    person: int | None
    how: str
    """`full`, `confirmed`, `redeemed`, `named`, `escorted`, `only_one`, `ambiguous`, `mismatch`, `elsewhere`."""
    evidence: tuple[EvidenceId, ...] = ()


@final
@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the rules are asked about: the registration in its setting, before any answer."""

    registration: e.Registration
    attachment: Attachment
    policy: Policy
    """In force for this agency when the client was registered (D5)."""
    submitted: Interval
    effective: Interval
    """From when exclusivity, lead and windows run: submission, or its place in the queue (A10), or the
    client's own confirmation (A12)."""
    confirmation: e.Confirmation | None
    visit: Visit | None
    """Its own arrival: the first visit of its person from the occasion of the registration on (B1)."""
    earlier: "tuple[Claim, ...]" = ()
    """The claims that were registered before."""

    @property
    def person(self) -> int:
        """Whom it is about; asked only of attached registrations."""
        assert self.attachment.person is not None
        return self.attachment.person

    def agency_at(self, instant: int, hearing: Hearing) -> AgencyId:
        """The agency that employed the agent at an instant; where nobody recorded it, the registration's."""
        return agency_at(hearing.dossier, self.registration.agent, instant) or self.registration.agency


def again_in(draft: Draft, earlier: "tuple[Claim, ...]") -> Draft:
    """The same registration in another setting: after these claims, with nothing worked out yet."""
    return Draft(
        registration=draft.registration,
        attachment=draft.attachment,
        policy=draft.policy,
        submitted=draft.submitted,
        effective=draft.effective,
        confirmation=draft.confirmation,
        visit=draft.visit,
        earlier=earlier,
    )


Rule: TypeAlias = Callable[[Draft, Hearing], "Finding"]
"""A rule: one answer about one registration."""
READS: Final[dict[Rule, frozenset[str]]] = {}
"""What each rule reads beside the registration in its setting: of the dossier, of the hearing, the registration's own
`visit`, the claims `earlier` than it (a test listens). Where none of it is another, neither is the answer.
"""


def reads(*names: str) -> Callable[[Rule], Rule]:
    """Says what a rule reads; see `READS`."""

    def noted(rule: Rule) -> Rule:
        READS[rule] = frozenset(names)
        return rule

    return noted


T = TypeVar("T")


def once(compute: Callable[[Draft, Hearing], T]) -> Callable[[Draft, Hearing], T]:
    """Work out something about a draft once: a draft stands in one hearing only, and several rules ask."""
    name = f"_{compute.__name__}"

    @wraps(compute)
    def remembered(draft: Draft, hearing: Hearing) -> T:
        memory = draft.__dict__
        if name not in memory:
            memory[name] = compute(draft, hearing)
        answer: T = memory[name]
        return answer

    return remembered


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A registration with every rule's answer."""

    draft: Draft
    agency: AgencyId
    """To whom it belongs: the agent's agency at the escort, unless the agreement says the claim follows the
    agent (golden case 21)."""
    findings: tuple[Finding, ...]
    state: Answer
    """YES valid, NO refused, UNKNOWN if the evidence does not tell."""
    admission: Answer
    """What the admission rules (A) say."""
    attendance: Answer
    """What the arrival rules (B) say."""
    deciding: Finding | None
    """§3.3: the first failing rule gives the code; where none fails, the first that does not know."""
    report_until: Micros
    """Until when it keeps others out without a visit: the report window, a release."""
    deal_until: Micros | None
    """Until when it keeps others out once its arrival stood: the deal window; None: without end."""

    @property
    def registration(self) -> e.Registration:
        """The registration."""
        return self.draft.registration

    @property
    def code(self) -> Code:
        """The code the agent reads."""
        return self.deciding.code if self.deciding else Code.VALID

    def lives(self, at: Interval) -> Answer:
        """Does it keep other partners out at an instant? (A6, A7)

        Until its arrival it lives by its report window; from its arrival on only if that arrival stood.
        """
        draft = self.draft
        alive = self.admission & before(draft.effective, at)
        arrived = Answer.NO if draft.visit is None else before(draft.visit.start.counted, at)
        waiting = ~arrived & _within(at, self.report_until)
        kept = arrived & self.attendance & _within(at, self.deal_until)
        return alive & (waiting | kept)


class Weighed(NamedTuple):
    """What a claim's findings come to: all of them, the admission rules' alone, the arrival rules' alone."""

    state: Answer
    admission: Answer
    attendance: Answer
    deciding: Finding | None


def weigh(admission: Iterable[Finding], attendance: Iterable[Finding], windows: Iterable[Finding]) -> Weighed:
    """Kleene's `and` over each group, and the finding that decides: the first that fails, else does not know."""
    answers: list[Answer] = []
    failed: Finding | None = None
    doubtful: Finding | None = None
    for group in (admission, attendance, windows):
        answer = Answer.YES
        for finding in group:
            verdict = finding.verdict
            if verdict is _PASS or verdict is _NOT_ASKED:
                continue
            if verdict is Verdict.FAIL:
                answer = Answer.NO
                failed = failed or finding
            else:
                answer = answer & Answer.UNKNOWN
                doubtful = doubtful or finding
        answers.append(answer)
    state = Answer.NO if failed else Answer.UNKNOWN if doubtful else Answer.YES
    return Weighed(state, answers[0], answers[1], failed or doubtful)


_PASS: Final = Verdict.PASS
_NOT_ASKED: Final = Verdict.NOT_ASKED


def _within(at: Interval, end: Micros | None) -> Answer:
    return Answer.YES if end is None else not_after(at, Interval(end, end))


def draft_of(registration: e.Registration, hearing: Hearing) -> Draft | None:
    """The registration in its setting; None where it is about somebody else."""
    dossier = hearing.dossier
    submitted = submission(registration, hearing)
    agency = registration.agency or agency_at(dossier, registration.agent, submitted.latest)
    policy = dossier.policies.binding(agency, submitted.latest, dossier.agreements)
    attachment = attach(registration, hearing)
    if attachment.how == "elsewhere":
        return None
    confirmation = _confirmation(registration, hearing, attachment)
    effective = submitted
    if policy.masked is Masked.UNTIL_CONFIRMED and confirmation is not None:
        effective = max(effective, hearing.counted(confirmation))
    waited = dossier.queue.get(registration.id)
    if waited is not None:
        effective = max(effective, Interval(waited, waited))
    person = attachment.person
    visit = None if person is None else own_arrival(person, registration, effective, policy, hearing)
    return Draft(
        registration=registration,
        attachment=attachment,
        policy=policy,
        submitted=submitted,
        effective=effective,
        confirmation=confirmation,
        visit=visit,
    )


def submission(registration: e.Registration, hearing: Hearing) -> Interval:
    """When a registration counts as submitted: sealed, or stamped by a witness while the site did not answer."""
    submitted = hearing.counted(registration)
    return submitted if registration.deposit_at is None else min(submitted, span(registration.deposit_at))


def attach(registration: e.Registration, hearing: Hearing) -> Attachment:
    """A11 隐号补全: whom a registration is about.

    A full number tells by itself. A masked one is completed by the client's confirmation, by the code redeemed
    at arrival, by the client's or the visit register's word on this agent, or because one known number alone
    shows these digits and no other agent registered them. Otherwise nobody can tell. It is about one client: of
    several with such digits who came with its agent, the first completed it, and it is none of the others'.
    """
    unit, dossier = hearing.unit, hearing.dossier
    phone = registration.phone
    whole = unit.who(phone)
    if whole is not None:
        return Attachment(whole, "full")
    completing = [
        (row.id, row.phone)
        for row in dossier.confirmations
        if row.registration == registration.id and row.agreed and row.phone
    ]
    redeemed = [(row.id, row.phone) for row in dossier.arrivals if row.registration == registration.id and row.phone]
    for how, rows in (("confirmed", completing), ("redeemed", redeemed)):
        for evidence, contact in rows:
            person = unit.who(contact)
            if not shows(contact, phone):
                if person is not None:
                    return Attachment(None, "mismatch", (evidence,))
            elif person is None:
                return Attachment(None, "elsewhere")
            else:
                return Attachment(person, how, (evidence,))
    person = unit.showing(phone)
    if person is None:
        return Attachment(None, "elsewhere")
    agent = registration.agent
    said = [row for row in dossier.statements if row.agent == agent and unit.who(row.phone) == person]
    came: list[e.Escort | e.Arrival] = [*dossier.escorts, *dossier.arrivals]
    came = [row for row in came if row.agent == agent and unit.who(row.phone) == person]
    mine = min((at for row in (*said, *came) if (at := known_at(row)) >= known_at(registration)), default=None)
    others = dossier.completed.get(registration.id, {})
    theirs = min((since for contact, since in others.items() if unit.who(contact) is None), default=None)
    if theirs is not None and (mine is None or theirs < mine):
        return Attachment(None, "elsewhere")
    if theirs is not None and theirs == mine:
        return Attachment(person, "ambiguous")
    if said:
        return Attachment(person, "named", (said[0].id,))
    if came:
        return Attachment(person, "escorted", (came[0].id,))
    rivals = {row.agent for row in dossier.registrations if row.phone == phone}
    if len(dossier.lookalikes.get(phone, ())) <= 1 and rivals == {agent}:
        return Attachment(person, "only_one")
    return Attachment(person, "ambiguous")


def shows(contact: Contact, phone: Contact) -> bool:
    """Whether a number is, or shows the digits of, a registered one."""
    return phone == contact or (is_masked(phone) and visible(contact) == phone)


def _confirmation(registration: e.Registration, hearing: Hearing, attachment: Attachment) -> e.Confirmation | None:
    """A12: the client's own confirmation of this registration, if there is one."""
    for row in hearing.dossier.confirmations:
        if row.registration == registration.id and row.agreed:
            who = hearing.unit.who(row.phone) if row.phone else attachment.person
            if who is not None and who == attachment.person:
                return row
    return None


def own_arrival(
    person: int, registration: e.Registration, effective: Interval, policy: Policy, hearing: Hearing
) -> Visit | None:
    """B1: the visit by which a registration stands or falls.

    It is the first visit of the registered person that was not over when the registration took effect: one in
    progress makes it after-the-fact (B7), a later one of the same civil day is still the day's first arrival's
    (B1, 到访当日首次). A relative's visit is its own only if the agent brought them.
    """
    over = policy.visit_merge_h * HOUR
    ahead = [
        visit
        for visit in hearing.visits
        if visit.last + over > effective.earliest and _concerns(visit, person, registration, hearing)
    ]
    if not ahead:
        return None
    first = ahead[0]
    return next((v for v in hearing.visits if v.day == first.day and v.own_act and person in v.people), first)


def _concerns(visit: Visit, person: int, registration: e.Registration, hearing: Hearing) -> bool:
    return person in visit.people or brought(visit, registration, hearing) is not None


def brought(visit: Visit, registration: e.Registration, hearing: Hearing) -> EvidenceId | None:
    """What shows that this registration's agent came along at a visit; None if nothing does.

    The registration's own code, an escort, the visitors' word at the door; where the policy does not ask for the
    client's word, also the visit register's.
    """
    agent = registration.agent
    for trace in visit.check_ins:
        if trace.registration == registration.id:
            return trace.evidence
    near = hearing.policy.visit_merge_h * HOUR

    def close(at: Interval) -> bool:
        return at.latest >= visit.start.observed.earliest - near and at.earliest <= visit.last + near

    for row in hearing.dossier.escorts:
        if row.agent == agent and close(span(row.at)) and row.project in ("", hearing.dossier.project):
            return row.id
    for trace in visit.check_ins:
        if trace.agent == agent and not hearing.policy.escort_by_client:
            return trace.evidence
    for said in hearing.dossier.statements:
        at_door = said.stage is Stage.CHECK_IN and said.origin is Origin.AGENT and said.agent == agent
        if at_door and close(span(said.at)) and hearing.unit.who(said.phone) in visit.people:
            return said.id
    return None
