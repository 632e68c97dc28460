"""到访登记 by what the visitor holds: a key on this phone, a passkey, a code that is good once (E3, E5 as amendment 1).

The rules this module keeps: a key says who holds it, the door says where they are; without a ticket of the door it is
no visit. A key that was revoked, or whose person was erased, is unknown here: there is nobody it could be.
"""

from mingshi.app.arrive import Arrive, arrive, arrive_by_code, holder_of
from mingshi.app.check_in import CheckIn
from mingshi.credentials import device_key, passkey
from mingshi.credentials.keeping import digest_of
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import Contact, PassId
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Permission, Role
from mingshi.kernel.canonical import integer
from mingshi.present.answers import said
from mingshi.web.asking import Ask, Given, Opened, Page, See, get, post
from mingshi.web.challenges import challenge_for, party, taken
from mingshi.web.noticing import notice_shown, question

PURPOSE = "check_in"


def key_form(ask: Ask) -> Given:
    """Check in with a key."""
    return _form(ask, ask.query.get("t", ""))


def key_check(ask: Ask) -> Given:
    """The key has signed."""
    form, ticket = ask.form, ask.form.raw("ticket")
    door = ask.office.door.admits(ticket, ask.browser, ask.now)
    adults = form.whole("party", 1, 20)
    if door is not DoorCode.VALID:
        form.wrong("all", "门口码已过期，请重新扫牌子上的码。", "The door code is over; scan the sign again.")
    word = form.raw("challenge")
    fresh = taken(ask, word, PURPOSE)
    means = Means.PASSKEY if form.raw("answer") else Means.DEVICE_KEY
    held = _held(ask, word, means) if fresh else PassId("")
    phone = ask.office.look(lambda transaction: holder_of(transaction, held)) if held else Contact("")
    if not phone:
        form.wrong(
            "all",
            "没有认出这把密钥（可能已作废）。请用短信登记，之后可以重新存一把。",
            "This key is not known (it may be revoked). Check in by text; you can make a new one afterwards.",
        )
    if not form.ok:
        return _form(ask, ticket)
    consent = question(ask, Purpose.ATTRIBUTION)
    visit = CheckIn(phone=Contact(""), means=means, door_code=door, pass_id=held, party_adults=adults)
    replied = ask.run(arrive, Arrive(visit, consent))
    if replied.answer:
        return See("/v/who", Opened(Role.PERSON, "", phone))
    told = said(replied.answer, ask.lang, ask.office.zone)
    form.wrong("all", told.text, told.text)
    return _form(ask, ticket)


def code_check(ask: Ask) -> Given:
    """A visitor's own code, read in at the desk's scanner or typed by the visitor at the door."""
    code = ask.form.text("code", most=40).replace("-", "").replace(" ", "").upper()
    if not ask.form.ok:
        return Page("visitor/code.html.j2", {"done": False, "ticket": ask.form.raw("ticket")}, 422)
    door = ask.office.door.admits(ask.form.raw("ticket"), ask.browser, ask.now)
    if door is not DoorCode.VALID:
        ask.form.wrong("code", "门口码已过期，请重新扫牌子上的码。", "The door code is over; scan the sign again.")
        return Page("visitor/code.html.j2", {"done": False, "ticket": ""}, 422)
    visit = CheckIn(phone=Contact(""), means=Means.QR, door_code=door, pass_id=code_pass(code))
    replied = ask.run(arrive_by_code, Arrive(visit, question(ask, Purpose.ATTRIBUTION)))
    if replied.answer:
        return Page("visitor/code.html.j2", {"done": True, "ticket": ""})
    told = said(replied.answer, ask.lang, ask.office.zone)
    ask.form.wrong("code", told.text, told.text)
    return Page("visitor/code.html.j2", {"done": False, "ticket": ask.form.raw("ticket")}, 422)


def code_form(ask: Ask) -> Given:
    """Type one's code."""
    return Page("visitor/code.html.j2", {"done": False, "ticket": ask.query.get("t", "")})


def code_pass(code: str) -> PassId:
    """The pass of a code: its digest, so that who reads the record cannot check in with it."""
    return PassId(f"QR-{digest_of(code)[:40]}")


def _held(ask: Ask, word: str, means: Means) -> PassId:
    """The pass that the request proves."""
    form = ask.form
    if means is Means.DEVICE_KEY:
        point = form.raw("point")
        held = device_key.pass_of(point)
        ok = held is not None and device_key.signed(point, form.raw("signature"), ask.office.address, PURPOSE, word)
        return held if ok and held is not None else PassId("")
    answer = form.raw("answer")
    name = passkey.named(answer)
    kept = ask.office.keeping.get("passkey", digest_of(name), ask.now) if name else None
    if kept is None:
        return PassId("")
    key = passkey.Key(name, str(kept["public"]), integer(kept["counter"]))
    now = passkey.used(party(ask), answer, bytes.fromhex(word), key)
    if now is None:
        return PassId("")
    ask.office.keeping.put("passkey", digest_of(name), {**kept, "counter": now.counter}, ask.office.forever())
    return passkey.pass_of(name)


def _form(ask: Ask, ticket: str) -> Given:
    here = ask.office.door.admits(ticket, ask.browser, ask.now) is DoorCode.VALID
    word = challenge_for(ask, PURPOSE)
    values = {
        "ticket": ticket,
        "here": here,
        "challenge": word,
        "purpose": PURPOSE,
        "address": ask.office.address,
        "use": passkey.to_use(party(ask), bytes.fromhex(word)),
        "notice": notice_shown(ask, Purpose.ATTRIBUTION),
    }
    return Page("visitor/key.html.j2", values, 200 if ask.form.ok else 422)


WAYS = (
    get("/v/key", Permission.VISITOR_CHECK_IN_MAKE, key_form),
    post("/v/key", Permission.VISITOR_CHECK_IN_MAKE, key_check),
    get("/v/code", Permission.VISITOR_CHECK_IN_MAKE, code_form),
    post("/v/code", Permission.VISITOR_CHECK_IN_MAKE, code_check),
)
