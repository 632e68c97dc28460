"""The site's database as the judge's `EvidenceSource`.

The rules this module keeps: it answers as `judge.records.Records` does over an export of the same facts, so that
the site's own rulings and those of its export are the same bytes (a test compares).

What was read of the rules is kept for the next transaction (`Rules`): every one asks for them, and they tell of nobody.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar, final

from mingshi.app.facts import PolicyPublished
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, EvidenceId, visible
from mingshi.domain.judge.company import MOST_ASKED, of_office
from mingshi.domain.judge.records import WITH_PHONE, may_wait, waiting
from mingshi.domain.moment import known_at
from mingshi.domain.policy import CLASSIC, Policy, PolicyHistory, PolicyVersion, policy_of
from mingshi.kernel.canonical import loads, mapping
from mingshi.kernel.timeline import Micros, Zone
from mingshi.store.facts import Facts, told_contacts

R = TypeVar("R", bound=tuple[object, ...])
_FEW: Final = 32


@final
class Rules:
    """The rules of a site as last read, for the connections of a process.

    The log only grows, so the place of the newest policy names them all; a transaction that may yet be undone and has
    sealed one of its own neither reads nor keeps them here. `sole`: for the one connection that writes; nobody seals a
    policy but through it, so it need not ask for that place.
    """

    def __init__(self, *, sole: bool = False) -> None:
        self._sole = sole
        self._read: tuple[int | None, PolicyHistory] | None = None

    def of(self, facts: Facts) -> PolicyHistory:
        """The rules in a snapshot."""
        known = self._read
        if known is not None and self._sole:
            return known[1]
        newest = facts.newest(PolicyPublished)
        if known is None or known[0] != newest:
            self._read = known = newest, history(facts.every(PolicyPublished))
        return known[1]

    def forget(self) -> None:
        """A policy was sealed, whether or not it will stand."""
        self._read = None


@final
class SiteEvidence:
    """The evidence at one instant, inside one transaction."""

    def __init__(self, facts: Facts, *, project: str, zone: Zone, as_of: Micros | None, rules: Rules) -> None:
        self._facts = facts
        self._rules: Rules | None = rules
        self._project = project
        self._zone = zone
        self._as_of = as_of
        self._policies: PolicyHistory | None = None
        self._queues: dict[str, dict[EvidenceId, Micros]] = {}
        self._offices: dict[str, bool] = {}

    def find(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        """The records of a kind whose field is, or contains, the value."""
        return self._facts.find(kind, field, value)

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every record of a kind."""
        return self._facts.every(kind)

    def recorded(self, kind: type[R]) -> bool:
        """Whether there is any record of a kind."""
        return self._facts.any(kind)

    def contacts_showing(self, masked: Contact) -> Mapping[Contact, Micros]:
        """Every full contact that shows these digits, and since when it was known."""
        known: dict[Contact, Micros] = {}
        kinds: tuple[type[tuple[object, ...]], ...] = (*WITH_PHONE, e.Deal)
        for kind in kinds:
            for record in self._facts.find(kind, "shows", masked):
                since = known_at(record)
                for contact in told_contacts(record):
                    if visible(contact) == masked:
                        known[contact] = min(since, known.get(contact, since))
        return known

    def of_office(self, device: str) -> bool:
        """Whether a device is the office's own; asked of few records, however busy the device."""
        known = self._offices.get(device)
        if known is None:
            find, count = self._facts.find, self._facts.count(e.Arrival, "device", device)
            # More check-ins of a device can only make it the office's: a few tell it of most that are.
            known = count > MOST_ASKED or of_office(find(e.Arrival, "device", device, most=_FEW))
            known = known or (count > _FEW and of_office(find(e.Arrival, "device", device)))
            self._offices[device] = known
        return known

    def queued_until(self, registration: EvidenceId) -> Micros | None:
        """When a registration over its agent's cap took effect."""
        for row in self._facts.find(e.Registration, "id", registration):
            if row.agent not in self._queues:
                self._queues[row.agent] = self._queue(row.agent)
            return self._queues[row.agent].get(registration)
        return None

    def changed(self, record: tuple[object, ...]) -> None:
        """A record was sealed in this transaction: what was worked out before may be another."""
        if isinstance(record, e.Registration):
            self._queues.pop(record.agent, None)
        if isinstance(record, e.Arrival):
            self._offices.pop(record.device, None)
        if isinstance(record, PolicyPublished):
            if self._rules is not None:
                self._rules.forget()
            self._policies = self._rules = None
            self._queues.clear()

    @property
    def project(self) -> str:
        """The name of the project."""
        return self._project

    @property
    def zone(self) -> Zone:
        """Its civil time."""
        return self._zone

    @property
    def as_of(self) -> Micros | None:
        """The cut."""
        return self._as_of

    @property
    def policies(self) -> PolicyHistory:
        """Its rules over time."""
        if self._policies is None:
            rules = self._rules
            self._policies = history(self._facts.every(PolicyPublished)) if rules is None else rules.of(self._facts)
        return self._policies

    def _queue(self, agent: str) -> dict[EvidenceId, Micros]:
        # Most agents never come near their cap: the skeletons tell so, and nothing is decrypted.
        times = self._facts.sealed_times(e.Registration, "agent", agent)
        if not any(may_wait(times, version.policy) for version in self.policies.versions):
            return {}
        return waiting(self._facts.find(e.Registration, "agent", agent), self.policies, self._zone)


def history(published: Sequence[PolicyPublished]) -> PolicyHistory:
    """The versions that were published, by their date of effect."""
    versions = [
        PolicyVersion(row.effective_from, policy_of_text(row.version, row.parameters), row.countersigned)
        for row in published
    ]
    versions.sort(key=lambda version: version.effective_from)
    # A site that went on under the rules that it had imported has one version, not two.
    first = [one for before, one in zip([None, *versions], versions, strict=False) if _differs(before, one)]
    return PolicyHistory(versions=tuple(first))


def _differs(before: PolicyVersion | None, one: PolicyVersion) -> bool:
    return before is None or before.policy.sha256 != one.policy.sha256


@lru_cache(maxsize=64)
def policy_of_text(version: str, parameters: str) -> Policy:
    """The policy of its kept parameters; they were checked before they were published. Every use case asks for them."""
    policy = policy_of(version, CLASSIC, mapping(loads(parameters.encode())))
    assert isinstance(policy, Policy), policy
    return policy
