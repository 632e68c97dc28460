"""What one rule answered about one claim: the atoms of a ruling's trace."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from mingshi.domain.ids import EvidenceId
from mingshi.kernel.answer import Answer
from mingshi.kernel.canonical import Json


class Verdict(StrEnum):
    """A rule's answer."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    """The evidence does not tell; if the ruling hangs on it, a person decides."""
    NOT_ASKED = "not_asked"
    """The rule does not apply, or the source keeps no record that could answer it."""


class Code(StrEnum):
    """Why a claim was refused: the trade's codes (TRADE.md §2.1) and those it lacks."""

    VALID = "0"
    GROUP_OWNER = "1"
    KNOWN_CLIENT = "2"
    LEAD = "3"
    REGISTERED = "4"
    ESCORTED = "5"
    PROTECTED = "6"
    VISIT_OVERDUE = "7"
    DEAL_OVERDUE = "8"
    REPEATED = "9"
    FOLLOW_LOST = "10"
    PROJECT_OWNER = "11"
    FOLLOW_OVERDUE = "12"
    NO_AGREEMENT = "NOAGR"
    INCOMPLETE = "INCOMPLETE"
    OTHER_PROJECT = "PROJECT"
    SELF = "SELF"
    UNMASK = "UNMASK"
    MISMATCH = "MISMATCH"
    UNCONFIRMED = "UNCONFIRMED"
    NO_VISIT = "NOVISIT"
    UNPROVEN = "UNPROVEN"
    NO_ESCORT = "NOESCORT"
    NO_REGISTRATION = "NOREG"


NONE: Final[Mapping[str, Json]] = MappingProxyType({})


class Finding(NamedTuple):
    """`rule` answered `verdict`; `reason` names the text that explains it, with `args`."""

    rule: str
    verdict: Verdict
    reason: str = ""
    """Which of the rule's texts: `<rule>.<reason>` in present/texts; empty: `<rule>.<verdict>`."""
    code: Code = Code.VALID
    """The code, where the verdict is not PASS."""
    args: Mapping[str, Json] = NONE
    evidence: tuple[EvidenceId, ...] = ()


def passed(rule: str, reason: str = "", evidence: tuple[EvidenceId, ...] = (), **args: Json) -> Finding:
    """The rule is met; see `met` where it has nothing to show for it."""
    return Finding(rule, Verdict.PASS, reason, Code.VALID, args or NONE, evidence)


def failed(rule: str, code: Code, reason: str = "", evidence: tuple[EvidenceId, ...] = (), **args: Json) -> Finding:
    """The rule refuses the claim."""
    return Finding(rule, Verdict.FAIL, reason, code, args or NONE, evidence)


def unknown(rule: str, code: Code, reason: str = "", evidence: tuple[EvidenceId, ...] = (), **args: Json) -> Finding:
    """The rule would refuse with `code`, if the missing fact spoke against the claim."""
    return Finding(rule, Verdict.UNKNOWN, reason, code, args or NONE, evidence)


@cache
def met(rule: str, reason: str = "") -> Finding:
    """The rule is met, and that is all there is to say. Most answers are such; there is one of each."""
    return Finding(rule, Verdict.PASS, reason)


@cache
def not_asked(rule: str, reason: str = "") -> Finding:
    """The rule does not apply here."""
    return Finding(rule, Verdict.NOT_ASKED, reason)


def answered(answer: Answer, rule: str, code: Code, evidence: tuple[EvidenceId, ...] = (), **args: Json) -> Finding:
    """The finding of a comparison: yes passes, no fails, unknown is unknown."""
    verdict = _VERDICTS[answer]
    return Finding(rule, verdict, "", Code.VALID if verdict is Verdict.PASS else code, args or NONE, evidence)


_VERDICTS: Final = {Answer.YES: Verdict.PASS, Answer.NO: Verdict.FAIL, Answer.UNKNOWN: Verdict.UNKNOWN}
