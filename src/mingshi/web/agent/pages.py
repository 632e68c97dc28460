"""经纪人: register, see how each registration stands, bring the client, object, verify alone (TRADE §4.3).

The rules this module keeps:

1. An agent sees their own registrations only, and of others nothing: not a name, not a time, not that they exist.
2. Under A12 every answer is 已收到，待客户确认 until the client confirmed; a number is masked before it is kept (L-23).
3. An escort needs no act of staff: the agent stands at the door with the code, the client names them (amendment 3).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done
from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.extend_window import Recorded, extensions_on
from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.ports import Transaction
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.registration_status import RegistrationStatus, registration_status
from mingshi.app.rule_deal import RuleDeal, last_given, rule_deal
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Side
from mingshi.domain.ids import AgentId, Contact, DealId, EvidenceId, is_masked, visible
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import integer, loads, mapping, sequence
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.present.answers import Said, said
from mingshi.present.tell import Story, tell_agent
from mingshi.present.texts import time_text
from mingshi.web.agent.several import masked_only
from mingshi.web.asking import Ask, Given, Page, Raw, See, get, post
from mingshi.web.patterned import count_about
from mingshi.web.reviewing import decisions_on, signer

SHOWN = 20


class Client(NamedTuple):
    """One registration as its agent sees it."""

    row: e.Registration
    answer: Answer
    said: Said
    windows: tuple["Window", ...]
    wait_min: int
    """Minutes until the client may come without code 3; 0: now."""
    deal: str


class Window(NamedTuple):
    """A window as a bar: how much of it is over, in per mille."""

    name: str
    until: Micros
    over: int


def clients(ask: Ask) -> Given:
    """The list, newest first."""
    agent = AgentId(ask.me.id)

    def read(transaction: Transaction) -> tuple[list[Client], int]:
        rows = sorted(transaction.read(e.Registration, "agent", agent), key=lambda row: earliest(row.at), reverse=True)
        return [_client(ask, transaction, row) for row in rows[:SHOWN]], len(rows)

    found, total = ask.office.look(read)
    return Page("agent/clients.html.j2", {"clients": found, "total": total, "told": None, "about_me": count_about(ask)})


def client(ask: Ask) -> Given:
    """One registration: windows, ruling, what the agent may do."""
    return _client_page(ask, None)


def register_form(_: Ask) -> Given:
    """The form."""
    return Page("agent/register.html.j2")


def register(ask: Ask) -> Given:
    """Register one client."""
    form = ask.form
    name = form.text("client", most=40)
    phone = form.phone("phone", masked=True)
    expected = form.when("expected", ask.office.zone)
    if form.ok and not is_masked(phone) and masked_only(ask):
        # The rest of the number is let go of here: it reaches no use case, no log and no file.
        form.values["phone"] = visible(phone)
        form.wrong(
            "phone",
            "客户确认之前只收前三后四，已替您隐去中间四位，请再提交一次。",
            "Until the client confirms, only a masked number is taken. We have hidden the middle digits; please send it again.",
        )
    if not form.ok:
        return Page("agent/register.html.j2", {}, 422)
    command = RegisterClient(AgentId(ask.me.id), phone, name, ask.office.project, expected)
    replied = ask.run(register_client, command)
    if isinstance(replied.answer, Done):
        return See(f"/agent/r/{replied.answer.ids['registration']}?new=1")
    told = said(replied.answer, ask.lang, ask.office.zone)
    form.wrong("all", f"{told.text}{told.why}", f"{told.text} {told.why}")
    return Page("agent/register.html.j2", {}, 422)


def escort_form(ask: Ask) -> Given:
    """At the door: which of my clients is with me?"""
    return _escort(ask, ask.query.get("t", ""))


def escort(ask: Ask) -> Given:
    """Confirm an escort."""
    ticket = ask.form.raw("ticket")
    if ask.office.door.admits(ticket, ask.browser, ask.now) is not DoorCode.VALID:
        ask.form.wrong(
            "registration",
            "门口码已过期，请重新扫牌子上的码。",
            "The door code has expired; please scan the sign again.",
        )
    wanted = EvidenceId(ask.form.text("registration", most=60))
    agent = AgentId(ask.me.id)

    def read(transaction: Transaction) -> Contact:
        rows = [row for row in transaction.read(e.Registration, "id", wanted) if row.agent == agent]
        confirmed = [row.phone for row in transaction.read(e.Confirmation, "registration", wanted) if row.agreed]
        return confirmed[0] if rows and confirmed else rows[0].phone if rows else Contact("")

    phone = ask.office.look(read)
    if ask.form.ok and (not phone or is_masked(phone)):
        ask.form.wrong(
            "registration",
            "客户还没有确认这条报备；请客户先在手机上确认。",
            "The client has not confirmed this registration yet; ask them to do so on their phone.",
        )
    if not ask.form.ok:
        return _escort(ask, ticket)
    replied = ask.run(confirm_escort, ConfirmEscort(agent=agent, phone=phone, project=ask.office.project))
    told = said(replied.answer, ask.lang, ask.office.zone)
    if told.done:
        return See(f"/agent/r/{wanted}?escorted=1")
    ask.form.wrong("registration", told.text, told.text)
    return _escort(ask, ticket)


def objection(ask: Ask) -> Given:
    """Object to the ruling of a deal in which one's registration was heard."""
    ground = ask.form.text("ground", most=500)
    if not ask.form.ok:
        return _client_page(ask, None, 422)
    deal = _deal_of(ask, ask.params["registration"])
    if not deal:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    replied = ask.run(object_to, ObjectTo(Side.AGENT, ask.me.id, ground, DealId(deal)))
    ask.office.run(rule_deal, RuleDeal(DealId(deal)))
    return _client_page(ask, said(replied.answer, ask.lang, ask.office.zone))


def proof(ask: Ask) -> Given:
    """The promise or receipt of one's own registration, to keep."""
    wanted, agent = ask.params["registration"], ask.me.id

    def own(transaction: Transaction) -> bool:
        return any(row.agent == agent for row in transaction.read(e.Registration, "id", wanted))

    text = ask.office.proof("Registration", wanted, "agent") if ask.office.look(own) else ""
    if not text:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    return Raw(text.encode(), "text/plain", f"{wanted}.receipt")


def _client(ask: Ask, transaction: Transaction, row: e.Registration) -> Client:
    answer = registration_status(transaction, RegistrationStatus(row.agent, row.id))
    windows = []
    began = earliest(row.at)
    for name in ("report_until", "deal_until"):
        until = answer.args.get(name)
        if until is not None:
            end = integer(until)
            over = 1000 * (ask.now - began) // max(1, end - began)
            windows.append(Window(name, Micros(end), max(0, min(1000, over))))
    ready = answer.args.get("ready_at")
    wait = 0 if ready is None else max(0, -((ask.now - integer(ready)) // MINUTE))
    return Client(row, answer, _stands(ask, answer), tuple(windows), wait, _deal(transaction, row))


def _stands(ask: Ask, answer: Answer) -> Said:
    """How it stands, told as of now: a window that is over is told by its end, not by a purchase that was supposed."""
    told = said(answer, ask.lang, ask.office.zone)
    finding = getattr(answer, "finding", None)
    if finding is None or str(finding["rule"]).startswith("A"):
        return told
    if finding["answer"] == "unknown":
        return told._replace(text=ask.say("待核对：", "To be looked at:"))
    if finding["rule"] == "D1":
        until = time_text(integer(answer.args["deal_until"]), ask.lang, ask.office.zone)
        return told._replace(text=ask.say(f"成交保护期已于 {until} 届满。", f"The deal window ended {until}."), why="")
    return told._replace(text=ask.say("现不成立：", "It does not stand:"))


def _deal(transaction: Transaction, row: e.Registration) -> str:
    phones = {one.phone for one in transaction.read(e.Confirmation, "registration", row.id)} | {row.phone}
    found = [deal for phone in phones for deal in transaction.read(e.Deal, "buyers", phone)]
    for deal in found:
        given = last_given(transaction, DealId(deal.id))
        claims = sequence(mapping(loads(given.text.encode()))["claims"]) if given else []
        if any(mapping(claim)["registration"] == row.id for claim in claims):
            return str(deal.id)
    return ""


def _deal_of(ask: Ask, registration: str) -> str:
    def read(transaction: Transaction) -> str:
        rows = [row for row in transaction.read(e.Registration, "id", registration) if row.agent == ask.me.id]
        return _deal(transaction, rows[0]) if rows else ""

    return ask.office.look(read)


def _client_page(ask: Ask, told: Said | None, status: int = 200) -> Given:
    wanted, agent = ask.params["registration"], ask.me.id

    def read(transaction: Transaction) -> tuple[Client, Story | None, int] | None:
        rows = [row for row in transaction.read(e.Registration, "id", wanted) if row.agent == agent]
        if not rows:
            return None
        found = _client(ask, transaction, rows[0])
        given = last_given(transaction, DealId(found.deal)) if found.deal else None
        if given is None:
            return found, None, 0
        ruling = mapping(loads(given.text.encode()))
        return found, tell_agent(ruling, wanted, ask.lang, ask.office.zone), integer(ruling["closes_at"])

    found = ask.office.look(read)
    if found is None:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    one, story, closes = found
    values = {
        "one": one,
        "story": story,
        "closes": closes,
        "told": told,
        "decisions": ask.office.look(lambda transaction: decisions_on(ask, transaction, one.deal)) if one.deal else (),
        "extended": ask.office.look(lambda transaction: _extended(ask, transaction, EvidenceId(wanted))),
        "link": f"{ask.base}/c/{wanted}",
        "new": bool(ask.query.get("new")),
        "escorted": bool(ask.query.get("escorted")),
    }
    return Page("agent/client.html.j2", values, status)


def _extended(ask: Ask, transaction: Transaction, registration: EvidenceId) -> list[tuple[Recorded, str]]:
    """Extensions of the registration's windows, and who approved each."""

    def named(who: str) -> str:
        return signer(ask, transaction, who)

    found = extensions_on(transaction, registration)
    return [
        (one, ask.say("、", ", ").join(named(who) for who in (one.row.approver1, one.row.approver2) if who))
        for one in found
    ]


def _escort(ask: Ask, ticket: str) -> Given:
    here = ask.office.door.admits(ticket, ask.browser, ask.now) is DoorCode.VALID
    agent = AgentId(ask.me.id)

    def read(transaction: Transaction) -> list[tuple[EvidenceId, str]]:
        rows = sorted(transaction.read(e.Registration, "agent", agent), key=lambda row: earliest(row.at), reverse=True)
        open_ = [row for row in rows if row.released_at is None][:SHOWN]
        open_.sort(key=lambda row: not transaction.read(e.Confirmation, "registration", row.id))  # who confirmed, first
        return [(row.id, f"{row.client or ''} {visible(row.phone)}") for row in open_]

    values = {"ticket": ticket, "here": here, "mine": ask.office.look(read)}
    return Page("agent/escort.html.j2", values, 200 if ask.form.ok else 422)


WAYS = (
    get("/agent", Permission.AGENT_CLIENT_READ, clients),
    get("/agent/r/{registration}", Permission.AGENT_CLIENT_READ, client),
    get("/agent/r/{registration}/proof", Permission.AGENT_CLIENT_READ, proof),
    post("/agent/r/{registration}/object", Permission.AGENT_RULING_OBJECT, objection),
    get("/agent/register", Permission.AGENT_CLIENT_REGISTER, register_form),
    post("/agent/register", Permission.AGENT_CLIENT_REGISTER, register),
    get("/agent/escort", Permission.AGENT_ESCORT_CONFIRM, escort_form),
    post("/agent/escort", Permission.AGENT_ESCORT_CONFIRM, escort),
)
