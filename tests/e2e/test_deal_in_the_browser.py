"""The whole life of a deal in Debian's Chromium: every hop by the page of whoever does it, on their kind of screen."""

import re

import pytest
from browsing import chromium, demo

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "zh-CN"}
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}
CLIENT = "16000008888"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office():
    with demo() as base, chromium() as browser:
        yield base, browser


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, office, screen, *, script=True):
        self.base, browser = office
        self.context = browser.new_context(**screen, java_script_enabled=script)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)

    def go(self, path):
        self.page.goto(path if path.startswith("http") else self.base + path)
        return self

    def login(self, key):
        self.go("/demo").page.click(f"#login-{key}")
        self.page.click("main button")
        return self

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def text(self):
        return self.page.inner_text("main")

    def code(self, phone):
        """The newest code that came to a number."""
        other = self.context.new_page()
        other.goto(f"{self.base}/demo/phones")
        text = other.locator(f'[data-phone="{phone}"]').first.inner_text()
        other.close()
        return re.search(r"验证码 (\d{6})", text).group(1)

    def at_the_door(self):
        """The address that the sign's code leads to now."""
        other = self.context.new_page()
        other.goto(f"{self.base}/demo")
        path = other.get_attribute("#door-link", "href")
        other.close()
        return path


def register(office, phone):
    agent = Person(office, PHONE).login("agent")
    agent.go("/agent/register")
    agent.page.fill("#client", "王测试")
    agent.page.fill("#phone", f"{phone[:3]}****{phone[-4:]}")
    agent.press("报备")
    assert "已收到，待客户确认" in agent.text()
    return agent, agent.page.inner_text("#link")


def confirm(office, link, phone):
    client = Person(office, PHONE, script=False).go(link)
    assert "示例花园" in client.text()
    client.page.fill("#phone", phone)
    client.press("获取验证码")
    client.page.fill("#code", client.code(phone))
    client.page.check("#before-no")
    client.press("是，我确认")
    assert "已确认" in client.text()
    return client


def check_in(office, phone, agent_phone=None, first=None):
    visitor = Person(office, PHONE, script=False)
    visitor.go(visitor.at_the_door())
    visitor.page.get_by_role("link", name=re.compile("短信验证码")).click()
    visitor.page.fill("#phone", phone)
    visitor.page.fill("#party", "2")
    visitor.press("获取验证码")
    visitor.page.fill("#code", visitor.code(phone))
    visitor.press("同意并登记")
    assert "谁介绍您来的" in visitor.text()
    visitor.page.check("#origin-agent")
    visitor.page.locator("#agent").select_option(index=1)
    if first:
        visitor.page.click("summary")
        visitor.page.fill("#first", first)
    visitor.press("提交")
    assert "我的到访" in visitor.text()
    return visitor


def escort(agent):
    agent.go(agent.at_the_door())
    agent.page.get_by_role("link", name=re.compile("带看")).click()
    agent.page.locator("#registration").select_option(index=1)
    agent.press("我带他来的")
    assert "带看已确认" in agent.text()


def subscribe(office, phone):
    consultant = Person(office, DESKTOP).login("consultant")
    consultant.go("/consult/deal")
    consultant.page.fill("#buyer1", phone)
    consultant.page.fill("#room", "1-1-101")
    consultant.page.fill("#price", "2150000")
    consultant.press("登记")
    return consultant.page.inner_text(".note.good code")


def skip(office, minutes):
    Person(office, DESKTOP).go("/demo").page.click(f'button[value="{minutes}"]')


def test_whole_life_of_a_deal_from_the_sign_to_the_ruling(office):
    agent, link = register(office, CLIENT)
    client = confirm(office, link, CLIENT)
    agent.page.reload()
    assert "距可到访还有" in agent.text()
    skip(office, 31)
    check_in(office, CLIENT)
    escort(agent)
    desk = Person(office, DESKTOP).login("reception")
    assert "160****8888" in desk.text()
    assert "介绍" not in desk.page.inner_text("tbody")
    deal = subscribe(office, CLIENT)
    manager = Person(office, DESKTOP).login("manager")
    manager.go(f"/rulings/{deal}")
    assert "渠道成交" in manager.page.inner_text("h1")
    agent.page.reload()
    assert "渠道成交（贵司）" in agent.text()
    client.go("/me")
    assert "由" in client.text()
    assert "介绍，首次到访时间为" in client.text()


def test_doubtful_one_is_decided_by_both_sides(office):
    phone = "16000009999"
    agent, link = register(office, phone)
    confirm(office, link, phone)
    skip(office, 2)  # a number gets one code a minute
    visitor = check_in(office, phone, first="2026-05-01T10:00")
    escort(agent)
    deal = subscribe(office, phone)
    manager = Person(office, DESKTOP).login("manager")
    assert deal in manager.page.inner_text("tbody tr")
    manager.go(f"/rulings/{deal}")
    assert "待人工判客" in manager.page.inner_text("h1")
    assert "少于 30 分钟" in manager.text()
    manager.page.check("#outcome-NATURAL")
    manager.page.locator("input[name=evidence]").first.check()
    manager.page.fill("#reason", "报备不足三十分钟，且无其他凭据。")
    manager.press("提交")
    assert "提交渠道复核人" in manager.text()
    reviewer = Person(office, PHONE).login("agency")
    reviewer.go(f"/agency/{deal}")
    assert "报备不足三十分钟" in reviewer.text()
    reviewer.press("共同签署")
    assert "人工判定已记录" in reviewer.text()
    manager.page.reload()
    assert "自然到访" in manager.page.inner_text("h1")
    agent.page.reload()
    for side in (reviewer, manager, agent):  # nothing is decided without its reason, what it cites and who signed
        assert "报备不足三十分钟，且无其他凭据。" in side.text()
        assert "丁公司/复核人" in side.text()
    agent.page.fill("#ground", "客户确认在先，只是早到。")
    agent.press("提出异议")
    assert "异议已收到" in agent.text()
    visitor.go("/me/erase").press("确认删除")
    assert "已删除" in visitor.text()
    assert visitor.go("/me").page.url.endswith("/sign-in?next=/me")
