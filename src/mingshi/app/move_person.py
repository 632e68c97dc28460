"""转移: a person has what they gave moved to somebody they name (PIPL 45(3); NDR 25; L-27).

The rules this module keeps:

1. Moved is what the person consented to or what a contract with them needed; what the law has the site keep about them
   is shown to them (`see_person`) and not sent on (NDR 25(1)(2)).
2. Nobody's number but their own is in it (NDR 25(1)(4)).
3. It goes to a recipient that the person names, by the person's own hand: the site writes the package and seals that it
   was asked for and made; it opens no connection to anybody (L-46).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.consents import principals_of
from mingshi.app.facts import TAKEN_ALONG, Provision
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.see_person import held_on
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.notice.purpose import Basis, Purpose
from mingshi.domain.rights.right import Channel, Check, Right
from mingshi.kernel.canonical import Json, mapping, sequence

FORMAT: Final = "mingshi-move/1"
MOVED: Final = frozenset({Basis.CONSENT, Basis.SEPARATE_CONSENT, Basis.CONTRACT})


class MoveMine(NamedTuple):
    """To whom, in the person's own words."""

    phone: Contact
    check: Check
    recipient: str
    channel: Channel = Channel.PAGE


def move_mine(transaction: Transaction, command: MoveMine) -> Answer:
    """Seal the request, that the package was made, and the answer. The package itself: `package`."""
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if not command.recipient.strip():
        return Refused("recipient_needed", "L-27")
    kinds = sorted({item.record for item in transaction.items([command.phone]) if item.basis in MOVED})
    if not kinds:
        return Refused("nothing_held", "L-27")
    said = f"→ {command.recipient.strip()}"
    asked = RequestRight(Right.MOVE, (command.phone,), command.check, command.channel, said=said)
    request = request_right(transaction, asked)
    if not isinstance(request, Done):
        return request
    principals = principals_of(transaction, command.phone)
    provision = Provision(
        id=transaction.new_id("PR"),
        at=transaction.now,
        recipient=TAKEN_ALONG,
        purpose=Purpose.PROVIDE,
        kinds=tuple(kinds),
        consent=EvidenceId(""),
        principal=principals[0] if principals else EvidenceId(""),
        by="page",
    )
    transaction.seal(provision)
    if request.told == "request_stands":
        return Done("moved", {"request": request.ids["request"], "provision": provision.id}, {"kinds": list(kinds)})
    answered = answer_right(transaction, AnswerRight(EvidenceId(request.ids["request"]), "done", "page"))
    ids = {"request": request.ids["request"], "provision": provision.id}
    return Done("moved", ids, {"kinds": list(kinds)}) if answered else answered


def package(transaction: Transaction, phones: Sequence[Contact]) -> dict[str, Json]:
    """What is moved, for a program to read: docs/formats/person.md."""
    told = held_on(transaction, phones)
    moved = {basis.value for basis in MOVED}
    items: list[Json] = [one for one in sequence(told["items"]) if mapping(one)["basis"] in moved]
    return {"format": FORMAT, **{name: told[name] for name in ("project", "at", "numbers", "consents")}, "items": items}
