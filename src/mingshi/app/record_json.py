"""Records as canonical JSON and back: how a fact stands in the openings of its entry.

The rules this module keeps:

1. `decode(kind, encode(record)) == record` for every kind (a property test compares); an empty field is left
   out and comes back empty, so that a later field with an empty default reads old facts.
2. Text is normalised (NFC) on the way in: two spellings of one name would be two facts (LEDGER §1.2).
3. What is written has a canonical form: integers beyond 2**53 - 1 are refused here, so that nothing need be looked
   through again before it is sealed.
4. An instant `at` is written as `at_us`, which a verifier compares with the witnesses' times (entry.md §4).
"""

import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, Final, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from mingshi.kernel.canonical import SAFE_INTEGER, Json, NotCanonicalError, integer, sequence
from mingshi.kernel.timeline import Interval, Micros

R = TypeVar("R", bound=tuple[object, ...])
_AT: Final = "at_us"


class _Field(NamedTuple):
    empty: object
    read: Callable[[Json], object]


def encode(record: tuple[object, ...]) -> dict[str, Json]:
    """Every field that is not empty. Raises `NotCanonicalError`."""
    value: dict[str, Json] = {}
    for (name, empty), item in zip(_empties(type(record)), record, strict=True):
        if item is not empty and (item != empty or type(item) is not type(empty)):
            instant = name == "at" and isinstance(item, int)
            value[_AT if instant else name] = _written(item)
    return value


def decode(kind: type[R], value: Mapping[str, Json]) -> R:
    """The record of its fields. Keys that are no field of the kind are passed over."""
    if _AT in value:
        value = {**value, "at": value[_AT]}
    fields = [field.read(value[name]) if name in value else field.empty for name, field in shape_of(kind).items()]
    return cast("R", kind._make(fields))  # type: ignore[attr-defined]  # every record is a NamedTuple


@cache
def shape_of(kind: type[tuple[object, ...]]) -> Mapping[str, _Field]:
    """The fields of a kind, in order."""
    hints = get_type_hints(kind)
    return {name: _field(hints[name]) for name in kind._fields}  # type: ignore[attr-defined]  # a NamedTuple


@cache
def _empties(kind: type[tuple[object, ...]]) -> tuple[tuple[str, object], ...]:
    return tuple((name, field.empty) for name, field in shape_of(kind).items())


def _field(hint: Any) -> _Field:
    options = get_args(hint) if get_origin(hint) in (Union, type(int | str)) else (hint,)
    optional = NoneType in options
    plain = [_plain(one) for one in options if one is not NoneType]
    if Interval in plain:
        return _Field(None, _time)
    (one,) = plain
    if get_origin(one) is tuple:
        return _Field(None if optional else (), lambda value: tuple(map(str, sequence(value))))
    if issubclass(one, StrEnum):
        return _Field(None if optional else "", one)
    empty: object = None if optional or one is int else False if one is bool else ""
    return _Field(empty, lambda value: value)


def _plain(hint: Any) -> Any:
    """What a NewType stands for."""
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint


def _time(value: Json) -> object:
    if isinstance(value, int):
        return Micros(value)
    first, last = sequence(value)
    return Interval(Micros(integer(first)), Micros(integer(last)))


def _written(item: object) -> Json:
    if isinstance(item, StrEnum):
        return str(item.value)
    if isinstance(item, str):
        return item if item.isascii() else unicodedata.normalize("NFC", item)
    if isinstance(item, tuple):
        return [_written(each) for each in item]
    if type(item) is int and not -SAFE_INTEGER <= item <= SAFE_INTEGER:
        raise NotCanonicalError(f"integer {item} is beyond 2**53 - 1")
    return cast("Json", item)
