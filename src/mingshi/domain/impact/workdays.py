"""Working days in the PRC: weekends, holidays, and the Saturdays that are worked for them.

The rules this module keeps (L-37):

1. The State Council announces each year's holidays late in the year before; each year here names the notice it is of.
2. A day of a year that is not announced, or was before this table, is counted by weekends alone and the answer says
   that it is not sure. A request of a person is dated all the same; a deadline towards an authority is not named
   (`deadline`).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple


class Year(NamedTuple):
    """A year as announced: days off, weekends among them, and weekend days that are worked."""

    source: str
    off: frozenset[date]
    worked: frozenset[date]


class Counted(NamedTuple):
    """A day, and whether every year up to it is announced."""

    day: date
    sure: bool


def _days(year: int, *spans: tuple[tuple[int, int], int]) -> frozenset[date]:
    return frozenset(date(year, *first) + timedelta(days=at) for first, length in spans for at in range(length))


YEARS: Final[Mapping[int, Year]] = {
    2025: Year(
        "国办发明电〔2024〕12号",
        _days(2025, ((1, 1), 1), ((1, 28), 8), ((4, 4), 3), ((5, 1), 5), ((5, 31), 3), ((10, 1), 8)),
        _days(2025, ((1, 26), 1), ((2, 8), 1), ((4, 27), 1), ((9, 28), 1), ((10, 11), 1)),
    ),
    2026: Year(
        "国办发明电〔2025〕7号",
        _days(2026, ((1, 1), 3), ((2, 15), 9), ((4, 4), 3), ((5, 1), 5), ((6, 19), 3), ((9, 25), 3), ((10, 1), 7)),
        _days(2026, ((1, 4), 1), ((2, 14), 1), ((2, 28), 1), ((5, 9), 1), ((9, 20), 1), ((10, 10), 1)),
    ),
}
"""As announced by the General Office of the State Council. A later year is added when it is."""
SATURDAY: Final = 5


def is_workday(day: date, years: Mapping[int, Year] = YEARS) -> bool:
    """Whether a day is worked."""
    year = years.get(day.year)
    if year is not None and day in year.worked:
        return True
    return day.weekday() < SATURDAY and (year is None or day not in year.off)


def after(start: date, workdays: int, years: Mapping[int, Year] = YEARS) -> Counted:
    """The last day of a term of working days that begins the day after `start`."""
    day, left = start, workdays
    while left:
        day += timedelta(days=1)
        left -= is_workday(day, years)
    return Counted(day, all(one in years for one in range(start.year, day.year + 1)))


def deadline(start: date, workdays: int, years: Mapping[int, Year] = YEARS) -> date | None:
    """The last day of a term towards an authority; None where a year in it is not in the table: nobody guesses it."""
    counted = after(start, workdays, years)
    return counted.day if counted.sure else None
