"""Every page of a site in Chromium: both languages, phone, tablet and desk, light and dark; quiet, light, accessible.

SHOTS=FOLDER keeps a picture of each, to be looked at (docs/pages.md).
"""

import os
from pathlib import Path
from typing import NamedTuple

import pytest
import test_deal_in_the_browser as deal
from browsing import chromium, demo
from test_pages_in_a_browser import TAGS, axe

pytestmark = pytest.mark.slow
assert axe, "a fixture"
SCREENS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1280, 900)}
HEAVIEST = 100_000
SHOTS = os.environ.get("SHOTS", "")
NUMBER = "16000007777"


class Place(NamedTuple):
    """A page: who opens it, where, and on what kind of screen they usually do."""

    name: str
    who: str
    path: str
    screen: str = "phone"


@pytest.fixture(scope="module")
def site():
    """A demo in which one deal waits for both reviewers, and somebody of each role."""
    with demo() as base, chromium() as browser:
        office = (base, browser)
        agent, link = deal.register(office, NUMBER)
        deal.confirm(office, link, NUMBER)
        deal.skip(office, 2)
        buyer = deal.check_in(office, NUMBER, first="2026-05-01T10:00")
        scripted = deal.Person(office, deal.PHONE)  # who checked in without JavaScript looks at the pages with it
        scripted.context.add_cookies(buyer.context.cookies())
        deal.escort(agent)
        consultant = deal.Person(office, deal.DESKTOP).login("consultant")
        consultant.page.fill("#phone", NUMBER)
        consultant.page.fill("#reason", "客户来电咨询")
        consultant.press("查询")
        number = deal.subscribe(office, NUMBER)
        manager = deal.Person(office, deal.DESKTOP).login("manager").go(f"/rulings/{number}")
        manager.page.check("#outcome-NATURAL")
        manager.page.locator("input[name=evidence]").first.check()
        manager.page.fill("#reason", "报备不足三十分钟。")
        manager.press("提交")
        people = {
            "anyone": deal.Person(office, deal.PHONE),
            "client": deal.Person(office, deal.PHONE),
            "agent": agent,
            "buyer": scripted,
            "consultant": consultant,
        }
        people |= {"manager": manager, "consultant": consultant}
        for key in ("agency", "reception", "display"):
            people[key] = deal.Person(office, deal.DESKTOP).login(key)
        _, other = deal.register(office, "16000007778")
        yield people, number, agent.page.url if "/r/" in agent.page.url else link, other


def places(site):
    people, number, registration, link = site
    door = people["anyone"].at_the_door()
    anyone = people["anyone"].go(door)
    ticket = anyone.page.get_attribute("#ways a", "href").partition("?")[2]
    visit = people["buyer"].go("/me").page.get_attribute('a[href^="/me/visit/"]', "href")
    mine = registration.rpartition("/")[2].partition("?")[0]
    return [
        Place("front", "anyone", "/"),
        Place("demo", "anyone", "/demo"),
        Place("choose", "anyone", door),
        Place("choose-from-afar", "anyone", "/v"),
        Place("phone", "anyone", f"/v/phone?{ticket}"),
        Place("key", "anyone", f"/v/key?{ticket}"),
        Place("code", "anyone", f"/v/code?{ticket}"),
        Place("paper", "anyone", "/v/paper"),
        Place("none", "anyone", "/v/none"),
        Place("link", "anyone", link),
        Place("notice", "anyone", "/notice"),
        Place("verify", "anyone", "/verify"),
        Place("sign-in", "anyone", "/sign-in"),
        Place("staff", "anyone", "/staff"),
        Place("agent-sign-in", "anyone", "/sign-in?next=/agent"),
        Place("texts", "anyone", "/demo/phones"),
        Place("missing", "anyone", "/nothing-here"),
        Place("me", "buyer", "/me"),
        Place("who", "buyer", "/v/who"),
        Place("keys", "buyer", "/me/keys"),
        Place("receipt", "buyer", visit),
        Place("show-receipt", "buyer", "/me/receipt"),
        Place("erase", "buyer", "/me/erase"),
        Place("ask", "buyer", "/me/ask"),
        Place("sheet", "buyer", "/me/paper"),
        Place("move", "buyer", "/me/move"),
        Place("agent", "agent", "/agent"),
        Place("client", "agent", f"/agent/r/{mine}"),
        Place("register", "agent", "/agent/register"),
        Place("escort", "agent", "/agent/escort"),
        Place("desk", "reception", "/desk", "tablet"),
        Place("desk-off-line", "reception", "/desk/shell", "tablet"),
        Place("door", "display", "/door", "tablet"),
        Place("consult", "consultant", "/consult", "desk"),
        Place("subscription", "consultant", "/consult/deal", "desk"),
        Place("account", "consultant", "/account", "desk"),
        Place("rulings", "manager", "/rulings", "desk"),
        Place("ruling", "manager", f"/rulings/{number}", "desk"),
        Place("agency", "agency", "/agency"),
        Place("agency-ruling", "agency", f"/agency/{number}"),
    ]


def test_every_page_is_quiet_light_accessible_and_fits(site, axe):
    people, _, _, _ = site
    wrong = []
    for place in places(site):
        person = people[place.who]
        looks = [
            (place.screen, "zh", "light"),
            ("phone", "en", "dark"),
            ("desk", "zh", "dark"),
            ("tablet", "en", "light"),
        ]
        for screen, lang, scheme in looks:
            name = f"{place.name} {screen} {lang} {scheme}"
            page = person.context.new_page()
            page.set_default_timeout(15_000)
            said, weight = [], []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.on("response", lambda answer, weight=weight: weight.append(answer))
            page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
            page.emulate_media(color_scheme=scheme)
            address = place.path if place.path.startswith("http") else person.base + place.path
            page.goto(address + ("&" if "?" in address else "?") + f"lang={lang}")
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            if page.evaluate("document.documentElement.scrollWidth") > SCREENS[screen][0]:
                wrong.append(f"{name}: wider than the screen")
            heavy = sum(
                len(answer.body()) for answer in weight if answer.status == 200 and "/desk/live" not in answer.url
            )
            if heavy > HEAVIEST:
                wrong.append(f"{name}: {heavy} bytes")
            noise = [line for line in said if "404" not in line]
            if noise:
                wrong.append(f"{name}: {noise}")
            if SHOTS:
                page.screenshot(path=str(Path(SHOTS) / f"{place.name}-{screen}-{lang}-{scheme}.png"), full_page=True)
            page.evaluate(axe)
            found = page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
            wrong += [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
            assert len(found["passes"]) > 8
            page.close()
    assert not wrong, "\n".join(wrong)


def boxes(page, selector):
    found = page.evaluate(
        "s => [...document.querySelectorAll(s)].map(e => e.getBoundingClientRect()).map(r => [r.width, r.height])",
        selector,
    )
    return [(round(width), round(height)) for width, height in found]


def alike(page, selector):
    """Two answers look alike: size, colours, weight, and they stand on one line."""
    (first, second) = boxes(page, selector)
    assert first == second
    styles = page.evaluate(
        "s => [...document.querySelectorAll(s)].map(e => getComputedStyle(e)).map(s => "
        "[s.backgroundColor, s.color, s.fontSize, s.fontWeight, s.borderColor].join())",
        selector,
    )
    assert styles[0] == styles[1]
    assert page.locator("input[type=radio]:checked, input[type=checkbox]:checked").count() == 0


@pytest.mark.law("L-06")
def test_accepting_and_refusing_are_of_one_size(site):
    people, _, _, link = site
    guest, client = people["anyone"].go("/?lang=zh"), people["client"].go("/?lang=zh")
    client.go(link).page.fill("#phone", "16000007778")
    client.press("获取验证码")
    for width, height, lang in (*((*one, "zh") for one in SCREENS.values()), (390, 844, "en"), (260, 560, "en")):
        for person in (guest, client):
            person.page.set_viewport_size({"width": width, "height": height})
        guest.go(guest.at_the_door() + f"&lang={lang}")
        ways = boxes(guest.page, "#ways .button")
        assert len(ways) == 4
        assert len(set(ways)) == 1, ways
        guest.page.locator("#ways a").first.click()
        alike(guest.page, "form .two .button")
        alike(client.page, "#answer .button")


class Tapping:
    """Counts the taps; typing is counted apart."""

    def __init__(self, person):
        self.person, self.taps, self.typed = person, 0, 0

    def tap(self, selector):
        self.person.page.locator(selector).first.click()
        self.taps += 1

    def type(self, selector, text):
        self.person.page.fill(selector, text)
        self.typed += 1


@pytest.mark.law("L-06", "L-10")
def test_refusing_takes_no_more_taps_than_accepting_and_taking_back_no_more_than_giving(site):
    office = (site[0]["anyone"].base, site[0]["anyone"].context.browser)
    deal.skip(office, 2)
    phone = "16000007791"
    guest = deal.Person(office, deal.PHONE)
    giving = Tapping(guest)
    guest.go(guest.at_the_door())
    giving.tap("#ways >> text=短信验证码")
    giving.type("#phone", phone)
    giving.tap("text=获取验证码")
    giving.type("#code", guest.code(phone))
    giving.tap("text=同意并登记")
    guest.page.wait_for_url("**/v/who?new=1")
    # from every step on the way one tap ends it, with nothing typed
    at = ("#ways >> text=不登记", "form .two >> text=不登记", "form .two >> text=不登记")
    for step, selector in enumerate(at):
        other = deal.Person(office, deal.PHONE)
        refusing = Tapping(other)
        other.go(other.at_the_door())
        if step:
            other.page.click("#ways >> text=短信验证码")
        if step == 2:
            other.page.fill("#phone", "16000007792")
            other.press("获取验证码")
            assert other.page.locator("#code").count() == 1
        refusing.tap(selector)
        assert "没有记下任何与您有关的内容" in other.text()
        assert (refusing.taps, refusing.typed) == (1, 0)
        assert refusing.taps <= giving.taps
    # signed out, from the site's address alone
    guest.press("退出")
    deal.skip(office, 2)
    taking = Tapping(guest)
    guest.go("/me")
    taking.type("#phone", phone)
    taking.tap("text=获取验证码")
    taking.type("#code", guest.code(phone))
    taking.tap("main >> button:has-text('登录')")
    taking.tap("button:has-text('撤回')")
    assert "同意已撤回" in guest.text()
    assert taking.taps <= giving.taps, (taking.taps, giving.taps)
    assert taking.typed <= giving.typed


@pytest.mark.law("L-10")
def test_taking_back_a_consent_is_one_tap_on_ones_own_page(site):
    people, _, _, _ = site
    buyer = people["buyer"].go("/me?lang=zh")
    before = buyer.page.locator("text=撤回").count()
    buyer.page.get_by_role("button", name="撤回", exact=True).first.click()
    assert "同意已撤回" in buyer.text()
    assert buyer.go("/me").page.locator("text=撤回").count() <= before


PAPER = {"width": 703, "height": 1000}
"""A4 at 96 dpi without its margins."""


def test_what_is_printed_is_the_record_and_not_the_screen(site):
    people, number, _, _ = site
    buyer = people["buyer"].go("/me?lang=zh")
    visit = buyer.page.get_attribute('a[href^="/me/visit/"]', "href")
    printed = (("manager", f"/rulings/{number}", 3), ("buyer", visit, 1), ("buyer", "/me", 2), ("display", "/door", 1))
    for who, path, sheets in printed:
        page = people[who].context.new_page()
        page.goto(people[who].base + path + "?lang=zh")
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)
        assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"], path
        shown = page.locator("button:visible, input:visible, nav a:visible, .demo:visible, .button:visible")
        assert shown.count() == 0, (path, shown.first.inner_text())
        assert page.locator("h1:visible, .paper:visible").count() >= 1, path
        if path == visit:
            assert page.locator("#receipt-code:visible, .qr:visible").count() == 2
            assert page.locator("#receipt:visible").count() == 0
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"paper-{who}-{path.split('/')[1]}.png"), full_page=True)
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert 1 <= pdf.count(b"/Type /Page\n") <= sheets, path
        page.close()


def test_large_type_breaks_nothing(site):
    """A phone at 150 %: 260 px for 390."""
    people, _, _, _ = site
    wrong = []
    for place in places(site):
        if place.screen != "phone":
            continue
        page = people[place.who].context.new_page()
        page.set_viewport_size({"width": 260, "height": 560})
        page.goto(place.path if place.path.startswith("http") else people[place.who].base + place.path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        small = page.evaluate(
            "[...document.querySelectorAll('main .button, main input, main select')].filter(e => e.offsetParent)"
            ".filter(e => !['radio', 'checkbox', 'hidden'].includes(e.type))"
            ".filter(e => e.getBoundingClientRect().height < 44).length"
        )
        if wide > 260 or small:
            wrong.append((place.name, wide, small))
        page.close()
    assert not wrong
