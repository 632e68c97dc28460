"""前台: who comes today, in as few taps as possible, and the paper way (TRADE §4.1).

The rules this module keeps:

1. A desk entry is provisional: the visitor confirms it on their own phone within a day (B4). The desk says so.
2. The queue shows masked numbers, how somebody checked in, and not who brought them: the statement is hidden from
   staff until the visit is over (amendment 21).
3. A shared screen forgets: after a quarter of an hour of rest it asks who is there.
"""

from typing import NamedTuple

from mingshi.app.arrive import ArriveAtDesk, arrive_at_desk
from mingshi.app.check_in import CheckIn
from mingshi.app.ports import Transaction
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import StaffId
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.present.answers import said
from mingshi.present.receipt_sheet import qr_svg
from mingshi.web.asking import Ask, Given, Page, See, get, post

LAST = 60


class Line(NamedTuple):
    """One check-in in the queue."""

    row: e.Arrival
    state: str
    """`confirmed`, or `waiting` for the visitor's own confirmation."""


def queue(ask: Ask) -> Given:
    """Today, newest first."""
    return _queue(ask)


def record(ask: Ask) -> Given:
    """A desk entry for a visitor who asks for one."""
    form = ask.form
    phone = form.phone("phone")
    adults = form.whole("party", 1, 20)
    if not form.ok:
        return _queue(ask, 422)
    command = CheckIn(
        phone=phone, means=Means.RECEPTION, door_code=DoorCode.VALID, staff=StaffId(ask.me.id), party_adults=adults
    )
    replied = ask.run(arrive_at_desk, _at_desk(ask, command, ActMeans.SPOKEN))
    if replied.answer:
        return See("/desk?done=1")
    told = said(replied.answer, ask.lang, ask.office.zone)
    form.wrong("phone", told.text, told.text)
    return _queue(ask, 422)


def paper(ask: Ask) -> Given:
    """A guest without a phone: the numbered counterfoil."""
    form = ask.form
    number = form.text("counterfoil", most=20)
    adults = form.whole("paper_party", 1, 20)
    phone = form.phone("paper_phone", needed=False)
    if not form.ok:
        return _queue(ask, 422)
    command = CheckIn(
        phone=phone,
        means=Means.PAPER,
        door_code=DoorCode.VALID,
        staff=StaffId(ask.me.id),
        party=f"联{number}",
        party_adults=adults,
    )
    replied = ask.run(arrive_at_desk, _at_desk(ask, command, ActMeans.SIGNATURE))
    if replied.answer:
        return See("/desk?done=paper")
    told = said(replied.answer, ask.lang, ask.office.zone)
    form.wrong("counterfoil", told.text, told.text)
    return _queue(ask, 422)


def door(ask: Ask) -> Given:
    """The sign's tablet: the code of this minute."""
    shown = ask.office.door.show(ask.now)
    picture = qr_svg(f"{ask.base}/v?d={shown.long}", error="M")
    return Page("reception/door.html.j2", {"code": shown.code, "left": shown.left_s, "picture": picture})


def _at_desk(ask: Ask, command: CheckIn, means: ActMeans) -> ArriveAtDesk:
    # A handle of this form's own: each guest at the desk is asked for themselves.
    return ArriveAtDesk(command, ask.lang.value, ask.form.raw("once"), means)


def _queue(ask: Ask, status: int = 200) -> Given:
    zone = ask.office.zone
    start = zone.start(zone.day(ask.now))

    def read(transaction: Transaction) -> list[Line]:
        rows = [row for row in transaction.every(e.Arrival) if earliest(row.at) >= start]
        rows.sort(key=lambda row: earliest(row.at), reverse=True)
        waits = {row.id for row in rows if row.means is Means.RECEPTION and row.confirmed_at is None}
        return [Line(row, "waiting" if row.id in waits else "confirmed") for row in rows]

    lines = ask.office.look(read)
    adults = sum(line.row.party_adults or 1 for line in lines)
    waiting = sum(1 for line in lines if line.state == "waiting")
    values = {"lines": lines[:LAST], "total": len(lines), "adults": adults, "waiting": waiting}
    return Page("reception/queue.html.j2", values | {"done": ask.query.get("done", "")}, status)


WAYS = (
    get("/desk", Permission.RECEPTION_QUEUE_READ, queue),
    post("/desk", Permission.RECEPTION_CHECK_IN_RECORD, record),
    post("/desk/paper", Permission.RECEPTION_CHECK_IN_RECORD, paper),
    get("/door", Permission.DISPLAY_DOOR_SHOW, door),
)
