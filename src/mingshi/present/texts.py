"""The texts of `texts.toml` and how their arguments are written.

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
from mingshi.kernel.timeline import SECOND, Zone

MISSING: Final = "—"


class Lang(StrEnum):
    """The two languages."""

    ZH = "zh"
    EN = "en"


@cache
def catalogue() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Section → key → language → text."""
    return tomllib.loads((files("mingshi.present") / "texts.toml").read_text(encoding="utf-8"))


def text(section: str, key: str, lang: Lang) -> str:
    """A text without arguments. Raises `KeyError` where the catalogue has none."""
    return catalogue()[section][key][lang.value]


def finding_text(finding: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """What a rule answered, in a sentence."""
    rule, answer = str(finding["rule"]), str(finding["answer"])
    key = str(finding.get("reason") or answer)
    sections = catalogue()
    special = f"{rule}_{answer}"
    section = special if key in sections.get(special, {}) else rule
    args = finding.get("args")
    assert args is None or isinstance(args, dict)
    return fill(sections[section][key][lang.value], args or {}, lang, zone)


def fill(template: str, args: Mapping[str, Json], lang: Lang, zone: Zone) -> str:
    """A text with its arguments written out."""
    values = {name: _write(name, value, lang, zone) for name, value in args.items()}
    if "{gap}" in template:
        values["gap"] = gap_text(integer(args["arrived_at"]) - integer(args["submitted_at"]), lang)
    return template.format_map(values)


def time_text(at: int, lang: Lang, zone: Zone) -> str:
    """`5月3日 09:12`, `3 May 09:12`; with seconds where they are not zero; a day's end as the day."""
    local = zone.local(at)
    end_of_day = (local + timedelta(microseconds=1)).time() == local.time().min
    day = (
        f"{local:%Y}年{local.month}月{local.day}日"
        if lang is Lang.ZH
        else f"{local.day} {_MONTHS[local.month]} {local:%Y}"
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
    if name.endswith("_at") or name in ("until", "at", "arrived_latest", "submitted_latest"):
        return time_text(integer(value), lang, zone)
    if name in ("means", "fields"):
        section = "means" if name == "means" else "field"
        assert isinstance(value, list)
        words = [text(section, str(item), lang) for item in value]
        return ("、" if lang is Lang.ZH else ", ").join(words) or MISSING
    if name in ("origin", "node", "why", "changed"):
        return text(name, str(value), lang)
    return str(value)


_MONTHS: Final = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
