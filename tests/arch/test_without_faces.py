"""Everything works with the face package absent, and it is off where nobody said anything (L-01, INV-13)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
WALK = (
    "import faceless, pkgutil, importlib, mingshi\n"
    "for one in pkgutil.walk_packages(mingshi.__path__, 'mingshi.', onerror=lambda name: None):\n"
    "    if not one.name.startswith(('mingshi.faces', 'mingshi.store.migrations.versions', 'mingshi.__main__')):\n"
    "        importlib.import_module(one.name)\n"
    "print('whole')\n"
)
DONE_WITHOUT = (
    "unit/store/test_record_smoke.py",
    "unit/web/test_guard.py::test_who_never_consents_leaves_no_personal_row",
    "unit/rights/test_consent.py",
)
"""From registration to payment; a visit through the pages; consents."""


def _run(*arguments):
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS / "support"), os.environ.get("PYTHONPATH", "")])}
    return subprocess.run(
        [sys.executable, *arguments], env=env, cwd=TESTS.parent, capture_output=True, text=True, check=False
    )


@pytest.mark.law("L-01")
def test_every_other_module_is_there_without_it():
    done = _run("-c", WALK)
    assert done.stdout.strip() == "whole", done.stderr[-2000:]


@pytest.mark.law("L-01")
def test_a_site_registers_checks_in_rules_and_settles_without_it():
    done = _run(
        "-m", "pytest", "-q", "-p", "faceless", "-p", "no:cacheprovider", *(f"tests/{one}" for one in DONE_WITHOUT)
    )
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.law("L-01")
def test_it_is_off_where_nobody_said_anything(quick_path):
    from office import Office

    from mingshi.app.sign_assessment import closed, running

    office = Office(quick_path, seed=3)
    assert office.store.look(running, now=office.now)["face"] == "off"
    assert "no_assessment" in office.store.look(closed, now=office.now)
    office.close()
