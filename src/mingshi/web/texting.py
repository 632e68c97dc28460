"""Codes by text, as forms ask for them: why none was sent, or why it is wrong, stands at the field."""

from mingshi.credentials.codes import NotSent
from mingshi.domain.ids import Contact
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask


def send_code(ask: Ask, phone: Contact, purpose: str, *, at_door: bool) -> str:
    """Send a code; the challenge, or empty with the reason at the field."""
    sent = ask.office.codes.send(phone, purpose, address=ask.address, at_door=at_door, now=ask.now)
    if isinstance(sent, NotSent):
        ask.form.wrong("phone", *(text("not_sent", sent.reason, lang) for lang in (Lang.ZH, Lang.EN)))
        return ""
    return sent.challenge


def code_is_right(ask: Ask, phone: Contact, purpose: str) -> bool:
    """Whether the code that was typed is the one that was sent; else why not stands at the field."""
    code = ask.form.raw("code").strip().replace(" ", "")
    if not code:
        ask.form.wrong("code", "请填写短信里的 6 位数字。", "Please type the six digits of the text.")
        return False
    if ask.office.codes.check(ask.form.raw("challenge"), phone, purpose, code, ask.now):
        return True
    ask.form.wrong(
        "code", "验证码不对或已过期；可以重新获取。", "The code is wrong or over; you can ask for a new one."
    )
    return False
