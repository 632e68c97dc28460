"""到访回执码: the code of one's own visit, to keep and to show again (E21, RULES amendment 4).

The rules this module keeps:

1. A code is given for what was proven at the visit: a code sent to the number, or a key. A desk entry, a contact without
   the door's code, and a code that staff could read have none: a receipt is never worth more than its visit was.
2. Who shows one proves here and now what it is bound to: the number or key they signed in with, or a key they use on
   this page. Nothing else of the earlier visit is sealed.
"""

from mingshi.app.ports import Transaction
from mingshi.app.record_contact import ShowReceipt, record_contact
from mingshi.credentials.proofs import NotProven
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, DoorCode, Means
from mingshi.domain.roles import Permission
from mingshi.present.answers import said
from mingshi.present.receipt_sheet import qr_svg
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask, Given, Page, get, post
from mingshi.web.proving import challenge, kinds_offered, proven, shown

ACTION = "show_receipt"
_BINDINGS = {Means.DEVICE_KEY: Binding.DEVICE_KEY, Means.PASSKEY: Binding.PASSKEY}


def code_of(ask: Ask, visit: e.Arrival) -> str:
    """The text of the visit's code; empty where it has none."""
    if visit.door_code is not DoorCode.VALID or visit.staff_readable or not isinstance(visit.at, int):
        return ""
    binding, value = _BINDINGS.get(visit.means), str(visit.pass_id)
    if visit.means is Means.OTP and visit.phone == ask.me.phone:
        binding, value = Binding.PHONE, visit.phone
    if binding is None:
        return ""
    return ask.office.receipts.issue(visit.id, visit.at, binding, value, ask.now)


def picture_of(code: str) -> str:
    """The code as a picture, small enough for a cheap phone and a folded sheet."""
    return qr_svg(code, error="M", version_max=8)


def form(ask: Ask) -> Given:
    """Show a code of an earlier visit."""
    return _page(ask)


def key_ask(ask: Ask) -> Given:
    """What the key is to sign."""
    return challenge(ask, ACTION)


def show(ask: Ask) -> Given:
    """A code was shown."""
    code = ask.form.raw("receipt")
    if not code.strip():
        ask.form.text("receipt")
        return _page(ask)
    here = shown(ask)
    if ask.form.raw("sent"):
        found = proven(ask, ACTION, stands=True, at="receipt")
        if found is None:
            return _page(ask)
        here[found.binding] = found.pass_id
    phone = ask.me.phone
    given = ask.office.receipts.present(code, here, phone, ask.now)
    if isinstance(given, NotProven):
        zh, en = (text("not_proven", given.why.value, lang) for lang in (Lang.ZH, Lang.EN))
        ask.form.wrong("receipt", zh, en)
        return _page(ask)
    if given.counts_as is None:
        ask.form.wrong(
            "receipt",
            "这张回执绑定了别的凭证：请用当时的那把密钥（下面的按钮）或那个手机号登录后再出示；也可以到前台出示。",
            "This receipt is bound to something else: show it with the key (a button below) or after signing in with the "
            "number that you used then; or show it at the desk.",
        )
        return _page(ask)

    def sealed(transaction: Transaction) -> bool:
        rows = transaction.read(e.Receipt, "phone", phone)
        return any((row.visit_at, row.bound_to) == (given.visit_at, given.counts_as) for row in rows)

    if not ask.office.look(sealed):
        command = ShowReceipt(phone, given.visit_at, given.counts_as)
        replied = ask.office.run(record_contact, command, given.key)
        if not replied.answer:
            told = said(replied.answer, ask.lang, ask.office.zone)
            ask.form.wrong("receipt", told.text, told.text)
            return _page(ask)
    return Page("buyer/show.html.j2", {"visit_at": given.visit_at, "kinds": ()})


def _page(ask: Ask) -> Given:
    values = {"visit_at": None, "kinds": kinds_offered(ask)}
    return Page("buyer/show.html.j2", values, 200 if ask.form.ok else 422)


WAYS = (
    get("/me/receipt", Permission.BUYER_STATEMENT_MAKE, form),
    get("/me/receipt/ask", Permission.BUYER_STATEMENT_MAKE, key_ask),
    post("/me/receipt", Permission.BUYER_STATEMENT_MAKE, show),
)
