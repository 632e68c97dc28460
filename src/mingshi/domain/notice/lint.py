"""The linter of notices: a notice with a fault is not published (L-41, L-48).

The rules this module keeps, each fault with its field, its language and its source:

1. Every field of LAW §6.2 is there in both languages, no line empty; lists are lists (NDR 21).
2. Purpose, kinds and recipients are closed: no "等", no "including but not limited to" (PIPL 6, 17).
3. Nothing unlimited, irrevocable, transferable, implied or bundled (SPC 4, 11; CPR 23).
4. Retention is a number of days, in the text as in the value, within the ceiling (PIPL 19).
5. A complaint has a route to the handler and to an authority (PIPL 50, 65); rights are told one by one.
6. The plain variant has every field of the sign and the main ones of the notice, in short sentences, without terms
   of art (FRM 5: plain; accessibility for disabled and elderly people).
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from mingshi.domain.notice.fields import FIELDS, RIGHTS_TOLD, Field, needed
from mingshi.domain.notice.notice import Notice, Wording
from mingshi.domain.notice.purpose import VALID_DAYS

LANGUAGES: Final = ("zh", "en")
MAX_RETENTION_DAYS: Final = 3 * 365 + 365
"""No purpose here needs longer: a dossier is kept three years after settlement (CC 188), which is within a year."""


class Fault(NamedTuple):
    """What is wrong, where, and by which source."""

    code: str
    """Text key `notice_fault.<code>`."""
    field: str
    language: str
    source: str
    found: str = ""


BAD_PHRASES: Final = {
    "zh": (
        "永久", "无限期", "长期有效", "不可撤销", "不得撤回", "不可撤回", "不得撤销", "可转授权", "可转让", "再许可",
        "任何用途", "一切用途", "任意用途", "包括但不限于", "默认同意", "视为同意", "即表示同意", "即视为", "概括授权",
        "一揽子", "无条件", "放弃权利", "放弃追究", "最终解释权", "合作伙伴", "关联公司等", "第三方等",
        "如不同意将无法", "不同意则不能", "必须同意",
    ),
    "en": (
        "irrevocabl", "perpetual", "in perpetuity", "unlimited", "indefinite", "transferable", "sublicens",
        "sub-licens", "any purpose", "all purposes", "including but not limited", "including without limitation",
        "deemed consent", "deemed to have agreed", "by entering", "you agree that", "waive", "unconditional",
        "our partners", "affiliates", "as we see fit", "sole discretion", "must agree", "or you cannot",
    ),
}  # fmt: skip
"""Wording that makes a consent void or a notice vague."""
OPEN_ENDED: Final = {
    "zh": re.compile(r"等(?:[。；;，,）)]|$|信息|数据|用途|单位|公司)"),
    "en": re.compile(r"\betc\b|and so on|such as\b|and others", re.IGNORECASE),
}
CLOSED: Final = ("purpose_line", "purpose", "kinds", "recipients")
JARGON: Final = {
    "zh": (
        "个人信息处理者",
        "敏感个人信息",
        "自动化决策",
        "可携带权",
        "模板",
        "哈希",
        "算法",
        "密钥",
        "撤销权",
        "处理目的",
    ),
    "en": (
        "data controller",
        "data subject",
        "processing purpose",
        "portability",
        "template",
        "hash",
        "algorithm",
        "pursuant",
    ),
}
LONGEST: Final = {"zh": 40, "en": 24}
"""Characters, and words, of a sentence in the plain variant."""
PLAIN_NEEDED: Final = (
    "purpose",
    "kinds",
    "retention",
    "recipients",
    "rights",
    "withdrawal",
    "alternatives",
    "complaint",
)
_NUMBER: Final = re.compile(r"\d+")
_AUTHORITY: Final = re.compile(r"12345|12315|12377")
_LINK: Final = re.compile(r"https://[^\s/]+\.[^\s/]+/\S*|https?://localhost(:\d+)?/\S*")


def lint(notice: Notice) -> tuple[Fault, ...]:
    """Every fault of a notice; empty: it may be published."""
    return tuple(_faults(notice))


def _faults(notice: Notice) -> Iterator[Fault]:
    fields = needed(notice.purpose)
    if not notice.version.strip():
        yield Fault("no_version", "version", "", "PIPL 17(2)")
    if not _LINK.fullmatch(notice.link):
        yield Fault("bad_link", "link", "", "NDR 21", notice.link)
    if not notice.handlers or not all(name.strip() for name in notice.handlers):
        yield Fault("no_handler", "handlers", "", "PIPL 17(1)(1)")
    if not 0 < notice.retention_days <= MAX_RETENTION_DAYS:
        yield Fault("bad_retention", "retention", "", "PIPL 19", str(notice.retention_days))
    for unknown in sorted(notice.words.keys() - {field.name for field in FIELDS}):
        yield Fault("unknown_field", unknown, "", "NDR 21")
    for field in fields:
        yield from _field(field, notice.words.get(field.name))
    for name, said in sorted(notice.words.items()):
        yield from _phrases(name, said)
    yield from _particulars(notice)
    yield from _plain(notice, fields)


def _field(field: Field, said: Wording | None) -> Iterator[Fault]:
    for language in LANGUAGES:
        lines: tuple[str, ...] = () if said is None else getattr(said, language)
        if not lines or not all(line.strip() for line in lines):
            yield Fault("missing_field", field.name, language, field.source)
        elif field.listed and len(lines) == 1 and re.search("[、；;]", lines[0]):
            yield Fault("not_a_list", field.name, language, "NDR 21", lines[0])
    if field.listed and said is not None and len(said.zh) != len(said.en):
        yield Fault("languages_differ", field.name, "", field.source)


def _phrases(name: str, said: Wording) -> Iterator[Fault]:
    for language in LANGUAGES:
        for line in getattr(said, language):
            folded = line.casefold()
            for phrase in BAD_PHRASES[language]:
                if phrase in folded:
                    yield Fault("bad_phrase", name, language, "SPC 4, 11; CPR 23", phrase)
            if name in CLOSED and OPEN_ENDED[language].search(line):
                yield Fault("open_ended", name, language, "PIPL 6, 17", line)


def _particulars(notice: Notice) -> Iterator[Fault]:
    for language in LANGUAGES:
        retention = " ".join(_lines(notice, "retention", language))
        if str(notice.retention_days) not in _NUMBER.findall(retention):
            yield Fault("retention_number", "retention", language, "PIPL 17(1)(2)", str(notice.retention_days))
        complaint = _lines(notice, "complaint", language)
        if not any(_AUTHORITY.search(line) for line in complaint) or len(complaint) < 2:
            yield Fault("no_authority", "complaint", language, "PIPL 50, 65")
        if len(_lines(notice, "rights", language)) < RIGHTS_TOLD:
            yield Fault("rights_missing", "rights", language, "PIPL 44-50")
        recipients = "\n".join(_lines(notice, "recipients", language))
        for name in notice.recipients:
            if name not in recipients:
                yield Fault("recipient_unnamed", "recipients", language, "PIPL 23", name)
        joint = "\n".join((*_lines(notice, "joint_handlers", language), *_lines(notice, "handler_name", language)))
        for name in notice.handlers:
            if name not in joint:
                yield Fault("handler_unnamed", "joint_handlers", language, "PIPL 20", name)
    if VALID_DAYS[notice.purpose] <= 0:  # a consent without end has no validity (SPC 11)
        yield Fault("no_validity", "retention", "", "SPC 11")


def _plain(notice: Notice, fields: tuple[Field, ...]) -> Iterator[Fault]:
    wanted = [field for field in fields if field.layer == 1 or field.name in PLAIN_NEEDED]
    for field in wanted:
        said = notice.plain.get(field.name)
        for language in LANGUAGES:
            lines: tuple[str, ...] = () if said is None else getattr(said, language)
            if not lines or not all(line.strip() for line in lines):
                yield Fault("plain_missing", field.name, language, "FRM 5")
            for line in lines:
                yield from _hard(field.name, language, line)
    for name, said in sorted(notice.plain.items()):
        yield from _phrases(name, said)


def _hard(name: str, language: str, line: str) -> Iterator[Fault]:
    for word in JARGON[language]:
        if word in line.casefold():
            yield Fault("jargon", name, language, "FRM 5", word)
    for sentence in re.split(r"[。！？.!?]\s*", line):
        length = len(sentence) if language == "zh" else len(sentence.split())
        if length > LONGEST[language]:
            yield Fault("long_sentence", name, language, "FRM 5", sentence)


def _lines(notice: Notice, name: str, language: str) -> tuple[str, ...]:
    said = notice.words.get(name)
    return () if said is None else getattr(said, language)
