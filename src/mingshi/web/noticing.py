"""The notice as pages show it: the words that were published, and no others (L-09, L-41).

The rules this module keeps: plain words first, the whole text one tap below; what is shown is the version in force, and
the question that follows is sealed under its digest.
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Done
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.app.show_notice import ShowNotice, show_notice
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.fields import needed
from mingshi.domain.notice.notice import Notice, Wording, notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.present.texts import Lang
from mingshi.web.asking import Ask

LABELS: Final = {
    "handler_name": ("处理者", "Handler"),
    "handler_address": ("地址", "Address"),
    "handler_contact": ("联系方式", "Contact"),
    "officer": ("负责人", "Officer"),
    "joint_handlers": ("共同处理者", "Joint handlers"),
    "purpose": ("用途", "Purpose"),
    "method": ("怎么做", "How"),
    "algorithm": ("算法", "Algorithm"),
    "storage": ("存在哪里", "Where it is kept"),
    "kinds": ("记录什么", "What is recorded"),
    "necessity": ("为什么必要", "Why it is needed"),
    "effect": ("对您的影响", "What it means for you"),
    "retention": ("留多久", "For how long"),
    "at_expiry": ("到期以后", "At the end"),
    "recipients": ("给谁看", "Who is told"),
    "no_export": ("出境", "Abroad"),
    "no_inference": ("不推断", "Not inferred"),
    "automated_ruling": ("自动判断", "Automated rulings"),
    "rights": ("您的权利", "Your rights"),
    "withdrawal": ("怎么撤回", "How to take it back"),
    "earlier_stays_valid": ("撤回之前", "Before that"),
    "minors": ("未成年人", "The young"),
    "alternatives": ("其他方式", "Other ways"),
    "other_ways": ("可选的方式", "Ways to choose from"),
    "security": ("怎么保护", "How it is protected"),
    "complaint": ("投诉", "Complaints"),
}

TOLD_FIRST: Final = ("kinds", "retention")
"""What belongs to the second layer by law, and is asked for first by whoever reads the first."""


class Shown(NamedTuple):
    """A notice in the reader's language."""

    plain: tuple[tuple[str, ...], ...]
    """In plain words: the purpose, that one may refuse, and so on."""
    whole: tuple[tuple[str, tuple[str, ...]], ...]
    """Every field of the second layer with its label."""
    version: str
    sha256: str


def notice_shown(ask: Ask, purpose: Purpose) -> Shown | None:
    """The notice in force; None where the site has published none."""

    def read(transaction: Transaction) -> Notice | None:
        row = in_force(transaction, purpose, ask.now)
        return None if row is None else notice_of(row.text)

    notice = ask.office.look(read)
    if notice is None:
        return None
    fields = needed(purpose)
    plain = [
        _labelled(ask, field.name, _lines(ask, notice.plain[field.name])) if field.listed else
        _lines(ask, notice.plain[field.name])
        for field in fields if field.layer == 1 and field.name in notice.plain
    ]  # fmt: skip
    whole = [
        (ask.say(*LABELS[field.name]), _lines(ask, notice.words[field.name]))
        for field in fields
        if field.layer == 2
        and field.name in notice.words
        and not (field.name == "joint_handlers" and notice.words[field.name] == notice.words.get("handler_name"))
    ]
    plain += [_labelled(ask, name, _lines(ask, notice.words[name])) for name in TOLD_FIRST if name in notice.words]
    return Shown(tuple(plain), tuple(whole), notice.version, notice.sha256)


def question(ask: Ask, purpose: Purpose) -> EvidenceId:
    """Seal that the notice on this page was shown; the name of the question, empty where there is no notice."""
    lang = "zh" if ask.lang is Lang.ZH else "en"
    replied = ask.run(show_notice, ShowNotice(purpose, lang, ask.browser), part="notice")
    return EvidenceId(replied.answer.ids["consent"]) if isinstance(replied.answer, Done) else EvidenceId("")


def _labelled(ask: Ask, name: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{ask.say(*LABELS[name])}{ask.say('：', ': ')}{lines[0]}", *lines[1:]) if lines else ()


def _lines(ask: Ask, words: Wording) -> tuple[str, ...]:
    return words.zh if ask.lang is Lang.ZH else words.en
