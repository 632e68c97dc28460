"""The patterns of a case, as a site sees them that looks once more after its last deal."""

from collections.abc import Iterable, Mapping

from mingshi.domain.judge.patterns import Pattern, find_patterns, sighting
from mingshi.domain.judge.records import Records
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import DAY


def patterns_until_last_deal(records: Records, rulings: Iterable[Mapping[str, Json]]) -> tuple[Pattern, ...]:
    """Of the ninety days (amendment 17) that end a day after the last subscription; none without a deal."""
    seen = [sighting(ruling, records) for ruling in rulings]
    return find_patterns(records, seen, max(one.at for one in seen) + DAY) if seen else ()
