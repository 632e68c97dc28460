"""关于我的统计: whom a pattern is about reads it, and says what they have to say (amendment 17: right of reply).

The rules this module keeps: everybody reads what is about them and nothing else. What they say stands beside it for
risk and the manager, as long as it is kept; it may be said anew.
"""

from typing import Final

from mingshi.domain.roles import Permission
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.patterned import found, reply

MOST: Final = 500


def mine(ask: Ask) -> Given:
    """What is about me."""
    return _page(ask)


def answer(ask: Ask) -> Given:
    """What I say of it."""
    known = found(ask, ask.me.id)
    key = ask.form.raw("about")
    if known is None or key not in {one.key for one in known.shown}:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    words = ask.form.text("words", most=MOST)
    if not ask.form.ok:
        return _page(ask, 422)
    reply(ask, key, words)
    return See("/mine?done=1")


def _page(ask: Ask, status: int = 200) -> Given:
    values = {
        "found": found(ask, ask.me.id),
        "wanted": ask.form.raw("about"),
        "done": status == 200 and "done" in ask.query,
    }
    return Page("public/mine.html.j2", values, status)


WAYS = (
    get("/mine", Permission.SESSION_PATTERN_ANSWER, mine),
    post("/mine", Permission.SESSION_PATTERN_ANSWER, answer),
)
