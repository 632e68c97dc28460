"""The ruling: what was decided, why, and on what, as a value with one sequence of bytes (INV-06).

The rules this module keeps:

1. Same policy, same evidence, same cut: same bytes. Times are UTC microseconds; lists are ordered by meaning.
2. A ruling carries ids, codes, times and arguments, never prose and nothing personal: no name, no number, no
   token of a person. `present` tells it to each party in their words.
3. It keeps every rule's answer: a rule that simply passed is one word; the others say what they saw.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, final

from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge.arrival import Grade
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.dispute import Verdict
from mingshi.domain.judge.dossier import Dossier
from mingshi.domain.judge.finding import Code, Finding
from mingshi.domain.judge.finding import Verdict as Answered
from mingshi.domain.judge.flags import Flag
from mingshi.domain.judge.hearing import Hearing, objection_deadline
from mingshi.domain.judge.outcome import Choice, Outcome
from mingshi.domain.judge.windows import Span, spans
from mingshi.domain.moment import earliest
from mingshi.domain.policy import Policy
from mingshi.kernel.answer import Answer
from mingshi.kernel.canonical import Json, sha256_hex
from mingshi.kernel.typed_json import dumps_typed

RULING_VERSION: Final = 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One single change of the facts that would have altered the outcome, found by judging again."""

    kind: str
    """Which text tells it: `change.<kind>`."""
    rule: str
    registration: EvidenceId
    args: Mapping[str, Json]
    outcome: Outcome

    def as_json(self) -> dict[str, Json]:
        """Canonical form."""
        value: dict[str, Json] = {"kind": self.kind, "rule": self.rule, "outcome": self.outcome.as_json()}
        if self.registration:
            value["registration"] = self.registration
        return value | ({"args": dict(self.args)} if self.args else {})


@final
@dataclass(frozen=True, kw_only=True)
class Ruling:
    """One deal's ruling."""

    hearing: Hearing
    claims: tuple[Claim, ...]
    choice: Choice
    verdict: Verdict
    flags: tuple[Flag, ...]
    notes: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    supersedes: str = ""
    """SHA-256 of the ruling that this one replaces."""

    @property
    def deal(self) -> DealId:
        """The deal."""
        return self.hearing.dossier.deal.id

    @property
    def outcome(self) -> Outcome:
        """Whose deal it is, after people had their say."""
        return self.verdict.outcome

    @property
    def final(self) -> bool | None:
        """Whether only H, I6 or D9 can change it now; None where the source has no `now`."""
        now = self.hearing.dossier.as_of
        if now is None:
            return None
        return now > self.hearing.closing and not self.verdict.needs

    @cached_property
    def deciding(self) -> Finding | None:
        """The comparison that one of `changes` turns round; else what refused the strongest losing claim."""
        for change in self.changes:
            for claim in self.claims:
                if claim.registration.id == change.registration:
                    for finding in claim.findings:
                        if finding.rule == change.rule:
                            return finding
        losers = [claim.deciding for claim in self.claims if claim.deciding is not None]
        return losers[0] if losers else None

    def as_json(self) -> dict[str, Json]:
        """The canonical value of docs/formats/ruling.md."""
        dossier = self.hearing.dossier
        value: dict[str, Json] = {
            "v": RULING_VERSION,
            "deal": self.deal,
            "policy": _policy(self.hearing.policy),
            "status": self.verdict.status,
            "outcome": self.outcome.as_json(),
            "because": self.verdict.because,
            "evidence": _evidence(self, dossier),
            "claims": [_claim(claim, self) for claim in self.claims],
            "closes_at": objection_deadline(dossier, self.hearing.policy),
            "people": len(self.hearing.unit.people),
        }
        optional: dict[str, Json] = {
            "final": self.final,
            "first_visit": _first_visit(self.hearing),
            "links": [{"rule": link.rule, "evidence": link.evidence} for link in self.hearing.unit.links],
            "reasons": [_finding(reason) for reason in self.choice.reasons] if self.verdict.needs else [],
            "proposal": None if self.choice.proposal is None else self.choice.proposal.as_json(),
            "needs": list(self.verdict.needs),
            "changes": [change.as_json() for change in self.changes],
            "deciding": None if self.deciding is None else _finding(self.deciding),
            "flags": [_flag(flag) for flag in self.flags],
            "notes": list(self.notes),
            "unregistered": _unregistered(self),
            "decision": None if self.verdict.decision is None else _decision(self.verdict.decision),
            "refused_decisions": [{"id": row.id, "why": why} for row, why in self.verdict.refused],
            "supersedes": self.supersedes,
        }
        return value | {name: item for name, item in optional.items() if item not in (None, [], "")}

    @cached_property
    def line(self) -> bytes:
        """Canonical bytes, without a line end."""
        return dumps_typed(self.as_json())

    def to_bytes(self) -> bytes:
        """Canonical bytes, without a line end."""
        return self.line

    @cached_property
    def sha256(self) -> str:
        """The ruling's own digest."""
        return hashlib.sha256(self.line).hexdigest()


def superseding(ruling: Ruling, previous: Mapping[str, Json]) -> Ruling:
    """The ruling that follows `previous` (its canonical value): the same bytes where nothing changed, else one that
    names the digest of what it replaces.
    """
    former = {name: value for name, value in previous.items() if name != "supersedes"}
    if former == ruling.as_json():
        return replace(ruling, supersedes=str(previous.get("supersedes", "")))
    return replace(ruling, supersedes=sha256_hex(dict(previous)))


def _policy(policy: Policy) -> dict[str, Json]:
    return {"version": policy.version, "sha256": policy.sha256}


def _finding(finding: Finding) -> dict[str, Json]:
    value: dict[str, Json] = {"rule": finding.rule, "answer": finding.verdict}
    if finding.reason:
        value["reason"] = finding.reason
    if finding.code is not Code.VALID:
        value["code"] = finding.code
    if finding.args:
        value["args"] = dict(finding.args)
    if finding.evidence:
        value["evidence"] = list(finding.evidence)
    return value


def _claim(claim: Claim, ruling: Ruling) -> dict[str, Json]:
    rules: dict[str, Json] = {}
    for finding in claim.findings:
        if finding.reason or finding.args or finding.evidence or finding.verdict is Answered.FAIL:
            told = _finding(finding)
            del told["rule"]
            rules[finding.rule] = told
        else:
            rules[finding.rule] = finding.verdict
    row, policy = claim.registration, claim.draft.policy
    value: dict[str, Json] = {
        "registration": row.id,
        "agent": row.agent,
        "state": _STATES[claim.state],
        "code": claim.code,
        "submitted_at": claim.draft.submitted.earliest,
        "effective_at": claim.draft.effective.earliest,
        "rules": rules,
        "windows": [_window(span) for span in spans(claim.draft, ruling.hearing)],
    }
    if claim.agency:
        value["agency"] = claim.agency
    if claim.deciding is not None:
        value["rule"] = claim.deciding.rule
    if policy.sha256 != ruling.hearing.policy.sha256:
        value["policy"] = _policy(policy)
    if claim.draft.visit is not None:
        value["visited_at"] = claim.draft.visit.start.observed.earliest
        value["visit"] = list(claim.draft.visit.evidence)
    return value


_STATES: Final = {Answer.YES: "valid", Answer.NO: "refused", Answer.UNKNOWN: "open"}


def _window(span: Span) -> dict[str, Json]:
    value: dict[str, Json] = {"rule": span.rule, "from": span.start}
    return value if span.end is None else value | {"until": span.end}


def _evidence(ruling: Ruling, dossier: Dossier) -> list[dict[str, Json]]:
    graded = {trace.evidence: (trace.kind, trace.grade) for trace in ruling.hearing.traces}
    listed: list[dict[str, Json]] = []
    decision = ruling.verdict.decision
    ids = ruling.choice.evidence if decision is None else (*decision.evidence, decision.id)
    for id_ in dict.fromkeys(ids):
        if id_ in graded:
            kind, grade = graded[id_]
            listed.append({"id": id_, "kind": kind, "grade": Grade(grade).name})
        else:
            listed.append({"id": id_, "kind": _kind_of(id_, dossier)})
    return listed


_KINDS: Final = tuple(
    (Dossier._fields.index(name), kind)
    for name, kind in {
        "registrations": "E1",
        "confirmations": "E1",
        "arrivals": "E4",
        "escorts": "escort",
        "statements": "E7",
        "identities": "E6",
        "passes": "pass",
        "leads": "E20",
        "extensions": "D3",
        "relations": "E16",
        "agreements": "E19",
        "owners": "A4",
        "outreach": "outreach",
        "decisions": "H",
        "edits": "E10",
        "receipts": "E21",
    }.items()
)


def _kind_of(id_: str, dossier: Dossier) -> str:
    for index, kind in _KINDS:
        records: tuple[tuple[object, ...], ...] = dossier[index]  # type: ignore[assignment]  # a field of records
        for row in records:
            if row[0] == id_:
                return kind
    return ""


def _first_visit(hearing: Hearing) -> dict[str, Json] | None:
    first = hearing.first_visit
    if first is None:
        return None
    return {"at": first.start.observed.earliest, "evidence": list(first.evidence)}


def _flag(flag: Flag) -> dict[str, Json]:
    value: dict[str, Json] = {"id": flag.id, "tier": flag.tier, "source": flag.source}
    if flag.claim:
        value["claim"] = flag.claim
    if flag.evidence:
        value["evidence"] = list(flag.evidence)
    return value | ({"args": dict(flag.args)} if flag.args else {})


def _decision(row: e.Decision) -> dict[str, Json]:
    return {"id": row.id, "stage": row.stage, "at": earliest(row.at)}


def _unregistered(ruling: Ruling) -> list[str]:
    """NOREG 无报备: agents whom the client or the office's book names, and who never registered this client."""
    dossier = ruling.hearing.dossier
    named = {dossier.deal.claimed_agent} | {row.agent for row in dossier.statements}
    return sorted(named - {""} - {claim.registration.agent for claim in ruling.claims})
