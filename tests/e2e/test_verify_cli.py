"""`mingshi verify`, and verify.py copied out alone: words in two languages, exit 0, 1 or 2."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import ledger_vectors
import pytest
from attack_world import World
from click.testing import CliRunner

from mingshi.cli import main
from mingshi.ledger import verify as v
from mingshi.ledger.receipt import make_receipt

AGENT = ledger_vectors.VECTORS / "agent.tlog-proof"
POLICY = ledger_vectors.VECTORS / "policy.txt"
PRINTED = v.fingerprint(POLICY.read_text(encoding="utf-8"))


def mingshi(*arguments):
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def test_a_receipt_is_verified_and_each_check_explained_in_chinese():
    done = mingshi(AGENT, "--policy", POLICY)
    assert done.exit_code == 0
    assert "结论：全部通过" in done.output
    assert [line[2:5].strip() for line in done.output.splitlines() if line[:1] in "✓·✗"] == [
        str(n) for n in range(1, 14)
    ]
    assert "RFC 6962" in done.output


def test_the_printed_fingerprint_is_enough_and_english_is_spoken():
    done = mingshi(AGENT, "--fingerprint", PRINTED, "--lang", "en")
    assert done.exit_code == 0
    assert "Verified: every check said yes" in done.output


def test_without_a_rule_of_trust_of_ones_own_nothing_is_called_verified():
    done = mingshi(AGENT)
    assert done.exit_code == 1
    assert "POLICY_NOT_TRUSTED" in done.output
    assert PRINTED in done.output


def test_the_first_reason_that_fails_is_named(tmp_path):
    bad = tmp_path / "bad.tlog-proof"
    bad.write_text(AGENT.read_text(encoding="utf-8").replace("index 3", "index 4"), encoding="utf-8")
    done = mingshi(bad, "--policy", POLICY)
    assert done.exit_code == 1
    assert "WRONG_INDEX" in done.output
    assert "✗  7" in done.output


def test_json_is_for_machines():
    done = mingshi(AGENT, "--policy", POLICY, "--json", "--phone", ledger_vectors.PHONE)
    said = json.loads(done.output)
    assert said["files"][0]["verified"] is True
    assert said["files"][0]["facts"]["kind"] == "registration"
    assert said["split_view"] == []


def test_a_part_as_deep_as_may_be_is_reported_too(tmp_path):
    world = World()
    deep = []
    for _ in range(11):
        deep = [deep]
    world.seal("control", {"deep": deep})
    world.publish()
    path = tmp_path / "deep"
    path.write_text(world.receipt(0), encoding="utf-8")
    done = mingshi(path, "--fingerprint", v.fingerprint(world.policy), "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["files"][0]["verified"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"hello\n", "格式不识别"),
        (b"{}", "格式不识别"),
        (b"x" * (v.MAX_FILE + 1), "1 MiB"),
        (None, "No such file"),
    ],
)
def test_input_that_cannot_be_read_exits_2_with_place_and_reason(tmp_path, content, said):
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    done = mingshi(path, "--policy", POLICY)
    assert done.exit_code == 2
    assert said in done.output
    assert str(path) in done.output


def test_a_policy_with_a_mistake_exits_2_and_names_the_line(tmp_path):
    path = tmp_path / "policy"
    path.write_text("# mine\nlog nonsense\n", encoding="utf-8")
    done = mingshi(AGENT, "--policy", path)
    assert done.exit_code == 2
    assert "line 2" in done.output


@pytest.mark.law("L-33")
def test_two_parties_receipts_are_compared(tmp_path):
    paths = []
    for agent, cut in (("A1", "association"), ("friend", "agency")):
        world = World(agent)
        world.links[cut].cut = True
        world.register(agent, "1")
        world.publish()
        shown = world.openings[0][:1]
        path = tmp_path / agent
        path.write_text(
            make_receipt(world.store, world.signer.tree, 0, shown, world.policy, with_promise=False),
            encoding="utf-8",
        )
        paths.append(path)
    (tmp_path / "policy").write_text(world.policy, encoding="utf-8")
    alone = [mingshi(path, "--policy", tmp_path / "policy").exit_code for path in paths]
    together = mingshi(*paths, "--policy", tmp_path / "policy")
    assert (alone, together.exit_code) == ([0, 0], 1)
    assert "SPLIT_VIEW" in together.output


def test_promises_and_overdue_evidence_are_explained():
    for name, said in (
        ("promise.json", "承诺期限"),
        ("overdue-unanswered.json", "案场必须出示"),
        ("overdue-absent.json", "承诺已被打破"),
    ):
        done = mingshi(ledger_vectors.VECTORS / name, "--policy", POLICY)
        assert done.exit_code == 0, done.output
        assert said in done.output


def test_a_verified_receipt_can_be_printed(tmp_path):
    sheet = tmp_path / "sheet.html"
    assert mingshi(AGENT, "--policy", POLICY, "--sheet", sheet).exit_code == 0
    assert PRINTED in sheet.read_text(encoding="utf-8")
    assert mingshi(AGENT, "--sheet", tmp_path / "none.html").exit_code == 1
    assert not (tmp_path / "none.html").exists()


def test_the_verifier_runs_when_copied_out_alone(tmp_path):
    shutil.copy(v.__file__, tmp_path / "verify.py")
    code = "import sys, runpy; sys.modules['mingshi'] = None; sys.argv = sys.argv[1:];"
    code += "runpy.run_path('verify.py', run_name='__main__')"
    command = [sys.executable, "-c", code, "verify.py", str(AGENT), "--policy", str(POLICY), "--lang", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Verified: every check said yes"), done.stderr
    refused = subprocess.run(
        [*command[:-4], "--lang", "en"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert refused.returncode == 1
    nothing = subprocess.run(
        [*command[:4], "none"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert nothing.returncode == 2


def test_the_verifier_imports_only_the_standard_library_and_cryptography():
    import ast

    tree = ast.parse(Path(v.__file__).read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    tops = {name.partition(".")[0] for name in names}
    assert tops - sys.stdlib_module_names == {"cryptography"}


def test_help_imports_no_command():
    code = "import sys; from mingshi.cli import main; main(['--help'], standalone_mode=False);"
    code += "print('mingshi.ledger' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "False"
