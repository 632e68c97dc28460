"""Facts that a running site seals beside the evidence of `domain.evidence`: its own acts.

The rules this module keeps: as there, a record is a `NamedTuple` that says what an act left behind; its first
field is its id. Only `Subject`, `RequestSaid` and `Restriction` tell of a person; all else names people by an id (a
member of staff, an agent, a pseudonym), so none of it is erased with a buyer.
"""

from typing import NamedTuple

from mingshi.domain.consent.state import Act, ActMeans
from mingshi.domain.consent.young import Age
from mingshi.domain.ids import Contact, DealId, DeviceId, EvidenceId
from mingshi.domain.impact.sensors import DeviceType
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.rights.right import Channel, Check, Ground, Right
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
    countersigned: bool = False
    """It binds only agencies that countersigned it: as every version that two people published."""


class Control(NamedTuple):
    """A control entry (LEDGER amendment 5): stop, start, export, clock, restored, imported."""

    id: EvidenceId
    kind: str
    at: Micros
    by: str
    reason: str
    detail: str
    """Canonical JSON."""


class NoticePublished(NamedTuple):
    """A version of a notice, published (LAW §6.2): its whole text and the digest that consents name."""

    id: EvidenceId
    purpose: Purpose
    version: str
    sha256: str
    text: str
    effective_from: Micros
    by: str
    at: Micros


class ConsentAct(NamedTuple):
    """One act on a consent (LAW §6.3, §6.9). A refusal and a showing name nobody, not even by a pseudonym."""

    id: EvidenceId
    consent: EvidenceId
    act: Act
    at: Micros
    purpose: Purpose
    recipient: str
    notice: EvidenceId
    notice_sha256: str
    language: str
    principal: EvidenceId
    """Whose: a pseudonym (`Subject`); empty for a showing and a refusal."""
    age: Age
    guardian: bool
    means: ActMeans
    evidence_sha256: str
    """Digest of what shows the act: the signed sheet, the tapped screen."""
    alternatives: tuple[str, ...]
    """The other ways that stood beside it, equally large."""
    layout_sha256: str
    software: str
    staff: str
    """Who of the staff was present; empty: nobody."""
    valid_until: Micros | None
    assessment: EvidenceId
    reason: str
    """Of a consent that was voided: `order`, `age`."""


class Subject(NamedTuple):
    """Who a pseudonym is. Goes with the person; the consents stay, and are nobody's any more."""

    id: EvidenceId
    phone: Contact
    device: DeviceId
    """The visitor's own, where it was known: it tells of them, so it is not in the evidence that stays."""
    at: Micros


TAKEN_ALONG = "the person"
"""Recipient of a package that a person takes along themselves."""


class Provision(NamedTuple):
    """Something was told to a recipient, or a person took it along (NDR 12: kept three years)."""

    id: EvidenceId
    at: Micros
    recipient: str
    purpose: Purpose
    kinds: tuple[str, ...]
    consent: EvidenceId
    principal: EvidenceId
    by: str


class AssessmentSigned(NamedTuple):
    """An impact assessment and its signature (LAW §6.1)."""

    id: EvidenceId
    version: str
    form: str
    sha256: str
    config_sha256: str
    text: str
    by: str
    at: Micros


class SensorRegistered(NamedTuple):
    """A device that senses people (L-54)."""

    id: EvidenceId
    device: DeviceId
    type: DeviceType
    place: str
    purpose: str
    counsel_record: str
    by: str
    at: Micros
    removed_at: Micros | None


class Attested(NamedTuple):
    """Somebody attests a state of the site, with the digest of what shows it: `sign_assessment.ATTESTABLE`.

    `line`: the site itself noted that the line of 100,000 live passes was reached (FRM 15).
    """

    id: EvidenceId
    what: str
    at: Micros
    by: str
    evidence_sha256: str


class RightsRequest(NamedTuple):
    """A request of a person, as the log of requests keeps it (LAW §6.8): whose, stands in `RequestSaid` only."""

    id: EvidenceId
    right: Right
    at: Micros
    channel: Channel
    handler: str
    check: Check
    due_at: Micros
    due_sure: bool
    by: str


class RequestSaid(NamedTuple):
    """Whose request it is and what they said; under their keys."""

    id: EvidenceId
    phones: tuple[Contact, ...]
    at: Micros
    said: str


class RightsAnswer(NamedTuple):
    """What came of a request."""

    id: EvidenceId
    request: EvidenceId
    at: Micros
    result: str
    """`done`, `partly`, `refused`."""
    ground: Ground
    by: str
    kept_until: Micros | None
    """Of a refusal because the law has it kept: until when."""
    proof: EvidenceId


class Restriction(NamedTuple):
    """A person had the use of their data restricted (PIPL 44): kept, shown to nobody, used for their own deal only."""

    id: EvidenceId
    phone: Contact
    at: Micros
    lifted_at: Micros | None


class DeletionProof(NamedTuple):
    """A stage of a deletion proof (LAW §6.5, INV-08). Names nobody."""

    id: EvidenceId
    erasure: EvidenceId
    stage: str
    """`here`: unreadable on this machine. `everywhere`: in every backup as well. `ended`: the sweep of a day."""
    at: Micros
    text: str
    """Canonical JSON of the fields (docs/formats/deletion-proof.md)."""
