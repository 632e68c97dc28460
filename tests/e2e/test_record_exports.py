"""A site's export judges to the site's own rulings, byte for byte; an import of it gives them back."""

import json
import os
import shutil

import pytest
from click.testing import CliRunner
from site_folder import Clock, as_office, make, opened

from mingshi.app.import_records import ImportRecords, import_records
from mingshi.app.withdraw import ErasePerson, erase_person
from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.domain.ids import is_masked
from mingshi.kernel.timeline import DAY
from mingshi.season.generate import make_season
from mingshi.season.presets import PRESETS
from mingshi.site.records import Exported, export, import_case
from mingshi.store import fsck


def season_site(path, name, scale, seed=3):
    """A site whose record is a season's, and a clock after its end."""
    season = make_season(PRESETS[name].scaled(scale), seed)
    rows = [row for kind in season.rows.values() for row in kind]
    first = min(at for row in season.rows[e.Arrival] if isinstance(at := row.at, int))
    policy = season.policies.versions[-1].policy
    make(path, os.urandom, now=first - 30 * DAY, policy=policy)
    clock = Clock(first + 400 * DAY)
    with opened(path, clock) as site:
        assert site.trust_clock("test", "season")
        command = ImportRecords(tuple(rows), season.policies.versions, "test", "season")
        assert site.run(import_records, command).answer
        fsck.mend(site.store, clock())
    return season, clock


@pytest.fixture(scope="module", params=[("open-office", 0.06), ("insider", 0.06)], ids=lambda param: param[0])
def sold(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("season") / "site"
    season, clock = season_site(path, *request.param)
    return path, season, clock


def judged(out, tmp_path):
    """`mingshi judge` over an export: the bytes it writes."""
    done = CliRunner().invoke(
        main,
        ["judge", str(out / "case"), "--previous", str(out / "rulings.jsonl"), "--out", str(tmp_path / "judged")],
    )
    assert done.exit_code == 0, done.output
    return (tmp_path / "judged" / "rulings.jsonl").read_bytes()


def test_an_export_judges_to_the_sites_own_rulings(sold, tmp_path):
    path, season, clock = sold
    with opened(path, clock) as site:
        made = export(site, tmp_path / "out", "full", ("甲", "乙"))
        assert isinstance(made, Exported), made
        assert made.deals == len(season.rows[e.Deal]) >= 5
    assert judged(tmp_path / "out", tmp_path) == (tmp_path / "out" / "rulings.jsonl").read_bytes()


def test_it_notices_another_ruling(sold, tmp_path):
    """The planted bug: one row of the export is another than the site's; so is a ruling that rests on it."""
    path, _, clock = sold
    with opened(path, clock) as site:
        assert export(site, tmp_path / "out", "full", ("甲", "乙"))
    book = tmp_path / "out" / "case" / "registrations.csv"
    lines = book.read_text(encoding="utf-8-sig").splitlines()
    book.write_text("\n".join(lines[:1] + lines[1 : len(lines) // 2]) + "\n", encoding="utf-8")
    assert judged(tmp_path / "out", tmp_path) != (tmp_path / "out" / "rulings.jsonl").read_bytes()


def test_no_export_holds_a_number_or_a_name(sold, tmp_path):
    path, season, clock = sold
    with opened(path, clock) as site:
        for profile in ("full", "party:" + season.rows[e.Agreement][0].agency, "public"):
            assert export(site, tmp_path / profile.replace(":", "-"), profile, ("甲", "乙"))
    text = "".join(one.read_text(encoding="utf-8", errors="replace") for one in tmp_path.rglob("*") if one.is_file())
    numbers = {row.phone for kind in (e.Registration, e.Arrival, e.Statement, e.Agent) for row in season.rows[kind]}
    found = [one for one in numbers if one and not is_masked(one) and one in text]
    assert not found, f"{len(found)} of {len(numbers)} numbers"
    clients = {row.client for row in season.rows[e.Registration] if row.client and len(row.client) > 2}
    assert not [one for one in clients if one in text]


def test_a_partys_share_holds_no_rivals_person(sold, tmp_path):
    path, season, clock = sold
    agencies = sorted({row.agency for row in season.rows[e.Agent]} - {""})
    party = agencies[0]
    with opened(path, clock) as site:
        made = export(site, tmp_path / "out", f"party:{party}", ("甲",))
        assert isinstance(made, Exported)
        assert made.deals > 0
        assert isinstance(export(site, tmp_path / "full", "full", ("甲", "乙")), Exported)
    text = "".join(one.read_text(encoding="utf-8-sig") for one in (tmp_path / "out").rglob("*.csv"))
    text += (tmp_path / "out" / "rulings.jsonl").read_text(encoding="utf-8")
    own = {row.id for row in season.rows[e.Agent] if row.agency == party}
    rivals = {row.id for row in season.rows[e.Agent] if row.agency != party} - own
    names = {row.name for row in season.rows[e.Agent] if row.agency != party}
    held = {cell for line in text.replace('"', ",").splitlines() for cell in line.split(",")}
    assert not (rivals | set(agencies[1:])) & held
    assert not {name for name in names if name and name in text}
    assert own & held
    # What the party reads of its deals is what the site says of them.
    mine = [json.loads(line) for line in (tmp_path / "out" / "rulings.jsonl").read_text("utf-8").splitlines()]
    whole = {
        one["deal"]: one
        for one in map(json.loads, (tmp_path / "full" / "rulings.jsonl").read_text("utf-8").splitlines())
    }
    assert {one["deal"] for one in mine} < set(whole)
    for one in mine:
        assert one["outcome"]["kind"] == whole[one["deal"]]["outcome"]["kind"]


def test_an_import_of_a_full_export_gives_the_same_rulings(sold, tmp_path):
    path, season, clock = sold
    with opened(path, clock) as site:
        assert export(site, tmp_path / "first", "full", ("甲", "乙"))
    make(tmp_path / "second", os.urandom, now=clock.now - DAY, policy=season.policies.versions[-1].policy)
    with opened(tmp_path / "second", clock) as site:
        assert import_case(site, tmp_path / "first" / "case", "丙")
        assert list(fsck.check(site.store, clock())) == []
        assert isinstance(export(site, tmp_path / "again", "full", ("甲", "乙")), Exported)
        again = import_case(site, tmp_path / "first" / "case", "丙")
        assert again.reason == "not_empty"
    first, second = (outcomes(tmp_path / name / "rulings.jsonl") for name in ("first", "again"))
    assert first == second
    assert judged(tmp_path / "again", tmp_path) == (tmp_path / "again" / "rulings.jsonl").read_bytes()


def outcomes(path):
    """Rulings but for the policy's own digest chain: what they supersede."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for one in found:
        one.pop("supersedes", None)
    return found


def test_a_deal_whose_buyer_was_erased_is_not_judged_again(sold, tmp_path):
    path, season, clock = sold
    copied = shutil.copytree(path, tmp_path / "site")
    with opened(copied, clock) as site:
        assert isinstance(export(site, tmp_path / "before", "full", ("甲", "乙")), Exported)
        deal = season.rows[e.Deal][0]
        assert site.run(erase_person, ErasePerson(deal.buyers)).answer
        made = export(site, tmp_path / "out", "full", ("甲", "乙"))
        assert isinstance(made, Exported), made
        assert list(fsck.check(site.store, clock())) == []
        assert not [row for row in as_office(site, clock()).read(e.Arrival) if row.phone in deal.buyers]
    lines = {json.loads(line)["deal"]: json.loads(line) for line in made.rulings.splitlines()}
    assert lines[deal.id]["outcome"]["kind"] == "NOT_REJUDGEABLE"
    assert judged(tmp_path / "out", tmp_path) == (tmp_path / "out" / "rulings.jsonl").read_bytes()


def test_a_refused_export_leaves_nothing(sold, tmp_path):
    path, _, clock = sold
    with opened(path, clock) as site:
        size = site.store.size
        for profile, people in (("full", ("甲",)), ("full", ("甲", "甲")), ("party:", ("甲",)), ("all", ("甲", "乙"))):
            assert not export(site, tmp_path / "out", profile, people)
        assert site.store.size == size
        (tmp_path / "out").mkdir()
        assert not export(site, tmp_path / "out", "public", ("甲",))
    assert list((tmp_path / "out").iterdir()) == []
