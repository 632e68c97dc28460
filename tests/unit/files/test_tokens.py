import itertools

from mingshi.domain.ids import visible
from mingshi.files.case import Case
from mingshi.files.read_case import read_case
from mingshi.files.tokens import tokenised

FILES = {
    "registrations.csv": "报备时间,经纪人编号,客户电话,客户姓名\n2026-05-03 9:12,16000000001,16000000001,王测试\n"
    "2026-05-03 9:13,甲-02,160****0001,\n2026-05-03 9:14,甲-03,16099990001,李测试\n2026-05-03 9:15,甲-04,16000000002,王测试\n",
    "deals.csv": "成交编号,购房人电话,认购时间,房号\nD-16000000001,16000000001;+85291234567,2026-05-20 15:00:00,1-1-101\n",
    "edits.csv": "变更时间,变更人编号,客户电话,变更字段,原值,新值\n2026-05-04,顾问-01,160****0001,电话,16000000001,16099990001\n"
    "2026-05-05,顾问-01,160****0001,姓名,王女士,王测试\n",
    "lookups.csv": "查号时间,查号人,电话,查号原因\n2026-05-03,顾问-01,057188880000,回访16000000002和16011112222\n",
    "agents.csv": "经纪人编号,经纪人姓名,经纪人电话\n16000000001,李测试,16000000009\n甲-02,,\n甲-03,,\n甲-04,,\n",
}


def phones(case: Case) -> list[str]:
    found = [
        str(phone)
        for name in ("registrations", "edits", "lookups", "agents")
        for phone in case.tables[name].columns["phone"]
    ]
    return [phone for phone in found if phone] + list(case.tables["deals"].columns["buyers"][0])


def test_tokens_keep_equality_and_likeness_and_nothing_else(folder):
    case = read_case(folder(**FILES))
    tokens = phones(tokenised(case, b"salt"))
    for (a, ta), (b, tb) in itertools.combinations(zip(phones(case), tokens, strict=True), 2):
        assert (a == b) == (ta == tb)
        assert (visible(a) == visible(b)) == (visible(ta) == visible(tb))
        assert ta.startswith("#")


def test_no_number_and_no_name_is_left(folder, tmp_path):
    told = repr(tokenised(read_case(folder(**FILES)), b"salt"))
    for personal in (
        "16000000001",
        "16000000002",
        "16099990001",
        "16011112222",
        "91234567",
        "88880000",
        "王测试",
        "李测试",
        "王女士",
        "160****",
    ):
        assert personal not in told


def test_made_ids_do_not_give_the_number_away(folder):
    case = read_case(folder(**FILES))
    before = set(case.tables["registrations"].columns["id"])
    after = set(tokenised(case, b"salt").tables["registrations"].columns["id"])
    assert len(after) == len(before) == 4
    assert not before & after


def test_a_missing_name_stays_missing(folder):
    case = tokenised(read_case(folder(**FILES)), b"salt")
    assert case.tables["registrations"].columns["client"] == ["*", "", "*", "*"]


def test_two_salts_give_two_orders(folder):
    case = read_case(folder(**FILES))
    assert tokenised(case, b"salt") == tokenised(case, b"salt")
    orders = {tuple(phones(tokenised(case, bytes([salt])))) for salt in range(1, 9)}
    assert len(orders) > 1, "the order of the numbers themselves shows"


def test_tokens_of_tokens_are_equal_in_the_same_way(folder, tmp_path):
    once = tokenised(read_case(folder(**FILES)), b"salt")
    twice = tokenised(once, b"pepper")
    for (a, ta), (b, tb) in itertools.combinations(zip(phones(once), phones(twice), strict=True), 2):
        assert (a == b) == (ta == tb)
        assert (visible(a) == visible(b)) == (visible(ta) == visible(tb))


def test_references_still_point_where_they_did(folder):
    case = tokenised(read_case(folder(**FILES)), b"salt")
    assert set(case.tables["registrations"].columns["agent"]) == set(case.tables["agents"].columns["id"])
