from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingshi.files.problem import CellError
from mingshi.files.times import TimeReader, TimeWriter
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, SECOND, Interval, Micros, Zone

CHINA = Zone(480)
MAY_3 = CHINA.start(datetime(2026, 5, 3).date())
AT_9_12 = MAY_3 + 9 * HOUR + 12 * MINUTE


def read(text: str, zone: Zone = CHINA) -> object:
    return TimeReader(zone).time(text)


@pytest.mark.parametrize(
    "written",
    [
        *("2026-05-03 09:12:00", "2026-05-03 09:12", "2026-05-03T09:12:00", "2026-05-03T09:12:00.000000"),
        *("2026/5/3 9:12", "2026-5-3 9:12:00", "2026.5.3 9:12", "2026/05/03  09:12", "２０２６／５／３　９：１２"),
        *(
            "2026年5月3日 9时12分",
            "2026年5月3日9:12",
            "2026年05月03日 09时12分00秒",
            "2026年5月3日 9点12",
            "2026年5月3号 9:12",
        ),
        *(
            "2026-05-03 上午9:12",
            "2026-05-03 上午 09:12:00",
            "2026/5/3 9:12 AM",
            "2026-05-03 星期日 9:12",
            "2026/5/3(周日) 9:12",
        ),
        *("20260503 0912", "20260503 091200", "202605030912", "20260503091200", "20260503 09:12"),
        *("2026-05-03T09:12:00+08:00", "2026-05-03T01:12:00Z", "2026-05-03 02:12+01:00", "2026-05-02T19:42:00-05:30"),
        *("46145.3833333333", "\ufeff2026-05-03 09:12"),
    ],
)
def test_every_way_of_writing_a_moment(written):
    assert read(written) == AT_9_12


@pytest.mark.parametrize(
    "written",
    ["2026-05-03", "2026/5/3", "2026年5月3日", "20260503", "46145", "46145.0", "2026-5-3 星期日", "2026.05.03"],
)
def test_a_date_alone_is_the_whole_civil_day(written):
    assert read(written) == Interval(MAY_3, Micros(MAY_3 + DAY - 1))


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        *(
            ("下午3:05", 15, 5),
            ("下午12:30", 12, 30),
            ("上午12:30", 0, 30),
            ("中午12:30", 12, 30),
            ("中午1:00", 13, 0),
        ),
        *(("晚上8:00", 20, 0), ("凌晨2:15", 2, 15), ("下午15:30", 15, 30), ("11:59 PM", 23, 59), ("9点", 9, 0)),
    ],
)
def test_half_days_of_the_clock(written, hour, minute):
    assert read(f"2026年5月3日 {written}") == MAY_3 + hour * HOUR + minute * MINUTE


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            ("上午15:00", "impossible_time"),
            ("晚上12:00", "bad_time"),
            ("23:60", "impossible_time"),
            ("9:12:60", "impossible_time"),
        ),
        *(("24:00:00", "impossible_time"), ("09:12+25:00", "impossible_time"), ("9::12", "bad_time")),
    ],
)
def test_moments_that_are_not(written, code):
    with pytest.raises(CellError, match=code):
        read(f"2026-05-03 {written}")


@pytest.mark.parametrize(
    "written", ["2026", "202605", "9999-12-31", "0000-00-00", "1.5", "2026-5-39:12", "1777770720000"]
)
def test_numbers_that_are_no_dates(written):
    with pytest.raises(CellError):
        read(written)


def test_seconds_that_are_missing_are_zero_not_unknown():
    assert read("2026-05-03 09:12") == AT_9_12
    assert not isinstance(read("2026-05-03 09:12"), Interval)


def test_a_time_between_two_moments():
    between = read("2026-05-03 09:12:00 .. 2026-05-03 09:31:00")
    assert between == Interval(AT_9_12, Micros(AT_9_12 + 19 * MINUTE))
    assert TimeWriter(CHINA).written(between) == "2026-05-03 09:12:00 .. 2026-05-03 09:31:00"
    with pytest.raises(CellError):
        read("2026-05-03 09:31:00 .. 2026-05-03 09:12:00")


MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2190, 1, 1))
ZONES = st.sampled_from([Zone(480), Zone(0), Zone(-210), Zone(345), Zone(840)])


@given(MOMENTS, ZONES)
def test_written_and_read_are_inverse(moment, zone):
    at = Micros((moment - datetime(1970, 1, 1)) // timedelta(microseconds=1))
    if zone.day(at) == datetime(1970, 1, 1).date():
        return
    text = TimeWriter(zone).written(at)
    assert TimeReader(zone).time(text) == at
    assert TimeReader(zone).regular([text, "", text]) == [at, None, at]
    day = Interval(zone.start(zone.day(at)), zone.end(zone.day(at)))
    assert TimeReader(zone).time(TimeWriter(zone).written(day)) == day


@given(
    st.from_regex(
        r"20[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9](\.[0-9]{1,6})?)?(Z|[+-]1[0-9]:[0-9]0)?",
        fullmatch=True,
    ),
    ZONES,
)
def test_the_quick_way_reads_what_the_long_way_reads(text, zone):
    reader = TimeReader(zone)
    try:
        quick = reader.regular([text])
    except CellError:
        with pytest.raises(CellError):
            reader.time(text)
        return
    assert quick == [reader.time(text)]


@pytest.mark.parametrize(
    "cells", [["2026-05-03"], [" 2026-05-03 09:12"], ["2026/5/3 9:12"], ["x"], [" "], ["2026-05-0309:12:00"]]
)
def test_the_quick_way_leaves_alone_what_is_not_regular(cells):
    with pytest.raises(CellError):
        TimeReader(CHINA).regular(cells)


def test_a_serial_is_read_to_the_millisecond_as_workbooks_are():
    assert read("46145.3833") == MAY_3 + 9 * HOUR + 11 * MINUTE + 57 * SECOND + 120_000
