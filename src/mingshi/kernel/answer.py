"""Three-valued answers: a question about evidence may have no answer yet.

`UNKNOWN` is what Kleene's strong logic makes of missing knowledge: it spreads only where it matters
(`NO and UNKNOWN` is NO). A ruling that hangs on an UNKNOWN goes to a person (RULES.md §3.0).
"""

from enum import Enum
from typing import NoReturn


class Answer(Enum):
    """Yes, no, or not known from this evidence."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # members are themselves; Enum's own hash is a call of Python

    def __bool__(self) -> NoReturn:
        """Refused: `if answer:` would make of UNKNOWN whatever the author forgot."""
        raise TypeError("an Answer is three-valued: compare with `is`")

    def __invert__(self) -> "Answer":
        return _NOT[self]

    def __and__(self, other: "Answer") -> "Answer":
        if self is Answer.YES or other is Answer.NO:
            return other
        return Answer.UNKNOWN if self is Answer.UNKNOWN else Answer.NO

    def __or__(self, other: "Answer") -> "Answer":
        if self is Answer.NO or other is Answer.YES:
            return other
        return Answer.UNKNOWN if self is Answer.UNKNOWN else Answer.YES


_NOT = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


def known(fact: bool) -> Answer:
    """A plain truth as an answer."""
    return Answer.YES if fact else Answer.NO
