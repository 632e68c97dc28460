"""The rules' parameters as versioned, hashed, range-checked data.

The rules this module keeps:

1. A policy is a value; its `sha256` is over its parameters alone, so that a renamed version is the same policy.
2. Every parameter has a line in `PARAMETERS`: rule, name, unit, range. A value out of range is refused with
   that line (RULES.md §2.2, §3.3a); nothing is clamped.
3. A ruling uses the version in force when the client was registered for windows, and the one in force at
   subscription for rates; later edits never reach back (D5). A version binds an agency only from seven days
   after its countersignature (amendment 14).
4. Two policies are shipped. `CLASSIC` is what offices do today (§3.3a); `OPEN` is the recommended one.
   Where RULES.md gives `owner_limit` two defaults, CLASSIC keeps §3.3a's word and OPEN the amendment's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple, final

from mingshi.domain.evidence import Agreement, Time
from mingshi.domain.ids import AgencyId
from mingshi.kernel.canonical import Json, sha256_hex
from mingshi.kernel.timeline import DAY, Interval, Micros

BINDING_DELAY: Final = 7 * DAY
"""A countersigned version binds from this long after the signature (amendment 14)."""


class Mode(StrEnum):
    """Who wins among partners (C1)."""

    PROTECT = "protect"
    """报备保护: the first valid registration."""
    COMPETE = "compete"
    """到访为王: the first confirmed escort."""


class Masked(StrEnum):
    """Whether a registration may hide the middle of the number (A2, A11, A12)."""

    ALLOW = "allow"
    DENY = "deny"
    ONLY = "only"
    UNTIL_CONFIRMED = "until_confirmed"


class OwnerLimit(StrEnum):
    """Which existing owners cannot be registered (A4)."""

    DENY_GROUP = "deny_group"
    DENY_PROJECT = "deny_project"
    ALLOW = "allow"


class Counting(StrEnum):
    """How a window of days is counted (B3)."""

    NATURAL_DAY = "natural_day"
    HOURS_24 = "hours_24"


class ReportStart(StrEnum):
    """From when the report window runs (B3)."""

    SUBMITTED = "submitted"
    APPROVED = "approved"


class LeadCure(StrEnum):
    """What becomes of a client who came early (B1a)."""

    NONE = "none"
    REVIEW = "review"


class DealNode(StrEnum):
    """The act that stops the deal window (D1)."""

    INTENT = "intent"
    """认筹"""
    SUBSCRIPTION = "subscription"
    """认购"""
    CONTRACT = "contract"
    """签约"""


@final
@dataclass(frozen=True, kw_only=True)
class Policy:
    """One version of the rules' parameters. `None` for a number of days: permanent; for a cap: none."""

    version: str
    mode: Mode = Mode.PROTECT
    masked: Masked = Masked.ALLOW
    required: tuple[str, ...] = ("client", "phone", "agent")
    owner_limit: OwnerLimit = OwnerLimit.DENY_PROJECT
    natural_protect_days: int | None = 30
    repeats: int = 1
    cooldown_days: int = 30
    live_cap: int | None = 50
    daily_cap: int | None = None
    lead_min: int = 30
    band_min: int = 30
    lead_cure: LeadCure = LeadCure.NONE
    report_valid_days: int = 7
    counting: Counting = Counting.NATURAL_DAY
    report_start: ReportStart = ReportStart.SUBMITTED
    door_code: bool = False
    visit_merge_h: int = 4
    reception_confirm_h: int = 24
    escort_by_client: bool = False
    objection_h: int = 24
    visit_protect_days: int | None = 30
    deal_node: DealNode = DealNode.SUBSCRIPTION
    refresh: bool = False
    suspension: bool = False
    intent_freeze_days: int = 7
    extension_times: int = 1
    extension_days: int = 90
    tail_days: int = 30
    follow_days: int | None = None
    split_reported_percent: int = 0
    split_contacted_percent: int = 20
    split_helped_percent: int = 30
    split_both_percent: int = 50
    employee_scheme: bool = False
    siblings: bool = False
    phone_silence_days: int = 90
    quick_h: int = 24
    revive_days: int = 30
    swap_days: int = 30
    skew_s: int = 60
    skew_max_min: int = 15
    dispute_days: int = 15
    first_decision_h: int = 48
    decision_extension_days: int = 5
    silence_favours_claimant: bool = False
    stage1_percent: int = 50
    stage2_received_percent: int = 30
    release: tuple[str, ...] = ("earnest", "invoice", "no_objection", "ruling", "statement")
    lead_tiers: tuple[str, ...] = ()
    """提前量分档: `minutes:percent`, the share of the commission by how long before the first visit the client
    had confirmed; empty: always the whole."""
    staff_pay_channel_yuan: int = 0
    staff_pay_own_yuan: int = 0
    staff_pay_natural_yuan: int = 0
    referral_yuan: int = 0
    employee_yuan: int = 0
    natural_benefit_yuan: int = 0
    asymmetric: bool = False

    @cached_property
    def parameters(self) -> Mapping[str, Json]:
        """Every parameter but the version's name, in canonical values."""
        values: dict[str, Json] = {name: getattr(self, name) for name in PARAMETERS}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @cached_property
    def sha256(self) -> str:
        """The policy's identity."""
        return sha256_hex(dict(self.parameters))

    @cached_property
    def label(self) -> str:
        """`classic-3f2a`: how people name it."""
        return f"{self.version}-{self.sha256[:4]}"


class Parameter(NamedTuple):
    """What one parameter is: rule, Chinese and English name, unit, range."""

    rule: str
    chinese: str
    english: str
    unit: str = ""
    low: int = 0
    high: int = 0
    nullable: bool = False


PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        "mode": Parameter("C1", "判客模式", "mode"),
        "masked": Parameter("A2", "隐号报备", "masked numbers"),
        "required": Parameter("A2", "必填项", "required fields"),
        "owner_limit": Parameter("A4", "老业主限制", "existing owners"),
        "natural_protect_days": Parameter("A5", "自然到访保护期", "natural-visit protection", "d", 0, 999, True),
        "repeats": Parameter("A8", "同一经纪人重复报备数", "live registrations by one agent", "", 1, 999),
        "cooldown_days": Parameter("A8", "释放后冷却期", "cooldown after release", "d", 0, 90),
        "live_cap": Parameter("A10", "在途报备上限", "live registrations per agent", "", 1, 999, True),
        "daily_cap": Parameter("A10", "每日报备上限", "registrations per agent and day", "", 1, 999, True),
        "lead_min": Parameter("B1", "提前报备时间", "lead time", "min", 0, 1440),
        "band_min": Parameter("B2", "疑似截客时段", "suspicion band after the lead", "min", 0, 1440),
        "lead_cure": Parameter("B1a", "早到补救", "early client"),
        "report_valid_days": Parameter("B3", "报备有效期", "report window", "d", 1, 999),
        "counting": Parameter("B3", "计日方式", "counting of days"),
        "report_start": Parameter("B3", "报备有效期起点", "start of the report window"),
        "door_code": Parameter("B4a", "须有门口码", "door code required"),
        "visit_merge_h": Parameter("B8", "到访合并间隔", "check-ins that are one visit", "h", 1, 12),
        "reception_confirm_h": Parameter("B4", "前台登记确认时限", "confirmation of a desk entry", "h", 1, 72),
        "escort_by_client": Parameter("B5", "带看须客户指名", "escort needs the client's word"),
        "objection_h": Parameter("B6", "带看异议时限", "objection to an escort", "h", 1, 168),
        "visit_protect_days": Parameter("D1", "成交保护期", "deal window", "d", 1, 999, True),
        "deal_node": Parameter("D1", "成交节点", "deal node"),
        "refresh": Parameter("D2", "复访刷新", "revisit refreshes the window"),
        "suspension": Parameter("D1a", "不可售期间中止", "windows stand still while not saleable"),
        "intent_freeze_days": Parameter("D1a", "选房日后宽限", "grace after selection day", "d", 0, 60),
        "extension_times": Parameter("D3", "延期次数", "extensions", "", 0, 3),
        "extension_days": Parameter("D3", "延期天数上限", "days of an extension", "d", 0, 90),
        "tail_days": Parameter("D4", "协议尾期", "tail after the agreement", "d", 0, 365),
        "follow_days": Parameter("C9", "跟进逾期", "days without follow-up", "d", 5, 40, True),
        "split_reported_percent": Parameter("D7", "仅报备", "reported only", "%", 0, 100),
        "split_contacted_percent": Parameter("D7", "报备并联系", "reported and in contact", "%", 0, 100),
        "split_helped_percent": Parameter("D7", "到场协助", "came on site to help", "%", 0, 100),
        "split_both_percent": Parameter("D7", "均有带看", "both escorted", "%", 0, 100),
        "employee_scheme": Parameter("C6", "员工推荐计划", "employee scheme"),
        "siblings": Parameter("I3", "兄弟姐妹视为一家", "siblings are family"),
        "phone_silence_days": Parameter("I1", "号码静默期", "silent days of a number", "d", 30, 999),
        "quick_h": Parameter("D12", "短期成交", "quick deal", "h", 1, 240),
        "revive_days": Parameter("D11", "退后再购恢复期", "revival after cancellation", "d", 0, 180),
        "swap_days": Parameter("D10", "换房期", "swap of rooms", "d", 0, 180),
        "skew_s": Parameter("G7", "钟差容限", "tolerated clock error", "s", 10, 300),
        "skew_max_min": Parameter("G7", "钟差上限", "clock error that makes it a hint", "min", 1, 120),
        "dispute_days": Parameter("H1", "异议期", "time to object", "d", 2, 180),
        "first_decision_h": Parameter("H4", "首次决定时限", "first decision", "h", 24, 120),
        "decision_extension_days": Parameter("H4a", "决定延长", "extension of a decision", "d", 0, 15),
        "silence_favours_claimant": Parameter("H4a", "逾期视为同意", "silence favours the claimant"),
        "stage1_percent": Parameter("D8", "第一期比例", "first stage", "%", 0, 100),
        "stage2_received_percent": Parameter("D8", "第二期回款比例", "money received for stage two", "%", 0, 100),
        "release": Parameter("D8", "结佣条件", "conditions of release"),
        "lead_tiers": Parameter("D6", "提前量分档", "lead tiers"),
        "staff_pay_channel_yuan": Parameter("D6", "顾问佣金：渠道", "consultant's pay, channel", "yuan", 0, 1_000_000),
        "staff_pay_own_yuan": Parameter("D6", "顾问佣金：自渠", "consultant's pay, own", "yuan", 0, 1_000_000),
        "staff_pay_natural_yuan": Parameter("D6", "顾问佣金：自然", "consultant's pay, natural", "yuan", 0, 1_000_000),
        "referral_yuan": Parameter("D6", "老带新奖励", "owner's reward", "yuan", 0, 1_000_000),
        "employee_yuan": Parameter("D6", "员工推荐奖励", "employee's reward", "yuan", 0, 1_000_000),
        "natural_benefit_yuan": Parameter("D6", "自然到访礼遇", "benefit of a natural check-in", "yuan", 0, 1_000_000),
        "asymmetric": Parameter("D5", "允许双方条件不等", "terms that differ by side"),
    }
)

REQUIRABLE: Final = frozenset({"client", "phone", "agent", "agency", "project", "expected_at"})
RELEASABLE: Final = frozenset({"ruling", "statement", "earnest", "invoice", "no_objection"})
_LISTS: Final = MappingProxyType({"required": REQUIRABLE, "release": RELEASABLE})

CLASSIC: Final = Policy(version="classic", owner_limit=OwnerLimit.DENY_GROUP)
"""§3.3a: what offices do today."""

OPEN: Final = Policy(
    version="open",
    masked=Masked.UNTIL_CONFIRMED,
    lead_cure=LeadCure.REVIEW,
    door_code=True,
    escort_by_client=True,
    suspension=True,
    silence_favours_claimant=True,
)
"""The recommended policy of a running site (amendment 8)."""

SHIPPED: Final[Mapping[str, Policy]] = MappingProxyType({"classic": CLASSIC, "open": OPEN})

assert set(PARAMETERS) == {field.name for field in fields(Policy)} - {"version"}


class PolicyProblem(NamedTuple):
    """Why a value was refused: `unknown`, `kind`, `range` or `symmetry`."""

    parameter: str
    value: str
    reason: str
    expected: str


_ENUMS: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {
        "mode": Mode,
        "masked": Masked,
        "owner_limit": OwnerLimit,
        "counting": Counting,
        "report_start": ReportStart,
        "lead_cure": LeadCure,
        "deal_node": DealNode,
    }
)
PERMANENT: Final = frozenset({"permanent", "永久", "none", "无"})


def policy_of(version: str, base: Policy, values: Mapping[str, object]) -> Policy | list[PolicyProblem]:
    """`base` with `values` (numbers, truths or their texts) put over it, or every reason why not."""
    problems: list[PolicyProblem] = []
    parsed: dict[str, object] = {}
    for name, value in values.items():
        if name not in PARAMETERS:
            problems.append(PolicyProblem(name, str(value), "unknown", ", ".join(PARAMETERS)))
            continue
        outcome = _parse(name, value)
        if isinstance(outcome, PolicyProblem):
            problems.append(outcome)
        else:
            parsed[name] = outcome[0]
    if problems:
        return problems
    policy = replace(base, version=version, **parsed)  # type: ignore[arg-type]  # each value was parsed by its field
    return [*asymmetries(policy)] or policy


def asymmetries(policy: Policy) -> list[PolicyProblem]:
    """Terms that favour one side, refused unless `asymmetric` says so openly (amendment 14)."""
    if policy.asymmetric:
        return []
    natural, visit = policy.natural_protect_days, policy.visit_protect_days
    if visit is not None and (natural is None or natural > visit):
        expected = f"≤ visit_protect_days ({visit})"
        return [PolicyProblem("natural_protect_days", _text(natural), "symmetry", expected)]
    return []


def _parse(name: str, value: object) -> tuple[object] | PolicyProblem:
    """A one-tuple of the value, so that a parsed None is not mistaken for a failure."""
    spec = PARAMETERS[name]
    text = str(value).strip().lower()
    if name in _ENUMS:
        words = {member.value: member for member in _ENUMS[name]}
        return (words[text],) if text in words else PolicyProblem(name, text, "kind", " | ".join(words))
    if name in _LISTS:
        given = value if isinstance(value, list | tuple) else text.replace(";", ",").split(",")
        # One order for one set, and that of the shipped policies: what is read back has the digest that was written.
        shipped: tuple[str, ...] = getattr(CLASSIC, name)
        place = {item: at for at, item in enumerate(shipped)}
        listed = {str(item).strip() for item in given} - {""}
        names = tuple(sorted(listed, key=lambda item: (place.get(item, len(place)), item)))
        unknown = sorted(set(names) - _LISTS[name])
        expected = ", ".join(sorted(_LISTS[name]))
        return (names,) if not unknown else PolicyProblem(name, ", ".join(unknown), "kind", expected)
    if name == "lead_tiers":
        given = value if isinstance(value, list | tuple) else text.replace(";", ",").split(",")
        return _lead_tiers([str(item).strip() for item in given if str(item).strip()])
    if spec.high == 0:
        truths = {"true": True, "yes": True, "是": True, "1": True}
        truths |= {"false": False, "no": False, "否": False, "0": False}
        return (truths[text],) if text in truths else PolicyProblem(name, text, "kind", "true | false")
    if spec.nullable and (value is None or text in PERMANENT):
        return (None,)
    expected = f"{spec.low}–{spec.high} {spec.unit}".strip() + (" | permanent" if spec.nullable else "")
    if not text.isascii() or not text.isdigit():
        return PolicyProblem(name, text, "kind", expected)
    if not spec.low <= int(text) <= spec.high:
        return PolicyProblem(name, text, "range", expected)
    return (int(text),)


def _lead_tiers(given: list[str]) -> tuple[object] | PolicyProblem:
    """Ascending, distinct minutes; shares that do not fall as the client confirms earlier."""
    tiers = []
    for item in given:
        minutes, colon, percent = item.partition(":")
        if not (colon and minutes.isdigit() and percent.isdigit() and int(percent) <= 100):
            return PolicyProblem("lead_tiers", item, "kind", "minutes:percent, …")
        tiers.append((int(minutes), int(percent)))
    tiers.sort()
    shares = [percent for _, percent in tiers]
    if len({minutes for minutes, _ in tiers}) < len(tiers) or shares != sorted(shares):
        return PolicyProblem("lead_tiers", ", ".join(given), "range", "0:60, 1440:80, 10080:100")
    return (tuple(f"{minutes}:{percent}" for minutes, percent in tiers),)


def _text(value: int | None) -> str:
    return "permanent" if value is None else str(value)


class PolicyVersion(NamedTuple):
    """A policy and the instant from which it is in force."""

    effective_from: Micros
    policy: Policy
    countersigned: bool = False
    """It binds an agency only once that agency has countersigned it (amendment 14), as every version does that two
    people publish at a site; an office's files may not say who signed what."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHistory:
    """The versions of a project over time, oldest first; the first one also rules what came before it."""

    versions: tuple[PolicyVersion, ...]

    def __post_init__(self) -> None:
        assert self.versions, "a project has at least one policy"
        assert list(self.versions) == sorted(self.versions, key=lambda version: version.effective_from)

    def at(self, instant: int) -> Policy:
        """The version in force."""
        return self._latest(instant, self.versions)

    def binding(self, agency: AgencyId, instant: int, agreements: Sequence[Agreement]) -> Policy:
        """The version that binds an agency: in force, and countersigned at least seven days before (D5).

        The first version is what its agreement was signed on, or the one that was in force when the agreement began.
        Where nobody says who signs, and of this agency no signature is recorded, only the date of effect is left.
        """
        own = [row for row in agreements if row.agency == agency]
        signed = [row for row in own if row.countersigned_at is not None]
        bound = {row.policy for row in signed if _latest(row.countersigned_at) + BINDING_DELAY <= instant}
        began = min((_latest(row.since) for row in own), default=None)
        # What is signed later reaches no earlier registration.
        named = {row.policy for row in own if row.countersigned_at is None or _latest(row.countersigned_at) <= instant}
        first, *later = self.versions
        allowed, older = [first], {first.policy.version}
        for version in later:
            new = began is not None and version.effective_from <= began and older.isdisjoint(named)
            if version.policy.version in bound or (new if version.countersigned else not signed):
                allowed.append(version)
            older.add(version.policy.version)
        return self._latest(instant, allowed)

    @staticmethod
    def _latest(instant: int, versions: Sequence[PolicyVersion]) -> Policy:
        chosen = versions[0]
        for version in versions:
            if version.effective_from <= instant:
                chosen = version
        return chosen.policy


def _latest(time: Time | None) -> int:
    assert time is not None
    return time.latest if isinstance(time, Interval) else time


def single(policy: Policy) -> PolicyHistory:
    """A history of one version."""
    return PolicyHistory(versions=(PolicyVersion(Micros(0), policy),))
