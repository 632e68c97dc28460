"""Patterns over many rulings and records of one site: nothing here touches a single deal.

The rules this module keeps:

1. Amendment 17: a pattern is grade C. It is never one of the two hints of a deal, it decides nothing, it is shown to
   whom it is about with a right of reply, and it is gone after ninety days.
2. It counts acts of people of the trade and devices. Visitors are counted, never named: no pattern has a visitor as
   its subject (F-ERASE is a number of the site).
3. Exact arithmetic: probabilities are fractions of integers, so that the same records give the same patterns to
   the last digit everywhere.
"""

from collections.abc import Sequence

from mingshi.domain.judge.patterns.crowd import crowds
from mingshi.domain.judge.patterns.desk import drawers, lists, mass_look_ups
from mingshi.domain.judge.patterns.hall import coverage, erasures
from mingshi.domain.judge.patterns.pair import pairs
from mingshi.domain.judge.patterns.pattern import Pattern, Sighting, sighting
from mingshi.domain.judge.records import Records

__all__ = ["Pattern", "Sighting", "find_patterns", "sighting"]


def find_patterns(records: Records, sightings: Sequence[Sighting], now: int) -> tuple[Pattern, ...]:
    """Every pattern of a site as of an instant, in a stable order."""
    found = [
        *pairs(records, sightings, now),
        *crowds(records, now),
        *drawers(records, sightings, now),
        *lists(records, now),
        *mass_look_ups(records, now),
        *coverage(records, now),
        *erasures(records, sightings, now),
    ]
    return tuple(sorted(found, key=lambda one: (one.id, one.subject, one.since)))
