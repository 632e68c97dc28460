"""What is held on a number, as its owner reads it."""

from collections.abc import Mapping
from typing import NamedTuple

from mingshi.app.consents import Held as HeldConsent
from mingshi.app.consents import consents_of
from mingshi.app.facts import RulingGiven
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, DealId
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json, loads, mapping, sequence
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
    escorts: tuple[e.Escort, ...]
    names: Names
    consents: tuple[HeldConsent, ...]


def ruling_of(given: RulingGiven) -> Mapping[str, Json]:
    """A ruling's canonical value."""
    return mapping(loads(given.text.encode()))


def visits_of(transaction: Transaction, phone: Contact) -> tuple[e.Arrival, ...]:
    """By the number, or by a pass that was issued to it."""
    found = {row.id: row for row in transaction.read(e.Arrival, "phone", phone)}
    for issued in transaction.read(e.Pass, "phone", phone):
        found |= {row.id: row for row in transaction.read(e.Arrival, "pass_id", issued.pass_id)}
    return tuple(sorted(found.values(), key=lambda row: earliest(row.at)))


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
    named = {str(word.agent) for word in read(e.Statement, "phone", phone) if word.agent}
    named |= {str(mapping(claim)["agent"]) for one in given if one for claim in sequence(ruling_of(one)["claims"])}
    escorts = tuple(sorted(read(e.Escort, "phone", phone), key=lambda row: earliest(row.at)))
    named |= {str(row.agent) for row in escorts}
    for name in named:
        for agent in read(e.Agent, "id", name):
            agents[name], agencies[str(agent.agency)] = agent.name, str(agent.agency)
    for look in read(e.Lookup, "phone", phone):
        for one in read(e.Staff, "id", look.staff):
            agents[str(look.staff)] = f"{one.role} {one.name}"
    return Held(
        visits=visits_of(transaction, phone),
        introducers=tuple(sorted(introducers, key=lambda one: earliest(one.confirmed.at))),
        words=tuple(sorted(read(e.Statement, "phone", phone), key=lambda row: earliest(row.at))),
        lookups=tuple(sorted(read(e.Lookup, "phone", phone), key=lambda row: earliest(row.at))),
        deals=deals,
        rulings=tuple(ruling_of(one) for one in given if one is not None),
        passes=tuple(read(e.Pass, "phone", phone)),
        escorts=escorts,
        names=Names(agents, agencies),
        consents=tuple(consents_of(transaction, phone)),
    )
