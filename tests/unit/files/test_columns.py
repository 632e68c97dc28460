from enum import StrEnum

import pytest

from mingshi.files.cells import cell_writer
from mingshi.files.columns import ColumnReader, empty_value
from mingshi.files.format import BY_NAME, SHEETS, Kind
from mingshi.files.problem import CellError
from mingshi.files.times import TimeReader
from mingshi.files.words import CHINESE
from mingshi.kernel.timeline import Zone


def read(sheet: str, field: str, *cells: str) -> list[object]:
    """The values of a column's cells; a bad cell raises."""
    table = BY_NAME[sheet]
    column = next(column for column in table.columns if column.field == field)
    values, faults = ColumnReader(table, column, TimeReader(Zone())).read(cells)
    for _, error in faults:
        raise error
    return values


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        *(
            ("40,000.00", 4_000_000),
            ("￥40000", 4_000_000),
            ("¥ 40,000", 4_000_000),
            ("40000元", 4_000_000),
            ("４００００", 4_000_000),
        ),
        *(
            ("4万", 4_000_000),
            ("4.5万元", 4_500_000),
            ("215.1234万", 215_123_400),
            ("-50000", -5_000_000),
            ("0.5", 50),
            ("0", 0),
        ),
        *(("12345.60", 1_234_560), ("12345.6000", 1_234_560), ("", None), ("-", None)),
    ],
)
def test_money_to_the_fen(written, fen):
    assert read("deals", "price_fen", written) == [fen]


@pytest.mark.parametrize("written", ["1.005", "4,00", "1e5", "四万", "0.0000001万", "--5", "1.2.3", "NaN", "∞"])
def test_what_is_not_money_is_not_rounded(written):
    with pytest.raises(CellError, match="not_yuan"):
        read("deals", "price_fen", written)


@pytest.mark.parametrize(
    ("written", "ppm"),
    [
        ("50%", 500_000),
        ("50", 500_000),
        ("33.3333%", 333_333),
        ("0.5%", 5_000),
        ("1%", 10_000),
        ("0", 0),
        ("100.00%", 1_000_000),
    ],
)
def test_percentages(written, ppm):
    assert read("decisions", "share_ppm", written) == [ppm]


@pytest.mark.parametrize("written", ["0.5", "1", "0.0001"])
def test_a_share_without_its_sign_is_not_guessed(written):
    with pytest.raises(CellError, match="percent_sign"):
        read("decisions", "share_ppm", written)


def test_yes_and_no_and_what_an_empty_cell_says():
    assert read("arrivals", "offline", "是", "否", "√", "TRUE", "0", "", "ＹＥＳ") == [
        True,
        False,
        True,
        True,
        False,
        False,
        True,
    ]
    assert read("confirmations", "agreed", "", "no") == [True, False]
    assert read("identities", "matched", "", "否") == [True, False]
    assert read("confirmations", "been_before", "", "是", "否") == [None, True, False]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_word_of_every_closed_set_is_read_in_both_languages(sheet):
    for column in sheet.columns:
        if column.words is not None:
            for member in column.words:
                words = (member.value, member.value.upper(), *CHINESE[column.words][member])
                assert read(sheet.name, column.field, *words) == [member] * len(words)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_an_empty_cell_is_what_the_format_says(sheet):
    for column in sheet.columns:
        if not column.required:
            assert read(sheet.name, column.field, "", " 　") == [empty_value(sheet, column)] * 2


def test_ids_and_words_are_one_in_full_width_and_half_width():
    assert read("registrations", "agent", "甲－０１", "甲-01", " 甲-01　") == ["甲-01"] * 3
    assert read("registrations", "agency", "甲公司（东城店）", "甲公司(东城店)") == ["甲公司(东城店)"] * 2


def test_free_text_keeps_its_form():
    texts = ["王（测试）", "a\r\nb", "👩\u200d👩", "ｆｕｌｌ"]
    assert read("leads", "source", *texts) == ["王（测试）", "a\nb", "👩\u200d👩", "ｆｕｌｌ"]


def test_a_client_without_a_name_is_not_a_client_of_whom_no_name_was_recorded():
    assert read("registrations", "client", "王测试", "", "n/a") == ["王测试", "", None]


def test_bad_cells_are_told_one_by_one_and_good_ones_kept():
    table = BY_NAME["calls"]
    column = next(column for column in table.columns if column.field == "phone")
    values, faults = ColumnReader(table, column, TimeReader(Zone())).read(["16000000001", "x", "", "160 0000 0002"])
    assert values == ["16000000001", None, "", "16000000002"]
    assert [(index, error.code) for index, error in faults] == [(1, "not_phone"), (2, "required_empty")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cells_are_written_as_they_are_read(language):
    examples = {
        Kind.YUAN: [0, -5_000_000, 215_123_456],
        Kind.PERCENT: [0, 5_000, 333_333, 1_000_000],
        Kind.WHOLE: [-3, 0, 12],
        Kind.YES_NO: [True, False],
    }
    for sheet in SHEETS:
        for column in sheet.columns:
            values = list(column.words) if column.words else examples.get(column.kind, [])
            write = cell_writer(sheet, column, Zone(), language)
            assert read(sheet.name, column.field, *map(write, values)) == values
            assert all(not isinstance(value, StrEnum) or write(value) for value in values)
