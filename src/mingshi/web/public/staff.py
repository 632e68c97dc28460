"""Staff sign in: a passkey, or a password with a code from an app; both are enrolled behind a one-time login.

The rules this module keeps (LEDGER §3.2, 6.x):

1. What is wrong, the name, the password or the code, is not said; a name that nobody has takes as long.
2. Ten tries an hour for a name, then it rests; a code of the app is good once.
3. Enrolling anew replaces what was there; it needs a session.
"""

from mingshi.app.ports import Transaction
from mingshi.credentials import password
from mingshi.credentials.keeping import digest_of
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Means
from mingshi.domain.roles import Permission, Role
from mingshi.kernel.canonical import Json, integer
from mingshi.kernel.timeline import HOUR, MINUTE, Micros
from mingshi.present.answers import Said
from mingshi.present.receipt_sheet import qr_svg
from mingshi.web.asking import Ask, Given, Opened, Page, See, get, post
from mingshi.web.home import HOME
from mingshi.web.proving import challenge, challenge_to_enrol, enrolled, kinds_offered, proven
from mingshi.web.sessions import staff_role

TRIES = 10
ACTION = "staff"
OF_STAFF = "staff-passkey"
"""Whose a passkey is; what is kept of the key itself is `passes`' own."""


def sign_in(ask: Ask) -> Given:
    """The form."""
    return _form(ask)


def check(ask: Ask) -> Given:
    """Password and code."""
    form = ask.form
    who = form.text("who", most=60)
    given, code = form.raw("password"), form.raw("code").strip()
    if not form.ok:
        return _form(ask)
    if ask.office.keeping.count("staff-try", digest_of(who), HOUR, ask.now) > TRIES:
        form.wrong(
            "who",
            "尝试太多次，请一小时后再试，或找管理员要一次性登录。",
            "Too many tries; wait an hour, or ask for a one-time login.",
        )
        return _form(ask)
    kept = ask.office.keeping.get("staff", digest_of(who), ask.now)
    fits = password.fits(given, str(kept["password"]) if kept else "")
    step = password.step_of(code, bytes.fromhex(str(kept["totp"])), ask.now) if kept and fits else None
    if kept is None or step is None or step <= integer(kept["step"]):
        form.wrong("who", "工号、密码或验证码不对。", "Staff number, password or code is wrong.")
        return _form(ask)
    ask.office.keeping.put("staff", digest_of(who), {**kept, "step": step}, ask.office.forever())
    return _in(ask, who)


def key_ask(ask: Ask) -> Given:
    """What the passkey is to sign."""
    return challenge(ask, ACTION)


def check_passkey(ask: Ask) -> Given:
    """A passkey."""
    found = proven(ask, ACTION, at="who")
    kept = ask.office.keeping.get(OF_STAFF, found.pass_id, ask.now) if found else None
    if kept is None:
        ask.form.wrong("who", "没有认出这把通行密钥。", "This passkey is not known.")
        return _form(ask)
    return _in(ask, str(kept["id"]))


def account(ask: Ask) -> Given:
    """What one signs in with."""
    return _account(ask, None)


def set_password(ask: Ask) -> Given:
    """A password, and the app's first code, which shows that the app has the secret."""
    form = ask.form
    chosen = form.raw("password")
    if len(chosen) < password.FEWEST:
        form.wrong("password", f"至少 {password.FEWEST} 个字符。", f"At least {password.FEWEST} characters.")
    pending = ask.office.keeping.get("totp-pending", digest_of(ask.me.token), ask.now)
    secret = bytes.fromhex(str(pending["secret"])) if pending else b""
    step = password.step_of(form.raw("code"), secret, ask.now) if secret else None
    if step is None:
        form.wrong(
            "code",
            "验证码不对：请用应用扫下面的码，再填它显示的 6 位数字。",
            "The code is wrong: scan the picture with the app and type the six digits it shows.",
        )
    if not form.ok or step is None:
        return _account(ask, None)
    kept: dict[str, Json] = {
        "password": password.hashed(chosen),
        "totp": secret.hex(),
        "step": step,
        "role": ask.me.role.value,
    }
    ask.office.keeping.put("staff", digest_of(ask.me.id), kept, ask.office.forever())
    ask.office.keeping.drop("totp-pending", digest_of(ask.me.token))
    return _account(ask, Said(done=True, text=ask.say("密码和验证器已设好。", "Password and app are set.")))


def key_make(ask: Ask) -> Given:
    """What a new passkey is made of."""
    return challenge_to_enrol(ask, ask.me.id)


def add_passkey(ask: Ask) -> Given:
    """A passkey."""
    pass_id = enrolled(ask) if ask.form.raw("of") == Means.PASSKEY.value else None
    if pass_id is None:
        return _account(
            ask, Said(done=False, text=ask.say("密钥没有存成，请再试。", "The key was not made; try again."))
        )
    kept: dict[str, Json] = {"id": ask.me.id, "role": ask.me.role.value}
    ask.office.keeping.put(OF_STAFF, pass_id, kept, ask.office.forever())
    return _account(ask, Said(done=True, text=ask.say("通行密钥已存好，下次可直接登录。", "The passkey is set.")))


def _in(ask: Ask, who: str) -> Given:
    role = _role(ask, who)
    if role is None:
        ask.form.wrong("who", "您不在当前的人员名单上。", "You are not on the roster now.")
        return _form(ask)
    return See(HOME.get(role, "/"), Opened(role, who))


def _role(ask: Ask, who: str) -> Role | None:
    """The role that the roster gives now; of an agency's reviewer, while the agency has an agreement."""
    agency, slash, _ = who.partition("/")

    def read(transaction: Transaction) -> Role | None:
        if slash:
            return Role.AGENCY if transaction.read(e.Agreement, "agency", agency) else None
        return staff_role(transaction, who, ask.now)

    return ask.office.look(read)


def _form(ask: Ask) -> Given:
    return Page("public/staff.html.j2", {"kinds": kinds_offered(ask)}, 200 if ask.form.ok else 422)


def _account(ask: Ask, told: Said | None) -> Given:
    key = digest_of(ask.me.token)
    pending = ask.office.keeping.get("totp-pending", key, ask.now)
    secret = bytes.fromhex(str(pending["secret"])) if pending else ask.office.random_bytes(20)
    if pending is None:
        ask.office.keeping.put("totp-pending", key, {"secret": secret.hex()}, Micros(ask.now + 30 * MINUTE))
    values = {
        "told": told,
        "picture": qr_svg(password.app_uri(secret, ask.me.id, ask.office.project), error="M"),
        "spelled": password.spelled(secret),
        "kinds": kinds_offered(ask),
    }
    return Page("public/account.html.j2", values, 200 if ask.form.ok else 422)


WAYS = (
    get("/staff", Permission.PUBLIC_SESSION_OPEN, sign_in),
    post("/staff", Permission.PUBLIC_SESSION_OPEN, check),
    get("/staff/passkey/ask", Permission.PUBLIC_SESSION_OPEN, key_ask),
    post("/staff/passkey", Permission.PUBLIC_SESSION_OPEN, check_passkey),
    get("/account", Permission.SESSION_CREDENTIAL_KEEP, account),
    post("/account/password", Permission.SESSION_CREDENTIAL_KEEP, set_password),
    get("/account/passkey/ask", Permission.SESSION_CREDENTIAL_KEEP, key_make),
    post("/account/passkey", Permission.SESSION_CREDENTIAL_KEEP, add_passkey),
)
