"""名单: an office's lists go into its record by a command: all or nothing, never doubled, nothing rewritten."""

import json

import pytest
from click.testing import CliRunner

from mingshi.app.facts import Control
from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.domain.moment import earliest
from mingshi.site.root import Site
from mingshi.store import fsck

AGENTS = (
    "agent,name,agency,kind,phone,since,until\n"
    "甲/李,李测试,甲公司,broker,16000000011,2026-01-01,\n"
    "甲/吴,吴测试,甲公司,broker,16000000012,2026-01-01,\n"
)
STAFF = "staff,name,role,phone,since\n前台-01,赵测试,前台,16000000021,2026-01-01\n"


@pytest.fixture
def bring(quick_path):
    made = ("init", str(quick_path / "site"), "--origin", "g.example/site/1", "--project", "海棠湾")
    assert CliRunner().invoke(main, made).exit_code == 0
    lists = quick_path / "lists"
    lists.mkdir()

    def command(*arguments, **files):
        for name, text in files.items():
            (lists / f"{name}.csv").write_text(text, encoding="utf-8")
        place = ["--data", str(quick_path / "site")]
        return CliRunner().invoke(main, ["roster", *place, *([str(lists)] if files else []), *arguments])

    return command


def rows(quick_path, kind):
    with Site.open(quick_path / "site") as site:
        assert list(fsck.check(site.store, max(site.clock(), site.store.last_sealed_at))) == []
        return site.store.look(lambda transaction: list(transaction.every(kind)), now=site.clock())


def test_lists_are_taken_once_however_often_they_are_brought(bring, quick_path):
    first = bring("--by", "王经理", "--json", agents=AGENTS, staff=STAFF)
    again = bring("--by", "王经理", "--json", agents=AGENTS, staff=STAFF)
    told = [json.loads(one.output)["result"] for one in (first, again)]
    assert [one["args"] for one in told] == [
        {"new": 3, "filled": 0, "known": 0},
        {"new": 0, "filled": 0, "known": 3},
    ]
    assert told[1]["lists"]["agents"] == 2
    assert {(row.id, row.name, row.agency) for row in rows(quick_path, e.Agent)} == {
        ("甲/李", "李测试", "甲公司"),
        ("甲/吴", "吴测试", "甲公司"),
    }
    assert [row.by for row in rows(quick_path, Control) if row.kind == "roster"] == ["王经理"]


def test_who_leaves_gets_an_end_and_nothing_else_changes(bring, quick_path):
    bring("--by", "王经理", agents=AGENTS)
    left = bring(
        "--by", "王经理", agents=AGENTS.replace("16000000012,2026-01-01,", "16000000012,2026-01-01,2026-09-30")
    )
    assert "补充 1 行" in left.output
    until = {row.id: row.until for row in rows(quick_path, e.Agent)}
    assert until["甲/李"] is None
    assert earliest(until["甲/吴"])


def test_a_row_that_says_otherwise_takes_the_whole_list_with_it(bring, quick_path):
    bring("--by", "王经理", agents=AGENTS)
    head, first, second = AGENTS.splitlines(keepends=True)
    new, ended = "乙/周,周测试,乙公司,broker,16000000013,2026-01-01,\n", second.replace(",\n", ",2026-09-30\n")
    other = first.replace("李测试", "李改名")
    for order in ((new, ended, other), (other, ended, new)):
        refused = bring("--by", "王经理", agents=head + "".join(order))
        assert refused.exit_code == 2
        assert "甲/李" in refused.output
        kept = rows(quick_path, e.Agent)
        assert {(row.id, row.until) for row in kept} == {("甲/李", None), ("甲/吴", None)}


TERMS = "term,agency,kind,since,amount_yuan\nT1,甲公司,fixed,2026-01-01,{}\n"


@pytest.mark.parametrize(("before", "after"), [("40000.00", "0.00"), ("0.00", "40000.00"), ("", "0.00")])
def test_an_amount_that_became_nought_or_was_it_is_another_amount(bring, quick_path, before, after):
    assert bring("--by", "王经理", terms=TERMS.format(before)).exit_code == 0
    assert bring("--by", "王经理", terms=TERMS.format(before)).exit_code == 0
    refused = bring("--by", "王经理", terms=TERMS.format(after))
    assert (refused.exit_code, "T1" in refused.output) == (2, True)
    (row,) = rows(quick_path, e.Term)
    assert row.amount_fen == {"40000.00": 4_000_000, "0.00": 0, "": None}[before]


def test_a_list_to_whose_rows_nothing_is_ever_added_refuses_what_is_added(bring):
    owners = "owner,phone,scope,since,basis\nO1,16000000031,project,{},\n"
    assert bring("--by", "王经理", owners=owners.format("")).exit_code == 0
    refused = bring("--by", "王经理", owners=owners.format("2020-03-01"))
    assert (refused.exit_code, "O1" in refused.output) == (2, True)
    assert "Traceback" not in refused.output


def test_an_end_is_told_once_and_never_moved(bring, quick_path):
    bring("--by", "王经理", agents=AGENTS)
    ended = AGENTS.replace("16000000012,2026-01-01,", "16000000012,2026-01-01,{}")
    bring("--by", "王经理", agents=ended.format("2026-09-30"))
    (before,) = [row.until for row in rows(quick_path, e.Agent) if row.until]
    assert bring("--by", "王经理", agents=ended.format("2026-10-31")).exit_code == 2
    assert bring("--by", "王经理", agents=ended.format("2026-09-30")).exit_code == 0
    assert [row.until for row in rows(quick_path, e.Agent) if row.until] == [before]


def test_who_goes_to_another_agency_has_another_row(bring, quick_path):
    bring("--by", "王经理", agents=AGENTS)
    moved = AGENTS + "甲/李,李测试,乙公司,broker,16000000011,2026-06-01,\n"
    assert bring("--by", "王经理", agents=moved).exit_code == 0
    assert sorted(row.agency for row in rows(quick_path, e.Agent) if row.id == "甲/李") == ["乙公司", "甲公司"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"agents": AGENTS.replace("2026-01-01", "1985-01-01", 1)}, "no_real_date"),
        ({"owners": "owner,phone,scope,since,basis\nO1,16000000031,group,2020-03-01,\n"}, "basis_needed"),
    ],
)
def test_what_no_list_may_hold_is_refused(bring, quick_path, wrong, reason):
    refused = bring("--by", "王经理", "--json", **wrong, staff=STAFF)
    assert (refused.exit_code, json.loads(refused.stdout)["result"]["refused"]) == (2, reason)
    assert rows(quick_path, e.Staff) == []


def test_a_file_with_more_than_lists_is_refused_and_says_so(bring):
    refused = bring(
        "--by", "王经理", agents=AGENTS, deals="deal,buyers,subscribed_at\nD1,16000000031,2026-05-20 15:00\n"
    )
    assert refused.exit_code == 2
    assert "成交 (deals)" in refused.output


def test_a_bad_cell_is_told_with_its_place_and_nothing_is_taken(bring, quick_path):
    refused = bring("--by", "王经理", agents=AGENTS.replace("broker,16000000012", "dealer,16000000012"))
    assert refused.exit_code == 2
    assert "agents.csv" in refused.output
    assert "row 3" in refused.output
    assert rows(quick_path, e.Agent) == []


def test_who_does_it_must_be_said(bring):
    for nobody in ((), ("--by", ""), ("--by", "  ")):
        refused = bring(*nobody, agents=AGENTS)
        assert (refused.exit_code, "--by" in refused.output) == (2, True)
