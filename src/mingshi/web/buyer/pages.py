"""我的到访: one page for whoever bought or came (LAW L-27, TRADE §4.9).

The rules this module keeps:

1. A person sees what is held on their own number, which they proved; who looked them up, when and why, too.
2. Giving and taking back are equally short; nothing is pre-ticked; nobody is asked twice (L-08, L-10).
3. Who brought me is asked before staff, in an order that changes, with 不想说 among the answers (amendment 21).
"""

from mingshi.app.answer import Done
from mingshi.app.arrive import EraseMe, erase_me
from mingshi.app.check_in import ConfirmCheckIn, confirm_check_in
from mingshi.app.consents import consents_of
from mingshi.app.ports import Transaction
from mingshi.app.prove_erasure import stages_of
from mingshi.app.restrict_person import LiftRestriction, RestrictPerson, lift_restriction, restrict_person, restricted
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.withdraw import WithdrawConsent, withdraw_consent
from mingshi.domain import evidence as e
from mingshi.domain.evidence import ConfirmedBy, Origin, Place, Stage
from mingshi.domain.ids import AgentId, Contact, EvidenceId
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import integer
from mingshi.kernel.timeline import DAY
from mingshi.ledger.verify import fingerprint
from mingshi.present.answers import Said, said
from mingshi.present.tell import tell_buyer
from mingshi.web.asking import Ask, Given, Page, Raw, See, get, post
from mingshi.web.buyer.asking_for import check_of
from mingshi.web.buyer.held import held_on, visits_of
from mingshi.web.buyer.receipts import code_of, picture_of
from mingshi.web.proving import forget, sign_off

_ORIGINS = (
    (Origin.AGENT, "一位中介经纪人", "An agent"),
    (Origin.NOBODY, "没有人，我自己来的", "Nobody; I came by myself"),
    (Origin.OWNER, "一位老业主", "An owner of a home here"),
    (Origin.EMPLOYEE, "开发商的员工", "An employee of the developer"),
    (Origin.STAFF, "售楼处的人邀请我来的", "The sales office invited me"),
    (Origin.DECLINED, "不想说", "I prefer not to say"),
)
_PLACES = (
    (Place.WECHAT, "微信", "WeChat"),
    (Place.STORE, "中介门店", "The agency's office"),
    (Place.PHONE, "电话", "By phone"),
    (Place.GATE, "售楼处门口", "At this office's gate"),
    (Place.CAR_PARK, "停车场", "In the car park"),
    (Place.OTHER, "其他地方", "Elsewhere"),
)


def page(ask: Ask) -> Given:
    """Everything on one page."""
    phone = ask.me.phone
    held = ask.office.look(lambda transaction: held_on(transaction, phone))
    stopped = ask.office.look(lambda transaction: restricted(transaction, phone))
    stories = [
        (
            str(ruling["deal"]),
            integer(ruling["closes_at"]),
            tell_buyer(ruling, ask.lang, ask.office.zone, held.names),
        )
        for ruling in held.rulings
    ]
    return Page(
        "buyer/me.html.j2",
        {"held": held, "stories": stories, "phone": phone, "words": _words(ask)}
        | {"restricted": stopped, "said": "said" in ask.query},
    )


def who(ask: Ask) -> Given:
    """Who brought you?"""
    return _who(ask)


def say_who(ask: Ask) -> Given:
    """Seal the answer."""
    form = ask.form
    origin = form.choice("origin", Origin)
    where = form.choice("where", Place, needed=False)
    first = form.when("first", ask.office.zone, needed=False)
    agent = AgentId("")
    if origin is Origin.AGENT:
        agent = _agent(ask)
    if first is not None and first > ask.now:
        form.wrong("first", "这个时间还没到。", "This time lies ahead.")
    if not form.ok or origin is None:
        return _who(ask)
    phone = ask.me.phone
    command = StateOrigin(
        phone=phone,
        stage=_stage(ask),
        origin=origin,
        agent=agent,
        first_contact_at=first,
        first_contact_where=where,
        before_staff=form.raw("before_staff") == "yes",
    )
    replied = ask.run(state_origin, command)
    if replied.answer:
        for deal in ask.office.look(lambda transaction: [row.id for row in transaction.read(e.Deal, "buyers", phone)]):
            ask.office.run(rule_deal, RuleDeal(deal))  # what the buyer says is heard, if it came in time
        return See("/me?said=1")
    told = said(replied.answer, ask.lang, ask.office.zone)
    form.wrong("all", told.text, told.text)
    return _who(ask)


def withdraw(ask: Ask) -> Given:
    """Take back a consent: one tap, as giving was."""
    phone, wanted = ask.me.phone, ask.params["consent"]

    def own(transaction: Transaction) -> bool:
        return any(held.consent.id == wanted for held in consents_of(transaction, phone))

    if not ask.office.look(own):
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    replied = ask.run(withdraw_consent, WithdrawConsent(consent=EvidenceId(wanted)))
    return Page("buyer/told.html.j2", {"told": said(replied.answer, ask.lang, ask.office.zone)})


def confirm_visit(ask: Ask) -> Given:
    """It was me: a desk entry confirmed by the person's own code (B4)."""
    phone, wanted = ask.me.phone, ask.params["arrival"]

    def own(transaction: Transaction) -> bool:
        return any(row.id == wanted for row in transaction.read(e.Arrival, "phone", phone))

    if not ask.office.look(own):
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    replied = ask.run(confirm_check_in, ConfirmCheckIn(EvidenceId(wanted), ConfirmedBy.OTP))
    return Page("buyer/told.html.j2", {"told": said(replied.answer, ask.lang, ask.office.zone)})


def restrict(ask: Ask) -> Given:
    """Keep it, and use it for nothing but my own deal; or lift that."""
    phone = ask.me.phone
    if ask.form.one_of("do", ("restrict", "lift")) == "lift":
        replied = ask.run(lift_restriction, LiftRestriction((phone,)))
    else:
        replied = ask.run(restrict_person, RestrictPerson((phone,)))
    return Page("buyer/told.html.j2", {"told": said(replied.answer, ask.lang, ask.office.zone)})


def receipt(ask: Ask) -> Given:
    """The receipt of one of one's own visits."""
    phone, wanted = ask.me.phone, ask.params["arrival"]

    def own(transaction: Transaction) -> e.Arrival | None:
        return next((row for row in visits_of(transaction, phone) if row.id == wanted), None)

    visit = ask.office.look(own)
    if not visit:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    text, code, file = ask.office.proof("Arrival", wanted, "buyer"), code_of(ask, visit), bool(ask.query.get("file"))
    if not text and (file or not code):
        zh = "本案场还没有独立的见证方，暂不能出具可独立核验的回执；到访记录本身有效。"
        en = "This site has no independent witness yet, so there is no receipt that could be checked alone; the visit stands."
        return Page("buyer/told.html.j2", {"told": Said(done=False, text=ask.say(zh, en))}, 404)
    if file:
        return Raw(text.encode(), "text/plain", f"{wanted}.receipt")
    values = {"receipt": text, "arrival": wanted, "visit_at": visit.at, "trust": ask.office.trust(), "code": code}
    values |= {"print": fingerprint(ask.office.trust())}
    return Page("buyer/receipt.html.j2", values | {"picture": picture_of(code) if code else ""})


def erase_form(ask: Ask) -> Given:
    """What erasing means, before it is done."""
    phone = ask.me.phone
    held = ask.office.look(lambda transaction: held_on(transaction, phone))
    return Page("buyer/erase.html.j2", {"held": held})


def erase(ask: Ask) -> Given:
    """Erase it. The salt is shown in this answer and nowhere else: it stands in no address, no file and no log."""
    phone = ask.me.phone
    held = ask.office.look(lambda transaction: transaction.read(e.Pass, "phone", phone))
    replied = ask.run(erase_me, EraseMe(phone, check_of(ask)))
    answer = replied.answer
    if not isinstance(answer, Done):
        return Page("buyer/told.html.j2", {"told": said(answer, ask.lang, ask.office.zone)}, 422)
    for row in held:
        forget(ask, row.pass_id)
    sign_off(ask)
    proven, erasure = bool(answer.args.get("proven")), EvidenceId(answer.ids["erasure"])
    stages = ask.office.look(lambda transaction: stages_of(transaction, erasure))
    salt = str(answer.args.get("salt", "")) if proven else ""
    values = {"salt": salt, "proven": proven or bool(stages), "erasure": erasure, "stages": stages}
    return Page("buyer/erased.html.j2", values | {"told": True}, ended=True)


def erased(ask: Ask) -> Given:
    """The proof of an erasure, which names nobody: what was done, when, and what may be checked off-line."""
    erasure = EvidenceId(ask.params["erasure"])
    stages = ask.office.look(lambda transaction: stages_of(transaction, erasure))
    if not stages:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    values = {"salt": "", "proven": True, "erasure": erasure, "stages": stages, "told": False}
    return Page("buyer/erased.html.j2", values)


def erased_proof(ask: Ask) -> Given:
    """A stage of it as a receipt that anybody verifies."""
    erasure, wanted = EvidenceId(ask.params["erasure"]), ask.params["stage"]
    stages = ask.office.look(lambda transaction: stages_of(transaction, erasure))
    proof = next((one.proof for one in stages if one.stage == wanted), "")
    text = ask.office.proof("DeletionProof", proof, "site") if proof else ""
    if not text:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    return Raw(text.encode(), "text/plain", f"{erasure}-{wanted}.receipt")


def _who(ask: Ask) -> Given:
    phone = ask.me.phone
    known = ask.office.look(lambda transaction: _introducers(ask, transaction, phone))
    order = list(_ORIGINS[:-1])
    turn = ask.office.random_bytes(1)[0] % len(order)
    origins = [(one.value, ask.say(zh, en)) for one, zh, en in (*order[turn:], *order[:turn], _ORIGINS[-1])]
    places = [(one.value, ask.say(zh, en)) for one, zh, en in _PLACES]
    new = bool(ask.query.get("new") or ask.form.raw("new"))
    values = {"origins": origins, "places": places, "known": known, "new": new}
    return Page("buyer/who.html.j2", values, 200 if ask.form.ok else 422)


def _agent(ask: Ask) -> AgentId:
    """The agent whom the person means: picked from those who registered them, or found by number or name."""
    picked = ask.form.raw("agent")
    typed = picked if picked and picked != "other" else ask.form.text("agent_text", most=40)
    if not typed:
        return AgentId("")

    def find(transaction: Transaction) -> list[str]:
        rows = [*transaction.read(e.Agent, "id", typed), *transaction.read(e.Agent, "phone", typed)]
        rows = rows or [row for row in transaction.every(e.Agent) if typed in (row.name, f"{row.agency}{row.name}")]
        return sorted({row.id for row in rows})

    found = ask.office.look(find)
    if len(found) == 1:
        return AgentId(found[0])
    if found:
        ask.form.wrong(
            "agent_text", "有不止一位，请填他的手机号。", "There are several; please give the agent's number."
        )
    else:
        ask.form.wrong(
            "agent_text", "没有找到这位经纪人，请填他的手机号。", "No such agent; please give the agent's number."
        )
    return AgentId("")


def _introducers(ask: Ask, transaction: Transaction, phone: Contact) -> list[tuple[str, str]]:
    found = {}
    for row in transaction.read(e.Confirmation, "phone", phone):
        for registration in transaction.read(e.Registration, "id", row.registration):
            for agent in transaction.read(e.Agent, "id", registration.agent):
                found[str(agent.id)] = ask.say(f"{agent.name}（{agent.agency}）", f"{agent.name} ({agent.agency})")
    return sorted(found.items())


def _stage(ask: Ask) -> Stage:
    phone, now = ask.me.phone, ask.now

    def read(transaction: Transaction) -> Stage:
        if transaction.read(e.Deal, "buyers", phone):
            return Stage.LATER
        came = [row for row in transaction.read(e.Arrival, "phone", phone) if now - earliest(row.at) < DAY]
        return Stage.CHECK_IN if came else Stage.LATER

    return ask.office.look(read)


def _words(ask: Ask) -> dict[str, str]:
    return {one.value: ask.say(zh, en) for one, zh, en in _ORIGINS}


WAYS = (
    get("/me", Permission.BUYER_RECORD_READ, page),
    post("/me/consent/{consent}", Permission.BUYER_RECORD_CORRECT, withdraw),
    post("/me/visit/{arrival}/mine", Permission.BUYER_RECORD_CORRECT, confirm_visit),
    post("/me/restrict", Permission.BUYER_RECORD_CORRECT, restrict),
    get("/me/visit/{arrival}", Permission.BUYER_RECORD_READ, receipt),
    get("/me/erase", Permission.BUYER_RECORD_ERASE, erase_form),
    post("/me/erase", Permission.BUYER_RECORD_ERASE, erase),
    get("/erased/{erasure}", Permission.PUBLIC_PAGE_READ, erased),
    get("/erased/{erasure}/{stage}", Permission.PUBLIC_PAGE_READ, erased_proof),
    get("/v/who", Permission.BUYER_STATEMENT_MAKE, who),
    post("/v/who", Permission.BUYER_STATEMENT_MAKE, say_who),
)
