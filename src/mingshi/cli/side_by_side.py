"""Work in several processes: forked beside this one, which works too, and given chunks ahead.

The rules this module keeps:

1. Answers come in the order of their chunks.
2. Nothing of this process waits for a thread: what the others answer lies in pipes until it is wanted. (A pool's
   threads wait for an interpreter that is at work, and the processes for them.)
3. A process that ends before its time costs nothing but time: its chunks are worked on here. So what fails, fails here.
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
from typing import Any, Final, Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")

AHEAD: Final = 3
"""Chunks each process has before it, so that it never waits."""
_ROOM: Final = 1 << 20
"""Bytes of answers that a pipe takes before the process that writes them waits."""


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


def side_by_side(work: Callable[[list[A]], list[B]], chunks: Iterable[list[A]], processes: int) -> Iterator[list[B]]:
    """`work` of each chunk, in order. `processes`: how many work, this one with them. It forks: not for a process with
    threads. Raises what `work` raises.
    """
    others = [_begun(work) for _ in range(processes - 1)]
    try:
        waiting: deque[_Slot[A, B]] = deque()
        for chunk in chunks:
            slot = _Slot[A, B](chunk)
            waiting.append(slot)
            _collect(others, work)
            idle = next((other for other in others if len(other.slots) < AHEAD), None)
            if idle is None or not _handed(idle, slot):
                slot.answer = work(chunk)
            while waiting and waiting[0].answer is not None:
                yield waiting.popleft().answer or []
        while waiting:
            if waiting[0].answer is None:
                wait([other.answers for other in others])
                _collect(others, work)
            else:
                yield waiting.popleft().answer or []
    finally:
        for other in others:
            _ended(other)


def _begun(work: Callable[[list[A]], list[B]]) -> _Other[A, B]:
    context = multiprocessing.get_context("fork")
    chunks, to = context.Pipe(duplex=False)
    answers, back = context.Pipe(duplex=False)
    with contextlib.suppress(OSError):  # a smaller pipe works, and waits more
        fcntl.fcntl(back.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)
    process = context.Process(target=_work, args=(work, chunks, back, (to, answers)), daemon=True)
    process.start()
    chunks.close()
    back.close()
    return _Other(process, to, answers, deque())


def _work(
    work: Callable[[list[Any]], list[Any]], chunks: Connection, back: Connection, theirs: tuple[Connection, ...]
) -> None:
    """What another process does: chunk after chunk, until there are no more."""
    gc.freeze()
    gc.disable()
    for end in theirs:
        end.close()
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            back.send_bytes(pickle.dumps(work(chunks.recv())))


def _handed(other: _Other[A, B], slot: _Slot[A, B]) -> bool:
    try:
        other.to.send(slot.chunk)
    except BrokenPipeError:
        return False
    other.slots.append(slot)
    return True


def _collect(others: list[_Other[A, B]], work: Callable[[list[A]], list[B]]) -> None:
    """Take in what has been answered; what an ended process has left undone is done here."""
    for other in tuple(others):
        try:
            while other.slots and other.answers.poll():
                other.slots[0].answer = pickle.loads(other.answers.recv_bytes())  # noqa: S301 - from our own process
                other.slots.popleft()
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
