"""The rights, their articles, their deadlines, and the only grounds on which each may be refused.

The rules this module keeps:

1. Identity is checked by something the person has; there is no check by face in the list (L-27, L-45).
2. What the person can do on their own page is done at once; the rest within 15 working days (LAW §4).
3. A refusal is one of a closed set; it names its article, says why, and gives three routes: the handler, the authority,
   the court (PIPL 50; L-28). An erasure is never refused for the handler's convenience.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain.impact.workdays import after
from mingshi.kernel.timeline import Micros, Zone


class Right(StrEnum):
    """What may be asked."""

    SEE = "see"
    COPY = "copy"
    MOVE = "move"
    CORRECT = "correct"
    RESTRICT = "restrict"
    OBJECT = "object"
    ERASE = "erase"
    EXPLAIN = "explain"
    KIN = "kin"
    """A close relative of somebody who died asks (PIPL 49)."""


class Check(StrEnum):
    """How it was made sure that the request is the person's own: never a face."""

    PHONE_CODE = "phone_code"
    DEVICE_KEY = "device_key"
    PASSKEY = "passkey"
    RECEIPT = "receipt"
    """A receipt that verifies, and the number it is of."""
    DESK = "desk"
    """A card looked at on the desk; only the result is kept."""
    KIN_PAPERS = "kin_papers"
    """Papers of kinship looked at on the desk; only the result is kept."""


class Channel(StrEnum):
    """Where it was asked; the same case wherever it was (L-43)."""

    PAGE = "page"
    DESK = "desk"
    PHONE = "phone"
    LETTER = "letter"
    OTHER_HANDLER = "other_handler"
    """Told to a joint handler, who passed it on (PIPL 20)."""


class Ground(StrEnum):
    """Why a request may be refused."""

    NOT_SHOWN = "not_shown"
    """It was not shown to be the person's own."""
    NOTHING_HELD = "nothing_held"
    OTHERS_RIGHTS = "others_rights"
    """It would tell of somebody else; the rest is given."""
    KEPT_BY_LAW = "kept_by_law"
    """The law has it kept until a day that the answer names: consent evidence, processing records."""
    NOT_TECHNICALLY = "not_technically"
    """The recipient named cannot take it (NDR 25(1)(4))."""
    NOT_KIN = "not_kin"
    OTHER_WISH = "other_wish"
    """The person had arranged otherwise while alive (PIPL 49)."""


ARTICLES: Final[Mapping[Right, str]] = {
    Right.SEE: "PIPL 44, 45",
    Right.COPY: "PIPL 45",
    Right.MOVE: "PIPL 45(3); NDR 25",
    Right.CORRECT: "PIPL 46",
    Right.RESTRICT: "PIPL 44",
    Right.OBJECT: "PIPL 44",
    Right.ERASE: "PIPL 15, 47",
    Right.EXPLAIN: "PIPL 24, 48",
    Right.KIN: "PIPL 49",
}
GROUNDS: Final[Mapping[Ground, str]] = {
    Ground.NOT_SHOWN: "PIPL 50",
    Ground.NOTHING_HELD: "PIPL 45",
    Ground.OTHERS_RIGHTS: "PIPL 10",
    Ground.KEPT_BY_LAW: "PIPL 47(2), 56; NDR 12",
    Ground.NOT_TECHNICALLY: "NDR 25",
    Ground.NOT_KIN: "PIPL 49",
    Ground.OTHER_WISH: "PIPL 49",
}
_ALWAYS: Final = frozenset({Ground.NOT_SHOWN, Ground.NOTHING_HELD})
ALLOWED: Final[Mapping[Right, frozenset[Ground]]] = {
    Right.SEE: _ALWAYS | {Ground.OTHERS_RIGHTS},
    Right.COPY: _ALWAYS | {Ground.OTHERS_RIGHTS},
    Right.MOVE: _ALWAYS | {Ground.OTHERS_RIGHTS, Ground.NOT_TECHNICALLY},
    Right.CORRECT: _ALWAYS,
    Right.RESTRICT: _ALWAYS,
    Right.OBJECT: _ALWAYS,
    Right.ERASE: _ALWAYS | {Ground.KEPT_BY_LAW},
    Right.EXPLAIN: _ALWAYS | {Ground.OTHERS_RIGHTS},
    Right.KIN: _ALWAYS | {Ground.NOT_KIN, Ground.OTHER_WISH},
}
ROUTES: Final = ("handler", "authority", "court")
"""Where one who was refused may go; text keys `route.<name>` (PIPL 50, 65)."""
WORKDAYS: Final = 15


class Due(NamedTuple):
    """The last instant to answer; `sure`: every year up to it has its holidays announced."""

    at: Micros
    sure: bool


def due(received: Micros, zone: Zone) -> Due:
    """By when a request is answered."""
    counted = after(zone.day(received), WORKDAYS)
    return Due(zone.end(counted.day), counted.sure)


def check_enough(right: Right, check: Check) -> bool:
    """Whether a check of identity is of the kind that a right needs: kin show their papers, nobody else does."""
    return (right is Right.KIN) is (check is Check.KIN_PAPERS)
