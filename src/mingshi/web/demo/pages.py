"""The demo's own pages. At a real site these routes are not there."""

import json

from mingshi.domain.roles import Permission
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.web.asking import Ask, Given, Page, Raw, See, get, post
from mingshi.web.ports import Demo


def _demo(ask: Ask) -> Demo:
    assert ask.office.demo is not None, "these routes are the demo's"
    return ask.office.demo


def start(ask: Ask) -> Given:
    """Logins, phones, the walk."""
    demo = _demo(ask)
    values = {
        "people": demo.people(),
        "code": ask.office.door.show(ask.now).code,
        "rest_min": demo.rest_min,
        "fresh": "fresh" in ask.query,
    }
    return Page("demo/start.html.j2", values)


def sign_in_as(ask: Ask) -> Given:
    """A fresh one-time login for somebody of a role."""
    path = _demo(ask).login(ask.params["key"])
    return See(path or "/demo")


def leave(_: Ask) -> Given:
    """Nobody any more: the buyer signs in with their own number."""
    return See("/me", ended=True)


def phones(ask: Ask) -> Given:
    """What the phones received."""
    return Page("demo/phones.html.j2", {"texts": _demo(ask).texts()})


def api(ask: Ask) -> Given:
    """A token to try the API with."""
    agency, token = _demo(ask).token()
    return Raw(json.dumps({"agency": agency, "token": token}, ensure_ascii=False).encode(), "application/json")


def skip(ask: Ask) -> Given:
    """Put the clock forward."""
    minutes = ask.form.whole("minutes", 1, 60 * 24 * 7, needed=True)
    if minutes is not None:
        _demo(ask).skip(Micros(minutes * MINUTE))
    return See("/demo")


def reset(ask: Ask) -> Given:
    """Begin anew: whoever was signed in is so no more."""
    _demo(ask).reset()
    return See("/demo?fresh=1", ended=True)


WAYS = (
    get("/demo", Permission.PUBLIC_PAGE_READ, start),
    get("/demo/as/{key}", Permission.PUBLIC_PAGE_READ, sign_in_as),
    get("/demo/phones", Permission.PUBLIC_PAGE_READ, phones),
    post("/demo/token", Permission.PUBLIC_PAGE_READ, api),
    post("/demo/skip", Permission.PUBLIC_PAGE_READ, skip),
    post("/demo/leave", Permission.PUBLIC_PAGE_READ, leave),
    post("/demo/reset", Permission.PUBLIC_PAGE_READ, reset),
)
