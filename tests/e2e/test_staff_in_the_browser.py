"""A real site as `mingshi init`, `invite` and `serve` make it: staff enrol and sign in by app and by passkey."""

import base64
import os
import re
import signal
import socket
import subprocess
import sys

import pytest
from browsing import chromium
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.site.root import Site

pytestmark = pytest.mark.slow
SECRET = "correct horse battery"


def mingshi(*words):
    done = subprocess.run(
        [sys.executable, "-m", "mingshi", *words], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    mingshi("init", str(folder), "--origin", "test.example/site/1", "--project", "示例花园")
    health, pages = free_ports(2)
    settings = folder / "site.toml"
    text = settings.read_text(encoding="utf-8").replace("8331", str(health)).replace("8330", str(pages))
    settings.write_text(text, encoding="utf-8")
    with Site.open(folder) as opened:
        reception = blank(e.Staff, id="前台-01", name="胡测试", role="前台", since=opened.clock() - 1)
        assert opened.run(keep_roster, KeepRoster((reception,))).answer
    process = subprocess.Popen(
        [sys.executable, "-m", "mingshi", "serve", "--data", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert "http://localhost" in process.stdout.readline()
    try:
        yield folder, f"http://localhost:{pages}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        process.stdout.close()


def test_staff_enrol_behind_a_one_time_login_and_come_back(site):
    folder, base = site
    link = mingshi("invite", "--data", str(folder), "--role", "reception", "--id", "前台-01").strip()
    with chromium() as browser:
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(link)
        page.click("main button")
        assert page.url == f"{base}/desk"
        other = browser.new_context(locale="zh-CN").new_page()
        other.goto(link)
        assert "已用过" in other.inner_text("h1")
        page.goto(f"{base}/account")
        spelled = page.inner_text("#secret")
        secret = base64.b32decode(spelled + "=" * (-len(spelled) % 8))
        totp = TOTP(secret, 6, SHA1(), 30, enforce_key_length=False)
        now = page.evaluate("Math.floor(Date.now() / 1000)")
        page.fill("#password", SECRET)
        page.fill("#code", totp.generate(now).decode())
        page.click("text=保存")
        assert "密码和验证器已设好" in page.inner_text("main")
        chrome = context.new_cdp_session(page)
        chrome.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        page.click("text=存一把通行密钥")
        page.wait_for_selector("text=通行密钥已存好")
        page.click("text=退出")
        page.goto(f"{base}/staff")
        page.click("text=用通行密钥登录")
        page.wait_for_url(f"{base}/desk")
        page.click("text=退出")
        later = totp.generate(now + 30).decode()
        for password, code, comes in ((SECRET, "000000", False), ("wrong", later, False), (SECRET, later, True)):
            page.goto(f"{base}/staff")
            page.fill("#who", "前台-01")
            page.fill("#password", password)
            page.fill("#code", code)
            page.get_by_role("button", name="登录", exact=True).click()
            assert (page.url == f"{base}/desk") is comes, page.inner_text("main")
        assert re.search("今日到访", page.inner_text("h1"))
