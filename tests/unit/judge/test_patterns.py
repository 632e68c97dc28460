"""Patterns over a site: exact chances, false discoveries held, nothing kept beyond ninety days."""

from fractions import Fraction
from itertools import product
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from tests.cases.dsl import load, micros

from mingshi.domain.evidence import Deal
from mingshi.domain.judge.patterns import find_patterns, sighting
from mingshi.domain.judge.patterns.pair import discoveries, tail

shares = st.lists(st.fractions(0, 1, max_denominator=9), min_size=1, max_size=6)


def found(text, at="2026-06-10"):
    case = load(text)
    records = case.source
    seen = [sighting(case.ruling(deal.id).ruling.as_json(), records) for deal in records.all(Deal)]
    return {(one.id, one.subject): one for one in find_patterns(records, seen, micros(f"{at} 12:00"))}


@given(shares, st.integers(0, 7))
def test_the_chance_is_the_sum_over_every_way_it_can_happen(chances, least):
    exact = Fraction(0)
    for hits in product((0, 1), repeat=len(chances)):
        if sum(hits) >= least:
            way = Fraction(1)
            for hit, share in zip(hits, chances, strict=True):
                way *= share if hit else 1 - share
            exact += way
    assert tail(chances, least) == exact


def asked(*chances):
    return [
        SimpleNamespace(chance=Fraction(chance, 1000), consultant=str(index), agent="")
        for index, chance in enumerate(chances)
    ]


def test_false_discoveries_are_held_to_one_in_ten():
    # Benjamini and Hochberg: of five pairs the k-th smallest chance may be k/5 of a tenth.
    assert [one.chance for one in discoveries(asked(1, 30, 59, 81, 900))] == [Fraction(n, 1000) for n in (1, 30, 59)]
    assert discoveries(asked(21, 41, 61, 81, 101)) == []
    assert len(discoveries(asked(99, 98, 97, 96, 95))) == 5  # the largest saves the smaller
    assert discoveries([]) == []


def pair(deals, contradicted, contact=""):
    """Deals of one agent and one consultant, among a rota of seven others."""
    lines = [f"agency 甲 contact={contact}" if contact else "agency 甲", "agent 甲/李"]
    for day in range(1, deals + 1):
        date = f"2026-05-{day:02d}"
        lines += [f"{date} 08:55 report R{day} agent=甲/李 client=客{day}"]
        lines += [f"{date} 11:00 arrive V{day} client=客{day} means=otp agent=甲/李 staff=顾问-01"]
        if day <= contradicted:
            lines += [
                f"{date} 11:02 state S{day} client=客{day} origin=nobody before_staff=yes staff=-".replace(
                    " staff=-", ""
                )
            ]
        lines += [f"{date} 17:00 buy D{day} client=客{day} claimed_agent=甲/李 consultant=顾问-01"]
        lines += [
            f"{date} 12:{n:02d} arrive W{day}x{n} client=别{day}x{n} means=otp staff=顾问-0{2 + n % 7}"
            for n in range(14)
        ]
    return "\n".join(lines)


def test_six_contradicted_deals_of_one_pair_are_more_than_the_rota_explains():
    one = found(pair(6, 6))["F-PAIR", "顾问-01 / 甲/李"]
    assert (one.seen, one.of) == (6, 6)
    assert one.args["chance_ppm"] < 100


def test_four_are_too_few_to_say_anything():
    assert ("F-PAIR", "顾问-01 / 甲/李") not in found(pair(4, 4))


def test_deals_that_nothing_contradicts_do_not_count():
    assert ("F-PAIR", "顾问-01 / 甲/李") not in found(pair(12, 4))


def test_a_declared_contact_person_is_left_out():
    assert ("F-PAIR", "顾问-01 / 甲/李") not in found(pair(6, 6, contact="顾问-01"))


def test_after_ninety_days_it_is_gone():
    text = pair(6, 6)
    assert ("F-PAIR", "顾问-01 / 甲/李") in found(text, at="2026-07-30")
    assert ("F-PAIR", "顾问-01 / 甲/李") not in found(text, at="2026-09-01")


def test_a_consultant_who_receives_everybody_is_nobodys_pair():
    text = pair(6, 6)
    for n in range(2, 9):
        text = text.replace(f"顾问-0{n}", "顾问-01")
    assert ("F-PAIR", "顾问-01 / 甲/李") not in found(text)


def test_a_burst_of_clients_who_come_once_and_the_same_number_over_a_week():
    burst = "\n".join(f"2026-05-03 10:{n:02d} arrive V{n} client=雇{n} means=otp agent=甲/李" for n in range(0, 60, 10))
    week = "\n".join(f"2026-05-{n + 3:02d} 10:00 arrive V{n} client=雇{n} means=otp agent=甲/李" for n in range(6))
    deal = "\n2026-05-20 15:00 buy D1 client=王"
    assert ("F-CROWD", "agent 甲/李") in found(burst + deal)
    assert ("F-CROWD", "agent 甲/李") not in found(week + deal)


def test_a_device_of_the_visitors_and_one_of_the_offices():
    rows = "\n".join(
        f"2026-05-{n + 3:02d} 10:00 arrive V{n} client=雇{n} means={{means}} agent=甲/李 device=机" for n in range(3)
    )
    deal = "\n2026-05-20 15:00 buy D1 client=王"
    assert ("F-CROWD", "device 机") in found(rows.format(means="otp") + deal)
    assert ("F-CROWD", "device 机") not in found(rows.format(means="reception") + deal)


def test_half_a_shift_that_nobody_checked_in():
    def shift(adults):
        return (
            "2026-05-03 10:00 arrive V1 client=王 party_adults=2\n"
            + "\n".join(f"2026-05-03 11:{n:02d} arrive W{n} client=客{n} party_adults=2" for n in range(10))
            + f"\ncount CT1 since=2026-05-03_09:00 until=2026-05-03_18:00 adults={adults}"
            + "\n2026-05-20 15:00 buy D1 client=王"
        )

    one = found(shift(40))["F-COVER", "CT1"]
    assert (one.seen, one.of) == (22, 40)
    assert ("F-COVER", "CT1") not in found(shift(36))
    assert ("F-COVER", "CT1") not in found(shift(19))


def test_receipts_out_of_one_drawer():
    lines = []
    for n in (1, 2):
        lines += [
            f"2026-05-01 10:00 receipt H{n} client=客{n} bound_to=bearer staff=前台-01 presented_at=2026-05-20_14:00",
            f"2026-05-03 09:00 report R{n} agent=甲/李 client=客{n}",
            f"2026-05-20 15:00 buy D{n} client=客{n}",
        ]
    one = found("\n".join(lines))["F-DRAWER", "前台-01"]
    assert (one.seen, one.of) == (2, 2)
    assert ("F-DRAWER", "前台-01") not in found("\n".join(lines[:3]))


def test_erasure_is_a_number_of_the_site_with_no_name_in_it():
    facts = """2026-05-02 09:00 withdraw Z1 kind=erasure evidence=V0 commitment=c0ffee
    2026-05-03 09:00 report R1 agent=甲/李 client=王
    2026-05-03 11:00 arrive V1 client=王 means=otp agent=甲/李
    2026-05-03 11:02 state S1 client=王 origin=agent agent=甲/李 earlier_erased=yes
    2026-05-20 15:00 buy D1 client=王 claimed_agent=甲/李"""
    one = found(facts)["F-ERASE", ""]
    assert (one.seen, one.of, one.evidence) == (1, 1, ())
    assert load(facts).ruling().flags == []
