"""Who somebody is, and that they are here: codes, keys and door tickets as forms ask for them.

The rules this module keeps:

1. `passes` judges all of it; what comes back is who was proven, or the reason at its field.
2. A tap asks for a challenge, a page does not: who reads the notice for ten minutes is not too late.
3. A proof is used up when it is judged, yet the disk may be full or the answer lost. The last one of a browser therefore
   stands for the same form, for five minutes or until signing out: sent again it goes on where it stopped (INV-09).
4. A door ticket is for one person. The next of a family who share a phone waits for the next code, and is told so.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Final

from mingshi.app.ports import Transaction
from mingshi.credentials.codes import NotSent
from mingshi.credentials.keeping import derived, digest_of
from mingshi.credentials.proofs import Key, NotProven, Proven
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, DoorCode, Means
from mingshi.domain.ids import Contact, PassId
from mingshi.kernel.canonical import Json, dumps
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask, Given, Page, Raw

MOST: Final = 20_000
"""Characters of what a key sends."""
_KIND: Final = "proof-of-form"
_STANDS: Final = 5 * MINUTE
_JUDGING: Final = threading.Lock()
"""Of two that came at once the second finds what the first proved."""
_MISSING: Final = Page("error.html.j2", {"kind": "missing", "number": ""}, 404)


# Codes


def send_code(ask: Ask, phone: Contact, purpose: str, *, at_door: bool = False, invited: bool = False) -> str:
    """Send a code; the challenge, or empty with the reason at the field."""
    sent = ask.office.codes.send(phone, purpose, address=ask.address, at_door=at_door, now=ask.now, invited=invited)
    if isinstance(sent, NotSent):
        zh, en = (text("not_sent", sent.reason, lang) for lang in (Lang.ZH, Lang.EN))
        if sent.wait_s:
            zh, en = f"{zh}（{sent.wait_s} 秒后）", f"{en} ({sent.wait_s} s)"
        ask.form.wrong("phone", zh, en)
        return ""
    return sent.challenge


def code_is_right(ask: Ask, phone: Contact, purpose: str, *, stands: bool = False) -> bool:
    """Whether the code that was typed is the one that was sent; else why not stands at the field.

    `stands`: an act follows that is sealed, and the same form sent again is right again (rule 3).
    """
    code, challenge = ask.form.raw("code").strip().replace(" ", ""), ask.form.raw("challenge")
    if not code:
        ask.form.wrong("code", "请填写短信里的 6 位数字。", "Please type the six digits of the text.")
        return False

    def judge() -> Mapping[str, Json] | None:
        return {} if ask.office.codes.check(challenge, phone, purpose, code, ask.now) else None

    what = f"{purpose}/{phone}/{challenge}/{code}"
    if (judge() if not stands else _standing(ask, what, judge)) is not None:
        return True
    ask.form.wrong(
        "code", "验证码不对或已过期；可以重新获取。", "The code is wrong or has expired; you can ask for a new one."
    )
    return False


# Keys


def kinds_offered(ask: Ask) -> tuple[str, ...]:
    """The kinds of keys that can be used at this address; none where browsers give none to it."""
    return tuple(means.value for means in ask.office.keys)


def challenge(ask: Ask, action: str, door: str = "") -> Given:
    """What the page's script needs to use a key."""
    key = _key(ask, ask.query.get("of", ""))
    return _MISSING if key is None else _json(key.options(ask.browser, action, door, ask.now))


def challenge_to_enrol(ask: Ask, label: str) -> Given:
    """What the page's script needs to make a key. `label`: what the phone shows its owner beside it."""
    key = _key(ask, ask.query.get("of", ""))
    return _MISSING if key is None else _json(key.enrol_options(ask.browser, ask.now, label=label))


def proven(ask: Ask, action: str, *, stands: bool = False, at: str = "all") -> Proven | None:
    """What a key proved, as this form says; else why not stands at the field. `stands`: as `code_is_right`."""
    sent, key = ask.form.raw("sent"), _key(ask, ask.form.raw("of"))
    if key is None or not sent or len(sent) > MOST:
        _not_proven(ask, "malformed", at)
        return None
    said: list[str] = []

    def judge() -> Mapping[str, Json] | None:
        found = key.check(ask.browser, action, sent, ask.now)
        if isinstance(found, NotProven):
            said.append(found.why.value)
            return None
        return found._asdict()

    found = judge() if not stands else _standing(ask, f"{action}/{sent}", judge)
    if found is None:
        _not_proven(ask, said[0], at)
        return None
    return Proven(
        Means(str(found["means"])),
        PassId(str(found["pass_id"])),
        Binding(str(found["binding"])),
        str(found["action"]),
        str(found["door"]),
    )


def enrolled(ask: Ask, at: str = "all") -> PassId | None:
    """The new pass that this form brings; else why not stands at the field."""
    sent, key = ask.form.raw("sent"), _key(ask, ask.form.raw("of"))
    if key is None or not sent or len(sent) > MOST:
        _not_proven(ask, "malformed", at)
        return None
    said: list[str] = []

    def judge() -> Mapping[str, Json] | None:
        made = key.enrol(ask.browser, sent, ask.now)
        if isinstance(made, NotProven):
            said.append(made.why.value)
            return None
        return {"pass_id": made.pass_id}

    found = _standing(ask, f"enrol/{sent}", judge)
    if found is None:
        _not_proven(ask, said[0], at)
        return None
    return PassId(str(found["pass_id"]))


def forget(ask: Ask, pass_id: PassId) -> None:
    """Keep nothing of a key: it was revoked, or its holder erased."""
    for key in ask.office.keys.values():
        key.forget(pass_id)


def shown(ask: Ask) -> dict[Binding, str]:
    """What whoever is signed in proved to get in: the key that opened the session, or else the number.

    A number that was proven by a code which staff could read proves nothing to others (amendment 3).
    """
    me = ask.me
    if me.pass_id:
        kind = Binding.PASSKEY if me.pass_id.startswith("PK-") else Binding.DEVICE_KEY
        return {kind: me.pass_id}
    return {} if ask.office.codes.staff_readable or not me.phone else {Binding.PHONE: me.phone}


def visit_pass(ask: Ask, name: str) -> PassId | None:
    """The pass of a visit code that was typed or read in; else why not stands at the field."""
    found = ask.office.visit_codes.passes_of(ask.form.raw(name))

    def standing(transaction: Transaction) -> PassId | None:
        rows = (row for one in found for row in transaction.read(e.Pass, "pass_id", one))
        return next((row.pass_id for row in rows if row.revoked_at is None), None)

    pass_id = ask.office.look(standing) if found else None
    if pass_id is None:
        ask.form.wrong(
            name,
            "没有这个到访码，或已经用过、作废。请核对 12 位字符；也可以在“我的密钥”里再生成一个。",
            "There is no such visit code, or it was used or revoked. Check its twelve characters, or make a new one (My keys).",
        )
    return pass_id


# The door


def admitted(ask: Ask, ticket: str, who: str, at: str = "all") -> bool:
    """Whether this browser's ticket may still check this person in; else why not stands at the field."""
    door, use = ask.office.door, _use(ask, who)
    if door.admits(ticket, ask.browser, ask.now) is not DoorCode.VALID:
        ask.form.wrong(
            at, "门口码已过期，请重新扫牌子上的码。", "The door code has expired; please scan the sign again."
        )
    elif door.admits(ticket, ask.browser, ask.now, use=use) is not DoorCode.VALID:
        ask.form.wrong(
            at,
            "这部手机用这个门口码已登记过一位。同行的家人请等牌子换码（最多一分钟），再扫一次；或到前台办理，效果相同。",
            "This phone has checked somebody in with this door code. For the next of you scan the sign again when its "
            "code changes (within a minute), or ask at the desk: it counts the same.",
        )
    return at not in ask.form.errors


def spend(ask: Ask, ticket: str, who: str) -> DoorCode:
    """Spend the ticket on this person; who sends the form again, or mends it, spends no other."""
    return ask.office.door.spend(ticket, ask.browser, _use(ask, who), ask.now)


def sign_off(ask: Ask) -> None:
    """Nothing proven in this browser stands any more."""
    ask.office.keeping.drop(_KIND, digest_of(ask.browser))


def _use(ask: Ask, who: str) -> str:
    # Of the browser's own secret: what is kept of a ticket tells nobody who it was.
    return derived(ask.browser, f"door/{who}").hex()


def _json(options: Mapping[str, Json]) -> Raw:
    return Raw(dumps(dict(options)), "application/json")


def _key(ask: Ask, name: str) -> Key | None:
    return next((key for means, key in ask.office.keys.items() if means.value == name), None)


def _not_proven(ask: Ask, why: str, at: str) -> None:
    zh, en = (text("not_proven", why, lang) for lang in (Lang.ZH, Lang.EN))
    ask.form.wrong(at, zh, en)


def _standing(ask: Ask, what: str, judge: Callable[[], Mapping[str, Json] | None]) -> Mapping[str, Json] | None:
    """What is judged now, or was proven by this very form before (rule 3)."""
    form = ask.once("proof")
    if not form:
        return judge()
    key, same = digest_of(ask.browser), derived(ask.browser, f"proof/{form}/{what}").hex()
    with _JUDGING:
        row = ask.office.keeping.get(_KIND, key, ask.now)
        if row is not None and row["same"] == same:
            held = row["found"]
            assert isinstance(held, Mapping), "written below"
            return held
        found = judge()
        if found is not None:
            ask.office.keeping.put(_KIND, key, {"same": same, "found": dict(found)}, Micros(ask.now + _STANDS))
        return found
