"""更正与补充: a person corrects what is held on them (PIPL 46; L-27).

The rules this module keeps:

1. Nothing is overwritten: the person's word stands beside what it corrects, from the moment they gave it (G5). Where
   they disagree with a ruling's evidence, what staff or an agent said stays and so does what they said of it.
2. What is only theirs to know (their name, another number of theirs) holds at once; another number only by that
   number's own code (I2). What others said too (who brought them, when they first came) is their word against theirs:
   somebody of the site verifies it and answers within the deadline.
3. The request and its answer are sealed like any other right's, by the article; a correction that was taken at once is
   answered at once. What is said while an earlier correction waits is sealed beside it: one request, every word.
4. It is the person's own act, shown by a check of theirs; it is never taken for a change that staff made (F-EDIT).
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.facts import RightsAnswer, RightsRequest
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.protection import follow
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.moment import earliest
from mingshi.domain.notice.purpose import Basis
from mingshi.domain.rights.right import Channel, Check, Right

OWN: Final = frozenset({EditField.NAME, EditField.SECOND_PHONE})
"""What the person alone knows: it holds at once."""
DISPUTED: Final = frozenset({EditField.SOURCE, EditField.FIRST_VISIT, EditField.OTHER})
"""What others said too: noted at once, verified by people."""


class CorrectMine(NamedTuple):
    """What is wrong and what is right. `target`: the record that says it wrong; `code`: the new number's own came.

    `said`: the person's words as who answers the request reads them; empty: the field and what is right.
    """

    phone: Contact
    check: Check
    field: EditField
    new: str
    target: EvidenceId = EvidenceId("")
    code: bool = False
    channel: Channel = Channel.PAGE
    said: str = ""


def correct_mine(transaction: Transaction, command: CorrectMine) -> Answer:
    """Seal the request and what it corrects."""
    wrong = _wrong(transaction, command)
    if wrong is not None:
        return wrong
    said = command.said or f"{command.field.value}: {command.new}"
    asked = RequestRight(Right.CORRECT, (command.phone,), command.check, command.channel, said=said)
    request = request_right(transaction, asked)
    if not isinstance(request, Done):
        return request
    transaction.on_ground(Basis.LEGAL_DUTY, request.ids["request"])
    edit = blank(
        e.Edit,
        id=transaction.new_id("X"),
        at=transaction.now,
        phone=command.phone,
        field=command.field,
        target=command.target,
        new=command.new,
        buyer_otp=True,
    )
    transaction.seal(edit)
    ids = {"request": request.ids["request"], "edit": edit.id}
    if command.field not in OWN:
        return Done("correction_noted", ids, dict(request.args))
    contested = False
    if command.field is EditField.SECOND_PHONE:
        contested = not transaction.join((command.phone, Contact(command.new)))
        follow(transaction, [command.phone])
    if request.told == "request_stands":  # an earlier correction waits for people: its answer is not this one's
        return Done("corrected_mine", ids, {"contested": contested})
    answered = answer_right(transaction, AnswerRight(EvidenceId(request.ids["request"]), "done", "page"))
    return Done("corrected_mine", ids, {"contested": contested}) if answered else answered


def said_beside(transaction: Transaction, request: RightsRequest, phone: Contact) -> tuple[str, ...]:
    """What the person wrote after the correction that opened a request, until it was answered."""
    if request.right is not Right.CORRECT:
        return ()
    answered = next((row.at for row in transaction.read(RightsAnswer, "request", request.id)), transaction.now)
    edits = [row for row in transaction.read(e.Edit, "phone", phone) if not row.staff and row.field in DISPUTED]
    later = sorted((earliest(row.at), row.new) for row in edits if request.at < earliest(row.at) <= answered)
    return tuple(words for _, words in later)


def _wrong(transaction: Transaction, command: CorrectMine) -> Refused | None:
    if (wrong := bad_phone(command.phone)) is not None:
        return wrong
    if command.field not in OWN | DISPUTED or not command.new.strip():
        return Refused("nothing_to_correct", "L-27")
    items = transaction.items([command.phone])
    if not items:
        return Refused("nothing_held", "L-27")
    if command.target and command.target not in {item.subject for item in items}:
        return Refused("not_yours", "L-27")
    if command.field is EditField.SECOND_PHONE:
        if (wrong := bad_phone(Contact(command.new))) is not None:
            return wrong
        if not command.code:
            return Refused("code_needed", "I2")
    return None
