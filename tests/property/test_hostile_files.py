"""Whatever the bytes of a file, the answer is a case or a list of problems."""

import io
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from tests.unit.files.case_files import BASIS, GOOD, repacked, workbook

BOOK = workbook()
PARTS = zipfile.ZipFile(io.BytesIO(BOOK)).namelist()
PIECES = [
    *(
        b"<f>1</f>",
        b"<c",
        b"</c>",
        b"<row",
        b'r="A1"',
        b't="s"',
        b'<c t="s"><v>99999999999</v></c>',
        b"<v></v>",
        b'r="ZZZZZZZ1"',
    ),
    *(
        b"<!--",
        b"]]>",
        b"&lt;",
        b"&#0;",
        b"&x;",
        b'"',
        b'<c t="inlineStr"><is><t>x</t></is></c>',
        b't="d"',
        b't="b"',
        b"1e999",
        b"\xff",
    ),
    *(
        b'<mergeCell ref="A1"/>',
        b's="999"',
        b'r="A0"',
        b'r="99999999999999999999"',
        b'count="99999999999"',
        b"\0",
        b">",
        b"<",
    ),
]
TEXT_PIECES = [
    *(
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xe4",
        b"=",
        b"'",
        b"\t",
        b";",
        "人脸".encode(),
        b"9" * 40,
        b"\xef\xbb\xbf",
        b"\xff\xfe",
    )
]
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(["insert", "delete", "double"]), st.integers(1, 40), st.integers(0, 99)),
    min_size=1,
    max_size=4,
)


def changed(content: bytes, changes, pieces: list[bytes]) -> bytes:
    for where, how, count, piece in changes:
        at = int(where * len(content))
        match how:
            case "insert":
                content = content[:at] + pieces[piece % len(pieces)] + content[at:]
            case "delete":
                content = content[:at] + content[at + count :]
            case _:
                content = content[:at] + content[max(0, at - count) : at] + content[at:]
    return content


def answers(path: Path) -> None:
    with suppress(BadInputError):
        read_case(path)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PARTS), CHANGES)
def test_a_workbook_with_damaged_xml_is_answered(part, changes):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.xlsx"
        path.write_bytes(repacked(BOOK, {part: lambda content: changed(content, changes, PIECES)}))
        answers(path)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(CHANGES)
def test_a_workbook_with_damaged_bytes_is_answered(changes):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.xlsx"
        path.write_bytes(changed(BOOK, changes, PIECES))
        answers(path)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([*GOOD, "case.toml"]), CHANGES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
def test_a_damaged_text_file_is_answered(changed_file, changes, encoding):
    with tempfile.TemporaryDirectory() as name:
        for file, text in {**GOOD, "case.toml": BASIS}.items():
            content = text.encode(encoding if file.endswith(".csv") else "utf-8")
            (Path(name) / file).write_bytes(changed(content, changes, TEXT_PIECES) if file == changed_file else content)
        answers(Path(name))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(content):
    with tempfile.TemporaryDirectory() as name:
        for file in ("deals.csv", "arrivals.xlsx", "case.toml", "x.csv.map.toml", "x.csv"):
            (Path(name) / file).write_bytes(content)
        answers(Path(name))
