"""How much of its kind came with a record: one call is a client, a hundred in a minute are a list.

The rules this module keeps:

1. Only numbers are counted, never whose they are; the count is a property of how a record was made.
2. The question is asked only for records that already stand in a dossier, so nobody's file is searched for others.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Means
from mingshi.domain.ids import EvidenceId
from mingshi.domain.moment import earliest
from mingshi.kernel.timeline import DAY, MINUTE

if TYPE_CHECKING:
    from mingshi.domain.judge.dossier import EvidenceSource

BATCH_MIN: Final = 10
DEVICE_DAYS: Final = 30
AGENTS_OF_A_VISITORS_DEVICE: Final = 2
"""A device that checked in clients of more agents is a tablet or gate of the office."""
MOST_ASKED: Final = 2_000
"""A device or a hand with more records than this is the office's own; nothing is counted for it."""


def company(
    source: "EvidenceSource",
    leads: Sequence[e.Lead],
    outreach: Sequence[e.Outreach],
    lookups: Sequence[e.Lookup],
    arrivals: Iterable[e.Arrival],
) -> dict[EvidenceId, int]:
    """The counts of these records, where they are more than one."""
    return {id_: count for id_, count in _counts(source, leads, outreach, lookups, arrivals) if count > 1}


def _counts(
    source: "EvidenceSource",
    leads: Sequence[e.Lead],
    outreach: Sequence[e.Outreach],
    lookups: Sequence[e.Lookup],
    arrivals: Iterable[e.Arrival],
) -> Iterator[tuple[EvidenceId, int]]:
    for lead in leads:
        if lead.staff:
            others = [earliest(row.at) for row in source.find(e.Lead, "staff", lead.staff)]
            yield lead.id, _near(earliest(lead.at), others)
    for reached in outreach:
        others = [earliest(row.at) for row in source.find(e.Outreach, "staff", reached.staff)]
        yield reached.id, _near(earliest(reached.at), others)
    zone = source.zone
    for looked in lookups:
        day = zone.day(earliest(looked.at))
        same = source.find(e.Lookup, "staff", looked.staff)
        yield looked.id, len({row.phone for row in same if zone.day(earliest(row.at)) == day})
    for arrival in arrivals:
        if arrival.device and not source.of_office(arrival.device):
            at, span = earliest(arrival.at), DEVICE_DAYS * DAY
            rows = source.find(e.Arrival, "device", arrival.device)
            near = {row.phone for row in rows if abs(earliest(row.at) - at) <= span}
            yield arrival.id, len(near - {""})


def of_office(rows: Collection[e.Arrival]) -> bool:
    """Whether the device of these check-ins is the office's: a tablet or gate sees clients of many agents."""
    if len(rows) > MOST_ASKED or any(row.means is Means.RECEPTION for row in rows):
        return True
    return len({row.agent for row in rows}) > AGENTS_OF_A_VISITORS_DEVICE


def _near(at: int, others: Iterable[int]) -> int:
    return sum(abs(other - at) <= BATCH_MIN * MINUTE for other in others)
