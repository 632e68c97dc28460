"""My keys: made on one's own phone once the number is proven, shown, and taken back (amendments 1, 4)."""

from mingshi.app.issue_pass import IssuePass, RevokePass, issue_pass, revoke_pass
from mingshi.app.ports import Transaction
from mingshi.credentials import device_key, passkey
from mingshi.credentials.keeping import digest_of
from mingshi.domain import evidence as e
from mingshi.domain.ids import EvidenceId, PassId
from mingshi.domain.roles import Permission
from mingshi.present.answers import Said, said
from mingshi.present.receipt_sheet import qr_svg
from mingshi.web.asking import Ask, Given, Page, get, post
from mingshi.web.challenges import challenge_for, party, taken

PURPOSE = "make_key"
_LETTERS = "23456789ACDEFGHJKMNPQRTUVWXY"
_CODE = 12


def keys(ask: Ask) -> Given:
    """The keys that stand."""
    return _page(ask, None)


def make_device_key(ask: Ask) -> Given:
    """A key was made on this phone, and signed that it was."""
    form = ask.form
    point, word = form.raw("point"), form.raw("challenge")
    held = device_key.pass_of(point)
    signed = held is not None and device_key.signed(point, form.raw("signature"), ask.office.address, PURPOSE, word)
    if not (taken(ask, word, PURPOSE) and signed) or held is None:
        return _page(ask, _not_made(ask), 422)
    replied = ask.run(issue_pass, IssuePass(held, ask.me.phone))
    return _page(ask, said(replied.answer, ask.lang, ask.office.zone))


def make_passkey(ask: Ask) -> Given:
    """A passkey was made."""
    word = ask.form.raw("challenge")
    key = passkey.made(party(ask), ask.form.raw("answer"), _bytes(word)) if taken(ask, word, PURPOSE) else None
    if key is None:
        return _page(ask, _not_made(ask), 422)
    replied = ask.run(issue_pass, IssuePass(passkey.pass_of(key.id), ask.me.phone))
    if replied.answer:
        put = ask.office.keeping.put
        put("passkey", digest_of(key.id), {"public": key.public, "counter": key.counter}, ask.office.forever())
    return _page(ask, said(replied.answer, ask.lang, ask.office.zone))


def make_code(ask: Ask) -> Given:
    """预约到访码: a code that is good once, shown once."""
    number = int.from_bytes(ask.office.random_bytes(16))
    code = ""
    for _ in range(_CODE):
        number, at = divmod(number, len(_LETTERS))
        code += _LETTERS[at]
    replied = ask.run(issue_pass, IssuePass(PassId(f"QR-{digest_of(code)[:40]}"), ask.me.phone))
    if not replied.answer:
        return _page(ask, said(replied.answer, ask.lang, ask.office.zone), 422)
    shown = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    return Page("buyer/code.html.j2", {"code": shown, "picture": qr_svg(code, error="M")})


def revoke(ask: Ask) -> Given:
    """Take one back."""
    phone, wanted = ask.me.phone, ask.params["issue"]

    def own(transaction: Transaction) -> bool:
        return any(row.id == wanted for row in transaction.read(e.Pass, "phone", phone))

    if not ask.office.look(own):
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    replied = ask.run(revoke_pass, RevokePass(EvidenceId(wanted)))
    return _page(ask, said(replied.answer, ask.lang, ask.office.zone))


def _page(ask: Ask, told: Said | None, status: int = 200) -> Given:
    phone = ask.me.phone
    rows = ask.office.look(lambda transaction: transaction.read(e.Pass, "phone", phone))
    word = challenge_for(ask, PURPOSE)
    name = ask.say("到访密钥", "Visit key")
    values = {
        "rows": [row for row in rows if row.revoked_at is None],
        "told": told,
        "challenge": word,
        "purpose": PURPOSE,
        "address": ask.office.address,
        "make": passkey.to_make(party(ask), ask.office.random_bytes(16), name, bytes.fromhex(word)),
    }
    return Page("buyer/keys.html.j2", values, status)


def _not_made(ask: Ask) -> Said:
    return Said(done=False, text=ask.say("密钥没有存成，请再试一次。", "The key was not made; please try again."))


def _bytes(word: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError:
        return b""


WAYS = (
    get("/me/keys", Permission.BUYER_RECORD_READ, keys),
    post("/me/keys/device", Permission.BUYER_RECORD_CORRECT, make_device_key),
    post("/me/keys/passkey", Permission.BUYER_RECORD_CORRECT, make_passkey),
    post("/me/keys/code", Permission.BUYER_RECORD_CORRECT, make_code),
    post("/me/keys/{issue}/revoke", Permission.BUYER_RECORD_CORRECT, revoke),
)
