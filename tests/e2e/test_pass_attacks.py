"""Every file of attacks/passes is stopped, and gets through once the one defence it names is taken away."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "attacks" / "passes"
ATTACKS = sorted(path for path in FOLDER.glob("*.py") if path.stem != "stage")
NAMED = {
    "photographed_sign", "forwarded_ticket", "sign_in_a_chat_group", "one_phone_many_clients", "guessed_door_code",
    "guessed_otp", "code_bombing", "who_is_a_client", "photographed_receipt", "replayed_receipt", "relayed_challenge",
    "recorded_answer",
}  # fmt: skip


def test_every_attack_of_the_list_is_here():
    assert {path.stem for path in ATTACKS} >= NAMED


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_without_its_defence_the_attack_gets_through(path, monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    script = runpy.run_path(str(path))
    stopped = script["attack"]()
    assert stopped is not None
    assert stopped.how in ("refused", "limited")
    monkeypatch.setattr(*script["DEFENCE"])
    assert script["attack"]() is None


@pytest.mark.parametrize("path", ATTACKS[::4], ids=lambda path: path.stem)
def test_a_script_prints_what_was_tried_and_what_stopped_it(path):
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tried, stopped = done.stdout.splitlines()
    assert tried.startswith("tried: ")
    assert stopped.split()[0] in ("refused", "limited")
