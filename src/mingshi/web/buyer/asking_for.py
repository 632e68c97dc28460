"""更正、异议: what a person asks of the office from their own page, and what became of it (PIPL 44, 46, 48; RULES H1, B6).

The rules this module keeps:

1. A person asks about what is theirs: their own visits, escorts, deals. Of anything else the page knows nothing.
2. An objection needs a ground and nothing else; what is disputed is frozen the moment it is sealed (H2).
3. Nothing that was sealed is overwritten: the new word stands beside the old one. One's own name holds at once; what
   others said too is noted and people verify it by a deadline; who brought them a person states at once (`/v/who`).
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Done
from mingshi.app.correct_person import CorrectMine, correct_mine, said_beside
from mingshi.app.facts import RequestSaid, RightsAnswer, RightsRequest
from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.ports import Transaction
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField, Side
from mingshi.domain.ids import Contact, DealId, EvidenceId
from mingshi.domain.moment import earliest
from mingshi.domain.rights.right import Check, Right
from mingshi.domain.roles import Permission
from mingshi.present.answers import Said, said
from mingshi.present.texts import Lang
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.buyer.held import visits_of

MOST: Final = 500
KINDS: Final = {
    Right.CORRECT: ("更正：有一项写错了", "Correct it: something is wrong"),
    Right.OBJECT: ("反对：不要这样使用我的信息", "Object: do not use what is held on me like this"),
    Right.EXPLAIN: ("解释：请说明为什么这样认定", "Explain: say why it was decided so"),
}
ABOUT: Final = {
    "visit": ("我的到访", "A visit"),
    "introducer": ("介绍人", "Who introduced me"),
    "name": ("我的称呼", "My name"),
    "phone": ("我的手机号", "My number"),
    "deal": ("我的购房", "My purchase"),
    "other": ("其他", "Something else"),
}
FIELDS: Final = {"introducer": EditField.SOURCE, "name": EditField.NAME}
"""What a correction is about, as it is sealed; all else is `other`, with the record that says it wrong."""
MOST_NAME: Final = 20


class Request(NamedTuple):
    """One of one's own requests."""

    row: RightsRequest
    said: str
    answer: RightsAnswer | None
    more: tuple[str, ...] = ()
    """What the person wrote beside it while it waited."""


def check_of(ask: Ask) -> Check:
    """By what the person showed, at sign-in, that it is them."""
    pass_id = ask.me.pass_id
    if pass_id is None:
        return Check.PHONE_CODE
    return Check.PASSKEY if pass_id.startswith("PK-") else Check.DEVICE_KEY


def requests_of(transaction: Transaction, phone: Contact) -> list[Request]:
    """A person's requests, newest first."""
    found = []
    for words in transaction.read(RequestSaid, "phones", phone):
        for row in transaction.read(RightsRequest, "id", words.id):
            answer = next(iter(transaction.read(RightsAnswer, "request", row.id)), None)
            found.append(Request(row, words.said, answer, said_beside(transaction, row, phone)))
    return sorted(found, key=lambda one: one.row.at, reverse=True)


def form(ask: Ask) -> Given:
    """What is wrong?"""
    return _page(ask)


def send(ask: Ask) -> Given:
    """Ask for it."""
    right = ask.form.choice("right", Right)
    if right is not None and right not in KINDS:
        ask.form.wrong("right", "请选择一项。", "Please choose one.")
    about = ask.form.one_of("about", tuple(ABOUT))
    words = ask.form.text("words", most=MOST)
    if right is Right.CORRECT and about == "name" and len(words) > MOST_NAME:
        zh = f"更正称呼时只写正确的称呼，最多 {MOST_NAME} 个字；要说明的请选“其他”另写一条。"
        en = f"For your name write the name alone, {MOST_NAME} characters at most; explain under Something else."
        ask.form.wrong("words", zh, en)
    visit = ask.form.raw("visit")
    if visit and visit not in {row.id for row in ask.office.look(lambda one: visits_of(one, ask.me.phone))}:
        ask.form.wrong("visit", "没有这次到访。", "There is no such visit.")
    if not ask.form.ok or right is None:
        return _page(ask, 422)
    visit = visit if about == "visit" else ""
    told = f"{ask.say(*ABOUT[about])}{f' {visit}' if visit else ''}{ask.say('：', ': ')}{words}"
    if right is Right.CORRECT:
        return _corrected(ask, about, words, told, visit)
    replied = ask.run(request_right, RequestRight(right, (ask.me.phone,), check_of(ask), said=told))
    stands = isinstance(replied.answer, Done) and replied.answer.told == "request_stands"
    if replied.answer and not stands:
        return See("/me/ask?done=taken")
    zh, en = (said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN))
    if stands:
        zh += "这次写的没有另外保存：可以当面或来电补充，也可以等答复后再提。"
        en += " What you wrote now was not kept beside it: add it at the desk or by phone, or ask again once answered."
    ask.form.wrong("words" if stands else "all", zh, en)
    return _page(ask, 422)


def _corrected(ask: Ask, about: str, words: str, told: str, visit: str) -> Given:
    """One's name holds at once; the rest is noted, and people verify it."""
    field = FIELDS.get(about, EditField.OTHER)
    command = CorrectMine(ask.me.phone, check_of(ask), field, words, EvidenceId(visit), said=told)
    replied = ask.run(correct_mine, command)
    if isinstance(replied.answer, Done):
        return See(f"/me/ask?done={'corrected' if replied.answer.told == 'corrected_mine' else 'noted'}")
    zh, en = (said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN))
    ask.form.wrong("all", zh, en)
    return _page(ask, 422)


def object_to_ruling(ask: Ask) -> Given:
    """Object to the ruling of one's own deal."""
    wanted, phone = DealId(ask.params["deal"]), ask.me.phone

    def own(transaction: Transaction) -> bool:
        return any(row.id == wanted for row in transaction.read(e.Deal, "buyers", phone))

    return _objected(ask, ObjectTo(Side.BUYER, "buyer", "", deal=wanted)) if ask.office.look(own) else _missing()


def object_to_escort(ask: Ask) -> Given:
    """It was not this agent who brought me."""
    wanted, phone = EvidenceId(ask.params["escort"]), ask.me.phone

    def own(transaction: Transaction) -> bool:
        return any(row.id == wanted for row in transaction.read(e.Escort, "phone", phone))

    return _objected(ask, ObjectTo(Side.BUYER, "buyer", "", escort=wanted)) if ask.office.look(own) else _missing()


def _objected(ask: Ask, command: ObjectTo) -> Given:
    ground = ask.form.text("ground", most=MOST)
    if not ask.form.ok:
        why = ask.form.errors["ground"]
        return Page("buyer/object.html.j2", {"told": Said(done=False, text=ask.say(why.zh, why.en))}, 422)
    replied = ask.run(object_to, command._replace(ground=ground))
    for deal in _deals(ask):
        ask.office.run(rule_deal, RuleDeal(deal))
    told = said(replied.answer, ask.lang, ask.office.zone)
    return Page("buyer/told.html.j2", {"told": told}, 200 if told.done else 422)


def _deals(ask: Ask) -> list[DealId]:
    phone = ask.me.phone
    return ask.office.look(lambda transaction: [row.id for row in transaction.read(e.Deal, "buyers", phone)])


def _page(ask: Ask, status: int = 200) -> Given:
    phone = ask.me.phone

    def read(transaction: Transaction) -> tuple[list[e.Arrival], list[Request]]:
        return list(visits_of(transaction, phone)), requests_of(transaction, phone)

    visits, requests = ask.office.look(read)
    if ask.method == "GET" and ask.query.get("visit", "") in {row.id for row in visits}:
        ask.form.values |= {"about": "visit", "visit": ask.query["visit"], "right": Right.CORRECT.value}
    visits.sort(key=lambda row: earliest(row.at), reverse=True)
    values = {
        "kinds": [(right.value, ask.say(*words)) for right, words in KINDS.items()],
        "abouts": [(name, ask.say(*words)) for name, words in ABOUT.items()],
        "visits": visits,
        "requests": requests,
        "done": ask.query.get("done", "") if status == 200 else "",
    }
    return Page("buyer/ask.html.j2", values, status)


def _missing() -> Page:
    return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)


WAYS = (
    get("/me/ask", Permission.BUYER_RECORD_READ, form),
    post("/me/ask", Permission.BUYER_RECORD_CORRECT, send),
    post("/me/deal/{deal}/object", Permission.BUYER_RULING_OBJECT, object_to_ruling),
    post("/me/escort/{escort}/object", Permission.BUYER_RULING_OBJECT, object_to_escort),
)
