"""Judging a case on several cores, without changing a byte.

The rules this module keeps:

1. Deals are judged in the order in which they are written; workers are forked after the case is in memory, so
   they share it, and each gives back only bytes and what money needs. The parent judges beside them.
2. `--jobs 1` and `--jobs N` give the same bytes (a test compares), and so does `--plain`.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from multiprocessing.pool import AsyncResult, Pool
from types import MappingProxyType
from typing import Final

from mingshi.app import worth
from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.app.policy_diff import judge_here
from mingshi.app.replay.replayed import Judged, Replaying
from mingshi.app.settle_case import ruled_deal
from mingshi.domain.ids import DealId
from mingshi.domain.judge.records import Records
from mingshi.kernel.canonical import Json
from mingshi.kernel.cycles import without_cycles

CHUNK: Final = 64
"""Deals handed to a worker at once: few enough for progress, many enough not to feel the hand-over."""
AHEAD: Final = 2
"""Chunks each worker has before it, so that it never waits."""
WORTH_FORKING: Final = 500
"""Below so many deals one process is done before others have started."""

Previous = Mapping[str, Mapping[str, Json]]
Judging = Callable[[Sequence[DealId]], Iterator[Judged]]


def judge_all(
    records: Records,
    jobs: int | None = None,
    previous: Previous = MappingProxyType({}),
    deals: Sequence[DealId] = (),
    *,
    plainly: bool = False,
) -> Iterator[Judged]:
    """Every deal of a case, in order. `jobs`: processes; None: as many as there are cores. `plainly`: every deal by
    the rules, none by the way of another (`app.replay`); the bytes are the same.
    """
    wanted = list(deals) or deals_in_order(records)
    workers = min(jobs or os.cpu_count() or 1, max(1, len(wanted) // CHUNK))
    judging = _judging(records, previous, plainly=plainly)
    if len(wanted) >= WORTH_FORKING:
        records.warm()
    if workers == 1 or (jobs is None and len(wanted) < WORTH_FORKING):
        with without_cycles():
            yield from judging(wanted)
        return
    records.warm()
    _Worker.judging = judging
    source = iter(wanted)
    chunks = iter(lambda: list(islice(source, CHUNK)), [])
    with without_cycles(), multiprocessing.get_context("fork").Pool(workers - 1, _Worker.begin) as pool:
        yield from chain.from_iterable(_side_by_side(pool, workers - 1, chunks, judging))


def _side_by_side(
    pool: Pool, others: int, chunks: Iterable[list[DealId]], judging: Judging
) -> Iterator[Sequence[Judged]]:
    """The chunks in their order. Some are handed out ahead; the others are judged here, which costs no hand-over."""
    waiting: deque[AsyncResult[list[Judged]] | list[Judged]] = deque()
    for chunk in chunks:
        handed_out = sum(not isinstance(one, list) and not one.ready() for one in waiting)
        ahead = handed_out < others * AHEAD
        waiting.append(pool.apply_async(_Worker.judge, (chunk,)) if ahead else list(judging(chunk)))
        while waiting and (isinstance(waiting[0], list) or waiting[0].ready()):
            yield _of(waiting.popleft())
    yield from map(_of, waiting)


def _of(chunk: "AsyncResult[list[Judged]] | list[Judged]") -> list[Judged]:
    return chunk if isinstance(chunk, list) else chunk.get()


def judge_deals(records: Records, deals: Sequence[DealId], jobs: int | None = None) -> list[worth.Judged]:
    """The deals as far as their worth needs them, on several cores."""
    workers = min(jobs or os.cpu_count() or 1, max(1, len(deals) // CHUNK))
    if workers == 1:
        return judge_here(records, deals)
    records.warm()
    _Worker.records = records
    chunks = [list(deals[start : start + CHUNK]) for start in range(0, len(deals), CHUNK)]
    with multiprocessing.get_context("fork").Pool(workers, _Worker.begin) as pool:
        return list(chain.from_iterable(pool.imap(_Worker.value, chunks)))


def _judging(records: Records, previous: Previous, *, plainly: bool) -> Judging:
    def by_the_rules(deals: Sequence[DealId]) -> Iterator[Judged]:
        return (Judged(ruling.line, ruled_deal(ruling)) for ruling in judge_case(records, deals, previous))

    return by_the_rules if plainly else Replaying(records, previous).judge


class _Worker:
    """What a forked process inherits."""

    records: Records
    judging: Judging

    @staticmethod
    def begin() -> None:
        gc.freeze()
        gc.disable()

    @staticmethod
    def judge(deals: list[DealId]) -> list[Judged]:
        return list(_Worker.judging(deals))

    @staticmethod
    def value(deals: list[DealId]) -> list[worth.Judged]:
        return judge_here(_Worker.records, deals)
