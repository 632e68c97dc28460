"""The consent machine, walked at random: no way from shown, refused, withdrawn, expired, superseded or voided to a use.

The walk is checked against a model of its own, written as sentences about the past rather than as states, so that a
change of the table is not repeated here. `STEPS` in CI is 10⁴; `make soak` walks 10⁶ (tests/support/consent_walk.py).
"""

import pytest
from consent_walk import walk

STEPS = 10_000


@pytest.mark.law("L-03", "L-09", "L-10")
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_but_a_standing_consent_allows_a_use(seed):
    told = walk(seed, STEPS // 2)
    assert told.steps == STEPS // 2
    # The walk has been everywhere, or it shows nothing.
    assert set(told.seen) == {"none", "shown", "given", "refused", "withdrawn", "expired", "superseded", "voided"}
    assert told.allowed > STEPS // 100
    assert told.denied > STEPS // 10
