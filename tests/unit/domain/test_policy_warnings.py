"""What a policy makes one think about, and what it is silent on."""

import pytest

from mingshi.domain.policy import CLASSIC, OPEN, Policy, PolicyProblem, policy_of
from mingshi.domain.policy_warnings import warnings_of
from mingshi.present.policy_words import warning_text
from mingshi.present.texts import Lang, catalogue

CASES = {
    "site_protected_longer": {"natural_protect_days": 60, "asymmetric": True},
    "asymmetric_unneeded": {"asymmetric": True},
    "silence_pays_payer": {"silence_favours_claimant": False},
    "silence_frees_clients": {"follow_days": 7},
    "no_tail": {"tail_days": 0},
    "pay_for_hiding": {"staff_pay_channel_yuan": 3000, "staff_pay_own_yuan": 3000, "staff_pay_natural_yuan": 1000},
    "pay_for_casting_off": {"staff_pay_channel_yuan": 1000, "staff_pay_natural_yuan": 1500, "staff_pay_own_yuan": 1000},
    "benefit_above_rebate": {"natural_benefit_yuan": 8001},
    "tiers_unconfirmed": {"lead_tiers": "0:60, 1440:100", "masked": "allow"},
    "tiers_from_nothing": {"lead_tiers": "30:60, 1440:100"},
    "split_pays_less": {"split_helped_percent": 10},
    "paid_before_ruling": {"release": "statement, invoice"},
}


def made(**values: object) -> Policy:
    policy = policy_of("ours", OPEN, values)
    assert isinstance(policy, Policy), policy
    return policy


@pytest.mark.parametrize("code", CASES)
def test_a_term_is_warned_of_in_both_languages(code):
    (found,) = [one for one in warnings_of(made(**CASES[code]), 8000) if one.code == code]
    for lang in Lang:
        assert "{" not in warning_text(found, lang)
    assert not [one for one in warnings_of(OPEN, 8000) if one.code == code]


def test_every_warning_that_has_a_text_is_tried():
    assert set(catalogue()["policy_warning"]) == set(CASES)


def test_the_recommended_policy_is_silent_and_the_usual_one_says_who_gains_by_delay():
    assert warnings_of(OPEN, 8000) == ()
    assert [one.code for one in warnings_of(CLASSIC, 8000)] == ["silence_pays_payer"]


def test_the_price_of_hiding_and_of_casting_off_is_told():
    """算: 3,000 for a channel deal against 1,000 for a natural one: hiding a visitor gains 2,000."""
    policy = made(staff_pay_channel_yuan=3000, staff_pay_own_yuan=3500, staff_pay_natural_yuan=1000)
    gains = {one.code: one.args["gain"] for one in warnings_of(policy)}
    assert gains == {"pay_for_hiding": 2000, "pay_for_casting_off": 500}


def test_a_benefit_as_large_as_the_rebate_is_not_warned_of():
    assert warnings_of(made(natural_benefit_yuan=8000), 8000) == ()
    assert warnings_of(made(natural_benefit_yuan=90_000)) == ()  # nobody said what rebate to expect


@pytest.mark.parametrize("natural", ["permanent", 31])
def test_unequal_terms_are_refused_unless_they_say_so(natural):
    refused = policy_of("ours", CLASSIC, {"natural_protect_days": natural})
    assert isinstance(refused, list)
    assert [(one.parameter, one.reason) for one in refused] == [("natural_protect_days", "symmetry")]
    assert isinstance(refused[0], PolicyProblem)
    assert isinstance(policy_of("ours", CLASSIC, {"natural_protect_days": natural, "asymmetric": True}), Policy)
