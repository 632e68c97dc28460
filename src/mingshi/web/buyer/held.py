"""What is held on a number, as its owner reads it."""

from collections.abc import Mapping
from typing import NamedTuple

from mingshi.app.holders import RECORDS, contacts_of
from mingshi.app.ports import Transaction
from mingshi.app.record_json import encode
from mingshi.app.rule_deal import last_given
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, DealId
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json, loads, mapping
from mingshi.present.tell import Names


class Introducer(NamedTuple):
    """Who registered me, since when, and whether I confirmed it."""

    agent: str
    agency: str
    confirmed: e.Confirmation


class Held(NamedTuple):
    """Everything, in the order in which it happened."""

    visits: tuple[e.Arrival, ...]
    introducers: tuple[Introducer, ...]
    words: tuple[e.Statement, ...]
    lookups: tuple[e.Lookup, ...]
    deals: tuple[e.Deal, ...]
    rulings: tuple[Mapping[str, Json], ...]
    passes: tuple[e.Pass, ...]
    names: Names


def held_on(transaction: Transaction, phone: Contact) -> Held:
    """Read it."""
    read = transaction.read
    introducers = []
    agents, agencies = {}, {}
    for row in read(e.Confirmation, "phone", phone):
        for registration in read(e.Registration, "id", row.registration):
            name = next((agent.name for agent in read(e.Agent, "id", registration.agent)), str(registration.agent))
            introducers.append(Introducer(name, registration.agency, row))
    deals = tuple(read(e.Deal, "buyers", phone))
    given = [last_given(transaction, DealId(deal.id)) for deal in deals]
    for agent in transaction.every(e.Agent):
        agents[str(agent.id)], agencies[str(agent.agency)] = agent.name, str(agent.agency)
    return Held(
        visits=tuple(sorted(read(e.Arrival, "phone", phone), key=lambda row: earliest(row.at))),
        introducers=tuple(sorted(introducers, key=lambda one: earliest(one.confirmed.at))),
        words=tuple(sorted(read(e.Statement, "phone", phone), key=lambda row: earliest(row.at))),
        lookups=tuple(sorted(read(e.Lookup, "phone", phone), key=lambda row: earliest(row.at))),
        deals=deals,
        rulings=tuple(mapping(loads(one.text.encode())) for one in given if one is not None),
        passes=tuple(read(e.Pass, "phone", phone)),
        names=Names(agents, agencies),
    )


def copy_of(transaction: Transaction, phone: Contact) -> dict[str, Json]:
    """Every record that tells of this number, as it is kept."""
    found: dict[str, Json] = {}
    for name, kind in sorted(RECORDS.items()):
        for field in ("phone", "buyers", "phones", "phone_a", "phone_b", "present", "new"):
            if field not in kind._fields:  # type: ignore[attr-defined]  # every kind is a NamedTuple
                continue
            try:
                rows = transaction.read(kind, field, phone)
            except KeyError:
                continue  # not a field that can be looked for
            mine = [encode(row) for row in rows if phone in contacts_of(row) or field in ("phone", "new")]
            if mine:
                kept = found.setdefault(name, [])
                assert isinstance(kept, list)
                kept += [row for row in mine if row not in kept]
    return {"format": "mingshi/copy/v1", "phone": phone, "project": transaction.source.project, "records": found}
