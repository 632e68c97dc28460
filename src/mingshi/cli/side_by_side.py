"""Work in several processes: forked beside this one, which works too, and given chunks ahead.

The rules this module keeps:

1. Answers come in the order of their chunks.
2. Nothing of this process waits for a thread: what the others answer lies in pipes until it is wanted. (A pool's
   threads wait for an interpreter that is at work, and the processes for them.)
3. A process that ends before its time costs nothing but time: its chunks are worked on here. So what fails, fails here.
4. What one has learnt that spares the others work is passed on with chunks and answers (`Sharing`); none waits for it.
"""

import contextlib
import fcntl
import gc
import multiprocessing
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, Protocol, TypeVar

A = TypeVar("A")
B = TypeVar("B")

AHEAD: Final = 3
"""Chunks each process has before it, so that it never waits."""
_ROOM: Final = 1 << 20
"""Bytes of answers that a pipe takes before the process that writes them waits."""


class Sharing(Protocol):
    """What a process learns at work; every process has its own."""

    def news(self) -> list[Any]:
        """What it has learnt since it was last asked, as values that can be sent."""
        ...

    def learn(self, news: list[Any]) -> None:
        """Take in what another has learnt."""
        ...


@dataclass
class _Slot(Generic[A, B]):
    """A chunk and its answer, once there is one."""

    chunk: list[A]
    answer: list[B] | None = None


@dataclass
class _Other(Generic[A, B]):
    """Another process, and what it has before it."""

    process: BaseProcess
    to: Connection
    answers: Connection
    slots: deque[_Slot[A, B]]
    news: list[Any]
    """What it is still to be told."""


def side_by_side(
    work: Callable[[list[A]], list[B]], chunks: Iterable[list[A]], processes: int, sharing: Sharing | None = None
) -> Iterator[list[B]]:
    """`work` of each chunk, in order. `processes`: how many work, this one with them. It forks: not for a process with
    threads. Raises what `work` raises.
    """
    others = [_begun(work, sharing) for _ in range(processes - 1)]
    try:
        waiting: deque[_Slot[A, B]] = deque()
        for chunk in chunks:
            slot = _Slot[A, B](chunk)
            waiting.append(slot)
            _collect(others, work, sharing)
            idle = next((other for other in others if len(other.slots) < AHEAD), None)
            if idle is None or not _handed(idle, slot):
                slot.answer = work(chunk)
                _tell(others, _news(sharing))
            while waiting and waiting[0].answer is not None:
                yield waiting.popleft().answer or []
        while waiting:
            if waiting[0].answer is None:
                wait([other.answers for other in others])
                _collect(others, work, sharing)
            else:
                yield waiting.popleft().answer or []
    finally:
        for other in others:
            _ended(other)


def _news(sharing: Sharing | None) -> list[Any]:
    return [] if sharing is None else sharing.news()


def _tell(others: Iterable[_Other[A, B]], news: list[Any]) -> None:
    for other in others if news else ():
        other.news += news


def _begun(work: Callable[[list[A]], list[B]], sharing: Sharing | None) -> _Other[A, B]:
    context = multiprocessing.get_context("fork")
    chunks, to = context.Pipe(duplex=False)
    answers, back = context.Pipe(duplex=False)
    with contextlib.suppress(OSError):  # a smaller pipe works, and waits more
        fcntl.fcntl(back.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)
    process = context.Process(target=_work, args=(work, sharing, chunks, back, (to, answers)), daemon=True)
    process.start()
    chunks.close()
    back.close()
    return _Other(process, to, answers, deque(), [])


def _work(
    work: Callable[[list[Any]], list[Any]],
    sharing: Sharing | None,
    chunks: Connection,
    back: Connection,
    theirs: tuple[Connection, ...],
) -> None:
    """What another process does: chunk after chunk, until there are no more."""
    gc.freeze()
    gc.disable()
    for end in theirs:
        end.close()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            chunk, news = chunks.recv()
            if sharing is not None and news:
                sharing.learn(news)
            answer = work(chunk)
            back.send_bytes(pickle.dumps((answer, _news(sharing))))


def _handed(other: _Other[A, B], slot: _Slot[A, B]) -> bool:
    try:
        other.to.send((slot.chunk, other.news))
    except BrokenPipeError:
        return False
    other.news = []
    other.slots.append(slot)
    return True


def _collect(others: list[_Other[A, B]], work: Callable[[list[A]], list[B]], sharing: Sharing | None) -> None:
    """Take in what has been answered; what an ended process has left undone is done here."""
    for other in tuple(others):
        try:
            while other.slots and other.answers.poll():
                answer, news = pickle.loads(other.answers.recv_bytes())  # noqa: S301 - from our own process
                other.slots.popleft().answer = answer
                if sharing is not None and news:
                    sharing.learn(news)
                    _tell((one for one in others if one is not other), news)
        except (EOFError, ConnectionResetError):
            others.remove(other)
            _ended(other)
            for slot in other.slots:
                slot.answer = work(slot.chunk)


def _ended(other: _Other[A, B]) -> None:
    other.to.close()
    other.answers.close()
    other.process.terminate()
    other.process.join()
