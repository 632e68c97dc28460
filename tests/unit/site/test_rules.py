"""判客规则 of a site: two people bring a version into force, an agency signs what it read."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.files.judging import policies_of
from mingshi.files.read_case import read_case
from mingshi.kernel.timeline import Zone
from mingshi.site.records import Exported, export
from mingshi.site.root import Site

POLICY = 'version = "{version}"\nbase = "open"\n[parameters]\nlead_min = {lead}\n'
AHEAD = "2099-01-01"


@pytest.fixture
def rules(quick_path):
    site = str(quick_path / "site")
    made = ("init", site, "--origin", "g.example/site/1", "--project", "海棠湾")
    assert CliRunner().invoke(main, made).exit_code == 0
    lists = quick_path / "lists"
    lists.mkdir()
    (lists / "agreements.csv").write_text("agreement,agency,since\nAG1,甲公司,2026-01-01\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["roster", "--data", site, str(lists), "--by", "王经理"]).exit_code == 0

    def command(*arguments):
        return CliRunner().invoke(main, ["rules", "--data", site, *arguments])

    return command


@pytest.fixture
def propose(rules, quick_path):
    def command(*, version="2027-春", lead=45, by="王经理", since=AHEAD):
        file = quick_path / "policy.toml"
        file.write_text(POLICY.format(version=version, lead=lead), encoding="utf-8")
        return rules("propose", str(file), "--from", since, "--by", by, "--json")

    return command


def told(done):
    return json.loads(done.stdout)["result"]


def listed(rules, version):
    text = rules().output
    return text[text.index(version) :]


def test_two_people_bring_a_version_into_force_and_an_agency_signs_it(rules, propose, quick_path):
    proposal = told(propose())["ids"]["proposal"]
    assert proposal in listed(rules, "2027-春")
    alone = rules("publish", proposal, "--by", "王经理")
    assert (alone.exit_code, "two different people" in alone.output) == (2, True)
    assert rules("publish", proposal, "--by", "陈总监").exit_code == 0
    digest = re.search(r"[0-9a-f]{64}", listed(rules, "2027-春"))[0]
    sign = ("countersign", "2027-春", "--agency", "甲公司", "--by", "李复核", "--sha256")
    assert rules(*sign, "0" * 64).exit_code == 2
    assert rules(*sign, digest).exit_code == 0
    for other, reason in (
        (("2027-春", "甲公司", digest), "already_signed"),
        (("2027-春", "乙公司", digest), "no_agreement"),
        (("2028-春", "甲公司", digest), "unknown_version"),
    ):
        version, agency, sha256 = other
        again = rules("countersign", version, "--agency", agency, "--by", "李复核", "--sha256", sha256, "--json")
        assert (again.exit_code, told(again)["refused"]) == (2, reason)
    assert "甲公司" in listed(rules, "2027-春")
    with Site.open(quick_path / "site") as site:
        history = site.store.look(lambda transaction: transaction.source.policies, now=site.clock())
        agreements = site.store.look(lambda transaction: list(transaction.every(e.Agreement)), now=site.clock())
        later = Zone().start(date(2099, 2, 1))
    assert [version.effective_from for version in history.versions][1:] == [Zone(480).start(date(2099, 1, 1))]
    assert history.at(site.clock()).version == "open"
    assert (history.at(later).version, history.at(later).lead_min) == ("2027-春", 45)
    assert history.binding("甲公司", later, agreements).version == "2027-春"
    assert history.binding("甲公司", later, []).version == "open"
    assert [version.countersigned for version in history.versions] == [False, True]
    with Site.open(quick_path / "site") as site:
        assert isinstance(export(site, quick_path / "out", "full", ("王经理", "陈总监")), Exported)
    told_again = policies_of(read_case(quick_path / "out" / "case"))
    assert [one._replace(policy=None) for one in told_again.versions] == [
        one._replace(policy=None) for one in history.versions
    ]


def test_what_cannot_come_into_force_is_refused_in_both_languages(propose):
    assert told(propose(since="2020-01-01"))["refused"] == "not_future"
    assert "2026-12-01" in propose(since="tomorrow").output
    wrong = json.loads(propose(lead=99_999).stdout)["problems"][0]
    assert wrong.keys() == {"zh", "en"}
    assert "lead_min" in wrong["en"]
