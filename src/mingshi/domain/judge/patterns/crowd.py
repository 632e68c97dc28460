"""F-CROWD 充场 (amendment 18): devices with many numbers, and bursts of clients who come once under one agent."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, Contact, DeviceId
from mingshi.domain.judge.company import DEVICE_DAYS
from mingshi.domain.judge.patterns.pattern import Pattern, recent
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.timeline import DAY, MINUTE, Micros

NUMBERS: Final = 3
BURST: Final = 6
BURST_MIN: Final = 60


def crowds(records: Records, now: int) -> Iterator[Pattern]:
    """Devices with three or more numbers in thirty days, agents with a burst of clients who came only then."""
    rows = [row for row in records.all(e.Arrival) if recent(earliest(row.at), now)]
    yield from _devices(rows, records)
    yield from _bursts(rows)


def _devices(rows: Sequence[e.Arrival], records: Records) -> Iterator[Pattern]:
    by_device: dict[DeviceId, list[e.Arrival]] = defaultdict(list)
    for row in rows:
        if row.device and not records.of_office(row.device):
            by_device[row.device].append(row)
    for device, mine in by_device.items():
        most = _most_within([(earliest(row.at), row.phone) for row in mine], DEVICE_DAYS * DAY)
        if len(most) >= NUMBERS:
            since, until = earliest(mine[0].at), earliest(mine[-1].at)
            ids = tuple(row.id for row in mine)
            yield Pattern("F-CROWD", f"device {device}", since, until, len(most), len(mine), ids)


def _bursts(rows: Sequence[e.Arrival]) -> Iterator[Pattern]:
    times = Counter(row.phone for row in rows)
    by_agent: dict[AgentId, list[e.Arrival]] = defaultdict(list)
    for row in rows:
        if row.agent and times[row.phone] == 1:
            by_agent[row.agent].append(row)
    for agent, mine in by_agent.items():
        most = _most_within([(earliest(row.at), row.phone) for row in mine], BURST_MIN * MINUTE)
        if len(most) >= BURST:
            ids = tuple(row.id for row in mine if row.phone in most)
            seen = [earliest(row.at) for row in mine if row.phone in most]
            yield Pattern("F-CROWD", f"agent {agent}", min(seen), max(seen), len(most), len(mine), ids)


def _most_within(seen: list[tuple[Micros, Contact]], span: int) -> set[Contact]:
    """The most different numbers within any stretch of time."""
    best: set[Contact] = set()
    seen.sort()
    first = 0
    for last, (at, _) in enumerate(seen):
        while at - seen[first][0] > span:
            first += 1
        if last - first + 1 > len(best):
            best = max(best, {phone for _, phone in seen[first : last + 1]} - {Contact("")}, key=len)
    return best
