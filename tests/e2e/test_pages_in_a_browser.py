"""The pages that need nothing but themselves, in the machine's own browser: report, one deal, two policies.

In Chinese and English, on a phone, a tablet and a desk. axe-core comes from npm at test time, by the lock in `axe`.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingshi.cli import main

pytestmark = pytest.mark.slow
OFFICE = Path(__file__).parents[2] / "examples" / "office"
AXE = Path(__file__).parent / "axe"
SCREENS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1280, 900)}
PAGES = ("report.html", "report.en.html", "deal.html", "deal.en.html", "lab.html", "lab.en.html")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
SMALLEST_PX = 9
"""A label in a picture, as it reaches the eye."""


def mingshi(*args: object) -> str:
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    mingshi("judge", OFFICE, "--out", place / "out")
    for name in ("report.html", "report.en.html"):
        shutil.copy(place / "out" / name, place / name)
    mingshi("policy", "diff", "classic", "open", "--on", OFFICE, "--page", place / "lab.html")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("webbrowser.open", lambda _: True)
        for lang, name in (("zh", "deal.html"), ("en", "deal.en.html")):
            told = mingshi("judge", OFFICE, "--deal", "D03", "--open", "--lang", lang)
            page = next(line for line in told.splitlines() if line.endswith(".html"))
            shutil.copy(page, place / name)
            shutil.rmtree(Path(page).parent)
    return place


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("RAN WITHOUT npm (apt-get install npm): accessibility is not tested here")
    place = tmp_path_factory.mktemp("axe")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(AXE / name, place / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=place, check=True, timeout=180)
    return (place / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("RAN WITHOUT Chromium (apt-get install chromium): not tested in a browser here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_quiet_and_fits_the_screen(browser, folder, name, screen):
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    console: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((folder / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize) * "
        "(t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width))"
        ".filter(size => size > 0)"
    )
    assert all(size >= SMALLEST_PX for size in sizes)
    assert not console
    assert requests == [(folder / name).as_uri()]
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(browser, folder, axe, name):
    width, height = SCREENS["phone"]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto((folder / name).as_uri())
    page.evaluate(axe)  # not as a script of the page: its policy allows none
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate("document.querySelectorAll('.deal').forEach(one => { one.style.contentVisibility = 'visible' })")
    found = page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    told = [f"{one['id']}: {one['help']} {one['nodes'][0]['html'][:200]}" for one in found["violations"]]
    assert not told
    assert len(found["passes"]) > 10  # the checks did run
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_prints_on_paper(browser, folder, name):
    page = browser.new_page()
    page.goto((folder / name).as_uri())
    page.emulate_media(media="print")
    # A4 at 96 dpi without its margins: nothing may stick out of the sheet.
    page.set_viewport_size({"width": 703, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    shown = (
        "[...document.querySelectorAll('.deal')].every(one => getComputedStyle(one).contentVisibility === 'visible')"
    )
    assert page.evaluate(shown)
    assert page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"
    page.close()


def test_the_checks_find_a_fault(browser, axe):
    page = browser.new_page()
    page.set_content("<html><body><img src='x'><p style='color:#ccc;background:#fff'>pale</p></body></html>")
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })", TAGS)
    assert {"image-alt", "color-contrast", "html-has-lang"} <= {one["id"] for one in found["violations"]}
    page.close()
