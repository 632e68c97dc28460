"""Working without looking for cycles, where millions of values are made and none refers to itself.

Looking for them among a million records costs a third of the time. Memory is given back all the same, by counting.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_cycles() -> Iterator[None]:
    """While this lasts nothing looks for cycles; then as before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
