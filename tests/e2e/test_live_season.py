"""A season lived through the real use cases into a real record: generator, judge and record meet."""

import json
import os
from collections import Counter

import pytest
from click.testing import CliRunner
from site_folder import Clock, as_office, make, opened

from mingshi.app.facts import SettlementMade
from mingshi.app.rule_deal import last_given
from mingshi.app.settle import posted
from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.domain.judge.engine import rule_deal
from mingshi.domain.judge.records import Records
from mingshi.kernel.timeline import DAY
from mingshi.season.generate import make_season
from mingshi.season.live import live
from mingshi.season.presets import PRESETS
from mingshi.site.records import Exported, export
from mingshi.store import fsck


def lived(path, name, scale, seed=3):
    season = make_season(PRESETS[name].scaled(scale), seed)
    first = min(at for row in season.rows[e.Arrival] if isinstance(at := row.at, int))
    begin = first - 60 * DAY
    make(path, os.urandom, now=begin, policy=season.policies.versions[0].policy)
    with opened(path, Clock(begin)) as site:
        done = live(
            season, lambda use_case, command, now: site.store.run(use_case, command, now=now).answer, begin + DAY
        )
    return season, done


def check(path, season, done, tmp_path):
    """The record is sound, its export judges to its rulings, its money adds up; how many outcomes are the file's."""
    with opened(path, Clock(done.end)) as site:
        assert list(fsck.check(site.store, done.end)) == []
        given = site.store.look(
            lambda transaction: {
                deal.id: json.loads(last_given(transaction, deal.id).text)["outcome"]["kind"]
                for deal in transaction.every(e.Deal)
            },
            now=done.end,
        )
        sums = site.store.look(posted, now=done.end)
        owed = Counter()
        for (_, payer, payee, _), amount in sums.items():
            owed[payer] -= amount
            owed[payee] += amount
        assert sum(owed.values()) == 0
        for row in as_office(site, done.end).read(SettlementMade):
            total = sum(amount for _, payer, _, _, amount in json.loads(row.postings) if payer == "developer")
            assert row.total_fen == total
        made = export(site, tmp_path / "out", "full", ("甲", "乙"))
        assert isinstance(made, Exported)
    ran = CliRunner().invoke(
        main,
        [
            "judge",
            str(tmp_path / "out" / "case"),
            "--out",
            str(tmp_path / "judged"),
            "--previous",
            str(tmp_path / "out" / "rulings.jsonl"),
        ],
    )
    assert ran.exit_code == 0, ran.output
    assert (tmp_path / "judged" / "rulings.jsonl").read_bytes() == made.rulings
    file = Records(
        season.rows,
        project=season.records.project,
        zone=season.records.zone,
        policies=season.policies,
        as_of=done.end,
    )
    deals = season.rows[e.Deal]
    assert len(given) == len(deals)
    return sum(rule_deal(deal.id, file).outcome.kind.value == given[deal.id] for deal in deals) / len(deals)


def test_every_deal_of_a_cancel_storm_is_ruled_as_from_its_file(quick_path, tmp_path):
    season, done = lived(quick_path / "site", "cancel-storm", 0.1)
    assert check(quick_path / "site", season, done, tmp_path) == 1
    assert sum(done.answered.values()) > 900
    assert sum(done.answered.values()) > 30 * sum(done.refused.values())
    # What a running site lets nobody do: pay for a deal that is not there, show a pass that nobody issued.
    assert {name.split(": ")[1] for name in done.refused} <= {
        "admission", "unknown_deal", "unknown_pass", "unknown_registration", "nothing_due", "unknown_agent",
    }  # fmt: skip


def test_an_open_office_is_lived_masked_and_confirmed(quick_path, tmp_path):
    season, done = lived(quick_path / "site", "open-office", 0.1)
    assert check(quick_path / "site", season, done, tmp_path) >= 0.9
    assert done.answered["confirm_registration"] > 20


@pytest.mark.slow
@pytest.mark.parametrize("name", ["insider", "family-heavy", "erasure", "shared-phones", "open-office"])
def test_thousands_of_facts(name, quick_path, tmp_path):
    season, done = lived(quick_path / "site", name, 0.3, seed=5)
    assert sum(done.answered.values()) > 2_500
    same = check(quick_path / "site", season, done, tmp_path)
    print(f"{name}: {sum(done.answered.values())} acts done, {sum(done.refused.values())} refused, {same:.0%} the same")
    assert same >= 0.85
