"""F-COVER and F-ERASE: numbers of the site, never of a person (G8, amendment 18)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.judge.patterns.pattern import Pattern, Sighting, recent
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest, latest

LOW: Final = Fraction(3, 5)
ENOUGH_ADULTS: Final = 20
"""Below so many adults a shift's share means nothing."""


def coverage(records: Records, now: int) -> Iterator[Pattern]:
    """F-COVER (G8): shifts of which less than three in five adults checked in; a party counts once, as declared."""
    parties: dict[str, tuple[int, int]] = {}
    for row in records.all(e.Arrival):
        adults = 1 if row.party_adults is None else row.party_adults
        at, most = parties.get(row.party or row.id, (earliest(row.at), 0))
        parties[row.party or row.id] = (at, max(adults, most))
    for shift in records.all(e.Count):
        since, until = earliest(shift.since), latest(shift.until)
        passed = shift.adults - shift.staff
        inside = sum(adults for at, adults in parties.values() if since <= at < until)
        if passed >= ENOUGH_ADULTS and recent(until, now) and Fraction(inside, passed) < LOW:
            yield Pattern("F-COVER", shift.id, since, until, inside, passed, (shift.id,))


def erasures(records: Records, sightings: Sequence[Sighting], now: int) -> Iterator[Pattern]:
    """F-ERASE: how many visits were erased, and how many buyers of agents' deals say that one of theirs was."""
    erased = [row for row in records.all(e.Withdrawal) if row.kind is WithdrawalKind.ERASURE]
    erased = [row for row in erased if recent(earliest(row.at), now)]
    said = [one for one in sightings if one.erased and one.agent and recent(one.at, now)]
    if said:
        times = [earliest(row.at) for row in erased] + [one.at for one in said]
        yield Pattern("F-ERASE", "", min(times), max(times), len(said), len(erased))
