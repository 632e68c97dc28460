"""Canonical JSON: one value, one sequence of bytes.

The rules this module keeps (RFC 8785, restricted to what rulings and log entries need):

1. Keys are ASCII and sorted; no white space; strings escaped as RFC 8785 §3.2.2.2 says; UTF-8.
2. Numbers are integers with below 2**53 in size: no floating point ever enters evidence or money.
3. What cannot be written canonically is refused, never repaired: floats, other key types, lone surrogates.
4. Reading refuses duplicate keys, floats and numbers out of range, so that a value read and written again
   is the same value.

Within this subset CPython's `json` writes exactly RFC 8785's bytes (a test compares with an independent
implementation), so its C encoder is used and only the restrictions are our own.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias, Union

SAFE_INTEGER: Final = 2**53 - 1
"""Largest integer that every JSON reader keeps exactly (RFC 8785 §3.2.2.3, IEEE 754 double)."""

Json: TypeAlias = Union[None, bool, int, str, "Sequence[Json]", "Mapping[str, Json]"]
"""Sequences are written as arrays, mappings as objects; lists, tuples and dicts only."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


class NotCanonicalError(ValueError):
    """A value or text that has no place in canonical JSON; the message names what and why."""


def dumps(value: Json) -> bytes:
    """The canonical bytes of `value`. Raises `NotCanonicalError` for anything outside the subset."""
    _check(value)
    try:
        return _encode(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonicalError(f"a lone surrogate cannot be written as UTF-8: {error.reason}") from error


def loads(data: bytes) -> Json:
    """The value that the bytes stand for. Raises `NotCanonicalError` for duplicates, floats, bad UTF-8."""
    try:
        value: Json = json.loads(
            data.decode(), object_pairs_hook=_no_duplicates, parse_float=_no_float, parse_constant=_no_float
        )
    except (ValueError, RecursionError) as error:
        raise NotCanonicalError(str(error)) from error
    dumps(value)  # lone surrogates and integers out of range are found by writing
    return value


def sha256_hex(value: Json) -> str:
    """SHA-256 of the canonical bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(dumps(value)).hexdigest()


def mapping(value: Json) -> Mapping[str, Json]:
    """A value known to be an object; `TypeError` if it is none."""
    if not isinstance(value, Mapping):
        raise TypeError(f"an object was expected, not {type(value).__name__}")
    return value


def sequence(value: Json) -> Sequence[Json]:
    """A value known to be an array; `TypeError` if it is none."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError(f"an array was expected, not {type(value).__name__}")
    return value


def integer(value: Json) -> int:
    """A value known to be an integer; `TypeError` if it is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"an integer was expected, not {type(value).__name__}")
    return value


def _check(value: Json) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -SAFE_INTEGER <= value <= SAFE_INTEGER:  # type: ignore[operator]  # kind is int
            raise NotCanonicalError(f"integer {value} is beyond 2**53 - 1")
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                raise NotCanonicalError(f"key {key!r} is not ASCII text")
            _check(item)
        return
    if isinstance(value, list | tuple):
        for item in value:
            _check(item)
        return
    if isinstance(value, str):  # a StrEnum member writes as its value
        return
    raise NotCanonicalError(f"{kind.__name__} has no canonical form")


def _no_duplicates(pairs: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    result: dict[str, Json] = {}
    for key, value in pairs:
        if key in result:
            raise NotCanonicalError(f"key {key!r} occurs twice")
        result[key] = value
    return result


def _no_float(text: str) -> Json:
    raise NotCanonicalError(f"number {text} is not an integer")
