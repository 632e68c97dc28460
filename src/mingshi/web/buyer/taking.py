"""查阅、复制、转移: what is held on a person, printed, taken along, or moved to whom they name (PIPL 45; NDR 25; L-27).

The rules this module keeps:

1. The printed copy and the file list the same: every item with its ground, its end and its place in the log.
2. The file holds the receipt of each item that names nobody else's number, so that it can be checked without us.
3. What is moved goes by the person's own hand: the package is handed to them, and nothing is sent to anybody.
"""

import re
from typing import Final

from mingshi.app.move_person import MoveMine, move_mine, package
from mingshi.app.ports import Transaction
from mingshi.app.see_person import held_on
from mingshi.app.take_copy import TakeCopy, take_copy
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import Json, dumps, mapping, sequence
from mingshi.present.answers import said
from mingshi.present.held_sheet import lines_of
from mingshi.present.texts import Lang
from mingshi.web.asking import Ask, Given, Page, Raw, get, post
from mingshi.web.buyer.asking_for import check_of

MOST_RECIPIENT: Final = 100
_MASKED: Final = re.compile(r"\d{3}\*{4}\d{4}")


def printed(ask: Ask) -> Given:
    """Everything on one sheet, to be printed."""
    told = ask.office.look(lambda transaction: _held(ask, transaction))
    values = {
        "lines": lines_of(told, ask.lang, ask.office.zone),
        "numbers": told["numbers"],
        "consents": told["consents"],
        "told_to": told["told_to"],
        "requests": [row for row in map(mapping, sequence(told["requests"])) if "right" in row],
    }
    return Page("buyer/sheet.html.j2", values)


def copy(ask: Ask) -> Given:
    """Take it away: everything held, as a file; that it was asked for and given is sealed."""
    replied = ask.run(take_copy, TakeCopy(ask.me.phone, check_of(ask)))
    told = said(replied.answer, ask.lang, ask.office.zone)
    if not told.done:
        return Page("buyer/told.html.j2", {"told": told}, 422)
    held = ask.office.look(lambda transaction: _held(ask, transaction))
    return Raw(dumps({**held, "receipts": _receipts(ask, held)}), "application/json", "mingshi.json")


def move_form(_: Ask) -> Given:
    """To whom?"""
    return Page("buyer/move.html.j2")


def move(ask: Ask) -> Given:
    """The package, for the person to hand over."""
    recipient = ask.form.text("recipient", most=MOST_RECIPIENT)
    if ask.form.ok:
        replied = ask.run(move_mine, MoveMine(ask.me.phone, check_of(ask), recipient))
        if replied.answer:
            body = ask.office.look(lambda transaction: package(transaction, (ask.me.phone,)))
            return Raw(dumps(body), "application/json", "mingshi-move.json")
        zh, en = (said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN))
        ask.form.wrong("all", zh, en)
    return Page("buyer/move.html.j2", {}, 422)


def _held(ask: Ask, transaction: Transaction) -> dict[str, Json]:
    return held_on(transaction, (ask.me.phone,))


def _receipts(ask: Ask, held: dict[str, Json]) -> list[Json]:
    """Of every item whose part tells of nobody else: an opened part cannot be shown with a number taken out."""
    found: list[Json] = []
    for item in map(mapping, sequence(held["items"])):
        if _MASKED.search(dumps(item["says"]).decode()):
            continue
        text = ask.office.proof(str(item["record"]), str(item["id"]), str(item["part"]))
        if text:
            found.append({"entry": item["entry"], "receipt": text})
    return found


WAYS = (
    get("/me/paper", Permission.BUYER_RECORD_READ, printed),
    post("/me/copy", Permission.BUYER_RECORD_READ, copy),
    get("/me/move", Permission.BUYER_RECORD_READ, move_form),
    post("/me/move", Permission.BUYER_RECORD_READ, move),
)
