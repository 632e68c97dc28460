"""Records in memory as an `EvidenceSource`: a case that was read, a season that was generated, a test's facts.

The rules this module keeps:

1. An index is built the first time a field is asked for, once; records are never changed.
2. A10: who is over the cap waits in order of submission; the queue is worked out over all registrations of an
   agent, because a dossier sees only one client's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from heapq import heappop, heappush
from typing import Final, TypeVar

from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, EvidenceId, is_masked, visible
from mingshi.domain.moment import earliest
from mingshi.domain.policy import Policy, PolicyHistory
from mingshi.kernel.timeline import Micros, Zone, natural_days_after

R = TypeVar("R", bound=tuple[object, ...])
Kinds = Mapping[type[tuple[object, ...]], Sequence[tuple[object, ...]]]

WITH_PHONE: Final[tuple[type[tuple[object, ...]], ...]] = (
    e.Registration,
    e.Confirmation,
    e.Arrival,
    e.Receipt,
    e.Statement,
    e.Identity,
    e.Lead,
    e.Call,
)


INDEXED: Final = frozenset(
    {
        "id", "phone", "phones", "buyers", "pass_id", "id_key", "registration", "deal", "escort", "agency", "phone_a",
        "phone_b", "new", "staff", "device",
    }
)  # fmt: skip
"""Fields by which `gather` and the settlement ask."""


class Records:
    """An `EvidenceSource` over sequences of records by kind."""

    def __init__(
        self, kinds: Kinds, *, project: str, zone: Zone, policies: PolicyHistory, as_of: Micros | None = None
    ) -> None:
        self._kinds = kinds
        self._indexes: dict[tuple[type[tuple[object, ...]], str], dict[str, list[tuple[object, ...]]]] = {}
        self.project = project
        self.zone = zone
        self.policies = policies
        self.as_of = as_of

    def find(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value."""
        index = self._indexes.get((kind, field))
        if index is None:
            index = self._indexes[kind, field] = self._index(kind, field)
        return index.get(value, ())  # type: ignore[return-value]  # the index of a kind holds that kind

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of a kind."""
        return self._kinds.get(kind, ())  # type: ignore[return-value]  # keyed by its own type

    def recorded(self, kind: type[R]) -> bool:
        """Whether there is any record of a kind."""
        return bool(self._kinds.get(kind))

    def contacts_showing(self, masked: Contact) -> Sequence[Contact]:
        """Every full contact that shows these digits, or the masked digits of an office's own numbers."""
        return tuple(self._shown.get(masked, ()))

    def queued_until(self, registration: EvidenceId) -> Micros | None:
        """When a registration over its agent's cap took effect."""
        return self._queue.get(registration)

    def warm(self) -> None:
        """Build every index that judging asks for, so that forked workers share them."""
        for kind, records in self._kinds.items():
            if records:
                for field in INDEXED & set(type(records[0])._fields):  # type: ignore[attr-defined]  # NamedTuples
                    self.find(kind, field, "")
        self.queued_until(EvidenceId(""))
        self.contacts_showing(Contact(""))

    def _index(self, kind: type[tuple[object, ...]], field: str) -> dict[str, list[tuple[object, ...]]]:
        index: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        for record in self._kinds.get(kind, ()):
            value = getattr(record, field)
            if isinstance(value, tuple):
                for one in value:
                    index[one].append(record)
            elif value:
                index[value].append(record)
        return dict(index)

    @cached_property
    def _shown(self) -> dict[Contact, set[Contact]]:
        wanted = {row.phone for row in self.all(e.Registration) if is_masked(row.phone)}
        shown: dict[Contact, set[Contact]] = defaultdict(set)
        if wanted:
            for contact in self._contacts():
                if contact and not is_masked(contact) and visible(contact) in wanted:
                    shown[visible(contact)].add(contact)
        return dict(shown)

    def _contacts(self) -> Iterable[Contact]:
        for kind in WITH_PHONE:
            for record in self._kinds.get(kind, ()):
                yield record.phone  # type: ignore[attr-defined]  # every kind of WITH_PHONE has one
        for deal in self.all(e.Deal):
            yield from deal.buyers

    @cached_property
    def _queue(self) -> dict[EvidenceId, Micros]:
        by_agent: dict[str, list[e.Registration]] = defaultdict(list)
        for row in self.all(e.Registration):
            by_agent[row.agent].append(row)
        queue: dict[EvidenceId, Micros] = {}
        for rows in by_agent.values():
            queue.update(waiting(rows, self.policies, self.zone))
        return queue


def waiting(rows: Sequence[e.Registration], policies: PolicyHistory, zone: Zone) -> dict[EvidenceId, Micros]:
    """A10 频控: from when one agent's registrations over the cap took effect.

    A place is taken from effect until the report window ends or the registration is released. Over the daily
    cap a registration waits for the next civil day. Whoever came first waits least.
    """
    every = [version.policy for version in policies.versions]
    if all(one.daily_cap is None and (one.live_cap is None or len(rows) <= one.live_cap) for one in every):
        return {}
    queue: dict[EvidenceId, Micros] = {}
    leaving: list[int] = []
    per_day: dict[int, int] = defaultdict(int)
    for row in sorted(rows, key=lambda row: (earliest(row.at), row.id)):
        at = earliest(row.at)
        policy = policies.at(at)
        begin = _after_daily_cap(at, per_day, policy, zone)
        if policy.live_cap is not None:
            while leaving and leaving[0] < begin:
                heappop(leaving)
            if len(leaving) >= policy.live_cap:
                begin = Micros(heappop(leaving) + 1)
        heappush(leaving, _leaves(row, begin, policy, zone))
        if begin > at:
            queue[row.id] = begin
    return queue


def _after_daily_cap(at: Micros, per_day: dict[int, int], policy: Policy, zone: Zone) -> Micros:
    day = zone.day(at)
    if policy.daily_cap is not None:
        while per_day[day.toordinal()] >= policy.daily_cap:
            day = day.fromordinal(day.toordinal() + 1)
            at = zone.start(day)
    per_day[day.toordinal()] += 1
    return at


def _leaves(row: e.Registration, begin: int, policy: Policy, zone: Zone) -> int:
    end = natural_days_after(begin, policy.report_valid_days, zone)
    return end if row.released_at is None else min(end, max(begin, earliest(row.released_at)))
