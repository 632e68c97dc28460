"""Pages of finance, risk and inspection over a season that was lived through: who may do what, twice, in two tabs."""

import csv
import io
import re

import pytest
from offices import SAME, fields
from seasoned import seasoned

from mingshi.app.answer import Done
from mingshi.app.facts import SettlementMade, SettlementStep
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.patterns_of import patterns_now, unnamed
from mingshi.app.record_payment import RecordCancellation, record_cancellation
from mingshi.app.rule_deal import last_given
from mingshi.app.settle import lines_of
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import CancelKind, DecisionStage
from mingshi.domain.judge.patterns import find_patterns, sighting
from mingshi.domain.judge.records import ASKED, Records
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Role
from mingshi.kernel.canonical import loads, mapping, sequence
from mingshi.kernel.timeline import DAY


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with seasoned(tmp_path_factory.mktemp("season"), scale=0.3) as opened:
        yield opened


@pytest.fixture(scope="module")
def people(pages):
    return {
        "finance": pages.signed_in(Role.FINANCE, "财务-01"),
        "second": pages.signed_in(Role.FINANCE, "财务-02"),
        "manager": pages.signed_in(Role.MANAGER, "经理-09"),
        "risk": pages.signed_in(Role.RISK, "风控-01"),
        "auditor": pages.signed_in(Role.AUDITOR, "检查"),
    }


def every(pages, kind):
    return pages.office.look(lambda transaction: transaction.every(kind))


def numbers(pages):
    """Every client's number that the site holds."""
    arrivals = {row.phone for row in every(pages, e.Arrival)} | {row.phone for row in every(pages, e.Lookup)}
    buyers = {one for row in every(pages, e.Deal) for one in row.buyers}
    return {one for one in arrivals | buyers if one and "*" not in one}


def cancelled(pages):
    """A deal that was paid for is undone, so that something is due back."""
    made = every(pages, SettlementMade)
    gone = {row.deal for row in every(pages, e.Cancellation)}
    deal = next(line.deal for row in made for line in lines_of(row) if line.amount > 0 and line.deal not in gone)
    command = RecordCancellation(deal, CancelKind.CONTRACT, pages.office.now())
    assert pages.office.run(record_cancellation, command).answer
    return deal


def steps(pages, settlement):
    found = pages.office.look(lambda transaction: transaction.read(SettlementStep, "settlement", settlement))
    return [(row.step, row.by) for row in sorted(found, key=lambda row: row.at)]


def press(person, path, action):
    """The form of a page, sent as its button sends it."""
    page = person.get(path).text
    form = page.split(f'action="{action}"')[1].split("</form>")[0]
    return lambda: person.client.post(action, data=fields(form), headers=SAME)


def test_a_settlement_goes_through_three_pairs_of_hands_and_no_step_twice(pages, people):
    deal = cancelled(pages)
    send = press(people["finance"], "/finance", "/finance")
    first, again = send(), send()
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"], "sent twice it is one settlement"
    path = first.headers["location"].partition("?")[0]
    name = path.rpartition("/")[2]
    assert deal in people["finance"].get(path).text
    assert f"{path}/supervise" not in people["finance"].get(path).text, "a button nobody may press is not shown"
    assert people["finance"].post(f"{path}/supervise", {}, seen=path).status_code == 403
    early = people["second"].post(f"{path}/approve", {}, seen=path)
    assert early.status_code == 422
    assert "当前不是这一步" in early.text
    tabs = [press(people["manager"], path, f"{path}/supervise") for _ in range(2)]
    assert tabs[0]().status_code == 303
    assert tabs[1]().status_code == 422, "a second tab is told that the step is over"
    assert "您已经手过" in people["finance"].get(path).text
    own = people["finance"].post(f"{path}/approve", {}, seen="/finance")
    assert own.status_code == 422
    assert "两个不同的人" in own.text
    assert press(people["second"], path, f"{path}/approve")().status_code == 303
    assert people["second"].post(f"{path}/pay", {}, seen=path).status_code == 422, "who approved does not pay"
    pay = press(people["finance"], path, f"{path}/pay")
    assert {pay().status_code for _ in range(2)} == {303}
    assert steps(pages, name) == [("supervisor", "经理-09"), ("finance", "财务-02"), ("paid", "财务-01")]
    shown = people["finance"].get(path).text
    assert "0.00 ✓" in shown
    assert "扣回" in shown
    rows = list(csv.reader(io.StringIO(people["finance"].get(f"{path}/file").text.lstrip("\ufeff"))))[1:]
    assert rows
    assert sum(round(float(row[-1]) * 100) for row in rows) == 0
    (made,) = [row for row in every(pages, SettlementMade) if row.id == name]
    assert len(rows) == 2 * len(lines_of(made))


def test_every_amount_opens_into_its_ruling_and_its_rules(pages, people):
    for row in every(pages, SettlementMade):
        path = f"/finance/s/{row.id}"
        page = people["manager"].get(path)
        assert page.status_code == 200
        for deal in set(re.findall(r'href="(/finance/d/[^"]+)"', page.text)):
            opened = people["manager"].get(deal).text
            given = pages.office.look(lambda one, deal=deal: last_given(one, deal.rpartition("/")[2]))
            assert given.sha256 in opened
            assert str(mapping(mapping(loads(given.text.encode()))["policy"])["sha256"]) in opened


@pytest.mark.parametrize("month", ["2026-13", "0000-01", "9999-12", "x" * 7, "2026-8", "0001-01", "-026-01"])
def test_any_month_may_be_asked_for(people, month):
    assert people["finance"].get(f"/finance?m={month}").status_code == 200


def test_what_is_on_hold_says_why(pages, people):
    waiting = []
    for row in every(pages, e.Deal):
        given = pages.office.look(lambda one, row=row: last_given(one, row.id))
        if given and mapping(loads(given.text.encode())).get("needs"):
            waiting.append(row.id)
    assert waiting
    page = people["finance"].get("/finance").text
    holds = page.split("暂缓结佣")[1]
    assert all(f"/finance/d/{one}" in holds for one in waiting)
    assert holds.count("<ul><li>") == len(waiting)


def test_signs_are_told_with_what_may_be_innocent_and_an_objection_freezes(pages, people):
    risk = people["risk"]
    page = risk.get("/risk")
    flagged = []
    for row in every(pages, e.Deal):
        given = pages.office.look(lambda one, row=row: last_given(one, row.id))
        if given and sequence(mapping(loads(given.text.encode())).get("flags", [])):
            flagged.append(str(row.id))
    assert flagged
    listed = re.findall(r'href="/risk/([^"?]+)"', page.text.split("<main")[1])
    assert sorted(listed) == sorted(flagged)
    stakes = [float(one.replace(",", "")) for one in re.findall(r"([\d,]+\.\d\d) 元", page.text)]
    assert stakes, "what hangs on it"
    opened = risk.get(f"/risk/{listed[0]}").text
    for part in ("看到什么", "可能的正常解释", "什么可以消除", "证据时间线"):
        assert part in opened
    for wrong in ("hold", "review", "hint", "nonsense"):
        assert risk.get(f"/risk?tier={wrong}").status_code == 200
    empty = risk.post(f"/risk/{listed[0]}/object", {"ground": " "}, seen=f"/risk/{listed[0]}")
    assert empty.status_code == 422
    assert "请填写" in empty.text
    before = len(every(pages, e.Objection))
    form = fields(risk.get(f"/risk/{listed[0]}").text.split("/object")[1])
    answers = [
        risk.client.post(f"/risk/{listed[0]}/object", data=form | {"ground": "查号与报备相隔太近。"}, headers=SAME)
        for _ in range(2)
    ]
    assert len(every(pages, e.Objection)) == before + 1, "kept, in time or late, and once"
    assert all(("异议已收到" in one.text) or ("已过" in one.text) for one in answers)
    assert risk.post("/risk/D-nothing/object", {"ground": "x"}, seen="/risk").status_code in (404, 422)
    assert risk.get("/risk/D-nothing").status_code == 404


def test_risk_reads_what_people_decided_and_decides_nothing(pages, people):
    risk = people["risk"]

    def counts():
        page = risk.get("/risk").text
        assert "风控不单独下结论" in page
        found = re.search(r"渠道成交 (\d+) 单、不计 (\d+) 单，未决定 (\d+) 单", page)
        assert sum(map(int, found.groups())) == int(re.search(r"(\d+) 单有疑点", page).group(1))
        return [int(one) for one in found.groups()]

    paid, denied, undecided = counts()
    held = {row.id for row in every(pages, e.Deal) if row.buyers}  # words about an erased buyer are not kept
    first, second = [one for one in re.findall(r'href="/risk/([^"?]+)"', risk.get("/risk").text) if one in held][:2]
    for deal, outcome, reason in (
        (first, "CHANNEL", "查号的是退休返聘的同事。"),
        (second, "NATURAL", "客户先自己来过。"),
    ):
        row = blank(
            e.Decision, id=f"E-{deal}", deal=deal, at=pages.office.now(), stage=DecisionStage.FIRST, outcome=outcome,
            site_reviewer="经理-09", agency_reviewer="甲公司/复核人", evidence=(deal,), reason=reason,
        )  # fmt: skip
        assert pages.office.run(lambda transaction, one: (transaction.seal(one), Done("decided"))[1], row).answer
        opened = risk.get(f"/risk/{deal}").text
        assert reason in opened
        assert "甲公司/复核人" in opened
        assert re.findall(r'<form method="post" action="(/risk[^"]+)"', opened) == [f"/risk/{deal}/object"], "no other"
    assert counts() == [paid + 1, denied + 1, undecided - 2]


def test_patterns_of_what_is_recent_are_those_of_everything(pages):
    """What is not read could not have changed them (amendment 17: ninety days)."""

    def everything(transaction, now):
        source = transaction.source
        kinds = {kind: list(transaction.every(kind)) for kind in (*ASKED, e.Count)}
        records = Records(kinds, project=source.project, zone=source.zone, policies=source.policies)
        given = [last_given(transaction, row.id) for row in kinds[e.Deal]]
        seen = [sighting(mapping(loads(one.text.encode())), records) for one in given if one]
        return unnamed(find_patterns(records, seen, now)), len(kinds[e.Arrival])

    bought = sorted(earliest(row.subscribed_at) for row in every(pages, e.Deal))
    seen = 0
    for now in (bought[len(bought) // 2] + DAY, bought[-1] + DAY):
        expected, arrivals = pages.office.look(lambda transaction, now=now: everything(transaction, now))
        looked = pages.office.look(lambda transaction, now=now: patterns_now(transaction, now))
        assert looked.patterns == expected
        assert 0 < looked.arrivals <= arrivals
        seen += len(expected)
    assert seen, "the season has some"


def test_an_inspector_reads_who_looked_and_nobodys_number(pages, people):
    seen = next(iter(every(pages, e.Arrival))).phone
    staff = next(row.id for row in every(pages, e.Staff) if row.role == "置业顾问" and row.until is None)
    for number, reason in ((seen, f"客户 {seen} 来电"), (seen, "回访"), ("16099990000", "走访")):
        assert pages.office.run(look_up, LookUp(staff, number, reason)).answer
    auditor = people["auditor"]
    page = auditor.get("/audit/lookups").text
    rows = re.findall(r"<td>([^<]+)</td><td><code>(I[0-9a-f]+)</code>", page)
    assert [who for who, _ in rows[:3]] == [staff] * 3
    assert rows[1][1] == rows[2][1] != rows[0][1], "one token is one number"
    assert "客户 *********** 来电" in page
    pages_of_auditor = ["/audit", "/audit/consents", "/audit/rights", "/audit/lookups"]
    days = [f"{path}?day={day}" for path in pages_of_auditor[1:] for day in _days(pages)]
    held = numbers(pages)
    assert len(held) > 50
    for path in pages_of_auditor + days:
        answer = auditor.get(path)
        assert answer.status_code == 200, path
        found = set(re.findall(r"1\d{10}", answer.text)) & held
        assert not found, (path, found)
        assert '<form method="post"' not in answer.text.split("<main")[1], "read only"
    for junk in ("x", "2026-02-30", "9999-12-31", "0001-01-01", "2026", "\x00"):
        assert (
            auditor.get(
                "/audit/lookups",
            ).status_code
            == 200
        )
        assert auditor.client.get("/audit/lookups", params={"day": junk}).status_code == 200


def _days(pages):
    last = pages.office.now()
    zone = pages.office.zone
    return [zone.day(last - n * DAY).isoformat() for n in range(0, 60, 7)]


def test_the_head_of_the_log_is_the_one_that_was_signed(pages, people):
    pages.office.site.sign()
    shown = people["auditor"].get("/audit/checkpoint").text
    assert shown == pages.office.site.store.log_store.published()
    assert shown.splitlines()[1] == str(pages.office.site.store.size)
    assert people["auditor"].get("/audit/trust").text == pages.office.trust()
    page = people["auditor"].get("/audit").text
    assert shown.splitlines()[2] in page
    assert "没有登记任何设备" in page
