"""到访登记 by what the visitor holds: a key on this phone, a passkey, a code that is good once (E3, E5 as amendment 1).

The rules this module keeps: a key says who holds it, the door says where they are, and the key signs the door's ticket;
without a ticket it is no visit. A key that was revoked, or whose person was erased, is unknown here: there is nobody it
could be.
"""

from mingshi.app.arrive import Arrive, arrive, arrive_by_code, holder_of
from mingshi.app.check_in import CheckIn
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Permission, Role
from mingshi.present.answers import said
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask, Given, Opened, Page, See, get, post
from mingshi.web.noticing import notice_shown, question
from mingshi.web.proving import admitted, challenge, kinds_offered, proven, spend, visit_pass

ACTION = "check_in"


def key_form(ask: Ask) -> Given:
    """Check in with a key."""
    return _form(ask, ask.query.get("t", ""))


def key_ask(ask: Ask) -> Given:
    """What the key is to sign: that its holder checks in, with this ticket."""
    return challenge(ask, ACTION, ask.query.get("t", "")[:200])


def key_check(ask: Ask) -> Given:
    """The key has signed."""
    form = ask.form
    adults = form.whole("party", 1, 20)
    found = proven(ask, ACTION, stands=True) if form.ok else None
    if found is None:
        return _form(ask, form.raw("ticket"))
    phone = ask.office.look(lambda transaction: holder_of(transaction, found.pass_id))
    if not phone:
        form.wrong("all", *(text("not_proven", "unknown", lang) for lang in (Lang.ZH, Lang.EN)))
    elif admitted(ask, found.door, phone):
        visit = CheckIn(
            phone=Contact(""),
            means=found.means,
            door_code=spend(ask, found.door, phone),
            pass_id=found.pass_id,
            party_adults=adults,
        )
        replied = ask.run(arrive, Arrive(visit, question(ask, Purpose.ATTRIBUTION)))
        if replied.answer:
            return See("/v/who?new=1", Opened(Role.PERSON, "", phone, pass_id=found.pass_id))
        told = said(replied.answer, ask.lang, ask.office.zone)
        form.wrong("all", told.text, told.text)
    return _form(ask, found.door)


def code_check(ask: Ask) -> Given:
    """A visitor's own code, read in at the desk's scanner or typed by the visitor at the door."""
    form, ticket = ask.form, ask.form.raw("ticket")
    form.text("code", most=40)
    pass_id = visit_pass(ask, "code") if form.ok else None
    if pass_id and admitted(ask, ticket, pass_id, "code"):
        door = spend(ask, ticket, pass_id)
        visit = CheckIn(phone=Contact(""), means=Means.QR, door_code=door, pass_id=pass_id)
        replied = ask.run(arrive_by_code, Arrive(visit, question(ask, Purpose.ATTRIBUTION)))
        if replied.answer:
            return Page("visitor/code.html.j2", {"done": True, "ticket": "", "notice": None})
        told = said(replied.answer, ask.lang, ask.office.zone)
        form.wrong("code", told.text, told.text)
    return _code(ask, ticket)


def code_form(ask: Ask) -> Given:
    """Type one's code."""
    return _code(ask, ask.query.get("t", ""))


def _code(ask: Ask, ticket: str) -> Given:
    values = {"done": False, "ticket": ticket, "notice": notice_shown(ask, Purpose.ATTRIBUTION)}
    return Page("visitor/code.html.j2", values, 200 if ask.form.ok else 422)


def _form(ask: Ask, ticket: str) -> Given:
    here = ask.office.door.admits(ticket, ask.browser, ask.now) is DoorCode.VALID
    values = {
        "ticket": ticket,
        "here": here,
        "kinds": kinds_offered(ask),
        "notice": notice_shown(ask, Purpose.ATTRIBUTION),
    }
    return Page("visitor/key.html.j2", values, 200 if ask.form.ok else 422)


WAYS = (
    get("/v/key", Permission.VISITOR_CHECK_IN_MAKE, key_form),
    get("/v/key/ask", Permission.VISITOR_CHECK_IN_MAKE, key_ask),
    post("/v/key", Permission.VISITOR_CHECK_IN_MAKE, key_check),
    get("/v/code", Permission.VISITOR_CHECK_IN_MAKE, code_form),
    post("/v/code", Permission.VISITOR_CHECK_IN_MAKE, code_check),
)
