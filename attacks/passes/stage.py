"""The stage of every attack on passes: a sales hall with the real modules, and phones made of software.

A script names what is tried (its docstring) and the one defence that stops it. `attack()` gives what refused or limited
the attempt; None: the attack got through. Taking the defence away (`DEFENCE`: a name and what to put in its place) must
make it get through; a test does that for each.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.hall import OTHER_PHONE, PHONE, Browser, Hall, in_hall

__all__ = ["OTHER_PHONE", "PHONE", "Browser", "Hall", "Stopped", "in_hall", "show"]


class Stopped(NamedTuple):
    """How an attempt ended."""

    how: str
    """`refused` or `limited`."""
    by: str
    told: str = ""


def show(tried: str | None, attack: Callable[[], Stopped | None]) -> int:
    """Print what was tried and what stopped it; 1 where nothing did."""
    sys.stdout.write(f"tried: {' '.join((tried or '').split())}\n")
    stopped = attack()
    if stopped is None:
        sys.stdout.write("NOT STOPPED\n")
        return 1
    sys.stdout.write(f"{stopped.how} by {stopped.by}: {stopped.told}\n")
    return 0
