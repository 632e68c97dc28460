"""The texts of `texts.toml` and `rights.toml`, and how their arguments are written.

The rules this module keeps:

1. Every text exists in Chinese and English with the same arguments (a test compares).
2. Times are civil times of the project; the last instant of a day is written as that day, because a window
   "until 2 June" includes all of it.
"""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

from mingshi.kernel.canonical import Json, integer
from mingshi.kernel.timeline import MINUTE, SECOND, Zone

MISSING: Final = "—"
CATALOGUES: Final = ("rights.toml", "texts.toml")
"""Files of texts; sections of the same name are one, and what the later says holds."""


class Lang(StrEnum):
    """The two languages."""

    ZH = "zh"
    EN = "en"


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Section → key → language → text."""
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for name in CATALOGUES:
        for section, texts in tomllib.loads((files("mingshi.present") / name).read_text(encoding="utf-8")).items():
            found.setdefault(section, {}).update(texts)
    return found


def text(section: str, key: str, lang: Lang) -> str:
    """A text without arguments. Raises `KeyError` where the catalogue has none."""
    return catalogue()[section][key][lang.value]


def finding_text(finding: Mapping[str, Json], lang: Lang, zone: Zone, registered_at: Json = None) -> str:
    """What a rule answered, in a sentence. `registered_at`: when the claim it is about was registered."""
    rule, answer = str(finding["rule"]), str(finding["answer"])
    key = str(finding.get("reason") or answer)
    sections = catalogue()
    special = f"{rule}_{answer}"
    section = special if key in sections.get(special, {}) else rule
    args = finding.get("args")
    assert args is None or isinstance(args, dict)
    about = {"registered_at": registered_at or finding.get("registered_at"), "evidence": finding.get("evidence")}
    return fill(sections[section][key][lang.value], about | (args or {}), lang, zone)


def fill(template: str, args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """A text with its arguments written out, and with what follows from them: the arithmetic of a refusal."""
    values = {name: _write(name, value, lang, zone) for name, value in args.items()}
    for name, reckon in _RECKONED.items():
        if f"{{{name}}}" in template:
            values[name] = reckon(args, lang, zone)
    return template.format_map(values)


def _gap(args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """Between registration and arrival."""
    del zone
    return gap_text(integer(args["arrived_at"]) - integer(args["submitted_at"]), lang)


def _short(args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """By how much the lead was missed."""
    del zone
    gap = integer(args["arrived_at"]) - integer(args["submitted_at"])
    return gap_text(integer(args["lead_min"]) * MINUTE - gap, lang)


def _over(args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """By how much a limit was passed: in civil days, as people count them; within a day, in hours."""
    at, limit = integer(args.get("node_at") or args["arrived_at"]), integer(args["deadline_at"])
    days = (zone.day(at) - zone.day(limit)).days
    return _days(days, lang) if days else gap_text(at - limit, lang)


def _ago(args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """How long before the registration: in days, so that a client's hours are nobody's."""
    before, at = args.get("visited_at") or args.get("contacted_at"), args.get("registered_at")
    if before is None or at is None:
        return MISSING
    days = (zone.day(integer(at)) - zone.day(integer(before))).days
    if days <= 0:
        return "同一天" if lang is Lang.ZH else "the same day"
    return f"{_days(days, lang)}前" if lang is Lang.ZH else f"{_days(days, lang)} earlier"


def _protection(args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """How long a visit of the client's own is protected; it may be for good."""
    del zone
    days = args.get("days")
    if days is None:
        return "永久保护期" if lang is Lang.ZH else "a protection without end"
    return f"{days} 天保护期" if lang is Lang.ZH else f"{_days(integer(days), lang)} of protection"


def _days(days: int, lang: Lang) -> str:
    if lang is Lang.ZH:
        return f"{days} 天"
    return f"{days} day" if days == 1 else f"{days} days"


def time_text(at: int, lang: Lang, zone: Zone) -> str:
    """`5月3日 09:12`, `3 May 09:12`; with seconds where they are not zero; a day's end as the day."""
    local = zone.local(at)
    end_of_day = (local + timedelta(microseconds=1)).time() == local.time().min
    day = (
        f"{local:%Y}年{local.month}月{local.day}日"
        if lang is Lang.ZH
        else f"{local.day} {MONTHS[local.month]} {local:%Y}"
    )
    if end_of_day:
        return day
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{day} {clock}"


def gap_text(micros: int, lang: Lang) -> str:
    """How much time lay between: days and hours above a day, minutes (and seconds) below two hours."""
    seconds = abs(micros) // SECOND
    minutes, left = divmod(seconds, 60)
    hours, days = minutes // 60, minutes // 1440
    if days >= 2:
        return f"{days} 天" if lang is Lang.ZH else f"{days} days"
    if hours >= 2:
        rest = minutes % 60
        zh, en = f"{hours} 小时" + (f" {rest} 分" if rest else ""), f"{hours} h" + (f" {rest} min" if rest else "")
        return zh if lang is Lang.ZH else en
    if left:
        return f"{minutes} 分 {left} 秒" if lang is Lang.ZH else f"{minutes} min {left} s"
    return f"{minutes} 分钟" if lang is Lang.ZH else f"{minutes} min"


def _write(name: str, value: Json, lang: Lang, zone: Zone) -> str:
    if value is None:
        return MISSING
    if name == "evidence":
        assert isinstance(value, list)
        return ("、" if lang is Lang.ZH else ", ").join(map(str, value)) or MISSING
    if name.endswith("_at") or name in ("until", "at", "arrived_latest", "submitted_latest"):
        return time_text(integer(value), lang, zone)
    if name in ("means", "fields"):
        section = "means" if name == "means" else "field"
        assert isinstance(value, list)
        words = [text(section, str(item), lang) for item in value]
        return ("、" if lang is Lang.ZH else ", ").join(words) or MISSING
    if name in ("origin", "node", "why", "changed"):
        return text(name, str(value), lang)
    if name == "hours" and value == 0:
        return "不到 1" if lang is Lang.ZH else "less than 1"
    return str(value)


_RECKONED: Final = {"gap": _gap, "short": _short, "over": _over, "ago": _ago, "protection": _protection}
"""What a text may say that no finding holds: it follows from the finding's own times."""
MONTHS: Final = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
