"""Every gate of the design over twenty seasons of each world, about three minutes of a core. `make soak` runs more."""

import pytest

from mingshi.season.gates import MEASURED, gates, measure

SEEDS = range(1001, 1021)
"""Those of docs/gates.md."""
LINES = 8


@pytest.mark.slow
def test_every_gate_holds():
    made = gates(measure(MEASURED, SEEDS, 1, lambda _: None))
    assert len(made) == LINES
    assert not [f"{gate.what} ({gate.preset}): {gate.figures}" for gate in made if not gate.passed]
