"""Every file of attacks/engine is stopped, and gets through once the one defence it names is taken away."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "attacks" / "engine"
ATTACKS = sorted(path for path in FOLDER.glob("*.py") if path.stem != "judged_office")
NAMED = {
    "back_dated_registration", "registered_after_arrival", "edited_first_visit", "number_swap", "self_dealing",
    "bought_list", "drawer_receipts", "remote_check_in", "masked_farming", "unaware_client", "lead_in_the_car",
    "mass_look_ups", "pair_poisoning", "clock_set_forward", "clock_set_back", "maintenance_gap",
    "window_run_out_in_presale", "purpose_made_policy",
}  # fmt: skip


def test_every_attack_of_the_list_is_here():
    assert {path.stem for path in ATTACKS} >= NAMED


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_a_script_ends_well_with_its_defence_and_fails_without_it(path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(FOLDER))
    assert _run(path) == 0
    tried, stopped = capsys.readouterr().out.splitlines()
    assert tried.startswith("tried: ")
    assert stopped.split()[0] in ("refused", "limited", "flagged")
    monkeypatch.setattr(*runpy.run_path(str(path))["DEFENCE"])
    assert _run(path) == 1
    assert capsys.readouterr().out.splitlines() == [tried, "NOT STOPPED"]


def _run(path):
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(path), run_name="__main__")
    return end.value.code


def test_a_script_runs_by_itself():
    done = subprocess.run([sys.executable, str(ATTACKS[0])], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
