"""How often somebody may: exact sliding windows for one number, and a breaker for a gateway.

The rules this module keeps:

1. In any span of the given length there are at most `most` acts, wherever it begins: no edge of a minute lets two
   through. What was refused does not count, so that asking often does not lock anybody out.
2. A clock that was put back frees nobody and locks nobody out for longer than one span.
3. A site is one process (DESIGN §3): a lock in it makes reading and writing one step. What is kept survives a restart.
"""

import threading
from typing import final

from mingshi.credentials.keeping import Keeping
from mingshi.kernel.canonical import integer, sequence
from mingshi.kernel.timeline import SECOND, Micros


@final
class Limit:
    """At most `most` acts of a key in any `span`. `most` is small: each time is kept."""

    def __init__(self, keeping: Keeping, kind: str, most: int, span: int) -> None:
        assert 0 < most <= 100, "for large numbers Keeping.count is meant"
        self._keeping, self._kind, self._most, self._span = keeping, kind, most, span
        self._mutex = threading.Lock()

    def wait_s(self, key: str, now: Micros) -> int:
        """In how many seconds there may be one more; 0: now. Counts nothing."""
        times = self._times(key, now)
        if len(times) < self._most:
            return 0
        return max(1, -((now - times[-self._most] - self._span) // SECOND))

    def act(self, key: str, now: Micros) -> int:
        """Count one, unless it would be too many; as `wait_s`."""
        with self._mutex:
            wait = self.wait_s(key, now)
            if wait == 0:
                times = [*self._times(key, now)[-self._most + 1 :], now] if self._most > 1 else [now]
                self._keeping.put(self._kind, key, {"at": times}, Micros(now + self._span))
            return wait

    def _times(self, key: str, now: Micros) -> list[int]:
        row = self._keeping.get(self._kind, key, now)
        times = [] if row is None else [min(integer(at), now) for at in sequence(row["at"])]
        return [at for at in times if now - at < self._span]


@final
class Breaker:
    """Open for `rest_s` seconds after `after` failures in a row, and again after each failure that follows."""

    def __init__(self, after: int = 5, rest_s: int = 60) -> None:
        self._after, self._rest = after, rest_s * SECOND
        self._failures = 0
        self._until = 0
        self._mutex = threading.Lock()

    def closed(self, now: Micros) -> bool:
        """Whether to try now. A clock that was put back keeps it open for no longer than one rest."""
        with self._mutex:
            return self._failures < self._after or not now < self._until <= now + self._rest

    def tell(self, went_well: bool, now: Micros) -> None:
        """How a try ended."""
        with self._mutex:
            self._failures = 0 if went_well else self._failures + 1
            self._until = now + self._rest
