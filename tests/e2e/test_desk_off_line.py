"""The desk in Chromium: a live queue, entries that wait while the line is down, each sent once."""

import re
import time

import pytest
from browsing import chromium, demo
from test_deal_in_the_browser import DESKTOP, Person

pytestmark = pytest.mark.slow


def until(person, asked):
    """Until the page says yes; asked from outside, since its policy runs no text as script."""
    for _ in range(100):
        if person.page.evaluate(asked):
            return
        time.sleep(0.1)
    raise AssertionError(asked)


def test_entries_wait_while_the_line_is_down_and_are_sent_once():
    with demo() as base, chromium() as browser:
        office = (base, browser)
        desk = Person(office, DESKTOP).login("reception")
        other = Person(office, DESKTOP).login("reception")
        until(desk, "navigator.serviceWorker.ready.then(() => caches.match('/desk/shell')).then(Boolean)")
        before = desk.page.locator("#queue >> text=160****").count()
        desk.context.set_offline(True)
        desk.page.goto(f"{base}/desk")
        assert "线路不通" in desk.page.inner_text("h1")
        for phone in ("16000004441", "16000004442"):
            desk.page.fill("#phone", phone)
            desk.page.fill("#party", "3")
            desk.press("登记")
            until(desk, "document.getElementById('phone').value === ''")
        assert desk.page.get_attribute("#waiting", "data-waiting") == "2"
        desk.context.set_offline(False)
        desk.page.wait_for_url(f"{base}/desk", timeout=20_000)
        desk.page.wait_for_selector("text=160****4442")
        assert desk.page.locator("#queue >> text=160****").count() == before + 2
        assert desk.page.locator("text=待本人确认").count() >= 2
        # the other screen saw it live, without being touched
        other.page.wait_for_selector("text=160****4441", timeout=15_000)
        # what was sent is kept on this computer no longer
        assert desk.page.get_attribute("#waiting", "data-waiting") == "0"
        # a tab that is closed and opened again while the line is down still has what waits, and sends it once
        desk.context.set_offline(True)
        desk.page.goto(f"{base}/desk")
        desk.page.fill("#phone", "16000004444")
        desk.press("登记")
        until(desk, "document.getElementById('phone').value === ''")
        desk.page.close()
        desk.page = desk.context.new_page()
        desk.page.goto(f"{base}/desk")
        assert "线路不通" in desk.page.inner_text("h1")
        until(desk, "document.getElementById('waiting').dataset.waiting === '1'")
        second = desk.context.new_page()  # two tabs come back at once: what waits is theirs together
        second.goto(f"{base}/desk")
        desk.context.set_offline(False)
        for tab in (desk.page, second):
            tab.wait_for_url(f"{base}/desk", timeout=20_000)
            tab.wait_for_selector("text=160****4444")
        second.close()
        desk.page.reload()
        assert len(re.findall(r"160\*\*\*\*4444", desk.text())) == 1
        assert desk.page.locator("#queue >> text=160****").count() == before + 3
        # and a page that is sent again, as after a lost answer, seals nothing new
        csrf = desk.page.evaluate("fetch('/desk/word').then((a) => a.json()).then((a) => a.csrf)")
        again = {"csrf": csrf, "once": "lost-answer", "phone": "16000004443", "party": "1", "ago_ms": "90000"}
        send = "fetch('/desk/later', {method: 'POST', body: new URLSearchParams(body)}).then((a) => a.status)"
        assert [desk.page.evaluate(f"(body) => {send}", again) for _ in range(2)] == [200, 200]
        desk.page.reload()
        assert len(re.findall(r"160\*\*\*\*4443", desk.text())) == 1
