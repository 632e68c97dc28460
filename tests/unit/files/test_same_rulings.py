"""However a case is written, it is ruled to the same bytes (INV-06)."""

import csv
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from mingshi.cli import main

OFFICE = Path(__file__).parents[3] / "examples" / "office"


def run(*arguments: object) -> None:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == 0, result.output


def rulings(case: Path, out: Path) -> bytes:
    run("judge", case, "--out", out, "--jobs", 1)
    return (out / "rulings.jsonl").read_bytes()


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> bytes:
    return rulings(OFFICE, tmp_path_factory.mktemp("expected") / "out")


@pytest.mark.parametrize("options", [(), ("--tokens",)], ids=["plain", "tokens"])
@pytest.mark.parametrize("name", ["case", "case.xlsx"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_folder_a_workbook_and_their_tokens_are_ruled_alike(name, language, options, expected, tmp_path):
    run("convert", OFFICE, tmp_path / name, "--lang", language, *options)
    assert rulings(tmp_path / name, tmp_path / "out") == expected


def test_permuted_rows_are_ruled_alike(expected, tmp_path):
    dice = random.Random(11)
    (tmp_path / "case").mkdir()
    for file in OFFICE.iterdir():
        content = file.read_text("utf-8-sig")
        if file.suffix == ".csv":
            header, *rows = csv.reader(content.splitlines())
            dice.shuffle(rows)
            order = list(range(len(header)))
            dice.shuffle(order)
            with (tmp_path / "case" / file.name).open("w", encoding="gb18030", newline="") as out:
                csv.writer(out).writerows([[row[place] for place in order] for row in (header, *rows)])
        else:
            (tmp_path / "case" / file.name).write_text(content)
    assert rulings(tmp_path / "case", tmp_path / "out") == expected
