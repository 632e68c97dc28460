"""The front page, signing in and out, the notice, checking a receipt.

The rules this module keeps:

1. A one-time login works once and at the site it was made for; it opens the role it was made for and no other.
2. Whether a number belongs to an agent makes no difference to what is said before its code was right.
"""

from mingshi.app.arrive import holder_of
from mingshi.app.ports import Transaction
from mingshi.credentials.keeping import digest_of
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact
from mingshi.domain.moment import ended
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Permission, Role
from mingshi.kernel.timeline import Micros
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask, Given, Opened, Page, Raw, See, get, post
from mingshi.web.home import HOME
from mingshi.web.noticing import notice_shown
from mingshi.web.proving import challenge, code_is_right, kinds_offered, proven, send_code, sign_off

ACTION = "sign_in"


def front(ask: Ask) -> Given:
    """Who are you?"""
    return Page("public/front.html.j2", {"home": HOME.get(ask.role, "")})


def sign_in(ask: Ask) -> Given:
    """By one's own phone: a code sent to it, or a key on it."""
    next_ = _inside(ask.query.get("next", ""))
    return _sign_in(ask, ask.query.get("as") or ("agent" if next_.startswith("/agent") else "person"), next_)


def send(ask: Ask) -> Given:
    """Send the code."""
    as_ = ask.form.one_of("as", ("person", "agent"))
    phone = ask.form.phone("phone")
    sent = send_code(ask, phone, f"sign_in/{as_}") if ask.form.ok else ""
    return _sign_in(ask, as_, _inside(ask.form.raw("next")), sent)


def check(ask: Ask) -> Given:
    """Check it."""
    as_ = ask.form.one_of("as", ("person", "agent"))
    phone = ask.form.phone("phone")
    next_ = _inside(ask.form.raw("next"))
    if ask.form.ok and code_is_right(ask, phone, f"sign_in/{as_}"):
        return _in(ask, as_, Opened(Role.PERSON, "", phone), next_)
    return _sign_in(ask, as_, next_, ask.form.raw("challenge"))


def key_ask(ask: Ask) -> Given:
    """What a key is to sign."""
    return challenge(ask, ACTION)


def key_check(ask: Ask) -> Given:
    """By a key: whoever it was issued to. A key that was revoked, or whose person was erased, is nobody's."""
    as_ = ask.form.one_of("as", ("person", "agent"))
    next_ = _inside(ask.form.raw("next"))
    found = proven(ask, ACTION, at="phone") if ask.form.ok else None
    phone = ask.office.look(lambda transaction: holder_of(transaction, found.pass_id)) if found else Contact("")
    if found and phone:
        return _in(ask, as_, Opened(Role.PERSON, "", phone, pass_id=found.pass_id), next_)
    ask.form.wrong("phone", *(text("not_proven", "unknown", lang) for lang in (Lang.ZH, Lang.EN)))
    return _sign_in(ask, as_, next_)


def _in(ask: Ask, as_: str, person: Opened, next_: str) -> Given:
    if as_ == "person":
        return See(next_ or "/me", person)
    agents = ask.office.look(lambda transaction: _agents(transaction, person.phone, ask.now))
    if len(agents) == 1:
        return See(next_ or "/agent", person._replace(role=Role.AGENT, id=agents[0]))
    ask.form.wrong(
        "phone",
        "这个号码不在经纪人名单上，请联系您的公司。",
        "This number is on no agency's list; ask your agency.",
    )
    return _sign_in(ask, as_, next_)


def _sign_in(ask: Ask, as_: str, next_: str, challenge: str = "") -> Given:
    values = {"next": next_, "as_": as_ or "person", "challenge": challenge, "kinds": kinds_offered(ask)}
    return Page("public/sign_in.html.j2", values, 200 if ask.form.ok else 422)


def invited(ask: Ask) -> Given:
    """A one-time login: shown first, used by a button, so that a preview of the link does not use it up."""
    kept = ask.office.keeping.get("invite", digest_of(ask.params["token"]), ask.now)
    return Page("public/invited.html.j2", {"token": ask.params["token"], "kept": kept}, 200 if kept else 410)


def accept(ask: Ask) -> Given:
    """Use it."""
    kept = ask.office.keeping.take("invite", digest_of(ask.params["token"]), ask.now)
    if kept is None:
        return Page("public/invited.html.j2", {"token": "", "kept": None}, 410)
    role = Role(str(kept["role"]))
    return See(HOME.get(role, "/"), Opened(role, str(kept["id"]), Contact(str(kept.get("phone", "")))))


def sign_out(ask: Ask) -> Given:
    """The session is over."""
    sign_off(ask)
    return See("/", ended=True)


def notice(ask: Ask) -> Given:
    """The notices in force, whole; where none is published yet, what holds everywhere."""
    shown = {
        "arrival": notice_shown(ask, Purpose.ATTRIBUTION),
        "registration": notice_shown(ask, Purpose.REGISTRATION),
    }
    return Page("public/notice.html.j2", shown)


def verify(ask: Ask) -> Given:
    """Check a receipt on one's own device."""
    return Page("public/verify.html.j2", {"trust": ask.office.trust()})


def trust(ask: Ask) -> Given:
    """The rule of trust."""
    return Raw(ask.office.trust().encode(), "text/plain", "trust.policy")


def _agents(transaction: Transaction, phone: Contact, now: Micros) -> list[str]:
    rows = transaction.read(e.Agent, "phone", phone)
    return sorted({str(row.id) for row in rows if not ended(row.until, now)})


def _inside(path: str) -> str:
    """A path of this site, or nothing."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else ""


WAYS = (
    get("/", Permission.PUBLIC_PAGE_READ, front),
    get("/notice", Permission.PUBLIC_PAGE_READ, notice),
    get("/verify", Permission.PUBLIC_PAGE_READ, verify),
    get("/trust.policy", Permission.PUBLIC_PAGE_READ, trust),
    get("/sign-in", Permission.PUBLIC_SESSION_OPEN, sign_in),
    post("/sign-in", Permission.PUBLIC_SESSION_OPEN, send),
    post("/sign-in/check", Permission.PUBLIC_SESSION_OPEN, check),
    get("/sign-in/key/ask", Permission.PUBLIC_SESSION_OPEN, key_ask),
    post("/sign-in/key", Permission.PUBLIC_SESSION_OPEN, key_check),
    get("/in/{token}", Permission.PUBLIC_SESSION_OPEN, invited),
    post("/in/{token}", Permission.PUBLIC_SESSION_OPEN, accept),
    post("/sign-out", Permission.SESSION_SELF_CLOSE, sign_out),
)
