"""The judge asked beforehand: what would it say, if this fact were there as well?

The rules this module keeps: there is one implementation of every rule. A use case that has to answer at once
supposes the fact, asks `domain.judge`, and answers what it said.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar, final

from mingshi.app.record_json import shape_of
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, DealId, EvidenceId
from mingshi.domain.judge.assess import assess
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.dossier import EvidenceSource, gather
from mingshi.domain.judge.finding import Finding
from mingshi.domain.judge.hearing import open_hearing
from mingshi.domain.policy import PolicyHistory
from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros, Zone

R = TypeVar("R", bound=tuple[object, ...])
NO_DEAL = DealId("?")


@final
class Supposed:
    """A source with a few records more, or with others in their place."""

    def __init__(self, source: EvidenceSource, *records: tuple[object, ...]) -> None:
        self._source = source
        self._records = records

    def find(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value."""
        mine = [one for one in self._records if isinstance(one, kind)]
        replaced = {one[0] for one in mine}
        found = [one for one in self._source.find(kind, field, value) if one[0] not in replaced]
        return found + [one for one in mine if _holds(getattr(one, field), value)]

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of a small context kind."""
        return self._source.all(kind)

    def recorded(self, kind: type[R]) -> bool:
        """Whether the source keeps this kind of record at all: with the first of its kind it would."""
        return any(isinstance(one, kind) for one in self._records) or self._source.recorded(kind)

    def contacts_showing(self, masked: Contact) -> Mapping[Contact, Micros]:
        """Every full contact that shows these digits."""
        return self._source.contacts_showing(masked)

    def of_office(self, device: str) -> bool:
        """Whether a device is the office's own."""
        return self._source.of_office(device)

    def queued_until(self, registration: EvidenceId) -> Micros | None:
        """When a registration over the cap left the queue."""
        return self._source.queued_until(registration)

    @property
    def project(self) -> str:
        """The name of the project."""
        return self._source.project

    @property
    def zone(self) -> Zone:
        """Its civil time."""
        return self._source.zone

    @property
    def policies(self) -> PolicyHistory:
        """Its rules over time."""
        return self._source.policies

    @property
    def as_of(self) -> Micros | None:
        """The cut."""
        return self._source.as_of


def _holds(field: object, value: str) -> bool:
    return value in field if isinstance(field, tuple) else field == value


def claims_on(contacts: Sequence[Contact], source: EvidenceSource, now: Micros) -> tuple[Claim, ...]:
    """How every registration of these people stands now: as if they bought in this instant."""
    deal = blank(e.Deal, id=NO_DEAL, buyers=tuple(contacts), subscribed_at=Micros(now + 1))
    return assess(open_hearing(gather(NO_DEAL, Supposed(source, deal))))


def claim_of(registration: EvidenceId, contact: Contact, source: EvidenceSource, now: Micros) -> Claim | None:
    """How one registration stands now; None where it is about somebody else."""
    return next((claim for claim in claims_on((contact,), source, now) if claim.registration.id == registration), None)


def refusing(claim: Claim) -> Finding | None:
    """The admission rule that refuses, or else does not know."""
    deciding = claim.deciding
    return deciding if deciding is not None and deciding.rule.startswith("A") else None


def told(finding: Finding) -> dict[str, Json]:
    """A finding as it may be told to whoever asked: without the evidence, which may be somebody else's."""
    value: dict[str, Json] = {"rule": finding.rule, "answer": finding.verdict.value, "code": finding.code.value}
    if finding.reason:
        value["reason"] = finding.reason
    return value | ({"args": dict(finding.args)} if finding.args else {})


def blank(kind: type[R], /, **fields: object) -> R:
    """A record with these fields and the others empty."""
    empty = {name: field.empty for name, field in shape_of(kind).items()}
    return kind(**(empty | fields))
