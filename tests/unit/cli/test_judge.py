"""`mingshi judge` as an office would use it, on the example office."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingshi.cli import main
from mingshi.cli.judging import judge_all
from mingshi.files.judging import records_of
from mingshi.files.read_case import read_case
from mingshi.files.write_case import write_folder
from mingshi.kernel.fen import yuan_text
from mingshi.season.folder import write_season
from mingshi.season.generate import make_season
from mingshi.season.presets import PRESETS

ROOT = Path(__file__).parents[3]
OFFICE = ROOT / "examples" / "office"
FACTS = (ROOT / "examples" / "office.facts").read_text(encoding="utf-8")


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["judge", *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judged") / "out"
    code, stdout, _ = run(OFFICE, "--out", folder, "--period", "2026-06")
    assert code == 0
    assert "40 笔成交" in stdout
    return folder


@pytest.fixture(scope="module")
def rulings(out: Path) -> dict[str, dict]:
    lines = (out / "rulings.jsonl").read_text(encoding="utf-8").splitlines()
    return {value["deal"]: value for value in map(json.loads, lines)}


CODES = {
    "D03": "3", "D04": "3", "D05": "4", "D06": "5", "D07": "2", "D08": "6", "D09": "7", "D10": "8", "D11": "9",
    "D12": "1", "D13": "11", "D14": "10", "D15": "12", "D16": "NOAGR", "D17": "INCOMPLETE", "D18": "PROJECT",
    "D19": "SELF", "D20": "UNMASK", "D21": "MISMATCH", "D22": "UNCONFIRMED", "D23": "NOVISIT", "D24": "UNPROVEN",
    "D25": "NOESCORT",
}  # fmt: skip
OUTCOMES = {
    "D01": "CHANNEL", "D28": "OWN", "D29": "REFERRAL", "D30": "EMPLOYEE", "D26": "NATURAL", "D31": "SPLIT",
    "D32": "REVIEW", "D33": "NOT_REJUDGEABLE",
}  # fmt: skip


@pytest.mark.parametrize(("deal", "code"), CODES.items())
def test_every_code_occurs_in_the_example(rulings, deal, code):
    assert code in {claim["code"] for claim in rulings[deal]["claims"]}


@pytest.mark.parametrize(("deal", "kind"), OUTCOMES.items())
def test_every_outcome_occurs_in_the_example(rulings, deal, kind):
    assert rulings[deal]["outcome"]["kind"] == kind


def test_every_status_occurs_in_the_example(rulings):
    statuses = {ruling["status"] for ruling in rulings.values()}
    assert statuses == {"proposed", "review", "disputed", "decided", "deemed", "erased"}


def test_an_agent_who_never_registered_is_named(rulings):
    assert rulings["D26"]["unregistered"] == ["乙/郑"]


def test_folder_and_workbook_give_the_same_bytes(out, tmp_path):
    assert run(OFFICE.with_suffix(".xlsx"), "--out", tmp_path / "x")[0] == 0
    for name in ("rulings.jsonl", "rulings.csv", "registrations.csv", "settlement.csv", "settlement.xlsx"):
        assert (out / name).read_bytes() == (tmp_path / "x" / name).read_bytes(), name


def test_the_example_is_what_its_facts_say(tmp_path):
    subprocess.run([sys.executable, ROOT / "tools" / "make_examples.py", tmp_path], check=True)
    assert read_case(tmp_path / "office") == read_case(OFFICE) == read_case(OFFICE.with_suffix(".xlsx"))


def test_jobs_change_no_byte():
    records = records_of(read_case(OFFICE))
    alone = [one.line for one in judge_all(records, 1)]
    deals = [json.loads(line)["deal"] for line in alone] * 8
    assert [one.line for one in judge_all(records, 3, deals=deals)] == alone * 8


def test_input_files_are_named_with_their_digests(out):
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["basis"] == "unsealed"
    assert {each["name"] for each in summary["inputs"]} >= {"deals.csv", "registrations.csv", "case.toml"}
    assert all(len(each["sha256"]) == 64 for each in summary["inputs"])


def test_no_ruling_holds_a_number_or_a_client(out):
    text = (out / "rulings.jsonl").read_text(encoding="utf-8")
    numbers = {row.phone for row in read_case(OFFICE).tables["registrations"].records()}
    assert not [number for number in numbers if number in text]
    assert "王测试" not in text


def test_the_four_figures_are_printed(rulings):
    del rulings
    _, stdout, _ = run(OFFICE)
    assert "应付 ¥" in stdout
    assert "多付 ¥80,000.00" in stdout  # D03 was paid though refused, D35 was cancelled after payment


def test_one_deal_is_told_to_each_party():
    code, stdout, _ = run(OFFICE, "--deal", "D03")
    assert code == 0
    assert (
        "报备无效（3 防截客）：报备 2026年5月5日 10:10，到访 2026年5月5日 10:25，"
        "间隔 15 分钟，少于 30 分钟（差 15 分钟）。" in stdout
    )
    assert "致购房人" in stdout
    code, stdout, _ = run(OFFICE, "--deal", "D03", "--lang", "en")
    assert "15 min between, less than 30 min (15 min short)." in stdout


def test_a_month_has_a_statement_for_every_account(out):
    folder = out / "statements-2026-06"
    assert {path.name for path in folder.iterdir()} >= {"贝平台.csv", "贝平台.xlsx", "甲公司.csv"}


def test_earlier_rulings_are_superseded_by_their_digest(out, tmp_path):
    code, _, _ = run(OFFICE, "--out", tmp_path / "same", "--previous", out / "rulings.jsonl")
    assert code == 0
    assert (tmp_path / "same" / "rulings.jsonl").read_bytes() == (out / "rulings.jsonl").read_bytes()
    run(OFFICE, "--policy", "open", "--out", tmp_path / "new", "--previous", out / "rulings.jsonl")
    line = (tmp_path / "new" / "rulings.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert len(json.loads(line)["supersedes"]) == 64


def test_the_report_tells_commission_at_risk_and_the_sites_patterns_in_both_languages(tmp_path):
    """On a season with frauds: the figures of the page are those of summary.json, with every month's interval."""
    season = tmp_path / "s"
    write_season(make_season(PRESETS["insider"].scaled(0.6), 5), season)
    assert run(season / "events", "--out", tmp_path / "out")[0] == 0
    estimates = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["at_risk"]
    assert [one["month"] for one in estimates][:2] == ["", "2026-06"]
    assert sum(one["claims"] for one in estimates[1:]) == estimates[0]["claims"] > 0
    for name, title in (("report.html", "各月存疑佣金"), ("report.en.html", "Commission at risk by month")):
        page = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert title in page
        for one in estimates:
            assert one["low_fen"] <= one["estimate_fen"] <= one["high_fen"] <= one["claimed_fen"]
            low, high = (yuan_text(one[key]).partition(".")[0] for key in ("low_fen", "high_fen"))
            assert f"{low}–{high}" in page
        assert 'id="patterns"' in page
        assert "可能是约定的对接关系尚未登记。" in page or "an agreement that is not recorded" in page


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--policy", "strict"), "没有这个判客规则"),
        (("--deal", "D99"), "成交（deals）里没有这个编号"),
        (("--period", "June"), "不是年月"),
        (("--previous", "nowhere.jsonl"), "不是 mingshi 写出的 rulings.jsonl"),
    ],
)
def test_bad_input_ends_with_two_and_writes_nothing(tmp_path, args, said):
    code, _, stderr = run(OFFICE, "--out", tmp_path / "out", *args)
    assert code == 2
    assert said in stderr
    assert not (tmp_path / "out").exists()


def test_a_policy_out_of_range_is_refused_with_its_range(tmp_path):
    policy = tmp_path / "ours.toml"
    policy.write_text(
        'version = "ours"\nbase = "classic"\n[parameters]\nlead_min = 2000\nled_min = 1\n', encoding="utf-8"
    )
    code, _, stderr = run(OFFICE, "--policy", policy)
    assert code == 2
    assert "0–1440 min" in stderr
    assert "没有这个参数" in stderr


def test_results_of_somebody_else_are_not_overwritten(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    assert run(OFFICE, "--out", tmp_path / "out")[0] == 2
    assert (tmp_path / "out" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_an_earlier_result_is_replaced(tmp_path):
    assert run(OFFICE, "--out", tmp_path / "out")[0] == 0
    assert run(OFFICE, "--out", tmp_path / "out")[0] == 0


@pytest.mark.parametrize("payee", ["贝平台", "甲公司", "乙公司"])
@pytest.mark.parametrize("month", ["2026-05", "2026-06", "2026-07", "2026-08"])
def test_an_agency_recomputes_its_statement_from_the_export_alone(tmp_path, payee, month):
    case = read_case(OFFICE)
    write_folder(case, tmp_path / "export", "en")
    assert run(OFFICE, "--out", tmp_path / "out", "--period", month)[0] == 0
    script = ROOT / "tests" / "independent" / "recompute_statement.py"
    done = subprocess.run(
        [sys.executable, "-I", script, tmp_path / "export", tmp_path / "out" / "rulings.jsonl", payee, month],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    opening, became_due, paid, closing = map(int, done.stdout.split())
    path = tmp_path / "out" / f"statements-{month}" / f"{payee}.csv"
    if not path.exists():
        assert (opening, became_due, paid, closing) == (0, 0, 0, 0)
        return
    rows = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]]
    amounts = [(row[4], round(float(row[5]) * 100)) for row in rows]
    assert amounts[0] == ("期初未付", opening)
    assert amounts[-1] == ("期末未付", closing)
    assert sum(amount for label, amount in amounts[1:-1] if label != "付款") == became_due
    assert -sum(amount for label, amount in amounts if label == "付款") == paid


def test_every_payee_has_a_statement_of_its_own_whatever_its_name(tmp_path):
    """甲公司 and its platform by names that differ only by what a file name cannot hold; nothing is overwritten."""
    source = tmp_path / "case"
    shutil.copytree(OFFICE, source)
    for path in source.glob("*.csv"):
        text = path.read_text(encoding="utf-8-sig")
        path.write_text(text.replace("甲公司", "甲.公司/A").replace("贝平台", "甲.公司?a"), encoding="utf-8")
    assert run(source, "--out", tmp_path / "out", "--period", "2026-06")[0] == 0
    names = sorted(path.name for path in (tmp_path / "out" / "statements-2026-06").iterdir())
    assert names == ["甲.公司_A.csv", "甲.公司_A.xlsx", "甲.公司_a-2.csv", "甲.公司_a-2.xlsx"]
