"""One act of a visitor that is several facts: to agree and check in; to agree and answer for a registration.

The rules this module keeps:

1. What a person does with one tap happens in one transaction: either they agreed and are checked in, or neither.
2. The order in the log is that of LAW L-04: shown, given, then what rests on it.
3. Who agreed before, under the notice that is in force, is not made to agree twice.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.consents import ANY, consent_of, valid_for
from mingshi.app.give_consent import GiveConsent, give_consent
from mingshi.app.issue_pass import IssuePass, RevokePass, issue_pass, revoke_pass
from mingshi.app.ports import Transaction
from mingshi.app.refuse_consent import RefuseConsent, refuse_consent
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.show_notice import ShowNotice, show_notice
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans, State
from mingshi.domain.evidence import Means
from mingshi.domain.ids import Contact, EvidenceId, PassId
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.rights.right import Channel, Check, Right

WAYS = ("otp", "key", "code", "paper", "nothing")
"""The ways that stand beside each other, equally large (L-06)."""


class Arrive(NamedTuple):
    """A check-in, and the open question that it answers with yes. `consent`: empty where the site shows no notice."""

    check_in: CheckIn
    consent: EvidenceId = EvidenceId("")


class ArriveAtDesk(NamedTuple):
    """A visitor asks the desk to record them: read aloud or signed, then recorded."""

    check_in: CheckIn
    language: str
    handle: str
    means: ActMeans


C = TypeVar("C", Arrive, ArriveAtDesk)


class AnswerRegistration(NamedTuple):
    """The client's yes or no to an agent, and the question it answers."""

    confirmation: ConfirmRegistration
    consent: EvidenceId
    handle: str


class TakePass(NamedTuple):
    """A visitor takes a pass, and the open question that taking it answers with yes. `consent`: empty: none asked."""

    pass_: IssuePass
    consent: EvidenceId = EvidenceId("")


class EraseMe(NamedTuple):
    """A person erases what is held on them, on their own page."""

    phone: Contact
    check: Check = Check.PHONE_CODE


def arrive(transaction: Transaction, command: Arrive) -> Answer:
    """Seal the consent, unless one stands, and the check-in."""
    visit = command.check_in
    phone = visit.phone or holder_of(transaction, visit.pass_id)
    before = valid_for(transaction, phone, Purpose.ATTRIBUTION) if phone else None
    if before is not None:
        return check_in(transaction, visit._replace(consent=before.consent))
    if not command.consent:
        return check_in(transaction, visit)
    agreed = GiveConsent(command.consent, phone, alternatives=WAYS, device=visit.device)
    given = give_consent(transaction, agreed)
    return check_in(transaction, visit._replace(consent=command.consent)) if given else given


def take_pass(transaction: Transaction, command: TakePass) -> Answer:
    """Seal the consent, unless one stands, and the issue of the pass."""
    phone = command.pass_.phone
    if command.consent and not any(valid_for(transaction, phone, purpose) for purpose in ANY):
        given = give_consent(transaction, GiveConsent(command.consent, phone, alternatives=WAYS))
        if not given:
            return given
    return issue_pass(transaction, command.pass_)


def arrive_by_code(transaction: Transaction, command: Arrive) -> Answer:
    """As `arrive`, by a code that is good once: who read it over a shoulder has nothing (amendment 3)."""
    return _once(transaction, arrive, command)


def holder_of(transaction: Transaction, pass_id: PassId) -> Contact:
    """To whom a pass was issued that stands; empty where there is none."""
    found = _standing(transaction, pass_id)
    return Contact("") if found is None else found.phone


def arrive_at_desk(transaction: Transaction, command: ArriveAtDesk) -> Answer:
    """Seal that the notice was shown and agreed to at the desk, and the desk's entry."""
    visit = command.check_in
    phone = visit.phone or holder_of(transaction, visit.pass_id)
    before = valid_for(transaction, phone, Purpose.ATTRIBUTION) if phone else None
    if before is not None:
        return check_in(transaction, visit._replace(consent=before.consent))
    shown = show_notice(transaction, ShowNotice(Purpose.ATTRIBUTION, command.language, command.handle))
    if not isinstance(shown, Done):
        return check_in(transaction, visit) if shown.reason == "no_notice" else shown
    consent = EvidenceId(shown.ids["consent"])
    # Who of the staff it was stands in the entry itself; what stays as evidence names nobody (L-36).
    agreed = GiveConsent(consent, phone, means=command.means, alternatives=WAYS)
    given = give_consent(transaction, agreed)
    return check_in(transaction, visit._replace(consent=consent)) if given else given


def arrive_at_desk_by_code(transaction: Transaction, command: ArriveAtDesk) -> Answer:
    """As `arrive_at_desk`, by the visitor's own code that the desk's scanner read: good once (amendment 3)."""
    return _once(transaction, arrive_at_desk, command)


def _once(transaction: Transaction, use_case: Callable[[Transaction, C], Answer], command: C) -> Answer:
    """A check-in by a code that is used up with it, and only with it."""
    code = _standing(transaction, command.check_in.pass_id)
    if code is None:
        return Refused("unknown_pass", "B4")
    answer = use_case(transaction, command)
    if answer:
        revoke_pass(transaction, RevokePass(code.id))
    return answer


def _standing(transaction: Transaction, pass_id: PassId) -> e.Pass | None:
    rows = transaction.read(e.Pass, "pass_id", pass_id) if pass_id else ()
    return next((row for row in rows if row.revoked_at is None), None)


def arrive_on_paper(transaction: Transaction, command: ArriveAtDesk) -> Answer:
    """As `arrive_at_desk`, by a numbered counterfoil; of one day each number is one guest's (amendment 4)."""
    zone, label = transaction.source.zone, command.check_in.party
    start = zone.start(zone.day(transaction.now))
    if any(row.means is Means.PAPER and row.party == label for row in transaction.since(e.Arrival, start)):
        return Refused("counterfoil_used", "B4", args={"number": label})
    return arrive_at_desk(transaction, command)


def answer_registration(transaction: Transaction, command: AnswerRegistration) -> Answer:
    """Seal the client's answer to a registration, and the separate consent or refusal that it is (PIPL 23)."""
    said, consent = command.confirmation, command.consent
    if consent and consent_of(transaction, consent).state is State.NOTICE_SHOWN:
        if said.agreed:
            given = give_consent(transaction, GiveConsent(consent, said.phone, alternatives=("yes", "no")))
            if not given:
                return given
        else:
            refuse_consent(transaction, RefuseConsent(consent, command.handle))
    return confirm_registration(transaction, said._replace(consent=consent if said.agreed else EvidenceId("")))


def erase_me(transaction: Transaction, command: EraseMe) -> Answer:
    """Seal the request, the erasure and the answer to it, and destroy what is held (PIPL 47; done at once, LAW §4)."""
    request = request_right(transaction, RequestRight(Right.ERASE, (command.phone,), command.check, Channel.PAGE))
    if not isinstance(request, Done):
        return request
    answered = answer_right(transaction, AnswerRight(EvidenceId(request.ids["request"]), "done", "page"))
    if not answered:
        return answered
    return erase_person(transaction, ErasePerson((command.phone,)))
