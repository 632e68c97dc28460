"""Pages that need nothing but themselves: one style sheet, its digest in the page's own content security policy."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import jinja2

from mingshi.present.texts import Lang, text


def render(template: str, context: Mapping[str, object], lang: Lang, section: str = "report") -> str:
    """A template with the style, the language, and `t`: the texts of a section."""
    css, css_hash = _style()
    zh = lang is Lang.ZH

    def t(key: str, **args: object) -> str:
        return text(section, key, lang).format(**args)

    shared = {"t": t, "zh": zh, "html_lang": "zh-CN" if zh else "en", "css": css, "css_hash": css_hash}
    return _environment().get_template(template).render(shared | dict(context))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("mingshi.present"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> tuple[str, str]:
    """The style sheet and its digest as a content security policy names it."""
    css = (files("mingshi.present") / "templates" / "report.css").read_text(encoding="utf-8")
    return css, base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
