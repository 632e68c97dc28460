"""The season's calendar: days, opening hours, and when in them people come."""

from datetime import date, timedelta
from typing import Final, final

from mingshi.kernel.timeline import DAY, SECOND, Micros, Zone
from mingshi.season.dice import Dice
from mingshi.season.rates import Rates

FIRST_DAY: Final = date(2026, 6, 1)
ZONE: Final = Zone()
LAST_ENTRY_MIN: Final = 30
"""Nobody sets out in the last half hour before closing."""


@final
class Days:
    """From the first day of the season on; earlier days have negative numbers."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._weights = [rates.weekend if self.weekend(number) else 1.0 for number in range(rates.days)]

    def weekend(self, number: int) -> bool:
        """Whether a day of the season is a Saturday or Sunday."""
        return (FIRST_DAY + timedelta(days=number)).weekday() >= 5

    def any_day(self, dice: Dice, name: str) -> int:
        """A day on which somebody comes for the first time."""
        return dice.weighted(name, self._weights)

    def visit_on(self, number: int, dice: Dice, name: str) -> Micros:
        """A time of entry on a day."""
        opens, closes = self._rates.open_h * 60, self._rates.close_h * 60 - LAST_ENTRY_MIN
        return at(number, dice.between(name, opens, closes))

    def opens(self, number: int) -> Micros:
        """When the office opens."""
        return at(number, self._rates.open_h * 60)

    def closes(self, number: int) -> Micros:
        """When it closes."""
        return at(number, self._rates.close_h * 60)


def at(number: int, minutes: float) -> Micros:
    """So many minutes into a day, to the second."""
    start = ZONE.start(FIRST_DAY) + number * DAY
    return Micros(start + int(minutes * 60) * SECOND)


def number_of(instant: int) -> int:
    """The day of the season on which an instant falls."""
    return (instant - ZONE.start(FIRST_DAY)) // DAY


def seconds(value: float) -> int:
    """Whole seconds as microseconds."""
    return int(value) * SECOND


def minutes(value: float) -> int:
    """Minutes as microseconds, to the second."""
    return seconds(value * 60)


def hours(value: float) -> int:
    """Hours as microseconds, to the second."""
    return seconds(value * 3600)


def days(value: float) -> int:
    """Days as microseconds, to the second."""
    return seconds(value * 86_400)
