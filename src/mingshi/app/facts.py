"""Facts that a running site seals beside the evidence of `domain.evidence`: its own acts.

The rules this module keeps: as there, a record is a `NamedTuple` that says what an act left behind; its first
field is its id; nothing in it names a person but by an id (a member of staff, an agent), so none of it is erased
with a buyer.
"""

from typing import NamedTuple

from mingshi.domain.ids import DealId, EvidenceId
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Micros


class RulingGiven(NamedTuple):
    """A ruling as it was given: its canonical bytes (they name no person, ADR 0005) and their digest."""

    id: EvidenceId
    deal: DealId
    at: Micros
    sha256: str
    text: str
    supersedes: str


class SettlementMade(NamedTuple):
    """A settlement list: what became due since the last one, posting by posting (canonical JSON)."""

    id: EvidenceId
    at: Micros
    until: str
    """The last civil day it covers."""
    by: str
    postings: str
    total_fen: Fen


class SettlementStep(NamedTuple):
    """A step of finance on a settlement: `approved`, `paid`."""

    id: EvidenceId
    settlement: EvidenceId
    step: str
    by: str
    at: Micros


class PolicyProposed(NamedTuple):
    """A version of the rules as one person proposed it: nothing is in force yet."""

    id: EvidenceId
    version: str
    parameters: str
    """Canonical JSON of every parameter."""
    effective_from: Micros
    by: str
    at: Micros


class PolicyPublished(NamedTuple):
    """A second person published a proposed version (STYLE §3.2, two people)."""

    id: EvidenceId
    proposal: EvidenceId
    version: str
    parameters: str
    effective_from: Micros
    by: str
    at: Micros


class Control(NamedTuple):
    """A control entry (LEDGER amendment 5): stop, start, export, clock, restored, imported."""

    id: EvidenceId
    kind: str
    at: Micros
    by: str
    reason: str
    detail: str
    """Canonical JSON."""
