"""The season's report in a browser: how large, how soon open, how quiet.

    mingshi bench report [--deals 10000] [--seed 7] [--runs 5]

A season is generated and judged in a temporary folder; then report.html and report.en.html are opened in the
machine's Chromium as a phone, a tablet and a desk, each in a page of its own, alternating. Beside the time to `load`
stands that of an empty page in the same run.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import Browser, sync_playwright

from mingshi.cli import main

SCREENS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1280, 900)}
PRESET, DEALS_OF_ONE = "refusers-parity", 1427
"""A preset without masked numbers, and the deals of its scale 1: so many masked clients would look alike."""
EMPTY = "<!doctype html><html lang='en'><title>empty</title><p>empty"


def run(*args: object) -> None:
    """A command that must end well."""
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    if done.exit_code:
        sys.exit(done.output)


def opened(browser: Browser, path: Path, screen: str) -> tuple[float, int, int]:
    """Milliseconds from navigation to `load`, console messages, requests beyond the page's own."""
    width, height = SCREENS[screen]
    page = browser.new_page(viewport={"width": width, "height": height})
    console: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    page.close()
    return float(took), len(console), len(requests) - 1


def measure(folder: Path, runs: int) -> None:
    """Print a line for each page and screen."""
    empty = folder / "empty.html"
    empty.write_text(EMPTY, encoding="utf-8")
    with sync_playwright() as play:
        flags = ["--no-sandbox", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        for name in ("report.html", "report.en.html"):
            page = folder / "out" / name
            print(f"{name}: {page.stat().st_size:,} B")
            for screen in SCREENS:
                pairs = [(opened(browser, page, screen), opened(browser, empty, screen)) for _ in range(runs)]
                took = sorted(one[0] for one, _ in pairs)
                bare = statistics.median(one[0] for _, one in pairs)
                noise = sum(one[1] for one, _ in pairs), sum(one[2] for one, _ in pairs)
                print(
                    f"  {screen}: load {statistics.median(took):.0f} ms ({took[0]:.0f}–{took[-1]:.0f}), empty page "
                    f"{bare:.0f} ms; console {noise[0]}, requests {noise[1]}"
                )
        browser.close()


def bench() -> None:
    """Generate, judge, open."""
    parser = argparse.ArgumentParser(prog="mingshi bench report")
    parser.add_argument("--deals", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scale = given.deals / DEALS_OF_ONE
        run("season", "--preset", PRESET, "--seed", given.seed, "--scale", f"{scale:.2f}", "--out", folder / "season")
        begun = time.perf_counter()
        run("judge", folder / "season" / "events", "--out", folder / "out")
        deals = (folder / "out" / "rulings.jsonl").read_bytes().count(b"\n")
        print(f"{PRESET}, seed {given.seed}, scale {scale:.2f}: {deals:,} deals, {time.perf_counter() - begun:.0f} s")
        measure(folder, given.runs)


if __name__ == "__main__":
    bench()
