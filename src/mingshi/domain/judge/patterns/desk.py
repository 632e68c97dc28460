"""F-DRAWER, F-LIST, F-SRCH: what the office's own desks produce in bulk."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding
from mingshi.domain.ids import EvidenceId, StaffId
from mingshi.domain.judge.company import BATCH_MIN
from mingshi.domain.judge.flags.earlier import BULK
from mingshi.domain.judge.flags.inside import MASS_LOOK_UPS
from mingshi.domain.judge.flags.site import SEALED_LATE_DAYS
from mingshi.domain.judge.patterns.pattern import Pattern, Sighting, recent
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.timeline import DAY, MINUTE, Micros

DRAWERS: Final = 2


def drawers(records: Records, sightings: Sequence[Sighting], now: int) -> Iterator[Pattern]:
    """F-DRAWER (amendment 4): claims were denied beside receipts that are bearer or sealed late, by issuing staff."""
    denied = {id_ for one in sightings if one.denied and recent(one.at, now) for id_ in one.receipts}
    issued: dict[StaffId, int] = defaultdict(int)
    doubtful: dict[StaffId, list[e.Receipt]] = defaultdict(list)
    for row in records.all(e.Receipt):
        issued[row.staff] += 1
        late = row.sealed_at is not None and row.sealed_at - latest(row.visit_at) >= SEALED_LATE_DAYS * DAY
        if row.id in denied and (late or row.bound_to is Binding.BEARER):
            doubtful[row.staff].append(row)
    for staff, rows in doubtful.items():
        if len(rows) >= DRAWERS:
            times = [earliest(row.visit_at) for row in rows]
            ids = tuple(row.id for row in rows)
            yield Pattern("F-DRAWER", staff, min(times), max(times), len(rows), issued[staff], ids)


def lists(records: Records, now: int) -> Iterator[Pattern]:
    """F-LIST: rows of leads or outreach that one hand entered faster than people can be talked to."""
    rows = [(row.staff, earliest(row.at), row.id) for row in records.all(e.Lead) if row.staff]
    rows += [(row.staff, earliest(row.at), row.id) for row in records.all(e.Outreach) if row.staff]
    by_staff: dict[StaffId, list[tuple[Micros, EvidenceId]]] = defaultdict(list)
    for staff, at, id_ in rows:
        if recent(at, now):
            by_staff[staff].append((at, id_))
    for staff, mine in by_staff.items():
        mine.sort()
        batch: list[tuple[Micros, EvidenceId]] = []
        for at, id_ in [*mine, (Micros(2**62), EvidenceId(""))]:
            if batch and at - batch[-1][0] > BATCH_MIN * MINUTE:
                if len(batch) >= BULK:
                    ids = tuple(one for _, one in batch)
                    yield Pattern("F-LIST", staff, batch[0][0], batch[-1][0], len(batch), len(mine), ids)
                batch = []
            batch.append((at, id_))


def mass_look_ups(records: Records, now: int) -> Iterator[Pattern]:
    """F-SRCH, about the searcher: more clients looked up on one day than can have been meant (amendment 16)."""
    rows = records.all(e.Lookup)
    by_day: dict[tuple[StaffId, int], list[e.Lookup]] = defaultdict(list)
    for row in rows:
        if recent(earliest(row.at), now):
            by_day[row.staff, records.zone.day(earliest(row.at)).toordinal()].append(row)
    for (staff, _), mine in by_day.items():
        clients = {row.phone for row in mine}
        if len(clients) > MASS_LOOK_UPS:
            times = [earliest(row.at) for row in mine]
            ids = tuple(row.id for row in mine)
            yield Pattern("F-SRCH", staff, min(times), max(times), len(clients), len(mine), ids)
