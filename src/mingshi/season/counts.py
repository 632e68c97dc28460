"""What the non-imaging counter at the door counts: adults a half day, with its error, naming nobody (E17)."""

from collections.abc import Iterator, Sequence

from mingshi.domain import evidence as e
from mingshi.domain.ids import EvidenceId
from mingshi.season.days import Days, at, number_of
from mingshi.season.dice import Dice
from mingshi.season.rates import Rates
from mingshi.season.truth import TrueVisit

STAFF_INSIDE = 17
_NOON_MIN = 13 * 60 + 30


def counted(visits: Sequence[TrueVisit], calendar: Days, rates: Rates, dice: Dice) -> Iterator[e.Count]:
    """Two rows a day."""
    adults: dict[tuple[int, int], int] = {}
    for visit in visits:
        day = number_of(visit.at)
        half = int(visit.at >= at(day, _NOON_MIN))
        adults[day, half] = adults.get((day, half), 0) + len(visit.persons)
    for (day, half), number in sorted(adults.items()):
        if not 0 <= day < rates.days:
            continue
        error = dice.of("counter", day, half).normal("error", 0, rates.counter_error)
        since = calendar.opens(day) if half == 0 else at(day, _NOON_MIN)
        until = at(day, _NOON_MIN) if half == 0 else calendar.closes(day)
        seen = max(0, round(number * (1 + error)))
        yield e.Count(EvidenceId(f"CT-{day:03d}-{half}"), since, until, seen + STAFF_INSIDE, STAFF_INSIDE)
