"""拒绝: somebody says no. It costs them nothing and leaves nothing of them (PIPL 16; NDR 22(5); L-06, L-08).

The rules this module keeps: what is sealed names nobody; the site is silent for 48 hours towards whoever holds the
handle, and only a keyed token of it is kept, until then.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import consent_of
from mingshi.app.facts import ConsentAct
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain.consent.asking import SILENCE
from mingshi.domain.consent.state import Act, Consent, State
from mingshi.domain.ids import EvidenceId
from mingshi.kernel.timeline import Micros


class RefuseConsent(NamedTuple):
    """Which question, and the handle of the visitor's own browser."""

    consent: EvidenceId
    handle: str


def refuse_consent(transaction: Transaction, command: RefuseConsent) -> Answer:
    """Seal a refusal."""
    consent = consent_of(transaction, command.consent)
    if consent.state is not State.NOTICE_SHOWN:
        return Refused("not_open", "L-06", args={"state": consent.state.value})
    assert consent.purpose is not None, "it was shown"
    seal_refusal(transaction, consent)
    until = Micros(transaction.now + SILENCE)
    transaction.hush(command.handle, consent.purpose, until)
    return Done("refusal_kept", {"consent": consent.id}, {"purpose": consent.purpose.value, "until": until})


def seal_refusal(transaction: Transaction, consent: Consent) -> None:
    """Seal that a question was answered with no."""
    transaction.seal(
        blank(
            ConsentAct,
            id=transaction.new_id("CA"),
            consent=consent.id,
            act=Act.REFUSED,
            at=transaction.now,
            purpose=consent.purpose,
            recipient=consent.recipient,
            notice_sha256=consent.notice_sha256,
        )
    )
