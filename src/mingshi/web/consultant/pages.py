"""置业顾问: own deals, a look-up with its reason, a subscription (TRADE §4.2).

The rules this module keeps:

1. A look-up says whether the project knows the client, never whose client it is; it is sealed before it is answered
   and shown to the client (G6).
2. A consultant sees their own deals, and of a ruling its state, not its grounds (LAW §5: visit status only).
"""

from mingshi.app.answer import Done
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.ports import Transaction
from mingshi.app.record_deal import RecordDeal, subscribe
from mingshi.app.rule_deal import RuleDeal, last_given, rule_deal
from mingshi.domain import evidence as e
from mingshi.domain.ids import AgentId, Contact, DealId, StaffId
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import loads, mapping
from mingshi.present.answers import Said, said
from mingshi.present.texts import Lang
from mingshi.web.asking import Ask, Given, Page, See, first_asked, get, post
from mingshi.web.patterned import count_about

SHOWN = 50


def clients(ask: Ask) -> Given:
    """Own deals."""
    return _page(ask, None)


def find(ask: Ask) -> Given:
    """Look a client up."""
    phone = ask.form.phone("phone", masked=True)
    reason = ask.form.text("reason", most=100)
    if not ask.form.ok:
        return _page(ask, None, 422)
    replied = ask.run(look_up, LookUp(StaffId(ask.me.id), phone, reason))
    return _page(ask, said(replied.answer, ask.lang, ask.office.zone))


def deal_form(_: Ask) -> Given:
    """A subscription."""
    return Page("consultant/deal.html.j2")


def deal(ask: Ask) -> Given:
    """Record a subscription; the ruling follows in a transaction of its own."""
    form = ask.form
    first = form.phone("buyer1")
    second = form.phone("buyer2", needed=False)
    room = form.text("room", most=40)
    price = form.yuan("price")
    agent = form.text("agent", most=40, needed=False)
    source = form.text("source", most=40, needed=False)
    if second and second == first:
        form.wrong("buyer2", "与第一位买受人相同。", "The same as the first buyer.")
    if not form.ok:
        return Page("consultant/deal.html.j2", {}, 422)
    command = RecordDeal(
        buyers=tuple(one for one in (first, second) if one),
        subscribed_at=first_asked(ask, ask.now),
        room=room,
        price_fen=price,
        consultant=StaffId(ask.me.id),
        claimed_agent=AgentId(agent),
        recorded_source=source,
    )
    replied = ask.run(subscribe, command)
    if isinstance(replied.answer, Done):
        ask.office.run(rule_deal, RuleDeal(DealId(replied.answer.ids["deal"])))
        return See(f"/consult?deal={replied.answer.ids['deal']}")
    twice = getattr(replied.answer, "reason", "") == "deal_stands"
    told = [said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN)]
    form.wrong("room" if twice else "all", *told)
    return Page("consultant/deal.html.j2", {}, 422)


def _page(ask: Ask, told: Said | None, status: int = 200) -> Given:
    me = StaffId(ask.me.id)

    def read(transaction: Transaction) -> list[tuple[e.Deal, str, str]]:
        rows = [row for row in transaction.every(e.Deal) if row.consultant == me]
        rows.sort(key=lambda row: earliest(row.subscribed_at), reverse=True)
        found = []
        for row in rows[:SHOWN]:
            given = last_given(transaction, DealId(row.id))
            state = str(mapping(loads(given.text.encode()))["status"]) if given else ""
            found.append((row, state, Contact(row.buyers[0]) if row.buyers else ""))
        return found

    values: dict[str, object] = {"deals": ask.office.look(read), "told": told, "fresh": ask.query.get("deal", "")}
    values |= {"about_me": count_about(ask)}
    return Page("consultant/clients.html.j2", values, status)


WAYS = (
    get("/consult", Permission.CONSULTANT_CLIENT_READ, clients),
    post("/consult/look-up", Permission.CONSULTANT_CLIENT_LOOK_UP, find),
    get("/consult/deal", Permission.CONSULTANT_DEAL_RECORD, deal_form),
    post("/consult/deal", Permission.CONSULTANT_DEAL_RECORD, deal),
)
