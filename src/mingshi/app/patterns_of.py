"""The patterns of a case, as a site sees them that looks once more after its last deal; and of a site, as of now.

The rules this module keeps (RULES amendment 17):

1. What a site keeps of a pattern names deals, agents and staff at most: the records it was counted from are left out,
   and a visitor's device is a number in a list, which means nothing anywhere else.
2. Only what a pattern may look at is read: of arrivals the last `BACK` days, twice the ninety that it may use, since a
   deal's first visit lies before the deal.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId
from mingshi.domain.judge.patterns import Pattern, find_patterns, sighting
from mingshi.domain.judge.patterns.pattern import KEPT_DAYS, recent
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.canonical import Json, loads, mapping
from mingshi.kernel.timeline import DAY, Micros

BACK: Final = 2 * KEPT_DAYS
_DEVICE: Final = "device "
_WHOLE: Final = (e.Receipt, e.Lead, e.Outreach, e.Count, e.Withdrawal, e.Staff, e.Agreement, e.Agent)


class Looked(NamedTuple):
    """What was found, when, and over how much."""

    at: Micros
    deals: int
    arrivals: int
    patterns: tuple[Pattern, ...]


def patterns_until_last_deal(records: Records, rulings: Iterable[Mapping[str, Json]]) -> tuple[Pattern, ...]:
    """Of the ninety days (amendment 17) that end a day after the last subscription; none without a deal."""
    seen = [sighting(ruling, records) for ruling in rulings]
    return find_patterns(records, seen, max(one.at for one in seen) + DAY) if seen else ()


def patterns_now(transaction: Transaction, at: Micros | None = None) -> Looked:
    """Of a site, as of now, or as of an earlier instant. It reads months of records: never while somebody waits."""
    now, source = transaction.now if at is None else at, transaction.source
    back = Micros(max(0, now - BACK * DAY))
    deals = [row for row in transaction.every(e.Deal) if recent(earliest(row.subscribed_at), now)]
    arrivals = transaction.since(e.Arrival, back)
    kinds: dict[type[tuple[object, ...]], list[tuple[object, ...]]] = {
        e.Deal: list(deals),
        e.Arrival: list(arrivals),
        e.Lookup: list(transaction.since(e.Lookup, back)),
    }
    kinds |= {kind: list(transaction.every(kind)) for kind in _WHOLE}
    records = Records(kinds, project=source.project, zone=source.zone, policies=source.policies)
    given = (last_given(transaction, DealId(row.id)) for row in deals)
    seen = [sighting(mapping(loads(one.text.encode())), records) for one in given if one is not None]
    return Looked(now, len(seen), len(arrivals), unnamed(find_patterns(records, seen, now)))


def unnamed(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """Without what leads to a visitor."""
    found, devices = [], 0
    for one in patterns:
        subject = one.subject
        if subject.startswith(_DEVICE):
            devices += 1
            subject = f"{_DEVICE}{devices}"
        found.append(one._replace(subject=subject, evidence=()))
    return tuple(found)
