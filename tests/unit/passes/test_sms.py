"""The drivers against real servers and folders: signed, bounded in time, silent about people."""

import json
import logging
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hall import PHONE, START, Hall

from mingshi.kernel.timeline import SECOND
from mingshi.passes import courier as courier_module
from mingshi.passes.courier import Carried, Courier
from mingshi.passes.otp import Otp
from mingshi.passes.sms import Console, Http, Spool, signature

SECRET = b"a secret of the gateway and ours"
TEXT = "【海棠湾】123456（到访登记）"


class Gateway(BaseHTTPRequestHandler):
    """Does what its server's `behaviour` says, and keeps what came."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.path, dict(self.headers), body))
        self.server.behaviour(self)

    def log_message(self, *_):
        pass


def answers(status, **headers):
    def behave(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return behave


def trickles(handler):
    """A byte every tenth of a second, for ever: each read is in time, the whole never ends."""
    handler.close_connection = True
    try:
        handler.connection.sendall(b"HTTP/1.1 ")
        while not handler.server.done.wait(0.1):
            handler.connection.sendall(b"2")
    except OSError:
        pass


def sleeps(handler):
    handler.close_connection = True
    handler.server.done.wait(20)


def hangs_up(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def gateway(behaviour):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
    server.came, server.behaviour, server.done = [], behaviour, threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.done.set()
        server.shutdown()
        server.server_close()


def driver(server, *, timeout_s=1, path="/send?site=7"):
    return Http(
        f"http://127.0.0.1:{server.server_address[1]}{path}",
        key_id="k1",
        secret=SECRET,
        now_s=lambda: START // SECOND,
        random_bytes=bytes,
        timeout_s=timeout_s,
    )


def test_what_a_gateway_gets_and_how_it_checks_it():
    with gateway(answers(202)) as server:
        assert driver(server).send(PHONE, TEXT)
        ((path, headers, body),) = server.came
    assert path == "/send?site=7"
    assert json.loads(body) == {"v": 1, "id": "00" * 16, "to": f"+86{PHONE}", "text": TEXT}
    assert headers["Idempotency-Key"] == "00" * 16
    said = dict(part.split("=", 1) for part in headers["Mingshi-Signature"].split(","))
    assert said["k"] == "k1"
    assert said["v1"] == signature(SECRET, int(said["t"]), body)
    assert said["v1"] != signature(SECRET, int(said["t"]) + 1, body)
    assert said["v1"] != signature(SECRET, int(said["t"]), body + b" ")


def test_a_number_with_its_country_stays_as_it_is():
    with gateway(answers(200)) as server:
        assert driver(server).send("+85251234567", TEXT)
        assert json.loads(server.came[0][2])["to"] == "+85251234567"


@pytest.mark.parametrize("status", [301, 302, 400, 401, 429, 500, 503])
def test_only_a_yes_is_a_yes_and_nobody_is_redirected(status):
    with gateway(answers(status, Location="http://127.0.0.1:1/")) as server:
        assert not driver(server).send(PHONE, TEXT)
        assert len(server.came) == 1, "tried once"


@pytest.mark.parametrize("behaviour", [sleeps, trickles, hangs_up])
def test_a_slow_or_broken_gateway_costs_no_more_than_its_time(behaviour):
    with gateway(behaviour) as server:
        began = time.monotonic()
        assert not driver(server).send(PHONE, TEXT)
        assert time.monotonic() - began < 8, "one second was given; the rest is for a busy machine"


def test_a_gateway_that_is_not_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    http = Http(f"http://127.0.0.1:{port}/", key_id="k", secret=SECRET, now_s=lambda: 0, random_bytes=bytes)
    assert not http.send(PHONE, TEXT)


@pytest.mark.parametrize("url", ["http://gateway.example/send", "ftp://127.0.0.1/", "https://", "gateway.example", ""])
def test_a_gateway_is_reached_by_https_or_on_this_machine(url):
    with pytest.raises(ValueError, match="https"):
        Http(url, key_id="k", secret=SECRET, now_s=lambda: 0, random_bytes=bytes)


def test_no_driver_tells_a_log_who_got_what(caplog, capsys, tmp_path):
    caplog.set_level(logging.DEBUG)
    with gateway(answers(500)) as server:
        assert not driver(server).send(PHONE, TEXT)
    Console().send(PHONE, TEXT)
    assert PHONE not in caplog.text + capsys.readouterr().err
    assert "123456" not in caplog.text


def test_the_spool_holds_whole_files_that_only_their_owner_reads(tmp_path):
    names = iter(range(100))
    spool = Spool(tmp_path / "spool", lambda size: next(names).to_bytes(size))
    assert spool.send(PHONE, TEXT)
    assert spool.send(PHONE, TEXT)
    files = sorted((tmp_path / "spool").iterdir())
    assert [json.loads(file.read_text(encoding="utf-8")) for file in files] == [{"phone": PHONE, "text": TEXT}] * 2
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700


def test_a_spool_that_cannot_be_written_is_a_no(tmp_path):
    spool = Spool(tmp_path / "spool", bytes)
    (tmp_path / "spool").rmdir()
    assert not spool.send(PHONE, TEXT)


def test_who_can_read_codes():
    assert Console.staff_readable
    assert Spool.staff_readable
    assert not Http.staff_readable


def yes():
    return True


def no():
    return False


def breaks():
    raise OSError("the disk is gone")


class Slow:
    """A driver that waits until it is told to go on."""

    staff_readable = False

    def __init__(self, well=True):
        self.go, self.sent, self.well = threading.Event(), [], well

    def send(self, phone, text):
        self.go.wait(10)
        self.sent.append((phone, text))
        if self.well is None:
            raise OSError("a driver's own mistake")
        return self.well


def otp_with(hall, courier):
    return Otp(
        hall.keeping, courier, key=b"k" * 32, random_bytes=hall.random, text=lambda code, _: code,
        known=lambda _: False,
    )  # fmt: skip


def test_nobody_waits_for_a_slow_gateway(tmp_path):
    hall, slow = Hall(tmp_path), Slow()
    with Courier(slow, lambda: hall.now, hands=1) as courier:
        otp = otp_with(hall, courier)
        for n in range(20):
            assert otp.send(f"1600000{n:04}", "check_in", address="", at_door=True, now=hall.now)
        assert not slow.sent
        slow.go.set()
        courier.settle()
        assert len(slow.sent) == 20
        assert courier.carried == Carried(20, 0, 0)
    hall.close()


@pytest.mark.parametrize("well", [False, None])
def test_five_failures_in_a_row_send_everybody_to_the_desk_for_a_minute(tmp_path, well):
    hall, broken = Hall(tmp_path), Slow(well)
    broken.go.set()
    with Courier(broken, lambda: hall.now) as courier:
        otp = otp_with(hall, courier)
        for n in range(5):
            assert otp.send(f"1600000{n:04}", "check_in", address="", at_door=True, now=hall.now)
            courier.settle()
        told = otp.send("16000000099", "check_in", address="", at_door=True, now=hall.now)
        assert (told.reason, courier.carried.failed) == ("gateway", 5)
        hall.later(60)
        broken.well = True
        assert otp.send("16000000098", "check_in", address="", at_door=True, now=hall.now)
        courier.settle()
        assert courier.ready(hall.now)
    hall.close()


def test_a_message_that_waited_too_long_is_not_sent(tmp_path):
    hall, slow = Hall(tmp_path), Slow()
    with Courier(slow, lambda: hall.now, hands=1) as courier:
        courier.take(PHONE, "first", yes)
        while courier._waiting.qsize():
            time.sleep(0.01)
        courier.take(PHONE, "second", yes)
        hall.later(courier_module.STALE_S + 1)
        slow.go.set()
        courier.settle()
        assert slow.sent == [(PHONE, "first")]
        assert courier.carried == Carried(1, 0, 1)
    hall.close()


def test_a_full_queue_is_said_before_a_message_is_lost(tmp_path):
    hall, slow = Hall(tmp_path), Slow()
    with Courier(slow, lambda: hall.now, hands=1) as courier:
        for n in range(courier_module.MAX_WAITING + 1):
            courier.take(PHONE, str(n), yes)
            if n == 0:
                while courier._waiting.qsize():
                    time.sleep(0.01)
        assert not courier.ready(hall.now)
        assert (
            otp_with(hall, courier).send(PHONE, "check_in", address="", at_door=True, now=hall.now).reason == "gateway"
        )
        courier.take(PHONE, "one too many", yes)
        assert courier.carried.failed == 1
        slow.go.set()
    hall.close()


def test_what_is_not_wanted_or_cannot_be_asked_is_not_sent_and_the_rest_is(tmp_path):
    hall, driver_ = Hall(tmp_path), Slow()
    driver_.go.set()
    with Courier(driver_, lambda: hall.now, hands=1) as courier:
        for n, wanted in enumerate((no, breaks, yes)):
            courier.take(PHONE, str(n), wanted)
        courier.settle()
        assert driver_.sent == [(PHONE, "2")]
        assert courier.carried == Carried(1, 0, 0)
        assert courier.ready(hall.now)
    hall.close()
