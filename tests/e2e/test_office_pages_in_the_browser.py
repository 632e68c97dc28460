"""Pages of finance, risk, inspection, launch day, files and requests in Chromium: quiet, light, accessible; their jobs.

SHOTS=FOLDER keeps a picture of each, to be looked at (docs/pages.md).
"""

import os
import re
import tempfile
from pathlib import Path

import pytest
from browsing import chromium
from seasoned import agent_of, on_a_port, seasoned
from test_pages_in_a_browser import TAGS, axe

from mingshi.app.arrive import ArriveAtDesk, EraseMe, arrive_at_desk, erase_me
from mingshi.app.check_in import CheckIn
from mingshi.app.extend_window import ExtendWindow, extend_window
from mingshi.app.facts import SettlementMade
from mingshi.app.issue_pass import IssuePass, issue_pass
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.publish_policy import ProposePolicy, PublishPolicy, propose_policy, publish_policy
from mingshi.app.record_payment import RecordCancellation, record_cancellation
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.rule_deal import RuleDeal, last_given, rule_deal
from mingshi.app.settle import lines_of
from mingshi.app.withdraw import WithdrawAtDesk, withdraw_at_desk
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import CancelKind, DoorCode, Means, Side, Window
from mingshi.domain.ids import Contact
from mingshi.domain.moment import earliest
from mingshi.domain.rights.right import Check, Right
from mingshi.domain.roles import Role
from mingshi.kernel.canonical import loads, mapping, sequence
from mingshi.kernel.timeline import DAY, Micros

pytestmark = pytest.mark.slow
assert axe, "a fixture"
SCREENS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1280, 900)}
HEAVIEST = 100_000
SHOTS = os.environ.get("SHOTS", "")
STAFF = {
    "finance": (Role.FINANCE, "财务-01"),
    "second": (Role.FINANCE, "财务-02"),
    "manager": (Role.MANAGER, "经理-09"),
    "risk": (Role.RISK, "风控-01"),
    "auditor": (Role.AUDITOR, "检查"),
    "desk": (Role.RECEPTION, "前台-09"),
}


@pytest.fixture(scope="module")
def site():
    with (
        tempfile.TemporaryDirectory() as folder,
        seasoned(Path(folder), scale=0.3) as pages,
        on_a_port(pages) as base,
        chromium() as browser,
    ):
        yield pages, base, browser


def signed_in(site, role, who, phone="", **screen):
    pages, base, browser = site
    context = browser.new_context(locale="zh-CN", **screen)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(base + pages.office.invite(role, who, who or phone, phone))
    page.click("main button")
    return page


def every(pages, kind):
    return pages.office.look(lambda transaction: transaction.every(kind))


def flagged(pages):
    for row in every(pages, e.Deal):
        given = pages.office.look(lambda one, row=row: last_given(one, row.id))
        if given and sequence(mapping(loads(given.text.encode())).get("flags", [])):
            yield row


@pytest.fixture(scope="module")
def people(site):
    """Somebody of each, and something for each to see: a settlement, a look-up, a request, an escorted buyer."""
    pages = site[0]
    made = every(pages, SettlementMade)
    gone = {row.deal for row in every(pages, e.Cancellation)}
    undone = next(line.deal for row in made for line in lines_of(row) if line.amount > 0 and line.deal not in gone)
    run = pages.office.run
    assert run(record_cancellation, RecordCancellation(undone, CancelKind.CONTRACT, pages.office.now())).answer
    buyer = next(row for row in every(pages, e.Deal) if row.buyers and pages.office.look(
        lambda one, row=row: one.read(e.Escort, "phone", row.buyers[0])))  # fmt: skip
    number = buyer.buyers[0]
    staff = next(row.id for row in every(pages, e.Staff) if row.role == "置业顾问" and row.until is None)
    for reason in ("客户来电咨询贷款", f"回访 {number}"):
        assert run(look_up, LookUp(staff, Contact(number), reason)).answer
    asked = RequestRight(
        Right.CORRECT, (Contact(number),), Check.PHONE_CODE, said="我的到访：这次到访是两个人，不是一个人。"
    )
    assert run(request_right, asked).answer
    run(object_to, ObjectTo(Side.BUYER, "buyer", "我是自己来的。", deal=buyer.id))
    run(rule_deal, RuleDeal(buyer.id))
    for at, guest in enumerate(("16000005001", "16000005002", "16000005003")):
        visit = CheckIn(Contact(guest), Means.RECEPTION, DoorCode.VALID, staff="前台-09", party_adults=at + 1)
        assert run(arrive_at_desk, ArriveAtDesk(visit, "zh", guest, ActMeans.SPOKEN)).answer
    assert run(withdraw_at_desk, WithdrawAtDesk(Contact("16000005002"), "前台-09")).answer
    assert run(erase_me, EraseMe(Contact("16000005003"))).answer
    pages.office.site.sign()
    found = {name: signed_in(site, role, who) for name, (role, who) in STAFF.items()}
    agent, _, phone = agent_of(pages)
    found["agent"] = signed_in(site, Role.AGENT, agent, phone)
    found["buyer"] = signed_in(site, Role.PERSON, "", number)
    mine = pages.office.look(lambda one: one.read(e.Registration, "agent", agent))
    extended = max(mine, key=lambda row: earliest(row.at)).id
    for days in (7, 5):  # the first may count, the second never does: both stay visible
        command = ExtendWindow(extended, Window.REPORT, days, "客户出差，约好下周来。", "经理-09", "风控-01")
        run(extend_window, command)
    fresh = run(register_client, RegisterClient(agent, Contact("160****5777"), "王测试", "示例花园")).answer
    manager = found["manager"]
    manager.goto(site[1] + "/windows?lang=zh")
    manager.fill("#registration", fresh.ids["registration"])
    manager.check("#window-report")
    manager.fill("#days", "7")
    manager.fill("#reason", "客户出差，约好下周来。")
    manager.get_by_role("button", name="提出").click()
    ahead = Micros(pages.office.now() + 20 * DAY)
    one = ProposePolicy("秋季版", "open", {"lead_min": 45, "visit_protect_days": 45}, ahead, "王经理")
    assert run(publish_policy, PublishPolicy(run(propose_policy, one).answer.ids["proposal"], "陈总监")).answer
    two = one._replace(version="冬季版", values={"natural_protect_days": 60, "asymmetric": True})
    assert run(propose_policy, two).answer
    agency = agent_of(pages)[1]
    found["agency"] = signed_in(site, Role.AGENCY, f"{agency}/复核人")
    for guest in range(21):
        assert run(look_up, LookUp(staff, Contact(f"160000056{guest:02d}"), "回访")).answer
    pages.office.look_for_patterns()
    found["consultant"] = signed_in(site, Role.CONSULTANT, staff)
    return found, {"buyer": number, "deal": str(buyer.id), "extended": extended}


def places(site, people):
    """Name, whose, where, on what screen they usually look."""
    pages = site[0]
    persons, known = people
    sign = next(str(row.id) for row in flagged(pages))
    finance = persons["finance"]
    finance.goto(site[1] + "/finance")
    finance.get_by_role("button", name="生成结算单").click()
    settlement = "/finance/s/" + re.search(r"/finance/s/([\w-]+)", finance.url).group(1)
    return [
        ("finance", "finance", "/finance", "desk"),
        ("settlement", "manager", settlement, "desk"),
        ("settled-deal", "finance", f"/finance/d/{known['deal']}", "desk"),
        ("signs", "risk", "/risk", "desk"),
        ("sign", "risk", f"/risk/{sign}", "desk"),
        ("rules", "manager", "/rules", "desk"),
        ("agency-rules", "agency", "/agency/rules", "desk"),
        ("patterns", "risk", "/risk/patterns", "desk"),
        ("mine", "consultant", "/mine", "desk"),
        ("consultant-told", "consultant", "/consult", "phone"),
        ("windows", "manager", "/windows", "desk"),
        ("extended-client", "agent", f"/agent/r/{known['extended']}", "phone"),
        ("audit", "auditor", "/audit", "desk"),
        ("lookups", "auditor", "/audit/lookups", "desk"),
        ("consents", "auditor", "/audit/consents", "desk"),
        ("rights", "auditor", "/audit/rights", "desk"),
        ("requests", "manager", "/requests", "desk"),
        ("launch", "desk", "/desk/launch?desk=B", "tablet"),
        ("desk-scanner", "desk", "/desk", "tablet"),
        ("register-file", "agent", "/agent/register", "phone"),
        ("me-asks", "buyer", "/me", "phone"),
        ("ask", "buyer", "/me/ask", "phone"),
    ]


def test_every_page_is_quiet_light_accessible_and_fits(site, people, axe):
    persons, _ = people
    wrong = []
    for name, who, path, usual in places(site, people):
        for screen, lang, scheme in ((usual, "zh", "light"), ("phone", "en", "dark"), ("tablet", "zh", "dark")):
            page = persons[who].context.new_page()
            page.set_default_timeout(15_000)
            said, weight = [], []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.on("response", lambda answer, weight=weight: weight.append(answer))
            page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
            page.emulate_media(color_scheme=scheme)
            page.goto(site[1] + path + ("&" if "?" in path else "?") + f"lang={lang}")
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            if page.evaluate("document.documentElement.scrollWidth") > SCREENS[screen][0]:
                wrong.append(f"{name} {screen} {lang}: wider than the screen")
            heavy = sum(len(one.body()) for one in weight if one.status == 200 and "/desk/live" not in one.url)
            if heavy > HEAVIEST:
                wrong.append(f"{name}: {heavy} bytes")
            if said:
                wrong.append(f"{name}: {said}")
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{name}-{screen}-{lang}-{scheme}.png"), full_page=True)
            page.evaluate(axe)
            found = page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
            wrong += [
                f"{name} {screen} {lang}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found["violations"]
            ]
            page.close()
    assert not wrong, "\n".join(wrong)


FORGED = """async () => {
  const at = (id) => document.getElementById(id).textContent;
  const { parseNote, parsePolicy, signedBy } = await import(
    document.querySelector("script[data-verify]").dataset.verify);
  const note = at("checkpoint").replace(/\\n(\\d+)\\n/, (_, n) => `\\n${Number(n) + 1}\\n`);
  const policy = await parsePolicy(at("trust"));
  try { await signedBy(parseNote(note), policy.logs[0]); return "taken"; } catch (error) { return error.code; }
}"""
"""The same checkpoint of one entry more."""


def test_an_inspector_checks_the_head_of_the_log_on_their_own_device(site, people):
    page = people[0]["auditor"]
    page.goto(site[1] + "/audit?lang=zh")
    page.wait_for_selector("#verdict:not([hidden])")
    told = page.inner_text("#verdict")
    assert "已在您的设备上核验" in told
    assert "agency" in told
    forged = page.evaluate(FORGED)
    assert forged == "BAD_LOG_SIGNATURE"


def test_a_scanner_types_and_ends_with_enter(site, people):
    pages, base, _ = site
    page = people[0]["desk"]
    page.goto(base + "/desk/launch?desk=A&lang=zh")
    assert page.evaluate("document.activeElement.name") == "scan", "nothing has to be tapped first"
    page.keyboard.type("16000005501")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已登记")
    assert page.evaluate("document.activeElement.name") == "scan"
    code = pages.office.visit_codes.make()
    assert pages.office.run(issue_pass, IssuePass(code.pass_id, Contact("16000005501"))).answer
    page.keyboard.type(code.shown.replace("-", ""))
    page.keyboard.press("Enter")
    page.wait_for_selector("text=客人自己的到访码")
    page.get_by_role("button", name=re.compile("无手机")).click()
    page.wait_for_selector("text=已发 A-001")
    other = people[0]["desk"].context.new_page()
    other.goto(base + "/desk/launch?desk=B")
    other.get_by_role("button", name=re.compile("无手机：发 B-001")).click()
    other.wait_for_selector("text=已发 B-001")
    page.wait_for_selector("tbody >> text=联B-001")  # the other desk's guest comes by itself
    other.close()


def test_launch_day_goes_on_while_the_line_is_down_and_by_a_clock_that_is_wrong(site, people):
    pages, base, _ = site
    page = people[0]["desk"].context.new_page()
    page.clock.install(time="2031-01-01T03:00:00")  # a tablet whose clock is years off
    page.goto(base + "/desk/launch?desk=C&lang=zh")
    page.context.set_offline(True)
    page.fill("#scan", "16000005503")
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_selector("text=线路不通，已先记下")
    page.clock.run_for(90_000)
    page.context.set_offline(False)
    page.clock.run_for(6_000)
    page.wait_for_selector('#waiting[data-waiting="0"]', state="attached")
    (row,) = pages.office.look(lambda one: one.read(e.Arrival, "phone", "16000005503"))
    assert row.offline
    before = pages.office.now() - (row.at if isinstance(row.at, int) else row.at.earliest)
    assert 0 <= before < 600_000_000, "minutes ago by one clock, whatever that clock says"
    page.close()


def test_an_agent_sends_a_file_without_javascript(site, tmp_path):
    pages, base, browser = site
    agent, _, phone = agent_of(pages)
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(base + pages.office.invite(Role.AGENT, agent, agent, phone))
    page.click("main button")
    page.goto(base + "/agent/register")
    file = tmp_path / "客户.csv"
    file.write_text("客户,电话,预计到访\n钱测试,160****5601,\n孙测试,160000,\n", encoding="gb18030")
    page.set_input_files("#table", str(file))
    page.get_by_role("button", name="逐行报备").click()
    assert "收到 1 条" in page.inner_text("main")
    assert "第 3 行" in page.inner_text("main")
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "answers-phone-zh-light.png"), full_page=True)
    context.close()


def test_a_buyer_objects_and_asks_without_javascript(site, people):
    pages, base, browser = site
    context = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(base + pages.office.invite(Role.PERSON, "", "", people[1]["buyer"]))
    page.click("main button")
    page.goto(base + "/me")
    page.get_by_role("link", name=re.compile("更正、反对、解释")).click()
    page.check("#right-explain")
    page.select_option("#about", "deal")
    page.fill("#words", "为什么记在中介名下？")
    page.get_by_role("button", name="提交").click()
    assert "请求已收到" in page.inner_text("main")
    assert "答复期限" in page.inner_text("main")
    context.close()
