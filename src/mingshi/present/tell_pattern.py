"""A pattern in words: what was counted, what may be innocent about it, what would clear it."""

from typing import NamedTuple

from mingshi.domain.judge.patterns import Pattern
from mingshi.kernel.timeline import Zone
from mingshi.present.texts import Lang, fill, text


class Told(NamedTuple):
    """A pattern, in three parts."""

    seen: str
    innocent: str
    clears: str


def told_pattern(pattern: Pattern, lang: Lang, zone: Zone, subject: str = "") -> Told:
    """Its three parts. `subject`: what whom it is about is called; empty: as the pattern has it."""
    args = {"subject": subject or pattern.subject, "seen": pattern.seen, "of": pattern.of, **pattern.args}
    return Told(
        fill(text("pattern", pattern.id, lang), args, lang, zone),
        text("pattern_innocent", pattern.id, lang),
        text("pattern_clears", pattern.id, lang),
    )


def tell_pattern(pattern: Pattern, lang: Lang, zone: Zone) -> str:
    """Three sentences, for whoever looks after the site and for whom the pattern is about."""
    seen, innocent, clears = told_pattern(pattern, lang, zone)
    last = f"可消除：{clears}" if lang is Lang.ZH else f"What would clear it: {clears}"
    return ("" if lang is Lang.ZH else " ").join((seen, innocent, last))
