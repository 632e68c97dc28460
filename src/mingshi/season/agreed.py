"""A season whose people agreed: each consents, under the notice that is in force, before the first act that needs it.

The rules this module keeps: what they leave behind rests on a consent from the moment it is sealed, as at every site
that requires one (L-25): nothing is taken first and founded later. Who is known by a masked number only is asked once
they answer themselves; a guest without a number agrees without one.
"""

from collections.abc import Callable
from typing import Any, Final

from mingshi.app.answer import Answer, Done
from mingshi.app.arrive import WAYS, holder_of
from mingshi.app.check_in import CheckIn
from mingshi.app.consents import valid_for
from mingshi.app.give_consent import GiveConsent, give_consent
from mingshi.app.ports import Transaction
from mingshi.app.show_notice import ShowNotice, show_notice
from mingshi.domain.ids import Contact, EvidenceId, is_masked
from mingshi.domain.notice.purpose import Purpose
from mingshi.season.live import Run

PURPOSES: Final = (Purpose.ATTRIBUTION, Purpose.REGISTRATION)
_OWN: Final = ("phone", "phone_a")


def agreed(run: Run) -> Run:
    """The same way to act, for people who agree first."""

    def act(use_case: Callable[[Transaction, Any], Answer], command: Any, now: Any) -> Answer:
        return run(lambda transaction, given: use_case(transaction, _founded(transaction, given)), command, now)

    return act


def _founded(transaction: Transaction, command: Any) -> Any:
    """The command, once whoever it tells of has agreed."""
    for name in _OWN:
        phone = Contact(getattr(command, name, ""))
        for purpose in PURPOSES if phone and not is_masked(phone) else ():
            _agree(transaction, phone, purpose)
    if isinstance(command, CheckIn) and not command.phone and not command.consent:
        return command._replace(
            consent=_agree(transaction, holder_of(transaction, command.pass_id), Purpose.ATTRIBUTION)
        )
    return command


def _agree(transaction: Transaction, phone: Contact, purpose: Purpose) -> EvidenceId:
    """The name of a consent that stands; empty where no notice is in force, or the number is none."""
    before = valid_for(transaction, phone, purpose) if phone else None
    if before is not None:
        return before.consent
    shown = show_notice(transaction, ShowNotice(purpose, "zh", transaction.new_id("PN")))
    if not isinstance(shown, Done):
        return EvidenceId("")
    consent = EvidenceId(shown.ids["consent"])
    given = give_consent(transaction, GiveConsent(consent, phone, alternatives=WAYS))
    return consent if given else EvidenceId("")
