"""Rights on one's own pages, in Chromium: correct, print, move, erase and prove it later; with and without JavaScript.

SHOTS=FOLDER keeps a picture of each page, to be looked at (docs/pages.md).
"""

import json
import os
import tempfile
from pathlib import Path

import pytest
from browsing import chromium
from offices import pages_of
from seasoned import on_a_port
from test_pages_in_a_browser import TAGS, axe

from mingshi.app.arrive import ArriveAtDesk, arrive_at_desk
from mingshi.app.check_in import CheckIn
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role

pytestmark = pytest.mark.slow
assert axe, "a fixture"
SHOTS = os.environ.get("SHOTS", "")
PAPER = {"width": 703, "height": 1000}
"""A4 at 96 dpi without its margins."""


@pytest.fixture(scope="module")
def site():
    with (
        tempfile.TemporaryDirectory() as folder,
        pages_of(Path(folder)) as pages,
        on_a_port(pages) as base,
        chromium() as browser,
    ):
        yield pages, base, browser


def buyer(site, number, **options):
    """Somebody who came, signed in on a phone."""
    pages, base, browser = site
    visit = CheckIn(Contact(number), Means.RECEPTION, DoorCode.VALID, staff="前台-01", party_adults=2)
    assert pages.office.run(arrive_at_desk, ArriveAtDesk(visit, "zh", number, ActMeans.SPOKEN)).answer
    context = browser.new_context(locale="zh-CN", viewport={"width": 390, "height": 844}, **options)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(base + pages.office.invite(Role.PERSON, "", number, number))
    page.click("main button")
    return page


def faults(page, axe, name):
    """What is wrong with what is shown: accessibility, width, also with large type."""
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    assert len(found["passes"]) > 8
    wrong = [f"{name}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found["violations"]]
    for width in (260, 390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{name}: wider than {width}")
    page.set_viewport_size({"width": 390, "height": 844})
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    return wrong


@pytest.mark.law("L-27", "L-31")
def test_who_erased_themselves_shows_later_that_it_was_them(site, axe):
    _, base, browser = site
    said = []
    page = buyer(site, "16000003401")
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(base + "/me/erase")
    page.get_by_role("button", name="确认删除").click()
    salt = page.inner_text("#salt")
    wrong = faults(page, axe, "erased")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    assert page.locator("#salt:visible").count() == 1, "it can be printed"
    assert page.locator("button:visible, nav a:visible, .button:visible").count() == 0
    assert page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    where = page.locator("dd code", has_text="/erased/").inner_text()
    page.emulate_media(media="screen")
    later = browser.new_context(locale="zh-CN").new_page()
    asked = []
    later.on("request", lambda request: asked.append(request.url))
    later.goto(base + where)
    wrong += faults(later, axe, "erased-proof")
    seen = len(asked)
    for number, typed, told in (
        ("16000003401", salt, "good"),
        ("16000003402", salt, "bad"),
        ("16000003401", salt[::-1], "bad"),
        ("", "", "bad"),
    ):
        later.fill("#number", number)
        later.fill("#salt", typed)
        later.click("#compare")
        later.wait_for_selector(f"#verdict.{told}")
    assert len(asked) == seen, "number and salt leave the device in no request"
    assert not said
    assert not wrong, "\n".join(wrong)


@pytest.mark.law("L-27")
def test_without_javascript_a_person_corrects_prints_takes_along_and_moves(site, axe):
    base = site[1]
    page = buyer(site, "16000003403", java_script_enabled=False)
    page.goto(base + "/me/ask")
    page.check("#right-correct")
    page.select_option("#about", "name")
    page.fill("#words", "黄测试")
    page.get_by_role("button", name="提交").click()
    assert "马上生效" in page.inner_text("[role=status]")
    page.goto(base + "/me")
    page.get_by_role("link", name="打印一份").click()
    assert "黄测试" in page.inner_text("main")
    page.goto(base + "/me")
    with page.expect_download() as taken:
        page.get_by_role("button", name="带走一份").click()
    held = json.loads(Path(taken.value.path()).read_text())
    assert any(one["record"] == "Edit" and one["says"]["new"] == "黄测试" for one in held["items"])
    page.get_by_role("link", name="转移给别家").click()
    page.fill("#recipient", "示例经纪公司")
    with page.expect_download() as moved:
        page.get_by_role("button", name="生成并下载").click()
    assert moved.value.suggested_filename == "mingshi-move.json"
    assert json.loads(Path(moved.value.path()).read_text())["format"] == "mingshi-move/1"


def test_the_copy_on_paper_is_the_record_and_not_the_screen(site, axe):
    base = site[1]
    page = buyer(site, "16000003404")
    page.goto(base + "/me/paper")
    wrong = faults(page, axe, "sheet")
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    assert page.locator("button:visible, nav a:visible, .note:visible, .demo:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / "sheet-paper.png"), full_page=True)
    assert not wrong, "\n".join(wrong)
