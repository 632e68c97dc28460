"""Templates: two languages side by side in one template, so that they are reviewed together.

The rules this module keeps:

1. What a template is not given it cannot show (`StrictUndefined`); everything is escaped, but for pictures that
   `present` drew.
2. `_("中文", "English")` is a page's own text; texts of rules and refusals come from `present/texts.toml`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

import jinja2

from mingshi.credentials.keeping import derived
from mingshi.domain.ids import visible
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission, Role, may
from mingshi.kernel.fen import yuan_text
from mingshi.present.texts import MONTHS, Lang, text, time_text
from mingshi.web.asking import Ask, Page
from mingshi.web.forms import Both

NAV: Final = (
    (Permission.BUYER_RECORD_READ, "/me", "我的到访", "My visits"),
    (Permission.AGENT_CLIENT_READ, "/agent", "我的客户", "My clients"),
    (Permission.RECEPTION_QUEUE_READ, "/desk", "今日到访", "Visits today"),
    (Permission.CONSULTANT_CLIENT_READ, "/consult", "我的客户", "My clients"),
    (Permission.MANAGER_RULING_READ, "/rulings", "判客台账", "Rulings"),
    (Permission.MANAGER_REQUEST_ANSWER, "/requests", "客户请求", "Requests"),
    (Permission.MANAGER_WINDOW_APPROVE, "/windows", "延期", "Extensions"),
    (Permission.MANAGER_RULES_READ, "/rules", "判客规则", "Rules"),
    (Permission.RISK_FLAG_READ, "/risk", "疑似清单", "Signs"),
    (Permission.RISK_PATTERN_READ, "/risk/patterns", "多单规律", "Patterns"),
    (Permission.FINANCE_SETTLEMENT_READ, "/finance", "结佣", "Settlements"),
    (Permission.AUDITOR_RECORD_READ, "/audit", "检查", "Inspection"),
    (Permission.AGENCY_RULING_READ, "/agency", "判客与复核", "Rulings and reviews"),
    (Permission.AGENCY_RULES_READ, "/agency/rules", "判客规则", "Rules"),
    (Permission.SESSION_CREDENTIAL_KEEP, "/account", "登录方式", "Sign-in settings"),
    (Permission.DISPLAY_DOOR_SHOW, "/door", "门口码", "Door code"),
)
"""What each role finds at the top of a page; shown where the table of permissions gives it."""


_OF_PASSES: Final = frozenset({"device-key.js", "passkey.js"})
"""The browser's half of passes stands beside the half that judges it; served, never imported."""


ENDS: Final = ("。", "！", "？", ".", "!", "?")


@cache
def static_file(name: str) -> tuple[bytes, str] | None:
    """An own style sheet or module, and its digest."""
    folder = files("mingshi.web") / "static"
    known = {one.name for one in folder.iterdir()}
    if name == "verify.js":
        body = (files("mingshi.ledger") / "verify.js").read_bytes()
    elif name in _OF_PASSES:
        body = (files("mingshi.passes") / "static" / name).read_bytes()
    elif name in known:
        body = (folder / name).read_bytes()
    else:
        return None
    return body, hashlib.sha256(body).hexdigest()[:16]


def asset(name: str) -> str:
    """The address of an own file; it changes with its content."""
    found = static_file(name)
    assert found is not None, f"no static file {name}"
    return f"/static/{found[1]}/{name}"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mingshi.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )
    environment.globals.update(asset=asset, Permission=Permission, Role=Role)
    environment.filters.update(masked=visible, yuan=yuan_text, cap=lambda text: text[:1].upper() + text[1:])
    return environment


def render(ask: Ask, page: Page) -> str:
    """The page as HTML."""
    form = ask.form
    zh = ask.lang is Lang.ZH

    def both(words: Both) -> str:
        return words.zh if zh else words.en

    def when(at: Any) -> str:
        return time_text(earliest(at), ask.lang, ask.office.zone)

    shared: dict[str, Any] = {
        "_": ask.say,
        "zh": zh,
        "html_lang": "zh-CN" if zh else "en",
        "project": ask.office.project,
        "session": ask.session,
        "role": ask.role,
        "may": lambda permission: may(ask.role, permission),
        "path": ask.path,
        "method": ask.method,
        "csrf": csrf_of(ask),
        "once": ask.office.random_bytes(12).hex(),
        "word": lambda section, key: text(section, key, ask.lang),
        "form": form,
        "errors": {name: both(words) for name, words in form.errors.items()},
        "nonce": ask.nonce,
        "run_on": lambda lines: run_on(lines, ask.lang),
        "when": when,
        "civil": lambda day: _civil(day, ask.lang),
        "clock": lambda at: f"{ask.office.zone.local(earliest(at)):%H:%M}",
        "now": ask.now,
        "demo": ask.office.demo is not None,
        "lang": ask.lang,
        "other_lang": "?" + urlencode({**ask.query, "lang": "en" if zh else "zh"}),
        "nav": NAV,
    }
    values: Mapping[str, Any] = page.values
    return _environment().get_template(page.template).render({**shared, **values})


def run_on(lines: Sequence[str], lang: Lang) -> str:
    """Sentences one after another; what is no whole sentence is set off by a semicolon."""
    between, apart = ("；", "") if lang is Lang.ZH else ("; ", " ")
    told = ""
    for line in lines:
        on = bool(told) and not told.endswith(ENDS)
        told += (between if on else apart if told else "") + (_lower(line) if on else line)
    return told


def _civil(day: str, lang: Lang) -> str:
    """A day or a month of the calendar (`2026-08-31`, `2026-08`) as it is written in a language."""
    year, month, *rest = day.split("-")
    if lang is Lang.ZH:
        return f"{year}年{int(month)}月" + (f"{int(rest[0])}日" if rest else "")
    return (f"{int(rest[0])} " if rest else "") + f"{MONTHS[int(month)]} {year}"


def _lower(line: str) -> str:
    """As it reads within a sentence; a word in capitals stays."""
    return line[:1].lower() + line[1:] if line[:1].isascii() and not line[1:2].isupper() else line


def csrf_of(ask: Ask) -> str:
    """A word that only this browser's pages hold."""
    return derived(ask.browser if ask.session is None else ask.session.token, "form").hex()[:32]
