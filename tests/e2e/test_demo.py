"""The demo as a process: it begins from what was prepared, begins anew when asked or left alone, and leaves nothing."""

import http.client
import os
import re
import shutil
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from browsing import demo
from offices import fields

pytestmark = pytest.mark.slow
ROLES = ("agent", "agency", "reception", "consultant", "manager", "finance", "cashier", "risk", "auditor", "display")


class Browser:
    """Cookies, forms, one redirection at a time."""

    def __init__(self, base):
        self.base, self.cookies, self.at = base, {}, ""

    def ask(self, method, path, values=None):
        connection = http.client.HTTPConnection("localhost", urlsplit(self.base).port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if values is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
        connection.request(method, path, urlencode(values) if values is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.at = path
        if answer.status == 303:
            return self.ask("GET", answer.headers["Location"])
        return answer.status, text

    def get(self, path):
        return self.ask("GET", path)

    def login(self, key):
        _, text = self.get(f"/demo/as/{key}")
        return self.ask("POST", self.at, fields(text))

    def reset(self):
        _, text = self.get("/demo")
        form = text[text.index('action="/demo/reset"') :]
        return self.ask("POST", "/demo/reset", fields(form))


@pytest.fixture(scope="module")
def cache():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def temp(monkeypatch, tmp_path):
    """Where demos of this test put their copies."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def copies(temp):
    return list(temp.glob("mingshi-demo-*"))


def enter(browser, phone):
    _, text = browser.get("/desk")
    status, text = browser.ask("POST", "/desk", fields(text) | {"phone": phone, "party": "2"})
    assert status == 200
    return text


def test_two_who_start_for_the_first_time_at_once_both_begin(tmp_path, temp):
    cache, begun = tmp_path / "cache", []

    def start():
        with demo("--cache", str(cache)) as base:
            begun.append(Browser(base).get("/demo")[0])

    threads = [threading.Thread(target=start) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert begun == [200, 200]
    assert len(list(cache.glob("season-*"))) == 1
    assert not list(cache.glob("part-*"))


def test_each_role_has_a_login_that_works_once(cache, temp):
    with demo("--cache", str(cache)) as base:
        assert len(copies(temp)) == 1
        for key in ROLES:
            browser = Browser(base)
            status, text = browser.get("/demo")
            assert status == 200
            assert f'id="login-{key}"' in text
            _, shown = browser.get(f"/demo/as/{key}")
            used = browser.at
            status, text = browser.ask("POST", used, fields(shown))
            assert status == 200, text
            assert "sign-out" in text
            assert Browser(base).get(used)[0] == 410
        assert Browser(base).login("nobody")[0] != 500
    assert not copies(temp)


def test_at_whatever_port_its_people_agreed_to_the_notice_that_stands_and_finance_has_work(tmp_path, temp):
    with demo("--cache", str(tmp_path / "larger"), "--scale", "0.15") as base:
        inspector, finance, manager = Browser(base), Browser(base), Browser(base)
        inspector.login("auditor")
        assert "共发布过 2 版" in inspector.get("/audit")[1], "one of each purpose: no second version at this port"
        _, month = finance.login("finance")
        assert "待案场经理审批" in month
        settlement = re.search(r"/finance/s/[\w-]+", month).group()
        manager.login("manager")
        cashier = Browser(base)
        cashier.login("cashier")
        for who, step, told in (
            (manager, "supervise", "待财务审批"),
            (finance, "approve", "待放款"),
            (cashier, "pay", "已放款"),
        ):
            text = who.get(settlement)[1]
            form = text[text.index(f'action="{settlement}/{step}"') :]
            assert told in who.ask("POST", f"{settlement}/{step}", fields(form))[1]


def test_a_reset_loses_what_was_typed_and_nothing_else(cache, temp):
    season = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    with demo("--cache", str(cache)) as base:
        desk = Browser(base)
        desk.login("reception")
        assert "160****4441" in enter(desk, "16000004441")
        (before,) = copies(temp)
        stream = http.client.HTTPConnection("localhost", urlsplit(base).port, timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
        stream.request("GET", "/desk/live", headers={"Cookie": cookie})
        live = stream.getresponse()
        assert live.readline()
        asked = [Browser(base) for _ in range(3)]
        threads = [threading.Thread(target=one.reset) for one in asked]  # of those who ask at once one does it
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert {one.at for one in asked} == {"/demo?fresh=1"}
        live.read()  # the live queue of the old one ends by itself
        stream.close()
        until(lambda: len(copies(temp)) == 1)
        assert before not in copies(temp)
        desk.get("/desk")
        assert desk.at == "/staff"
        desk.login("reception")
        assert "160****4441" not in desk.get("/desk")[1]
        assert "160****4442" in enter(desk, "16000004442")
    assert not copies(temp)
    assert season
    assert {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()} == season


def test_left_alone_it_begins_anew_once(cache, temp):
    with demo("--cache", str(cache), "--rest", "5") as base:
        (before,) = copies(temp)
        time.sleep(8)
        assert copies(temp) == [before]  # nobody used it: there is nothing to lose
        desk = Browser(base)
        desk.login("reception")
        enter(desk, "16000004441")
        until(lambda: copies(temp) and before not in copies(temp))
        (after,) = until(lambda: copies(temp) if len(copies(temp)) == 1 else None)
        time.sleep(8)
        assert copies(temp) == [after]


def test_what_was_proven_before_proves_nothing_after(cache, temp):
    with demo("--cache", str(cache)) as base:
        (first,) = copies(temp)
        policy = (first / "site" / "trust.policy").read_text(encoding="utf-8")
        Browser(base).reset()
        until(lambda: len(copies(temp)) == 1 and first not in copies(temp))
        (second,) = copies(temp)
        other = (second / "site" / "trust.policy").read_text(encoding="utf-8")
        keys = [re.findall(r"^witness \S+ (\S+)$", text, re.MULTILINE) for text in (policy, other)]
        assert all(keys)
        assert keys[0] != keys[1]


def test_a_prepared_season_that_is_torn_is_made_again(cache, temp):
    (place,) = cache.glob("season-*")
    torn = place / "site" / "site.db"
    torn.write_bytes(torn.read_bytes()[:100_000])
    with demo("--cache", str(cache)) as base:
        assert Browser(base).get("/demo")[0] == 200
    assert torn.stat().st_size > 100_000


def test_what_a_killed_demo_left_is_removed_by_the_next(cache, temp):
    left = temp / "mingshi-demo-killed"
    left.mkdir()
    (left / "demo.lock").touch()
    (left / "site").mkdir()
    os.utime(left, (0, 0))
    fresh = temp / "mingshi-demo-fresh"
    fresh.mkdir()
    with demo("--cache", str(cache)):
        assert not left.exists()
        assert fresh.exists()  # it may be one that is being made
        with demo("--cache", str(cache)):
            for path in copies(temp):
                os.utime(path, (0, 0))
            with demo("--cache", str(cache)) as base:  # whoever runs is left alone
                assert Browser(base).get("/demo")[0] == 200
                assert len(copies(temp)) == 4 - 1
    shutil.rmtree(fresh, ignore_errors=True)


def until(asked):
    for _ in range(200):
        if found := asked():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come about")
