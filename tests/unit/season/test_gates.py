"""The gates fail where they should: judged seasons are spoilt, and the table says so."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from mingshi.season import figures
from mingshi.season.gates import MEASURED, gates, run
from mingshi.season.rates import fingerprint
from mingshi.season.tally import Stood, Tally, Tier

SEED = 1002
WORLDS = [name for name in MEASURED if name != "refusers-parity"]


@pytest.fixture(scope="module")
def runs():
    return {name: [run((name, SEED))] for name in WORLDS}


def failed(runs):
    return {(gate.what, gate.preset) for gate in gates(runs) if not gate.passed}


def spoilt(runs, name, change):
    (one,) = runs[name]
    return {**runs, name: [one._replace(tally=change(one.tally))]}


def test_one_season_of_each_world_passes(runs):
    assert failed(runs) == set()


def test_one_wrong_ruling_of_a_clean_world_is_too_many(runs):
    wrong = spoilt(runs, "clean", lambda tally: tally._replace(decided_right=tally.decided_right - 1))
    assert failed(wrong) == {("attribution accuracy", "clean")}


@pytest.mark.parametrize("name", ["zero-face", "open-office", "best-response"])
@pytest.mark.parametrize("tier", [Tier.HOLD, Tier.REFUSED])
def test_a_twentieth_of_the_honest_held_or_refused_is_too_much(runs, name, tier):
    def hold(tally: Tally) -> Tally:
        honest = [row.deal for row in tally.rows if row.stood is Stood.HONEST]
        taken = set(honest[: len(honest) // 20 + 1])
        return tally._replace(rows=[row._replace(tier=tier) if row.deal in taken else row for row in tally.rows])

    assert failed(spoilt(runs, name, hold)) == {("hold tier", name)}


def test_flags_against_a_site_that_did_nothing_are_too_many(runs):
    wrong = spoilt(runs, "site-steals", lambda tally: tally._replace(accused=tally.accused + 5))
    assert failed(wrong) == {("the site steals", "site-steals")}


def test_intervals_that_meet_tell_nothing_apart(runs):
    (one,) = runs["megvii-T3"]
    (other,) = runs["megvii-T1"]
    wide = {**runs, "megvii-T3": [one._replace(high_fen=other.low_fen)]}
    assert failed(wide) == {("same headline, three truths", "megvii-T1/T2/T3")}


def test_another_headline_is_another_case(runs):
    wrong = spoilt(runs, "megvii-T2", lambda tally: tally._replace(deals=tally.deals + 1))
    assert failed(wrong) == {("same headline, three truths", "megvii-T1/T2/T3")}


def test_a_parity_of_few_claims_shows_nothing():
    few = {"refusers-parity": [run(("zero-face", SEED))]}
    assert failed(few) == {("face users against refusers", "refusers-parity")}


def test_a_table_is_written_between_its_marks_and_nowhere_else():
    page = "before\n<!-- figures: one -->\nold\n<!-- end -->\nafter <!-- figures: two --><!-- end -->\n"
    put = figures.put(page, "one", "new")
    assert put == "before\n<!-- figures: one -->\nnew\n<!-- end -->\nafter <!-- figures: two --><!-- end -->\n"
    with pytest.raises(KeyError):
        figures.put(page, "three", "new")


def test_every_table_of_the_documentation_can_be_made():
    for preset, ask, make in figures.COMPARED.values():
        if ask is not figures.games:
            small = replace(figures.PRESETS[preset].scaled(0.3), name=preset)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(figures, "PRESETS", {preset: small})
                table = make([ask((preset, SEED))]).splitlines()
        assert len(table) >= 3
        assert len({line.count("|") for line in table}) == 1


@pytest.mark.parametrize("name", ["gates.md", "evidence.md"])
def test_what_the_pages_quote_is_what_their_tables_say(name):
    page = (Path(__file__).parents[3] / "docs" / name).read_text(encoding="utf-8")
    tables = re.findall(r"<!-- figures: .*? -->\n(.*?)<!-- end -->", page, re.DOTALL)
    assert len(tables) == page.count("<!-- figures:")
    assert all(fingerprint()[:12] in each for each in tables)
    assert figures.quote(page) == page


def test_a_quoted_figure_follows_its_table():
    table = figures.table(("", "a", "b"), [["row", "1", "2.5%"]])
    page = f"<!-- = one | row | b -->9.1, of ten\n<!-- figures: one -->\n{table}\n<!-- end -->"
    assert figures.quote(page).startswith("<!-- = one | row | b -->2.5%, of ten")
    with pytest.raises(KeyError):
        figures.quote(page.replace("| row | b", "| row | c"))
