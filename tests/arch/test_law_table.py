"""docs/law.md is what the markers and the table give; every marker names a requirement that exists."""

import law_table
import pytest


def test_the_document_is_up_to_date():
    assert law_table.OUT.read_text(encoding="utf-8") == law_table.written(), "run: python tools/law_table.py"


def test_every_marker_names_a_requirement():
    known = {row.id for row in law_table.rows()}
    assert law_table.marked().keys() <= known


@pytest.mark.parametrize("row", law_table.rows(), ids=lambda row: row.id)
def test_a_row_is_kept_open_or_not_applicable(row):
    tests = law_table.marked()[row.id]
    if law_table.state(row, tests) == "open":
        assert row.open, f"{row.id} is neither kept nor says which part closes it"
    if row.mutant is not None:
        source = (law_table.ROOT / "src" / "mingshi" / row.mutant.file).read_text(encoding="utf-8")
        assert source.count(row.mutant.before) == 1, f"{row.id}: its mutant has nothing to change"
        assert row.mutant.test in tests, f"{row.id}: {row.mutant.test} does not carry the marker"
