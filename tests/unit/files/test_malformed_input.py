"""Malformed and hostile input: all problems told in both languages, exit 2, nothing written, nobody named.

INV-03: a workbook with an image, a video or anything embedded is refused.
"""

import io
import json
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.comments import Comment
from stdnum.cn import ric

from mingshi.cli import main
from tests.unit.files.case_files import GOOD, repacked, workbook

PERSONAL = ("王测试", "李测试", "16000000001", "16000000002", "600000000", "0000001900", "19000101")
"""What no message may show. Identity numbers are of no region (000000) and of a birth date in 1900."""

REG = "报备编号,报备时间,经纪人编号,客户电话\n"
ROW = "R1,2026-05-03 09:12:00,甲-01,16000000001"
DEAL = "成交编号,购房人电话,认购时间\n"


IMPOSSIBLE_PERSON = "00000019000101001" + ric.calc_check_digit("00000019000101001?")


class Bad(NamedTuple):
    """A way to be wrong, and what must be said of it."""

    why: str
    files: dict[str, str | bytes | None]
    code: str
    shown: tuple[str, ...]
    """Parts of the message: file, row, column, masked value."""


def registration(cells: str, header: str = REG) -> dict[str, str | bytes | None]:
    return {"registrations.csv": f"{header}{cells}\n"}


def one(header: str, cell: str, sheet: str, rest: dict[str, str]) -> dict[str, str | bytes | None]:
    """A sheet with one row whose column `header` holds `cell`."""
    row = {**rest, header: cell}
    return {f"{sheet}.csv": ",".join(row) + "\n" + ",".join(row.values()) + "\n"}


def ole(*markers: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + b"".join(each.encode("utf-16-le") for each in markers)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, content in parts.items():
            box.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


ARRIVAL = {"到访编号": "V1", "到访时间": "2026-05-03 10:02:00", "到访方式": "短信验证码"}
IDENTITY = {
    "核验编号": "I1",
    "核验时间": "2026-05-20 15:10:00",
    "客户电话": "16000000001",
    "核验阶段": "签约",
}
DECISION = {
    "决定编号": "E1",
    "成交编号": "D1",
    "决定时间": "2026-06-02 16:00:00",
    "决定阶段": "初判",
    "判定": "SPLIT",
}
AGREEMENT = {"协议编号": "W1", "渠道公司编号": "甲公司", "协议起": "2026-01-01"}
CLOCK = {"设备编号": "平板-1", "快慢下限秒": "1", "快慢上限秒": "2"}
PAYMENT = {"回款编号": "M1", "成交编号": "D1", "回款时间": "2026-05-20", "金额": "1", "款项类型": "定金"}

TEXT_FILES = [
    Bad("deals are missing", {"deals.csv": None}, "sheet_missing", ("case", "deals")),
    Bad("neither registrations nor arrivals", {"registrations.csv": None}, "sheet_missing", ("case", "registrations")),
    Bad("case.toml is no TOML", {"case.toml": "name = 王测试"}, "bad_toml", ("case.toml", "line 1")),
    Bad("TOML nested beyond reason", {"case.toml": "a = " + "[" * 9999}, "bad_toml", ("case.toml", "nesting")),
    Bad("format from the future", {"case.toml": "format = 7"}, "format_version", ("case.toml", "7")),
    Bad("zone with summer time", {"case.toml": 'zone = "Europe/Berlin"'}, "zone_not_fixed", ("case.toml", "zone")),
    Bad("policy outside the case", {"case.toml": 'policy = "../x.toml"'}, "unsafe_path", ("case.toml", "policy")),
    Bad("two descriptions", {"案例.xlsx": workbook(), "case.toml": ""}, "info_twice", ("案例.xlsx[case]",)),
    Bad("a list for a name", {"case.toml": "[project]\nname = [1]"}, "wrong_type", ("case.toml", "project.name")),
    Bad("opened on no day", {"case.toml": '[project]\nopened = "2026-02-30"'}, "impossible_time", ("project.opened",)),
    Bad("bytes of no encoding", {"deals.csv": b"\xff\xff\x80\n\x81"}, "encoding_unknown", ("deals.csv",)),
    Bad("text valid in two encodings", {"deals.csv": b"deal,buyers,subscribed_at,room\nD1,16000000001,2026-05-20," + "小学".encode("gb18030")}, "encoding_ambiguous", ("deals.csv",)),
    Bad("null bytes", {"deals.csv": "deal,buyers\0,subscribed_at\n"}, "nul_bytes", ("deals.csv",)),
    Bad("one endless line", {"deals.csv": "x" * 2_500_000}, "line_too_long", ("deals.csv",)),
    Bad("one endless cell", {"deals.csv": DEAL + 'D1,"' + "x\n" * 200_000}, "broken_quotes", ("deals.csv", "row 2")),
    Bad("a quote that never closes", {"deals.csv": DEAL + 'D1,"16000000001,2026-05-20\n'}, "broken_quotes", ("deals.csv", "row 2")),
    Bad("a workbook called CSV", {"deals.csv": workbook()}, "workbook_named_csv", ("deals.csv",)),
    Bad("a million columns", {"deals.csv": "a," * 400_000 + "\n"}, "too_many_columns", ("deals.csv", "row 1")),
    Bad("a long row among short ones", {"deals.csv": DEAL + "D1,16000000001,2026-05-20,,王测试\n"}, "extra_cells", ("deals.csv", "row 2")),
    Bad("no header", {"deals.csv": "D1,16000000001,2026-05-20\n"}, "no_header", ("deals.csv",)),
    Bad("an empty file", {"deals.csv": ""}, "no_header", ("deals.csv",)),
    Bad("a required column is missing", {"deals.csv": "成交编号,购房人电话\nD1,16000000001\n"}, "missing_column", ("deals.csv", "认购时间")),
    Bad("one column twice", registration(ROW + ",1", REG.strip() + ",手机号\n"), "column_twice", ("registrations.csv", "客户电话", "手机号")),
    Bad("a symbolic link", {"calls.csv": None}, "not_a_file", ("calls.csv",)),
    Bad("a folder called CSV", {"leads.csv": None}, "not_a_file", ("leads.csv",)),
    Bad("a pipe called CSV", {"lookups.csv": None}, "not_a_file", ("lookups.csv",)),
]  # fmt: skip

FACES = [
    Bad("首抓时间", registration(ROW + ",x", REG.strip() + ",首次抓拍时间\n"), "face_columns", ("registrations.csv", "首次抓拍时间")),
    Bad("firstPhotoTime", registration(ROW + ",x", REG.strip() + ",firstPhotoTime\n"), "face_columns", ("firstPhotoTime",)),
    Bad("FIRST_PHOTO_TIME", registration(ROW + ",x", REG.strip() + ",FIRST_PHOTO_TIME\n"), "face_columns", ("FIRST_PHOTO_TIME",)),
    Bad("ｓｎａｐ Date", registration(ROW + ",x", REG.strip() + ",ｓｎａｐ Date\n"), "face_columns", ("Date",)),
    Bad("人 脸 识别率(%)", registration(ROW + ",x", REG.strip() + ",人 脸 识别率(%)\n"), "face_columns", ("识别率",)),
    Bad("相似度 over two lines", registration(ROW + ",x", "报备,,,,比对\n报备编号,报备时间,经纪人编号,客户电话,相似度\n"), "face_columns", ("相似度",)),
    Bad("a title over the table", registration(ROW, "人脸抓拍明细表\n" + REG), "face_columns", ("人脸抓拍明细表",)),
    Bad("the file's name", {"人脸抓拍.csv": "a,b\n1,2\n"}, "face_columns", ("人脸抓拍.csv",)),
    Bad("a file that is not read", {"其他.csv": "客户,全景图\n王测试,x\n"}, "face_columns", ("其他.csv", "全景图")),
    Bad("a means of arrival", one("到访方式", "人脸识别", "arrivals", ARRIVAL), "face_columns", ("arrivals.csv", "row 2", "到访方式")),
]  # fmt: skip

CELLS = [
    Bad("no agent", registration("R1,2026-05-03 09:12:00,,16000000001"), "required_empty", ("registrations.csv", "row 2", "经纪人编号")),
    Bad("a word of no set", one("到访方式", "闪送", "arrivals", ARRIVAL), "unknown_word", ("arrivals.csv", "row 2", "到访方式", "闪*")),
    Bad("neither yes nor no", one("离线登记", "大概", "arrivals", ARRIVAL), "not_yes_no", ("row 2", "离线登记")),
    Bad("people in words", one("成人数", "两三个", "arrivals", ARRIVAL), "not_whole", ("row 2", "成人数")),
    Bad("a third of a fen", one("金额", "1.005", "payments", PAYMENT), "not_yuan", ("payments.csv", "金额", "1.005")),
    Bad("a number beyond money", one("金额", "9" * 17, "payments", PAYMENT), "number_too_large", ("payments.csv", "金额")),
    Bad("half, of what", one("分单比例", "0.5", "decisions", DECISION), "percent_sign", ("decisions.csv", "分单比例", "0.5")),
    Bad("a phone that lost digits", registration("R1,2026-05-03 09:12:00,甲-01,1.6E+10"), "phone_lost_digits", ("row 2", "客户电话")),
    Bad("two phones in a cell", registration("R1,2026-05-03 09:12:00,甲-01,16000000001/16000000002"), "several_phones", ("row 2", "客户电话", "1***")),
    Bad("a phone too short", registration("R1,2026-05-03 09:12:00,甲-01,1600000001"), "not_phone", ("row 2", "160*****01")),
    Bad("a name for a phone", registration("R1,2026-05-03 09:12:00,甲-01,王测试"), "not_phone", ("row 2", "王**")),
    Bad("too little shown", registration("R1,2026-05-03 09:12:00,甲-01,16*******01"), "mask_form", ("row 2", "客户电话")),
    Bad("a landline from anywhere", registration("R1,2026-05-03 09:12:00,甲-01,88880000"), "no_area_code", ("row 2", "客户电话")),
    Bad("a wrong check digit", one("身份证号", "000000190001010001", "identities", IDENTITY), "bad_id_number", ("identities.csv", "row 2", "身份证号", "00********")),
    Bad("an old identity card", one("身份证号", "000000000101001", "identities", IDENTITY), "bad_id_number", ("identities.csv", "row 2")),
    Bad("an identity number as a remark", one("同行批次", f"见 {IMPOSSIBLE_PERSON}", "arrivals", ARRIVAL), "id_number_in_text", ("arrivals.csv", "同行批次")),
    Bad("30 February", registration("R1,2026-02-30 09:12:00,甲-01,"), "impossible_time", ("row 2", "报备时间", "2026-02-30 09:12:00")),
    Bad("a quarter past 25", registration("R1,2026-05-03 25:15:00,甲-01,"), "impossible_time", ("row 2", "报备时间")),
    Bad("1900-01-00", registration("R1,1900-01-00,甲-01,"), "default_date", ("row 2", "报备时间")),
    Bad("a serial of zero", registration("R1,0,甲-01,"), "default_date", ("row 2", "报备时间")),
    Bad("Unix zero", registration("R1,1970-01-01 08:00:00,甲-01,"), "default_date", ("row 2", "报备时间")),
    Bad("two digits of a year", registration("R1,26-5-3 9:12,甲-01,"), "two_digit_year", ("row 2", "报备时间")),
    Bad("day first", registration("R1,3/5/2026 9:12,甲-01,"), "two_digit_year", ("row 2", "报备时间")),
    Bad("a time of no day", registration("R1,上午9:12,甲-01,"), "time_without_date", ("row 2", "报备时间")),
    Bad("for ever", one("协议止", "长期", "agreements", AGREEMENT), "open_end", ("agreements.csv", "row 2", "协议止")),
    Bad("words for a time", registration("R1,昨天下午,甲-01,"), "bad_time", ("row 2", "报备时间")),
    Bad("a seal of some day", one("存证时间", "2026-05-03", "arrivals", ARRIVAL), "needs_exact_time", ("row 2", "存证时间")),
    Bad("text that runs backwards", registration("R1,2026-05-03 09:12:00,甲\u202e-01,"), "hidden_character", ("row 2", "经纪人编号")),
    Bad("a bell in a name", registration("R1,2026-05-03 09:12:00,甲\x07-01,"), "hidden_character", ("row 2", "经纪人编号")),
    Bad("an error value", registration("R1,2026-05-03 09:12:00,#N/A,"), "error_value", ("row 2", "经纪人编号")),
    Bad("damaged letters", registration("R1,2026-05-03 09:12:00,\ufffd\ufffd,"), "damaged_text", ("row 2", "经纪人编号")),
    Bad("a cell like a book", registration(f"R1,2026-05-03 09:12:00,{'甲' * 32_001},"), "cell_too_long", ("row 2", "经纪人编号")),
    Bad("one id, two registrations", registration(ROW + "\nR1,2026-05-04 09:12:00,甲-02,"), "id_twice", ("registrations.csv", "row 3", "报备编号", "row 2")),
    Bad("one id in two sheets", one("到访编号", "R1", "arrivals", ARRIVAL), "id_in_two_sheets", ("row 2", "registrations")),
]  # fmt: skip

MAPS = [
    Bad("a map of another file", {"台账.csv": "a,b\n1,2\n", "台账.csv.map.toml": '[[rows]]\nsheet = "deals"\ncolumns.buyers = "电话"\ncolumns.subscribed_at = "a"\n'}, "map_header_missing", ("台账.csv", "电话")),
    Bad("a map to nowhere", {"台账.csv": "a,b\n1,2\n", "台账.csv.map.toml": '[[rows]]\nsheet = "faces"\n'}, "map_unknown_sheet", ("台账.csv.map.toml",)),
    Bad("a map to no column", {"台账.csv": "a,b\n1,2\n", "台账.csv.map.toml": '[[rows]]\nsheet = "calls"\ncolumns.face = "a"\n'}, "map_unknown_column", ("face",)),
    Bad("a map to a trait", {"台账.csv": "时间,民族\n2026-05-03,x\n", "台账.csv.map.toml": '[[rows]]\nsheet = "leads"\ncolumns.at = "时间"\ncolumns.source = "民族"\nvalues.phone = "16000000001"\n'}, "map_trait", ("台账.csv", "民族")),
    Bad("a map that maps nothing", {"台账.csv": "a,b\n1,2\n", "台账.csv.map.toml": "rows = 3\n"}, "wrong_type", ("台账.csv.map.toml", "rows")),
]  # fmt: skip


def refused(path: Path, tmp_path: Path, *options: str) -> tuple[str, dict[str, str]]:
    """What `mingshi convert` says in English and Chinese, and the codes with their texts; nothing is written."""
    before = sorted(tmp_path.rglob("*"))
    out = str(tmp_path / "out")
    runner = CliRunner()
    said = {}
    for language in ("en", "zh"):
        result = runner.invoke(main, ["convert", str(path), out, "--lang", language, *options])
        assert result.exit_code == 2, result.output
        assert isinstance(result.exception, SystemExit), result.exc_info
        said[language] = result.output
    result = runner.invoke(main, ["convert", str(path), out, "--json", *options])
    assert result.exit_code == 2
    problems = json.loads(result.output)["problems"]
    for each in problems:
        assert each["text"]["en"] in said["en"]
        assert each["text"]["zh"] in said["zh"]
        assert "{" not in each["text"]["en"] + each["text"]["zh"], "an argument was not filled in"
    for text in (*said.values(), result.output):
        assert not [each for each in PERSONAL if each in text]
        assert "Traceback" not in text
    assert sorted(tmp_path.rglob("*")) == before, "something was written"
    return said["en"], {each["code"]: each["text"]["en"] for each in problems}


@pytest.mark.parametrize("bad", [*TEXT_FILES, *FACES, *CELLS, *MAPS], ids=lambda bad: bad.why)
def test_a_malformed_folder_is_refused_with_place_reason_and_remedy(bad: Bad, folder, tmp_path):
    path = folder(**bad.files)
    if "calls.csv" in bad.files and bad.files["calls.csv"] is None:
        (path / "calls.csv").symlink_to("/etc/passwd")
    if "leads.csv" in bad.files:
        (path / "leads.csv").mkdir()
    if "lookups.csv" in bad.files:
        os.mkfifo(path / "lookups.csv")
    _, told = refused(path, tmp_path)
    assert bad.code in told
    for part in bad.shown:
        assert part in told[bad.code]


def test_wrong_rules_are_told_in_the_same_pass_as_wrong_cells(folder, tmp_path):
    rules = """version,base,effective_from,parameter,value
夏,classic,2026-06-01,lead_min,2000
夏,classic,2026-06-01,lead_max,60
秋,classic,somewhen,lead_min,60
冬,winter,2026-12-01,lead_min,60
"""
    bad_time = REG + "R1,yesterday,甲-01,16000000001\n"
    _, told = refused(folder(**{"policies.csv": rules, "registrations.csv": bad_time}), tmp_path)
    assert told.keys() == {"bad_time", "policy_range", "policy_unknown", "policy_not_found"}
    assert "policies.csv" in told["policy_range"]
    assert "2000" in told["policy_range"]


def with_media(book):
    size = struct.pack(">II", 1, 1)
    picture = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + size + b"\x08\x02\0\0\0" + b"\0" * 8 + b"IEND" + b"\0" * 4
    book.get_worksheet_by_name("deals").insert_image("F5", "face.png", {"image_data": io.BytesIO(picture)})


def with_chart(book):
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=deals!$A$1:$A$2"})
    book.get_worksheet_by_name("deals").insert_chart("F5", chart)


def with_formulas(book):
    book.get_worksheet_by_name("deals").write_formula("D2", "=1+1", None, 2)
    book.get_worksheet_by_name("deals").write_formula("D3", '=cmd|"/c calc"!A1')


def with_array_formula(book):
    book.get_worksheet_by_name("deals").write_array_formula("D2:D3", "{=A2:A3}")


def with_merged_data(book):
    book.get_worksheet_by_name("deals").merge_range("A5:A6", "D2")


def with_a_far_cell(book):
    book.get_worksheet_by_name("deals").write_string(1_048_575, 16_383, "x")


def with_policy(name, text="x = 1"):
    def build(book):
        book.add_worksheet("policy_files").write_row(0, 0, ["file", "line"])
        book.get_worksheet_by_name("policy_files").write_row(1, 0, [name])
        book.get_worksheet_by_name("policy_files").write_string(1, 1, text)

    return build


def with_formula_in_case(book):
    book.get_worksheet_by_name("case").write_formula("B5", "=1+1")


def with_wide_header(book):
    for column in range(300):
        book.get_worksheet_by_name("deals").write_string(0, 4 + column, f"x{column}")


def with_face_sheet(book):
    book.add_worksheet("抓拍记录").write_string(0, 0, "x")


def with_face_header_elsewhere(book):
    book.add_worksheet("别的").write_row(0, 0, ["姓名", "faceScore"])


def entities(part: bytes) -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return part.replace(b"?>", b"?>" + bomb, 1)


def to_utf16(part: bytes) -> bytes:
    return part.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def with_error_cells(part: bytes) -> bytes:
    return part.replace(b"</sheetData>", b'<row r="9"><c r="C9" t="e"><v>#REF!</v></c></row></sheetData>')


def flipped(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[changed.find(b"xl/worksheets/sheet1.xml") + 60] ^= 0x10
    return bytes(changed)


def changed_letter() -> bytes:
    """In a part that is not packed, so that nothing but its checksum tells."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return out.getvalue().replace("王测试".encode(), "王测验".encode(), 1)


def encrypted(content: bytes) -> bytes:
    marked = bytearray(content)
    at = marked.rfind(b"PK\x01\x02")
    marked[at + 8] |= 1
    return bytes(marked)


WORKBOOKS = [
    ("an old workbook", lambda: ole("Workbook"), "old_workbook", ()),
    ("a workbook behind a password", lambda: ole("EncryptedPackage"), "encrypted_workbook", ()),
    ("an encrypted part", lambda: encrypted(workbook()), "encrypted_workbook", ()),
    ("a binary workbook", lambda: zipped(xl__workbook_DOT_bin=b"x"), "binary_workbook", ()),
    ("an OpenDocument spreadsheet", lambda: zipped(mimetype=b"x", content_DOT_xml=b"<x/>"), "ods_workbook", ()),
    ("a web page called workbook", lambda: b"<html><table><tr><td>x</td></tr></table></html>", "disguised_table", ()),
    ("no zip at all", lambda: b"hello, world" * 9, "not_a_workbook", ()),
    ("an empty file", lambda: b"", "not_a_workbook", ()),
    ("a zip of something else", lambda: zipped(hello_DOT_xml=b"<x/>"), "part_unknown", ("hello.xml",)),
    ("cut short", lambda: workbook()[:-40], "workbook_damaged", ()),
    ("a flipped bit", lambda: flipped(workbook()), "workbook_damaged", ()),
    ("a changed letter", changed_letter, "workbook_damaged", ("checksum",)),
    ("bytes before the zip", lambda: b"PK" + b"\0" * 100 + workbook(), "workbook_damaged", ()),
    ("bytes after the zip", lambda: workbook() + b"PK\x05\x06" + b"\0" * 30, "workbook_damaged", ()),
    ("a picture", lambda: workbook(with_media), "part_media", ("xl/media/",)),
    ("a thumbnail", lambda: repacked(workbook(), {"docProps/thumbnail.jpeg": b"x"}), "part_media", ("thumbnail",)),
    ("a picture in a cell", lambda: repacked(workbook(), {"xl/cellimages.xml": b"<x/>"}), "part_media", ("cellimages",)),
    ("a chart", lambda: workbook(with_chart), "part_drawing", ("xl/drawings/",)),
    ("an embedded object", lambda: repacked(workbook(), {"xl/embeddings/oleObject1.bin": b"x"}), "part_object", ("oleObject1",)),
    ("macros", lambda: repacked(workbook(), {"xl/vbaProject.bin": b"x"}), "part_macro", ("vbaProject",)),
    ("macros by type alone", lambda: repacked(workbook(), {"[Content_Types].xml": lambda part: part.replace(b"spreadsheetml.sheet.main", b"macroEnabled.main")}), "part_macro", ()),
    ("an external link (DDE)", lambda: repacked(workbook(), {"xl/externalLinks/externalLink1.xml": b"<ddeLink/>"}), "part_external", ("externalLink1",)),
    ("a data connection", lambda: repacked(workbook(), {"xl/connections.xml": b"<x/>"}), "part_external", ("connections",)),
    ("a pivot cache", lambda: repacked(workbook(), {"xl/pivotCache/pivotCacheDefinition1.xml": b"<x/>"}), "part_pivot", ("pivotCache",)),
    ("a zip within", lambda: repacked(workbook(), {"xl/worksheets/bomb.zip": b"PK"}), "part_object", ("bomb.zip",)),
    ("a part from nowhere", lambda: repacked(workbook(), {"xl/what.dat": b"x"}), "part_unknown", ("what.dat",)),
    ("a part that climbs out", lambda: repacked(workbook(), {"xl/../../x.xml": b"x"}), "part_path", ()),
    ("a part at the root", lambda: repacked(workbook(), {"/etc/x.xml": b"x"}), "part_path", ()),
    ("one part under two spellings", lambda: repacked(workbook(), {"xl/Workbook.xml": b"<x/>"}), "workbook_damaged", ("part names",)),
    ("entities", lambda: repacked(workbook(), {"xl/sharedStrings.xml": entities}), "xml_entities", ("sharedStrings",)),
    ("entities in the book", lambda: repacked(workbook(), {"xl/workbook.xml": entities}), "xml_entities", ("workbook.xml",)),
    ("a tag without end", lambda: repacked(workbook(), {"xl/worksheets/sheet1.xml": b"<worksheet " + b"a" * 600_000}), "workbook_damaged", ("endless tag",)),
    ("UTF-16 inside", lambda: repacked(workbook(), {"xl/worksheets/sheet1.xml": to_utf16}), "xml_entities", ("sheet1",)),
    ("the 1904 date system", lambda: workbook(date_1904=True), "date_1904", ()),
    ("formulas", lambda: workbook(with_formulas), "formula_cells", ("[deals]", "D2 D3", "2 cells")),
    ("an array formula", lambda: workbook(with_array_formula), "formula_cells", ("[deals]", "D2")),
    ("error cells", lambda: repacked(workbook(), {"xl/worksheets/sheet2.xml": with_error_cells}), "error_cells", ("[deals]", "C9")),
    ("cells merged among the data", lambda: workbook(with_merged_data), "merged_cells", ("[deals]", "A5:A6")),
    ("a cell at the end of the world", lambda: workbook(with_a_far_cell), "sheet_too_large", ("[deals]", "1048576", "16384")),
    ("too wide", lambda: workbook(with_wide_header), "too_many_columns", ("[deals]",)),
    ("a policy that climbs out", lambda: workbook(with_policy("../../x.toml")), "unsafe_path", ("policy_files",)),
    ("a policy that is no TOML", lambda: workbook(with_policy("x.toml", "= 3")), "bad_toml", ("policy_files",)),
    ("a formula for a basis", lambda: workbook(with_formula_in_case), "formula_cells", ("[case]", "B5")),
    ("a sheet of snapshots", lambda: workbook(with_face_sheet), "face_columns", ("抓拍记录",)),
    ("faces in a sheet not read", lambda: workbook(with_face_header_elsewhere), "face_columns", ("别的", "faceScore")),
]  # fmt: skip


@pytest.mark.law("L-16", "L-25")
@pytest.mark.parametrize(("why", "build", "code", "shown"), WORKBOOKS, ids=[each[0] for each in WORKBOOKS])
def test_a_hostile_workbook_is_refused(
    why: str, build: Callable[[], bytes], code: str, shown: tuple[str, ...], tmp_path
):  # `why` names the test
    path = tmp_path / "案例.xlsx"
    path.write_bytes(build())
    _, told = refused(path, tmp_path)
    assert code in told
    for part in ("案例.xlsx", *shown):
        assert part in told[code]


def test_all_problems_of_all_files_are_told_at_once(folder, tmp_path):
    path = folder(
        **{
            "registrations.csv": REG + "R1,昨天,,1.6E+10\nR2,2026-02-30,甲-01,88880000\n",
            "deals.csv": DEAL + "D1,王测试,26-5-3\n",
            "arrivals.csv": "到访时间,抓拍\n",
            "台账.xlsx": b"nothing",
            "case.toml": 'zone = "Mars"\nformat = 9\n',
        }
    )
    said, told = refused(path, tmp_path)
    assert set(told) == {
        *("bad_time", "required_empty", "phone_lost_digits", "impossible_time", "no_area_code", "not_phone"),
        *("two_digit_year", "face_columns", "not_a_workbook", "zone_not_fixed", "format_version"),
    }
    assert said.count("✗") == 11


def test_a_million_equal_mistakes_are_counted_not_listed(folder, tmp_path):
    rows = "".join(f"R{number},昨天,甲-01,\n" for number in range(30_000))
    said, told = refused(folder(**{"registrations.csv": REG + rows}), tmp_path)
    assert said.count("✗") == 21
    assert "29980 more of the same" in told["more_of_same"]


def test_nothing_is_overwritten(folder, tmp_path):
    path = folder()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_bytes(b"mine")
    _, told = refused(path, tmp_path)
    assert set(told) == {"out_exists"}
    assert (tmp_path / "out" / "mine").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("台账.csv", "a,b\n1,2\n", "needs_map"),
        ("台账.pdf", "x", "unknown_file_kind"),
        ("没有", None, "not_found"),
    ],
)
def test_a_file_that_is_no_case(name, content, code, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    assert code in refused(tmp_path / name, tmp_path)[1]


def test_comments_and_printer_settings_do_no_harm(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book["deals"]["A1"].comment = Comment("x", "y")
    path = tmp_path / "案例.xlsx"
    book.save(path)
    path.write_bytes(repacked(path.read_bytes(), {"xl/printerSettings/printerSettings1.bin": b"x" * 100}))
    result = CliRunner().invoke(main, ["convert", str(path), str(tmp_path / "out")])
    assert result.exit_code == 0, result.output


def test_the_smallest_case_is_accepted(folder, tmp_path):
    result = CliRunner().invoke(main, ["convert", str(folder()), str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["case.toml", *sorted(GOOD)]
