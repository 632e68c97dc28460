"""更正、异议: asked from one's own page, about what is one's own, answered in writing."""

import re

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.facts import RightsAnswer, RightsRequest
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField, Side
from mingshi.domain.ids import Contact
from mingshi.domain.rights.right import Right
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, HOUR

BUYER, OTHER = "16000003101", "16000003102"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("asks")) as opened:
        yield opened


@pytest.fixture(scope="module")
def deals(pages):
    """Two people who came and bought; an agent says to have brought the first."""
    found = {}
    for number in (BUYER, OTHER):
        visitor = pages.anyone()
        page = visitor.get(f"/v?d={pages.office.door.show(pages.office.now()).long}").text
        asked = visitor.post(
            "/v/phone", {"phone": number, "party": "1"}, seen=re.search(r"/v/phone\?t=[^\"]+", page)[0]
        )
        hidden = fields(asked.text.split("/v/phone/check")[1].split("</form>")[0])
        visitor.client.post("/v/phone/check", data=hidden | {"code": visitor.code(number)}, headers=SAME)
        pages.clock.skip(HOUR)
        if number == BUYER:
            command = RegisterClient("甲-1", Contact(f"{number[:3]}****{number[-4:]}"), "王测试", "示例花园")
            made = pages.office.run(register_client, command).answer
            said = ConfirmRegistration(made.ids["registration"], Contact(number), agreed=True)
            pages.office.run(confirm_registration, said)
            escort = pages.office.run(
                confirm_escort, ConfirmEscort(agent="甲-1", phone=Contact(number), project="示例花园")
            ).answer
            found["escort"] = escort.ids.get("escort", "")
        command = RecordDeal((Contact(number),), pages.office.now(), room="1-1-101")
        found[number] = pages.office.run(record_deal, command).answer.ids["deal"]
        assert pages.office.run(rule_deal, RuleDeal(found[number])).answer
        pages.clock.skip(HOUR)
    return found


@pytest.fixture
def buyer(pages):
    return pages.signed_in(Role.PERSON, "", BUYER)


def every(pages, kind):
    return pages.office.look(lambda transaction: transaction.every(kind))


def test_a_correction_is_a_request_with_a_deadline_that_the_manager_answers(pages, deals, buyer):
    visit = re.search(r"/me/ask\?visit=(V-\w+)", buyer.get("/me").text).group(1)
    page = buyer.get(f"/me/ask?visit={visit}").text
    assert 'value="correct" checked' in page
    data = fields(page) | {"right": "correct", "about": "visit", "visit": visit, "words": "这次是两个人来的。"}
    answers = [buyer.client.post("/me/ask", data=data, headers=SAME) for _ in range(2)]
    assert [one.headers["location"] for one in answers] == ["/me/ask?done=noted"] * 2
    (row,) = [row for row in every(pages, RightsRequest) if row.right is Right.CORRECT]
    assert row.due_at > pages.office.now() + 14 * DAY
    (noted,) = every(pages, e.Edit)
    assert (noted.staff, noted.field, noted.target, noted.new) == ("", EditField.OTHER, visit, "这次是两个人来的。")
    changed = buyer.client.post("/me/ask", data=data | {"words": "再说一次。"}, headers=SAME)
    assert changed.status_code == 422
    assert "已经提交过一次，内容不同" in changed.text
    anew = {"right": "correct", "about": "introducer", "words": "再说一次。"}
    assert buyer.post("/me/ask", anew, seen="/me/ask").headers["location"] == "/me/ask?done=noted"
    assert "又写：再说一次。" in buyer.get("/me/ask").text, "one request, and every word of it is kept"
    assert len([one for one in every(pages, RightsRequest) if one.right is Right.CORRECT]) == 1
    assert {one.field for one in every(pages, e.Edit)} == {EditField.OTHER, EditField.SOURCE}
    manager = pages.signed_in(Role.MANAGER, "经理-01")
    waits = manager.get("/requests").text
    assert "这次是两个人来的。" in waits
    assert "又写：再说一次。" in waits
    assert BUYER not in waits
    action = f"/requests/{row.id}"

    def answer(**values):
        form = fields(manager.get("/requests").text.split(f'action="{action}"')[1].split("</form>")[0])
        return manager.client.post(action, data=form | values, headers=SAME)

    assert answer().status_code == 422
    refused = answer(result="refused")
    assert refused.status_code == 422, "a refusal names its ground"
    assert answer(result="refused", ground="kept_by_law").status_code == 422, "and one that the right allows"
    half = answer(result="done", new="两人")
    assert half.status_code == 422
    assert 'value="两人"' in half.text, "what was typed is kept"
    assert answer(result="done", field="first_visit", new="2020").status_code == 422, "a first visit is never changed"
    assert not every(pages, RightsAnswer)
    assert answer(result="done", field="other", new="两人").status_code == 303
    assert len(every(pages, RightsAnswer)) == 1
    (edit,) = [one for one in every(pages, e.Edit) if one.staff]
    assert (edit.staff, edit.new, edit.target) == ("经理-01", "两人", row.id)
    assert "已办结" in buyer.get("/me/ask").text
    assert answer_again_is_told(manager, action)


def test_ones_own_name_is_corrected_at_once_whatever_else_waits(pages, deals, buyer):
    typed = {"right": "correct", "about": "name", "words": "黄测试"}
    long = buyer.post(
        "/me/ask", typed | {"words": "我叫黄测试，不是王测试，请你们一定要改过来，谢谢。"}, seen="/me/ask"
    )
    assert long.status_code == 422
    assert "只写正确的称呼" in long.text
    assert "谢谢。" in long.text, "what was typed is kept"
    before = len(every(pages, RightsAnswer))
    assert buyer.post("/me/ask", typed, seen="/me/ask").headers["location"] == "/me/ask?done=corrected"
    assert "马上生效" in buyer.get("/me/ask?done=corrected").text
    (edit,) = [one for one in every(pages, e.Edit) if one.field is EditField.NAME]
    assert (edit.new, edit.staff, edit.buyer_otp) == ("黄测试", "", True)
    assert len(every(pages, RightsAnswer)) == before + 1, "answered at once"


def test_an_explanation_asked_for_twice_is_one_request_and_says_so(pages, deals, buyer):
    typed = {"right": "explain", "about": "deal", "words": "为什么？"}
    assert buyer.post("/me/ask", typed, seen="/me/ask").headers["location"] == "/me/ask?done=taken"
    stands = buyer.post("/me/ask", typed | {"words": "再问一次。"}, seen="/me/ask")
    assert stands.status_code == 422
    assert "没有另外保存" in stands.text
    assert "再问一次。" in stands.text, "and is there to be taken along"


def answer_again_is_told(manager, action):
    form = {**fields(manager.get("/requests").text), "csrf": fields(manager.get("/account").text)["csrf"], "once": "x"}
    told = manager.client.post(action, data=form | {"result": "done"}, headers=SAME)
    return told.status_code == 422 and "已经答复过" in told.text


def test_an_objection_to_ones_ruling_freezes_it_and_is_one_however_often_sent(pages, deals, buyer):
    action = f"/me/deal/{deals[BUYER]}/object"
    page = buyer.get("/me").text
    assert action in page
    empty = buyer.client.post(action, data=fields(page) | {"ground": "  "}, headers=SAME)
    assert empty.status_code == 422
    assert 'name="ground"' in empty.text, "to be mended where it stands"
    data = fields(page.split(action)[1]) | {"ground": "我是自己来的。"}
    answers = [buyer.client.post(action, data=data, headers=SAME) for _ in range(2)]
    assert all("异议已收到" in one.text for one in answers), answers[0].text
    (row,) = [row for row in every(pages, e.Objection) if row.deal == deals[BUYER]]
    assert (row.by, row.party) == (Side.BUYER, "buyer")
    manager = pages.signed_in(Role.MANAGER, "经理-01")
    assert "有异议" in manager.get(f"/rulings/{deals[BUYER]}").text


def test_an_escort_is_objected_to_from_the_page_of_whom_it_is_about(pages, deals, buyer):
    assert deals["escort"]
    action = f"/me/escort/{deals['escort']}/object"
    data = fields(buyer.get("/me").text.split(action)[1]) | {"ground": "我不认识这位经纪人。"}
    assert "异议已收到" in buyer.client.post(action, data=data, headers=SAME).text
    assert [row.by for row in every(pages, e.Objection) if row.escort == deals["escort"]] == [Side.BUYER]


def test_nobody_asks_about_what_is_somebody_elses(pages, deals):
    stranger = pages.signed_in(Role.PERSON, "", "16000003199")
    other = pages.signed_in(Role.PERSON, "", OTHER)
    size = pages.office.site.store.size
    for person in (stranger, other):
        for action in (f"/me/deal/{deals[BUYER]}/object", f"/me/escort/{deals['escort']}/object"):
            data = fields(person.get("/me/ask").text) | {"ground": "x"}
            known = person.client.post(action, data=data, headers=SAME)
            unknown = person.client.post("/me/deal/D-nobody/object", data=data, headers=SAME)
            assert known.status_code == unknown.status_code == 404
            strip = re.compile(r"nonce-\w+|[0-9a-f]{24,}")
            assert strip.sub("", known.text) == strip.sub("", unknown.text)
    visit = next(row.id for row in every(pages, e.Arrival) if row.phone == BUYER)
    data = fields(other.get("/me/ask").text)
    wrong = {"right": "correct", "about": "visit", "visit": visit, "words": "x"}
    assert other.client.post("/me/ask", data=data | wrong, headers=SAME).status_code == 422
    assert pages.office.site.store.size == size


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"right": "erase", "about": "other", "words": "x"}, "请选择一项"),
        ({"right": "correct", "about": "", "words": "x"}, "请选择一项"),
        ({"right": "correct", "about": "other", "words": ""}, "请填写"),
        ({"right": "correct", "about": "other", "words": "长" * 600}, "最多 500 个字"),
        ({"right": "explain", "about": "deal", "words": "a\x00b"}, "看不见的字符"),
    ],
)
def test_a_form_says_at_the_field_what_is_wrong_and_keeps_the_rest(pages, deals, buyer, typed, told):
    answer = buyer.post("/me/ask", typed, seen="/me/ask")
    assert answer.status_code == 422
    assert told in answer.text
    if typed["words"].isprintable() and typed["words"]:
        assert typed["words"] in answer.text
    assert buyer.get("/me/ask?lang=en").status_code == 200
    buyer.get("/me/ask?lang=zh")
