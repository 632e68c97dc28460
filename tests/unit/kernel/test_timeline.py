"""Blurred times and civil days."""

from datetime import date

import pytest

from mingshi.kernel.answer import Answer, known
from mingshi.kernel.timeline import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Interval,
    Micros,
    Zone,
    before,
    natural_days_after,
    not_after,
    point,
    same,
)

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def between(earliest: int, latest: int) -> Interval:
    return Interval(Micros(earliest), Micros(latest))


@pytest.mark.parametrize(
    ("first", "second", "earlier", "at_latest", "together"),
    [
        (point(1), point(2), YES, YES, NO),
        (point(2), point(2), NO, YES, YES),
        (point(3), point(2), NO, NO, NO),
        (between(1, 2), between(3, 4), YES, YES, NO),
        (between(1, 3), between(3, 4), UNKNOWN, YES, UNKNOWN),
        (between(1, 4), between(2, 3), UNKNOWN, UNKNOWN, UNKNOWN),
        (between(3, 4), between(1, 3), NO, UNKNOWN, UNKNOWN),
        (between(4, 5), between(1, 3), NO, NO, NO),
        (point(3), between(3, 5), UNKNOWN, YES, UNKNOWN),
        (between(3, 5), point(5), UNKNOWN, YES, UNKNOWN),
        (between(5, 7), point(5), NO, UNKNOWN, UNKNOWN),
    ],
)
def test_comparing_tells_what_is_known_and_no_more(first, second, earlier, at_latest, together):
    assert before(first, second) is earlier
    assert not_after(first, second) is at_latest
    assert same(first, second) is together
    assert same(second, first) is together


@pytest.mark.parametrize("first", [between(a, b) for a in range(4) for b in range(a, 4)])
@pytest.mark.parametrize("second", [between(a, b) for a in range(4) for b in range(a, 4)])
def test_comparing_is_right_about_every_pair_of_instants(first, second):
    pairs = [(a, b) for a in range(first[0], first[1] + 1) for b in range(second[0], second[1] + 1)]
    for answer, holds in (
        (before(first, second), [a < b for a, b in pairs]),
        (not_after(first, second), [a <= b for a, b in pairs]),
        (same(first, second), [a == b for a, b in pairs]),
    ):
        assert answer is (YES if all(holds) else NO if not any(holds) else UNKNOWN)


def test_kleenes_tables():
    values = (YES, NO, UNKNOWN)
    assert [~one for one in values] == [NO, YES, UNKNOWN]
    assert [[one & other for other in values] for one in values] == [
        [YES, NO, UNKNOWN],
        [NO, NO, NO],
        [UNKNOWN, NO, UNKNOWN],
    ]
    assert [[one | other for other in values] for one in values] == [
        [YES, YES, YES],
        [YES, NO, UNKNOWN],
        [YES, UNKNOWN, UNKNOWN],
    ]
    assert (known(True), known(False)) == (YES, NO)
    with pytest.raises(TypeError, match="three-valued"):
        bool(YES)


def test_an_interval_moves_as_a_whole():
    assert between(1, 3).plus(2) == between(3, 5)
    assert (between(1, 3).exact, point(3).exact) == (False, True)


def test_units():
    assert (SECOND, MINUTE, HOUR, DAY) == (10**6, 60 * 10**6, 3600 * 10**6, 86400 * 10**6)


def test_a_civil_day_is_that_of_the_zone():
    china, zone = Zone(), Zone(-90)
    assert (china.text, zone.text, Zone(330).text) == ("+08:00", "-01:30", "+05:30")
    first = date(2026, 5, 3)
    assert china.start(first) == 1_777_737_600 * SECOND
    assert china.end(first) == china.start(date(2026, 5, 4)) - 1
    assert (china.day(china.start(first)), china.day(china.end(first))) == (first, first)
    assert china.day(china.start(first) - 1) == date(2026, 5, 2)
    assert f"{china.local(china.start(first) + 90 * MINUTE):%Y-%m-%d %H:%M}" == "2026-05-03 01:30"
    assert zone.start(first) - china.start(first) == (480 + 90) * MINUTE
    assert zone.local(zone.start(first)).hour == 0


def test_a_window_of_natural_days_ends_with_the_last_of_them():
    zone, begun = Zone(), Zone().start(date(2026, 5, 1)) + 18 * HOUR
    assert natural_days_after(begun, 7, zone) == zone.end(date(2026, 5, 8))
    assert natural_days_after(begun, 0, zone) == zone.end(date(2026, 5, 1))
    assert natural_days_after(zone.end(date(2026, 2, 28)), 1, zone) == zone.end(date(2026, 3, 1))
