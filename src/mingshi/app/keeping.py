"""On what ground each kind of fact is held, and for how long (INV-08; L-25, L-30; docs/adr/0030).

The rules this module keeps:

1. Every kind of record that tells of a person has a class of term and a default ground here; one that has none cannot
   be sealed (a test asks for each).
2. A later event keeps what it rests on: a confirmation its registration, money the dossier of its deal.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.app import facts as f
from mingshi.app.holders import Kind
from mingshi.domain import evidence as e
from mingshi.domain.ids import is_masked
from mingshi.domain.notice.purpose import Basis
from mingshi.domain.retention import Keep
from mingshi.kernel.timeline import Micros


class Kept(NamedTuple):
    """A class of terms and the ground where the use case named none."""

    keep: Keep
    basis: Basis


_VISIT: Final = Kept(Keep.VISIT, Basis.CONSENT)
_DEAL: Final = Kept(Keep.DOSSIER, Basis.CONTRACT)
_RECORD: Final = Kept(Keep.RECORD, Basis.LEGAL_DUTY)
_ROSTER: Final = Kept(Keep.ROSTER, Basis.CONTRACT)

KEPT: Final[Mapping[Kind, Kept]] = {
    e.Registration: _VISIT,
    e.Confirmation: _VISIT,
    e.Arrival: _VISIT,
    e.Receipt: _VISIT,
    e.Escort: _VISIT,
    e.Statement: _VISIT,
    e.Identity: _DEAL,
    e.Pass: _VISIT,
    e.Lead: _VISIT,
    e.Call: _VISIT,
    e.Lookup: Kept(Keep.VISIT, Basis.LEGAL_DUTY),
    e.Edit: _VISIT,
    e.Relation: _VISIT,
    e.Owner: _DEAL,
    e.Outreach: _VISIT,
    e.Followup: _ROSTER,
    e.Deal: _DEAL,
    e.Invoice: _ROSTER,
    e.CommissionPaid: _ROSTER,
    e.Extension: _ROSTER,
    e.Withdrawal: _RECORD,
    e.Objection: _DEAL,
    e.Decision: _DEAL,
    e.Agent: _ROSTER,
    e.Staff: _ROSTER,
    f.ConsentAct: Kept(Keep.EVIDENCE, Basis.LEGAL_DUTY),
    f.Subject: Kept(Keep.EVIDENCE, Basis.LEGAL_DUTY),
    f.RequestSaid: _RECORD,
    f.Restriction: _RECORD,
}
"""Every kind with a part under a person's key."""
ONLY_IN: Final[Mapping[Kind, Kept]] = {e.Payment: _DEAL, e.Cancellation: _DEAL}
EXTENDING: Final = (e.Payment, e.Cancellation, e.CommissionPaid, e.Decision, e.Objection)
"""Events of a deal: its dossier is kept three years after the last of them."""
AGENTS_PART: Final = _ROSTER
"""What an agent did is kept as long as its agency may claim for it (CC 188)."""


def kept(record: tuple[object, ...], part: str) -> Kept:
    """The class of a part of a record."""
    if part == "agent":
        return AGENTS_PART
    if isinstance(record, e.Registration) and is_masked(record.phone):
        return Kept(Keep.UNCONFIRMED, Basis.PENDING)
    return KEPT[type(record)]


def begins(record: tuple[object, ...], now: Micros) -> Micros:
    """From when a record's term runs: a consent's evidence from the end of the consent."""
    return max(now, record.valid_until or now) if isinstance(record, f.ConsentAct) else now
