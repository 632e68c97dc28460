"""Records in memory as an `EvidenceSource`: a case that was read, a season that was generated, a test's facts.

The rules this module keeps:

1. An index is built the first time a field is asked for, once; records are never changed.
2. A10: who is over the cap waits in order of submission; the queue is worked out over all registrations of an
   agent, because a dossier sees only one client's.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from heapq import heappop, heappush
from itertools import accumulate, chain, pairwise, repeat
from operator import sub
from types import MappingProxyType
from typing import Final, TypeVar, cast, overload

from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, EvidenceId, is_masked, visible
from mingshi.domain.judge.company import MOST_ASKED, of_office
from mingshi.domain.moment import earliest, known_at
from mingshi.domain.policy import Policy, PolicyHistory
from mingshi.kernel.timeline import DAY, Micros, Zone, natural_days_after

R = TypeVar("R", bound=tuple[object, ...])
Kinds = Mapping[type[tuple[object, ...]], Sequence[tuple[object, ...]]]

WITH_PHONE: Final[tuple[type[tuple[object, ...]], ...]] = (
    e.Registration,
    e.Confirmation,
    e.Arrival,
    e.Receipt,
    e.Escort,
    e.Statement,
    e.Identity,
    e.Lead,
    e.Call,
)


ASKED: Final[Mapping[type[tuple[object, ...]], tuple[str, ...]]] = MappingProxyType(
    {
        e.Registration: ("id", "phone"),
        e.Confirmation: ("phone", "registration"),
        e.Arrival: ("phone", "pass_id", "registration", "device"),
        e.Receipt: ("phone",),
        e.Escort: ("phone",),
        e.Statement: ("phone", "phones"),
        e.Identity: ("phone", "id_key"),
        e.Pass: ("phone", "pass_id"),
        e.Lead: ("phone", "staff"),
        e.Call: ("phone",),
        e.Followup: ("registration",),
        e.Lookup: ("phone", "staff"),
        e.Edit: ("phone", "new"),
        e.Deal: ("id", "buyers"),
        e.Payment: ("deal",),
        e.Cancellation: ("deal",),
        e.Invoice: ("deal",),
        e.Approval: ("deal",),
        e.Extension: ("registration",),
        e.Relation: ("phone_a", "phone_b"),
        e.Agent: ("id", "phone"),
        e.Agreement: ("agency",),
        e.Owner: ("phone",),
        e.Outreach: ("phone", "staff"),
        e.Withdrawal: ("phone", "pass_id", "deal"),
        e.Objection: ("deal", "escort"),
        e.Decision: ("deal",),
        e.Staff: ("phone",),
    }
)
"""By which fields `gather` and the settlement ask (a test listens)."""

_SELDOM: Final = (e.Registration, "id")
"""Asked only for a code that another client redeemed; its index is large."""
_LEAD_TO: Final[Mapping[type[tuple[object, ...]], tuple[str, ...]]] = MappingProxyType(
    {
        e.Deal: ("buyers",),
        e.Relation: ("phone_a", "phone_b"),
        e.Identity: ("phone",),
        e.Pass: ("phone",),
        e.Statement: ("phone", "phones"),
        e.Edit: ("phone", "new"),
    }
)
"""What gives a buyer further numbers, beside arrivals with a pass."""
Entry = tuple[object, ...] | int
"""A record, or its place among `Rows`."""
Index = dict[str, "Entry | list[Entry]"]
"""A key's record where there is one; a list where there are several (a list is no record)."""


class _Part(dict[str, "Entry | list[Entry]"]):
    """An index of the numbers that deals lead to, and no others."""


class Rows(Sequence[R]):
    """Records kept as columns. One is made when it is asked for: of a million registrations few concern a buyer."""

    def __init__(self, kind: type[R], columns: Sequence[Sequence[object]]) -> None:
        self._make: Callable[[Iterable[object]], R] = kind._make  # type: ignore[attr-defined]  # records are NamedTuples
        self._made_of: Callable[[Iterable[object]], R] = partial(tuple.__new__, kind)  # `_make` without asking how many
        self._columns = [_compact(column) for column in columns]
        self._made: dict[int, R] = {}
        self._fields: tuple[str, ...] = kind._fields  # type: ignore[attr-defined]  # records are NamedTuples
        self.places = list(range(len(self)))
        """One number each, shared by all indexes."""
        self._alike: list[object] = [column[0] if _alike(column) else None for column in self._columns]
        """What every record has."""
        self._others = [(place, _getter(one)) for place, one in enumerate(self._columns) if not _alike(one)]

    def column(self, field: str) -> Sequence[object]:
        """The values of a field."""
        return self._columns[self._fields.index(field)]

    def __len__(self) -> int:
        return len(self._columns[0])

    def __iter__(self) -> Iterator[R]:
        return map(self._make, zip(*self._columns, strict=True))

    def make(self, places: Sequence[int]) -> None:
        """Make the records at these places, which are about to be asked for: together each costs half as much."""
        if len(self._made) + len(places) > _REMEMBERED:
            self._made.clear()
        columns: list[Iterable[object]] = [repeat(value) for value in self._alike]
        for place, get in self._others:
            columns[place] = map(get, places)
        self._made.update(zip(places, map(self._made_of, zip(*columns, strict=False)), strict=False))

    @overload
    def __getitem__(self, index: int) -> R: ...
    @overload
    def __getitem__(self, index: slice) -> list[R]: ...
    def __getitem__(self, index: int | slice) -> R | list[R]:
        if isinstance(index, slice):
            return [self[place] for place in self.places[index]]
        made = self._made.get(index)
        if made is None:
            if len(self._made) >= _REMEMBERED:
                self._made.clear()
            values = self._alike.copy()
            for place, get in self._others:
                values[place] = get(index)
            made = self._made[index] = self._made_of(values)
        return made


class _Texts(Sequence[str]):
    """Texts of which hardly two are alike, one behind the other: a dozen bytes each, not sixty. Judging in several
    processes shares them, where each text of its own would be copied as soon as somebody looked at it.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.whole = "".join(texts)
        lengths = set(map(len, texts))
        self._ends: Sequence[int] = (
            range(0, len(self.whole) + 1, lengths.pop())
            if len(lengths) == 1 and "" not in texts[:1]
            else array("Q", accumulate(map(len, texts), initial=0))
        )

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[str]:
        whole = self.whole
        return (whole[start:end] for start, end in pairwise(self._ends))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return list(self)[index]
        return self.at(index)

    def at(self, index: int) -> str:
        """The text at a place."""
        return self.whole[self._ends[index] : self._ends[index + 1]]


def _alike(column: Sequence[object]) -> bool:
    """Whether one value stands in every row, as in a column that a file does not have."""
    return isinstance(column, list) and column[-1:] == column[:1] and column.count(column[0]) == len(column) > 0


def _getter(column: Sequence[object]) -> Callable[[int], object]:
    return column.at if isinstance(column, _Texts) else column.__getitem__


_REMEMBERED: Final = 5_000
"""Records kept once made: one deal asks for the same few again and again, the next for others."""
_SAMPLE: Final = 20_000


def _compact(column: Sequence[object]) -> Sequence[object]:
    """Plain times and texts that are all different in fewer bytes."""
    kind = type(column[0]) if column else None  # a truth is to stay one
    some = column[:: max(1, len(column) // _SAMPLE)]
    try:
        if kind is int:
            return array("q", cast("Sequence[int]", column))
        if kind is str and len(set(some)) * 2 > len(some):
            return _Texts(cast("Sequence[str]", column))
    except (TypeError, OverflowError):  # one is no number, or no text
        pass
    return column


class Records:
    """An `EvidenceSource` over sequences of records by kind."""

    def __init__(
        self, kinds: Kinds, *, project: str, zone: Zone, policies: PolicyHistory, as_of: Micros | None = None
    ) -> None:
        self._kinds = kinds
        self._indexes: dict[type[tuple[object, ...]], dict[str, Index]] = {
            kind: {} for kind, records in kinds.items() if records
        }
        self._offices: dict[str, bool] = {}
        self.project = project
        self.zone = zone
        self.policies = policies
        self.as_of = as_of

    def under(self, policies: PolicyHistory) -> "Records":
        """The same records under other rules; what is indexed is shared."""
        other = Records(self._kinds, project=self.project, zone=self.zone, policies=policies, as_of=self.as_of)
        other._indexes, other._offices = self._indexes, self._offices
        return other

    def find(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value."""
        indexes = self._indexes.get(kind)
        if indexes is None:
            return ()
        index = indexes.get(field)
        if index is None:
            index = indexes[field] = self._index(kind, field)
        found = index.get(value)
        if found is None:
            if not value or type(index) is not _Part or value in self._led_to:
                return ()
            if kind is e.Registration and is_masked(Contact(value)):  # none was registered: see `warm`
                return ()
            indexes[field] = self._index(kind, field)
            return self.find(kind, field, value)
        if type(found) is int:
            return (self._kinds[kind][found],)  # type: ignore[return-value]  # keyed by its own type
        if type(found) is list:
            if type(found[0]) is int:
                rows = self._kinds[kind]
                return [rows[place] for place in found]  # type: ignore[index,misc]  # as the first, all are places
            return found  # type: ignore[return-value]  # an index holds one kind
        return (found,)  # type: ignore[return-value]  # an index holds one kind

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of a kind."""
        return self._kinds.get(kind, ())  # type: ignore[return-value]  # keyed by its own type

    def recorded(self, kind: type[R]) -> bool:
        """Whether there is any record of a kind."""
        return kind in self._indexes

    def contacts_showing(self, masked: Contact) -> Mapping[Contact, Micros]:
        """Every full contact that shows these digits, and since when it was known."""
        return self._shown.get(masked, {})

    def queued_until(self, registration: EvidenceId) -> Micros | None:
        """When a registration over its agent's cap took effect."""
        return self._queue.get(registration)

    def of_office(self, device: str) -> bool:
        """Whether a device is the office's own."""
        known = self._offices.get(device)
        if known is None:
            # So many are the office's, whatever they say: none of them is looked at.
            known = self._many(e.Arrival, "device", device) or of_office(self.find(e.Arrival, "device", device))
            self._offices[device] = known
        return known

    def _many(self, kind: type[R], field: str, value: str) -> bool:
        self.find(kind, field, "")  # so that there is an index
        found = self._indexes.get(kind, {}).get(field, {}).get(value)
        return type(found) is list and len(found) > MOST_ASKED

    def ahead(self, deals: Iterable[str]) -> None:
        """Make the records of these deals' buyers that nearly every ruling asks for."""
        buyers = [buyer for deal in deals for row in self.find(e.Deal, "id", deal) for buyer in row.buyers]
        for kind in (e.Registration, e.Arrival):
            rows, index = self._kinds.get(kind), self._indexes.get(kind, {}).get("phone", {})
            if isinstance(rows, Rows):
                found = [index[buyer] for buyer in buyers if buyer in index]
                places = chain.from_iterable(one if isinstance(one, list) else (one,) for one in found)
                rows.make(cast("list[int]", list(places)))  # of rows an index holds places

    def warm(self) -> None:
        """Build every index that judging many deals asks for, so that forked workers share them.

        Of a million registrations and check-ins only those are looked up whose number some deal leads to; the others
        are indexed should they be asked for after all.
        """
        for many in (e.Registration, e.Arrival):
            indexes = self._indexes.get(many)
            if indexes is not None and "phone" not in indexes and not self._hidden:
                indexes["phone"] = _Part(self._index(many, "phone", self._led_to))
        for kind, fields in ASKED.items():
            for field in fields:
                if (kind, field) != _SELDOM:
                    self.find(kind, field, "")
        self.queued_until(EvidenceId(""))
        self.contacts_showing(Contact(""))

    def _index(self, kind: type[tuple[object, ...]], field: str, among: Collection[object] | None = None) -> Index:
        """The records of a kind by a field. `among`: only these keys."""
        records = self._kinds.get(kind, ())
        if not records:
            return {}
        keys = cast("Sequence[str]", _column(records, field))
        entries: Sequence[Entry] = records.places if isinstance(records, Rows) else records
        if isinstance(keys[0], tuple):
            pairs = [(key, entry) for several, entry in zip(keys, entries, strict=True) for key in several]
            keys, entries = [key for key, _ in pairs], [entry for _, entry in pairs]
        if among is not None:
            pairs = [(key, entry) for key, entry in zip(keys, entries, strict=True) if key in among]
            keys, entries = [key for key, _ in pairs], [entry for _, entry in pairs]
        index: Index = dict(zip(keys, entries, strict=True))
        if len(index) < len(entries):  # the last of each key stands there; those with others become lists
            several: dict[str, list[Entry]] = {}
            for key, entry in zip(keys, entries, strict=True):
                if key and index[key] is not entry:
                    several.setdefault(key, []).append(entry)
            for key, others in several.items():
                last = index[key]
                index[key] = [*others, last]  # type: ignore[list-item]  # still one entry here
        index.pop("", None)
        return index

    @cached_property
    def _led_to(self) -> frozenset[object]:
        """The numbers that a walk from any buyer over recorded links may come to (`dossier.gather`)."""
        numbers: set[object] = set()
        for kind, fields in _LEAD_TO.items():
            for field in fields:
                column = _column(self.all(kind), field)
                several = field in ("buyers", "phones")
                numbers.update(chain.from_iterable(cast("Sequence[Sequence[object]]", column)) if several else column)
        arrivals = self.all(e.Arrival)
        with_pass = zip(_column(arrivals, "phone"), _column(arrivals, "pass_id"), strict=True)
        numbers.update(phone for phone, pass_id in with_pass if pass_id)
        return frozenset(numbers)

    @cached_property
    def _hidden(self) -> frozenset[Contact]:
        """The masked numbers that were registered."""
        phones = cast("Sequence[Contact]", _column(self.all(e.Registration), "phone"))
        whole = phones.whole if isinstance(phones, _Texts) else "".join(phones)
        if "*" not in whole and "#" not in whole:
            return frozenset()
        return frozenset([phone for phone in phones if is_masked(phone)])

    @cached_property
    def _shown(self) -> dict[Contact, dict[Contact, Micros]]:
        shown: dict[Contact, dict[Contact, Micros]] = defaultdict(dict)
        if self._hidden:
            for contact, record in self._contacts():
                if contact and not is_masked(contact) and visible(contact) in self._hidden:
                    since, known = known_at(record), shown[visible(contact)]
                    known[contact] = min(since, known.get(contact, since))
        return dict(shown)

    def _contacts(self) -> Iterable[tuple[Contact, tuple[object, ...]]]:
        for kind in WITH_PHONE:
            for record in self._kinds.get(kind, ()):
                yield record.phone, record  # type: ignore[attr-defined]  # every kind of WITH_PHONE has one
        for deal in self.all(e.Deal):
            for buyer in deal.buyers:
                yield buyer, deal

    @cached_property
    def _queue(self) -> dict[EvidenceId, Micros]:
        rows = self.all(e.Registration)
        agents = cast("Sequence[str]", _column(rows, "agent"))
        by_agent: defaultdict[str, list[int]] = defaultdict(list)
        for times, at in zip(map(by_agent.__getitem__, agents), _known(rows), strict=True):
            times.append(at)
        over: dict[str, list[e.Registration]] = {}
        for agent, times in by_agent.items():
            times.sort()
            if any(may_wait(times, version.policy) for version in self.policies.versions):
                over[agent] = []
        if over:
            for place, agent in enumerate(agents):
                if agent in over:
                    over[agent].append(rows[place])
        return {
            registration: until
            for waited in over.values()
            for registration, until in waiting(waited, self.policies, self.zone).items()
        }


def _column(rows: Sequence[tuple[object, ...]], field: str) -> Sequence[object]:
    return rows.column(field) if isinstance(rows, Rows) else [getattr(row, field) for row in rows]


def _known(rows: Sequence[e.Registration]) -> Sequence[Micros]:
    """`known_at` of every registration."""
    sealed = cast("Sequence[Micros | None]", _column(rows, "sealed_at"))
    if isinstance(sealed, array):  # every one was sealed
        return sealed
    at = cast("Sequence[e.Time]", _column(rows, "at"))
    return [earliest(when) if seal is None else seal for seal, when in zip(sealed, at, strict=True)]


def waiting(rows: Sequence[e.Registration], policies: PolicyHistory, zone: Zone) -> dict[EvidenceId, Micros]:
    """A10 频控: from when one agent's registrations over the cap took effect.

    A place is taken from effect until the report window has ended, or free at the instant of release. Over the daily
    cap a registration waits for the next civil day. Whoever came first waits least; one that was sealed late came
    late, so it holds up no earlier one.
    """
    every = [version.policy for version in policies.versions]
    if not any(may_wait(sorted(map(known_at, rows)), one) for one in every):
        return {}
    queue: dict[EvidenceId, Micros] = {}
    leaving: list[int] = []
    per_day: dict[int, int] = defaultdict(int)
    for row in sorted(rows, key=lambda row: (known_at(row), row.id)):
        at = known_at(row)
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


def may_wait(times: Sequence[int], policy: Policy) -> bool:
    """Whether so many came in so short a time that somebody may have had to wait."""
    if policy.daily_cap is not None:
        return True
    cap = policy.live_cap
    if cap is None or len(times) <= cap:
        return False
    window = (policy.report_valid_days + 1) * DAY
    return bool(min(map(sub, times[cap:], times)) <= window)


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
    return end if row.released_at is None else min(end, max(begin, earliest(row.released_at)) - 1)
