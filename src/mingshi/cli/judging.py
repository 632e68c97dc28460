"""Judging a case on several cores, without changing a byte.

The rules this module keeps:

1. Deals are judged in the order in which they are written; workers are forked after the case is in memory, so
   they share it, and each gives back only bytes and what money needs. The parent judges beside them.
2. `--jobs 1` and `--jobs N` give the same bytes (a test compares), and so does `--plain`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import Final

from mingshi.app import worth
from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.app.policy_diff import judge_here
from mingshi.app.replay.replayed import Judged, Replaying
from mingshi.app.settle_case import ruled_deal
from mingshi.cli.side_by_side import side_by_side
from mingshi.domain.ids import DealId
from mingshi.domain.judge.records import Records
from mingshi.kernel.canonical import Json
from mingshi.kernel.cycles import without_cycles

CHUNK: Final = 64
"""Deals handed to a worker at once: few enough for progress, many enough not to feel the hand-over."""
WORTH_FORKING: Final = 500
"""Below so many deals one process is done before others have started."""

Previous = Mapping[str, Mapping[str, Json]]


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
    replaying = None if plainly else Replaying(records, previous)
    judging = partial(_by_the_rules, records, previous) if replaying is None else replaying.judge
    alone = workers == 1 or (jobs is None and len(wanted) < WORTH_FORKING)

    def work(some: list[DealId]) -> list[Judged]:
        records.ahead(some)
        return list(judging(some))

    with without_cycles():
        if not alone or len(wanted) >= WORTH_FORKING:
            records.warm()
        if alone:
            yield from judging(wanted)
        else:
            yield from chain.from_iterable(side_by_side(work, _chunks(wanted), workers, replaying))


def judge_deals(records: Records, deals: Sequence[DealId], jobs: int | None = None) -> list[worth.Judged]:
    """The deals as far as their worth needs them, on several cores."""
    workers = min(jobs or os.cpu_count() or 1, max(1, len(deals) // CHUNK))
    if workers == 1:
        return judge_here(records, deals)
    with without_cycles():
        records.warm()
        return list(chain.from_iterable(side_by_side(partial(judge_here, records), _chunks(deals), workers)))


def _chunks(deals: Sequence[DealId]) -> Iterator[list[DealId]]:
    return (list(deals[start : start + CHUNK]) for start in range(0, len(deals), CHUNK))


def _by_the_rules(records: Records, previous: Previous, deals: Sequence[DealId]) -> Iterator[Judged]:
    return (Judged(ruling.line, ruled_deal(ruling)) for ruling in judge_case(records, deals, previous))
