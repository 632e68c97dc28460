"""Spreadsheets as offices have them: merged headers, serial dates, numbers for phones, GB18030, wide books."""

import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from click.testing import CliRunner
from stdnum.cn import ric

from mingshi.cli import main
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from mingshi.files.write_case import write_folder, write_workbook
from mingshi.kernel.timeline import DAY, Interval, Micros, Zone
from tests.unit.files.case_files import GOOD, workbook

if TYPE_CHECKING:
    from mingshi.files.case import Case

ZONE = Zone()
MAY_3 = ZONE.start(dt.date(2026, 5, 3))
MINUTE = 60_000_000


def at(hour: int, minute: int) -> Micros:
    return Micros(MAY_3 + (hour * 60 + minute) * MINUTE)


def saved(path: Path, build) -> Path:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    build(book)
    book.close()
    path.write_bytes(out.getvalue())
    return path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_cells_of_a_workbook_are_read_as_their_text_would_be(tmp_path):
    def build(book):
        day, moment = book.add_format({"num_format": "yyyy/m/d"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet("成交")
        sheet.write_row(0, 0, ["合同编号", "买受人电话", "认购日期", "网签时间", "合同总价（万元）", "备注"])
        sheet.write_row(1, 0, [20260001, 16000000001])
        sheet.write_datetime(1, 2, dt.datetime(2026, 5, 20), day)
        sheet.write_datetime(1, 3, dt.datetime(2026, 5, 28, 10, 5), moment)
        sheet.write_number(1, 4, 215.12)
        book.add_worksheet("案例").write_row(0, 0, ["合法依据", "虚构的例子"])
        sheet = book.add_worksheet("来访登记表")
        sheet.write_row(0, 0, ["来访编号", "来访时间", "电话", "登记方式", "离线登记", "到访人数"])
        sheet.write_row(1, 0, [1, 46145.418055556, "160****0001", "前台登记", True, 2])

    case = read_case(saved(tmp_path / "案例.xlsx", build))
    deal = case.tables["deals"].record(0)
    assert deal.id == "20260001"
    assert deal.buyers == ("16000000001",)
    assert deal.subscribed_at == Interval(Micros(MAY_3 + 17 * DAY), Micros(MAY_3 + 18 * DAY - 1))
    assert deal.contracted_at == MAY_3 + 25 * DAY + (10 * 60 + 5) * MINUTE
    assert deal.price_fen == 215_120_000
    arrival = case.tables["arrivals"].record(0)
    assert (arrival.id, arrival.at, arrival.phone, arrival.means) == ("1", at(10, 2), "160****0001", "reception")
    assert (arrival.offline, arrival.party_adults) == (True, 2)
    assert [notice.code for notice in case.notices] == ["columns_not_read"]


def test_the_noise_of_binary_fractions_is_no_amount(tmp_path):
    def build(book):
        sheet = book.get_worksheet_by_name("deals")
        sheet.write_number(1, 3, 0.1 + 0.2)

    (tmp_path / "x.xlsx").write_bytes(workbook(build))
    assert read_case(tmp_path / "x.xlsx").tables["deals"].columns["price_fen"] == [30]


def test_a_folder_and_a_workbook_of_one_case_are_equal(folder, tmp_path):
    (tmp_path / "案例.xlsx").write_bytes(workbook())
    case = read_case(folder())
    assert read_case(tmp_path / "案例.xlsx") == case
    assert case != read_case(folder(**{"deals.csv": GOOD["deals.csv"].replace("D1", "D2")}))


def test_a_header_under_a_title_in_two_merged_lines(folder):
    text = "示例花园报备台账,,,,\n制表：赵测试,,,,\n\n客户信息,,报备,,\n姓名,电话,编号,时间,经纪人编号\n王测试,16000000001,R1,2026-05-03 9:12,甲-01\n"
    text = text.replace("编号,时间", "报备编号,时间")
    case = read_case(folder(**{"registrations.csv": text}))
    record = case.tables["registrations"].record(0)
    assert (record.id, record.at, record.agent, record.phone, record.client) == (
        "R1",
        at(9, 12),
        "甲-01",
        "16000000001",
        "王测试",
    )
    assert case.tables["registrations"].rows == [6]


def test_empty_rows_totals_and_trailing_cells_are_skipped_and_row_numbers_stay(folder):
    text = "deal,buyers,subscribed_at,price_yuan,,\n\n , 　,,,,\nD1,16000000001,2026-05-20,1,,\n,,,,,\nD2,16000000002,2026-05-21,2\n合计,,,3,,\n"
    case = read_case(folder(**{"deals.csv": text}))
    assert case.tables["deals"].columns["id"] == ["D1", "D2"]
    assert case.tables["deals"].rows == [4, 6]
    assert [(each.code, each.row) for each in case.notices] == [("total_row", 7)]


def test_a_deal_of_a_buyer_called_total_is_not_skipped_for_its_name(folder):
    text = "deal,room,buyers,subscribed_at\n合计-1,1-1,16000000001,2026-05-20\n"
    assert len(read_case(folder(**{"deals.csv": text})).tables["deals"]) == 1


def test_gb18030_without_a_mark_and_with_windows_line_ends(folder):
    content = GOOD["registrations.csv"].replace("\n", "\r\n").encode("gb18030")
    assert read_case(folder(**{"registrations.csv": content})) == read_case(folder())


def test_sheets_may_be_called_in_chinese_and_columns_stand_anywhere(folder):
    text = "认购日期,成交总价(元),*购房人电话,成交编号\n2026-05-20 15:00:00,2150000.00,16000000001,D1\n"
    assert read_case(folder(**{"deals.csv": None, "成交.csv": text})) == read_case(folder(**{"成交.csv": None}))


def test_several_files_of_one_sheet_are_read_one_after_the_other(folder):
    june = "报备编号,报备时间,经纪人编号\nR2,2026-06-03 09:12:00,甲-01\n"
    case = read_case(folder(**{"报备台账.csv": june}))
    table = case.tables["registrations"]
    assert sorted(table.columns["id"]) == ["R1", "R2"]
    place = table.columns["id"].index("R2")
    assert table.where(place) == ("报备台账.csv", 2)
    assert table.columns["client"][place] is None


def test_what_is_not_read_is_said_once(folder, tmp_path):
    text = "deal,buyers,subscribed_at,性别,年龄段,朝向,楼层\nD1,16000000001,2026-05-20,女,30-40,南,8\n"
    case = read_case(folder(**{"deals.csv": text, "别的.csv": "a,b\n1,2\n", "说明.txt": "x", "说明.md": "x"}))
    assert [(each.file, each.code) for each in case.notices] == [
        ("deals.csv", "columns_not_read"),
        ("deals.csv", "trait_columns"),
        ("别的.csv", "file_not_read"),
    ]
    assert "朝向、楼层" in case.notices[0].text("zh")
    assert "性别、年龄段" in case.notices[1].text("zh")


def test_full_numbers_without_a_stated_basis_are_said(folder):
    assert [each.code for each in read_case(folder(**{"case.toml": ""})).notices] == ["no_basis"]
    masked = {name: text.replace("16000000001", "160****0001") for name, text in GOOD.items()}
    assert read_case(folder(**{"case.toml": "", **masked})).notices == ()


def test_what_is_missing_may_be_there_under_a_name_that_is_not_known(folder):
    with pytest.raises(BadInputError) as error:
        read_case(folder(**{"deals.csv": None, "5月成交.csv": GOOD["deals.csv"]}))
    assert [(each.file, each.code) for each in error.value.problems] == [
        ("5月成交.csv", "file_not_read"),
        ("case", "sheet_missing"),
    ]


def test_folders_in_a_case_are_left_alone(folder):
    path = folder()
    (path / "out").mkdir()
    (path / "out" / "rulings.csv").write_text("x")
    assert [(each.file, each.code) for each in read_case(path).notices] == [("out", "file_not_read")]


def test_unicode_text_as_excel_exports_it(folder):
    text = GOOD["deals.csv"].replace(",", "\t").encode("utf-16")
    assert read_case(folder(**{"deals.csv": None, "成交.txt": text})) == read_case(folder(**{"成交.txt": None}))


def test_hidden_sheets_and_rows_are_read_and_said(tmp_path):
    def build(book):
        book.get_worksheet_by_name("deals").hide()
        book.get_worksheet_by_name("registrations").set_row(1, None, None, {"hidden": True})

    (tmp_path / "x.xlsx").write_bytes(workbook(build))
    case = read_case(tmp_path / "x.xlsx")
    assert {each.code for each in case.notices} == {"hidden_sheet", "hidden_rows"}
    assert len(case.tables["registrations"]) == 1


def test_rows_without_ids_get_them_from_their_content(folder):
    rows = ["2026-05-03 09:12:00,甲-01,16000000001", "2026-05-03 09:13:00,甲-01,16000000002"]
    header = "报备时间,经纪人编号,客户电话\n"
    one = read_case(folder(**{"registrations.csv": header + "\n".join(rows)})).tables["registrations"]
    two = read_case(folder(**{"registrations.csv": header + "\n".join(reversed(rows))})).tables["registrations"]
    assert one.columns["id"] == list(reversed(two.columns["id"]))
    assert len(set(one.columns["id"])) == 2


def test_equal_rows_are_one_with_a_notice(folder):
    row = "甲-01,2026-05-03 09:12:00,16000000001\n"
    case = read_case(
        folder(**{"registrations.csv": "经纪人编号,报备时间,客户电话\n" + row + row.replace("-05-03", "/5/3") + row})
    )
    assert len(case.tables["registrations"]) == 1
    assert [(each.code, each.row) for each in case.notices] == [("merged_duplicates", 3)]


def identity(number: str) -> str:
    return number + ric.calc_check_digit(number + "?")


PERSON_A, PERSON_B = identity("00000019000101001"), identity("00000019000101002")


def test_identity_numbers_become_tokens_whatever_the_order_of_rows(folder):
    header = "核验编号,核验时间,客户电话,身份证号,核验阶段\n"
    rows = [
        f"I1,2026-05-20 15:10:00,16000000001,{PERSON_A},签约",
        f"I2,2026-05-20 15:11:00,16000000002,{PERSON_B.lower()},签约",
        f"I3,2026-05-20 15:12:00,16000000003,{PERSON_A[:6]} {PERSON_A[6:]},签约",
        "I4,2026-05-20 15:13:00,16000000004,ID-0001,签约",
        "I5,2026-05-20 15:14:00,16000000005,H00000000,签约",
    ]
    seen = []
    for order in (rows, rows[::-1]):
        table = read_case(folder(**{"identities.csv": header + "\n".join(order)})).tables["identities"]
        seen.append(dict(zip(table.columns["id"], table.columns["id_key"], strict=True)))
    assert seen[0] == seen[1]
    tokens = seen[0]
    assert tokens["I1"] == tokens["I3"]
    assert len({tokens["I1"], tokens["I2"], tokens["I4"], tokens["I5"]}) == 4
    assert all(token.startswith("ID-") for token in tokens.values())


def test_no_identity_number_is_written_anywhere(folder, tmp_path):
    text = f"核验编号,核验时间,客户电话,身份证号,核验阶段\n,2026-05-20 15:10:00,16000000001,{PERSON_A},签约\n"
    path = folder(**{"identities.csv": text})
    run("convert", str(path), str(tmp_path / "out"))
    written = b"".join(each.read_bytes() for each in (tmp_path / "out").iterdir())
    assert PERSON_A.encode() not in written
    assert PERSON_A not in repr(read_case(path))


WIDE = [
    ("客户信息", ["序号", "客户姓名", "联系电话", "性别", "年龄", "身份证号", "共有人电话"]),
    ("渠道信息", ["报备时间", "首访时间", "渠道公司", "经纪人", "成交渠道"]),
    (
        "成交信息",
        [
            "房号",
            "面积(㎡)",
            "单价",
            "总价（万元）",
            "认购日期",
            "定金",
            "定金日期",
            "签约日期",
            "备案日期",
            "置业顾问",
        ],
    ),
    ("结佣", ["应付佣金", "已付佣金", "结佣日期", "开票日期", "发票号", "备注"]),
]


def wide_book(path: Path) -> Path:
    """A 成交台账 of 28 columns under a merged title and two lines of header, with a row of totals."""

    def build(book):
        sheet = book.add_worksheet("5月成交")
        moment, day = book.add_format({"num_format": "yyyy/m/d h:mm"}), book.add_format({"num_format": "yyyy/m/d"})
        sheet.merge_range(0, 0, 0, 27, "示例花园 2026年5月成交台账")
        column = 0
        for group, names in WIDE:
            sheet.merge_range(1, column, 1, column + len(names) - 1, group)
            sheet.write_row(2, column, names)
            column += len(names)
        rows = [
            [1, "王测试", 16000000001, "女", 33, PERSON_A, "160 0000 0009", dt.datetime(2026, 5, 3, 9, 12), dt.datetime(2026, 5, 3, 10, 2),
             "甲公司", "李测试", "分销", "1-1-101", 98.5, 22000, 216.7, dt.datetime(2026, 5, 20), 50000, dt.datetime(2026, 5, 20), dt.datetime(2026, 5, 28),
             None, "赵顾问", 40000, 20000, dt.datetime(2026, 6, 5), None, None, "客户很好"],
            [2, "张测试", 16000000002, "男", 40, PERSON_B, None, None, dt.datetime(2026, 5, 4, 10, 2),
             None, None, "自然到访", "1-1-102", 98.5, 22000, 216.7, dt.datetime(2026, 5, 21), 50000, dt.datetime(2026, 5, 21), None,
             None, "赵顾问", None, None, None, None, None, None],
        ]  # fmt: skip
        for number, row in enumerate(rows, start=3):
            for place, value in enumerate(row):
                if isinstance(value, dt.datetime):
                    sheet.write_datetime(number, place, value, moment if value.hour else day)
                elif value is not None:
                    sheet.write(number, place, value)
        sheet.write_row(6, 0, ["合计"])
        sheet.write_number(6, 15, 433.4)

    return saved(path, build)


def office_register(path: Path) -> Path:
    """A 判客台账 as a registration system exports it, in GB18030."""
    text = (
        "渠道报备判客台账\n\n客户姓名,客户手机号,报备编号,经纪人,渠道公司,报备时间,首访时间,最后一次刷新有效期时间,报备有效期截止,"
        "防截客截止,渠道有效期截止,判客结果,判客失败原因,作废时间\n"
        "王测试,160****0001,BB0001,李测试,甲公司,2026/5/3 9:12,2026/5/3 10:02,,2026/5/10,2026/5/3 9:42,2026/6/2,有效,,\n"
        "钱测试,160****0003,BB0002,李测试,甲公司,2026/5/4 9:12,,,2026/5/11,2026/5/4 9:42,,无效,防截客,2026/5/6 8:00\n"
    )
    path.write_bytes(text.replace("\n", "\r\n").encode("gb18030"))
    return path


def test_a_wide_book_is_mapped_and_read_as_rows_of_several_sheets(tmp_path):
    book = wide_book(tmp_path / "成交台账.xlsx")
    said = run("map", str(book))
    for part in (
        "registrations.at",
        "deals.buyers",
        "payments.amount_yuan",
        "commissions_paid.at",
        "identities.id_number",
        "160******01",
        "人的特征",
    ):
        assert part in said
    for personal in ("王测试", "李测试", "16000000001", PERSON_A):
        assert personal not in said
        assert personal not in (tmp_path / "成交台账.xlsx.map.toml").read_text()
    case = read_case(book)
    assert {name: len(table) for name, table in case.tables.items() if len(table)} == {
        "registrations": 1,
        "arrivals": 2,
        "identities": 1,
        "deals": 2,
        "payments": 2,
        "commissions_paid": 1,
    }
    first, second = sorted(case.tables["deals"].records(), key=lambda deal: deal.room)
    assert first.buyers == ("16000000001", "16000000009")
    assert first.price_fen == 216_700_000
    assert first.claimed_agent == "甲公司/李测试"
    assert second.claimed_agent == ""
    registration = case.tables["registrations"].record(0)
    assert (registration.at, registration.agent, registration.client) == (at(9, 12), "甲公司/李测试", "王测试")
    assert {payment.deal for payment in case.tables["payments"].records()} == {first.id, second.id}
    assert case.tables["commissions_paid"].record(0).deal == first.id
    assert {arrival.means for arrival in case.tables["arrivals"].records()} == {"unknown"}
    codes = {(each.code, each.row) for each in case.notices}
    assert ("total_row", 7) in codes
    assert {code for code, _ in codes} == {
        "total_row",
        "rows_left_out",
        "trait_columns",
        "columns_not_read",
        "no_basis",
    }


def test_a_register_of_registrations_is_mapped_and_its_conclusions_left_alone(tmp_path):
    book = wide_book(tmp_path / "成交台账.xlsx")
    register = office_register(tmp_path / "判客台账.csv")
    run("map", str(book))
    said = run("map", str(register), "--lang", "en")
    for part in ("windows are computed again", "another system's conclusion", "no deals: nothing to rule"):
        assert part in said
    case = read_case(tmp_path)
    assert sorted(case.tables["registrations"].columns["id"])[:2] == ["BB0001", "BB0002"]
    released = {row.id: row.released_at for row in case.tables["registrations"].records()}
    assert released["BB0002"] == at(8, 0) + 3 * DAY
    assert len(case.tables["arrivals"]) == 3


def test_a_map_is_not_overwritten_and_may_be_saved_elsewhere(tmp_path):
    book = wide_book(tmp_path / "成交台账.xlsx")
    run("map", str(book))
    assert CliRunner().invoke(main, ["map", str(book)]).exit_code == 2
    run("map", str(book), "--out", str(tmp_path / "other.toml"), "--json")
    assert (tmp_path / "other.toml").read_text() == (tmp_path / "成交台账.xlsx.map.toml").read_text()


def test_a_book_with_face_columns_is_not_mapped(tmp_path):
    path = tmp_path / "台账.csv"
    path.write_text("认购日期,联系电话,首抓时间\n2026-05-20,16000000001,2026-05-03\n")
    result = CliRunner().invoke(main, ["map", str(path), "--lang", "en"])
    assert result.exit_code == 2
    assert "首抓时间" in result.output
    assert "no lawful basis" in result.output
    assert list(tmp_path.iterdir()) == [path]


def test_names_that_only_resemble_are_proposed_with_less_confidence_or_not_at_all(tmp_path):
    path = tmp_path / "台账.csv"
    path.write_text(
        "客户报备提交时间,渠道经纪人姓名,客户的手机号码,楼层朝向,带看间隔\n2026-05-20,甲,16000000001,南,3\n"
    )
    said = run("map", str(path), "--lang", "en")
    lines = {line.split("│")[1].strip(): line for line in said.splitlines() if line.startswith("│")}
    assert "registrations.at" in lines["客户报备提交时间"]
    assert "?" in lines["客户报备提交时间"]
    assert "registrations.phone" in lines["客户的手机号码"]
    assert "not known" in lines["楼层朝向"]
    assert "windows are computed again" in lines["带看间隔"]


def test_a_file_of_which_nothing_is_known_gives_no_map(tmp_path):
    path = tmp_path / "台账.csv"
    path.write_text("x,y\n1,2\n")
    assert CliRunner().invoke(main, ["map", str(path)]).exit_code == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_sheet_of_its_own_kind_is_mapped_as_that_sheet(tmp_path):
    path = tmp_path / "导出.csv"
    path.write_text("查号时间,查号人,电话,查号原因\n2026-05-03 09:30,顾问-01,16000000001,回访\n")
    assert "lookups.staff" in run("map", str(path))


@pytest.mark.parametrize("write", [write_folder, write_workbook])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_written_can_become_a_formula(write, language, tmp_path):
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1", "=cmd|'/c calc'!A1", "+85291234567"]
    rows = "".join(f'D{number},"{text}",16000000001,2026-05-20\n' for number, text in enumerate(texts))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "deals.csv").write_text("deal,room,buyers,subscribed_at\n" + rows)
    (tmp_path / "in" / "registrations.csv").write_text("agent,at,phone\n=a,2026-05-03 09:12,+852 9123 4567\n")
    case: Case = read_case(tmp_path / "in")
    assert case.tables["deals"].columns["room"] == [text.strip() for text in texts[:6]] + ["=1", *texts[7:]]
    path = tmp_path / ("out" if write is write_folder else "out.xlsx")
    write(case, path, language)
    assert read_case(path) == case
    if write is write_folder:
        cells = [
            cell.strip('"')
            for each in path.glob("*.csv")
            for line in each.read_text("utf-8-sig").splitlines()
            for cell in line.split(",")
        ]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t＝")]
    else:
        import openpyxl

        for sheet in openpyxl.load_workbook(path):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n")
                    assert not str(cell.value or "").startswith(("=", "+", "-", "@"))
                    assert cell.data_type != "s" or cell.number_format == "@"
        assert b"<f>" not in path.read_bytes()
