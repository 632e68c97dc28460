"""判客规则: a version of the rules is proposed by one, published by another, and countersigned by agencies (D5).

The rules this module keeps (RULES amendment 14):

1. Two people; a future instant; every parameter in its range; terms that differ by side only if they say so.
2. A version binds an agency from seven days after its own countersignature, which cites the version's digest. Whether
   it binds is the judge's to say (`PolicyHistory.binding`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import PolicyProposed, PolicyPublished
from mingshi.app.people import same_person
from mingshi.app.ports import Transaction
from mingshi.domain import evidence as e
from mingshi.domain.ids import AgencyId, EvidenceId
from mingshi.domain.moment import earliest, latest
from mingshi.domain.policy import BINDING_DELAY, SHIPPED, Policy, policy_of
from mingshi.kernel.canonical import Json, dumps, loads, mapping
from mingshi.kernel.timeline import Micros


class ProposePolicy(NamedTuple):
    """A version: what it changes of a shipped one, or of the one in force (`base` empty)."""

    version: str
    base: str
    values: Mapping[str, object]
    effective_from: Micros
    by: str


class PublishPolicy(NamedTuple):
    """The second person."""

    proposal: EvidenceId
    by: str


class CountersignPolicy(NamedTuple):
    """An agency's signature under a version; `sha256`: of the parameters that it read."""

    agency: AgencyId
    version: str
    sha256: str
    by: str


class Drafted(NamedTuple):
    """A version with who brought it so far; `published_at` None: a second person has to publish it."""

    policy: Policy
    effective_from: Micros
    proposal: EvidenceId
    proposed_by: str
    proposed_at: Micros | None
    published_by: str
    published_at: Micros | None
    countersigned: bool
    """It binds only who signed it."""


class Signature(NamedTuple):
    """An agency under a version. `bound`: the version that binds it now; `binds_at`: from when this one does.

    `by_date`: no signature of it is recorded, and nobody said that this version wants one: its own date binds.
    """

    agency: AgencyId
    signed_at: Micros | None
    binds_at: Micros | None
    bound: Policy
    by_date: bool


def propose_policy(transaction: Transaction, command: ProposePolicy) -> Answer:
    """Seal a proposal: nothing is in force."""
    if command.effective_from <= transaction.now:
        return Refused("not_future", "D5")
    if any(row.version == command.version for row in transaction.every(PolicyPublished)):
        return Refused("version_exists", "D5", args={"version": command.version})
    if command.base and command.base not in SHIPPED:
        return Refused("unknown_base", "D5")
    base = SHIPPED[command.base] if command.base else transaction.source.policies.at(transaction.now)
    made = policy_of(command.version, base, command.values)
    if not isinstance(made, Policy):
        first = made[0]
        args: dict[str, Json] = {"parameter": first.parameter, "value": first.value, "expected": first.expected}
        return Refused(f"policy_{first.reason}", "D5", args=args)
    proposal = PolicyProposed(
        transaction.new_id("J"),
        command.version,
        dumps(dict(made.parameters)).decode(),
        command.effective_from,
        command.by,
        transaction.now,
    )
    transaction.seal(proposal)
    return Done("policy_proposed", {"proposal": proposal.id}, {"sha256": made.sha256})


def publish_policy(transaction: Transaction, command: PublishPolicy) -> Answer:
    """Seal that a second person publishes what the first proposed."""
    rows = transaction.read(PolicyProposed, "id", command.proposal)
    if not rows:
        return Refused("unknown_proposal", "D5")
    proposal = rows[0]
    if (wrong := same_person(proposal.by, command.by)) is not None:
        return wrong
    if any(row.version == proposal.version for row in transaction.every(PolicyPublished)):
        return Refused("version_exists", "D5", args={"version": proposal.version})
    if proposal.effective_from <= transaction.now:
        return Refused("not_future", "D5")
    published = PolicyPublished(
        transaction.new_id("J"),
        proposal.id,
        proposal.version,
        proposal.parameters,
        proposal.effective_from,
        command.by,
        transaction.now,
        countersigned=True,
    )
    transaction.seal(published)
    return Done("policy_published", {"policy": published.id}, {"effective_at": proposal.effective_from})


def countersign_policy(transaction: Transaction, command: CountersignPolicy) -> Answer:
    """Seal an agency's countersignature."""
    versions = transaction.source.policies.versions
    chosen = next((one.policy for one in versions if one.policy.version == command.version), None)
    if chosen is None:
        return Refused("unknown_version", "D5")
    if chosen.sha256 != command.sha256:
        return Refused("other_policy", "D5")
    agreements = sorted(transaction.read(e.Agreement, "agency", command.agency), key=lambda row: earliest(row.since))
    if not agreements:
        return Refused("no_agreement", "A1")
    if any(row.policy == command.version and row.countersigned_at is not None for row in agreements):
        return Refused("already_signed", "D5")
    row = agreements[-1]._replace(id=transaction.new_id("M"), policy=command.version, countersigned_at=transaction.now)
    transaction.seal(row)
    return Done("countersigned", {"agreement": row.id}, {"binds_at": transaction.now + BINDING_DELAY})


def first_policy(transaction: Transaction, policy: Policy) -> Answer:
    """The version a new site begins with: in force at once, since nothing was sealed before it."""
    published = PolicyPublished(
        transaction.new_id("J"),
        EvidenceId(""),
        policy.version,
        dumps(dict(policy.parameters)).decode(),
        transaction.now,
        "init",
        transaction.now,
    )
    transaction.seal(published)
    return Done("policy_published", {"policy": published.id}, {"effective_at": transaction.now})


def versions_of(transaction: Transaction) -> list[Drafted]:
    """Every version that was published, and every proposal that nobody published, in the order of their first day."""
    proposals = {row.id: row for row in transaction.every(PolicyProposed)}
    published = transaction.every(PolicyPublished)
    known = {row.version for row in published}
    found = []
    for row in published:
        first = proposals.get(row.proposal)
        by, at = ("", None) if first is None else (first.by, first.at)
        found.append(Drafted(_policy(row), row.effective_from, row.proposal, by, at, row.by, row.at, row.countersigned))
    for waits in proposals.values():
        if waits.version not in known:
            policy = _policy(waits)
            found.append(Drafted(policy, waits.effective_from, waits.id, waits.by, waits.at, "", None, True))
    return sorted(found, key=lambda one: (one.effective_from, one.policy.version))


def signatures_of(transaction: Transaction, version: Drafted) -> list[Signature]:
    """Every agency whose agreement stands, and whether it signed under this version."""
    now, history = transaction.now, transaction.source.policies
    found = []
    standing = {row.agency for row in transaction.every(e.Agreement) if row.until is None or latest(row.until) > now}
    for agency in sorted(standing):
        agreements = transaction.read(e.Agreement, "agency", agency)
        at = [
            latest(row.countersigned_at)
            for row in agreements
            if row.policy == version.policy.version and row.countersigned_at is not None
        ]
        signed = Micros(min(at)) if at else None
        by_date = not version.countersigned and all(row.countersigned_at is None for row in agreements)
        binds = None if signed is None else Micros(max(version.effective_from, signed + BINDING_DELAY))
        binds = version.effective_from if by_date else binds
        found.append(Signature(agency, signed, binds, history.binding(agency, now, agreements), by_date))
    return found


def values_of(parameters: Mapping[str, Json]) -> dict[str, object]:
    """Parameters as a policy file writes them: a term without end is a word there."""
    return {key: "permanent" if value is None else value for key, value in parameters.items()}


def _policy(row: PolicyProposed | PolicyPublished) -> Policy:
    made = policy_of(row.version, SHIPPED["classic"], values_of(mapping(loads(row.parameters.encode()))))
    assert isinstance(made, Policy), "it was checked before it was sealed"
    return made
