"""权利请求: a person asks; the request is sealed with its deadline, whoever of the handlers took it (PIPL 20, 44-50).

The rules this module keeps:

1. A request counts from the moment it came in, through any channel and any joint handler; one log of them all (L-43).
2. Whether it is the person's own was checked by something they have. A face is no way to check it (L-27, L-45).
3. The log of requests names nobody; who it was and what they wrote stand under their own keys and go with them.
4. An open request is answered once; a second one of the same kind is the same request.
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import RequestSaid, RightsAnswer, RightsRequest
from mingshi.app.people import bad_phone
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.domain.ids import Contact, EvidenceId
from mingshi.domain.notice.notice import notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.rights.right import ARTICLES, Channel, Check, Right, check_enough, due


class RequestRight(NamedTuple):
    """Who asks for what. `handler`: which of the joint handlers took it; empty: the site itself.

    For `kin`, `phones` are those of the person who died, then that of the relative.
    """

    right: Right
    phones: tuple[Contact, ...]
    check: Check
    channel: Channel = Channel.PAGE
    handler: str = ""
    said: str = ""
    by: str = ""


def request_right(transaction: Transaction, command: RequestRight) -> Answer:
    """Seal a request."""
    for phone in command.phones:
        if (wrong := bad_phone(phone)) is not None:
            return wrong
    if not command.phones:
        return Refused("full_phone_needed", "L-27")
    if not check_enough(command.right, command.check):
        return Refused("other_check_needed", "L-29" if command.right is Right.KIN else "L-27")
    if command.handler and command.handler not in handlers(transaction):
        return Refused("unknown_handler", "L-43", args={"handler": command.handler})
    standing = open_request(transaction, command.right, command.phones[0])
    if standing is not None:
        return Done("request_stands", {"request": standing.id}, {"due_at": standing.due_at, "sure": standing.due_sure})
    deadline = due(transaction.now, transaction.source.zone)
    request = RightsRequest(
        id=transaction.new_id("RQ"),
        right=command.right,
        at=transaction.now,
        channel=command.channel,
        handler=command.handler,
        check=command.check,
        due_at=deadline.at,
        due_sure=deadline.sure,
        by=command.by,
    )
    transaction.seal(request)
    transaction.seal(RequestSaid(request.id, command.phones, transaction.now, command.said))
    return Done(
        "request_taken",
        {"request": request.id},
        {"due_at": deadline.at, "sure": deadline.sure, "article": ARTICLES[command.right]},
    )


def open_request(transaction: Transaction, right: Right, phone: Contact) -> RightsRequest | None:
    """A request of this person that nobody has answered yet."""
    for said in transaction.read(RequestSaid, "phones", phone):
        for row in transaction.read(RightsRequest, "id", said.id):
            if row.right is right and not transaction.read(RightsAnswer, "request", row.id):
                return row
    return None


def overdue(transaction: Transaction) -> list[RightsRequest]:
    """Requests whose deadline has passed without an answer."""
    return [
        row
        for row in transaction.every(RightsRequest)
        if row.due_at < transaction.now and not transaction.read(RightsAnswer, "request", row.id)
    ]


def handlers(transaction: Transaction) -> frozenset[str]:
    """Every joint handler that a notice in force names (PIPL 20)."""
    rows = [in_force(transaction, purpose, transaction.now) for purpose in Purpose]
    return frozenset(name for row in rows if row is not None for name in notice_of(row.text).handlers)


def known_request(transaction: Transaction, name: EvidenceId) -> RightsRequest | None:
    """The request of a name."""
    return next(iter(transaction.read(RightsRequest, "id", name)), None)
