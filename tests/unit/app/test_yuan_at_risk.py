"""The estimate of yuan at risk: what overlaps tell of what nobody saw."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingshi.app.yuan_at_risk import Claimed, at_risk, unseen, whole, wilson

FEN = 4_000_000


def claims(*kinds, clean=0, month="2026-06"):
    found = [Claimed(f"D{index}", month, FEN, frozenset(kind.split())) for index, kind in enumerate(kinds)]
    return found + [Claimed(f"H{index}", month, FEN, frozenset()) for index in range(clean)]


def test_nothing_found_is_not_nothing_there():
    one = whole(claims(clean=100))
    assert (one.found, one.low, one.estimate, one.high) == (0, 0.0, 0.0, 3.0)


def test_whatever_two_kinds_always_see_together_leaves_little_unseen():
    both = whole(claims(*["records words"] * 20, clean=80))
    single = whole(claims(*["records"] * 10, *["words"] * 10, clean=80))
    assert both.estimate == 20.0
    assert single.estimate > 60.0


def test_chaos_estimate_by_hand():
    # 18 seen once, 6 twice, of three lists: (2/3) · 18·17 / (2·7) unseen.
    estimate, low, high = unseen(18, 6, 24, 104)
    assert estimate == pytest.approx(24 + 2 / 3 * 18 * 17 / 14)
    assert low < 24 < estimate < high <= 104


def test_the_clock_alone_widens_the_interval_upwards_only():
    late = whole(claims("clock", "clock", clean=98))
    assert (late.low, late.estimate, late.high) == (0.0, 2.0, 5.0)


def test_months_stand_apart():
    rows = claims("records", clean=9, month="2026-06") + claims(clean=5, month="2026-07")
    assert [(one.month, one.claims, one.found) for one in at_risk(rows)] == [("2026-06", 10, 1), ("2026-07", 5, 0)]


def test_yuan_are_those_of_the_months_claims():
    one = whole(claims("records words", clean=9))
    assert (one.claimed_fen, one.found_fen) == (10 * FEN, FEN)
    assert one.fen(one.estimate) == FEN
    assert one.as_json()["estimate_fen"] == FEN


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 200))
def test_the_interval_is_in_order_and_inside_what_there_is(once, twice, more, clean):
    found = once + twice + more
    estimate, low, high = unseen(once, twice, found, found + clean)
    assert 0 <= low <= found <= estimate + 1e-9
    assert estimate <= high + 1e-9
    assert high <= found + clean + 1e-9


def test_the_interval_holds_the_truth_where_kinds_are_independent():
    dice, held = random.Random(7), 0
    for _ in range(200):
        kinds = []
        for _ in range(50):
            seen = [
                name for name, share in (("records", 0.5), ("words", 0.4), ("office", 0.3)) if dice.random() < share
            ]
            kinds += [" ".join(seen)] if seen else []
        one = whole(claims(*kinds, clean=150 - len(kinds)))
        held += one.low <= 50 <= one.high
    assert held >= 180


def test_wilsons_interval_by_the_textbook():
    low, high = wilson(81, 263)  # Newcombe 1998: 0.2553 to 0.3662
    assert low / 263 == pytest.approx(0.2553, abs=2e-4)
    assert high / 263 == pytest.approx(0.3662, abs=2e-4)
