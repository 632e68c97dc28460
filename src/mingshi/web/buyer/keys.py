"""My keys: made on one's own phone once the number is proven, shown, and taken back (amendments 1, 4)."""

import threading
from typing import Final

from mingshi.app.arrive import TakePass, take_pass
from mingshi.app.consents import ANY, valid_for
from mingshi.app.issue_pass import IssuePass, RevokePass, revoke_pass
from mingshi.app.ports import Transaction
from mingshi.credentials.keeping import open_with, seal_to
from mingshi.credentials.proofs import VisitCode
from mingshi.domain import evidence as e
from mingshi.domain.ids import EvidenceId, PassId
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Permission
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.present.answers import Said, said
from mingshi.present.receipt_sheet import qr_svg
from mingshi.web.asking import Ask, Given, Page, get, post
from mingshi.web.noticing import notice_shown, question
from mingshi.web.ports import Replied
from mingshi.web.proving import challenge_to_enrol, enrolled, forget, kinds_offered

_KIND: Final = "visit-code-of-form"
_ASKED: Final = "asked-of-form"
_AGAIN: Final = 15 * MINUTE
_MAKING: Final = threading.Lock()


def keys(ask: Ask) -> Given:
    """The keys that stand."""
    return _page(ask, None)


def key_make(ask: Ask) -> Given:
    """What a new key is made of."""
    return challenge_to_enrol(ask, f"{ask.office.project} · {ask.say('到访密钥', 'visit key')}")


def make(ask: Ask) -> Given:
    """A key was made on this phone, and signed that it was."""
    if ask.me.pass_id is not None:  # a key does not vouch for another one: the number does
        return _page(ask, None, 422)
    pass_id = enrolled(ask)
    if pass_id is None:
        why = ask.form.errors["all"]
        return _page(ask, Said(done=False, text=ask.say(why.zh, why.en)), 422)
    replied = _taken(ask, pass_id)
    return _page(ask, said(replied.answer, ask.lang, ask.office.zone))


def make_code(ask: Ask) -> Given:
    """预约到访码: a code that is good once, shown once."""
    code = _code_of_form(ask)
    replied = _taken(ask, code.pass_id)
    if not replied.answer:
        return _page(ask, said(replied.answer, ask.lang, ask.office.zone), 422)
    picture = qr_svg(code.shown.replace("-", ""), error="M")
    return Page("buyer/code.html.j2", {"code": code.shown, "picture": picture})


def _code_of_form(ask: Ask) -> VisitCode:
    """The code of this form: the same where it is sent twice, so that an answer that was lost loses no code.

    Meanwhile it is kept under the session's own word, which only this browser has.
    """
    form, key = ask.once("code"), ask.me.token
    if not form:
        return ask.office.visit_codes.make()
    with _MAKING:
        kept = ask.office.keeping.get(_KIND, form, ask.now)
        plain = open_with(key, str(kept["sealed"])) if kept is not None else None
        if plain is not None:
            shown, _, pass_id = plain.partition(" ")
            return VisitCode(shown, PassId(pass_id))
        made = ask.office.visit_codes.make()
        sealed = seal_to(key, f"{made.shown} {made.pass_id}", ask.office.random_bytes(12))
        ask.office.keeping.put(_KIND, form, {"sealed": sealed}, Micros(ask.now + _AGAIN))
        return made


def revoke(ask: Ask) -> Given:
    """Take one back."""
    phone, wanted = ask.me.phone, ask.params["issue"]

    def own(transaction: Transaction) -> list[e.Pass]:
        return [row for row in transaction.read(e.Pass, "phone", phone) if row.id == wanted]

    rows = ask.office.look(own)
    if not rows:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    replied = ask.run(revoke_pass, RevokePass(EvidenceId(wanted)))
    forget(ask, rows[0].pass_id)
    return _page(ask, said(replied.answer, ask.lang, ask.office.zone))


def _taken(ask: Ask, pass_id: PassId) -> Replied:
    """A pass is taken; who has not agreed yet has read the notice on the same page, and agrees by taking it."""
    return ask.run(take_pass, TakePass(IssuePass(pass_id, ask.me.phone), _asked_of_form(ask)))


def _asked_of_form(ask: Ask) -> EvidenceId:
    """The question that this form answers, none where the person agreed before; the same where it is sent twice."""
    form = ask.once("asked")
    kept = ask.office.keeping.get(_ASKED, form, ask.now) if form else None
    if kept is not None:
        return EvidenceId(str(kept["asked"]))
    asked = EvidenceId("") if _agreed(ask) else question(ask, Purpose.ATTRIBUTION)
    if form:
        ask.office.keeping.put(_ASKED, form, {"asked": asked}, Micros(ask.now + _AGAIN))
    return asked


def _agreed(ask: Ask) -> bool:
    phone = ask.me.phone
    return ask.office.look(lambda transaction: any(valid_for(transaction, phone, purpose) for purpose in ANY))


def _page(ask: Ask, told: Said | None, status: int = 200) -> Given:
    phone = ask.me.phone
    rows = ask.office.look(lambda transaction: transaction.read(e.Pass, "phone", phone))
    values = {
        "rows": [row for row in rows if row.revoked_at is None],
        "told": told,
        "kinds": kinds_offered(ask),
        "by_key": ask.me.pass_id is not None,
        "notice": None if _agreed(ask) else notice_shown(ask, Purpose.ATTRIBUTION),
    }
    return Page("buyer/keys.html.j2", values, status)


WAYS = (
    get("/me/keys", Permission.BUYER_RECORD_READ, keys),
    get("/me/keys/ask", Permission.BUYER_RECORD_READ, key_make),
    post("/me/keys", Permission.BUYER_RECORD_CORRECT, make),
    post("/me/keys/code", Permission.BUYER_RECORD_CORRECT, make_code),
    post("/me/keys/{issue}/revoke", Permission.BUYER_RECORD_CORRECT, revoke),
)
