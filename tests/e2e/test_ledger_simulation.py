"""Seeds of the ledger's simulation: INV-07 and INV-09 under faults (tests/support/ledger_simulation.py).

`make soak` runs 20,000 and more.
"""

import pytest
from ledger_simulation import MUTANTS, ViolationError, simulate


@pytest.mark.parametrize(
    ("first", "count"),
    [(0, 60), *(pytest.param(60 + at * 110, 110, marks=pytest.mark.slow) for at in range(4))],
)
def test_no_seed_breaks_a_promise(first, count):
    happened = [simulate(number).auditor for number in range(first, first + count)]
    assert any(auditor.restored for auditor in happened)
    assert any(auditor.cheated for auditor in happened)
    assert sum(len(auditor.promised) for auditor in happened) > count * 5


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_caught(mutant):
    for number in range(200):
        try:
            simulate(number, mutant)
        except ViolationError:
            return
    pytest.fail("200 seeds and nobody noticed")


def test_a_seed_is_a_life_that_can_be_lived_again():
    one, two = simulate(7), simulate(7)
    assert one.disk.data == two.disk.data
    assert one.auditor.times == two.auditor.times
