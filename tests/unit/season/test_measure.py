"""Figures reckoned by hand."""

import pytest

from mingshi.kernel.timeline import Micros
from mingshi.season.measure import by_tier, confusion, detector, difference, parity, time_to_flag, yuan
from mingshi.season.tally import Row, Stood, Taken, Tier

WAN = 1_000_000


def row(stood, tier, *, fen=4 * WAN, mechanism="", guessed="", face=False, ceiling=Tier.PAID, known=0, flags=()):
    return Row(
        deal="D",
        stood=stood,
        mechanism=mechanism,
        variant="",
        tier=tier,
        guessed=guessed,
        commission_fen=fen,
        paid_fen=fen if tier in (Tier.PAID, Tier.REVIEW) else 0,
        face=face,
        ceiling=ceiling,
        oracle=False,
        known_at=Micros(known),
        subscribed_at=Micros(100),
        contracted_at=Micros(200),
        settled_at=Micros(300),
        flags=frozenset(flags),
    )


F, H, OUT = Stood.FRAUD, Stood.HONEST, Stood.OUT_OF_RULE
ROWS = [
    row(F, Tier.HOLD, mechanism="CK", guessed="CK", known=50, ceiling=Tier.HOLD),
    row(F, Tier.HOLD, mechanism="JK", guessed="XK", known=150, fen=2 * WAN, ceiling=Tier.HOLD),
    row(F, Tier.REVIEW, mechanism="JK", guessed="JK", ceiling=Tier.REVIEW),
    row(F, Tier.PAID, mechanism="HH", ceiling=Tier.HOLD),
    row(H, Tier.HOLD, fen=3 * WAN),
    row(H, Tier.REVIEW),
    row(H, Tier.PAID),
    row(H, Tier.PAID, face=True),
    row(OUT, Tier.HOLD),
    row(OUT, Tier.REFUSED),
]


def test_precision_recall_and_yuan_of_the_hold_tier():
    hold = by_tier(ROWS)["hold"]
    assert (hold.frauds, hold.caught, hold.wronged, hold.out_of_rule, hold.honest) == (4, 2, 1, 1, 4)
    assert hold.precision == pytest.approx(2 / 3)
    assert hold.strict_precision == 0.5
    assert hold.recall == 0.5
    assert hold.f1 == pytest.approx(4 / 7)
    assert hold.yuan_recall == pytest.approx(6 / 14)
    assert hold.false_per_100 == 25.0


def test_the_wider_tier_the_ceiling_and_the_baselines():
    tiers = by_tier(ROWS)
    assert (tiers["hold or review"].caught, tiers["hold or review"].wronged) == (3, 2)
    assert tiers["ceiling hold"].recall == 0.75
    everything = detector(ROWS, lambda _: True)
    assert everything.precision == 0.5
    nothing = detector(ROWS, lambda _: False)
    assert (nothing.precision, nothing.recall, nothing.f1) == (0.0, 0.0, 0.0)


def test_wrongly_paid_and_wrongly_withheld_side_by_side():
    taken = [
        Taken("A", "SX-list", 4 * WAN, due=True, flagged=True, awarded=True, review=False),
        Taken("B", "SX-swap", 3 * WAN, due=True, flagged=False, awarded=False, review=False),
        Taken("C", "SX-late", 9 * WAN, due=False, flagged=True, awarded=False, review=False),
    ]
    money = yuan(ROWS, taken)
    assert (money.wrongly_paid_fen, money.waiting_fraud_fen) == (4 * WAN, 4 * WAN)
    assert (money.wrongly_withheld_fen, money.waiting_honest_fen) == (3 * WAN, 4 * WAN)
    assert (money.honest_fen, money.out_of_rule_fen) == (15 * WAN, 8 * WAN)
    assert (money.stolen_fen, money.stolen_found_fen) == (7 * WAN, 4 * WAN)
    assert money.as_json()["wrongly_withheld_share"] == 0.2


def test_when_the_facts_of_a_hold_were_known():
    assert time_to_flag(ROWS) == {"before subscription": 1, "before contract": 1, "before payment": 0, "after": 0}


def test_confusion_counts_what_the_flags_point_to():
    assert confusion(ROWS) == {"CK": {"CK": 1}, "HH": {"none": 1}, "JK": {"JK": 1, "XK": 1}}


def test_parity_counts_honest_claims_only():
    one = parity(ROWS)
    assert (one.users, one.refusers, one.users_held, one.refusers_held) == (1, 3, 0, 1)


def test_the_interval_of_a_difference_is_newcombes():
    # Newcombe, Statistics in Medicine 17 (1998), method 10, example: 56/70 against 48/80.
    gap, low, high = difference(56, 70, 48, 80)
    assert (gap, low, high) == (20.0, pytest.approx(5.24, abs=0.01), pytest.approx(33.39, abs=0.01))
    assert difference(0, 0, 1, 2) == [0.0, -100.0, 100.0]
