"""`mingshi policy` as a group would use it."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from mingshi.cli import main
from mingshi.cli.policy import REBATE_YUAN
from mingshi.present.policy_words import whole_yuan
from mingshi.season.game import Stakes

OFFICE = Path(__file__).parents[3] / "examples" / "office"
TABLE = re.compile("[│┃┏┡└├┗]")


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["policy", *map(str, args)], env={"COLUMNS": "80"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def toml(tmp_path: Path, *lines: str, base: str = "classic") -> Path:
    file = tmp_path / "ours.toml"
    text = f'version = "ours"\nbase = "{base}"\n[parameters]\n' + "\n".join(lines) + "\n"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "args", [("check", "classic"), ("diff", "classic", "open", "--on", OFFICE), ("guide",)], ids=lambda args: args[0]
)
def test_tables_fit_eighty_columns_in_both_languages(args, lang):
    code, stdout, _ = run(*args, "--lang", lang)
    assert code == 0
    assert not [line for line in stdout.splitlines() if TABLE.match(line) and cell_len(line) > 80]
    assert "\x1b" not in stdout


def test_a_policy_is_checked():
    code, stdout, _ = run("check", "open")
    assert code == 0
    assert "没有需要提醒的" in stdout
    code, stdout, _ = run("check", "classic", "--strict")
    assert code == 1
    assert "拖延对付款方有利" in stdout


def test_values_out_of_range_and_unequal_terms_are_refused_with_what_to_do(tmp_path):
    code, _, stderr = run("check", toml(tmp_path, "lead_min = 2000", "natural_protect_day = 3"))
    assert code == 2
    assert "0–1440 min" in stderr
    assert "没有这个参数" in stderr
    code, _, stderr = run("check", toml(tmp_path, "natural_protect_days = 60"), "--lang", "en")
    assert code == 2
    assert "asymmetric = true" in stderr


def test_a_check_on_a_case_says_what_it_could_not_try():
    code, stdout, _ = run("check", "open", "--on", OFFICE, "--json")
    assert code == 0
    value = json.loads(stdout)
    assert {one["parameter"] for one in value["untried"]} >= {"masked"}
    assert value["unbound"] is None or isinstance(value["unbound"], list)


def test_the_expected_rebate_is_the_seasons_assumption():
    assert Stakes().rebate_median == REBATE_YUAN


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("diff", "classic", "strict", "--on", OFFICE), "没有这个判客规则"),
        (("diff", "classic", "classic", "--on", OFFICE), "参数完全相同"),
        (("diff", "classic", "open", "--on", "nowhere"), "nowhere"),
        (("guide", "open", "open"), "参数完全相同"),
    ],
)
def test_bad_input_ends_with_two(args, said):
    code, stdout, stderr = run(*args)
    assert code == 2
    assert said in stderr
    assert not stdout


def test_one_policy_under_another_name_is_the_same(tmp_path):
    code, _, stderr = run("diff", "classic", toml(tmp_path, "lead_min = 30"), "--on", OFFICE)
    assert code == 2
    assert "参数完全相同" in stderr


def test_the_difference_is_told_per_side_agency_and_deal(tmp_path):
    ours = toml(tmp_path, "lead_min = 15")
    code, stdout, _ = run("diff", "classic", ours, "--on", OFFICE, "--json")
    assert code == 0
    value = json.loads(stdout)
    written = value["readings"]["written"]
    (deal,) = [one for one in written["deals"] if one["deal"] == "D03"]
    # 算: D03 was registered 10:10 and came 10:25; fifteen minutes are enough now, but nobody asked who brought them.
    assert deal["before"]["outcome"]["kind"] == "NATURAL"
    assert (deal["after"]["outcome"]["kind"], deal["why"][0]["after"]["rule"]) == ("REVIEW", "B5")
    assert deal["why"][0]["before"]["code"] == "3"
    assert deal["moved_by"] == [{"parameter": "lead_min", "rule": "B1"}]
    sides = {one["name"]: one["moved_fen"] for one in written["sides"]}
    assert sides["agencies"] == -sides["developer"]
    code, stdout, _ = run("diff", "classic", ours, "--on", OFFICE)
    assert "B1" in stdout


def test_jobs_change_nothing():
    alone = run("diff", "classic", "open", "--on", OFFICE, "--json", "--jobs", "1")
    assert alone == run("diff", "classic", "open", "--on", OFFICE, "--json", "--jobs", "3")


def test_the_page_needs_nothing_but_itself(tmp_path):
    page = tmp_path / "lab.html"
    assert run("diff", "classic", "open", "--on", OFFICE, "--page", page)[0] == 0
    assert run("diff", "classic", "open", "--on", OFFICE, "--page", page)[0] == 0  # its own page is replaced
    for path, lang in ((page, "zh-CN"), (tmp_path / "lab.en.html", "en")):
        html = path.read_text(encoding="utf-8")
        assert f'lang="{lang}"' in html
        assert not re.search(r"<script|<link|<img|url\(|@import| style=| on[a-z]+=", html)
        assert not re.search(r'(?:src|href)="(?!#)', html)


def test_a_page_of_somebody_else_is_left_alone(tmp_path):
    page = tmp_path / "mine.html"
    page.write_text("mine", encoding="utf-8")
    code, _, stderr = run("diff", "classic", "open", "--on", OFFICE, "--page", page)
    assert code == 2
    assert "没有覆盖" in stderr
    assert page.read_text(encoding="utf-8") == "mine"
    assert run("diff", "classic", "open", "--on", OFFICE, "--page", tmp_path / "none" / "x.html")[0] == 2


def test_the_guide_tells_every_clause_and_what_it_alone_would_change():
    code, stdout, _ = run("guide", "--json", "--lang", "en")
    assert code == 0
    told = {one["parameter"]: one for one in json.loads(stdout)["clauses"]}
    assert set(told) == {
        "masked", "owner_limit", "lead_cure", "door_code", "escort_by_client", "suspension", "silence_favours_claimant",
    }  # fmt: skip
    assert all(one["why"] and one["old"] != one["new"] for one in told.values())
    code, stdout, _ = run("guide", "--on", OFFICE)
    assert code == 0
    assert "单独适用此条" in stdout


@pytest.mark.slow
@pytest.mark.parametrize("preset", ["megvii-T1", "site-steals", "open-office"])
def test_the_figures_of_the_docs_are_those_of_the_seasons(tmp_path, preset):
    season = CliRunner().invoke(main, ["season", "--preset", preset, "--seed", "7", "--out", str(tmp_path / "s")])
    assert season.exit_code == 0
    _, stdout, _ = run("diff", "classic", "open", "--on", tmp_path / "s" / "events", "--json")
    lines = (Path(__file__).parents[3] / "docs" / "policy-lab.md").read_text(encoding="utf-8").splitlines()
    table = lines[next(index for index, line in enumerate(lines) if line.startswith(f"| `{preset}`")) :]
    for reading, line in zip(json.loads(stdout)["readings"].values(), table, strict=False):
        (agencies,) = [one for one in reading["sides"] if one["name"] == "agencies"]
        before, after = (whole_yuan(agencies[name]) for name in ("before_fen", "after_fen"))
        assert f"| {reading['flips']} | {before} → {after} |" in line
