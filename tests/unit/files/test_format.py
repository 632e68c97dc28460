"""The table that everything else is driven by."""

import csv
import io
import re
import string
from pathlib import Path

import pytest

from mingshi.files.document import document
from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.format import SHEETS
from mingshi.files.headers import bare, known_names, names_of, sheet_called
from mingshi.files.info import KEYS
from mingshi.files.messages import MESSAGES
from mingshi.files.read_case import read_case
from tests.unit.files.case_files import BASIS

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_columns_stand_in_the_order_of_the_records_fields(sheet):
    assert tuple(column.field for column in sheet.columns) == sheet.record._fields


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_header_names_two_columns_of_a_sheet(sheet):
    names = [name for column in sheet.columns for name in set(names_of(column))]
    assert len(set(names)) == len(names)
    assert len(known_names(sheet)) == len(names)


def test_no_name_names_two_sheets():
    names = [bare(name) for sheet in SHEETS for name in {sheet.name, *sheet.chinese}]
    assert len(set(names)) == len(names)
    assert all(sheet_called(name) is sheet for sheet in SHEETS for name in (sheet.name, *sheet.chinese))


def test_no_name_of_the_format_is_a_face_or_a_trait():
    for sheet in SHEETS:
        for name in (
            sheet.name,
            *sheet.chinese,
            *(text for column in sheet.columns for text in (column.header, *column.chinese)),
        ):
            assert not is_face(name), name
            assert not is_trait(name), name


@pytest.mark.parametrize("chinese", [False, True])
def test_the_examples_make_a_case_that_is_read_whole(tmp_path, chinese):
    for sheet in SHEETS:
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([column.chinese[-1] if chinese else column.header for column in sheet.columns])
        writer.writerow([column.example for column in sheet.columns])
        (tmp_path / f"{sheet.chinese[-1] if chinese else sheet.name}.csv").write_text(out.getvalue())
    (tmp_path / "case.toml").write_text(BASIS)
    case = read_case(tmp_path, strict=True)
    assert all(len(case.tables[sheet.name]) == 1 for sheet in SHEETS)
    assert case.notices == ()


def test_the_document_is_what_the_table_says():
    """Written by `python -m mingshi.files.document > docs/formats/case.md`."""
    assert (ROOT / "docs/formats/case.md").read_text() == document()


def test_the_document_tells_every_key_of_case_toml():
    assert all(re.search(rf"^{key.rpartition('.')[2]} = ", document(), re.MULTILINE) for key in KEYS)


@pytest.mark.parametrize("code", MESSAGES)
def test_a_message_says_the_same_in_both_languages(code):
    def places(text):
        return {re.sub("_(zh|en)$", "", name) for _, name, _, _ in string.Formatter().parse(text) if name}

    message = MESSAGES[code]
    assert places(message.zh + message.zh_remedy) == places(message.en + message.en_remedy)
    assert not message.zh.endswith("。")
    assert not message.en.endswith(".")


def test_every_message_is_used():
    code = "".join(path.read_text() for path in (ROOT / "src/mingshi").rglob("*.py") if path.name != "messages.py")
    # Codes of policies are made of `policy_` and the kind of complaint.
    assert [name for name in MESSAGES if f'"{name}"' not in code and not name.startswith("policy_")] == []
