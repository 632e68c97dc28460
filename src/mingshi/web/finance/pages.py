"""财务: the month's settlements, who approved and paid them, what is on hold and why (TRADE §4.7, D8, INV-10).

The rules this module keeps:

1. What stands here was sealed: a page reckons nothing anew but one deal's conditions, so that two people who look at a
   month see the same figures. Each amount opens into its ruling, and the rules that ruling was given by.
2. Every line is a pair, owed by one side and to the other; a settlement's accounts add up to zero, and the page says so
   from its own sum.
3. Prepared, approved by the site's manager, approved by finance, paid: no two neighbours are one person (`app.settle`).
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from mingshi.app.answer import Done
from mingshi.app.facts import SettlementMade, SettlementStep
from mingshi.app.ports import Transaction
from mingshi.app.rule_deal import last_given
from mingshi.app.settle import (
    ApproveSettlement,
    PaySettlement,
    Posting,
    Settle,
    approve,
    lines_of,
    next_step,
    pay,
    settle,
)
from mingshi.app.settle_case import book_of, money_of, ruled_deal
from mingshi.domain import evidence as e
from mingshi.domain.commission.account import DEVELOPER
from mingshi.domain.commission.due import due
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge import engine
from mingshi.domain.judge.dossier import gather
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import Json, loads, mapping, sequence
from mingshi.kernel.fen import Fen, yuan_text
from mingshi.kernel.timeline import Micros
from mingshi.present.answers import Said, said
from mingshi.present.tell import Names, Story, flag_text, outcome_text, tell_finance
from mingshi.present.texts import text
from mingshi.web.asking import Ask, Given, Page, Raw, See, get, post
from mingshi.web.reviewing import names_of, signer

SHOWN: Final = 100
STEPS: Final = {
    "supervisor": ("待案场经理审批", "waits for the manager"),
    "finance": ("待财务审批", "waits for finance"),
    "paid": ("待放款", "waits to be paid"),
    "none": ("已放款", "paid"),
}


class Listed(NamedTuple):
    """A settlement in a list."""

    made: SettlementMade
    waits: str


class Payee(NamedTuple):
    """What a month came to for one payee."""

    name: str
    due: Fen
    back: Fen
    """What was taken back: zero or less."""

    @property
    def net(self) -> Fen:
        """Both together."""
        return Fen(self.due + self.back)


class Hold(NamedTuple):
    """暂缓结佣: a deal on which no commission is paid meanwhile."""

    deal: str
    room: str
    outcome: str
    kind: str
    why: tuple[str, ...]
    until: Micros
    """The time to object ends."""


class Account(NamedTuple):
    """One side's balance."""

    name: str
    balance: Fen


def month(ask: Ask) -> Given:
    """One month."""
    return _month(ask, None)


def prepare(ask: Ask) -> Given:
    """Make a settlement of what became due since the last one."""
    replied = ask.run(settle, Settle(ask.me.id))
    if isinstance(replied.answer, Done):
        return See(f"/finance/s/{replied.answer.ids['settlement']}?done=settled")
    return _month(ask, said(replied.answer, ask.lang, ask.office.zone))


def settlement(ask: Ask) -> Given:
    """One settlement."""
    return _settlement(ask, None)


def supervise(ask: Ask) -> Given:
    """The manager's approval."""
    return _step(ask, "supervisor")


def check(ask: Ask) -> Given:
    """Finance's approval."""
    return _step(ask, "finance")


def release(ask: Ask) -> Given:
    """It was paid."""
    replied = ask.run(pay, PaySettlement(EvidenceId(ask.params["settlement"]), ask.me.id))
    return _stepped(ask, said(replied.answer, ask.lang, ask.office.zone))


def file(ask: Ask) -> Given:
    """The pairs, for the books."""
    found = ask.office.look(lambda transaction: _made(transaction, ask.params["settlement"]))
    if found is None:
        return _missing()
    made, _ = found
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow(["结算单 settlement", "成交 deal", "科目 component", "账户 account", "对方 other", "金额 amount_yuan"])
    for line in lines_of(made):
        amount = yuan_text(line.amount).replace(",", "")
        minus = yuan_text(Fen(-line.amount)).replace(",", "")
        out.writerow([made.id, line.deal, line.component, _safe(line.payee), _safe(line.payer), amount])
        out.writerow([made.id, line.deal, line.component, _safe(line.payer), _safe(line.payee), minus])
    return Raw(("\ufeff" + written.getvalue()).encode(), "text/csv", f"{made.id}.csv")


def deal(ask: Ask) -> Given:
    """One deal: its ruling, its conditions, its lines."""
    wanted = DealId(ask.params["deal"])

    def read(transaction: Transaction) -> dict[str, object] | None:
        given = last_given(transaction, wanted)
        if given is None:
            return None
        ruling, names, zone = _value(given.text), names_of(transaction), ask.office.zone
        source = transaction.source
        money = money_of(ruled_deal(engine.rule(gather(wanted, source))), source)
        day = zone.day(ask.now)
        standing = due(money, book_of(source, [money]), day, zone.end(day))
        story: Story = tell_finance(ruling, ask.lang, zone, names)
        return {
            "deal": wanted,
            "room": next((row.room for row in transaction.read(e.Deal, "id", wanted)), ""),
            "story": story.lines(),
            "ruling": given,
            "policy": mapping(ruling["policy"]),
            "hold": _hold(ask, transaction, wanted, names),
            "conditions": [
                (
                    text("component", one.component.value, ask.lang),
                    one.payee,
                    _words(ask, one.met),
                    _words(ask, one.missing),
                )
                for one in standing.withheld
            ],
            "nothing": [text("nothing", reason, ask.lang) for reason in standing.reasons],
            "lines": [(row, line) for row in _every(transaction) for line in lines_of(row) if line.deal == wanted],
            "paid": sorted(transaction.read(e.CommissionPaid, "deal", wanted), key=lambda row: str(row.id)),
            "component": _component(ask),
        }

    values = ask.office.look(read)
    return _missing() if values is None else Page("finance/deal.html.j2", values)


def _month(ask: Ask, told: Said | None) -> Given:
    zone = ask.office.zone
    first = _asked(ask.query.get("m", "")) or zone.day(ask.now).replace(day=1)

    def read(transaction: Transaction) -> tuple[list[Listed], list[Hold], int, str]:
        every = _every(transaction)
        rows = [row for row in every if zone.day(row.at).replace(day=1) == first]
        latest = f"{zone.day(every[0].at):%Y-%m}" if every and not rows else ""
        listed = [Listed(row, next_step(transaction.read(SettlementStep, "settlement", row.id))) for row in rows]
        names = names_of(transaction)
        held = [hold for row in transaction.every(e.Deal) if (hold := _hold(ask, transaction, DealId(row.id), names))]
        held.sort(key=lambda one: (one.until, one.deal))
        return listed, held[:SHOWN], len(held), latest

    listed, held, total, latest = ask.office.look(read)
    values = {
        "first": first,
        "latest": latest,
        "name": f"{first:%Y-%m}",
        "before": f"{_moved(first, -1):%Y-%m}",
        "after": "" if first >= zone.day(ask.now).replace(day=1) else f"{_moved(first, 1):%Y-%m}",
        "listed": listed,
        "payees": _payees([one.made for one in listed]),
        "holds": held,
        "held": total,
        "steps": STEPS,
        "told": told,
    }
    return Page("finance/month.html.j2", values, 200 if told is None or told.done else 422)


def _settlement(ask: Ask, told: Said | None) -> Given:
    found = ask.office.look(lambda transaction: _made(transaction, ask.params["settlement"]))
    if found is None:
        return _missing()
    made, steps = found
    lines = lines_of(made)

    def called(transaction: Transaction) -> dict[str, str]:
        """By whom it was made and approved, and the homes it is of."""
        rooms = {str(row.id): row.room for row in transaction.every(e.Deal)}
        return rooms | {one: signer(ask, transaction, one) for one in (made.by, *(row.by for row in steps))}

    accounts = _accounts(lines)
    done = ask.query.get("done", "")
    values = {
        "made": made,
        "steps": steps,
        "waits": next_step(steps),
        "names": STEPS,
        "called": ask.office.look(called),
        "lines": lines,
        "accounts": accounts,
        "sum": Fen(sum(one.balance for one in accounts)),
        "component": _component(ask),
        "mine": ask.me.id in {made.by, *(row.by for row in steps)},
        "told": told or (Said(done=True, text=text("told", done, ask.lang)) if done in _TOLD else None),
    }
    return Page("finance/settlement.html.j2", values, 200 if told is None or told.done else 422)


_TOLD: Final = ("settled", "approved", "paid")


def _step(ask: Ask, step: str) -> Given:
    replied = ask.run(approve, ApproveSettlement(EvidenceId(ask.params["settlement"]), step, ask.me.id))
    return _stepped(ask, said(replied.answer, ask.lang, ask.office.zone))


def _stepped(ask: Ask, told: Said) -> Given:
    if told.done:
        last = "paid" if ask.path.endswith("/pay") else "approved"
        return See(f"/finance/s/{ask.params['settlement']}?done={last}")
    return _settlement(ask, told)


def _made(transaction: Transaction, wanted: str) -> tuple[SettlementMade, Sequence[SettlementStep]] | None:
    rows = transaction.read(SettlementMade, "id", wanted)
    if not rows:
        return None
    steps = transaction.read(SettlementStep, "settlement", wanted)
    return rows[0], sorted(steps, key=lambda row: row.at)


def _every(transaction: Transaction) -> list[SettlementMade]:
    return sorted(transaction.every(SettlementMade), key=lambda row: row.at, reverse=True)


def _payees(rows: Sequence[SettlementMade]) -> list[Payee]:
    """What the developer owes whom: the head of every chain; what is passed on stands in the settlement itself."""
    more: dict[str, int] = defaultdict(int)
    back: dict[str, int] = defaultdict(int)
    for row in rows:
        for line in lines_of(row):
            if line.payer == DEVELOPER:
                (more if line.amount > 0 else back)[line.payee] += line.amount
    return [Payee(name, Fen(more[name]), Fen(back[name])) for name in sorted({*more, *back})]


def _accounts(lines: Sequence[Posting]) -> list[Account]:
    balance: dict[str, int] = defaultdict(int)
    for line in lines:
        balance[line.payee] += line.amount
        balance[line.payer] -= line.amount
    return [Account(name, Fen(amount)) for name, amount in sorted(balance.items())]


def _hold(ask: Ask, transaction: Transaction, wanted: DealId, names: Names) -> Hold | None:
    given = last_given(transaction, wanted)
    if given is None:
        return None
    ruling = _value(given.text)
    needs = [str(need) for need in sequence(ruling.get("needs", []))]
    if not needs:
        return None
    outcome, zone = mapping(ruling["outcome"]), ask.office.zone
    why = [text("need", need, ask.lang) for need in needs]
    flags = [mapping(one) for one in sequence(ruling.get("flags", []))]
    tiers = {"hold", "review"} if "flag" in needs else {"hold"}
    why += [flag_text(one, ask.lang, zone) for one in flags if one["tier"] in tiers]
    label = outcome_text(outcome, names, ask.lang)
    room = next((row.room for row in transaction.read(e.Deal, "id", wanted)), "")
    return Hold(str(wanted), room, label, str(outcome["kind"]), tuple(why), Micros(int(str(ruling["closes_at"]))))


def _value(raw: str) -> Mapping[str, Json]:
    return mapping(loads(raw.encode()))


def _words(ask: Ask, conditions: Sequence[object]) -> str:
    joined = [text("condition", str(getattr(one, "value", one)), ask.lang) for one in conditions]
    return ask.say("、", ", ").join(joined) or "—"


def _component(ask: Ask) -> Mapping[str, str]:
    return {
        name: text("component", name, ask.lang)
        for name in ("stage1", "stage2", "bonus", "first_deal", "staff_pay", "referral", "employee")
    }


def _asked(typed: str) -> date | None:
    try:
        return date.fromisoformat(f"{typed}-01") if len(typed) == len("2026-08") else None
    except ValueError:
        return None


def _moved(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    if not 12 <= at < 12 * 9999:
        return first
    return date(at // 12, at % 12 + 1, 1)


def _safe(name: str) -> str:
    """A name that a spreadsheet takes for text."""
    return f"'{name}" if name[:1] in "=+-@\t\r" else name


def _missing() -> Page:
    return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)


WAYS = (
    get("/finance", Permission.FINANCE_SETTLEMENT_READ, month),
    post("/finance", Permission.FINANCE_SETTLEMENT_PREPARE, prepare),
    get("/finance/s/{settlement}", Permission.FINANCE_SETTLEMENT_READ, settlement),
    get("/finance/s/{settlement}/file", Permission.FINANCE_SETTLEMENT_READ, file),
    post("/finance/s/{settlement}/supervise", Permission.MANAGER_SETTLEMENT_APPROVE, supervise),
    post("/finance/s/{settlement}/approve", Permission.FINANCE_SETTLEMENT_APPROVE, check),
    post("/finance/s/{settlement}/pay", Permission.FINANCE_SETTLEMENT_PAY, release),
    get("/finance/d/{deal}", Permission.FINANCE_SETTLEMENT_READ, deal),
)
