"""提供: something is told to a recipient (PIPL 23; NDR 12; L-22, L-50).

The rules this module keeps:

1. Each recipient needs a consent of its own, that names it, under a notice that names it; a consent to anything else
   never implies it.
2. Each provision is sealed: to whom, of what kinds, on which consent; the record is kept three years.
3. Whoever had the use of their data restricted is told about to nobody.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import principals_of, valid_for
from mingshi.app.facts import Provision
from mingshi.app.ports import Transaction
from mingshi.app.restrict_person import restricted
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.notice.purpose import Purpose


class Provide(NamedTuple):
    """Who is told what of whom. `purpose`: `provide`, or `marketing` for a message of the site's own."""

    phone: Contact
    recipient: str
    kinds: tuple[str, ...]
    by: str
    purpose: Purpose = Purpose.PROVIDE


def provide(transaction: Transaction, command: Provide) -> Answer:
    """Seal that somebody may be told, before they are."""
    if not command.kinds:
        return Refused("kinds_needed", "L-22")
    if restricted(transaction, command.phone):
        return Refused("restricted", "L-27")
    recipient = command.recipient if command.purpose is Purpose.PROVIDE else ""
    allowed = valid_for(transaction, command.phone, command.purpose, recipient=recipient)
    if allowed is None:
        return Refused("no_line", "L-22", args={"recipient": command.recipient})
    principal = next(iter(principals_of(transaction, command.phone)), EvidenceId(""))
    row = Provision(
        transaction.new_id("PR"),
        transaction.now,
        command.recipient,
        command.purpose,
        command.kinds,
        allowed.consent,
        principal,
        command.by,
    )
    transaction.seal(row)
    return Done("provided", {"provision": row.id})
