"""A large file read by two processes is the case that one process reads, with the same problems."""

import os
from pathlib import Path

import pytest

from mingshi.files import csv_rows, read_in_two
from mingshi.files.case import Case
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case

DEALS = "deal,room,buyers,subscribed_at\n" + "".join(
    f"D{n},1-{n},160{n:08d},2026-05-{n % 28 + 1:02d}{' 10:00:00' if n % 7 else ''}\n" for n in range(400)
)
ARRIVALS = "arrival,at,phone,means,agent\n" + "".join(
    f"V{n},2026-04-{n % 28 + 1:02d} 09:{n % 60:02d},160{n:08d},{'otp' if n % 3 else '前台登记'},甲/李\n"
    for n in range(900)
)


@pytest.fixture(autouse=True)
def _small_files_are_parted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "_WORTH_PARTING", 100)


def case_in(folder: Path, deals: bytes, arrivals: bytes) -> Path:
    (folder / "deals.csv").write_bytes(deals)
    (folder / "arrivals.csv").write_bytes(arrivals)
    return folder


def rows_of(case: Case) -> dict[str, list[tuple[str, int | None]]]:
    return {name: [table.where(index) for index in range(len(table))] for name, table in case.tables.items()}


def outcome(path: Path, jobs: int) -> tuple[object, ...]:
    try:
        case = read_case(path, jobs=jobs)
    except BadInputError as error:
        return (error.diagnostics("zh"),)
    return case, rows_of(case), [each.as_json() for each in (*case.notices, *case.rejected)]


def parted(monkeypatch: pytest.MonkeyPatch) -> list[csv_rows.Cut]:
    """The cuts that are made."""
    cuts: list[csv_rows.Cut] = []
    cut = csv_rows.CsvGrid.cut

    def noted(grid: csv_rows.CsvGrid, share: float) -> csv_rows.Cut | None:
        made = cut(grid, share)
        cuts.extend([] if made is None else [made])
        return made

    monkeypatch.setattr(csv_rows.CsvGrid, "cut", noted)
    return cuts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "合计,,,,\n", "\n\n"])
def test_the_same_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, end: str, last: str) -> None:
    cuts = parted(monkeypatch)
    texts = [text.replace("\n", end).encode(encoding) for text in (DEALS, ARRIVALS + last)]
    path = case_in(tmp_path, *texts)
    assert outcome(path, 1) == outcome(path, 2)
    assert len(cuts) == 2
    assert all(0 < cut.offset < cut.size and cut.row > 2 for cut in cuts)


@pytest.mark.parametrize("bad", [range(3, 400, 7), range(380, 400), range(3, 20), (399,), ()])
def test_the_same_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bad: tuple[int, ...]) -> None:
    cuts = parted(monkeypatch)
    lines = DEALS.splitlines(keepends=True)
    for number in bad:
        lines[number] = lines[number].replace("2026-05", "26-05") if number % 2 else "D,,\n"
    path = case_in(tmp_path, "".join(lines).encode(), ARRIVALS.encode())
    assert outcome(path, 1) == outcome(path, 2)
    assert len(cuts) == 2


@pytest.mark.parametrize("broken", ["\0", "\xff"])
@pytest.mark.parametrize("where", [50, 390])
def test_a_file_that_cannot_be_read(tmp_path: Path, broken: str, where: int) -> None:
    lines = DEALS.splitlines(keepends=True)
    lines[where] = lines[where].replace("1-", broken)
    path = case_in(tmp_path, "".join(lines).encode("latin-1"), ARRIVALS.encode())
    assert outcome(path, 1) == outcome(path, 2)
    assert len(outcome(path, 2)) == 1


@pytest.mark.parametrize("text", [DEALS.replace("1-399", '"1-\n399"'), DEALS.replace("\n", "\r")])
def test_rows_that_may_end_elsewhere_are_not_parted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    cuts = parted(monkeypatch)
    path = case_in(tmp_path, text.encode(), ARRIVALS.encode())
    assert outcome(path, 1) == outcome(path, 2)
    assert len(cuts) == 1


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_a_line_end_between_two_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    cuts = parted(monkeypatch)
    block = 1024
    monkeypatch.setattr(csv_rows, "_BLOCK_BYTES", block)
    lines = DEALS.encode().splitlines()
    above = b"\n".join(lines)[: block - 50].rpartition(b"\n")[0]
    row = len(above.split(b"\n"))
    lines[row] = lines[row].ljust(block - 1 - len(above) - 1)
    text = b"\n".join(lines[: row + 1]) + end.encode() + b"\n".join(lines[row + 1 :]) + b"\n"
    assert text[block - 1 : block] == b"\r"
    path = case_in(tmp_path, text, ARRIVALS.encode())
    assert outcome(path, 1) == outcome(path, 2)
    assert len(cuts) == (2 if end == "\r\n" else 1)


def test_if_the_other_process_dies_its_rows_are_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case_in(tmp_path, DEALS.encode(), ARRIVALS.encode())
    alone = outcome(path, 1)
    monkeypatch.setattr(read_in_two, "_read_below", lambda *_: os._exit(3))
    assert outcome(path, 2) == alone
