"""Carries messages to the gateway while the visitor's page is already answered.

The rules this module keeps:

1. Nobody waits for a gateway: a slow one costs a message, never a page; no answer's time tells whether one was sent.
2. At most `MAX_WAITING` messages wait, each for at most `STALE_S`: a code that is late is worse than none. Nothing
   waits on a disk, so a killed process forgets what it had not sent; the visitor asks again after a minute.
3. Failures are counted by kind, never with a number or a text; many in a row open the breaker.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple, final

from mingshi.kernel.timeline import SECOND, Micros
from mingshi.passes.limits import Breaker
from mingshi.passes.sms import Sms

MAX_WAITING: Final = 200
STALE_S: Final = 60


class Message(NamedTuple):
    """One that waits. `wanted` is asked by whoever carries it."""

    at: Micros
    phone: str
    text: str
    wanted: Callable[[], bool]


class Carried(NamedTuple):
    """What became of messages since the start."""

    sent: int
    failed: int
    stale: int


@final
class Courier:
    """Use as a context manager; leaving it waits for what is under way and drops the rest."""

    def __init__(
        self, sms: Sms, clock: Callable[[], Micros], *, hands: int = 4, breaker: Breaker | None = None
    ) -> None:
        self._sms, self._clock, self._breaker = sms, clock, breaker or Breaker()
        self._waiting: queue.Queue[Message | None] = queue.Queue(MAX_WAITING)
        self._counts = [0, 0, 0]
        self._mutex = threading.Lock()
        self._threads = [threading.Thread(target=self._work, name=f"sms-{at}", daemon=True) for at in range(hands)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Courier":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def staff_readable(self) -> bool:
        """Whether anybody at the site could read the messages."""
        return self._sms.staff_readable

    @property
    def carried(self) -> Carried:
        """For the operator's page."""
        with self._mutex:
            return Carried(*self._counts)

    def ready(self, now: Micros) -> bool:
        """Whether messages can be taken now."""
        return self._breaker.closed(now) and not self._waiting.full()

    def take(self, phone: str, text: str, wanted: Callable[[], bool]) -> None:
        """Take one; where the queue has just filled it is lost and counted."""
        try:
            self._waiting.put_nowait(Message(self._clock(), phone, text, wanted))
        except queue.Full:
            self._count(1)

    def settle(self) -> None:
        """Wait until everything taken was dealt with."""
        self._waiting.join()

    def close(self) -> None:
        """Send nothing more."""
        while True:
            try:
                self._waiting.get_nowait()
                self._waiting.task_done()
            except queue.Empty:
                break
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while (message := self._waiting.get()) is not None:
            try:
                self._carry(message)
            finally:
                self._waiting.task_done()
        self._waiting.task_done()

    def _carry(self, message: Message) -> None:
        if self._clock() - message.at > STALE_S * SECOND:
            self._count(2)
            return
        if not _kindly(message.wanted):
            return
        went_well = _kindly(lambda: self._sms.send(message.phone, message.text))
        self._breaker.tell(went_well, self._clock())
        self._count(0 if went_well else 1)

    def _count(self, which: int) -> None:
        with self._mutex:
            self._counts[which] += 1


def _kindly(act: Callable[[], bool]) -> bool:
    """Whatever fails, a driver or the record: it is a no, and must not end the hand that carries."""
    with suppress(Exception):
        return act()
    return False
