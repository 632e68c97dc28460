"""What is held on a person, in words: the copy that they print (PIPL 45; L-27).

The rules this module keeps: it tells what `app.see_person` read and nothing else; every field has a word in both
languages (a test compares with the records), and a value that has none is shown as it stands.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.kernel.fen import Fen, yuan_text
from mingshi.kernel.timeline import Micros, Zone
from mingshi.present.texts import Lang, catalogue, text, time_text

WORDS_OF: Final = {"field": "changed", "outcome": "outcome"}
"""Fields whose values have a section of their own."""
WORDED: Final = frozenset(
    {
        "act", "age", "bound_to", "by", "confirmed_by", "door_code", "first_contact_where", "kind", "language", "means",
        "origin", "purpose", "released_by", "scope", "stage", "token", "window",
    }
)  # fmt: skip
"""Fields whose values are one of a few words; all else is somebody's own words or an id."""
_OF_HEAD: Final = frozenset({"id", "sealed_at"})
"""What stands above the fields already."""


class Line(NamedTuple):
    """One thing that is held."""

    what: str
    id: str
    entry: int
    sealed_at: Micros
    basis: str
    ground: str
    until: Micros
    says: tuple[tuple[str, str], ...]


def lines_of(told: Mapping[str, Json], lang: Lang, zone: Zone) -> list[Line]:
    """Everything held, in the order of the log."""
    items = sorted((mapping(one) for one in sequence(told["items"])), key=lambda one: integer(one["entry"]))
    return [_line(one, lang, zone) for one in items]


def _line(item: Mapping[str, Json], lang: Lang, zone: Zone) -> Line:
    record = str(item["record"])
    says = [
        (text("held_field", name.removesuffix("_us"), lang), _value(name, value, lang, zone))
        for name, value in mapping(item["says"]).items()
        if name not in _OF_HEAD
    ]
    what = catalogue()["held_record"].get(record)
    return Line(
        record if what is None else what[lang.value],
        str(item["id"]),
        integer(item["entry"]),
        Micros(integer(item["sealed_at"])),
        text("basis", str(item["basis"]), lang),
        str(item["ground"]),
        Micros(integer(item["until"])),
        tuple(says),
    )


def _value(name: str, value: Json, lang: Lang, zone: Zone) -> str:
    if isinstance(value, bool):
        return text("held_word", str(value).lower(), lang)
    timed = name.endswith(("_at", "_us", "_until")) or name in ("at", "since")
    if isinstance(value, Sequence) and not isinstance(value, str):  # a time may be known to lie between two
        between = " – " if timed else "、" if lang is Lang.ZH else ", "
        return between.join(_value(name, one, lang, zone) for one in value)
    if isinstance(value, int):
        return time_text(value, lang, zone) if timed else yuan_text(Fen(value)) if name.endswith("_fen") else str(value)
    section = WORDS_OF.get(name, "held_word" if name in WORDED else "")
    word = catalogue()[section].get(str(value)) if section else None
    return str(value) if word is None else word[lang.value]
