"""How long each fact is kept, and why (LAW §4; PIPL 19; L-30, L-47).

The rules this module keeps:

1. Every kind of record has a term with its source; a term is days after the record, or after a later event of its
   dossier. There is no term without an end.
2. Where two regimes differ the shorter holds (`strictest`).
3. Nothing is deleted by a clock that no witness confirms: `trusted` says whether now lies within 24 h of the last
   witness time, on either side.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.kernel.timeline import DAY, Micros

YEAR: Final = 366 * DAY
CLOCK_SLACK: Final = DAY
SWEEP_WITHIN: Final = DAY
"""What has expired is gone this much later, at the latest."""


class Keep(StrEnum):
    """The classes of terms."""

    UNCONFIRMED = "unconfirmed"
    """A registration that its client has not confirmed: masked, 7 days (own choice, PIPL 19)."""
    VISIT = "visit"
    """What tells of a visitor who has not bought: protection + 60 days (own choice, PIPL 19)."""
    DOSSIER = "dossier"
    """What a deal rests on: 3 years after its last event (CC 188)."""
    EVIDENCE = "evidence"
    """Consents: their validity + 3 years (PIPL 56, 69; SPC 6)."""
    RECORD = "record"
    """Processing records, requests, provisions: 3 years (PIPL 56; NDR 12)."""
    ROSTER = "roster"
    """Agents and staff: 3 years after the last that names them (CC 188)."""


class Term(NamedTuple):
    """A length of time and its source."""

    micros: int
    source: str


PROTECTION_CEILING_DAYS: Final = 365
"""A protection without end keeps no person for ever: it counts as a year here."""
TERMS: Final[Mapping[Keep, Term]] = {
    Keep.UNCONFIRMED: Term(7 * DAY, "PIPL 19"),
    Keep.VISIT: Term(60 * DAY, "PIPL 19"),
    Keep.DOSSIER: Term(3 * YEAR, "CC 188"),
    Keep.EVIDENCE: Term(3 * YEAR, "PIPL 56, 69; SPC 6"),
    Keep.RECORD: Term(3 * YEAR, "PIPL 56; NDR 12"),
    Keep.ROSTER: Term(3 * YEAR, "CC 188"),
}


def expires(keep: Keep, at: Micros, *, protection_days: int | None = 30) -> Micros:
    """When something of a class ends that was last touched at an instant."""
    days = PROTECTION_CEILING_DAYS if protection_days is None else min(protection_days, PROTECTION_CEILING_DAYS)
    more = days * DAY if keep is Keep.VISIT else 0
    return Micros(at + more + TERMS[keep].micros)


def strictest(*limits: int | None) -> int | None:
    """The effective limit of several regimes; None is no limit (L-47)."""
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None


def trusted(now: Micros, witnessed_at: Micros | None) -> bool:
    """Whether the clock may delete: a witness said nearly the same (DESIGN §3; L-30)."""
    return witnessed_at is not None and abs(now - witnessed_at) <= CLOCK_SLACK
