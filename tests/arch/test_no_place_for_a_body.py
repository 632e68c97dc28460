"""Nothing of a body and no trait of a person has a place (INV-03): in no record, table, command, type or page."""

import json
import re
import typing
from pathlib import Path

import msgspec
import pytest

from mingshi import web
from mingshi.app import give_consent, ports, show_notice
from mingshi.app.holders import HOLDING
from mingshi.app.import_records import ImportRecords
from mingshi.domain.notice.fields import FIELDS
from mingshi.domain.notice.notice import Notice
from mingshi.files.forbidden import is_face, is_trait
from mingshi.files.format import SHEETS
from mingshi.store.schema import METADATA
from mingshi.web.api import shapes
from mingshi.web.api.openapi import document

ALLOWED = {
    # Which of two bands somebody said that they belong to; LAW 6.3 asks for it, and it comes from no face (L-11).
    "age",
    "Age",
}
"""Names that the scan would refuse and that are right, with the reason."""
NAMED = (Notice, ports.Item, ports.Slot, give_consent.GiveConsent, show_notice.ShowNotice, ImportRecords)


def _refused(names):
    return sorted(name for name in names if (is_face(name) or is_trait(name)) and name not in ALLOWED)


@pytest.mark.law("L-16", "L-20")
def test_no_record_has_a_place_for_an_image_a_template_or_a_trait():
    for kind in (*HOLDING, *NAMED):
        assert _refused(kind._fields) == [], kind.__name__
        for name, hint in typing.get_type_hints(kind).items():
            assert "bytes" not in str(hint), f"{kind.__name__}.{name} could hold an image"
            assert "float" not in str(hint), f"{kind.__name__}.{name} could hold a vector"


@pytest.mark.law("L-16", "L-20")
def test_no_table_and_no_sheet_has_one():
    for table in METADATA.tables.values():
        assert _refused([table.name, *(column.name for column in table.columns)]) == [], table.name
    for sheet in SHEETS:
        assert (
            _refused([name for column in sheet.columns for name in (column.field, column.header, *column.chinese)])
            == []
        ), sheet.name
    # Bytes in the schema are the log's, ciphertexts and keyed tokens: a closed list.
    found = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if "BLOB" in str(column.type) or "Binary" in type(column.type).__name__
    }
    assert found <= {
        "entry.body", "entry.edge", "head.peaks", "opening.cipher", "fact_key.token", "person.token", "person.wrapped",
        "person_key.wrapped", "idempotency.key", "idempotency.request", "idempotency.answer", "silence.token",
    }, found  # fmt: skip


@pytest.mark.law("L-16", "L-20")
def test_no_type_of_the_interface_and_no_message_has_one():
    """Every name in the OpenAPI document, in the types behind it, in what headquarters is told and what a page asks."""
    told = json.loads(document())
    assert "/api/v1/registrations" in told["paths"]
    assert _refused(_names(told)) == []
    for kind in vars(shapes).values():
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not msgspec.Struct:
            assert _refused(kind.__struct_fields__) == [], kind.__name__
            for name, hint in typing.get_type_hints(kind).items():
                assert "bytes" not in str(hint), f"{kind.__name__}.{name} could hold an image"
                assert "float" not in str(hint), f"{kind.__name__}.{name} could hold a vector"
    assert [one for one in _formats(told) if one in ("binary", "byte", "float", "double")] == []
    assert _refused(re.findall(r'name="([a-z_]+)"', _templates())) == []
    assert not re.search(r"accept=.image|capture=|getUserMedia|<video|<canvas", _templates())
    files = re.findall(r'<input[^>]*type="file"[^>]*>', _templates())
    taken = [re.search(r'accept="([^"]*)"', one) for one in files]
    assert {one[1] for one in taken if one} == {".receipt,text/plain", ".csv,.xlsx,text/csv"}, "receipts and tables"
    assert all(taken), "a field for files says which"


def _names(value):
    if isinstance(value, dict):
        return [*value, *(one for each in value.values() for one in _names(each))]
    return [one for each in value for one in _names(each)] if isinstance(value, list) else []


def _formats(value):
    if isinstance(value, dict):
        own = [value["format"]] if isinstance(value.get("format"), str) else []
        return own + [one for each in value.values() for one in _formats(each)]
    return [one for each in value for one in _formats(each)] if isinstance(value, list) else []


def _templates():
    root = Path(web.__file__).parent
    paths = [*root.rglob("*.j2"), *root.rglob("*.js")]
    assert len(paths) > 20
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_the_scan_finds_what_it_looks_for():
    for name in ("face_image", "template_face", "ethnicity", "gender", "snapshot", "人脸", "民族", "emotion"):
        assert _refused([name]) == [name]


def test_a_notice_says_that_nothing_is_inferred():
    assert "no_inference" in {field.name for field in FIELDS}
