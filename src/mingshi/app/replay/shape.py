"""The shape of a dossier, and what differs between two dossiers of one shape: their numbers and their names.

The rules this module keeps:

1. The shape holds everything but numbers and names: which records, every word of a closed list, what is empty, which
   times are days, and which names are the same. Two dossiers of one shape differ in nothing else.
2. Order is that of `gather`; names are numbered as they first occur.
3. What concerns a whole case (rules, zone, clocks, calendar) is no part of it: it is one for all its deals.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from operator import itemgetter
from types import UnionType
from typing import Any, Final, NamedTuple, NewType, Union, get_args, get_origin, get_type_hints

from mingshi.app.replay.noted import Name, NotingZone, Number, Way
from mingshi.domain.judge.dossier import Dossier
from mingshi.kernel.timeline import Interval

WORDS: Final = frozenset({"outcome", "policy", "project", "step"})
"""Texts that the rules look up among words of their own: part of the shape as they stand."""
_OF_THE_CASE: Final = frozenset({"zone", "policies", "as_of", "project", "kept", "clocks", "calendar"})
_EMPTY: Final = ("queue", "lookalikes", "completed")
"""What only some deals have; a deal that has it is judged for itself."""


class Shape(NamedTuple):
    """A dossier taken apart."""

    key: tuple[object, ...]
    numbers: list[Any]
    """Whole numbers, and intervals where a time is a day; None where there is none."""
    names: list[Any]
    """Each once; the first two are the empty one and None."""


class _Parts:
    """Of a kind of record: the places of its names, lists of names, numbers and words."""

    def __init__(self, kind: type[Any]) -> None:
        sorts: dict[str, list[int]] = {"name": [], "names": [], "number": [], "word": []}
        hints = get_type_hints(kind)
        for place, field in enumerate(kind._fields):
            sorts[_sort(field, hints[field])].append(place)
        self.sorts = {place: sort for sort, places in sorts.items() for place in places}
        self.kind = kind
        self.names, self.numbers, self.words = (_values_at(sorts[sort]) for sort in ("name", "number", "word"))
        self.lists = sorts["names"]


def _sort(field: str, hint: object) -> str:
    args = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    plain = {_plain(arg) for arg in args}
    if plain & {int, Interval}:
        return "number"
    if str in plain:
        return "word" if field in WORDS else "name"
    return "names" if get_origin(hint) is tuple else "word"


def _plain(hint: object) -> object:
    return _plain(hint.__supertype__) if isinstance(hint, NewType) else hint


def _values_at(places: Sequence[int]) -> Callable[[tuple[object, ...]], tuple[object, ...]]:
    """`itemgetter`, which gives a tuple for several places only."""
    if not places:
        return lambda _: ()
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))


_parts: dict[type[Any], _Parts] = {}


def _parts_of(kind: type[Any]) -> _Parts:
    if kind not in _parts:
        _parts[kind] = _Parts(kind)
    return _parts[kind]


_RECORDS: Final = tuple(
    place
    for place, field in enumerate(Dossier._fields)
    if field not in {*_OF_THE_CASE, *_EMPTY, "deal", "contacts", "together"}
)
_SCARCE: Final = itemgetter(*(Dossier._fields.index(name) for name in _EMPTY))


def shape_of(dossier: Dossier) -> Shape | None:
    """The dossier taken apart; None where it holds what shapes do not tell: masked numbers, a queue."""
    if any(_SCARCE(dossier)):
        return None
    seen: defaultdict[object, int] = defaultdict()
    seen.default_factory = seen.__len__
    seen[""], seen[None] = 0, 1
    named = seen.__getitem__
    key: list[object] = []
    numbers: list[Any] = []
    _take(dossier.deal, key, numbers, named)
    key.extend(map(named, dossier.contacts))
    for place in _RECORDS:
        records: tuple[Any, ...] = dossier[place]  # type: ignore[assignment]  # a field of records
        if records:
            key += (_END, place)
            for record in records:
                _take(record, key, numbers, named)
    key.append(_END)
    for id_, count in dossier.together.items():
        key += (named(id_), count)
    names = list(seen)
    hidden = "".join(names[2:])  # type: ignore[arg-type]  # all but the first two are texts
    return None if "*" in hidden or "#" in hidden else Shape(tuple(key), numbers, names)


_END: Final = -1


def _take(record: Any, key: list[object], numbers: list[Any], named: Callable[[object], int]) -> None:
    parts = _parts.get(record.__class__) or _parts_of(record.__class__)
    key.extend(map(named, parts.names(record)))
    key.extend(parts.words(record))
    values = parts.numbers(record)
    key.extend(map(type, values))
    numbers.extend(values)
    for place in parts.lists:
        key.append(len(record[place]))
        key.extend(map(named, record[place]))


def noting(dossier: Dossier, names: Sequence[Any], way: Way) -> Dossier:
    """The same dossier with numbers and names that note in `way` what is asked of them."""
    places = {value: place for place, value in enumerate(names)}

    def number(place: int, value: Any) -> Any:
        source = f"n{place}"
        if isinstance(value, Interval):
            return Interval(*(Number(way, f"{source}[{end}]", value[end]) for end in (0, 1)))  # type: ignore[arg-type]
        return None if value is None else Number(way, source, value)

    def name(value: Any) -> Any:
        return Name(way, f"s{places[value]}", value) if value else value

    return with_others(dossier, number, name).but(zone=NotingZone(dossier.zone.offset_min))


def with_others(dossier: Dossier, number: Callable[[int, Any], Any], name: Callable[[str | None], Any]) -> Dossier:
    """A dossier of the same shape. `number`: what stands for a number, from its place among the shape's and itself;
    `name`: what stands for a name.
    """
    place = -1

    def record(row: Any) -> Any:
        nonlocal place
        parts = _parts_of(type(row))
        values = list(row)
        for field, sort in sorted(parts.sorts.items()):
            if sort == "name":
                values[field] = name(values[field])
            elif sort == "number":
                place += 1
                values[field] = number(place, values[field])
            elif sort == "names":
                values[field] = tuple(name(one) for one in values[field])
        return parts.kind(*values)

    fields: dict[str, object] = {"deal": record(dossier.deal)}
    for index in _RECORDS:
        rows: tuple[Any, ...] = dossier[index]  # type: ignore[assignment]  # a field of records
        fields[Dossier._fields[index]] = tuple(record(row) for row in rows)
    fields["contacts"] = tuple(name(one) for one in dossier.contacts)
    fields["together"] = {name(id_): count for id_, count in dossier.together.items()}
    return dossier.but(**fields)
