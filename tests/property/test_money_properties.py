"""INV-10: parts sum to the whole at every level, a full refund nets to zero, the order within a day is nothing."""

import os
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.domain import evidence as e
from mingshi.domain.commission.account import Component, DealMoney, Ruled
from mingshi.domain.commission.due import Book, due
from mingshi.domain.commission.journal import entries
from mingshi.domain.commission.terms import Count, Sold
from mingshi.domain.evidence import CancelKind, PaymentKind, TermKind, TierScope
from mingshi.domain.judge.outcome import NATURAL, Kind, Outcome, Part
from mingshi.domain.policy import CLASSIC
from mingshi.kernel.fen import MILLION, Fen, share, split, yuan_text
from mingshi.kernel.timeline import DAY, Micros, Zone

ZONE = Zone()
EXAMPLES = int(os.environ.get("MINGSHI_EXAMPLES", "150"))
START = ZONE.start(date(2026, 5, 1))
AGENCIES = ("甲", "乙")

shares = (
    st.lists(st.integers(0, 100), min_size=1, max_size=5)
    .filter(any)
    .map(lambda weights: [*(w * MILLION // sum(weights) for w in weights[:-1])])
    .map(lambda parts: [*parts, MILLION - sum(parts)])
)


def at(day: int, second: int = 0) -> Micros:
    return Micros(START + day * DAY + second * 1_000_000)


amounts = st.integers(1, 10**10).map(Fen)
days = st.integers(0, 60)


@st.composite
def books(draw: st.DrawFn) -> Book:
    terms = []
    for agency in AGENCIES:
        scope = draw(st.sampled_from(TierScope))
        cut = draw(st.integers(1, 4))
        kind = draw(st.sampled_from([TermKind.FIXED, TermKind.PERCENT]))
        for name, low, high in (("1", None, cut), ("2", cut + 1, None)):
            fixed = draw(amounts) if kind is TermKind.FIXED else None
            rate = draw(st.integers(1, 50_000)) if kind is TermKind.PERCENT else None
            terms.append(e.Term(f"{agency}{name}", agency, kind, Micros(0), None, fixed, rate, low, high, scope))
        terms.append(
            e.Term(f"{agency}b", agency, TermKind.BONUS, Micros(0), None, draw(amounts), None, None, None, None)
        )
    platform = draw(st.sampled_from(["", "贝"]))
    agreements = tuple(
        e.Agreement(
            f"W{agency}",
            agency,
            Micros(0),
            None,
            "",
            None,
            False,
            platform,
            draw(st.integers(0, MILLION)),
            draw(st.integers(0, MILLION)),
        )
        for agency in AGENCIES
    )
    sold = [Sold(f"D{i}", date(2026, 5, 1) + timedelta(draw(days)), None) for i in range(1, 6)]
    sold.append(Sold("D0", date(2026, 5, 1), None))
    return Book(terms=tuple(terms), agreements=agreements, counts={agency: Count(sold) for agency in AGENCIES})


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    whole = Outcome(Kind.CHANNEL, agent="甲/李", agency="甲", registration="R1")
    other = Outcome(Kind.CHANNEL, agent="乙/周", agency="乙", registration="R2")
    part = draw(st.integers(0, 100))
    if part in (0, 100):
        return whole if part else NATURAL
    rest = draw(st.sampled_from([other, NATURAL]))
    return Outcome(Kind.SPLIT, parts=(Part(whole, part * 10_000), Part(rest, (100 - part) * 10_000)))


@st.composite
def histories(draw: st.DrawFn) -> DealMoney:
    """A deal with payments, invoices, a contract, perhaps a reversed ruling; nothing undone yet."""
    deal = e.Deal(
        "D0", "101", ("16000000001",), None, None, at(0), draw(st.none() | days.map(at)), None,
        draw(st.none() | st.integers(10**6, 10**11).map(Fen)), "顾问-01", "", "", draw(st.none() | days.map(at)), None, None,
    )  # fmt: skip
    payments = [
        e.Payment(
            f"M{i}",
            "D0",
            at(draw(days), draw(st.integers(0, 80_000))),
            draw(amounts),
            draw(st.sampled_from(PaymentKind)),
            None,
        )
        for i in range(draw(st.integers(0, 4)))
    ]
    invoices = [
        e.Invoice(f"B{i}", str(i), draw(st.sampled_from([*AGENCIES, "贝"])), "D0", at(draw(days)), draw(amounts), True)
        for i in range(draw(st.integers(0, 3)))
    ]
    first = draw(outcomes())
    rulings = [Ruled(at(0), first, "C2", "a" * 64, at(draw(days)))]
    if draw(st.booleans()):
        rulings.append(Ruled(at(draw(st.integers(1, 60))), draw(outcomes()), "H", "b" * 64, at(0)))
    kept = draw(st.sets(st.sampled_from(["payments", "invoices", "statements"])))
    policy = replace(
        CLASSIC, stage1_percent=draw(st.integers(0, 100)), staff_pay_natural_yuan=1500, staff_pay_channel_yuan=500
    )
    return DealMoney(
        deal=deal, rulings=tuple(rulings), policy=policy, payments=tuple(payments), invoices=tuple(invoices),
        statements=(at(1),), kept=frozenset(kept),
    )  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(-(10**13), 10**13), shares)
def test_parts_of_any_amount_sum_to_it(whole, parts):
    given_ = split(Fen(whole), parts)
    assert sum(given_) == whole
    assert all(abs(part - share(Fen(whole), ppm)) <= len(parts) for part, ppm in zip(given_, parts, strict=True))


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), books())
def test_entries_up_to_any_day_sum_to_what_is_due_on_it(money, book):
    journal = list(entries(money, book, ZONE))
    for day in {entry.day for entry in journal}:
        so_far = sum(entry.amount for entry in journal if entry.day <= day)
        assert so_far == sum(transfer.amount for transfer in due(money, book, day, ZONE.end(day)).transfers)


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), books())
def test_every_link_passes_on_no_more_than_it_got(money, book):
    day = ZONE.day(at(61))
    sums: dict[str, int] = {}
    for transfer in due(money, book, day, ZONE.end(day)).transfers:
        sums[transfer.payer] = sums.get(transfer.payer, 0) - transfer.amount
        sums[transfer.payee] = sums.get(transfer.payee, 0) + transfer.amount
    assert sum(sums.values()) == 0
    assert all(amount >= 0 for account, amount in sums.items() if account != "developer")


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), books(), st.sampled_from([CancelKind.SUBSCRIPTION, CancelKind.CONTRACT, CancelKind.SWAP]))
def test_a_full_refund_nets_to_zero_for_every_payee_after_any_history(money, book, kind):
    cancelled = e.Cancellation("T1", "D0", at(61), kind, None, False, "", None)
    undone = replace(money, cancellations=(cancelled,))
    sums: dict[tuple[str, Component], int] = {}
    for entry in entries(undone, book, ZONE):
        key = (entry.payee, entry.component)
        sums[key] = sums.get(key, 0) + entry.amount
        assert entry.payee not in ("buyer", "16000000001")
    assert not any(sums.values())


@settings(max_examples=EXAMPLES, deadline=None)
@given(histories(), books(), st.randoms(use_true_random=False))
def test_the_order_of_events_within_a_day_changes_nothing(money, book, random):
    def shuffled(rows: tuple) -> tuple:
        rows = list(rows)
        random.shuffle(rows)
        return tuple(
            row._replace(at=Micros(START + (row.at - START) // DAY * DAY + random.randrange(DAY))) for row in rows
        )

    again = replace(money, payments=shuffled(money.payments), invoices=shuffled(money.invoices))
    assert [entry[:6] for entry in entries(money, book, ZONE)] == [entry[:6] for entry in entries(again, book, ZONE)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 60)), min_size=1, max_size=12),
    st.integers(0, 11),
)
def test_a_cancellation_never_moves_a_deal_that_came_before_it(deals, chosen):
    """D9: tiers are recounted forward only."""
    day0 = date(2026, 5, 1)
    sold = [
        Sold(f"D{i}", day0 + timedelta(day), None if gone is None else day0 + timedelta(max(day, gone)))
        for i, (day, gone) in enumerate(deals)
    ]
    chosen %= len(sold)
    cancelled_on = sold[chosen].day + timedelta(5)
    kept = replace_cancel(sold, chosen, None)
    gone_ = replace_cancel(sold, chosen, cancelled_on)
    before, after = Count(kept), Count(gone_)
    for one in sold:
        if one.day < cancelled_on:
            assert before.place(one.deal, one.day).own == after.place(one.deal, one.day).own
        else:
            assert after.place(one.deal, one.day).own <= before.place(one.deal, one.day).own


def replace_cancel(sold: list[Sold], index: int, day: date | None) -> list[Sold]:
    return [one._replace(cancelled=day) if i == index else one for i, one in enumerate(sold)]


@given(st.integers(-(10**14), 10**14))
def test_yuan_is_written_to_the_fen(amount):
    whole, _, decimals = yuan_text(Fen(amount)).replace(",", "").partition(".")
    sign = -1 if whole.startswith("-") else 1
    assert sign * (abs(int(whole)) * 100 + int(decimals)) == amount
