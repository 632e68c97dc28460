"""同意: somebody agrees, to one purpose, by an act of their own (PIPL 14, 29; L-04, L-05, L-11, L-22).

The rules this module keeps:

1. It answers a question that was opened by showing the notice, under that notice, and no other: the order is that of
   the log, so nobody agrees after the fact.
2. One purpose, one recipient. Who agrees to three things acts three times.
3. The person stands in the sealed act under a pseudonym. Whose it is stands apart, under the person's own key, and goes
   with them; the consent stays as evidence and is nobody's any more.
4. Too young: nothing is taken; what was sealed is the refusal, without a person.
"""

import re
from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import consent_of, notice_now, principals_of
from mingshi.app.facts import AssessmentSigned, ConsentAct, Subject
from mingshi.app.people import bad_phone, not_staff
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.app.refuse_consent import seal_refusal
from mingshi.domain.consent.state import Act, ActMeans, Consent, State, until
from mingshi.domain.consent.young import Age, may_consent
from mingshi.domain.ids import Contact, DeviceId, EvidenceId
from mingshi.domain.notice.purpose import SENSITIVE
from mingshi.kernel.timeline import Micros

_CODE: Final = re.compile(r"[\x21-\x7e ]{0,60}", re.ASCII)
_DIGEST: Final = re.compile(r"([0-9a-f]{64})?", re.ASCII)
"""What stays as evidence has room for codes and digests only: no words in which somebody could be named."""
CHILD_RULES = "child_rules"
"""Setting: the site has rules for children (PIPL 31); else nobody under 14 agrees, guardian or not."""


class GiveConsent(NamedTuple):
    """The act. `phone`: whose it is; empty where it is not known yet, then `name_principal` follows the check-in."""

    consent: EvidenceId
    phone: Contact = Contact("")
    age: Age = Age.UNSAID
    guardian: bool = False
    means: ActMeans = ActMeans.TAP
    alternatives: tuple[str, ...] = ()
    """The other ways that stood beside it, equally large: never empty (L-06)."""
    layout_sha256: str = ""
    evidence_sha256: str = ""
    device: DeviceId = DeviceId("")
    software: str = ""
    staff: str = ""
    valid_until: Micros = Micros(0)
    """Shorter than the ceiling where the person said so; 0: the ceiling."""


class NamePrincipal(NamedTuple):
    """Whose a pseudonym is, once the number is proven."""

    principal: EvidenceId
    phone: Contact


def give_consent(transaction: Transaction, command: GiveConsent) -> Answer:
    """Seal a consent."""
    consent = consent_of(transaction, command.consent)
    wrong = _wrong(transaction, command, consent)
    if wrong is not None:
        return wrong
    assert consent.purpose is not None, "it was shown"
    child_rules = transaction.setting(CHILD_RULES) == "yes"
    if not may_consent(consent.purpose, command.age, guardian=command.guardian, child_rules=child_rules):
        seal_refusal(transaction, consent)
        return Refused("too_young", "L-11", args={"purpose": consent.purpose.value})
    known = principals_of(transaction, command.phone)
    principal = known[0] if known else transaction.new_id("PN")
    if command.phone and not known:
        transaction.seal(Subject(principal, command.phone, command.device, transaction.now))
    notice = in_force(transaction, consent.purpose, transaction.now)
    assert notice is not None, "asked above"
    valid_until = until(consent.purpose, transaction.now, command.valid_until)
    act = ConsentAct(
        id=transaction.new_id("CA"),
        consent=consent.id,
        act=Act.GIVEN,
        at=transaction.now,
        purpose=consent.purpose,
        recipient=consent.recipient,
        notice=notice.id,
        notice_sha256=consent.notice_sha256,
        language="",
        principal=principal,
        age=command.age,
        guardian=command.guardian,
        means=command.means,
        evidence_sha256=command.evidence_sha256,
        alternatives=command.alternatives,
        layout_sha256=command.layout_sha256,
        software=command.software,
        staff=command.staff,
        valid_until=valid_until,
        assessment=_assessment(transaction),
        reason="",
    )
    transaction.seal(act)
    ids = {"consent": consent.id, "act": act.id, "principal": principal}
    return Done("consented", ids, {"purpose": consent.purpose.value, "until": valid_until})


def name_principal(transaction: Transaction, command: NamePrincipal) -> Answer:
    """Seal whose a pseudonym is."""
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if not transaction.read(ConsentAct, "principal", command.principal):
        return Refused("unknown_consent", "L-25")
    rows = transaction.read(Subject, "id", command.principal)
    if any(row.phone != command.phone for row in rows):
        return Refused("already_recorded", "G5")
    if not rows:
        transaction.seal(Subject(command.principal, command.phone, DeviceId(""), transaction.now))
    return Done("principal_named", {"principal": command.principal})


def _wrong(transaction: Transaction, command: GiveConsent, consent: Consent) -> Refused | None:
    if command.phone and (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if consent.state is State.NONE:
        return Refused("unknown_consent", "L-04")
    if consent.state is not State.NOTICE_SHOWN:
        return Refused("not_open", "L-04", args={"state": consent.state.value})
    if consent.notice_sha256 != notice_now(transaction, consent.purpose):
        return Refused("notice_changed", "L-09")
    if not command.alternatives:
        return Refused("no_other_way", "L-06")
    on_roster = not command.staff or not_staff(transaction, command.staff) is None
    # What the roster calls a member of staff is a code, in whatever script it is written.
    texts = (*command.alternatives, command.software, "" if on_roster else command.staff)
    if not all(_CODE.fullmatch(one) for one in texts) or not all(
        _DIGEST.fullmatch(one) for one in (command.evidence_sha256, command.layout_sha256)
    ):
        return Refused("not_a_code", "L-36")
    if consent.purpose in SENSITIVE and command.age is Age.UNSAID:
        return Refused("age_needed", "L-11")
    return None


def _assessment(transaction: Transaction) -> EvidenceId:
    rows = transaction.every(AssessmentSigned)
    return max(rows, key=lambda row: row.at).id if rows else EvidenceId("")
