"""The guided walk of the demo's start page, as a stranger does it: one window, its own buttons, step by step."""

import os
import re
from pathlib import Path

import pytest
from browsing import chromium, demo
from test_deal_in_the_browser import DESKTOP, PHONE, Person

pytestmark = pytest.mark.slow
SHOTS = os.environ.get("SHOTS", "")
CLIENT = "16000008888"


@pytest.fixture(scope="module")
def office():
    with demo() as base, chromium() as browser:
        yield base, browser


class Stranger(Person):
    """Follows what the start page says, in one window."""

    def __init__(self, office, screen, lang, name):
        super().__init__(office, screen)
        self.name, self.at, self.lang = name, 0, lang
        self.go(f"/demo?lang={lang}")

    def shot(self):
        self.at += 1
        if SHOTS:
            self.page.wait_for_timeout(200)
            self.page.screenshot(path=str(Path(SHOTS) / f"walk-{self.name}-{self.at:02}.png"), full_page=True)
        self.page.wait_for_load_state()
        wide = self.page.locator("html").evaluate("page => page.scrollWidth - innerWidth")
        assert wide <= 0, (self.page.url, wide)

    def back(self):
        """The strip at the top leads back to the steps."""
        self.page.locator(".demo a").first.click()
        self.page.wait_for_url("**/demo")

    def become(self, key):
        self.page.click(f"#login-{key}")
        self.page.click("main button")
        self.shot()

    def text_code(self):
        """Opened beside the page, as the start page does it; the form keeps what was typed."""
        with self.context.expect_page() as opened:
            self.page.locator(".demo a").nth(1).click()
        text = opened.value.locator(f'[data-phone="{CLIENT}"]').first.inner_text()
        opened.value.close()
        return re.search(r"验证码 (\d{6})", text).group(1)

    def send(self, at=0):
        self.page.locator("main form button.button").nth(at).click()


def arrives(me):
    """Steps 1 to 5: registered, confirmed, at the door, escorted."""
    # 1 the agent registers
    me.become("agent")
    me.page.locator("p.two a").first.click()
    me.page.fill("#client", "王测试")
    me.page.fill("#phone", "160****8888")
    me.send()
    me.shot()
    link = me.page.inner_text("#link")
    # 2 the client confirms: "open that link"
    me.go(link)
    me.page.fill("#phone", CLIENT)
    me.send()
    me.page.fill("#code", me.text_code())
    me.page.check("#before-no")
    me.page.locator("#answer button").first.click()
    me.shot()
    # 3 half an hour
    me.back()
    me.page.click('button[value="31"]')
    # 4 at the door
    me.page.click("#door-link")
    me.shot()
    me.page.locator("#ways a").first.click()
    me.page.fill("#phone", CLIENT)
    me.send()
    me.page.fill("#code", me.text_code())
    me.send()
    me.shot()
    me.page.check("#origin-agent")
    me.page.locator("#agent").select_option(index=1)
    me.send()
    me.shot()
    # 5 the agent: sign in, come back, scan, choose
    me.back()
    me.page.locator('.walk a[href="/demo/as/agent"]').nth(1).click()
    me.page.click("main button")
    me.back()
    me.page.locator('.walk a[href^="/v?d="]').nth(1).click()
    me.page.locator('a[href^="/agent/escort"]').click()
    me.page.locator("#registration").select_option(index=1)
    me.send()
    me.shot()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_the_walk_ends_with_a_channel_deal_and_an_empty_record(office, lang, screen):
    me = Stranger(office, PHONE if screen == "phone" else DESKTOP, lang, f"{screen}-{lang}")
    me.page.click("#reset")
    me.page.wait_for_url("**/demo?fresh=1")
    me.shot()
    arrives(me)
    # 6 reception, consultant
    me.back()
    me.become("reception")
    assert "160****8888" in me.text()
    me.back()
    me.become("consultant")
    me.page.locator('a[href="/consult/deal"]').click()
    me.page.fill("#buyer1", CLIENT)
    me.page.fill("#room", "A101")
    me.page.fill("#price", "2150000")
    me.send()
    me.shot()
    # 7 the ruling
    me.back()
    me.become("manager")
    me.page.click("text=A101")
    me.shot()
    assert me.page.locator("h1 .CHANNEL").count() == 1
    me.back()
    me.become("agency")
    # 8 the buyer
    me.back()
    me.page.click('button[value="2"]')
    me.page.click("#buyer")
    me.page.fill("#phone", CLIENT)
    me.send()
    me.page.fill("#code", me.text_code())
    me.send()
    me.page.wait_for_url("**/me")
    me.shot()
    me.page.locator('a[href^="/me/visit/"]').first.click()
    me.page.wait_for_selector("#verdict.good")
    me.shot()
    me.page.locator('a[href="/me"]').first.click()
    me.page.locator('.ways a[href="/me/erase"]').click()
    me.send()
    me.page.wait_for_selector("#salt")
    me.shot()
