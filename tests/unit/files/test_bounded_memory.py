"""Bombs are refused within bounded memory: each is read by a process that cannot have more."""

import io
import json
import random
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from mingshi.files import workbook_guard
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from tests.unit.files.case_files import repacked, workbook

MIB = 1 << 20
ALLOWED_MIB = 64
"""What reading may take beyond the interpreter with its libraries; each bomb would want hundreds or more."""

READ = """
import json, resource, sys
from pathlib import Path
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
allowed = size + int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
try:
    read_case(Path(sys.argv[1]))
    print(json.dumps([]))
except BadInputError as error:
    print(json.dumps(sorted({each.code for each in error.problems})))
"""


def big_sheet(size: int) -> bytes:
    """A worksheet of a few rows and very much white space."""
    return b"<worksheet><sheetData>" + b" " * size + b"</sheetData></worksheet>"


def ratio_bomb() -> bytes:
    return repacked(workbook(), {"xl/worksheets/sheet1.xml": big_sheet(128 * MIB)})


def shared_text_bomb() -> bytes:
    return repacked(workbook(), {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>a</t></si>" * (8 * MIB) + b"</sst>"})


def lying_bomb() -> bytes:
    """The table of contents says that the sheet is small and gives the checksum of its first bytes."""
    content = bytearray(ratio_bomb())
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        info = box.getinfo("xl/worksheets/sheet1.xml")
    start = big_sheet(128 * MIB)[:1000]
    name = b"xl/worksheets/sheet1.xml"
    at = content.rfind(name) - 46
    struct.pack_into("<L", content, at + 16, zlib.crc32(start))
    struct.pack_into("<L", content, at + 24, len(start))
    assert info.file_size > len(start)
    return bytes(content)


def overlapping() -> bytes:
    """Many entries that all point at the same bytes."""
    kernel = random.Random(5).randbytes(MIB)
    checksum = zlib.crc32(kernel)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, checksum, MIB, MIB, 14, 0)
    out = local + b"xl/theme/0.xml" + kernel
    directory = b""
    for number in range(1000):
        name = f"xl/theme/{number}.xml".encode()
        sizes = (checksum, MIB, MIB, len(name))
        directory += struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, *sizes, 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(out), 0)
    return out + directory + end


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for number in range(60_000):
            box.writestr(f"xl/worksheets/{number}.xml", b"")
    return out.getvalue()


def cells_without_end() -> bytes:
    rows = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
    return repacked(
        workbook(),
        {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + rows * 400_000 + b"</sheetData></worksheet>"},
    )


def far_apart() -> bytes:
    """Two cells that span seventeen thousand million, and a dimension that says so."""
    sheet = (
        b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c  r = "XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    return repacked(workbook(), {"xl/worksheets/sheet1.xml": sheet})


def a_dimension_that_lies() -> bytes:
    def lie(part: bytes) -> bytes:
        assert b'ref="A1:E2"' in part
        return part.replace(b'ref="A1:E2"', b'ref="A1:XFD1048576"')

    return repacked(workbook(), {"xl/worksheets/sheet1.xml": lie})


def endless_tag() -> bytes:
    return repacked(workbook(), {"xl/worksheets/sheet1.xml": b"<worksheet " + b"a" * (4 * MIB)})


BOMBS = [
    ("a sheet that unpacks a thousandfold", "b.xlsx", ratio_bomb, "zip_bomb"),
    ("shared texts without end", "b.xlsx", shared_text_bomb, "zip_bomb"),
    ("a size that is a lie", "b.xlsx", lying_bomb, "zip_bomb"),
    ("parts on top of each other", "b.xlsx", overlapping, "zip_bomb"),
    ("sixty thousand parts", "b.xlsx", many_parts, "zip_bomb"),
    ("six million cells", "b.xlsx", cells_without_end, "zip_bomb"),
    ("two cells far apart", "b.xlsx", far_apart, "sheet_too_large"),
    ("a tag without end", "b.xlsx", endless_tag, "workbook_damaged"),
    ("a line of 128 MiB", "deals.csv", lambda: b"x" * 128 * MIB, "line_too_long"),
    ("a cell of 64 MiB of lines", "deals.csv", lambda: b'"' + b"x\n" * 32 * MIB, "broken_quotes"),
    ("a million columns a row", "deals.csv", lambda: (b"x," * 500_000 + b"\n") * 32, "too_many_columns"),
    ("two million empty rows", "deals.csv", lambda: b"\n" * 2_000_000, "no_header"),
]  # fmt: skip


def read_in_bounds(path: Path) -> list[str]:
    """The codes of the problems; a process that needs more memory fails."""
    command = [sys.executable, "-c", READ, str(path), str(ALLOWED_MIB * MIB)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    codes: list[str] = json.loads(done.stdout)
    return codes


@pytest.mark.parametrize(("why", "name", "build", "code"), BOMBS, ids=[each[0] for each in BOMBS])
def test_a_bomb_is_refused_within_bounded_memory(why, name, build, code, tmp_path):
    (tmp_path / "registrations.csv").write_text("registration,at,agent\n")
    (tmp_path / name).write_bytes(build())
    assert code in read_in_bounds(tmp_path)


def test_a_dimension_that_lies_costs_nothing(tmp_path):
    path = tmp_path / "b.xlsx"
    path.write_bytes(a_dimension_that_lies())
    assert read_in_bounds(path) == []


def test_cells_that_do_not_say_where_they_stand_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_guard, "MAX_SHEET_CELLS", 50)
    rows = b"<row>" + b"<c><v>1</v></c>" * 60 + b"</row>"
    sheet = b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"
    path = tmp_path / "b.xlsx"
    path.write_bytes(repacked(workbook(), {"xl/worksheets/sheet1.xml": sheet}))
    with pytest.raises(BadInputError, match="outermost cells"):
        read_case(path)
