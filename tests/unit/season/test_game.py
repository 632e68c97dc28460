"""Behaviour that answers to rules: what pays is chosen, what is found out is learnt."""

from dataclasses import replace

from mingshi.season.dice import Dice
from mingshi.season.game import (
    OPTIONS,
    Behaviour,
    Option,
    Stakes,
    adapted,
    gains,
    mechanisms,
    play,
    site_gap,
    works,
)
from mingshi.season.presets import PRESETS

DICE = Dice(1).of("game")
WORLD = PRESETS["zero-face"].scaled(0.3)


def test_a_lie_that_is_always_found_out_pays_nobody():
    for option in OPTIONS:
        told = gains(1, option, 1.0, Stakes(), DICE)
        assert told.agent < 0
        assert told.buyer < 0
        assert not told.agreed


def test_a_safe_lie_pays_the_agent_and_less_with_an_accomplice():
    alone, with_help = (gains(1, Option(trick, True), 0.0, Stakes(), DICE).agent for trick in ("JK", "CK"))
    assert alone > with_help > 0


def test_a_benefit_for_coming_naturally_is_what_a_buyer_gives_up():
    base, more = (gains(1, OPTIONS[0], 0.0, replace(Stakes(), natural_benefit=b), DICE).buyer for b in (0.0, 500.0))
    assert base - more == 500.0


def test_a_bond_is_lost_only_where_one_is_found_out():
    for found, lost in ((0.0, 0.0), (0.5, 25_000.0)):
        base, bonded = (gains(1, OPTIONS[0], found, replace(Stakes(), bond=b), DICE).agent for b in (0.0, 50_000.0))
        assert abs(base - bonded - lost) < 1e-6


def test_best_response_settles_and_tells_its_incentives():
    one = play(WORLD, 51, Behaviour.BEST_RESPONSE)
    assert one.seasons <= 20
    assert 0 <= one.share_honest <= 1
    told = one.as_json()
    assert set(told["incentive_gap_yuan"]) == {"agent", "buyer", "consultant"}
    assert all(0 <= share <= 1 for share in one.found.values())


def test_everything_together_leaves_no_lie_that_pays():
    tried = {one.name: play(one.preset, 51, Behaviour.BEST_RESPONSE, one.stakes) for one in mechanisms(WORLD)}
    before = tried["as it is"]
    assert works(tried["all together"], before)
    assert tried["all together"].wrongly_paid <= before.wrongly_paid
    assert tried["a benefit for natural visits"].benefits > 0


def test_the_naive_season_is_the_table_of_rates():
    season, game = adapted(WORLD, 51, Behaviour.NAIVE)
    assert game is None
    assert season.truth.tricks


def test_the_sites_own_incentive():
    told = site_gap(PRESETS["site-steals"], 51)
    assert told["taken"] > 0
    assert 0 <= told["found"] <= 1
