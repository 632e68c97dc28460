"""The facts of one deal that money depends on, and the entries it leads to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, final

from mingshi.domain import evidence as e
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge.outcome import Outcome
from mingshi.domain.policy import Policy
from mingshi.kernel.fen import Fen
from mingshi.kernel.timeline import Micros

DEVELOPER: Final = "developer"
"""开发商, the payer at the head of every chain."""


class Component(StrEnum):
    """Separate lines of a settlement."""

    STAGE1 = "stage1"
    """第一期佣金"""
    STAGE2 = "stage2"
    """第二期佣金"""
    BONUS = "bonus"
    """现金奖"""
    FIRST_DEAL = "first_deal"
    """开单奖"""
    STAFF_PAY = "staff_pay"
    """顾问佣金"""
    REFERRAL = "referral"
    """老带新奖励"""
    EMPLOYEE = "employee"
    """员工推荐奖励"""


class Condition(StrEnum):
    """结佣条件 (D8)."""

    RULING = "ruling"
    """The ruling is final and waits for nobody."""
    STATEMENT = "statement"
    """The buyer's statement is there."""
    EARNEST = "earnest"
    """认购金 received."""
    INVOICE = "invoice"
    """Invoices matched for what is due."""
    NO_OBJECTION = "no_objection"
    """No open objection."""
    CONTRACT = "contract"
    """签约 done (stage two)."""
    RECEIVED = "received"
    """Enough money received, or the loan approved (stage two)."""


class Ruled(NamedTuple):
    """The outcome that money follows, from a day on. Later ones supersede earlier ones (H7)."""

    since: Micros
    outcome: Outcome
    because: str
    """The rule that decided."""
    ruling_sha256: str
    final_from: Micros | None
    """When it waits for nobody any more and the time to object has passed; None: not yet."""
    objected: tuple[tuple[Micros, Micros | None], ...] = ()
    """From when to when objections were open."""
    lead_min: tuple[tuple[EvidenceId, int], ...] = ()
    """For each awarded registration: minutes between the client's confirmation and the first visit."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DealMoney:
    """Everything about a deal that money depends on."""

    deal: e.Deal
    rulings: tuple[Ruled, ...]
    policy: Policy
    """In force at subscription: rates are of that day (D5)."""
    payments: tuple[e.Payment, ...] = ()
    cancellations: tuple[e.Cancellation, ...] = ()
    invoices: tuple[e.Invoice, ...] = ()
    statements: tuple[Micros, ...] = ()
    """When the buyers made their statements."""
    kept: frozenset[str] = frozenset()
    """Which kinds of record the source keeps (`statements`, `invoices`, `payments`): what it never recorded is
    not held against a payee."""


class Transfer(NamedTuple):
    """Money owed along one link of the chain (开发商→平台→门店→经纪人)."""

    payer: str
    payee: str
    component: Component
    amount: Fen


class Entry(NamedTuple):
    """One line of the journal: what became due (or was undone) on a day. Append-only."""

    day: date
    deal: DealId
    payer: str
    payee: str
    component: Component
    amount: Fen
    """Positive: became due; negative: taken back (扣回), from the same payee, never from the buyer."""
    causes: tuple[str, ...]
    """Ids of the facts of that day that made the difference."""
    ruling_sha256: str


class Withheld(NamedTuple):
    """Why a stage is not due: conditions met and missing."""

    component: Component
    payee: str
    met: tuple[Condition, ...]
    missing: tuple[Condition, ...]
    amount: Fen
    """What would be due with all conditions met."""
