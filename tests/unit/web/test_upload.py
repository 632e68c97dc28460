"""批量报备: files of registrations, good, bad and hostile; each row its own answer, sent again nothing twice."""

import io
import re
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from offices import SAME, fields, pages_of

from mingshi.domain import evidence as e
from mingshi.domain.roles import Role
from mingshi.site.uploads import LimitedReader
from mingshi.web.agent.several import MOST_BYTES, MOST_ROWS, NAMES
from mingshi.web.multipart import parts_of

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("upload")) as opened:
        yield opened


@pytest.fixture
def agent(pages):
    return pages.signed_in(Role.AGENT, "甲-1", "16099000001")


def send(agent, body, name="客户.csv", **more):
    page = agent.get("/agent/register").text.split('action="/agent/register/file"')[1]
    files = {"table": (name, body, "application/octet-stream")}
    return agent.client.post("/agent/register/file", data=fields(page) | more, files=files, headers=SAME)


def size(pages):
    return pages.office.site.store.size


def registrations(pages):
    return pages.office.look(lambda transaction: transaction.read(e.Registration, "agent", "甲-1"))


def workbook(rows, image=None):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("报备")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if image:
            sheet.insert_image("F2", "x.png", {"image_data": io.BytesIO(image)})
    return made.getvalue()


def test_each_row_is_answered_by_itself_and_sent_again_registers_nobody_twice(pages, agent):
    rows = ["客户,电话,预计到访", "王测试,160****0001,2026-09-01 14:00", "李测试,1600000", "赵测试,16000000003,", ",,"]
    answer = send(agent, "\r\n".join(rows).encode("gb18030"))
    assert answer.status_code == 200, answer.text
    assert "收到 2 条" in answer.text
    assert "1 条需要修改" in answer.text
    assert "第 3 行" in answer.text
    assert "已收到，待客户确认" in answer.text
    kept = registrations(pages)
    assert sorted(row.phone for row in kept) == ["160****0001", "160****0003"], "the middle of a full one is let go of"
    rows[2] = "李测试,160****0002,"
    mended = send(agent, workbook([row.split(",") for row in rows]), "改好.xlsx")
    assert "收到 1 条" in mended.text
    assert "2 条此前已收到" in mended.text
    assert len(registrations(pages)) == 3
    whole = size(pages)
    again = send(agent, workbook([row.split(",") for row in rows]), "改好.xlsx")
    assert "3 条此前已收到" in again.text
    assert size(pages) == whole
    link = re.search(r'href="(/agent/r/R-\w+)"', again.text).group(1)
    assert agent.get(link).status_code == 200


def test_pasted_and_in_a_file_is_one_registration(pages, agent):
    block = "客户：孙测试\n电话：160****0009"
    first = agent.post("/agent/register/text", {"block": block}, seen="/agent/register")
    assert "收到 1 条" in first.text
    before = size(pages)
    assert "1 条此前已收到" in send(agent, "客户,电话\n孙测试,160****0009\n".encode()).text
    assert size(pages) == before


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("空.csv", b"", "请选择一个文件"),
        ("照片.png", PNG + bytes(range(256)) * 40, "不是 UTF-8"),
        ("照片.csv", PNG + bytes(range(256)) * 40, "不是 UTF-8"),
        ("旧.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "旧格式"),
        (
            "图.xlsx",
            workbook(
                [["客户", "电话"], ["王测试", "160****0001"]],
                PNG + bytes.fromhex("0000000049454e44ae426082"),
            ),
            "图片",
        ),
        ("抓拍.csv", "客户,电话,抓拍时间\n王测试,160****0001,2026\n".encode(), "人脸抓拍"),
        ("头.csv", "没有,这样的,列\n1,2,3\n".encode(), "找不到表头"),
        ("两列.csv", "客户,姓名,电话\n王,王,160****0001\n".encode(), "两列都是"),
        ("只有头.csv", "客户,电话\n".encode(), "表头下面没有客户"),
        ("多.csv", ("客户,电话\n" + "王测试,160****0001\n" * (MOST_ROWS + 1)).encode(), f"超过 {MOST_ROWS} 行"),
        ("坏.xlsx", b"PK\x03\x04" + bytes(2000), "工作簿"),
        ("大.csv", b"x" * (MOST_BYTES + 10), "最大 512 KB"),
        ("<script>.csv", "没有\n".encode(), "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_taken_says_why_and_seals_nothing(pages, agent, name, body, told):
    before = size(pages)
    answer = send(agent, body, name)
    assert answer.status_code == 422, answer.text
    assert told in answer.text
    assert "<script>." not in answer.text
    english = agent.client.post(
        "/agent/register/file?lang=en",
        data=fields(agent.get("/agent/register").text),
        files={"table": (name, body)},
        headers=SAME,
    )
    assert english.status_code == 422
    agent.get("/agent/register?lang=zh")
    assert size(pages) == before


def test_columns_of_traits_are_not_read_and_named(agent):
    answer = send(agent, "客户,电话,性别,备注\n周测试,160****0077,女,老客户\n".encode())
    assert "没有读取" in answer.text
    assert "性别" in answer.text
    assert "女" not in answer.text.split("<main")[1]


def test_a_file_reaches_no_other_route_and_nobody_else(pages, agent):
    body, files = fields(agent.get("/agent/register").text), {"table": ("a.csv", "客户,电话\n".encode())}
    assert agent.client.post("/agent/register", data=body, files=files, headers=SAME).status_code == 403
    huge = {"table": ("a.csv", b"x" * 5_000_000)}
    assert agent.client.post("/agent/register/file", data=body, files=huge, headers=SAME).status_code == 413
    two = [("table", ("a.csv", b"a")), ("other", ("b.csv", b"b"))]
    assert agent.client.post("/agent/register/file", data=body, files=two, headers=SAME).status_code == 403
    foreign = {"origin": "https://evil.example"}
    assert agent.client.post("/agent/register/file", data=body, files=files, headers=foreign).status_code == 403
    other = pages.signed_in(Role.RECEPTION, "前台-01")
    assert other.client.post("/agent/register/file", data=body, files=files, headers=SAME).status_code == 403


def test_an_hour_has_its_limit(pages):
    hasty = pages.signed_in(Role.AGENT, "乙-1", "16099000002")
    for _ in range(30):
        pages.office.keeping.count("upload", "乙-1", 3_600_000_000, pages.office.now())
    told = send(hasty, "没有\n".encode()).text
    assert "一小时内上传太多次" in told


def bomb():
    """A workbook whose one sheet unpacks to far more than the child may hold."""
    made = io.BytesIO(workbook([["客户", "电话"]]))
    with zipfile.ZipFile(made) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/sharedStrings.xml"] = b"<sst>" + b"<si><t>x</t></si>" * 12_000_000 + b"</sst>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in parts.items():
            whole.writestr(name, data)
    return out.getvalue()


@pytest.mark.slow
def test_a_bomb_ends_the_child_and_nothing_else():
    read = LimitedReader().read("炸弹.xlsx", bomb(), NAMES, MOST_ROWS)
    assert not read
    assert read.why


def test_the_child_gives_up_memory_files_and_processes():
    done = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["memory", "file", "handles"], done


CONFINED = """
import os, signal
from mingshi.files.small_child import confine
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
confine()
try:
    bytearray(600 * 1024 * 1024)
except MemoryError:
    print("memory")
try:
    handle = os.memfd_create("x")
    os.write(handle, b"x")
except OSError:
    print("file")
try:
    [os.dup(1) for _ in range(40)]
except OSError:
    print("handles")
"""


PART = b'--b\r\nContent-Disposition: form-data; name="csrf"\r\n'
INNER = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b--\r\n",
        PART + b"\r\nx",
        PART + INNER,
        PART + b"Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--b--\r\n",
        (PART + b"\r\nx\r\n") * 2 + b"--b--\r\n",
        (PART.replace(b"csrf", b"a") + b"\r\nx\r\n") * 20 + b"--b--\r\n",
        b'--b\r\nContent-Disposition: attachment; filename="x"\r\n\r\nx\r\n--b--\r\n',
    ],
)
def test_what_is_no_such_form_has_no_fields(body):
    assert parts_of("multipart/form-data; boundary=b", body) == ({}, None)
    assert parts_of("multipart/form-data", body) == ({}, None)
    assert parts_of("multipart/form-data; boundary=" + "b" * 300, body) == ({}, None)
