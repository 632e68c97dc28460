"""Random bytes for one transaction, drawn from the system together: a call costs more than what it brings.

The rules this module keeps: no byte is given twice. What was drawn serves one transaction; what is left of it goes with
it, so that no other transaction, and no process that was forked between two, is given any of it.
"""

from collections.abc import Callable
from typing import Final, final

_TOGETHER: Final = 256
"""Bytes: the salts, nonces and keys of most transactions."""


@final
class Drawn:
    """Gives bytes as `random_bytes` does."""

    __slots__ = ("_at", "_block", "_draw")

    def __init__(self, random_bytes: Callable[[int], bytes]) -> None:
        self._draw = random_bytes
        self._block = b""
        self._at = 0

    def __call__(self, count: int) -> bytes:
        """So many fresh bytes."""
        begin, end = self._at, self._at + count
        if end > len(self._block):
            self._block = self._draw(max(count, _TOGETHER))
            begin, end = 0, count
        self._at = end
        return self._block[begin:end]
