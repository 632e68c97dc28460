"""Every audience's main job with JavaScript off: the pages are forms first."""

import re

import pytest
import test_deal_in_the_browser as deal
from browsing import chromium, demo

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office():
    with demo() as base, chromium() as browser:
        yield base, browser


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    """Nobody in these tests has scripts, whoever they are."""
    monkeypatch.setitem(deal.Person.__init__.__kwdefaults__, "script", False)


def test_there_is_no_script_in_these_tests(office):
    person = deal.Person(office, deal.PHONE).go("/verify")
    assert "需要 JavaScript" in person.text()  # only browsers without it show what stands there


def test_agent_client_visitor_reception_consultant_manager_and_buyer(office):
    deal.test_whole_life_of_a_deal_from_the_sign_to_the_ruling(office)


def test_both_reviewers_objection_and_erasure(office):
    deal.test_doubtful_one_is_decided_by_both_sides(office)


def test_reception_records_by_number_and_by_paper(office):
    desk = deal.Person(office, deal.DESKTOP).login("reception")
    desk.page.fill("#phone", "16000006661")
    desk.page.locator("#entry button").click()
    assert "160****6661" in desk.text()
    desk.page.fill("#counterfoil", "17")
    desk.page.locator('form[action="/desk/paper"] button').click()
    assert "联17" in desk.text()
    desk.page.fill("#phone", "1600")
    desk.page.locator("#entry button").click()
    assert desk.page.input_value("#phone") == "1600"
    assert "11 位" in desk.text()


def test_the_sign_shows_the_code_of_its_minute(office):
    sign = deal.Person(office, deal.DESKTOP).login("display")
    seen = sign.page.inner_text("#door-code")
    assert sign.page.locator("noscript meta[http-equiv=refresh]").count() or "refresh" in sign.page.content()
    deal.skip(office, 2)
    assert sign.go("/door").page.inner_text("#door-code") != seen


def test_several_clients_pasted_at_once_and_a_visitor_who_says_no(office):
    agent = deal.Person(office, deal.PHONE).login("agent").go("/agent/register")
    agent.page.fill("#block", "客户：王测试\n电话：160****6671\n客户：李测试\n电话：12")
    agent.press("逐条报备")
    assert re.search(r"王测试.*已收到", agent.text().replace("\n", " "))
    assert "现在是 2 位" in agent.text()
    guest = deal.Person(office, deal.PHONE)
    guest.go(guest.at_the_door()).page.click("text=不登记，直接看房")
    assert "没有记下任何与您有关的内容" in guest.text()


def test_buyer_takes_everything_away_and_takes_a_consent_back(office):
    phone = "16000006681"
    buyer = deal.Person(office, deal.PHONE)
    buyer.go(buyer.at_the_door()).page.click("text=短信验证码")
    buyer.page.fill("#phone", phone)
    buyer.press("获取验证码")
    buyer.page.fill("#code", buyer.code(phone))
    buyer.press("同意并登记")
    buyer.page.check("#origin-declined")
    buyer.press("提交")
    assert "您说的已记下" in buyer.text()
    with buyer.page.expect_download() as waited:
        buyer.go("/me").page.click("text=带走一份")
    assert b"6681" in waited.value.path().read_bytes()
    buyer.go("/me").page.locator('form[action^="/me/consent/"] button').first.click()
    assert "同意已撤回" in buyer.text()
