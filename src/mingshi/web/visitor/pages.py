"""到访登记: ways to check in, of one size, and not at all (LAW L-06, RULES B4a).

The rules this module keeps:

1. Nobody has to say who they are to look at homes: whoever takes no way leaves no row, not even a session that names
   them. Every way, and none, stands on one page in boxes of one size, in no order of worth.
2. A check-in is a visit only from the door: the code there was given within two minutes, then a ticket bound to this
   browser holds for a quarter of an hour while the rest is done (RULES amendment 3).
3. What was typed is kept where something is wrong; a number goes no further than the check-in itself.
"""

import re
from typing import Final

from mingshi.app.arrive import AnswerRegistration, Arrive, answer_registration, arrive
from mingshi.app.check_in import CheckIn
from mingshi.app.confirm_registration import ConfirmRegistration
from mingshi.app.ports import Transaction
from mingshi.app.refuse_consent import RefuseConsent, refuse_consent
from mingshi.credentials.keeping import digest_of
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import EvidenceId, visible
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Permission, Role
from mingshi.present.answers import said
from mingshi.web.asking import Ask, Given, Opened, Page, See, get, post
from mingshi.web.noticing import notice_shown, question
from mingshi.web.proving import admitted, code_is_right, send_code, spend

_JOINED: Final = re.compile(r"[0-9A-F]{6}")


def at_door(ask: Ask) -> DoorCode:
    """What this browser's door ticket is worth."""
    return ask.office.door.admits(ask.form.raw("ticket") or ask.query.get("t", ""), ask.browser, ask.now)


def choose(ask: Ask) -> Given:
    """The ways to check in. The sign's code leads here: `/v?d=CODE`."""
    code = ask.query.get("d", "")
    given = ask.office.door.redeem(code, ask.browser, ask.now)
    return _choose(ask, given.state.value if code else "", given.ticket)


def enter_door(ask: Ask) -> Given:
    """Who types the code of the sign instead of scanning it."""
    code = ask.form.text("door", most=12)
    given = ask.office.door.redeem(code, ask.browser, ask.now)
    state = given.state
    if ask.form.ok and state is not DoorCode.VALID:
        many = (
            "现在输入的人太多，请直接扫码，或到前台办理。",
            "Too many typed just now: scan the code, or ask at the desk.",
        )
        stale = ("这个码已过期，请看牌子上现在的码。", "This code has expired; please use the one on the sign now.")
        none = ("码不对，请再看一眼牌子上的 6 位码。", "That is not the code; please look at the sign again.")
        ask.form.wrong("door", *(many if given.limited else stale if state is DoorCode.STALE else none))
    if not ask.form.ok:
        return _choose(ask, "typed", "", 422)
    return See(f"/v?d={code.strip().upper()}")


def _choose(ask: Ask, door: str, ticket: str, status: int = 200) -> Given:
    notice = notice_shown(ask, Purpose.ATTRIBUTION)
    return Page("visitor/choose.html.j2", {"door": door, "ticket": ticket, "notice": notice}, status)


def phone_form(ask: Ask) -> Given:
    """By a code sent to one's phone."""
    ticket = ask.query.get("t", "")
    here = ask.office.door.admits(ticket, ask.browser, ask.now) is DoorCode.VALID
    return _phone(ask, ticket=ticket, here=here)


def phone_send(ask: Ask) -> Given:
    """The notice was read, a code is asked for: seal that it was shown, send the code."""
    phone = ask.form.phone("phone")
    ask.form.whole("party", 1, 20)
    challenge, consent, ticket = "", ask.form.raw("consent"), ask.form.raw("ticket")
    if ask.form.ok and admitted(ask, ticket, phone, "phone"):
        challenge = send_code(ask, phone, "check_in", at_door=True)
    if challenge:
        consent = consent or question(ask, Purpose.ATTRIBUTION)
    here = at_door(ask) is DoorCode.VALID
    return _phone(ask, ticket=ticket, here=here, challenge=challenge, consent=consent)


def phone_check(ask: Ask) -> Given:
    """The code is right: the visitor agrees and is checked in, in one act."""
    phone = ask.form.phone("phone")
    adults = ask.form.whole("party", 1, 20)
    if ask.form.raw("join") and not _JOINED.fullmatch(ask.form.raw("join").strip().upper()):
        ask.form.wrong("join", "同行码是 6 位字母或数字。", "A companions' code has six letters or digits.")
    consent, ticket = EvidenceId(ask.form.raw("consent")), ask.form.raw("ticket")
    if ask.form.ok and admitted(ask, ticket, phone, "code") and code_is_right(ask, phone, "check_in", stands=True):
        visit = CheckIn(
            phone=phone,
            means=Means.OTP,
            door_code=spend(ask, ticket, phone),
            staff_readable=ask.office.codes.staff_readable,
            party=_party(ask),
            party_adults=adults,
        )
        replied = ask.run(arrive, Arrive(visit, consent))
        if replied.answer:
            return See("/v/who?new=1", Opened(Role.PERSON, "", phone))
        told = said(replied.answer, ask.lang, ask.office.zone)
        ask.form.wrong("phone", told.text, told.text)
    here, challenge = at_door(ask) is DoorCode.VALID, ask.form.raw("challenge")
    return _phone(ask, ticket=ticket, here=here, challenge=challenge, consent=consent)


def _party(ask: Ask) -> str:
    """同行码: whoever came together shows the same one; the first visitor's comes from their form, once and for all."""
    joined = ask.form.raw("join").strip().upper()
    return joined if _JOINED.fullmatch(joined) else digest_of(ask.form.raw("once"))[:6].upper()


def refuse(ask: Ask) -> Given:
    """Rather not: nothing of the visitor is kept, and nobody asks again for two days (L-08)."""
    consent = EvidenceId(ask.form.raw("consent"))
    if consent:
        ask.run(refuse_consent, RefuseConsent(consent, ask.browser))
    return See("/v/none")


def _phone(ask: Ask, *, ticket: str, here: bool, challenge: str = "", consent: str = "") -> Given:
    notice = notice_shown(ask, Purpose.ATTRIBUTION)
    values = {"ticket": ticket, "here": here, "challenge": challenge, "consent": consent, "notice": notice}
    return Page("visitor/phone.html.j2", values, 200 if ask.form.ok else 422)


def paper(_: Ask) -> Given:
    """By paper at the desk."""
    return Page("visitor/paper.html.j2")


def nothing(_: Ask) -> Given:
    """Not at all: a page, and nothing is written."""
    return Page("visitor/nothing.html.j2")


# 双签报备: the link that the agent forwards


def link(ask: Ask) -> Given:
    """What the client is asked to confirm."""
    return _link(ask, "")


def link_send(ask: Ask) -> Given:
    """Send the client a code."""
    if (found := _registration(ask)) is None:
        return _link(ask, "")
    phone = ask.form.phone("phone")
    challenge, consent = "", ask.form.raw("consent")
    if ask.form.ok and found.phone not in (phone, visible(phone)):
        ask.form.wrong(
            "phone",
            "这个手机号与报备的号码不符；如报备的不是您，请忽略此链接。",
            "This is not the number registered; if it is not about you, ignore the link.",
        )
    if ask.form.ok and (challenge := send_code(ask, phone, f"confirm/{found.id}", invited=True)):
        consent = consent or question(ask, Purpose.REGISTRATION)
    return _link(ask, challenge, consent)


def link_answer(ask: Ask) -> Given:
    """The client's yes or no, with their code."""
    if (found := _registration(ask)) is None:
        return _link(ask, "")
    phone = ask.form.phone("phone")
    answer = ask.form.one_of("answer", ("yes", "no"))
    before = ask.form.one_of("before", ("yes", "no", "unsaid"), needed=False)
    if not ask.form.ok or not code_is_right(ask, phone, f"confirm/{found.id}", stands=True):
        return _link(ask, ask.form.raw("challenge"), ask.form.raw("consent"))
    confirmation = ConfirmRegistration(
        registration=found.id,
        phone=phone,
        agreed=answer == "yes",
        been_before={"yes": True, "no": False}.get(before),
    )
    consent = EvidenceId(ask.form.raw("consent"))
    replied = ask.run(answer_registration, AnswerRegistration(confirmation, consent, ask.browser))
    told = said(replied.answer, ask.lang, ask.office.zone)
    if replied.answer:
        if not confirmation.agreed:
            return See(f"/c/{found.id}?done=no")
        return See(f"/c/{found.id}?done=yes", Opened(Role.PERSON, "", phone))
    ask.form.wrong("phone", told.text, told.text)
    return _link(ask, "")


def _registration(ask: Ask) -> e.Registration | None:
    wanted = EvidenceId(ask.params["registration"])

    def read(transaction: Transaction) -> e.Registration | None:
        rows = transaction.read(e.Registration, "id", wanted)
        return rows[0] if rows and rows[0].released_at is None else None

    return ask.office.look(read)


def _link(ask: Ask, challenge: str, consent: str = "") -> Given:
    found = _registration(ask)
    if found is None:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)

    def read(transaction: Transaction) -> tuple[str, bool]:
        agents = transaction.read(e.Agent, "id", found.agent)
        answered = transaction.read(e.Confirmation, "registration", found.id)
        return agents[0].name if agents else str(found.agent), bool(answered)

    name, answered = ask.office.look(read)
    done = ask.query.get("done", "")
    values = {
        "registration": found.id,
        "agent_name": name,
        "agency": found.agency,
        "at": found.at,
        "shown": visible(found.phone),
        "challenge": challenge,
        "consent": consent,
        "notice": notice_shown(ask, Purpose.REGISTRATION),
        "answered": answered,
        "done": done if done in ("yes", "no") else "",
    }
    return Page("visitor/link.html.j2", values, 422 if ask.form.errors else 200)


WAYS = (
    get("/v", Permission.VISITOR_CHECK_IN_MAKE, choose),
    post("/v/door", Permission.VISITOR_CHECK_IN_MAKE, enter_door),
    get("/v/phone", Permission.VISITOR_CHECK_IN_MAKE, phone_form),
    post("/v/phone", Permission.VISITOR_CHECK_IN_MAKE, phone_send),
    post("/v/phone/check", Permission.VISITOR_CHECK_IN_MAKE, phone_check),
    post("/v/refuse", Permission.VISITOR_CHECK_IN_MAKE, refuse),
    get("/v/paper", Permission.VISITOR_CHECK_IN_MAKE, paper),
    get("/v/none", Permission.VISITOR_CHECK_IN_MAKE, nothing),
    get("/c/{registration}", Permission.VISITOR_REGISTRATION_CONFIRM, link),
    post("/c/{registration}", Permission.VISITOR_REGISTRATION_CONFIRM, link_send),
    post("/c/{registration}/answer", Permission.VISITOR_REGISTRATION_CONFIRM, link_answer),
)
