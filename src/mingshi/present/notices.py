"""The standard wording of notices, filled in with the particulars of a site (LAW §6.2).

The rules this module keeps: what it makes passes the linter for every purpose (a test asks), and nothing is told that
the site did not state: recipients are those named, retention is the number given.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from mingshi.domain.notice.fields import needed
from mingshi.domain.notice.lint import PLAIN_NEEDED
from mingshi.domain.notice.notice import Notice, Wording
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.timeline import Micros


class Particulars(NamedTuple):
    """What only the site can say."""

    handlers: tuple[str, ...]
    """The handler first, then those who answer with it (PIPL 20)."""
    address: str
    contact: str
    officer: str
    link: str
    retention_days: int
    recipients: tuple[str, ...] = ()


@cache
def wording() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """Section → field → language → lines."""
    return tomllib.loads((files("mingshi.present") / "notices.toml").read_text(encoding="utf-8"))


def standard_notice(purpose: Purpose, version: str, effective_from: Micros, site: Particulars) -> Notice:
    """A notice in the standard words."""
    words = wording()
    said = {**words["common"], **words[purpose.value]}
    told: dict[str, Wording] = {}
    for field in needed(purpose):
        if field.name == "recipients":
            told[field.name] = _recipients(site, said["no_recipient"])
        elif field.name in said:
            told[field.name] = _filled(said[field.name], site)
    plain_names = [field.name for field in needed(purpose) if field.layer == 1 or field.name in PLAIN_NEEDED]
    plain = {name: _filled(words["plain"][name], site) for name in plain_names}
    return Notice(
        purpose=purpose,
        version=version,
        effective_from=effective_from,
        retention_days=site.retention_days,
        link=site.link,
        handlers=site.handlers,
        recipients=site.recipients,
        words=told,
        plain=plain,
    )


def _recipients(site: Particulars, nobody: Mapping[str, list[str]]) -> Wording:
    return (
        Wording(site.recipients, site.recipients)
        if site.recipients
        else Wording(tuple(nobody["zh"]), tuple(nobody["en"]))
    )


def _filled(said: Mapping[str, list[str]], site: Particulars) -> Wording:
    return Wording(_lines(said["zh"], site, "、"), _lines(said["en"], site, ", "))


def _lines(lines: list[str], site: Particulars, comma: str) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        if line == "{each_handler}":
            found += site.handlers
            continue
        values = {
            "handler": site.handlers[0],
            "handlers": comma.join(site.handlers),
            "address": site.address,
            "contact": site.contact,
            "officer": site.officer,
            "days": str(site.retention_days),
        }
        found.append(line.format_map(values))
    return tuple(found)
