"""Dice that are named: every draw of every entity is its own stream.

The rules this module keeps:

1. A draw is a hash of seed, path of the entity and name of the draw. Nothing is drawn *in order*, so changing one
   rate, leaving one draw out or adding one reshuffles nothing else.
2. The same seed gives the same draws on every machine and under every hash seed: no `random` module, no set order.
3. Two seasons that differ in one rate share every draw (common random numbers): a difference between their scores
   is the rate's, not chance's.
"""

import math
from collections.abc import Sequence
from hashlib import blake2b
from statistics import NormalDist
from typing import Final, TypeVar, final

T = TypeVar("T")

_UNIT: Final = 2.0**-53
_HALF: Final = 2.0**-54
_STANDARD: Final = NormalDist()


@final
class Dice:
    """The dice of one entity."""

    __slots__ = ("_key",)

    def __init__(self, seed: int, key: bytes | None = None) -> None:
        self._key = blake2b(str(seed).encode(), digest_size=16).digest() if key is None else key

    def of(self, *path: str | int) -> "Dice":
        """The dice of an entity below this one."""
        name = "/".join(map(str, path)).encode()
        return Dice(0, blake2b(name, key=self._key, digest_size=16).digest())

    def unit(self, name: str) -> float:
        """Uniform in the open interval (0, 1)."""
        word = blake2b(name.encode(), key=self._key, digest_size=8).digest()
        return (int.from_bytes(word) >> 11) * _UNIT + _HALF

    def chance(self, name: str, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.unit(name) < probability

    def between(self, name: str, low: float, high: float) -> float:
        """Uniform between two numbers."""
        return low + (high - low) * self.unit(name)

    def below(self, name: str, count: int) -> int:
        """A whole number from 0 to below `count`."""
        return int(self.unit(name) * count)

    def pick(self, name: str, options: Sequence[T]) -> T:
        """One of several, equally likely."""
        return options[self.below(name, len(options))]

    def weighted(self, name: str, weights: Sequence[float]) -> int:
        """An index, as likely as its weight."""
        rest = self.unit(name) * sum(weights)
        for index, weight in enumerate(weights):
            rest -= weight
            if rest < 0:
                return index
        return len(weights) - 1

    def exponential(self, name: str, mean: float) -> float:
        """Waiting time of this mean."""
        return -mean * math.log(self.unit(name))

    def geometric(self, name: str, mean: float) -> int:
        """1, 2, 3 … with this mean."""
        if mean <= 1:
            return 1
        return 1 + int(math.log(self.unit(name)) / math.log(1 - 1 / mean))

    def normal(self, name: str, mean: float, deviation: float) -> float:
        """Normally distributed."""
        return mean + deviation * _STANDARD.inv_cdf(self.unit(name))

    def shuffled(self, name: str, items: Sequence[T]) -> list[T]:
        """All of them in another order."""
        keyed = [(self.unit(f"{name}/{index}"), index) for index in range(len(items))]
        return [items[index] for _, index in sorted(keyed)]
