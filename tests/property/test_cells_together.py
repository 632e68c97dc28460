"""Cells read together have the values that each has alone: what other rows hold never changes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingshi.files import columns
from mingshi.files.columns import ColumnReader
from mingshi.files.format import BY_NAME, Column, Sheet
from mingshi.files.problem import CellError
from mingshi.files.times import TimeReader
from mingshi.kernel.timeline import Zone

PHONES = st.from_regex(r"160\d{8}|160\*{4}\d{4}|#\d{1,3}(\.\d)?", fullmatch=True)
CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "R-1", "R-2 ", "Ｒ-1", "经纪/甲", "e\u0301", "\u0301", "a\u200bb", "#N/A", "\ufffd", "\x07"]
    ),
    PHONES,
    st.builds(";".join, st.lists(PHONES, min_size=2, max_size=2)),
    PHONES.map(lambda phone: f" +86 {phone}"),
    st.text(max_size=4),
)
FIELDS = [
    (sheet, column)
    for name in ("registrations", "arrivals", "deals")
    for sheet in [BY_NAME[name]]
    for column in sheet.columns
    if column.field in {"registration", "id", "agent", "client", "phone", "phones", "buyers"}
]


def read(sheet: Sheet, column: Column, *chunks: list[str]) -> list[object]:
    """The values of chunks one after the other; of a bad cell, why it is bad."""
    reader = ColumnReader(sheet, column, TimeReader(Zone()))
    found: list[object] = []
    for cells in chunks:
        values, faults = reader.read(cells)
        for index, error in faults:
            values[index] = error.code
        found += values
    return found


def refused(_: ColumnReader, cells: list[str]) -> list[object]:
    """No reading of many together."""
    raise CellError("not_yes_no", cells=cells)


@pytest.mark.parametrize(("sheet", "column"), FIELDS, ids=lambda one: getattr(one, "field", None) or one.name)
@pytest.mark.parametrize("remembered", [3, 200_000])
@given(cells=st.lists(CELLS, max_size=8), cut=st.integers(0, 8))
def test_together_as_alone(sheet: Sheet, column: Column, remembered: int, cells: list[str], cut: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "_MOST_REMEMBERED", remembered)
        together = read(sheet, column, cells[:cut], cells[cut:])
        patch.setattr(ColumnReader, "_all", refused)
        assert together == [read(sheet, column, [cell])[0] for cell in cells]
