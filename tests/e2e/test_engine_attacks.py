"""Every file of attacks/engine is stopped, and gets through once the one defence it names is taken away."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "attacks" / "engine"
ATTACKS = sorted(path for path in FOLDER.glob("*.py") if path.stem != "office")
NAMED = {
    "back_dated_registration", "registered_after_arrival", "edited_first_visit", "number_swap", "self_dealing",
    "bought_list", "drawer_receipts", "remote_check_in", "masked_farming", "unaware_client", "lead_in_the_car",
    "mass_look_ups", "pair_poisoning", "clock_set_forward", "maintenance_gap", "window_run_out_in_presale",
    "purpose_made_policy",
}  # fmt: skip


def test_every_attack_of_the_list_is_here():
    assert {path.stem for path in ATTACKS} >= NAMED


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_without_its_defence_the_attack_gets_through(path, monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    script = runpy.run_path(str(path))
    stopped = script["attack"]()
    assert stopped is not None
    assert stopped.how in ("refused", "limited", "flagged")
    monkeypatch.setattr(*script["DEFENCE"])
    assert script["attack"]() is None


@pytest.mark.parametrize("path", ATTACKS[:: max(1, len(ATTACKS) // 4)], ids=lambda path: path.stem)
def test_a_script_prints_what_was_tried_and_what_stopped_it(path):
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tried, stopped = done.stdout.splitlines()
    assert tried.startswith("tried: ")
    assert stopped.split()[0] in ("refused", "limited", "flagged")
