"""The facts a ruling may rest on, as they were recorded: kinds E1 to E23 of RULES.md §3.1 and their context.

The rules this module keeps:

1. A record says what somebody's act left behind, never what anybody concluded from it. Conclusions (grades,
   links, windows) are made by `judge`, so that new rules can be tried on old facts.
2. Every record is a `NamedTuple` whose fields stand in the order of its sheet's columns
   (docs/formats/case.md): a million of them are built quickly, and a record is a value.
3. `at` is when it was observed by the clock of `device`; `received_at` when the site's server had it;
   `sealed_at` when the log had it. Empty: not known. A date without a time is the whole day, as an interval.
4. There is no field for an image, a template, anything derived from a face, or a trait of a person (INV-05).
"""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from mingshi.domain.ids import (
    AgencyId,
    AgentId,
    Contact,
    DealId,
    DeviceId,
    EvidenceId,
    IdKey,
    PassId,
    StaffId,
)
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Interval, Micros

Time: TypeAlias = Micros | Interval
"""An instant, or an interval where the record gives a date only."""

NOBODY = Contact("")


class Means(StrEnum):
    """How a visitor checked in (a closed set, RULES.md amendment 6)."""

    OTP = "otp"
    """短信验证码: a code sent to the visitor's phone (E2, grade A)."""
    QR = "qr"
    """到访码 / 带看码: a code in the visitor's hand, redeemed at the door (E3, A)."""
    DEVICE_KEY = "device_key"
    """A key that never leaves the visitor's phone (E3, A)."""
    PASSKEY = "passkey"
    """The visitor's phone verified its user (E5 as amendment 1 reads it, A)."""
    FACE_PASS = "face_pass"
    """1:1 against the template inside the visitor's own pass, in a session they opened (E5, B)."""
    ID = "id"
    """身份证 shown at the desk (E6, A)."""
    RECEPTION = "reception"
    """前台登记: entered by staff (E4, B, provisional)."""
    PAPER = "paper"
    """Numbered counterfoil with the visitor's wet signature (E4 confirmed by signature, B)."""
    UNKNOWN = "unknown"
    """Not recorded (grade C)."""


class DoorCode(StrEnum):
    """The code shown on site that changes every minute (B4a)."""

    VALID = "valid"
    STALE = "stale"
    NONE = "none"


class ConfirmedBy(StrEnum):
    """How a visitor confirmed a reception entry (B4)."""

    OTP = "otp"
    QR = "qr"
    SIGNATURE = "signature"


class Token(StrEnum):
    """An independent token that fixes a time earlier than the seal (amendment 7)."""

    SMS_LOG = "sms_log"
    RECEIPT = "receipt"
    WITNESS = "witness"


class Binding(StrEnum):
    """What of the visitor's a receipt was bound to at issue (amendment 4)."""

    PHONE = "phone"
    DEVICE_KEY = "device_key"
    PASSKEY = "passkey"
    ID = "id"
    COUNTERFOIL = "counterfoil"
    BEARER = "bearer"


class EscortMeans(StrEnum):
    """How an escort was shown."""

    CODE = "code"
    """The agent scanned the door code (amendment 3)."""
    PAPER = "paper"
    """A signed 带看确认单."""
    SITE_RECORD = "site_record"
    """The site's own visit register names the agent."""


class Stage(StrEnum):
    """When a client made a statement."""

    CHECK_IN = "check_in"
    SUBSCRIPTION = "subscription"
    SIGNING = "signing"
    LATER = "later"


class Origin(StrEnum):
    """Who brought me, in the client's own words (E7)."""

    AGENT = "agent"
    NOBODY = "nobody"
    OWNER = "owner"
    EMPLOYEE = "employee"
    STAFF = "staff"
    DECLINED = "declined"
    """不想说: without consequence; counts as no statement."""


class Place(StrEnum):
    """Where the first contact with the agent was (amendment 21)."""

    WECHAT = "wechat"
    STORE = "store"
    GATE = "gate"
    CAR_PARK = "car_park"
    PHONE = "phone"
    OTHER = "other"


class Relationship(StrEnum):
    """How two people are related (I3); `agent_relative` is declared for A9."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    SIBLING = "sibling"
    AGENT_RELATIVE = "agent_relative"


class AgentKind(StrEnum):
    """What a registrant is to the developer (TRADE.md §2.1, channel tree)."""

    BROKER = "broker"
    FREE_BROKER = "free_broker"
    OWNER = "owner"
    EMPLOYEE = "employee"


class ReleasedBy(StrEnum):
    """Who let a registration go (A8)."""

    AGENT = "agent"
    SITE = "site"


class FollowupKind(StrEnum):
    """What a follow-up was (C9, D7)."""

    CONTACT = "contact"
    ON_SITE_HELP = "on_site_help"
    WARNING_AGENT = "warning_agent"
    WARNING_SITE = "warning_site"


class EditField(StrEnum):
    """What of a client's record staff changed (E10)."""

    NAME = "name"
    PHONE = "phone"
    SECOND_PHONE = "second_phone"
    SOURCE = "source"
    FIRST_VISIT = "first_visit"
    WINDOW = "window"
    RELEASE = "release"
    DELETE = "delete"
    UNLINK = "unlink"
    OTHER = "other"


class CancelKind(StrEnum):
    """What was undone (E15)."""

    INTENT = "intent"
    SUBSCRIPTION = "subscription"
    CONTRACT = "contract"
    SWAP = "swap"


class PaymentKind(StrEnum):
    """What a payment was for (E14)."""

    INTENT = "intent"
    """认筹金"""
    EARNEST = "earnest"
    """认购金、定金"""
    DOWN = "down"
    """首付"""
    LOAN = "loan"
    """贷款"""
    BALANCE = "balance"
    """尾款、其他房款"""
    REFUND = "refund"
    """退款"""


class TermKind(StrEnum):
    """What a commission term pays (D6)."""

    FIXED = "fixed"
    """固定金额, per deal."""
    PERCENT = "percent"
    """按实收房款比例."""
    BONUS = "bonus"
    """现金奖, per deal, beside the rest."""
    FIRST_DEAL = "first_deal"
    """开单奖, for the agency's first deal."""


class TierScope(StrEnum):
    """To which deals a reached tier applies (跳点)."""

    MARGINAL = "marginal"
    """Each deal by its own place in the count."""
    RETROACTIVE = "retroactive"
    """All deals of the term by the highest tier reached."""


class PaidKind(StrEnum):
    """How commission was paid."""

    PAID = "paid"
    PREPAID = "prepaid"
    """预付佣: before the conditions were met."""
    ADVANCE = "advance"
    """垫佣: by the platform out of its own pocket."""


class Window(StrEnum):
    """Which window an extension widens (D3)."""

    REPORT = "report"
    VISIT = "visit"


class Side(StrEnum):
    """A party to a ruling."""

    AGENT = "agent"
    AGENCY = "agency"
    BUYER = "buyer"
    SITE = "site"


class WithdrawalKind(StrEnum):
    """What a person took back (E18)."""

    CONSENT = "consent"
    ERASURE = "erasure"


class Scope(StrEnum):
    """Of what an owner is an owner (A4)."""

    PROJECT = "project"
    GROUP = "group"


class CalendarKind(StrEnum):
    """Sealed control facts about the project (D1a)."""

    SUSPENDED = "suspended"
    """Not saleable: 蓄客, 取证."""
    STOPPED = "stopped"
    """The system stood still: a visible gap."""


class DecisionStage(StrEnum):
    """Who decided a review (amendment 15)."""

    FIRST = "first"
    NEUTRAL = "neutral"
    APPEAL = "appeal"


class Registration(NamedTuple):
    """E1 报备: an agent told the site of a client, stamped by the server."""

    id: EvidenceId
    at: Time
    agent: AgentId
    agency: AgencyId
    phone: Contact
    client: str | None
    """The name the client wishes to be called by; None where the source has no such column."""
    project: str
    expected_at: Time | None
    approved_at: Time | None
    released_at: Time | None
    released_by: ReleasedBy | None
    deposit_at: Time | None
    """When an outside witness stamped it because the site did not answer (LEDGER.md amendment 4)."""
    device: DeviceId
    sealed_at: Micros | None


class Confirmation(NamedTuple):
    """E1 by the client's own act 双签报备 (A12): this agent, this project, been here before?"""

    id: EvidenceId
    registration: EvidenceId
    at: Time
    phone: Contact
    agreed: bool
    been_before: bool | None
    device: DeviceId
    sealed_at: Micros | None


class Arrival(NamedTuple):
    """E2 to E6: one check-in."""

    id: EvidenceId
    at: Time
    phone: Contact
    pass_id: PassId
    means: Means
    registration: EvidenceId
    """The registration whose code was redeemed, if the visitor showed one."""
    agent: AgentId
    """Whom the visit register names as escort; the site's own word."""
    staff: StaffId
    door_code: DoorCode | None
    staff_readable: bool
    """Staff could read the code (amendment 3)."""
    party: str
    """Check-ins with the same party came together."""
    party_adults: int | None
    confirmed_at: Time | None
    confirmed_by: ConfirmedBy | None
    offline: bool
    token: Token | None
    token_at: Micros | None
    device: DeviceId
    sealed_at: Micros | None


class Receipt(NamedTuple):
    """E21 到访回执: a signed receipt of a visit that the visitor kept and showed."""

    id: EvidenceId
    visit_at: Time
    phone: Contact
    bound_to: Binding
    staff: StaffId
    presented_at: Time | None
    sealed_at: Micros | None


class Escort(NamedTuple):
    """带看: an agent came with the client (B5)."""

    id: EvidenceId
    at: Time
    agent: AgentId
    phone: Contact
    means: EscortMeans
    project: str
    buyer_named: bool
    """The client named the agent or signed."""
    device: DeviceId
    sealed_at: Micros | None


class Statement(NamedTuple):
    """E7 客户声明: the client's own words on who brought them."""

    id: EvidenceId
    at: Time
    phone: Contact
    stage: Stage
    origin: Origin
    agent: AgentId
    referrer: str
    phones: tuple[Contact, ...]
    """Numbers the client says are their own (I1, I2)."""
    first_contact_at: Time | None
    first_contact_where: Place | None
    earlier_visit_at: Time | None
    """An earlier visit the client declares."""
    earlier_erased: bool
    before_staff: bool
    """Asked before the visitor met staff."""
    present: tuple[Contact, ...]
    """At signing: who of the signers came to the first visit (amendment 19)."""
    sealed_at: Micros | None


class Identity(NamedTuple):
    """E6 身份核验 at signing or at the desk: this contact is this person."""

    id: EvidenceId
    at: Time
    phone: Contact
    id_key: IdKey
    stage: Stage
    matched: bool
    sealed_at: Micros | None


class Pass(NamedTuple):
    """A proof that a visitor holds, and the contact it was issued to."""

    id: EvidenceId
    pass_id: PassId
    phone: Contact
    issued_at: Time | None
    revoked_at: Time | None


class Lead(NamedTuple):
    """E20 线上留资: a contact left on-line."""

    id: EvidenceId
    at: Time
    phone: Contact
    otp: bool
    staff: StaffId
    referrer: str
    source: str
    sealed_at: Micros | None


class Call(NamedTuple):
    """E8 来电."""

    id: EvidenceId
    at: Time
    phone: Contact
    staff: StaffId
    sealed_at: Micros | None


class Followup(NamedTuple):
    """E11 跟进, by an agent or a member of staff."""

    id: EvidenceId
    at: Time
    registration: EvidenceId
    by: str
    kind: FollowupKind
    sealed_at: Micros | None


class Lookup(NamedTuple):
    """E9 查号: a member of staff looked a client up."""

    id: EvidenceId
    at: Time
    staff: StaffId
    phone: Contact
    reason: str
    sealed_at: Micros | None


class Edit(NamedTuple):
    """E10 资料变更: a record was changed; the old one stands (G5)."""

    id: EvidenceId
    at: Time
    staff: StaffId
    phone: Contact
    field: EditField
    target: EvidenceId
    """The record that was changed or the link that was broken."""
    old: str
    new: str
    buyer_otp: bool
    sealed_at: Micros | None


class Deal(NamedTuple):
    """E12 认购 and E13 签约/网签 of one room."""

    id: DealId
    room: str
    buyers: tuple[Contact, ...]
    intended_at: Time | None
    """认筹"""
    selection_at: Time | None
    """选房日"""
    subscribed_at: Time
    """认购"""
    contracted_at: Time | None
    """签约"""
    filed_at: Time | None
    """网签备案"""
    price_fen: Fen | None
    consultant: StaffId
    claimed_agent: AgentId
    """The agent whom the office's own book names."""
    recorded_source: str
    """What the office's own book says; shown beside the ruling, never an input to it."""
    loan_approved_at: Time | None
    """贷款批复 (D8)"""
    ruled_at: Time | None
    """When the ruling was given to the parties; empty: at contract, or at subscription."""
    sealed_at: Micros | None


class Payment(NamedTuple):
    """E14 回款: money received for a deal (negative: paid back to the buyer)."""

    id: EvidenceId
    deal: DealId
    at: Time
    amount_fen: Fen
    kind: PaymentKind
    sealed_at: Micros | None


class Cancellation(NamedTuple):
    """E15 退认购 / 退签约 / 换房."""

    id: EvidenceId
    deal: DealId
    at: Time
    kind: CancelKind
    refund_fen: Fen | None
    by_partner: bool
    """The agent or agency caused it (D11)."""
    new_deal: DealId
    """换房: the deal that takes its place (D10)."""
    sealed_at: Micros | None


class Invoice(NamedTuple):
    """An agency's invoice for its commission (D8)."""

    id: EvidenceId
    number: str
    agency: AgencyId
    deal: DealId
    at: Time
    amount_fen: Fen
    matched: bool


class Approval(NamedTuple):
    """A step of finance's approval, or a party's acceptance of a ruling (INV-11)."""

    id: EvidenceId
    deal: DealId
    step: str
    by: str
    at: Time


class Extension(NamedTuple):
    """延期: a window was widened (D3)."""

    id: EvidenceId
    registration: EvidenceId
    at: Time
    window: Window
    days: int
    reason: str
    approver1: str
    approver2: str
    sealed_at: Micros | None


class Relation(NamedTuple):
    """E16 关联权益人: two people, and what shows their relation."""

    id: EvidenceId
    phone_a: Contact
    phone_b: Contact
    kind: Relationship
    since: Time | None
    """The date of the proof itself (marriage, birth, household register)."""
    verified_at: Time | None
    verified_by: str
    broken_at: Time | None


class Agent(NamedTuple):
    """One employment of one agent. An agent who moves has several."""

    id: AgentId
    name: str
    agency: AgencyId
    kind: AgentKind
    phone: Contact
    since: Time | None
    until: Time | None
    suspended_from: Time | None
    suspended_until: Time | None
    declared: bool
    """An employee's referral was declared under the scheme."""


class Agreement(NamedTuple):
    """E19 分销协议 with an agency, and which policy version it signed."""

    id: EvidenceId
    agency: AgencyId
    since: Time
    until: Time | None
    policy: str
    countersigned_at: Time | None
    claims_follow_agent: bool
    """The claim moves with the agent who leaves (golden case 21)."""
    platform: AgencyId
    """平台: who is paid by the developer and pays this agency; empty: the developer pays it directly."""
    platform_fee_ppm: int | None
    """What the platform keeps of what it is paid."""
    agent_share_ppm: int | None
    """What the agency owes its agent of what it is paid; empty: its own affair, not posted."""
    contact: StaffId = StaffId("")
    """对接人: the consultant whom the agency deals with by agreement; their meetings are no pattern (F-PAIR)."""


class Term(NamedTuple):
    """One commission term of an agency (D6), one row for each tier."""

    id: EvidenceId
    agency: AgencyId
    kind: TermKind
    since: Time
    until: Time | None
    amount_fen: Fen | None
    rate_ppm: int | None
    from_unit: int | None
    """跳点: from the how-many-th deal of the term on; empty: from the first."""
    to_unit: int | None
    scope: TierScope | None


class Owner(NamedTuple):
    """An existing owner (A4). A group list is imported with its own legal basis (amendment 9)."""

    id: EvidenceId
    phone: Contact
    scope: Scope
    since: Time | None
    basis: str


class Outreach(NamedTuple):
    """外展/外呼/拦截/圈层/外拓: staff went to the client before the client came (C6)."""

    id: EvidenceId
    at: Time
    staff: StaffId
    phone: Contact
    source: str
    sealed_at: Micros | None


class Withdrawal(NamedTuple):
    """E18 撤回 / 删除."""

    id: EvidenceId
    at: Time
    kind: WithdrawalKind
    phone: Contact
    pass_id: PassId
    deal: DealId
    """The deal whose evidence was erased."""
    evidence: tuple[EvidenceId, ...]
    """Records that are gone."""
    commitment: str
    sealed_at: Micros | None


class Objection(NamedTuple):
    """E22 异议, to an escort (B6) or to a ruling (H1)."""

    id: EvidenceId
    deal: DealId
    escort: EvidenceId
    by: Side
    party: str
    at: Time
    ground: str
    sealed_at: Micros | None


class Decision(NamedTuple):
    """A named person's decision of a review or a dispute (H3 to H6)."""

    id: EvidenceId
    deal: DealId
    at: Time
    stage: DecisionStage
    outcome: str
    """`CHANNEL`, `NATURAL`, `OWN`, `REFERRAL`, `EMPLOYEE` or `SPLIT`."""
    registration: EvidenceId
    share_ppm: int | None
    """For SPLIT: the part of `registration`; the rest goes to `other_registration`."""
    other_registration: EvidenceId
    site_reviewer: str
    agency_reviewer: str
    evidence: tuple[EvidenceId, ...]
    reason: str
    sealed_at: Micros | None


class Clock(NamedTuple):
    """E23: how wrong a device's clock was, between when and when (shown time minus true time)."""

    id: EvidenceId
    device: DeviceId
    since: Time | None
    until: Time | None
    offset_low_s: int
    offset_high_s: int


class CalendarEntry(NamedTuple):
    """The project was not saleable, or the system stood still."""

    id: EvidenceId
    kind: CalendarKind
    since: Time
    until: Time | None


class Count(NamedTuple):
    """E17: how many adults passed, from a counter that makes no image; names nobody."""

    id: EvidenceId
    since: Time
    until: Time
    adults: int
    staff: int


class CommissionPaid(NamedTuple):
    """What was paid out already."""

    id: EvidenceId
    deal: DealId
    agency: AgencyId
    agent: AgentId
    at: Time
    amount_fen: Fen
    payer: AgencyId
    """Who paid: empty, the developer; a platform that advanced; an agency that paid its agent."""
    kind: PaidKind


class Staff(NamedTuple):
    """A member of the site's staff."""

    id: StaffId
    name: str
    role: str
    phone: Contact
    since: Time | None
    until: Time | None


class PolicyRow(NamedTuple):
    """One parameter of one policy version."""

    version: str
    base: str
    effective_from: Time
    parameter: str
    value: str
    countersigned: bool = False
    """It binds only agencies that countersigned it (D5)."""
