"""Rows that are impossible by themselves are rejected with a reason; under --strict they are fatal."""

import pytest
from click.testing import CliRunner

from mingshi.cli import main
from mingshi.files.problem import BadInputError
from mingshi.files.read_case import read_case
from tests.unit.files.case_files import BASIS

REG = "registration,at,agent,phone,released_at\n"
DEALS = "deal,buyers,subscribed_at,contracted_at,price_yuan\n"
GOOD_DEAL = "D1,16000000001,2026-05-20 15:00:00,2026-05-28,1\n"

IMPOSSIBLE = [
    ("sold before the project opened", "deals", DEALS + GOOD_DEAL + "D2,16000000002,2025-12-31,,1", "before_opening", "认购时间", 3),
    ("a contract before its subscription", "deals", DEALS + GOOD_DEAL + "D2,16000000002,2026-05-20,2026-05-19,1", "wrong_order", "签约时间", 3),
    ("a negative price", "deals", DEALS + GOOD_DEAL + "D2,16000000002,2026-05-20,,-1", "negative", "成交总价", 3),
    ("released before it was made", "registrations", REG + "R1,2026-05-03,甲-01,,2026-05-02", "wrong_order", "释放时间", 2),
    ("an agent of nobody's", "registrations", REG + "R1,2026-05-03,乙-99,,", "unknown_reference", "经纪人编号", 2),
    ("an escort by an agent of nobody's", "escorts", "escort,at,agent,means\nK1,2026-05-03,乙-99,paper", "unknown_reference", "经纪人编号", 2),
    ("a payment of no deal", "payments", "payment,deal,at,amount_yuan,kind\nM1,D9,2026-05-20,1,earnest", "unknown_reference", "成交编号", 2),
    ("a cancellation of no deal", "cancellations", "deal,at,kind\nD9,2026-05-20,contract", "unknown_reference", "成交编号", 2),
    ("a room swapped for itself", "cancellations", "deal,at,kind,new_deal\nD1,2026-05-20,swap,D1", "same_as_itself", "换房后成交编号", 2),
    ("a negative refund", "cancellations", "deal,at,kind,refund_yuan\nD1,2026-05-20,contract,-3", "negative", "退款金额", 2),
    ("paid before the subscription", "payments", "deal,at,amount_yuan,kind\nD1,2026-05-20 14:59:59,1,earnest", "wrong_order", "回款时间", 2),
    ("paid more than the price at once", "payments", "deal,at,amount_yuan,kind\nD1,2026-05-21,1.01,balance", "beyond_price", "金额", 2),
    ("a confirmation of no registration", "confirmations", "registration,at\nR9,2026-05-03", "unknown_reference", "报备编号", 2),
    ("a follow-up of no registration", "followups", "registration,at,kind\nR9,2026-05-03,contact", "unknown_reference", "报备编号", 2),
    ("an extension of no days", "extensions", "registration,at,window,days\nR1,2026-05-03,visit,0", "not_positive", "延长天数", 2),
    ("an employment that ends before it begins", "agents", "agent,since,until\n甲-01,2026-01-01,\n甲-02,2026-03-01,2026-02-01", "wrong_order", "离职时间", 3),
    ("a clock fast by less than its least", "clocks", "device,offset_low_s,offset_high_s\n平板-1,20,10", "low_above_high", "快慢下限秒", 2),
    ("fewer than no adults", "counts", "since,until,adults\n2026-05-03 09:00,2026-05-03 18:00,-4", "negative", "成人数", 2),
    ("a day that ends before it begins", "counts", "since,until,adults\n2026-05-03 19:00,2026-05-03 18:00,4", "wrong_order", "止", 2),
    ("more than everything", "decisions", "deal,at,stage,outcome,share_percent\nD1,2026-06-01,first,SPLIT,120%", "out_of_range", "分单比例", 2),
    ("an outcome that is none", "decisions", "deal,at,stage,outcome\nD1,2026-06-01,first,MAYBE", "unknown_word", "判定", 2),
    ("married to oneself", "relations", "phone_a,phone_b,kind\n16000000001,16000000001,spouse", "same_as_itself", "乙方电话", 2),
]  # fmt: skip


def case_folder(folder, sheet: str, text: str):
    files = {
        "case.toml": BASIS + "[project]\nopened = 2026-01-01\n",
        "agents.csv": "agent,since\n甲-01,2026-01-01\n",
        "registrations.csv": REG + "R1,2026-05-03 09:12:00,甲-01,16000000001,\n",
        "deals.csv": DEALS + GOOD_DEAL,
        f"{sheet}.csv": text + "\n",
    }
    return folder(**files)


@pytest.mark.parametrize(
    ("why", "sheet", "text", "code", "column", "row"), IMPOSSIBLE, ids=[each[0] for each in IMPOSSIBLE]
)
def test_an_impossible_row_is_rejected(why, sheet, text, code, column, row, folder, tmp_path):
    path = case_folder(folder, sheet, text)
    case = read_case(path)
    rejected = [(each.code, each.column.split()[0], each.row) for each in case.rejected]
    assert rejected == [(code, column, row)]
    assert len(case.tables[sheet]) == text.count("\n") - 1
    with pytest.raises(BadInputError) as error:
        read_case(path, strict=True)
    assert [each.code for each in error.value.problems] == [code]
    strict = CliRunner().invoke(main, ["convert", str(path), str(tmp_path / "out"), "--strict"])
    assert strict.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ["− registrations.csv 第 2 行“经纪人编号 agent”（乙***）：经纪人（agents）里没有这个编号。", "以上 1 处标 − 的：", "没有计入"]),
        ("en", ["− registrations.csv, row 2, column “经纪人编号 agent” (乙***): agents has no such id.", "1 marked −:", "were left out"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["judge", "convert"])
def test_who_runs_it_is_told_which_rows_were_left_out(command, language, said, folder, tmp_path):
    path = case_folder(folder, "registrations", REG + "R1,2026-05-03,乙-99,,")
    more = [str(tmp_path / "out")] if command == "convert" else []
    result = CliRunner().invoke(main, [command, str(path), *more, "--lang", language])
    assert result.exit_code == 0
    assert [each for each in said if each not in result.stderr] == []


def test_what_points_at_a_rejected_row_is_rejected_too(folder):
    text = DEALS + GOOD_DEAL + "D2,16000000002,2025-12-31,,1\n"
    path = case_folder(folder, "deals", text)
    (path / "payments.csv").write_text("deal,at,amount_yuan,kind\nD1,2026-05-20,1,earnest\nD2,2026-05-20,1,earnest\n")
    case = read_case(path)
    assert [(each.file, each.code) for each in case.rejected] == [
        ("deals.csv", "before_opening"),
        ("payments.csv", "unknown_reference"),
    ]
    assert [payment.deal for payment in case.tables["payments"].records()] == ["D1"]


DANGLING = [
    ("arrivals", "at,means,registration\n2026-05-03,otp,R9", "报备编号"),
    ("arrivals", "at,means,agent\n2026-05-03,otp,乙-99", "带看经纪人编号"),
    ("invoices", "number,agency,deal,at,amount_yuan\n1,甲公司,D9,2026-06-01,1", "成交编号"),
    ("objections", "by,at,escort\nagency,2026-06-01,K9", "带看编号"),
    ("edits", "at,staff,field,target\n2026-06-01,顾问-01,name,R9", "变更记录编号"),
    ("decisions", "deal,at,stage,outcome,evidence\nD1,2026-06-01,first,NATURAL,R1;V9", "引用证据编号"),
    ("deals", "deal,buyers,subscribed_at,claimed_agent\nD1,16000000001,2026-05-20,乙-99", "台账经纪人编号"),
]


@pytest.mark.parametrize(("sheet", "text", "column"), DANGLING, ids=[f"{each[0]} {each[2]}" for each in DANGLING])
def test_a_reference_that_a_ruling_can_do_without_is_a_notice(sheet, text, column, folder):
    case = read_case(case_folder(folder, sheet, text), strict=True)
    assert [(each.code, each.column.split()[0], each.row) for each in case.notices] == [
        ("no_such_record" if sheet in ("edits", "decisions") else "unknown_reference", column, 2)
    ]
    assert len(case.tables[sheet]) == 1


def test_without_a_list_of_agents_nobody_is_unknown(folder):
    path = case_folder(folder, "registrations", REG + "R1,2026-05-03,乙-99,,")
    (path / "agents.csv").unlink()
    assert read_case(path, strict=True).notices == ()
    (path / "agents.csv").write_text("agent,since\n")
    assert read_case(path, strict=True).notices == ()


@pytest.mark.parametrize("contracted", ["2026-05-20", "2026-05-20 15:00:00", "2026-05-21 00:00"])
def test_a_contract_that_may_be_later_is_in_order(contracted, folder):
    text = DEALS + f"D1,16000000001,2026-05-20 15:00:00,{contracted},1"
    assert read_case(case_folder(folder, "deals", text)).rejected == ()


def test_two_masked_numbers_that_look_alike_may_be_two_people(folder):
    text = "phone_a,phone_b,kind\n160****0001,160****0001,spouse"
    assert len(read_case(case_folder(folder, "relations", text), strict=True).tables["relations"]) == 1


def test_a_deal_on_the_opening_day_is_possible(folder):
    text = DEALS + "D1,16000000001,2026-01-01 00:00:00,,1"
    assert read_case(case_folder(folder, "deals", text), strict=True).rejected == ()
