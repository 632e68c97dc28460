"""The passes a visitor may hold, in Chromium: text, one-time code, key on the phone, passkey (virtual one)."""

import pytest
from browsing import chromium, demo
from test_deal_in_the_browser import DESKTOP, PHONE, Person, skip

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def office():
    with demo() as base, chromium() as browser:
        yield base, browser


def by_text(office, phone):
    """A visitor who checked in by text and skipped the question."""
    visitor = Person(office, PHONE)
    visitor.go(visitor.at_the_door()).page.click("text=短信验证码")
    visitor.page.fill("#phone", phone)
    visitor.press("获取验证码")
    visitor.page.fill("#code", visitor.code(phone))
    visitor.press("同意并登记")
    visitor.page.click("text=跳过")
    return visitor


def visits(visitor):
    return visitor.go("/me").page.locator("text=回执").count() - visitor.page.locator(".ways >> text=回执").count()


def test_key_on_the_phone_checks_in_and_a_revoked_one_does_not(office):
    visitor = by_text(office, "16000001111")
    before = visits(visitor)
    visitor.go("/me/keys").page.click("text=在这部手机上存一把密钥")
    visitor.page.wait_for_selector("text=到访凭证已发给您")
    visitor.press("退出")
    skip(office, 2)
    visitor.go(visitor.at_the_door()).page.click("text=本机密钥或通行密钥")
    visitor.page.click("text=用本机密钥，同意并登记")
    visitor.page.wait_for_url("**/v/who?new=1")
    assert visits(visitor) == before + 1
    visitor.go("/me/keys").press("作废")
    visitor.go(visitor.at_the_door()).page.click("text=本机密钥或通行密钥")
    visitor.page.click("text=用本机密钥，同意并登记")
    visitor.page.wait_for_selector("text=没有认出这把密钥")


def test_passkey_checks_in_with_user_verification(office):
    visitor = by_text(office, "16000002222")
    before = visits(visitor)
    chrome = visitor.context.new_cdp_session(visitor.page)
    chrome.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    visitor.go("/me/keys").page.click("text=存一把通行密钥")
    visitor.page.wait_for_selector("text=到访凭证已发给您")
    visitor.go(visitor.at_the_door()).page.click("text=本机密钥或通行密钥")
    visitor.page.click("text=用通行密钥，同意并登记")
    visitor.page.wait_for_url("**/v/who?new=1")
    assert visits(visitor) == before + 1
    chrome.send("WebAuthn.setUserVerified", {"authenticatorId": made["authenticatorId"], "isUserVerified": False})
    visitor.go(visitor.at_the_door()).page.click("text=本机密钥或通行密钥")
    visitor.page.click("text=用通行密钥，同意并登记")
    visitor.page.wait_for_selector("text=没有办成")


def falsified(text):
    """A promise with another number; a receipt whose entry lies elsewhere."""
    changed = text.replace('"seq":', '"seq":1').replace("\nindex ", "\nindex 1")
    assert changed != text
    return changed


def test_receipt_verifies_on_the_visitors_own_device(office):
    visitor = by_text(office, "16000004444")
    visitor.go("/me").page.click("text=回执 >> nth=0")
    visitor.page.wait_for_selector("text=已在您的设备上核验：签名与内容相符")
    receipt = visitor.page.evaluate("document.getElementById('receipt').textContent")
    visitor.go("/verify").page.fill("#receipt", receipt)
    visitor.page.click("#check")
    visitor.page.wait_for_selector("text=核验通过")
    visitor.page.fill("#receipt", falsified(receipt))
    visitor.page.click("#check")
    visitor.page.wait_for_selector("text=没有通过")


def test_one_time_code_is_good_once(office):
    visitor = by_text(office, "16000003333")
    before = visits(visitor)
    visitor.go("/me/keys").press("生成一次性到访码")
    code = visitor.page.inner_text("#visit-code")
    guest = Person(office, PHONE, script=False)
    for expected in ("到访已登记", "已经用过"):
        guest.go(guest.at_the_door()).page.click("text=本机密钥或通行密钥")
        guest.page.click("text=用一次性到访码")
        guest.page.fill("#code", code)
        guest.press("同意并登记")
        assert expected in guest.text()
    assert visits(visitor) == before + 1


def test_a_receipts_code_is_shown_again_by_its_own_phone_and_confirms_at_the_desk(office):
    phone = "16000005551"
    visitor = by_text(office, phone)
    visitor.go("/me").page.click('a[href^="/me/visit/"]')
    code = visitor.page.inner_text("#receipt-code")
    visitor.go("/me/receipt").page.fill("#receipt", code)
    visitor.press("出示")
    assert "回执已核对并记下" in visitor.text()
    other = by_text(office, "16000005552")
    other.go("/me/receipt").page.fill("#receipt", code)
    other.press("出示")
    assert "回执已核对" not in other.text()
    assert "属于另一部手机或另一份身份" in other.text()
    assert other.page.input_value("#receipt") == code  # what was typed is kept
    desk = Person(office, DESKTOP).login("reception")
    desk.page.fill("#phone", phone)
    desk.page.locator("#entry button").click()
    assert "24 小时内" in desk.text()
    desk.page.click("summary")
    desk.page.fill("#receipt_phone", phone)
    desk.page.fill("#receipt", code)
    desk.press("确认今天的登记")
    assert "已由客人的回执确认" in desk.text()
    assert desk.page.locator("#queue tr", has_text="前台").first.locator("text=已确认").count() == 1
