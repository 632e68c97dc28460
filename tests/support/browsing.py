"""A demo of one's own and a browser to walk it with."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def demo(*options):
    """A running demo on a port of its own; gives its address."""
    command = [sys.executable, "-m", "mingshi", "demo", "--port", "0", "--scale", "0.05", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    )
    lines = []
    try:
        began = time.monotonic()
        for line in process.stdout:
            lines.append(line)
            found = re.search(r"(http://localhost:\d+)/demo", line)
            if found:
                yield found.group(1)
                return
            assert time.monotonic() - began < 120
        raise AssertionError("the demo did not start:\n" + "".join(lines))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


@contextmanager
def chromium():
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("RAN WITHOUT Chromium (apt-get install chromium): not tested in a browser here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
