"""查阅与复制: everything that is held on a person, as they may see it and take it along (PIPL 45; L-27).

The rules this module keeps:

1. Every item is listed: what it says, since when, by what right, until when, and its place in the log. Nothing is held
   on a person that is not in this list (a test compares it with the keys).
2. Of other people it tells what the person's own records say and no more: no number of a rival, no other client.
3. It is a reading: it seals nothing. The request for it is sealed (`request_right`).
"""

from collections.abc import Sequence
from typing import Any, Final

from mingshi.app.consents import consents_of, principals_of
from mingshi.app.facts import Provision, RightsAnswer, RightsRequest
from mingshi.app.holders import HOLDING, RECORDS
from mingshi.app.ports import Item, Transaction
from mingshi.app.record_json import encode
from mingshi.domain.ids import Contact
from mingshi.kernel.canonical import Json

FORMAT: Final = "mingshi-person/1"
_HIDDEN: Final = frozenset({"device", "id_key"})
"""Fields that are keys of the site's own and say nothing to anybody."""


def held_on(transaction: Transaction, phones: Sequence[Contact]) -> dict[str, Json]:
    """What is held on a person: docs/formats/person.md."""
    items = transaction.items(phones)
    principals = [one for phone in phones for one in principals_of(transaction, phone)]
    told = [row for principal in principals for row in transaction.read(Provision, "principal", principal)]
    requests = [item.subject for item in items if item.record == "RequestSaid"]
    return {
        "format": FORMAT,
        "project": transaction.source.project,
        "at": transaction.now,
        "numbers": list(phones),
        "items": [_item(transaction, item, phones) for item in items],
        "consents": [_consent(held) for phone in phones for held in consents_of(transaction, phone)],
        "told_to": [encode(row) for row in told],
        "requests": [one for name in requests for one in _request(transaction, name)],
    }


def _item(transaction: Transaction, item: Item, phones: Sequence[Contact]) -> Json:
    row = transaction.said(item)
    said: dict[str, Json] = {} if row is None else dict(encode(row))
    own = HOLDING[RECORDS[item.record]]
    shown = {
        name: _without_others(value, phones)
        for name, value in said.items()
        if name not in _HIDDEN and (own.others.get(name, own.default) == item.part or own.default != "buyer")
    }
    return {
        "entry": item.entry,
        "part": item.part,
        "record": item.record,
        "id": item.subject,
        "sealed_at": item.sealed_at,
        "basis": item.basis.value,
        "ground": item.ground,
        "until": item.expires_at,
        "says": shown,
    }


def _without_others(value: Json, phones: Sequence[Contact]) -> Json:
    """Other people's numbers as stars: a joint buyer's is theirs to show."""
    if isinstance(value, list):
        return [_without_others(one, phones) for one in value]
    if isinstance(value, str) and value.isdigit() and len(value) == 11 and value not in phones:
        return f"{value[:3]}****{value[-4:]}"
    return value


def _consent(held: Any) -> Json:
    consent = held.consent
    return {
        "consent": consent.id,
        "purpose": consent.purpose.value,
        "recipient": consent.recipient,
        "state": held.stands.value,
        "given_at": consent.given_at,
        "until": consent.valid_until,
        "notice": consent.notice_sha256,
    }


def _request(transaction: Transaction, name: str) -> list[Json]:
    rows: list[Json] = [encode(row) for row in transaction.read(RightsRequest, "id", name)]
    return rows + [encode(row) for row in transaction.read(RightsAnswer, "request", name)]
