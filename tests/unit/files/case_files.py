"""Making cases and workbooks for tests: small, fictitious, and broken in one way at a time."""

import io
import zipfile
from collections.abc import Callable, Mapping

import xlsxwriter

GOOD = {
    "registrations.csv": "报备编号,报备时间,经纪人编号,客户电话,客户姓名\n"
    "R1,2026-05-03 09:12:00,甲-01,16000000001,王测试\n",
    "deals.csv": "成交编号,购房人电话,认购时间,成交总价\nD1,16000000001,2026-05-20 15:00:00,2150000.00\n",
}
"""The smallest case."""

BASIS = 'basis = "虚构的例子"\n'
"""Its case.toml."""


def workbook(build: Callable[[xlsxwriter.Workbook], object] | None = None, **options: object) -> bytes:
    """A workbook with the smallest case, to which `build` may add."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    for name, text in GOOD.items():
        sheet = book.add_worksheet(name.removesuffix(".csv"))
        for row, line in enumerate(text.splitlines()):
            for column, cell in enumerate(line.split(",")):
                sheet.write_string(row, column, cell)
    book.add_worksheet("case").write_row(0, 0, ["basis", "虚构的例子"])
    if build is not None:
        build(book)
    book.close()
    return out.getvalue()


def repacked(content: bytes, change: Mapping[str, bytes | None | Callable[[bytes], bytes]]) -> bytes:
    """A workbook with parts replaced, removed (None) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
        for name, what in change.items():
            parts[name] = what(parts[name] or b"") if callable(what) else what
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()
