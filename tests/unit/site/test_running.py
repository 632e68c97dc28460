"""The running site: its socket, its figures, its lines, its clock; nothing personal in any of them."""

import io
import json
import os
import threading
import time
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner
from office import phone
from site_folder import Clock, as_office, make, opened

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.facts import Control
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.cli import main
from mingshi.domain.evidence import DoorCode, Means
from mingshi.kernel.timeline import DAY, HOUR
from mingshi.site import admin
from mingshi.site.running import Running
from mingshi.site.telling import Teller
from mingshi.store.errors import RefusedStartError

PLANTED = (phone(77), "王测试某某", "R-", "V-", "a1")


@pytest.fixture
def running(quick_path):
    make(quick_path / "site", os.urandom)
    out = io.StringIO()
    with opened(quick_path / "site") as site:
        office = as_office(site)
        office.staff_the_office()
        with Running(site, Teller(site.clock, out), sign_s=0.1, housekeep_s=3600) as process:
            process.out = out
            yield process


def get(process, path):
    host, port = process.address
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("not within ten seconds")


@pytest.mark.law("L-36", "L-51")
def test_no_line_and_no_figure_names_anybody(running):
    site = running.site
    assert site.run(register_client, RegisterClient("a1", phone(77), "王测试某某", "海棠湾"), key="k").answer
    assert site.run(register_client, RegisterClient("a1", phone(77), "王测试某某", "海棠湾"), key="k").repeated
    assert site.run(check_in, CheckIn(phone(77), Means.OTP, DoorCode.VALID)).answer
    assert site.run(look_up, LookUp("s1", phone(77), "王测试某某的预约")).answer
    assert not site.run(look_up, LookUp("王测试某某", phone(77), "")).answer
    assert not site.run(register_client, RegisterClient("a1", "王测试某某", "王测试某某")).answer
    until(lambda: '"checkpoint"' in running.out.getvalue())
    lines, figures = running.out.getvalue(), get(running, "/metrics")[1]
    told = [json.loads(line) for line in lines.splitlines()]
    assert [one["outcome"] for one in told if one["event"] == "answered"] == [
        "done", "done", "done", "done", "not_staff", "bad_phone",
    ]  # fmt: skip
    for planted in PLANTED:
        assert planted not in lines + figures
        assert json.dumps(planted).strip('"') not in lines
    assert 'mingshi_answers_total{outcome="not_staff",use_case="look_up"} 1.0' in figures


def test_commands_go_through_the_socket_of_the_running_server(running, quick_path):
    def command(*arguments):
        return CliRunner().invoke(main, [*arguments, "--data", str(quick_path / "site")])

    done = command("status", "--json")
    assert json.loads(done.output)["result"]["entries"] == running.site.store.size
    assert command("fsck").exit_code == 0
    assert command("backup", "--to", str(quick_path / "to"), "--keys", str(quick_path / "keys")).exit_code == 0
    assert len(list((quick_path / "to").iterdir())) == 1
    refused = command("export", "--profile", "full", "--by", "s1", "--out", str(quick_path / "out"))
    assert refused.exit_code == 2
    assert "two different people" in refused.output
    assert command("doctor").exit_code in (0, 1)
    mode = (quick_path / "site" / "admin.sock").stat().st_mode
    assert mode & 0o077 == 0


def test_what_is_no_request_is_refused(running, quick_path):
    assert admin.ask(quick_path / "site", "nonsense", {})["refused"]["reason"] == "unknown_command"
    assert admin.ask(quick_path / "site", "backup", {})["refused"]["reason"] == "bad_request"
    handler = running._admin
    assert handler.perform("export", {"out": 3, "profile": 3, "people": 3})["refused"]


def test_a_socket_that_was_left_behind_is_no_server(quick_path):
    make(quick_path / "site", os.urandom)
    (quick_path / "site" / "admin.sock").touch()
    assert admin.ask(quick_path / "site", "status", {})["result"]["entries"] == 1


def test_health_and_readiness(running):
    assert get(running, "/healthz") == (200, "ok\n")
    assert get(running, "/readyz")[0] == 200
    assert get(running, "/x")[0] == 404
    running.site.store.failed = Exception()
    assert get(running, "/readyz")[0] == 503
    running.site.store.failed = None


@pytest.mark.law("L-34")
def test_a_clock_that_was_set_is_sealed(running):
    running.site.clock.now += HOUR
    running.housekeep()
    (noted,) = as_office(running.site, running.site.clock()).read(Control)
    assert noted.kind == "clock"
    assert abs(int(json.loads(noted.detail)["seconds"]) - 3600) < 60
    running.housekeep()
    assert len(as_office(running.site, running.site.clock()).read(Control)) == 1


def test_a_wrong_clock_deletes_nothing(running):
    site = running.site
    assert site.run(check_in, CheckIn(phone(1), Means.OTP, DoorCode.VALID), key="once").answer
    kept = answers(site)
    assert kept == 1
    site.clock.now += 400 * DAY
    running._apart += 400 * DAY / 1_000_000  # as if it had been so when the site started
    running.housekeep()
    assert answers(site) == kept
    assert site.trust_clock("王测试", "对过授时")
    running.housekeep()
    assert answers(site) == 0, "with the clock confirmed, what expired goes"


def answers(site):
    connection = site.store.connect()
    (count,) = connection.execute("SELECT count(*) FROM idempotency").fetchone()
    connection.close()
    return count


def test_check_ins_and_commands_at_once(running, quick_path):
    """Eight visitors' threads beside fsck and backups: every answer stands, nothing is locked out."""
    failed = []

    def visit(first):
        commands = [CheckIn(phone(number), Means.OTP, DoorCode.VALID) for number in range(first, first + 10)]
        failed.extend(one for one in commands if not running.site.run(check_in, one).answer)

    threads = [threading.Thread(target=visit, args=(1000 * at,)) for at in range(8)]
    before = running.site.store.size
    for thread in threads:
        thread.start()
    for _ in range(3):
        assert admin.ask(quick_path / "site", "fsck", {})["result"]["faults"] == []
        running.site.clock.now += HOUR
        assert "result" in admin.ask(
            quick_path / "site", "backup", {"to": str(quick_path / "to"), "keys": str(quick_path / "keys")}
        )
    for thread in threads:
        thread.join()
    assert failed == []
    assert running.site.store.size == before + 80


def test_time_is_never_asked_of_the_host_by_a_command(quick_path):
    """A site whose clock stands at another time than the machine's tells it, and takes nothing."""
    make(quick_path / "site", os.urandom, now=Clock().now + 4000 * DAY)
    answer = admin.ask(quick_path / "site", "stop", {"by": "s1", "reason": "x"})
    assert answer["result"]["refused"] == "clock_back"


def test_an_address_that_somebody_has_is_told(running, quick_path):
    make(quick_path / "other", os.urandom)
    host, port = running.address
    settings = quick_path / "other" / "site.toml"
    settings.write_text(settings.read_text("utf-8").replace("127.0.0.1:0", f"{host}:{port}"), "utf-8")
    with opened(quick_path / "other") as site, pytest.raises(RefusedStartError, match=str(port)):
        Running(site, Teller(site.clock, io.StringIO()))
    assert not (quick_path / "other" / "admin.sock").exists()
