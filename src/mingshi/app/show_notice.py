"""告知: a notice is put before somebody, and a question opened under a name of its own (LAW §6.9).

The rules this module keeps:

1. What is sealed names nobody: not who looked, not even by a pseudonym. A refusal that follows can therefore be
   kept without any personal data.
2. After a no the site does not ask again for 48 hours; the person may (L-08).
3. Without a notice in force there is nothing to agree to, and nobody is asked.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import ConsentAct
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.app.supposing import blank
from mingshi.domain.consent.asking import may_ask
from mingshi.domain.consent.state import Act
from mingshi.domain.notice.notice import notice_of
from mingshi.domain.notice.purpose import Purpose


class ShowNotice(NamedTuple):
    """What is shown. `handle`: a random value that the visitor's own browser holds; it is kept nowhere as it is."""

    purpose: Purpose
    language: str
    handle: str
    recipient: str = ""
    """For `provide`: who would be told; one question a recipient (L-22)."""
    by_visitor: bool = True
    """They opened the question themselves."""


def show_notice(transaction: Transaction, command: ShowNotice) -> Answer:
    """Seal that a notice was shown; `consent` names the question."""
    notice = in_force(transaction, command.purpose, transaction.now)
    if notice is None:
        return Refused("no_notice", "L-09", args={"purpose": command.purpose.value})
    if command.language not in ("zh", "en"):
        return Refused("unknown_language", "L-41")
    if bool(command.recipient) is not (command.purpose is Purpose.PROVIDE):
        return Refused("recipient_line", "L-22")
    if command.recipient and command.recipient not in notice_of(notice.text).recipients:
        return Refused("recipient_not_told", "L-22", args={"recipient": command.recipient})
    silent_until = transaction.silent_until(command.handle, command.purpose)
    if not may_ask(silent_until, transaction.now, by_visitor=command.by_visitor):
        return Refused("said_no", "L-08", args={"until": silent_until})
    name = transaction.new_id("C")
    transaction.seal(
        blank(
            ConsentAct,
            id=transaction.new_id("CA"),
            consent=name,
            act=Act.SHOWN,
            at=transaction.now,
            purpose=command.purpose,
            recipient=command.recipient,
            notice=notice.id,
            notice_sha256=notice.sha256,
            language=command.language,
        )
    )
    return Done("notice_shown", {"consent": name, "notice": notice.id}, {"sha256": notice.sha256})
