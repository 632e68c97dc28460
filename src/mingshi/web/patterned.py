"""Patterns over many deals as pages show them: found beforehand, kept for ninety days at most, with the replies to them.

The rules this module keeps (amendment 17):

1. A page reads what was found the last time somebody looked, with the date; it never looks itself.
2. Each is told with what may be innocent about it and what would clear it, and with the reply of whom it is about.
   It decides nothing and stands on no deal.
3. Nothing here leads to a visitor.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.app.patterns_of import Looked
from mingshi.app.ports import Transaction
from mingshi.credentials.keeping import Keeping, digest_of
from mingshi.domain import evidence as e
from mingshi.domain.judge.patterns import Pattern
from mingshi.kernel.canonical import Json, integer, mapping, sequence
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.tell_pattern import Told, told_pattern
from mingshi.web.asking import Ask
from mingshi.web.reviewing import signer

_KIND: Final = "patterns"
_LAST: Final = "last"
_REPLIES: Final = "pattern-reply"
_KEPT: Final = 90 * DAY
_DEVICE, _AGENT = "device ", "agent "


class Reply(NamedTuple):
    """What somebody said of a pattern about them."""

    who: str
    words: str
    at: Micros


class Shown(NamedTuple):
    """One pattern."""

    key: str
    pattern: Pattern
    told: Told
    about: tuple[str, ...]
    """Whom it is about, by id; empty: the site, or a device."""
    replies: tuple[Reply, ...]


class Found(NamedTuple):
    """What was found the last time somebody looked."""

    at: Micros
    deals: int
    arrivals: int
    shown: tuple[Shown, ...]


def keep(keeping: Keeping, looked: Looked) -> None:
    """Keep what was found, in the place of what was there."""
    rows: list[Json] = [
        {
            "id": one.id,
            "subject": one.subject,
            "since": one.since,
            "until": one.until,
            "seen": one.seen,
            "of": one.of,
            "args": dict(one.args),
        }
        for one in looked.patterns
    ]
    value: dict[str, Json] = {"at": looked.at, "deals": looked.deals, "arrivals": looked.arrivals, "patterns": rows}
    keeping.put(_KIND, _LAST, value, Micros(looked.at + _KEPT))


def looked_at(keeping: Keeping, now: Micros) -> Micros | None:
    """When somebody last looked."""
    kept = keeping.get(_KIND, _LAST, now)
    return None if kept is None else Micros(integer(kept["at"]))


def found(ask: Ask, about: str = "") -> Found | None:
    """What was found; None: nobody has looked yet. `about`: only what is about this person, and only their replies."""
    kept = ask.office.keeping.get(_KIND, _LAST, ask.now)
    if kept is None:
        return None
    patterns = [_pattern(mapping(row)) for row in sequence(kept["patterns"])]
    wanted = [one for one in patterns if not about or about in about_of(one)]
    shown = ask.office.look(lambda transaction: tuple(_shown(ask, transaction, one, about) for one in wanted))
    return Found(Micros(integer(kept["at"])), integer(kept["deals"]), integer(kept["arrivals"]), shown)


def count_about(ask: Ask) -> int:
    """How many are about who asks: one look into what is kept."""
    kept = ask.office.keeping.get(_KIND, _LAST, ask.now)
    rows = [] if kept is None else sequence(kept["patterns"])
    return sum(1 for row in rows if ask.me.id in about_of(_pattern(mapping(row))))


def reply(ask: Ask, key: str, words: str) -> None:
    """Keep what somebody says of a pattern about them; a later word takes the place of the earlier one."""
    kept: dict[str, Json] = {"who": ask.me.id, "words": words, "at": ask.now}
    ask.office.keeping.put(_REPLIES, f"{key}/{digest_of(ask.me.id)[:16]}", kept, Micros(ask.now + _KEPT))


def about_of(pattern: Pattern) -> tuple[str, ...]:
    """Whom a pattern is about."""
    if pattern.id == "F-PAIR":
        return str(pattern.args["consultant"]), str(pattern.args["agent"])
    if pattern.id in ("F-COVER", "F-ERASE") or pattern.subject.startswith(_DEVICE):
        return ()
    return (pattern.subject.removeprefix(_AGENT),)


def _pattern(row: Mapping[str, Json]) -> Pattern:
    return Pattern(
        str(row["id"]),
        str(row["subject"]),
        Micros(integer(row["since"])),
        Micros(integer(row["until"])),
        integer(row["seen"]),
        integer(row["of"]),
        (),
        mapping(row["args"]),
    )


def _shown(ask: Ask, transaction: Transaction, pattern: Pattern, own: str) -> Shown:
    key = digest_of(f"{pattern.id}/{pattern.subject}")[:24]
    about = about_of(pattern)
    if pattern.subject.startswith(_DEVICE):
        number = pattern.subject.removeprefix(_DEVICE)
        subject = ask.say(f"一部手机（第 {number} 部）", f"a phone (no. {number})")
    else:
        subject = " / ".join(_named(ask, transaction, who) for who in about)
    kept = ask.office.keeping.every(_REPLIES, ask.now)
    replies = [
        Reply(_named(ask, transaction, str(row["who"])), str(row["words"]), Micros(integer(row["at"])))
        for at, row in kept.items()
        if at.startswith(f"{key}/") and own in ("", row["who"])
    ]
    told = told_pattern(pattern, ask.lang, ask.office.zone, subject)
    return Shown(key, pattern, told, about, tuple(sorted(replies, key=lambda one: one.at)))


def _named(ask: Ask, transaction: Transaction, who: str) -> str:
    for row in transaction.read(e.Agent, "id", who):
        return ask.say(f"{row.name}（{row.agency}）", f"{row.name} ({row.agency})")
    return signer(ask, transaction, who)
