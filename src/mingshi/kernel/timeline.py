"""Points in time that may be blurred, and civil days.

The rules this module keeps:

1. A time is whole microseconds since 1970-01-01 UTC (`Micros`); an observation is an `Interval` of them,
   because a clock that ran wrong tells only between when and when.
2. `before` answers yes, no or *unknown*; unknown is never resolved by preferring one party (RULES.md §3.0).
3. A civil day is that of the project's `Zone`. A window of N natural days ends with the last microsecond of
   the Nth day after its first day (RULES.md amendment 12, golden case 8).
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple, NewType

from mingshi.kernel.answer import Answer, known

Micros = NewType("Micros", int)
"""Microseconds since the Unix epoch, UTC."""

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()


class Interval(NamedTuple):
    """Between `earliest` and `latest`, both included; a point where they are equal."""

    earliest: Micros
    latest: Micros

    def plus(self, micros: int) -> "Interval":
        """The same interval, moved later."""
        return Interval(Micros(self.earliest + micros), Micros(self.latest + micros))

    @property
    def exact(self) -> bool:
        """Whether it is a single point."""
        return self.earliest == self.latest


def point(at: int) -> Interval:
    """The interval that is one instant."""
    return Interval(Micros(at), Micros(at))


def before(first: Interval, second: Interval) -> Answer:
    """Did `first` happen strictly before `second`?"""
    if first.latest < second.earliest:
        return Answer.YES
    if first.earliest >= second.latest:
        return Answer.NO
    return Answer.UNKNOWN


def not_after(first: Interval, second: Interval) -> Answer:
    """Did `first` happen before or at the same instant as `second`?"""
    if first.latest <= second.earliest:
        return Answer.YES
    if first.earliest > second.latest:
        return Answer.NO
    return Answer.UNKNOWN


def same(first: Interval, second: Interval) -> Answer:
    """Did both happen at the same instant? Two blurred times that overlap may have."""
    if first.exact and second.exact:
        return known(first == second)
    apart = before(first, second) is Answer.YES or before(second, first) is Answer.YES
    return Answer.NO if apart else Answer.UNKNOWN


class Zone(NamedTuple):
    """The project's civil time: a fixed offset from UTC (China: +08:00, no summer time since 1991)."""

    offset_min: int = 480

    def day(self, at: int) -> date:
        """The civil date of an instant."""
        return date.fromordinal((at + self.offset_min * MINUTE) // DAY + _EPOCH_ORDINAL)

    def start(self, day: date) -> Micros:
        """The first microsecond of a civil day."""
        return Micros((day.toordinal() - _EPOCH_ORDINAL) * DAY - self.offset_min * MINUTE)

    def end(self, day: date) -> Micros:
        """The last microsecond of a civil day."""
        return Micros(self.start(day) + DAY - 1)

    def local(self, at: int) -> datetime:
        """The civil date and time of an instant, without a zone, for showing."""
        aware = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at, minutes=self.offset_min)
        return aware.replace(tzinfo=None)

    @property
    def text(self) -> str:
        """`+08:00`."""
        hours, minutes = divmod(abs(self.offset_min), 60)
        return f"{'-' if self.offset_min < 0 else '+'}{hours:02d}:{minutes:02d}"


def natural_days_after(start: int, days: int, zone: Zone) -> Micros:
    """The last instant of a window of `days` natural days that began at `start` (amendment 12)."""
    offset = zone.offset_min * MINUTE
    return Micros(((start + offset) // DAY + days + 1) * DAY - offset - 1)
