"""Named dice: independent, unbiased, and unmoved by what else is drawn."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from mingshi.season.dice import Dice

MANY = 4000


@given(st.integers(0, 2**40), st.text(max_size=20), st.text(max_size=20))
def test_a_draw_is_a_function_of_seed_path_and_name(seed, path, name):
    assert Dice(seed).of(path).unit(name) == Dice(seed).of(path).unit(name)
    assert 0 < Dice(seed).of(path).unit(name) < 1


def test_drawing_something_else_first_moves_nothing():
    one, other = Dice(5).of("a"), Dice(5).of("a")
    one.unit("anything")
    one.shuffled("more", range(10))
    assert one.unit("x") == other.unit("x")


def test_means_are_what_was_asked_for():
    draws = [Dice(1).of("mean", index) for index in range(MANY)]
    assert abs(sum(one.unit("u") for one in draws) / MANY - 0.5) < 0.02
    assert abs(sum(one.exponential("e", 6.0) for one in draws) / MANY - 6.0) < 0.4
    assert abs(sum(one.geometric("g", 2.6) for one in draws) / MANY - 2.6) < 0.15
    assert abs(sum(one.chance("c", 0.08) for one in draws) / MANY - 0.08) < 0.015
    shares = [sum(one.weighted("w", (1, 2, 1)) == index for one in draws) / MANY for index in range(3)]
    assert abs(shares[1] - 0.5) < 0.03
    assert abs(shares[0] - 0.25) < 0.03


def test_a_shuffle_is_a_permutation():
    assert sorted(Dice(3).shuffled("s", range(50))) == list(range(50))
    assert Dice(3).shuffled("s", range(50)) != list(range(50))


def test_the_same_on_machines_with_other_hash_seeds():
    program = "from mingshi.season.dice import Dice; print(Dice(7).of('x', 2).unit('y'))"
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert told == {f"{Dice(7).of('x', 2).unit('y')}\n"}
