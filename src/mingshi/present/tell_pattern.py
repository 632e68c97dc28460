"""A pattern in words: what was counted, what may be innocent about it, what would clear it."""

from mingshi.domain.judge.patterns import Pattern
from mingshi.kernel.timeline import Zone
from mingshi.present.texts import Lang, fill, text


def tell_pattern(pattern: Pattern, lang: Lang, zone: Zone) -> str:
    """Three sentences, for whoever looks after the site and for whom the pattern is about."""
    args = {"subject": pattern.subject, "seen": pattern.seen, "of": pattern.of, **pattern.args}
    told = [
        fill(text("pattern", pattern.id, lang), args, lang, zone),
        text("pattern_innocent", pattern.id, lang),
    ]
    clears = text("pattern_clears", pattern.id, lang)
    told.append(f"可消除：{clears}" if lang is Lang.ZH else f"What would clear it: {clears}")
    return ("" if lang is Lang.ZH else " ").join(told)
