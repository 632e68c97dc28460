"""前台: who comes today, in as few taps as possible, and the paper way (TRADE §4.1).

The rules this module keeps:

1. A desk entry is provisional: the visitor confirms it on their own phone within a day (B4). The desk says so.
2. The queue shows masked numbers, how somebody checked in, and not who brought them: the statement is hidden from
   staff until the visit is over (amendment 21).
3. A shared screen forgets: after a quarter of an hour of rest it asks who is there.
"""

import json
from collections.abc import Callable
from typing import NamedTuple

from mingshi.app.answer import Answer
from mingshi.app.arrive import ArriveAtDesk, arrive_at_desk, arrive_at_desk_by_code, arrive_on_paper
from mingshi.app.check_in import CheckIn, ConfirmCheckIn, confirm_check_in
from mingshi.app.ports import Transaction
from mingshi.app.withdraw import WithdrawAtDesk, withdraw_at_desk
from mingshi.credentials.proofs import NotProven
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import ConfirmedBy, DoorCode, Means
from mingshi.domain.ids import Contact, EvidenceId, StaffId, visible
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.answers import said
from mingshi.present.receipt_sheet import qr_svg
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask, Given, Page, Raw, See, first_asked, get, post
from mingshi.web.proving import visit_pass
from mingshi.web.render import csrf_of, static_file

LAST = 60
JSON = "application/json"
WAYS_BY = {
    Means.OTP: ("短信", "text"),
    Means.QR: ("到访码", "code"),
    Means.DEVICE_KEY: ("本机密钥", "key"),
    Means.PASSKEY: ("通行密钥", "passkey"),
    Means.ID: ("身份证", "identity card"),
    Means.RECEPTION: ("前台", "desk"),
    Means.PAPER: ("纸质", "paper"),
    Means.FACE_PASS: ("本人凭证", "own pass"),
}
STATES = {"waiting": ("待本人确认", "to be confirmed"), "confirmed": ("已确认", "confirmed")}


class Line(NamedTuple):
    """One check-in in the queue."""

    row: e.Arrival
    state: str
    """`confirmed`, or `waiting` for the visitor's own confirmation."""


def queue(ask: Ask, status: int = 200) -> Given:
    """Today, newest first."""
    return _queue(ask, status)


def record(ask: Ask) -> Given:
    """A desk entry for a visitor who asks for one."""
    form = ask.form
    phone = form.phone("phone")
    adults = form.whole("party", 1, 20)
    if form.ok and by_number(ask, phone, adults, "phone"):
        return See("/desk?done=1")
    return _queue(ask, 422)


def paper(ask: Ask) -> Given:
    """A guest without a phone: the numbered counterfoil."""
    form = ask.form
    number = form.text("counterfoil", most=20)
    adults = form.whole("paper_party", 1, 20)
    phone = form.phone("paper_phone", needed=False)
    if form.ok and on_paper(ask, number, adults, phone, "counterfoil"):
        return See("/desk?done=paper")
    return _queue(ask, 422)


def on_paper(ask: Ask, number: str, adults: int | None, phone: Contact, at: str) -> bool:
    """Record a counterfoil; else why not stands at the field."""
    visit = CheckIn(
        phone=phone,
        means=Means.PAPER,
        door_code=DoorCode.VALID,
        staff=StaffId(ask.me.id),
        party=f"联{number}",
        party_adults=adults,
    )
    return taken(ask, arrive_on_paper, visit, ActMeans.SIGNATURE, at)


def by_number(ask: Ask, phone: Contact, adults: int | None, at: str) -> bool:
    """Record a guest by their number; else why not stands at the field."""
    visit = CheckIn(
        phone=phone, means=Means.RECEPTION, door_code=DoorCode.VALID, staff=StaffId(ask.me.id), party_adults=adults
    )
    return taken(ask, arrive_at_desk, visit, ActMeans.SPOKEN, at)


def by_code(ask: Ask, adults: int | None, at: str) -> bool:
    """Record a guest by the visit code that was read in; else why not stands at the field."""
    pass_id = visit_pass(ask, at)
    if pass_id is None:
        return False
    visit = CheckIn(
        phone=Contact(""),
        means=Means.QR,
        door_code=DoorCode.VALID,
        pass_id=pass_id,
        staff=StaffId(ask.me.id),
        party_adults=adults,
    )
    return taken(ask, arrive_at_desk_by_code, visit, ActMeans.SPOKEN, at)


def taken(
    ask: Ask, use_case: Callable[[Transaction, ArriveAtDesk], Answer], visit: CheckIn, means: ActMeans, at: str
) -> bool:
    """Record it; else why not stands at the field, in both languages."""
    # A handle of this form's own: each guest at the desk is asked for themselves.
    replied = ask.run(use_case, ArriveAtDesk(visit, ask.lang.value, ask.form.raw("once"), means))
    if replied.answer:
        return True
    ask.form.wrong(at, *(said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN)))
    return False


def withdraw(ask: Ask) -> Given:
    """A guest takes back what they agreed to: a number and a button, as giving it was (L-10)."""
    phone = ask.form.phone("withdraw_phone")
    if not ask.form.ok:
        return _queue(ask, 422)
    replied = ask.run(withdraw_at_desk, WithdrawAtDesk(phone, StaffId(ask.me.id)))
    if replied.answer:
        return See("/desk?done=withdrawn")
    told = [said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN)]
    ask.form.wrong("withdraw_phone", *told)
    return _queue(ask, 422)


def receipt(ask: Ask) -> Given:
    """A guest shows the code of an earlier visit: it confirms today's desk entry of the same person, and no more (B4).

    What it is bound to cannot be proven at the desk; on their own phone the guest may show it for what it is worth.
    """
    form = ask.form
    phone = form.phone("receipt_phone")
    code = form.text("receipt", most=1_000)
    if form.ok and by_receipt(ask, phone, code):
        return See("/desk?done=receipt")
    return _queue(ask, 422)


def by_receipt(ask: Ask, phone: Contact, code: str) -> bool:
    """Confirm today's entry of this number by a receipt's code; else why not stands at the field."""
    form = ask.form
    given = ask.office.receipts.present(code, {}, phone, ask.now)
    if isinstance(given, NotProven):
        form.wrong("receipt", *(text("not_proven", given.why.value, lang) for lang in (Lang.ZH, Lang.EN)))
        return False
    today = [line.row for line in lines_today(ask) if line.row.phone == phone and line.row.means is Means.RECEPTION]
    # One that a receipt has confirmed stands for this very form sent again; for another it is refused as confirmed.
    today = [row for row in today if row.confirmed_by in (None, ConfirmedBy.QR)]
    waiting = sorted(today, key=lambda row: row.confirmed_at is not None)
    if not waiting:
        form.wrong(
            "receipt_phone",
            "这个号码今天没有待确认的前台登记：请先登记，再扫回执码。",
            "No desk entry of today waits for this number: record it first, then read in the code.",
        )
    elif not ask.office.look(lambda transaction: phone in _came(transaction, given.arrival)):
        form.wrong(
            "receipt",
            "这张回执不是这个号码的那次到访；请客人用自己的手机确认（“我的到访”）。",
            "This receipt is of no visit under this number; ask the guest to confirm on their own phone (My visits).",
        )
    if not form.ok:
        return False
    replied = ask.run(confirm_check_in, ConfirmCheckIn(waiting[0].id, ConfirmedBy.QR))
    if replied.answer:
        return True
    form.wrong("receipt", *(said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN)))
    return False


def _came(transaction: Transaction, arrival: EvidenceId) -> set[Contact]:
    """Under which numbers somebody came."""
    rows = transaction.read(e.Arrival, "id", arrival)
    issued = [one for row in rows if row.pass_id for one in transaction.read(e.Pass, "pass_id", row.pass_id)]
    return {row.phone for row in rows if row.phone} | {one.phone for one in issued}


def later(ask: Ask) -> Given:
    """An entry that waited while the line was down: its device's claim stands as an interval (amendment 7)."""
    form = ask.form
    phone = form.phone("phone")
    adults = form.whole("party", 1, 20)
    ago = form.whole("ago_ms", 0, 7 * DAY // 1000, needed=True)
    if not form.ok or ago is None:
        return Raw(b'{"done":false}', JSON, "", 422)
    visit = CheckIn(
        phone=phone,
        means=Means.RECEPTION,
        door_code=DoorCode.VALID,
        staff=StaffId(ask.me.id),
        party_adults=adults,
        at=first_asked(ask, Micros(ask.now - ago * 1000)),
        offline=True,
    )
    done = taken(ask, arrive_at_desk, visit, ActMeans.SPOKEN, "phone")
    return Raw(b'{"done":true}', JSON) if done else Raw(b'{"done":false}', JSON, "", 422)


def word(ask: Ask) -> Given:
    """A fresh word against forgery, for a page that stood while the line was down."""
    return Raw(json.dumps({"csrf": csrf_of(ask)}).encode(), JSON)


def shell(_: Ask) -> Given:
    """The empty form that a browser keeps for when the line is down."""
    return Page("reception/shell.html.j2")


def rows(ask: Ask) -> Given:
    """The queue, for the page that shows it live."""
    lines = lines_today(ask)
    zone, names = ask.office.zone, WAYS_BY
    told = [
        {
            "time": f"{zone.local(earliest(line.row.at)):%H:%M}",
            "number": number_of(ask, line.row),
            "way": ask.say(*names.get(line.row.means, ("—", "—"))),
            "adults": str(line.row.party_adults or 1),
            "state": ask.say(*STATES[line.state]),
        }
        for line in lines[:LAST]
    ]
    return Raw(json.dumps({"rows": told, "head": figures_of(ask, lines)}, ensure_ascii=False).encode(), JSON)


def worker(_: Ask) -> Given:
    """The desk's service worker: its scope asks that it stands at the root."""
    found = static_file("desk-worker.js")
    assert found is not None, "it is one of our files"
    return Raw(found[0], "text/javascript")


def door(ask: Ask) -> Given:
    """The sign's tablet: the code of this minute."""
    shown = ask.office.door.show(ask.now)
    picture = qr_svg(f"{ask.base}/v?d={shown.long}", error="M")
    return Page("reception/door.html.j2", {"code": shown.code, "left": shown.left_s, "picture": picture})


def lines_today(ask: Ask) -> list[Line]:
    """Today's check-ins, newest first."""
    zone = ask.office.zone
    start = zone.start(zone.day(ask.now))

    def read(transaction: Transaction) -> list[Line]:
        found = [row for row in transaction.since(e.Arrival, start) if earliest(row.at) >= start]
        found.sort(key=lambda row: earliest(row.at), reverse=True)
        waits = {row.id for row in found if row.means is Means.RECEPTION and row.confirmed_at is None}
        return [Line(row, "waiting" if row.id in waits else "confirmed") for row in found]

    return ask.office.look(read)


def number_of(ask: Ask, row: e.Arrival) -> str:
    """A guest's number, hidden; of one without a phone the number on their form."""
    if row.phone:
        return visible(row.phone)
    return (row.party or "—").replace("联", ask.say("联", "form "))


def figures_of(ask: Ask, lines: list[Line]) -> str:
    """How many came today, in words."""
    adults = sum(line.row.party_adults or 1 for line in lines)
    waiting = sum(1 for line in lines if line.state == "waiting")
    zh = f"{len(lines)} 次 · {adults} 人 · 待本人确认 {waiting}"
    return ask.say(zh, f"Check-ins: {len(lines)} · adults: {adults} · to be confirmed: {waiting}")


def _queue(ask: Ask, status: int = 200) -> Given:
    lines = lines_today(ask)
    values: dict[str, object] = {
        "lines": lines[:LAST],
        "figures": figures_of(ask, lines),
        "done": ask.query.get("done", ""),
    }
    values |= {"ways_by": WAYS_BY, "states": STATES, "number_of": lambda row: number_of(ask, row)}
    return Page("reception/queue.html.j2", values, status)


WAYS = (
    get("/desk", Permission.RECEPTION_QUEUE_READ, queue),
    post("/desk", Permission.RECEPTION_CHECK_IN_RECORD, record),
    post("/desk/paper", Permission.RECEPTION_CHECK_IN_RECORD, paper),
    post("/desk/receipt", Permission.RECEPTION_CHECK_IN_RECORD, receipt),
    post("/desk/withdraw", Permission.RECEPTION_CONSENT_WITHDRAW, withdraw),
    post("/desk/later", Permission.RECEPTION_CHECK_IN_RECORD, later),
    get("/desk/word", Permission.RECEPTION_CHECK_IN_RECORD, word),
    get("/desk/shell", Permission.RECEPTION_CHECK_IN_RECORD, shell),
    get("/desk/rows", Permission.RECEPTION_QUEUE_READ, rows),
    get("/desk-worker.js", Permission.PUBLIC_PAGE_READ, worker),
    get("/door", Permission.DISPLAY_DOOR_SHOW, door),
)
