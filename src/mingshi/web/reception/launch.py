"""开盘日: hundreds of guests within an hour, several desks, one field and one button (TRADE §4.1).

The rules this module keeps:

1. One field takes whatever comes: a number that is typed, a visit code or receipt that the scanner types, a counterfoil.
   A scanner is a keyboard that ends with Enter; nothing is asked that Enter does not answer.
2. A guest without a phone is one tap: the next counterfoil of this desk. Desks count apart (A-001, B-001), so two never
   hand out one number; were it to happen, the second is refused and shown the next.
3. What the field cannot be is told at the field, and nothing is guessed from it: a sign's code checks nobody in.
"""

import re
from enum import StrEnum
from typing import Final

from mingshi.domain.evidence import Means
from mingshi.domain.ids import Contact, visible
from mingshi.domain.roles import Permission
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.forms import Form
from mingshi.web.reception.pages import (
    STATES,
    WAYS_BY,
    by_code,
    by_number,
    by_receipt,
    figures_of,
    lines_today,
    number_of,
    on_paper,
    queue,
)

DESKS: Final = ("A", "B", "C", "D")
SHOWN: Final = 24
MOST: Final = 1_000
_COUNTERFOIL: Final = re.compile(r"联?([A-Z])-?(\d{1,4})")
_NUMBER: Final = re.compile(r"(\+?86)?1[\d\s\u3000-]{10,14}|\+\d{7,15}")


class Kind(StrEnum):
    """What was typed or read in."""

    NUMBER = "number"
    CODE = "code"
    RECEIPT = "receipt"
    COUNTERFOIL = "counterfoil"
    DOOR = "door"
    LINK = "link"
    NOTHING = "nothing"


def kind_of(typed: str) -> Kind:
    """What it is, by its form alone."""
    text = typed.strip().upper()
    if text.startswith("MS3:"):
        return Kind.RECEIPT
    if "/V?D=" in text:
        return Kind.DOOR
    if "/C/R-" in text:
        return Kind.LINK
    if _COUNTERFOIL.fullmatch(text):
        return Kind.COUNTERFOIL
    if _NUMBER.fullmatch(text):
        return Kind.NUMBER
    letters = [letter for letter in text if letter not in "- \u3000"]
    if len(letters) == 12 and all(letter.isascii() and letter.isalnum() for letter in letters):
        return Kind.CODE
    return Kind.NOTHING


def launch(ask: Ask) -> Given:
    """The screen of one desk."""
    return _page(ask, ask.query.get("desk", ""))


def enter(ask: Ask) -> Given:
    """What was typed or read in; or the next counterfoil."""
    form, desk = ask.form, ask.form.raw("desk")
    adults = form.whole("party", 1, 20)
    if form.raw("do") == "paper":
        number = _counterfoil(form.raw("next"))
        if form.ok and on_paper(ask, number, adults, Contact(""), "scan"):
            return _done(desk, f"paper&n={number}")
        return _page(ask, desk, 422)
    typed = form.text("scan", most=MOST)
    kind = kind_of(typed) if form.ok else Kind.NOTHING
    if form.ok and kind is Kind.RECEIPT:
        return _receipt(ask, desk, typed)
    if form.ok and _taken(ask, kind, typed, adults):
        return _done(desk, kind.value + (f"&n={_counterfoil(typed)}" if kind is Kind.COUNTERFOIL else ""))
    return _page(ask, desk, 422)


def _taken(ask: Ask, kind: Kind, typed: str, adults: int | None) -> bool:
    match kind:
        case Kind.NUMBER:
            phone = ask.form.phone("scan")
            return bool(phone) and by_number(ask, phone, adults, "scan")
        case Kind.CODE:
            return by_code(ask, adults, "scan")
        case Kind.COUNTERFOIL:
            return on_paper(ask, _counterfoil(typed), adults, Contact(""), "scan")
        case Kind.DOOR:
            ask.form.wrong(
                "scan",
                "这是牌子上的门口码：请客人用自己的手机扫它。",
                "This is the sign's code: the guest scans it with their own phone.",
            )
        case Kind.LINK:
            ask.form.wrong(
                "scan",
                "这是报备确认链接：请客人在自己的手机上打开确认。",
                "This is the link of a registration: the guest opens it on their own phone.",
            )
        case _:
            ask.form.wrong(
                "scan",
                "没有认出。可以是：11 位手机号、12 位到访码、到访回执码、联单编号（如 A-018）。",
                "Not recognised. It may be a mobile number, a visit code of 12 characters, a receipt's code, or a counterfoil "
                "(like A-018).",
            )
    return False


def _receipt(ask: Ask, desk: str, code: str) -> Given:
    """A receipt says of which visit it is; whose number it is the guest says. First the code, then the number."""
    form = ask.form
    if not form.raw("receipt_phone"):
        return _page(ask, desk, receipt=code)
    phone = form.phone("receipt_phone")
    waits = any(line.state == "waiting" and line.row.phone == phone for line in lines_today(ask))
    if form.ok and not waits:  # one act of the guest: they are here, and show what they were given last time
        first = Form({**form.values, "once": form.raw("once") + "/entry"})
        ask.form = first
        recorded = by_number(ask, phone, form.whole("party", 1, 20), "receipt_phone")
        ask.form = form
        form.errors.update(first.errors)
        if not recorded:
            return _page(ask, desk, 422, receipt=code)
    if form.ok and by_receipt(ask, phone, code):
        return _done(desk, "receipt")
    return _page(ask, desk, 422, receipt=code)


def _done(desk: str, what: str) -> Given:
    """Back to the screen it came from: a desk's, or, where none is named, the ordinary one."""
    if desk in DESKS:
        return See(f"/desk/launch?desk={desk}&done={what}")
    kind = what.partition("&")[0]
    return See(f"/desk?done={_ORDINARY.get(kind, kind)}")


_ORDINARY: Final = {"number": "1", "counterfoil": "paper"}


def _desk(typed: str) -> str:
    return typed if typed in DESKS else DESKS[0]


def _counterfoil(typed: str) -> str:
    found = _COUNTERFOIL.fullmatch(typed.strip().upper())
    return f"{found.group(1)}-{int(found.group(2)):03}" if found else typed[:20]


def _page(ask: Ask, asked: str, status: int = 200, receipt: str = "") -> Given:
    if not asked and ask.method == "POST" and not receipt:
        return queue(ask, status)
    desk = _desk(asked)
    lines = lines_today(ask)
    used = [
        int(found.group(2))
        for line in lines
        if line.row.means is Means.PAPER and (found := _COUNTERFOIL.fullmatch(line.row.party or ""))
        if found.group(1) == desk
    ]
    given = _COUNTERFOIL.fullmatch(ask.query.get("n", ""))
    values: dict[str, object] = {
        "desk": desk,
        "asked": asked,
        "desks": DESKS,
        "lines": lines[:SHOWN],
        "figures": figures_of(ask, lines),
        "next": f"{desk}-{max(used, default=0) + 1:03}",
        "done": ask.query.get("done", "") if status == 200 and not receipt else "",
        "number": given.group(0) if given else "",
        "receipt": receipt,
        "newest": visible(lines[0].row.phone) if lines and lines[0].row.phone else "",
        "ways_by": WAYS_BY,
        "number_of": lambda row: number_of(ask, row),
        "states": STATES,
    }
    return Page("reception/launch.html.j2", values, status)


WAYS = (
    get("/desk/launch", Permission.RECEPTION_CHECK_IN_RECORD, launch),
    post("/desk/launch", Permission.RECEPTION_CHECK_IN_RECORD, enter),
)
