"""What a season is made of: nobody real, no leak of the truth, and the headline of the news to the yuan."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from mingshi.domain import evidence as e
from mingshi.domain.ids import visible
from mingshi.kernel.timeline import MINUTE, natural_days_after
from mingshi.season.auditor import audit
from mingshi.season.days import FIRST_DAY, ZONE
from mingshi.season.generate import make_season
from mingshi.season.presets import PRESETS
from mingshi.season.truth import Mechanism

SEED = 21
PHONE = re.compile(r"160(\d{8}|\*{4}\d{4})")


@pytest.fixture(scope="module")
def season():
    return make_season(PRESETS["zero-face"], SEED)


@pytest.mark.parametrize("name", ["megvii-T1", "megvii-T2", "megvii-T3"])
@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_three_truths_have_one_headline_to_the_yuan(name, seed):
    made = make_season(PRESETS[name], seed)
    claimed = [sale for sale in made.truth.sales if sale.claimed_agent]
    assert (len(made.truth.sales), len(claimed)) == (117, 104)
    assert sum(sale.commission_fen for sale in claimed) == 4_160_000_00
    findings = audit(made.truth, made.policies, ZONE)
    frauds = sum(findings[sale.deal].fraud for sale in claimed)
    assert frauds == {"megvii-T1": 50, "megvii-T2": 25, "megvii-T3": 0}[name]
    assert sum(not sale.claimed_agent for sale in made.truth.sales) == 13


def test_three_truths_differ_only_in_whom_they_are_about():
    first, third = (make_season(PRESETS[name], SEED).truth for name in ("megvii-T1", "megvii-T3"))
    untouched = {unit.id for unit in first.units} - {trick.deal[2:] for trick in first.tricks}
    assert [u for u in first.units if u.id in untouched] == [u for u in third.units if u.id in untouched]


def test_nobody_is_real(season):
    for rows in season.rows.values():
        for row in rows:
            for field, value in zip(row._fields, row, strict=True):
                if field in ("phone", "phone_a", "phone_b") and value:
                    assert PHONE.fullmatch(value), (field, value)
                if field in ("name", "client") and value:
                    assert value.endswith("测试")


def test_no_two_people_share_a_number_unless_the_season_says_so(season):
    numbers = Counter(phone for unit in season.truth.units for person in unit.people for phone in person.phones)
    assert max(numbers.values()) == 1


def test_visible_digits_are_shared_as_rarely_as_the_table_says(season):
    shown = Counter(visible(unit.people[0].phones[0]) for unit in season.truth.units)
    shared = sum(count - 1 for count in shown.values())
    assert shared <= 0.02 * len(season.truth.units)


def test_the_case_says_nothing_of_the_truth(season):
    # A stolen deal looks like any other: same book, same source, an escorted visit, a signed contract.
    by_id = {row.id: row for row in season.rows[e.Deal]}
    stolen = {trick.deal for trick in season.truth.tricks}
    assert {by_id[deal].recorded_source for deal in stolen} == {"分销中介"}


def test_what_is_not_recorded_is_in_the_truth_all_the_same(season):
    unrecorded = [visit for visit in season.truth.visits if not visit.records]
    hidden = [trick for trick in season.truth.tricks if trick.mechanism is Mechanism.CK]
    assert len(unrecorded) > len(hidden) > 0
    recorded = {record for visit in season.truth.visits for record in visit.records}
    assert {row.id for row in season.rows[e.Arrival]} <= recorded


def test_rows_stand_in_the_order_in_which_the_office_had_them(season):
    for kind in (e.Arrival, e.Registration, e.Statement):
        sealed = [row.sealed_at for row in season.rows[kind]]
        assert sealed == sorted(sealed)


def test_people_come_when_the_office_is_open(season):
    for visit in season.truth.visits:
        local = ZONE.local(visit.at)
        assert 9 <= local.hour < 19, local


def test_the_weekend_is_busier(season):
    days = Counter(ZONE.day(visit.at).weekday() >= 5 for visit in season.truth.visits)
    weekend = sum((FIRST_DAY + timedelta(days=number)).weekday() >= 5 for number in range(30))
    assert days[True] / weekend > days[False] / (30 - weekend) * 0.9


def test_the_stories_are_what_their_names_say():
    made = make_season(PRESETS["zero-face"], SEED)
    visits, registrations = {}, {}
    for visit in made.truth.visits:
        visits.setdefault(visit.unit, []).append(visit)
    for row in made.truth.registrations:
        registrations.setdefault((row.unit, row.agent), row)
    for trick in made.truth.tricks:
        unit = trick.deal[2:]
        filed, came = registrations[unit, trick.agent], visits[unit]
        claimed = next(visit for visit in came if visit.agent == trick.agent)
        gap = claimed.at - filed.at
        if (trick.mechanism, trick.variant) == (Mechanism.JK, "fast"):
            assert gap < 30 * MINUTE
        elif (trick.mechanism, trick.variant) == (Mechanism.JK, "wait"):
            assert 30 * MINUTE <= gap <= 60 * MINUTE
        elif trick.mechanism is Mechanism.CK:
            assert not came[0].records
            assert came[0].at < filed.at
        elif trick.mechanism is Mechanism.HH:
            assert filed.knew_of == came[0].phone != filed.phone
        elif trick.variant == "lapse":
            assert natural_days_after(came[0].at, 30, ZONE) < filed.at
        if trick.mechanism is not Mechanism.JK:
            assert gap >= 30 * MINUTE


def test_one_rate_changed_reshuffles_nothing_else():
    base = PRESETS["zero-face"]
    more = replace(base, rates=replace(base.rates, receipt_kept=0.9))
    one, other = make_season(base, SEED), make_season(more, SEED)
    assert one.truth.visits != other.truth.visits  # what was shown is part of a true visit
    for kind in (e.Arrival, e.Registration, e.Statement, e.Deal, e.Lookup, e.Edit, e.Call, e.Lead):
        assert one.rows[kind] == other.rows[kind]
    assert {row.id for row in one.rows[e.Receipt]} < {row.id for row in other.rows[e.Receipt]}


def test_the_launch_day_has_its_queue():
    made = make_season(PRESETS["launch-day"], SEED)
    opening = min(visit.at for visit in made.truth.visits if visit.unit.startswith("J"))
    queue = [visit for visit in made.truth.visits if visit.unit.startswith("J") and visit.at < opening + 90 * MINUTE]
    assert len(queue) == 400


def test_no_deal_is_made_before_the_first_day_of_sale():
    made = make_season(PRESETS["presale"], SEED)
    assert min(sale.subscribed_at for sale in made.truth.sales) >= made.rows[e.CalendarEntry][0].until


def test_a_load_season_is_as_large_as_the_case_in_the_news():
    preset = PRESETS["hengshui-load"]
    made = make_season(preset.scaled(0.02), SEED)
    assert len(made.rows[e.Arrival]) >= 0.02 * preset.arrivals * 0.95
