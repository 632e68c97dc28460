import http.client
import json
import os
import socket
import threading
from contextlib import closing, contextmanager

import pytest
from attack_world import ORIGIN, START_S, World, seed

from mingshi.ledger import verify as v
from mingshi.ledger.deposit import Request as DepositRequest
from mingshi.ledger.keys import SigningKey, signed
from mingshi.witness import server as server_module
from mingshi.witness import setup
from mingshi.witness.client import HttpWitness
from mingshi.witness.server import MAX_BODY, WitnessServer

LOG = SigningKey(ORIGIN, v.ED25519, seed("log"))
NOTE = str(signed(str(v.Checkpoint(ORIGIN, 0, v.EMPTY_ROOT)), LOG))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "witness"
    setup.make(made, "lianjia.example/witness", [str(LOG.verifier)], os.urandom)
    return made


@contextmanager
def serving(folder, **options):
    ready = setup.read(folder)
    server = WitnessServer(
        ("127.0.0.1", 0), ready.open_keeper(), lambda: START_S, keys_page=ready.keys_page(), **options
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.keeper.close()


def call(url, method, path, body=None, **headers):
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=5)) as connection:
        data = body.encode() if isinstance(body, str) else body
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        return response.status, response.headers["Content-Type"], response.read().decode()


def test_a_witness_is_made_with_keys_of_its_own_that_only_its_owner_reads(folder):
    ready = setup.read(folder)
    assert ready.key.verifier.kind == v.COSIGNATURE
    assert ready.key.seed != ready.stamp_key.seed
    for name in ("cosign.key", "stamp.key", "witness.state"):
        assert (folder / name).stat().st_mode & 0o077 == 0
    page = ready.keys_page()
    assert v.fingerprint(str(ready.key.verifier)) in page
    assert v.fingerprint(str(LOG.verifier)) in page
    assert "PRIVATE" not in page + repr(ready)


def test_a_witness_whose_memory_is_gone_does_not_start(folder):
    (folder / "witness.state").unlink()
    with pytest.raises(setup.SetupError, match="new key"):
        setup.read(folder).open_keeper()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("listen", "listem", "listem"),
        ('"127.0.0.1:8330"', '"8330"', "listen"),
        ("policy = []", "policy = [", "witness.toml"),
        ("policy = []", 'policy = ["none.txt"]', "none.txt"),
        ('open = "09:00"', 'open = "9 o\'clock"', "09:00"),
        ('open = "09:00"', 'open = "22:00"', "open"),
        ('close = "21:00"', 'shut = "21:00"', "close"),
        ("haitang", "haitong", "id should be"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_place_in_two_languages(folder, old, new, said):
    path = folder / "witness.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(setup.SetupError) as error:
        setup.read(folder)
    assert said in str(error.value)
    assert str(folder) in str(error.value)


def test_making_refuses_what_would_not_work(tmp_path, folder):
    with pytest.raises(setup.SetupError, match="not empty"):
        setup.make(folder, "a.example/w", [], os.urandom)
    with pytest.raises(setup.SetupError, match="name"):
        setup.make(tmp_path / "new", "no name", [], os.urandom)
    with pytest.raises(setup.SetupError, match="见证人的公钥"):
        setup.make(
            tmp_path / "new",
            "a.example/w",
            [str(SigningKey("b.example/w", 4, seed("b")).verifier)],
            os.urandom,
        )
    with pytest.raises(setup.SetupError, match="not set up"):
        setup.read(tmp_path / "nowhere")
    (folder / "cosign.key").write_text("nonsense", encoding="utf-8")
    with pytest.raises(setup.SetupError, match="私钥"):
        setup.read(folder)


def test_over_the_network_as_in_the_process(folder):
    with serving(folder) as (url, _):
        link = HttpWitness(url)
        assert link.latest(ORIGIN).status == 404
        answer = link.add_checkpoint(f"old 0\n\n{NOTE}")
        assert (answer.status, answer.body[:2]) == (200, "— ")
        assert link.latest(ORIGIN).body.startswith(f"{ORIGIN}\n0\n")
        assert call(url, "POST", "/add-checkpoint", f"old 0\nAAAA\n\n{NOTE}")[0] == 400
        status, kind, _ = call(url, "GET", "/keys")
        assert (status, kind) == (200, "text/plain; charset=utf-8")
        assert json.loads(call(url, "GET", "/gaps")[2]) == {ORIGIN: []}
        assert json.loads(call(url, "GET", "/alarms")[2]) == []
        assert call(url, "GET", "/../../secret")[0] == 404
        assert call(url, "POST", "/elsewhere", "x")[0] == 404


def test_a_conflict_has_the_content_type_of_the_specification(folder):
    world = World()
    world.register("A1", "1")
    note = world.signer.sign(START_S)
    with serving(folder) as (url, _):
        assert HttpWitness(url).add_checkpoint(f"old 0\n\n{note}").status == 200
        assert call(url, "POST", "/add-checkpoint", f"old 0\n\n{note}") == (409, "text/x.tlog.size", "1\n")


def test_requests_are_bounded(folder):
    with serving(folder) as (url, _):
        assert call(url, "POST", "/add-checkpoint", "x" * (MAX_BODY + 1))[0] == 413
        assert call(url, "POST", "/add-checkpoint", b"\xff\xfe")[0] == 400
        assert call(url, "POST", "/add-checkpoint", iter([b"x"]), **{"Transfer-Encoding": "chunked"})[0] == 411


def test_connections_are_bounded(folder, monkeypatch):
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 2)
    with serving(folder) as (url, server):
        held = [socket.create_connection(server.server_address[:2], timeout=5) for _ in range(2)]
        try:
            for each in held:
                each.sendall(b"GET /keys HTTP/1.1\r\n\r\n")
                assert each.recv(12).startswith(b"HTTP/1.1")
            with pytest.raises((http.client.HTTPException, OSError)):
                call(url, "GET", "/keys")
        finally:
            for each in held:
                each.close()


def test_a_deposit_may_ask_for_a_token(folder):
    request = str(DepositRequest(ORIGIN, seed("x"), START_S - 60))
    with serving(folder, token="agents only") as (url, _):
        assert HttpWitness(url).deposit(request).status == 401
        assert HttpWitness(url).deposit(request, "agents only").status == 200


def test_alarms_are_told_once(folder):
    told = []
    other = World()
    other.register("A1", "1")
    with serving(folder, tell=told.append) as (url, _):
        assert HttpWitness(url).add_checkpoint(f"old 0\n\n{NOTE}").status == 200
        forked = str(signed(str(v.Checkpoint(ORIGIN, 0, b"r" * 32)), LOG))
        for _ in range(2):
            assert HttpWitness(url).add_checkpoint(f"old 0\n\n{forked}").status == 422
    assert [alarm.kind for alarm in told] == ["FORK", "INCONSISTENT"]


def test_a_server_whose_file_fails_answers_503_and_ends(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "full")

    with serving(folder) as (url, server):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdatasync", full)
            assert HttpWitness(url).add_checkpoint(f"old 0\n\n{NOTE}").status == 503
        assert server._stop.wait(timeout=10)
        assert server.keeper.broken
    with serving(folder) as (url, _):
        assert HttpWitness(url).add_checkpoint(f"old 0\n\n{NOTE}").status == 200


def test_a_witness_that_cannot_be_reached_answers_with_status_0():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        assert HttpWitness(url).latest(ORIGIN).status == 0
    with pytest.raises(ValueError, match="网址"):
        HttpWitness("ftp://x")
