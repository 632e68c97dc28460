"""An agency sets up its witness with one command; a site is witnessed by it; a kill loses nothing."""

import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from attack_world import ORIGIN, WITNESSES, World

from mingshi.ledger import verify as v
from mingshi.ledger.deposit import Request as DepositRequest
from mingshi.ledger.deposit import read_deposit
from mingshi.ledger.keys import SigningKey
from mingshi.ledger.signer import Signer
from mingshi.witness.client import HttpWitness

COMMAND = [sys.executable, "-m", "mingshi", "witness"]


@contextmanager
def running(folder, *options):
    process = subprocess.Popen([*COMMAND, "serve", str(folder), *options], stdout=subprocess.PIPE, text=True)
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "serving on" in line:
                break
        yield process, said[-1].split()[-1] if said else "", said
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=10)
        process.stdout.close()


def init(folder, world):
    done = subprocess.run(
        [*COMMAND, "init", str(folder), "--name", WITNESSES["agency"], "--log", str(world.key.verifier)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    text = (folder / "witness.toml").read_text(encoding="utf-8")
    (folder / "witness.toml").write_text(text.replace(":8330", ":0"), encoding="utf-8")
    return done.stdout


def test_an_agencys_own_witness_from_setup_to_a_receipt_and_through_a_kill(tmp_path):
    world, folder = World(), tmp_path / "witness"
    printed = init(folder, world)
    world.witness_keys["agency"] = SigningKey.parse((folder / "cosign.key").read_text(encoding="utf-8"))
    stamp = SigningKey.parse((folder / "stamp.key").read_text(encoding="utf-8"))
    key = world.witness_keys["agency"].verifier
    assert str(key) in printed
    assert v.fingerprint(str(key)) in printed
    lines = [
        f"witness agency {key}" if line.startswith("witness agency ") else line for line in world.policy.splitlines()
    ]
    world.policy = "".join(f"{line}\n" for line in lines)
    for _ in range(2):  # the second time after a kill
        with running(folder) as (process, url, _):
            world.links["agency"] = HttpWitness(url)
            world.signer = Signer([world.key], v.Policy.parse(world.policy), world.store)
            world.now_s = _now_s()
            assert world.signer.ask(world.links) is None
            index = world.register("A1", "1")
            world.publish(wait_s=1)
            verdict = v.verify_receipt(world.receipt(index), world.trust)
            assert verdict, verdict
            request = DepositRequest(ORIGIN, b"d" * 32, world.now_s - 100)
            answer = world.links["agency"].deposit(str(request))
            assert read_deposit(answer.body, stamp.verifier).request == request
            process.kill()
            process.wait(timeout=10)
    status = subprocess.run([*COMMAND, "status", str(folder)], capture_output=True, text=True, timeout=60, check=False)
    assert (status.returncode, status.stderr) == (0, "")


def _now_s():
    return int(time.time())  # noqa: TID251  # the process under test reads the same clock


def test_it_stops_when_told_to(tmp_path):
    world, folder = World(), tmp_path / "witness"
    init(folder, world)
    with running(folder) as (process, _, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_one_command_makes_and_runs_it(tmp_path):
    world = World()
    folder = tmp_path / "new"
    options = ["--name", "a.example/w", "--log", str(world.key.verifier), "--listen", "127.0.0.1:0"]
    with running(folder, *options) as (_, url, said):
        assert HttpWitness(url).latest(ORIGIN).status == 404
        assert any("a.example/w" in line for line in said)


@pytest.mark.parametrize("arguments", [["serve", "nowhere"], ["status", "nowhere"], ["init", "x", "--name", "no name"]])
def test_a_mistake_exits_2_and_says_what_to_do(tmp_path, arguments):
    done = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "/" in done.stderr
    assert "Traceback" not in done.stderr
