"""Two policies on the same facts, reckoned by hand."""

from pathlib import Path

import pytest
from tests.cases.dsl import load

from mingshi.app.clauses import KINDS
from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.app.policy_diff import PolicyDiff, diff, diff_json
from mingshi.app.worth import Side
from mingshi.domain.policy import CLASSIC, OPEN, PARAMETERS, Policy, policy_of, single
from mingshi.files.judging import records_of
from mingshi.files.read_case import read_case
from mingshi.kernel.canonical import dumps
from mingshi.present.policy_words import clause_text, learnt, moved_by_text, rests_text
from mingshi.present.texts import Lang, catalogue

OFFICE = Path(__file__).parents[3] / "examples" / "office"


def policy(base: Policy = CLASSIC, **values: object) -> Policy:
    made = policy_of("ours", base, values)
    assert isinstance(made, Policy), made
    return made


def compared(facts: str, new: Policy, old: Policy = CLASSIC) -> PolicyDiff:
    return diff(old, new, load(facts).source)


def yuan(found: PolicyDiff, side: Side = Side.AGENCIES, reading: int = -1) -> tuple[int, int]:
    """What a side has before and after."""
    lines = {line.name: line for line in found.readings[reading].sides}
    return (lines[side].before // 100, lines[side].after // 100) if side in lines else (0, 0)


LATE = """term T1 agency=甲 kind=fixed amount_fen=4000000 since=2026-01-01
    2026-05-03 10:10 report R1 agent=甲/李 client=王
    2026-05-03 10:35 arrive V1 client=王 means=qr registration=R1
    2026-05-20 15:00 buy    D1 client=王"""
"""算: 25 minutes lie between; 30 are asked, then 20. The agency's flat commission is 40,000 yuan."""


def test_a_shorter_lead_gives_a_deal_to_the_agency_and_the_developer_pays():
    found = compared(LATE, policy(lead_min=20))
    (reading,) = found.readings
    (flip,) = reading.flips
    assert reading.kinds == {("NATURAL", "CHANNEL"): 1}
    assert yuan(found) == (0, 40_000)
    assert yuan(found, Side.DEVELOPER) == (0, -40_000)
    assert flip.moved == 4_000_000
    assert [one.parameter for one in flip.moved_by] == ["lead_min"]
    (why,) = flip.whys
    assert why.before is not None
    assert (why.before["rule"], why.before["code"], why.after) == ("B1", "3", None)
    (line,) = reading.agencies
    assert (line.name, line.won, line.lost) == ("甲", 1, 0)


def test_two_clauses_may_be_needed_together():
    facts = LATE.replace("2026-05-20", "2026-06-07")  # 算: visited 3 May; 30 days end 2 June, 60 days 2 July
    found = compared(facts, policy(lead_min=20, visit_protect_days=60))
    (flip,) = found.readings[0].flips
    assert [one.parameter for one in flip.moved_by] == ["lead_min", "visit_protect_days"]
    assert flip.together
    assert [effect.flips for effect in found.effects] == [0, 0]
    assert moved_by_text(flip, Lang.EN).startswith("only together: ")


def test_either_of_two_clauses_may_do_it_alone():
    found = compared(LATE, policy(lead_min=60, visit_protect_days=10, natural_protect_days=10), policy(lead_min=20))
    (flip,) = found.readings[0].flips  # 算: 25 < 60 minutes; 13 May is before 20 May
    assert [one.parameter for one in flip.moved_by] == ["lead_min", "visit_protect_days"]
    assert not flip.together


def test_a_tier_moves_the_yuan_of_a_deal_whose_ruling_stands():
    facts = """term T1 agency=甲 kind=fixed amount_fen=1000000 since=2026-01-01 from_unit=1 to_unit=1
        term T2 agency=甲 kind=fixed amount_fen=2000000 since=2026-01-01 from_unit=2
        2026-05-03 10:10 report R1 agent=甲/李 client=王
        2026-05-03 10:35 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=王
        2026-05-04 09:00 report R2 agent=甲/李 client=赵
        2026-05-04 10:00 arrive V2 client=赵 means=qr registration=R2
        2026-05-21 15:00 buy    D2 client=赵"""
    found = compared(facts, CLASSIC, policy(lead_min=20))
    flips = {flip.deal: flip for flip in found.readings[0].flips}
    # 算: before 10,000 + 20,000; without D1 the second deal is the first, at 10,000.
    assert yuan(found) == (30_000, 10_000)
    assert flips["D1"].outcome
    assert not flips["D2"].outcome
    assert flips["D2"].moved == 1_000_000
    assert "跳点" in moved_by_text(flips["D2"], Lang.ZH)


def test_money_through_a_platform_is_its_agency_s():
    facts = (
        "agency 甲 since=2026-01-01 platform=贝平台 platform_fee_ppm=100000\n" + LATE
    )  # 算: the developer pays the platform 40,000 for 甲
    found = compared(facts, policy(lead_min=20))
    assert [(line.name, line.after) for line in found.readings[0].agencies] == [("甲", 4_000_000)]


def test_a_deal_before_a_person_is_nobody_s_and_its_proposal_is_told():
    facts = """term T1 agency=甲 kind=fixed amount_fen=4000000 since=2026-01-01
        2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 09:20 follow F1 registration=R1 by=甲/李 kind=contact
        2026-05-03 10:00 arrive V1 client=王
        2026-05-03 10:00 escort K1 agent=甲/李 client=王 means=paper buyer_named=no
        2026-05-20 15:00 buy    D1 client=王
        2026-05-20 16:00 state  S2 client=赵 origin=nobody
        2026-05-20 16:00 buy    D2 client=赵"""
    found = compared(facts, policy(escort_by_client=True))
    (written,) = found.readings  # one of two buyers was asked: the case tries the clause
    assert written.kinds == {("CHANNEL", "REVIEW"): 1}
    assert yuan(found) == (40_000, 0)
    assert written.waits == (0, 1)
    assert written.pending == (0, 800_000)  # 算: D7, reported and in contact: 20 % of 40,000
    unasked = compared("\n".join(facts.splitlines()[:-2]), policy(escort_by_client=True))
    assert [(one.name, one.flipped) for one in unasked.readings] == [("tried", 0), ("written", 1)]


def test_a_clause_without_its_records_is_told_apart():
    facts = """term T1 agency=甲 kind=fixed amount_fen=4000000 since=2026-01-01
        2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=王"""
    found = compared(facts, policy(masked="until_confirmed"))
    tried, written = found.readings
    assert (tried.name, tried.flips) == ("tried", ())
    assert written.kinds == {("CHANNEL", "NATURAL"): 1}
    assert [one.parameter for one in found.untried] == ["masked"]
    assert rests_text(found.untried[0], Lang.EN) == "not tried: the case holds no confirmations by clients"
    assert any("not a forecast" in line for line in learnt(found, Lang.EN))


def test_half_of_the_records_is_enough_and_fewer_are_not():
    facts = """2026-05-03 09:00 report R1 agent=甲/李 client=王
        2026-05-03 09:00 report R2 agent=甲/李 client=赵
        2026-05-03 09:00 report R3 agent=甲/李 client=钱
        2026-05-03 09:05 confirm N1 registration=R1 client=王
        2026-05-03 10:00 arrive V1 client=王 means=qr registration=R1
        2026-05-20 15:00 buy    D1 client=王"""
    (clause,) = compared(facts, policy(masked="until_confirmed")).clauses
    assert clause.rests_on is not None
    assert (clause.rests_on.held, clause.rests_on.of, clause.tried) == (1, 3, False)
    fewer = "\n".join(line for line in facts.splitlines() if "R3" not in line)
    (clause,) = compared(fewer, policy(masked="until_confirmed")).clauses
    assert clause.tried


@pytest.fixture(scope="module")
def office():
    return records_of(read_case(OFFICE))


@pytest.fixture(scope="module")
def there(office) -> PolicyDiff:
    return diff(CLASSIC, OPEN, office)


def test_backwards_it_is_the_mirror_image(office, there):
    back = diff(OPEN, CLASSIC, office)
    assert [one.name for one in back.readings] == [one.name for one in there.readings]
    for ahead, behind in zip(there.readings, back.readings, strict=True):
        assert {(new, old): count for (old, new), count in ahead.kinds.items()} == behind.kinds
        assert {line.name: -line.moved for line in ahead.sides} == {line.name: line.moved for line in behind.sides}
        moved = {line.name: (-line.moved, line.lost, line.won) for line in ahead.agencies}
        assert moved == {line.name: (line.moved, line.won, line.lost) for line in behind.agencies}


def test_the_sides_sum_to_nothing_and_the_agencies_to_their_side(there):
    for reading in there.readings:
        assert sum(line.before for line in reading.sides) == sum(line.after for line in reading.sides) == 0
        side = next(line for line in reading.sides if line.name == Side.AGENCIES)
        assert sum(line.moved for line in reading.agencies) == side.moved
    for effect in there.effects:
        assert sum(effect.sides.values()) == 0


def test_the_rulings_are_those_of_the_judge(office, there):
    """What is counted is what `mingshi judge --policy` gives, deal by deal."""
    old, new = (
        {one.deal: one.outcome for one in judge_case(records, deals_in_order(records))}
        for records in (office.under(single(CLASSIC)), office.under(single(OPEN)))
    )
    written = there.readings[-1]
    assert {flip.deal for flip in written.flips if flip.outcome} == {deal for deal in old if old[deal] != new[deal]}


def test_the_json_is_canonical_and_whole(there):
    value = diff_json(there)
    assert dumps(value)
    assert {one["parameter"] for one in value["clauses"]} == {clause.parameter for clause in there.clauses}


@pytest.mark.parametrize("lang", Lang)
def test_every_parameter_says_what_it_means_at_its_values(lang):
    for shipped in (CLASSIC, OPEN):
        for name in PARAMETERS:
            assert clause_text(name, shipped.parameters[name], lang)
    for name, spec in PARAMETERS.items():
        if spec.nullable:
            assert clause_text(name, None, lang)
        if spec.high:
            assert f"{spec.high:,}" in clause_text(name, spec.high, lang)


def test_every_kind_of_record_and_every_difference_of_the_shipped_policies_has_words():
    assert set(catalogue()["rests_on"]) == KINDS
    differing = {name for name in PARAMETERS if CLASSIC.parameters[name] != OPEN.parameters[name]}
    assert differing <= set(catalogue()["clause_why"]) <= set(PARAMETERS)
