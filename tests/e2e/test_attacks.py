"""INV-07: every file of attacks/ finds its attack, and finds it no more once its defence is taken away."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ATTACKS = sorted(
    path
    for path in (Path(__file__).parents[2] / "attacks").glob("*.py")
    if "attack_world" in path.read_text(encoding="utf-8") and path.stem != "attack_world"
)


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_the_attack_is_found_and_named(path):
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tried, found = done.stdout.splitlines()
    assert tried.startswith("tried: ")
    assert found.startswith("found by ")


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_without_its_defence_the_attack_succeeds(path, monkeypatch):
    script = runpy.run_path(str(path))
    assert script["attack"]() is not None
    monkeypatch.setattr(*script["DEFENCE"])
    assert script["attack"]() is None


def test_the_twelve_attacks_of_the_ledger_are_here():
    assert {path.stem for path in ATTACKS} >= {
        *("drop", "reorder", "edit", "fork", "restore_and_rewrite", "back_date", "rebind_opening"),
        *("proof_of_something_else", "quorum_short", "witness_keyed_as_log", "stale_cosignature"),
        "promise_never_included",
    }
