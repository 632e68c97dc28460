"""Every page of a site and what forms answer, opened in Chinese and in English over a season that was lived through.

SHOTS=FOLDER keeps a picture of each, to be looked at (docs/pages.md).
"""

import os
import re
import tempfile
from pathlib import Path

import pytest
from browsing import chromium
from screens import WALKED, page_routes
from seasoned import agent_of, on_a_port, seasoned
from test_office_pages_in_the_browser import every, flagged

from mingshi.app.arrive import ArriveAtDesk, arrive_at_desk
from mingshi.app.check_in import CheckIn
from mingshi.app.facts import SettlementMade
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.publish_policy import ProposePolicy, PublishPolicy, propose_policy, publish_policy
from mingshi.app.record_payment import RecordCancellation, record_cancellation
from mingshi.app.rule_deal import last_given
from mingshi.app.settle import lines_of
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import CancelKind, DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.domain.moment import earliest
from mingshi.domain.roles import Role
from mingshi.kernel.canonical import loads, mapping, sequence
from mingshi.kernel.timeline import DAY, MINUTE, Micros
from mingshi.web import asgi, render

pytestmark = pytest.mark.slow
SHOTS = os.environ.get("SHOTS", "")
SCREENS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1280, 900)}
NOT_A_PAGE = {"base.html.j2", "parts.html.j2", "demo/start.html.j2", "demo/phones.html.j2"}
LONG = "欧阳测试（太太代办，周末下午三点以后来，需要轮椅通道）"
REASON = "客户在四月二日已由本案场的置业顾问接待，报备在到访之后；双方到访记录与短信时间一致，另有联单可查。" * 3
CHINESE = re.compile("[，。：；、？！（）]")
"""What an English page holds only where somebody typed it, or a template forgot a language."""
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,]+[a-z]{2,}){3,}")
"""Four words on end are no name and no term."""
TYPED = (
    LONG[:40],
    REASON.strip(),
    "到访人数写错了：是三个人。",
    "为什么记在中介名下？",
    "项目：… 客户：… 电话：… 预计到访：…",
    "客户出差，约好下周来。",
    "我是自己来的，没有人带我。",
)
STAFF = {
    "finance": (Role.FINANCE, "财务-01", "desk"),
    "second": (Role.FINANCE, "财务-02", "desk"),
    "manager": (Role.MANAGER, "经理-09", "desk"),
    "risk": (Role.RISK, "风控-01", "desk"),
    "auditor": (Role.AUDITOR, "检查", "desk"),
    "reception": (Role.RECEPTION, "前台-09", "tablet"),
    "display": (Role.DISPLAY, "门口平板", "tablet"),
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


@pytest.fixture(scope="module")
def seen(site):
    """What was rendered: language, method, route and template, as the server itself did it."""
    routes = {
        path: re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$")
        for path in sorted(page_routes(), key=lambda path: ("{" in path, path))
    }
    found = set()

    def watched(ask, page):
        route = next((path for path, pattern in routes.items() if pattern.match(ask.path)), ask.path)
        found.add((ask.lang.value, ask.method, route if page.status < 400 else "", page.template))
        return render.render(ask, page)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asgi, "render", watched)
        yield found


class Walk:
    """One language's people, each with a browser of their own."""

    def __init__(self, site, lang):
        self.pages, self.base, self.browser = site
        self.lang = lang
        self.people, self.screens, self.wrong, self.taken = {}, {}, [], []

    def person(self, name, screen="phone", path=""):
        size = dict(zip(("width", "height"), SCREENS[screen], strict=True))
        context = self.browser.new_context(locale="zh-CN" if self.lang == "zh" else "en-GB", viewport=size)
        page = context.new_page()
        page.set_default_timeout(10_000)
        self.people[name], self.screens[name] = page, screen
        if path:
            page.goto(self.base + path)
            page.click("main button")
        return page

    def invited(self, name, role, who, phone="", screen="phone"):
        self.pages.clock.skip(MINUTE)  # nobody asks too often: the walk is quicker than people are
        return self.person(name, screen, self.pages.office.invite(role, who, who or phone, phone))

    def go(self, name, path):
        self.pages.clock.skip(MINUTE)
        page = self.people[name]
        page.goto(path if path.startswith("http") else self.base + path)
        return page

    def shot(self, name, title):
        """Keep a picture; note what sticks out, and Chinese of our own on an English page."""
        page = self.people[name]
        page.wait_for_load_state()
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        if page.evaluate("document.documentElement.scrollWidth") > SCREENS[self.screens[name]][0]:
            self.wrong.append(f"{title} {self.lang}: wider than the screen")
        assert page.get_attribute("html", "lang") == ("zh-CN" if self.lang == "zh" else "en"), title
        shown = page.inner_text("main")
        for typed in TYPED:
            shown = shown.replace(typed, "")
        shown = re.sub("^我的.*", "", shown, flags=re.MULTILINE)  # a request in the words of whoever made it
        strange = (ENGLISH if self.lang == "zh" else CHINESE).search(shown)
        if strange:
            near = shown[max(0, strange.start() - 40) : strange.end() + 20]
            self.wrong.append(f"{title} {self.lang}: {strange.group()!r} near {near!r}")
        self.taken.append(title)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"{title}-{self.lang}.png"), full_page=True)

    def open(self, name, path, title):
        self.go(name, path)
        self.shot(name, title)

    def send(self, name, selector="main form button.button"):
        self.pages.clock.skip(MINUTE)
        self.people[name].locator(selector).first.click()
        self.people[name].wait_for_load_state()

    def code(self, phone):
        self.pages.office._courier.settle()
        return next(re.search(r"(\d{6})", text).group(1) for to, text in self.pages.handset.texts() if to == phone)

    def door(self):
        return f"/v?d={self.pages.office.door.show(self.pages.office.now()).code}"


def visitors(w, tail):
    """At the door: every way, what goes wrong, and not at all."""
    phone = f"1600000{tail}"
    anyone = w.person("anyone")
    for title, path in (
        ("front", "/"), ("notice", "/notice"), ("verify", "/verify"), ("choose-from-afar", "/v"),
        ("door-code-old", "/v?d=ZZZZZZ"), ("phone-not-here", "/v/phone"), ("paper", "/v/paper"), ("none", "/v/none"),
        ("sign-in", "/sign-in?next=/me"), ("sign-in-agent", "/sign-in?next=/agent"), ("staff", "/staff"),
        ("missing", "/nothing-here"), ("login-used", "/in/0000"),
    ):  # fmt: skip
        w.open("anyone", path, title)
    w.go("anyone", "/v")
    anyone.fill("#door", "QQQQQQ")
    w.send("anyone")
    w.shot("anyone", "door-code-wrong")
    w.go("anyone", w.door())
    w.shot("anyone", "choose")
    ticket = anyone.get_attribute("#ways a", "href").partition("?")[2]
    w.open("anyone", f"/v/key?{ticket}", "key")
    w.open("anyone", f"/v/code?{ticket}", "code")
    anyone.fill("#code", "ABCD")
    w.send("anyone")
    w.shot("anyone", "code-wrong")
    w.go("anyone", w.door())
    anyone.locator("#ways a").first.click()
    w.shot("anyone", "phone")
    anyone.fill("#phone", "1600000")
    anyone.fill("#party", "99")
    w.send("anyone")
    w.shot("anyone", "phone-wrong")
    anyone.fill("#phone", phone)
    anyone.fill("#party", "2")
    w.send("anyone")
    w.shot("anyone", "phone-code")
    anyone.fill("#code", "000000")
    w.send("anyone")
    w.shot("anyone", "phone-code-wrong")
    anyone.fill("#code", w.code(phone))
    w.send("anyone")
    w.shot("anyone", "who")
    w.send("anyone")
    w.shot("anyone", "who-wrong")
    anyone.check("#origin-nobody")
    w.send("anyone")
    w.shot("anyone", "me-said")
    w.people["fresh"], w.screens["fresh"] = anyone, "phone"
    return phone


def fresh_visitor(w, phone):
    """Somebody who came once, with nothing else on record: empty states, rights, erasing."""
    fresh = w.people["fresh"]
    visit = w.go("fresh", "/me").get_attribute('a[href^="/me/visit/"]', "href")
    w.pages.office.site.sign()
    w.open("fresh", visit, "receipt")
    w.open("fresh", "/me/keys", "keys")
    w.send("fresh", 'form[action="/me/keys/code"] button')
    w.shot("fresh", "one-time-code")
    code = fresh.inner_text("#visit-code")
    w.open("fresh", "/me/keys", "keys-one")
    w.open("fresh", "/me/receipt", "show-receipt")
    fresh.fill("#receipt", "MS3:nothing")
    w.send("fresh")
    w.shot("fresh", "show-receipt-wrong")
    w.go("fresh", visit)
    receipt = fresh.inner_text("#receipt-code")
    w.go("fresh", "/me/receipt").fill("#receipt", receipt)
    w.send("fresh")
    w.shot("fresh", "show-receipt-done")
    w.open("fresh", "/me/ask", "ask-empty")
    w.send("fresh")
    w.shot("fresh", "ask-wrong")
    w.go("fresh", "/me")
    w.send("fresh", 'form[action="/me/restrict"] button')
    w.shot("fresh", "restricted")
    w.open("fresh", "/agent", "forbidden")
    w.person("coded")
    w.go("coded", w.door())
    ticket = w.people["coded"].get_attribute("#ways a", "href").partition("?")[2]
    w.go("coded", f"/v/code?{ticket}").fill("#code", code)
    w.send("coded")
    w.shot("coded", "code-done")
    w.go("fresh", "/me")
    w.send("fresh", 'form[action^="/me/consent/"] button')
    w.shot("fresh", "withdrawn")
    w.open("fresh", "/me/erase", "erase")
    w.open("fresh", "/me/paper", "sheet-empty")
    over(w)
    gone(w, phone)


def over(w):
    """A second tab of a session that was ended in the first."""
    fresh = w.people["fresh"]
    w.go("fresh", "/me")
    tab = fresh.context.new_page()
    tab.goto(w.base + "/me/ask")
    tab.fill("#words", "到访人数写错了")
    w.send("fresh", 'form[action="/sign-out"] button')
    w.people["tab"], w.screens["tab"] = tab, "phone"
    w.send("tab")
    w.shot("tab", "signed-out")


def gone(w, phone):
    """Erased, and the proof of it."""
    w.invited("leaver", Role.PERSON, "", phone)
    w.go("leaver", "/me/erase")
    w.send("leaver")
    w.shot("leaver", "erased")
    number = w.people["leaver"].locator("main dl code").first.inner_text()
    w.open("leaver", f"/erased/{number}", "erasure")


def agents(w, tail):
    """Registering, the client's answer, the list, a ruling."""
    agent, agency, number = agent_of(w.pages)
    page = w.invited("agent", Role.AGENT, agent, number)
    w.open("agent", "/agent", "agent")
    w.open("agent", "/agent/register", "register")
    w.send("agent")
    w.shot("agent", "register-wrong")
    page.fill("#client", LONG[:40])
    page.fill("#phone", f"1600001{tail}")
    w.send("agent")
    w.shot("agent", "register-masked")
    w.send("agent")
    w.shot("agent", "client-new")
    link, registration = page.inner_text("#link"), page.url
    w.go("agent", "/agent/register").fill("#block", f"客户：钱测试\n电话：160****{tail}\n\n客户：孙测试\n电话：160000")
    w.send("agent", 'form[action="/agent/register/text"] button')
    w.shot("agent", "answers")
    other = w.go("agent", "/agent/register")
    other.fill("#client", "李测试")
    other.fill("#phone", f"160****{int(tail) + 1}")
    w.send("agent")
    refused = other.inner_text("#link")
    client = w.person("client")
    w.open("client", link, "link")
    client.fill("#phone", "16000001111")
    w.send("client")
    w.shot("client", "link-wrong-number")
    client.fill("#phone", f"1600001{tail}")
    w.send("client")
    w.shot("client", "link-code")
    client.fill("#code", w.code(f"1600001{tail}"))
    w.send("client", "#answer button")
    w.shot("client", "link-yes")
    w.open("client", link, "link-answered")
    w.open("client", "/me", "me-registered")
    w.person("refuser")
    w.go("refuser", refused).fill("#phone", f"1600001{int(tail) + 1}")
    w.send("refuser")
    w.people["refuser"].fill("#code", w.code(f"1600001{int(tail) + 1}"))
    w.send("refuser", "#answer button >> nth=1")
    w.shot("refuser", "link-no")
    escorts(w, registration)
    ruled(w)
    return agency


def escorts(w, registration):
    """Confirmed; too early at the door."""
    page = w.people["agent"]
    w.open("agent", registration.partition("?")[0], "client-confirmed")
    w.open("agent", "/agent/escort", "escort-from-afar")
    w.go("agent", w.door())
    w.shot("agent", "choose-as-agent")
    page.locator('a[href^="/agent/escort"]').first.click()
    w.shot("agent", "escort")
    page.select_option("#registration", registration.partition("?")[0].rpartition("/")[2])
    w.send("agent")
    w.shot("agent", "client-escorted")


def ruled(w):
    """A client who bought, as the agent who had registered them reads of it."""
    for row in every(w.pages, e.Deal):
        given = w.pages.office.look(lambda one, row=row: last_given(one, row.id))
        claims = sequence(mapping(loads(given.text.encode()))["claims"]) if given else []
        mine = [str(mapping(one)["registration"]) for one in claims]
        found = w.pages.office.look(
            lambda one, mine=mine: [
                (one.read(e.Registration, "id", name)[0], one.read(e.Confirmation, "registration", name))
                for name in mine
            ]
        )
        said_yes = next((registration for registration, answers in found if answers), None)
        if said_yes is None:
            continue
        whose = w.pages.office.look(lambda one, row=said_yes: one.read(e.Agent, "id", row.agent)[0])
        w.invited("winner", Role.AGENT, str(whose.id), str(whose.phone))
        w.open("winner", f"/agent/r/{said_yes.id}", "client-ruled")
        w.open("winner", "/agent", "agent-busy")
        w.go("winner", f"/agent/r/{said_yes.id}")
        w.send("winner")
        w.shot("winner", "client-object-wrong")
        return
    raise AssertionError("no deal of the season was heard")


def at_the_desk(w, tail):
    """Reception: the ordinary screen, launch day, what is wrong."""
    page = w.invited("reception", *STAFF["reception"][:2], screen="tablet")
    for at, name in enumerate(("1600005", "1600006", "1600007")):
        visit = CheckIn(Contact(f"{name}{tail}"), Means.RECEPTION, DoorCode.VALID, staff="前台-09", party_adults=at + 1)
        assert w.pages.office.run(arrive_at_desk, ArriveAtDesk(visit, w.lang, name + tail, ActMeans.SPOKEN)).answer
    w.open("reception", "/desk", "desk")
    page.fill("#phone", "123")
    w.send("reception", "#entry button")
    page.wait_for_timeout(500)
    w.shot("reception", "desk-wrong")
    w.go("reception", "/desk").fill("#counterfoil", tail)
    w.send("reception", 'form[action="/desk/paper"] button')
    w.shot("reception", "desk-paper")
    w.go("reception", "/desk")
    page.locator("summary").nth(1).click()
    page.fill("#withdraw_phone", f"1600006{tail}")
    w.send("reception", 'form[action="/desk/withdraw"] button')
    w.shot("reception", "desk-withdrawn")
    w.open("reception", "/desk/shell", "desk-off-line")
    w.open("reception", "/desk/launch?desk=B", "launch")
    page.fill("#scan", "?!")
    w.send("reception", "#entry button")
    page.wait_for_timeout(500)
    w.shot("reception", "launch-wrong")
    w.go("reception", "/desk/launch?desk=B")
    w.send("reception", 'button[value="paper"]')
    w.shot("reception", "launch-paper")
    receipt = "MS3:" + "A" * 40
    w.go("reception", "/desk/launch?desk=B").fill("#scan", receipt)
    w.send("reception", "#entry button")
    page.wait_for_timeout(500)
    w.shot("reception", "launch-receipt")
    w.invited("display", *STAFF["display"][:2], screen="tablet")
    w.open("display", "/door", "door")
    w.open("reception", "/account", "account")
    page.fill("#password", "kurz")
    w.send("reception", 'form[action="/account/password"] button')
    w.shot("reception", "account-wrong")
    staff = w.go("anyone", "/staff")
    staff.fill("#who", "前台-09")
    staff.fill("#password", "wrong")
    staff.fill("#code", "000000")
    w.send("anyone", 'form[action="/staff"] button')
    w.shot("anyone", "staff-wrong")
    w.go("anyone", w.pages.office.invite(Role.RECEPTION, "前台-09", "前台-09"))
    w.shot("anyone", "login-once")


def consultants(w, tail):
    """Looking up, a purchase."""
    rows = every(w.pages, e.Staff)
    busy = {row.consultant for row in every(w.pages, e.Deal)}
    who = next((row.id for row in rows if row.id in busy), next(row.id for row in rows if row.role == "置业顾问"))
    page = w.invited("consultant", Role.CONSULTANT, str(who), screen="desk")
    w.open("consultant", "/consult", "consult")
    page.fill("#phone", f"1600005{tail}")
    w.send("consultant", 'form[action="/consult/look-up"] button')
    w.shot("consultant", "consult-wrong")
    page.fill("#reason", "客户来电咨询")
    w.send("consultant", 'form[action="/consult/look-up"] button')
    w.shot("consultant", "consult-known")
    w.open("consultant", "/consult/deal", "subscription")
    page.fill("#price", "二百万")
    w.send("consultant")
    w.shot("consultant", "subscription-wrong")
    page.fill("#buyer1", f"1600001{tail}")
    page.fill("#room", "12栋1单元1201")
    page.fill("#price", "2150000")
    w.send("consultant")
    w.shot("consultant", "consult-sold")
    return page.inner_text(".note.good code")


def managers(w, agency, sold):
    """The ledger, a doubtful deal decided by two sides, requests."""
    page = w.invited("manager", *STAFF["manager"][:2], screen="desk")
    reviewer = w.invited("reviewer", Role.AGENCY, f"{agency}/复核人")
    w.open("manager", "/rulings", "rulings")
    w.open("manager", f"/rulings/{sold}", "ruling-new")
    w.open("reviewer", "/agency", "agency")
    w.open("reviewer", f"/agency/{sold}", "agency-ruling")
    rulings = w.go("manager", "/rulings").locator('tbody a[href^="/rulings/"]')
    for at in range(min(rulings.count(), 12)):
        w.go("manager", "/rulings").locator('tbody a[href^="/rulings/"]').nth(at).click()
        if page.locator("#outcome-NATURAL").count() and page.locator("#registration option").count() > 1:
            break
    deal = page.url.rpartition("/")[2]
    w.shot("manager", "ruling-waits")
    w.send("manager", 'form[action$="/decide"] button')
    w.shot("manager", "ruling-decide-wrong")
    page.check("#outcome-NATURAL")
    page.locator("input[name=evidence]").first.check()
    page.fill("#reason", REASON)
    w.send("manager", 'form[action$="/decide"] button')
    w.shot("manager", "ruling-proposed")
    given = w.pages.office.look(lambda one: last_given(one, deal))
    claims = [mapping(one) for one in sequence(mapping(loads(given.text.encode()))["claims"])]
    w.invited("other", Role.AGENCY, f"{claims[0]['agency']}/复核人")
    w.open("other", "/agency", "agency-waits")
    w.open("other", f"/agency/{deal}", "agency-to-sign")
    w.send("other", 'button[value="yes"]')
    w.shot("other", "agency-signed")
    w.open("manager", f"/rulings/{deal}", "ruling-decided")
    w.send("manager", 'form[action$="/again"] button')
    w.shot("manager", "ruling-again")
    assert reviewer
    return deal


def buyers(w):
    """Somebody with a deal, an escort, look-ups: everything; objections, requests and their answers."""

    def has(kind, row):
        return w.pages.office.look(lambda one: one.read(kind, "phone", row.buyers[0]))

    rows = [row for row in every(w.pages, e.Deal) if row.buyers and has(e.Escort, row) and has(e.Arrival, row)]
    row = rows[0 if w.lang == "zh" else -1]
    page = w.invited("buyer", Role.PERSON, "", row.buyers[0])
    w.open("buyer", "/me", "me")
    w.open("buyer", "/me/erase", "erase-bought")
    w.open("buyer", "/v/who", "who-later")
    w.open("buyer", "/me/paper", "sheet")
    w.open("buyer", "/me/move", "move")
    w.send("buyer")
    w.shot("buyer", "move-wrong")
    w.go("buyer", "/me")
    page.locator("summary").first.click()
    form = page.locator('form[action$="/object"]').first
    form.locator("button").click()
    w.shot("buyer", "object-wrong")
    page.fill("#ground", "我是自己来的，没有人带我。")
    w.send("buyer")
    w.shot("buyer", "object-done")
    w.open("buyer", "/me", "me-objected")
    visit = page.locator('a[href^="/me/ask?visit="]').first.get_attribute("href")
    w.open("buyer", visit, "ask")
    page.fill("#words", "到访人数写错了：是三个人。")
    w.send("buyer")
    w.shot("buyer", "ask-taken")
    w.go("buyer", "/me/ask").check("#right-explain")
    page.select_option("#about", "deal")
    page.fill("#words", "为什么记在中介名下？")
    w.send("buyer")
    w.open("manager", "/requests", "requests")
    manager = w.people["manager"]
    w.send("manager", 'form[action^="/requests/"] button')
    w.shot("manager", "requests-wrong")
    manager.locator('input[value="refused"]').first.check()
    manager.locator("select[name=ground]").first.select_option(index=1)
    w.send("manager", 'form[action^="/requests/"] button')
    w.shot("manager", "requests-answered")
    w.open("buyer", "/me/ask", "ask-answered")


def back_office(w, deal):
    """Finance, risk, inspection."""
    page = w.invited("finance", *STAFF["finance"][:2], screen="desk")
    w.open("finance", "/finance", "finance")
    w.send("finance")
    w.shot("finance", "finance-nothing-due")
    made = every(w.pages, SettlementMade)
    gone = {row.deal for row in every(w.pages, e.Cancellation)}
    undone = next(line.deal for row in made for line in lines_of(row) if line.amount > 0 and line.deal not in gone)
    command = RecordCancellation(undone, CancelKind.CONTRACT, w.pages.office.now())
    assert w.pages.office.run(record_cancellation, command).answer
    w.go("finance", "/finance")
    w.send("finance")
    w.shot("finance", "settlement-made")
    settlement = "/finance/s/" + page.url.rpartition("/")[2].partition("?")[0]
    w.invited("manager", *STAFF["manager"][:2], screen="desk")
    w.invited("second", *STAFF["second"][:2], screen="desk")
    w.open("manager", settlement, "settlement")
    w.send("manager")
    w.open("second", settlement, "settlement-second")
    w.send("second")
    w.invited("finance", *STAFF["finance"][:2], screen="desk")
    page = w.people["finance"]
    w.open("finance", settlement, "settlement-to-pay")
    w.open("finance", page.locator('a[href^="/finance/d/"]').first.get_attribute("href"), "settled-deal")
    w.open("finance", "/finance", "finance-made")
    largest = max(made, key=lambda row: len(lines_of(row)))
    w.open("finance", f"/finance/s/{largest.id}", "settlement-paid")
    w.open("finance", "/finance?m=2020-01", "finance-empty")
    w.open("finance", f"/finance/d/{deal}", "settled-deal-waits")
    risk = w.invited("risk", *STAFF["risk"][:2], screen="desk")
    w.open("risk", "/risk", "signs")
    w.open("risk", "/risk?tier=Z", "signs-none")
    sign = next(str(row.id) for row in flagged(w.pages))
    w.open("risk", f"/risk/{sign}", "sign")
    risk.fill("#ground", REASON)
    w.send("risk")
    w.shot("risk", "sign-objected")
    w.invited("auditor", *STAFF["auditor"][:2], screen="desk")
    w.go("auditor", "/audit").wait_for_selector("#verdict:not([hidden])")
    w.shot("auditor", "audit")
    for name in ("lookups", "consents", "rights"):
        w.open("auditor", f"/audit/{name}", name)
    w.open("auditor", "/audit/lookups?day=2020-01-01", "lookups-none")


def rules_and_windows(w, agency):
    """Extending a window, new rules for both sides, patterns and whom they are about."""
    page = w.invited("manager", *STAFF["manager"][:2], screen="desk")
    w.open("manager", "/windows", "windows-empty" if w.lang == "zh" else "windows")
    w.send("manager")
    w.shot("manager", "windows-wrong")
    agent = agent_of(w.pages)[0]
    mine = w.pages.office.look(lambda one: one.read(e.Registration, "agent", agent))
    page.fill("#registration", max(mine, key=lambda row: earliest(row.at)).id)
    page.check("#window-report")
    page.fill("#days", "7")
    page.fill("#reason", "客户出差，约好下周来。")
    w.send("manager")
    w.shot("manager", "windows-proposed")
    if w.lang == "zh":
        ahead = Micros(w.pages.office.now() + 20 * DAY)
        one = ProposePolicy("秋季版", "open", {"lead_min": 45, "visit_protect_days": 45}, ahead, "王经理")
        proposed = w.pages.office.run(propose_policy, one).answer
        assert w.pages.office.run(publish_policy, PublishPolicy(proposed.ids["proposal"], "陈总监")).answer
    w.open("manager", "/rules", "rules")
    w.invited("reviewer", Role.AGENCY, f"{agency}/复核人")
    w.open("reviewer", "/agency/rules", "agency-rules")
    staff = next(row.id for row in every(w.pages, e.Staff) if row.role == "置业顾问" and row.until is None)
    for guest in range(21):
        number = Contact(f"1600{len(w.lang)}{guest:02d}{'56' if w.lang == 'zh' else '57'}00")
        assert w.pages.office.run(look_up, LookUp(staff, number, "回访")).answer
    w.pages.office.look_for_patterns()
    w.invited("risk", *STAFF["risk"][:2], screen="desk")
    w.open("risk", "/risk/patterns", "patterns")
    w.invited("consultant", Role.CONSULTANT, str(staff), screen="desk")
    w.open("consultant", "/mine", "mine")


def walk(site, lang):
    w = Walk(site, lang)
    tail = "3001" if lang == "zh" else "4001"
    phone = visitors(w, tail)
    agency = agents(w, tail)
    at_the_desk(w, tail)
    sold = consultants(w, tail)
    deal = managers(w, agency, sold)
    buyers(w)
    w.person("anyone")
    fresh_visitor(w, phone)
    back_office(w, deal)
    rules_and_windows(w, agency)
    return w


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_and_every_answer_is_opened(site, seen, lang):
    w = walk(site, lang)
    assert not w.wrong, w.wrong
    assert len(w.taken) == len(set(w.taken)) >= 110
    assert {route for told, method, route, _ in seen if told == lang and method == "GET"} >= WALKED
    folder = Path(render.__file__).parent / "templates"
    templates = {str(path.relative_to(folder)) for path in folder.rglob("*.j2")} - NOT_A_PAGE
    assert templates == {template for told, _, _, template in seen if told == lang}
