"""Cases in the trade's language: the docstring of a test is its input.

A line is a time and a fact, or a fact about the setting:

    policy classic lead_min=60                        # which rules; classic by default
    agency 甲公司 until=2026-06-30                     # its agreement
    agent 甲/李 kind=employee phone=王的姐姐            # an agent is written agency/name
    2026-05-03 09:12 report  R1 agent=甲/李 client=王
    2026-05-03 10:02 arrive  V1 client=王 means=otp
    2026-05-20 15:00 buy     D1 client=王+张

A client is a nickname; each gets a number of its own (160…). `王#2` is Wang's second number, `160****0001` a
masked one. A word that is a nickname's masked number is written `隐王`. `now 2026-07-01` is the cut. A line that
begins with 算 ends the facts: below it stands how the expected figures were reckoned.
"""

import re
import zlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingshi.domain import evidence as e
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import rule
from mingshi.domain.judge.outcome import Outcome
from mingshi.domain.judge.records import Records
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.judge.windows import spans
from mingshi.domain.moment import earliest, latest
from mingshi.domain.policy import SHIPPED, Policy, PolicyHistory, PolicyVersion, policy_of
from mingshi.kernel.timeline import Interval, Micros, Zone

ZONE = Zone()
TIME = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$")

VERBS: dict[str, type] = {
    "report": e.Registration,
    "confirm": e.Confirmation,
    "arrive": e.Arrival,
    "receipt": e.Receipt,
    "escort": e.Escort,
    "state": e.Statement,
    "identify": e.Identity,
    "issue": e.Pass,
    "lead": e.Lead,
    "call": e.Call,
    "follow": e.Followup,
    "lookup": e.Lookup,
    "edit": e.Edit,
    "buy": e.Deal,
    "pay": e.Payment,
    "cancel": e.Cancellation,
    "approve": e.Approval,
    "extend": e.Extension,
    "relate": e.Relation,
    "agent": e.Agent,
    "agency": e.Agreement,
    "owner": e.Owner,
    "reach": e.Outreach,
    "withdraw": e.Withdrawal,
    "object": e.Objection,
    "decide": e.Decision,
    "clock": e.Clock,
    "calendar": e.CalendarEntry,
    "count": e.Count,
    "staff": e.Staff,
    "term": e.Term,
    "invoice": e.Invoice,
    "paid": e.CommissionPaid,
}
WHEN = {e.Receipt: "visit_at", e.Deal: "subscribed_at", e.Pass: "issued_at", e.Relation: "verified_at"}
ENUMS = {
    (e.Arrival, "means"): e.Means, (e.Arrival, "door_code"): e.DoorCode, (e.Arrival, "confirmed_by"): e.ConfirmedBy,
    (e.Arrival, "token"): e.Token, (e.Receipt, "bound_to"): e.Binding, (e.Escort, "means"): e.EscortMeans,
    (e.Statement, "stage"): e.Stage, (e.Statement, "origin"): e.Origin, (e.Statement, "first_contact_where"): e.Place,
    (e.Identity, "stage"): e.Stage, (e.Followup, "kind"): e.FollowupKind, (e.Edit, "field"): e.EditField,
    (e.Cancellation, "kind"): e.CancelKind, (e.Extension, "window"): e.Window, (e.Relation, "kind"): e.Relationship,
    (e.Agent, "kind"): e.AgentKind, (e.Owner, "scope"): e.Scope, (e.Withdrawal, "kind"): e.WithdrawalKind,
    (e.Objection, "by"): e.Side, (e.Decision, "stage"): e.DecisionStage, (e.CalendarEntry, "kind"): e.CalendarKind,
    (e.Registration, "released_by"): e.ReleasedBy, (e.Payment, "kind"): e.PaymentKind, (e.Term, "kind"): e.TermKind,
    (e.Term, "scope"): e.TierScope, (e.CommissionPaid, "kind"): e.PaidKind,
}  # fmt: skip
DEFAULTS: dict[type, dict[str, Any]] = {
    e.Registration: {"client": "王测试"},
    e.Confirmation: {"agreed": True},
    e.Arrival: {"means": e.Means.OTP},
    e.Receipt: {"bound_to": e.Binding.PHONE},
    e.Escort: {"means": e.EscortMeans.CODE, "buyer_named": True},
    e.Statement: {"stage": e.Stage.CHECK_IN},
    e.Identity: {"stage": e.Stage.SIGNING, "matched": True},
    e.Followup: {"kind": e.FollowupKind.CONTACT},
    e.Extension: {"window": e.Window.VISIT, "reason": "客户出差", "approver1": "经理-01", "approver2": "经理-02"},
    e.Relation: {"kind": e.Relationship.SPOUSE, "verified_by": "结婚证"},
    e.Agent: {"kind": e.AgentKind.BROKER},
    e.Agreement: {"since": Micros(0)},
    e.Owner: {"scope": e.Scope.PROJECT, "basis": "本项目合同"},
    e.Objection: {"by": e.Side.AGENCY, "ground": "客户由我司带看"},
    e.Decision: {"stage": e.DecisionStage.FIRST, "reason": "证据一致", "site_reviewer": "经理-01"},
    e.CalendarEntry: {"kind": e.CalendarKind.SUSPENDED},
    e.Clock: {"offset_low_s": 0, "offset_high_s": 0},
    e.Count: {"staff": 0},
}
PHONES = {"phone", "phone_a", "phone_b"}
PHONE_LISTS = {"phones", "present", "buyers"}
TIMES = {
    "at", "since", "until", "expected_at", "approved_at", "released_at", "deposit_at", "confirmed_at", "presented_at",
    "first_contact_at", "earlier_visit_at", "issued_at", "revoked_at", "intended_at", "selection_at", "contracted_at",
    "filed_at", "ruled_at", "verified_at", "broken_at", "suspended_from", "suspended_until", "countersigned_at",
    "sealed_at", "token_at", "visit_at", "subscribed_at", "loan_approved_at",
}  # fmt: skip
FLAGS = {
    "agreed", "been_before", "offline", "staff_readable", "buyer_named", "earlier_erased", "before_staff", "matched",
    "otp", "buyer_otp", "by_partner", "declared", "claims_follow_agent",
}  # fmt: skip
NUMBERS = {
    "party_adults", "days", "offset_low_s", "offset_high_s", "adults", "share_ppm", "price_fen", "amount_fen",
    "refund_fen", "rate_ppm", "from_unit", "to_unit", "platform_fee_ppm", "agent_share_ppm",
}  # fmt: skip


def phone(nickname: str) -> str:
    """A number that cannot ring, the same for the same nickname; its middle and end are its own."""
    if nickname.startswith("隐"):
        whole = phone(nickname[1:])
        return f"{whole[:3]}****{whole[-4:]}"
    if re.fullmatch(r"[\d*+]+", nickname):
        return nickname
    digits = zlib.crc32(nickname.encode()) % 10**8
    return f"160{digits:08d}"


def micros(text: str) -> Any:
    """A local time; a date alone is the whole day."""
    match = TIME.fullmatch(text)
    assert match, f"not a time: {text}"
    day = datetime.fromisoformat(match[1])
    if match[2] is None:
        return Interval(ZONE.start(day.date()), ZONE.end(day.date()))
    clock = match[2].rjust(5, "0")
    moment = datetime.fromisoformat(f"{match[1]}T{clock}")
    delta = moment - datetime.fromisoformat(match[1])
    return Micros(ZONE.start(day.date()) + (delta.days * 86400 + delta.seconds) * 10**6 + delta.microseconds)


@dataclass(frozen=True)
class Case:
    """The facts of one test."""

    kinds: dict[type, list[Any]]
    policies: PolicyHistory
    as_of: Micros | None

    @property
    def source(self) -> Records:
        return Records(self.kinds, project="示例花园", zone=ZONE, policies=self.policies, as_of=self.as_of)

    def ruling(self, deal: str = "D1") -> "Told":
        return Told(rule(gather(deal, self.source)))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Told:
    """A ruling in short words, for assertions."""

    ruling: Ruling

    @property
    def outcome(self) -> str:
        return short(self.ruling.outcome)

    @property
    def because(self) -> str:
        return self.ruling.verdict.because

    @property
    def status(self) -> str:
        return self.ruling.verdict.status.value

    @property
    def proposal(self) -> str:
        return "" if self.ruling.choice.proposal is None else short(self.ruling.choice.proposal)

    @property
    def codes(self) -> dict[str, str]:
        """Code of every claim."""
        return {claim.registration.id: claim.code.value for claim in self.ruling.claims}

    def rule_of(self, registration: str) -> str:
        """The rule (and reason) that gave a claim its code."""
        claim = self.claim(registration)
        assert claim.deciding is not None
        return f"{claim.deciding.rule} {claim.deciding.reason}".strip()

    def failing(self, registration: str) -> list[str]:
        """Every rule that failed."""
        return [one.rule for one in self.claim(registration).findings if one.verdict.value == "fail"]

    def finding(self, registration: str, rule_id: str) -> Any:
        return next(one for one in self.claim(registration).findings if one.rule == rule_id)

    def claim(self, registration: str) -> Any:
        return next(claim for claim in self.ruling.claims if claim.registration.id == registration)

    @property
    def evidence(self) -> list[str]:
        return list(self.ruling.choice.evidence)

    @property
    def reasons(self) -> list[str]:
        return [f"{one.rule} {one.reason}".strip() for one in self.ruling.choice.reasons]

    @property
    def flags(self) -> list[str]:
        return [flag.id for flag in self.ruling.flags]

    @property
    def needs(self) -> list[str]:
        return [need.value for need in self.ruling.verdict.needs]

    @property
    def notes(self) -> list[str]:
        return list(self.ruling.notes)

    @property
    def changes(self) -> dict[str, str]:
        """What would change it: kind → outcome then."""
        return {f"{change.kind} {change.registration}".strip(): short(change.outcome) for change in self.ruling.changes}

    def when(self, at: int) -> str:
        """A civil minute."""
        return f"{ZONE.local(at):%Y-%m-%d %H:%M}"

    def until(self, registration: str, rule_id: str) -> str:
        """The last civil minute of a window."""
        shown = spans(self.claim(registration).draft, self.ruling.hearing)
        span = next(span for span in shown if span.rule == rule_id)
        return "永久" if span.end is None else self.when(span.end)


def short(outcome: Outcome) -> str:
    """`CHANNEL 甲/李 R1`, `SPLIT 30% CHANNEL 甲/李 R1 + 70% NATURAL`."""
    if outcome.parts:
        return "SPLIT " + " + ".join(f"{part.share_ppm // 10_000}% {short(part.outcome)}" for part in outcome.parts)
    return " ".join(filter(None, (outcome.kind.value, outcome.agent, outcome.registration, outcome.party)))


def load(text: str) -> Case:
    """Read a docstring."""
    kinds: dict[type, list[Any]] = defaultdict(list)
    versions: list[PolicyVersion] = []
    as_of = None
    number = 0
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("算"):  # how the expected figures were reckoned, for the reader
            break
        if not line or line.startswith("#"):
            continue
        match = re.match(r"(\d{4}-\d{2}-\d{2}(?: \d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?)\s+(.*)", line)
        when, rest = (match[1], match[2]) if match else ("", line)
        verb, *words = rest.split()
        if verb == "policy":
            versions.append(_policy(words, when))
        elif verb == "now":
            as_of = latest(micros(words[0].replace("_", " ")))
        else:
            number += 1
            kind = VERBS[verb]
            kinds[kind].append(_record(kind, words, when, number))
    history = PolicyHistory(versions=tuple(versions or [PolicyVersion(Micros(0), SHIPPED["classic"])]))
    return Case(kinds=_employed(dict(kinds)), policies=history, as_of=as_of)


def _employed(kinds: dict[type, list[Any]]) -> dict[type, list[Any]]:
    """A registration without an agency is of the agency that its agent is listed with."""
    listed = {row.id: row.agency for row in kinds.get(e.Agent, [])}
    rows = kinds.get(e.Registration, [])
    kinds[e.Registration] = [
        row._replace(agency=listed.get(row.agent, row.agency)) if row.agency else row for row in rows
    ]
    return kinds


def _policy(words: list[str], when: str) -> PolicyVersion:
    base, values = words[0], dict(word.split("=", 1) for word in words[1:])
    version, countersigned = values.pop("version", base), values.pop("countersigned", "no") == "yes"
    policy = policy_of(version, SHIPPED[base], values)
    assert isinstance(policy, Policy), policy
    return PolicyVersion(earliest(micros(when)) if when else Micros(0), policy, countersigned)


def _record(kind: type, words: list[str], when: str, number: int) -> Any:
    values = dict(word.split("=", 1) for word in words if "=" in word)
    names = [word for word in words if "=" not in word]
    fields: dict[str, Any] = {name: _empty(kind, name) for name in kind._fields}  # type: ignore[attr-defined]
    fields |= DEFAULTS.get(kind, {})
    fields["id"] = names[0] if names else f"{kind.__name__.lower()}-{number}"
    if when:
        fields[WHEN.get(kind, "at")] = micros(when)
    if kind is e.Agreement:
        fields["agency"] = names[0]
        fields["id"] = f"协议-{names[0]}"
    called = values.pop("called", None)
    if "client" in values:
        clients = values.pop("client")
        if kind is e.Deal:
            fields["buyers"] = tuple(phone(one) for one in clients.split("+"))
        else:
            fields["phone"] = phone(clients)
    if called is not None:
        fields["client"] = "" if called == "-" else called
    for name, value in values.items():
        assert name in fields, f"{kind.__name__} has no {name}"
        if value == "-" and name == "agency":
            fields[name] = ""
            continue
        fields[name] = _value(kind, name, value.replace("_", " ") if name in TIMES else value)
    if kind is e.Registration and "agency" not in values and "/" in fields["agent"]:
        fields["agency"] = fields["agent"].split("/")[0]
    if kind is e.Agent and "agency" not in values and "/" in fields["id"]:
        fields["agency"] = fields["id"].split("/")[0]
    return kind(**fields)


def _empty(kind: type, name: str) -> Any:
    if name in PHONE_LISTS or (kind in (e.Withdrawal, e.Decision) and name == "evidence"):
        return ()
    if name in FLAGS:
        return None if name == "been_before" else False
    if name in TIMES or name in NUMBERS or (kind, name) in ENUMS:
        return None
    return ""


def _value(kind: type, name: str, value: str) -> Any:
    if (kind, name) in ENUMS:
        return ENUMS[kind, name](value)
    if name in TIMES:
        return micros(value)
    if name in FLAGS:
        return value in ("yes", "是")
    if name in NUMBERS:
        return int(value)
    if name in PHONES:
        return phone(value)
    if name in PHONE_LISTS:
        return tuple(phone(one) for one in value.split("+"))
    if name == "evidence":
        return tuple(value.split("+"))
    return "" if value == "-" else value
