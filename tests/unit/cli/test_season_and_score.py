"""`mingshi season` and `mingshi score`, as a person runs them."""

import json
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from mingshi.cli import main


def run(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("season") / "s"
    code, said, _ = run("season", "--preset", "zero-face", "--seed", 61, "--out", place, "--scale", 0.3)
    assert code == 0
    assert "assumptions" in said
    return place


def test_a_season_is_judged_and_scored_from_its_files(folder, tmp_path):
    assert run("judge", folder / "events", "--out", tmp_path / "j")[0] == 0
    code, judged, _ = run("score", folder, "--rulings", tmp_path / "j" / "rulings.jsonl", "--json", "--brief")
    assert code == 0
    assert json.loads(judged) == json.loads(run("score", folder, "--json", "--brief")[1])


def test_a_score_has_every_figure_the_design_asks_for(folder):
    value = json.loads(run("score", folder, "--json")[1])
    assert "assumptions" in value["assumptions"]
    assert set(value) >= {
        "tiers", "mechanisms", "confusion", "yuan", "time_to_flag", "parity", "baselines", "against_the_site",
        "at_risk", "patterns", "ablation", "columns", "sweep",
    }  # fmt: skip
    assert set(value["baselines"]) == {"B0 flag nothing", "B1 flag all", "B2 office of 2020"}
    assert set(value["columns"]) == {"naive", "best-response"}
    assert set(value["sweep"]) == {"0.00", "0.25", "0.50", "0.75", "1.00"}
    assert "B3 covert oracle" in value["tiers"]
    assert {"receipts", "statements", "look-up log", "edit log", "passes"} <= set(value["ablation"])


def test_a_score_is_told_and_drawn(folder):
    code, said, _ = run("score", folder, "--plots")
    assert code == 0
    assert "assumptions" in said
    pictures = sorted(path.name for path in (folder / "plots").iterdir())
    assert pictures == ["ablation.svg", "consent.svg", "tricks.svg", "yuan.svg"]
    for name in pictures:
        root = ET.fromstring((folder / "plots" / name).read_text(encoding="utf-8"))
        assert root.tag.endswith("svg")
        assert "script" not in {child.tag.rpartition("}")[2] for child in root.iter()}


def test_bad_input_ends_with_two(folder, tmp_path):
    assert run("season", "--preset", "zero-face", "--seed", 1, "--out", folder)[0] == 2
    assert run("score", tmp_path)[0] == 2
    (tmp_path / "r.jsonl").write_text("no\n")
    assert run("score", folder, "--rulings", tmp_path / "r.jsonl")[0] == 2
    code, said, _ = run("score", tmp_path, "--json", "--lang", "en")
    assert (code, json.loads(said)["problems"][0]["code"]) == (2, "no_season")


def test_actors_who_answer_to_the_rules(tmp_path):
    code, said, _ = run(
        "season", "--preset", "zero-face", "--seed", 61, "--out", tmp_path / "b", "--scale", 0.2,
        "--behaviour", "best-response", "--json",
    )  # fmt: skip
    assert code == 0
    told = json.loads(said)
    assert told["behaviour"] == "best-response"
    assert "incentive_gap_yuan" in told["game"]
