"""A season on disk: the same bytes twice, the same rulings as in memory, nothing overwritten."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mingshi.app.judge_case import deals_in_order
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import rule
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from mingshi.season.folder import read_manifest, read_truth, write_season
from mingshi.season.generate import make_season
from mingshi.season.presets import PRESETS
from mingshi.season.scene import read_scene

SMALL = 0.2
WORLDS = [name for name in PRESETS if name not in ("refusers-parity", "hengshui-load")]
WRITE = """
import sys
from pathlib import Path
from mingshi.app.judge_case import deals_in_order
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import rule
from mingshi.season.folder import write_season
from mingshi.season.generate import make_season
from mingshi.season.presets import PRESETS
for name, preset in PRESETS.items():
    scale = {"refusers-parity": 0.01, "hengshui-load": 0.001}.get(name, 0.1)
    made = make_season(preset.scaled(scale), 41)
    write_season(made, Path(sys.argv[1]) / name, scale=scale)
    lines = [rule(gather(deal, made.records)).to_bytes() for deal in deals_in_order(made.records)]
    (Path(sys.argv[1]) / name / "rulings.jsonl").write_bytes(b"\\n".join(lines))
"""


@pytest.mark.parametrize("name", WORLDS)
def test_what_is_read_is_what_was_made(name, tmp_path):
    made = make_season(PRESETS[name].scaled(SMALL), 41)
    write_season(made, tmp_path / "s", scale=SMALL)
    case = read_case(tmp_path / "s" / "events")
    assert case.rejected == ()
    assert {notice.code for notice in case.notices} <= {"no_such_record"}  # a deleted record that an edit names
    assert read_truth(tmp_path / "s") == made.truth
    scene = read_scene(tmp_path / "s")
    for deal in deals_in_order(made.records):
        assert rule(gather(deal, scene.records)).to_bytes() == rule(gather(deal, made.records)).to_bytes()


def test_the_same_seed_gives_the_same_bytes_on_machines_with_other_hash_seeds(tmp_path):
    """Every preset, its files and the rulings on them."""
    machines = []
    for number in ("1", "2"):
        command = [sys.executable, "-c", WRITE, str(tmp_path / number)]
        (tmp_path / number).mkdir()
        machines.append(subprocess.Popen(command, env={"PYTHONHASHSEED": number, "PATH": ""}))
    assert [machine.wait(timeout=300) for machine in machines] == [0, 0]
    one, other = tmp_path / "1", tmp_path / "2"
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert {path.parts[0] for path in files} == set(PRESETS)
    assert files == sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    assert all((one / path).read_bytes() == (other / path).read_bytes() for path in files)


def test_another_seed_is_another_season(tmp_path):
    first, second = (make_season(PRESETS["clean"].scaled(SMALL), seed) for seed in (41, 42))
    assert first.truth.visits != second.truth.visits
    write_season(first, tmp_path / "a")
    write_season(second, tmp_path / "b")
    manifests = [json.loads((tmp_path / name / "manifest.json").read_text()) for name in "ab"]
    assert manifests[0]["sha256"] != manifests[1]["sha256"]


def test_nothing_is_overwritten(tmp_path):
    made = make_season(PRESETS["clean"].scaled(SMALL), 41)
    write_season(made, tmp_path / "s")
    with pytest.raises(BadInputError):
        write_season(made, tmp_path / "s")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"preset": "clean"}'])
def test_a_folder_that_is_no_season_is_refused(text, tmp_path):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BadInputError):
        read_manifest(tmp_path)
    with pytest.raises(BadInputError):
        read_truth(Path(tmp_path))
