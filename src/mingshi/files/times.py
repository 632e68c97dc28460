"""Dates and times as offices write them, and the one way in which a case writes them back.

The rules this module keeps:

1. A time is read at face value in the project's zone, or in the zone it names. Seconds that are missing are
   zero (the trade's custom, so that 09:12 is not 09:12:59); a date alone is the whole civil day, as an
   `Interval`.
2. What software writes where there is no date (1900-01-00, 1970-01-01, 9999-12-31 …), years of two digits
   and days that do not exist are refused: a wrong date decides a commission.
3. `written` and `time` are inverse.
4. A whole column of regular times costs two dictionary look-ups a cell; everything else takes the long way.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import add, itemgetter
from typing import Final

from mingshi.domain.evidence import Time
from mingshi.files.problem import CellError
from mingshi.files.text import plain
from mingshi.kernel.timeline import HOUR, MINUTE, SECOND, Interval, Micros, Zone

_DATE: Final = (
    r"(?P<year>\d{4})"
    r"(?:[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})|年(?P<month2>\d{1,2})月(?P<day2>\d{1,2})[日号])"
)
_WEEKDAY: Final = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_HALF: Final = r"(?P<half>上午|下午|凌晨|早上|中午|晚上|AM|PM|am|pm)"
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"|[时点](?:(?P<minute2>\d{1,2})分?(?:(?P<second2>\d{1,2})秒?)?)?)"
)
_OFFSET: Final = r"(?:\s*(?P<offset>Z|[+-]\d{2}:?\d{2}))?"
_WRITTEN: Final = re.compile(
    rf"{_DATE}{_WEEKDAY}(?:(?:T|\s+|(?<=\D))(?:{_HALF}\s*)?{_CLOCK}(?:\s*(?P<after>AM|PM|am|pm))?{_OFFSET})?",
    re.ASCII,
)
_COMPACT: Final = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[T ]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?)?",
    re.ASCII,
)
_SERIAL: Final = re.compile(r"\d{1,6}(?:\.\d+)?", re.ASCII)
_INTERVAL: Final = re.compile(r"(\S.*?)\s*\.\.\s*(.*\S)")
_SHORT_YEAR: Final = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?:\s.*)?", re.ASCII)
_CLOCK_ONLY: Final = re.compile(rf"(?:{_HALF}\s*)?{_CLOCK}", re.ASCII)
_OPEN_END: Final = frozenset({"长期", "永久", "至今", "无", "无限期", "暂无"})

_EARLIEST_YEAR: Final = 1905
"""Nobody who buys a home was born earlier; spreadsheets' and databases' null dates lie before."""
_LATEST_YEAR: Final = 2199
_FIRST_SERIAL: Final = 10_000
"""1927-05-18: below, a number is the 1900 default date or a year, not a day."""
_SERIAL_ZERO: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet's serial dates, counted so that those after 1900-02-28 come right (ECMA-376)."""

_HOUR_KEY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})[ T](\d{2})", re.ASCII)
_REST_KEY: Final = re.compile(r":([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_TO_HOUR: Final = itemgetter(slice(0, 13))
_FROM_MINUTE: Final = itemgetter(slice(13, None))
_MINUTE_AND_SECOND: Final = itemgetter(slice(13, 19))
_POINT: Final = itemgetter(19)
_FRACTION: Final = itemgetter(slice(20, 26))


def _with_micros(cells: Sequence[str]) -> bool:
    """Whether all cells end in six digits of a second."""
    if set(map(len, cells)) != {26} or set(map(_POINT, cells)) != {"."}:
        return False
    digits = "".join(map(_FRACTION, cells))
    return digits.isascii() and digits.isdigit()


class TimeReader:
    """Reads times of one project zone; remembers hours and clock times it has seen."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._hours = _Hours(zone)
        self._rests = _Rests(zone)

    def regular(self, cells: Sequence[str]) -> list[object]:
        """All cells, if each is empty or `YYYY-MM-DD HH:MM[:SS[.ffffff]][zone]`; else raises `CellError`."""
        if not any(cells):
            return [None] * len(cells)
        hours, rests = self._hours, self._rests
        if not all(cells):
            return [hours[cell[:13]] + rests[cell[13:]] if cell else None for cell in cells]
        if _with_micros(cells):
            # Every fraction is another: remembering the rest to the second is enough.
            starts = map(
                add,
                map(hours.__getitem__, map(_TO_HOUR, cells)),
                map(rests.__getitem__, map(_MINUTE_AND_SECOND, cells)),
            )
            return list(map(add, starts, map(int, map(_FRACTION, cells))))
        starts = map(hours.__getitem__, map(_TO_HOUR, cells))
        return list(map(add, starts, map(rests.__getitem__, map(_FROM_MINUTE, cells))))

    def time(self, cell: str) -> Time | None:
        """One cell in any of the forms; None for an empty one. Raises `CellError`."""
        text = plain(cell)
        if not text:
            return None
        if match := _INTERVAL.fullmatch(text):
            first, last = self._single(match.group(1)), self._single(match.group(2))
            low = first.earliest if isinstance(first, Interval) else first
            high = last.latest if isinstance(last, Interval) else last
            if low > high:
                raise CellError("impossible_time")
            return Interval(low, high)
        return self._single(text)

    def _single(self, text: str) -> Time:
        match = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
        if match is None:
            return self._serial(text)
        found = match.groupdict()
        day = _day(int(found["year"]), int(found["month"] or found["month2"]), int(found["day"] or found["day2"]))
        if found["hour"] is None:
            return Interval(self._zone.start(day), self._zone.end(day))
        hour = _hour_of_day(int(found["hour"]), found.get("half") or found.get("after"))
        minute = int(found["minute"] or found.get("minute2") or 0)
        second = int(found["second"] or found.get("second2") or 0)
        if hour > 23 or minute > 59 or second > 59:
            raise CellError("impossible_time")
        micros = int((found.get("fraction") or "").ljust(6, "0")[:6])
        clock = hour * HOUR + minute * MINUTE + second * SECOND + micros
        return Micros(self._zone.start(day) + clock + _shift(self._zone, found.get("offset")))

    def _serial(self, text: str) -> Time:
        if _SERIAL.fullmatch(text):
            days = Decimal(text)
            if days < _FIRST_SERIAL:
                raise CellError("default_date" if days < 367 else "bad_time")
            whole, rest = divmod(days, 1)
            day = _day_of_serial(int(whole))
            if rest == 0:
                return Interval(self._zone.start(day), self._zone.end(day))
            # A serial's last digits are rounding: workbooks are read to the millisecond, and so is this.
            return Micros(self._zone.start(day) + round(rest * 86_400_000) * 1000)
        if text in _OPEN_END:
            raise CellError("open_end")
        if _CLOCK_ONLY.fullmatch(text):
            raise CellError("time_without_date")
        if _SHORT_YEAR.fullmatch(text):
            raise CellError("two_digit_year")
        raise CellError("bad_time")


class TimeWriter:
    """Writes times in the project's zone so that `TimeReader` reads the same value back."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._hours: dict[int, str] = {}

    def written(self, at: Time | None) -> str:
        """`2026-05-03 09:12:00`, a date for a whole civil day, `a .. b` for another interval, "" for None."""
        if at is None:
            return ""
        if isinstance(at, Interval):
            day = self._zone.day(at.earliest)
            if at == (self._zone.start(day), self._zone.end(day)):
                return day.isoformat()
            return f"{self.written(at.earliest)} .. {self.written(at.latest)}"
        hour, rest = divmod(at + self._zone.offset_min * MINUTE, HOUR)
        try:
            start = self._hours[hour]
        except KeyError:
            start = self._hours[hour] = self._zone.local(at).strftime("%Y-%m-%d %H")
        seconds, micros = divmod(rest, SECOND)
        text = f"{start}:{seconds // 60:02d}:{seconds % 60:02d}"
        return f"{text}.{micros:06d}" if micros else text


class _Hours(dict[str, int]):
    """`2026-05-03 09` → microseconds; anything else raises `CellError`."""

    def __init__(self, zone: Zone) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, key: str) -> int:
        match = _HOUR_KEY.fullmatch(key)
        if match is None:
            raise CellError("bad_time")
        year, month, day, hour = map(int, match.groups())
        if hour > 23:
            raise CellError("impossible_time")
        value = self[key] = self._zone.start(_day(year, month, day)) + hour * HOUR
        return value


class _Rests(dict[str, int]):
    """`:12:33`, with a zone or without → microseconds to add; anything else raises `CellError`."""

    _MOST: Final = 500_000  # the seconds of an hour are few, fractions are not: memory stays bounded

    def __init__(self, zone: Zone) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, key: str) -> int:
        match = _REST_KEY.fullmatch(key)
        if match is None:
            raise CellError("bad_time")
        minute, second, fraction, offset = match.groups(default="")
        value = int(minute) * MINUTE + int(second or 0) * SECOND + int(fraction.ljust(6, "0"))
        value += _shift(self._zone, offset)
        if len(self) < self._MOST:
            self[key] = value
        return value


def _shift(zone: Zone, offset: str | None) -> int:
    """What to add to a time read as the project's where it is in another zone."""
    if not offset:
        return 0
    if offset == "Z":
        return zone.offset_min * MINUTE
    sign = -1 if offset[0] == "-" else 1
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    if hours > 14 or minutes > 59:
        raise CellError("impossible_time")
    return (zone.offset_min - sign * (hours * 60 + minutes)) * MINUTE


def _day(year: int, month: int, day: int) -> date:
    if year < _EARLIEST_YEAR or year == 9999 or (year, month, day) == (1970, 1, 1):
        raise CellError("default_date")
    if year > _LATEST_YEAR:
        raise CellError("impossible_time")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("impossible_time") from None


def _day_of_serial(days: int) -> date:
    day = _SERIAL_ZERO + timedelta(days=days)
    return _day(day.year, day.month, day.day)


def _hour_of_day(hour: int, half: str | None) -> int:
    """The hour of 24 of one with 上午, 下午, PM …; 12 is noon with 下午 and midnight with 上午."""
    if half is None:
        return hour
    if half in ("下午", "晚上", "PM", "pm"):
        if half == "晚上" and hour == 12:
            raise CellError("bad_time")  # midnight before or after: not said
        return hour + 12 if hour < 12 else hour
    if half == "中午":
        return hour + 12 if hour < 3 else hour
    if hour > 12:
        raise CellError("impossible_time")
    return 0 if hour == 12 else hour


def instant_of(at: datetime | date, zone: Zone) -> Time:
    """A TOML date or date-time; one without a zone is in the project's."""
    if not isinstance(at, datetime):
        return Interval(zone.start(at), zone.end(at))
    if at.tzinfo is not None:
        at = (at - (at.utcoffset() or timedelta(0)) + timedelta(minutes=zone.offset_min)).replace(tzinfo=None)
    start = datetime(at.year, at.month, at.day)  # noqa: DTZ001 - a civil day of the project
    return Micros(zone.start(at.date()) + (at - start) // timedelta(microseconds=1))
