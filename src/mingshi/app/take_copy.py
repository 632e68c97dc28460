"""复制: a person takes everything that is held on them along, at once (PIPL 45; L-27).

The rules this module keeps: the request and its answer are sealed in one transaction, since nobody has to look at it;
what is handed over is read by `see_person` in the same answer. An earlier one that nobody answered is answered by it.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done
from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.ports import Transaction
from mingshi.app.request_right import RequestRight, request_right
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.rights.right import Channel, Check, Right


class TakeCopy(NamedTuple):
    """Whose, and how it was made sure that it is them."""

    phone: Contact
    check: Check
    channel: Channel = Channel.PAGE


def take_copy(transaction: Transaction, command: TakeCopy) -> Answer:
    """Seal that a copy was asked for and given."""
    request = request_right(transaction, RequestRight(Right.COPY, (command.phone,), command.check, command.channel))
    if not isinstance(request, Done):
        return request
    answered = answer_right(transaction, AnswerRight(EvidenceId(request.ids["request"]), "done", "page"))
    return answered if not answered else Done("right_done", request.ids)
