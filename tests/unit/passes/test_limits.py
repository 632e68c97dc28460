"""No window lets more through than it says, wherever it begins."""

from hall import START, in_hall
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.kernel.timeline import MINUTE, SECOND
from mingshi.passes.limits import Breaker, Limit

GAPS = st.lists(st.integers(-2, 70), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(most=st.integers(1, 5), gaps=st.lists(st.integers(0, 70), min_size=1, max_size=40))
def test_in_no_span_are_there_more_and_none_is_refused_that_fits(most, gaps):
    def act(hall):
        limit, now, done = Limit(hall.keeping, "x", most, MINUTE), START, []
        for gap in gaps:
            now += gap * SECOND
            recent = [at for at in done if now - at < MINUTE]
            wait = limit.wait_s("k", now)
            assert limit.act("k", now) == wait
            assert (wait == 0) is (len(recent) < most)
            if wait:
                assert limit.wait_s("k", now + (wait - 1) * SECOND) > 0
                assert limit.wait_s("k", now + wait * SECOND) == 0
            else:
                done.append(now)

    in_hall(act)


@settings(max_examples=30, deadline=None)
@given(gaps=GAPS, back_s=st.integers(0, 10_000))
def test_a_clock_put_back_locks_nobody_out_for_longer_than_a_span(gaps, back_s):
    def act(hall):
        limit, now = Limit(hall.keeping, "x", 2, MINUTE), START
        for gap in gaps:
            now += gap * SECOND
            limit.act("k", now)
        now -= back_s * SECOND
        assert limit.wait_s("k", now) <= 60

    in_hall(act)


def test_keys_do_not_share(hall):
    limit = Limit(hall.keeping, "x", 1, MINUTE)
    assert [limit.act(key, START) for key in "aab"] == [0, 60, 0]


def test_a_breaker_opens_after_failures_in_a_row_and_tries_again():
    breaker = Breaker(after=3, rest_s=60)
    for well in (False, False, True, False, False):
        breaker.tell(well, START)
    assert breaker.closed(START)
    breaker.tell(False, START)
    assert not breaker.closed(START)
    assert not breaker.closed(START + 59 * SECOND)
    assert breaker.closed(START + 60 * SECOND)
    breaker.tell(False, START + 60 * SECOND)
    assert not breaker.closed(START + 61 * SECOND)
    assert breaker.closed(START - 3600 * SECOND), "a clock put back does not keep it open"
    breaker.tell(True, START + 120 * SECOND)
    assert breaker.closed(START + 120 * SECOND)
