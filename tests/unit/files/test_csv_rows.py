import csv
import io
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingshi.files import source
from mingshi.files.csv_rows import CsvGrid
from mingshi.files.problem import BadInputError

TEXT = "报备编号,客户姓名\nR1,王测试\nR2,小学\n"


def rows(content: bytes) -> list[list[str]]:
    return [row for chunk in CsvGrid(io.BytesIO(content), "x.csv", "x").chunks() for row in chunk.as_rows()]


EXPECTED = [["报备编号", "客户姓名"], ["R1", "王测试"], ["R2", "小学"]]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_the_encodings_in_which_offices_export(encoding):
    if encoding.endswith("-bom"):
        name = encoding.removesuffix("-bom")
        content = ("\ufeff" + TEXT).encode(name)
    else:
        content = TEXT.encode(encoding)
    assert rows(content) == EXPECTED


def test_gb18030_whose_bytes_begin_like_utf8_is_read_as_gb18030():
    """小学 alone is valid UTF-8; the rest of the file tells."""
    assert "小学".encode("gb18030").decode("utf-8") == "Сѧ"
    assert rows("小学,备注\n小学,客户\n".encode("gb18030")) == [["小学", "备注"], ["小学", "客户"]]


def test_text_that_is_sensible_in_two_encodings_is_not_guessed():
    with pytest.raises(BadInputError, match="UTF-8 and as GB18030"):
        rows("id,name\n1,小学\n".encode("gb18030"))


@pytest.mark.parametrize("text", ["id,name\n1,Müller\n", "id,name\n1,王\n", "id,name\n1,x\n"])
def test_utf8_is_not_taken_for_gb18030(text):
    assert rows(text.encode()) == [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter, end):
    content = TEXT.replace(",", delimiter).replace("\n", end).encode()
    assert rows(content) == EXPECTED


def test_lists_inside_cells_do_not_pass_for_columns():
    assert rows(b"deal,phones\nD1,1;2;3\nD2,4;5;6\nD3,7;8;9\n")[1] == ["D1", "1;2;3"]


def test_a_hint_for_excel_is_no_row():
    assert rows(b"sep=;\na;b\n1;2\n") == [["a", "b"], ["1", "2"]]


def test_a_file_that_ends_without_a_line_end_keeps_its_last_row():
    assert rows(TEXT.rstrip("\n").encode()) == EXPECTED


CELLS = st.text(st.sampled_from("ab王,;\t\"'\n\r =+０"), max_size=6)


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=30)
    | st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=30)),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(8, 200),
)
def test_however_blocks_fall_the_rows_are_those_of_the_csv_module(table, end, block):
    """A small block makes every kind of row fall across a border, quoted or not."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end).writerows([["h"] * max(map(len, table), default=1), *table])
    text = out.getvalue()
    expected = [
        [cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("'=+-@\t\r＝＋－＠") else cell for cell in row]
        for row in csv.reader(io.StringIO(text, newline=""), strict=True)
    ]
    content = ("\ufeff" + text).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "_BLOCK_BYTES", block)
        grid = CsvGrid(io.BytesIO(content), "x.csv", "x")
        grid._delimiter = ","  # found elsewhere; random cells are no header
        read = [(chunk.first, chunk.as_rows()) for chunk in grid.chunks()]
    # An empty line is a row of no cells or of one empty cell: nothing either way.
    assert [row or [""] for _, each in read for row in each] == [row or [""] for row in expected]
    assert [first for first, _ in read] == [1 + sum(len(each) for _, each in read[:n]) for n in range(len(read))]


def test_a_short_row_and_a_long_one_do_not_make_two_of_the_right_length(monkeypatch):
    monkeypatch.setattr(source, "_BLOCK_BYTES", 64)
    table = [["a", "b", "c"]] * 20 + [["d", "e"], ["f", "g", "h", "i"]] * 20
    assert rows("\n".join(map(",".join, table)).encode()) == table


def test_regular_rows_and_quoted_rows_give_the_same_cells(monkeypatch):
    dice = random.Random(7)
    table = [[f"R{number}", "甲" * dice.randrange(4), str(dice.random())] for number in range(2000)]
    regular = "\n".join(",".join(row) for row in table)
    quoted = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table)
    monkeypatch.setattr(source, "_BLOCK_BYTES", 1000)
    assert rows(regular.encode()) == rows(quoted.encode()) == table
