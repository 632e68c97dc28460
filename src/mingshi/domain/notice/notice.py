"""A notice as a value: its words in both languages, its version, its digest.

The rules this module keeps:

1. Its canonical bytes are what is published, shown, sealed and hashed: one text, one digest (L-09).
2. Every field holds lines in both languages; beside them stands the same in plain words, for whoever reads slowly.
"""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from mingshi.domain.notice.fields import MATERIAL
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.canonical import Json, dumps, integer, loads, mapping, sequence
from mingshi.kernel.timeline import Micros


class Wording(NamedTuple):
    """What a field says, line by line."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


class Notice(NamedTuple):
    """One version of a notice for one purpose."""

    purpose: Purpose
    version: str
    effective_from: Micros
    retention_days: int
    """How long, in days, at most: the words of `retention` must name the same number."""
    link: str
    """Where the whole text can be read, saved and printed (NDR 21)."""
    handlers: tuple[str, ...]
    """Names of all who answer for it together (PIPL 20): developer, sales agency, channel; at least one."""
    recipients: tuple[str, ...]
    """Names of those who are told; empty: nobody."""
    words: Mapping[str, Wording]
    """Field → what it says (`fields.FIELDS`)."""
    plain: Mapping[str, Wording]
    """The same in plain words."""

    def as_json(self) -> dict[str, Json]:
        """What is published."""
        return {
            "v": 1,
            "purpose": self.purpose.value,
            "version": self.version,
            "effective_from": self.effective_from,
            "retention_days": self.retention_days,
            "link": self.link,
            "handlers": list(self.handlers),
            "recipients": list(self.recipients),
            "words": _written(self.words),
            "plain": _written(self.plain),
        }

    @property
    def text(self) -> str:
        """The canonical text."""
        return dumps(self.as_json()).decode()

    @property
    def sha256(self) -> str:
        """The digest of the canonical bytes, 64 hexadecimal digits."""
        return hashlib.sha256(dumps(self.as_json())).hexdigest()


def notice_of(text: str) -> Notice:
    """The notice of its canonical text. Raises `ValueError`, `KeyError`, `TypeError` for another text."""
    kept = mapping(loads(text.encode()))
    if kept["v"] != 1:
        raise ValueError(f"notice format {kept['v']!r}")
    return Notice(
        purpose=Purpose(str(kept["purpose"])),
        version=str(kept["version"]),
        effective_from=Micros(integer(kept["effective_from"])),
        retention_days=integer(kept["retention_days"]),
        link=str(kept["link"]),
        handlers=tuple(map(str, sequence(kept["handlers"]))),
        recipients=tuple(map(str, sequence(kept["recipients"]))),
        words=_read(kept["words"]),
        plain=_read(kept["plain"]),
    )


def changed(old: Notice, new: Notice) -> tuple[str, ...]:
    """The material things in which two versions differ: what people must be told has changed (PIPL 17(2))."""
    found = [name for name in MATERIAL if old.words.get(name) != new.words.get(name)]
    if old.retention_days != new.retention_days and "retention" not in found:
        found.append("retention")
    if old.recipients != new.recipients and "recipients" not in found:
        found.append("recipients")
    if old.handlers != new.handlers:
        found.append("handlers")
    return tuple(found)


def _written(words: Mapping[str, Wording]) -> dict[str, Json]:
    return {name: {"zh": list(said.zh), "en": list(said.en)} for name, said in words.items()}


def _read(value: Json) -> dict[str, Wording]:
    found = {}
    for name, said in mapping(value).items():
        lines = mapping(said)
        found[name] = Wording(tuple(map(str, sequence(lines["zh"]))), tuple(map(str, sequence(lines["en"]))))
    return found
