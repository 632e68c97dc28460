"""The auditor finds from the truth what the generator meant, and what the judge finds from evidence."""

import pytest

from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import decide
from mingshi.season.auditor import audit, origin_of
from mingshi.season.days import ZONE
from mingshi.season.generate import make_season
from mingshi.season.presets import PRESETS
from mingshi.season.truth import Led, Mechanism

SEEDS = (31, 32)
WORLDS = [name for name in PRESETS if name not in ("refusers-parity", "hengshui-load")]


@pytest.mark.parametrize("name", WORLDS)
def test_the_labels_found_are_the_labels_meant(name):
    made = make_season(PRESETS[name].scaled(0.5), SEEDS[0])
    found = audit(made.truth, made.policies, ZONE)
    meant = {trick.deal: trick.mechanism for trick in made.truth.tricks if not trick.mechanism.value.startswith("SX")}
    assert {deal for deal, one in found.items() if one.fraud} == set(meant)
    assert all(mechanism in found[deal].mechanisms for deal, mechanism in meant.items())


@pytest.mark.parametrize("name", WORLDS)
def test_who_led_them_here_is_who_the_story_says(name):
    made = make_season(PRESETS[name].scaled(0.5), SEEDS[0])
    approaches = {}
    for one in made.truth.approaches:
        approaches.setdefault(one.unit, []).append(one)
    for unit in made.truth.units:
        assert origin_of(approaches[unit.id]) == (unit.origin, unit.party)


@pytest.mark.parametrize("name", ["clean", "honest"])
@pytest.mark.parametrize("seed", SEEDS)
def test_two_readings_of_the_rules_agree_where_the_evidence_decides(name, seed):
    made = make_season(PRESETS[name], seed)
    records = made.records
    for deal, one in audit(made.truth, made.policies, ZONE).items():
        if one.decidable:
            outcome = decide(gather(deal, records)).outcome
            assert (outcome.kind.value, outcome.agent or outcome.party) == one.due[:2], deal


def test_an_honest_agent_out_of_the_rules_is_due_nothing_and_is_no_thief():
    made = make_season(PRESETS["honest"], SEEDS[0])
    found = audit(made.truth, made.policies, ZONE)
    out = [one for one in found.values() if one.origin is Led.AGENT and one.due.kind != "CHANNEL"]
    assert out
    assert not any(one.fraud for one in out)


def test_a_deal_held_back_is_judged_as_if_it_had_not_been():
    stolen = []
    for seed in SEEDS:
        made = make_season(PRESETS["site-steals"], seed)
        found = audit(made.truth, made.policies, ZONE)
        stolen += [found[one.deal].stolen for one in made.truth.tricks if one.mechanism is Mechanism.LATE]
    assert sum(stolen) > len(stolen) / 2 > 0
