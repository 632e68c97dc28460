"""Money in case tests: the settlement of a docstring's facts, in yuan."""

from collections import defaultdict
from dataclasses import dataclass

from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.app.settle_case import Settlement, money_of, ruled_deal, settle_case
from mingshi.domain.commission.account import DEVELOPER
from mingshi.kernel.fen import Fen, yuan_text
from tests.cases.dsl import Case


def yuan(amount: int) -> str:
    return yuan_text(Fen(amount))


@dataclass(frozen=True)
class Money:
    settlement: Settlement

    def due(self, payee: str, deal: str = "", payer: str = DEVELOPER) -> str:
        """What is due along a link, in yuan."""
        rows = [p for p in self.settlement.positions if p.payee == payee and p.payer == payer and deal in ("", p.deal)]
        return yuan(sum(row.due for row in rows))

    def entries(self, payee: str, deal: str = "") -> list[str]:
        """`05-20 stage1 20,000.00`, one per journal entry."""
        return [
            f"{entry.day:%m-%d} {entry.component} {yuan(entry.amount)}"
            for entry in self.settlement.journal
            if entry.payee == payee and deal in ("", entry.deal)
        ]

    def missing(self, deal: str = "D1") -> dict[str, list[str]]:
        """Open stages and what each lacks."""
        return {
            str(stage.component): [str(one) for one in stage.missing]
            for one_deal, stage in self.settlement.open_stages
            if one_deal == deal
        }

    def nothing(self, deal: str = "D1") -> list[str]:
        return [reason for one, reason in self.settlement.nothing if one == deal]

    @property
    def headline(self) -> tuple[str, str, str, str]:
        """应付, 已付, 多付, 少付."""
        head = self.settlement.headline
        return yuan(head.due), yuan(head.paid), yuan(head.overpaid), yuan(head.underpaid)

    @property
    def prepaid(self) -> str:
        return yuan(self.settlement.headline.prepaid)

    def net(self) -> dict[str, int]:
        """Every account's balance; sums to zero."""
        sums: dict[str, int] = defaultdict(int)
        for entry in self.settlement.journal:
            sums[entry.payer] -= entry.amount
            sums[entry.payee] += entry.amount
        assert sum(sums.values()) == 0
        return dict(sums)


def settle(case: Case) -> Money:
    source = case.source
    rulings = judge_case(source, deals_in_order(source))
    return Money(settle_case(source, [money_of(ruled_deal(ruling), source) for ruling in rulings]))
