"""前台: one field for whatever comes, launch day at two desks, and taking back a consent as easily as giving it."""

import re

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.consents import consents_of
from mingshi.app.facts import ConsentAct
from mingshi.app.issue_pass import IssuePass, issue_pass
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import State
from mingshi.domain.evidence import Means
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role
from mingshi.web.reception.launch import Kind, kind_of


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
def desk(pages):
    return pages.signed_in(Role.RECEPTION, "前台-01")


def entry(page, action="/desk/launch"):
    return fields(page.split(f'action="{action}"')[1].split("</form>")[0])


def scan(desk, text, where="/desk/launch?desk=A", **more):
    page = desk.get(where).text
    return desk.client.post("/desk/launch", data=entry(page) | {"scan": text} | more, headers=SAME)


def offers(page, number):
    """Whether this counterfoil is the one that the button hands out."""
    return number in page.split('value="paper"')[1].split("</button>")[0]


def arrivals(pages):
    return pages.office.look(lambda transaction: transaction.every(e.Arrival))


def came(pages, **wanted):
    return [row for row in arrivals(pages) if all(getattr(row, name) == value for name, value in wanted.items())]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("16000001234", Kind.NUMBER),
        ("160 0000 1234", Kind.NUMBER),
        ("+8616000001234", Kind.NUMBER),
        ("ACDE-FGHJ-KMNP", Kind.CODE),
        ("acdefghjkmnp\r", Kind.CODE),
        ("MS3:ABCDEF", Kind.RECEIPT),
        ("A-018", Kind.COUNTERFOIL),
        ("联b7", Kind.COUNTERFOIL),
        ("http://localhost:8330/v?d=xxxx", Kind.DOOR),
        ("https://a.example/c/R-abcd", Kind.LINK),
        ("", Kind.NOTHING),
        ("160000", Kind.NOTHING),
        ("<script>", Kind.NOTHING),
    ],
)
def test_the_field_knows_what_it_is_by_its_form(typed, kind):
    assert kind_of(typed) is kind


def test_a_number_and_enter_is_a_desk_entry_and_sent_twice_is_one(pages, desk):
    page = desk.get("/desk/launch?desk=A").text
    data = entry(page) | {"scan": "160 0000 2001", "party": "3"}
    answers = [desk.client.post("/desk/launch", data=data, headers=SAME) for _ in range(2)]
    assert {one.headers["location"] for one in answers} == {"/desk/launch?desk=A&done=number"}
    (row,) = came(pages, phone="16000002001")
    assert (row.means, row.party_adults, row.staff) == (Means.RECEPTION, 3, "前台-01")
    assert "160****2001" in desk.get(answers[0].headers["location"]).text


def test_a_visit_code_is_good_once_and_needs_no_confirming(pages, desk):
    number, code = Contact("16000002002"), pages.office.visit_codes.make()
    assert scan(desk, number).status_code == 303, "who has a code has been here and agreed"
    assert pages.office.run(issue_pass, IssuePass(code.pass_id, number)).answer
    page = desk.get("/desk/launch?desk=B").text
    data = entry(page) | {"scan": code.shown.lower()}
    first, again = (desk.client.post("/desk/launch", data=data, headers=SAME) for _ in range(2))
    assert first.headers["location"] == "/desk/launch?desk=B&done=code"
    (row,) = came(pages, pass_id=code.pass_id)
    assert (row.means, row.staff) == (Means.QR, "前台-01")
    held = pages.office.look(lambda transaction: consents_of(transaction, number))
    assert [one.stands for one in held] == [State.GIVEN], "and is not asked again"
    used = scan(desk, code.shown)
    assert used.status_code == 422
    assert "已经用过" in used.text
    assert code.shown in used.text, "what was read in is kept"
    assert again.status_code in (303, 422)
    assert len(came(pages, pass_id=code.pass_id)) == 1


def test_two_desks_and_two_tabs_never_hand_out_one_number(pages, desk):
    other = pages.signed_in(Role.RECEPTION, "前台-01")
    for where, wanted in (("A", "A-001"), ("B", "B-001"), ("A", "A-002")):
        page = desk.get(f"/desk/launch?desk={where}").text
        assert offers(page, wanted)
        answer = desk.client.post("/desk/launch", data=entry(page) | {"do": "paper"}, headers=SAME)
        assert answer.headers["location"] == f"/desk/launch?desk={where}&done=paper&n={wanted}"
    tabs = [one.get("/desk/launch?desk=A").text for one in (desk, other)]
    assert all(offers(one, "A-003") for one in tabs)
    answers = [
        one.client.post("/desk/launch", data=entry(page) | {"do": "paper"}, headers=SAME)
        for one, page in zip((desk, other), tabs, strict=True)
    ]
    assert answers[0].status_code == 303
    assert answers[1].status_code == 422
    assert "联A-003 今天已经登记过" in answers[1].text
    assert offers(answers[1].text, "A-004")
    twice = desk.client.post("/desk/launch", data=entry(tabs[0]) | {"do": "paper"}, headers=SAME)
    assert twice.headers["location"].endswith("n=A-003"), "the same form again is the same counterfoil"
    assert len(came(pages, party="联A-003")) == 1
    told = [row["number"] for row in desk.get("/desk/rows").json()["rows"]]
    assert {"联A-001", "联B-001", "联A-003"} <= set(told), "live as on the page"
    assert "<td>联A-003</td>" in desk.get("/desk").text
    assert scan(desk, "A-017").headers["location"].endswith("done=counterfoil&n=A-017")
    assert offers(desk.get("/desk/launch?desk=A").text, "A-018")


def test_the_ordinary_paper_form_refuses_a_number_that_was_used(pages, desk):
    first = desk.post("/desk/paper", {"counterfoil": "77", "paper_party": "2"}, seen="/desk")
    assert first.status_code == 303
    again = desk.post("/desk/paper", {"counterfoil": "77", "paper_party": "4"}, seen="/desk")
    assert again.status_code == 422
    assert "今天已经登记过" in again.text
    assert 'value="4"' in again.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("http://localhost:8330/v?d=xx", "门口码"),
        ("http://localhost:8330/c/R-abc", "报备确认链接"),
        ("what is this", "没有认出"),
        ("ACDE-FGHJ-KMNP", "没有这个到访码"),
        ("", "请填写"),
        ("1600000123456", "11 位"),
        ("x" * 2_000, "最多"),
    ],
)
def test_what_it_cannot_be_is_told_at_the_field_and_seals_nothing(pages, desk, typed, told):
    before = pages.office.site.store.size
    for where in ("/desk/launch?desk=C", "/desk"):
        answer = scan(desk, typed, where)
        assert answer.status_code == 422
        assert told in answer.text
        assert ("开盘日 · C 台" in answer.text) is (where != "/desk"), "the screen it came from"
    assert pages.office.site.store.size == before


def visitor_with_receipt(pages, number):
    visitor = pages.anyone()
    page = visitor.get(f"/v?d={pages.office.door.show(pages.office.now()).long}").text
    path = re.search(r"/v/phone\?t=[^\"]+", page).group(0)
    asked = visitor.post("/v/phone", {"phone": number, "party": "1"}, seen=path)
    hidden = fields(asked.text.split("/v/phone/check")[1].split("</form>")[0])
    visitor.client.post("/v/phone/check", data=hidden | {"code": visitor.code(number)}, headers=SAME)
    visit = re.search(r"/me/visit/[\w-]+", visitor.get("/me").text).group(0)
    return visitor, re.search(r"MS3:[A-Z2-7]+", visitor.get(visit).text).group(0)


def test_a_receipt_is_read_first_and_its_number_asked_then_it_is_one_confirmed_entry(pages, desk):
    number = "16000002003"
    _, code = visitor_with_receipt(pages, number)
    before = len(arrivals(pages))
    step = scan(desk, code)
    assert step.status_code == 200
    assert len(arrivals(pages)) == before, "a code alone records nobody"
    data = entry(step.text)
    assert data["scan"] == code
    wrong = desk.client.post("/desk/launch", data=data | {"receipt_phone": "160000"}, headers=SAME)
    assert wrong.status_code == 422
    assert code in wrong.text
    answers = [desk.client.post("/desk/launch", data=data | {"receipt_phone": number}, headers=SAME) for _ in range(2)]
    assert [one.headers["location"] for one in answers] == ["/desk/launch?desk=A&done=receipt"] * 2
    (row,) = came(pages, phone=number, means=Means.RECEPTION)
    assert row.confirmed_by is not None
    assert len(arrivals(pages)) == before + 1


def test_taking_back_at_the_desk_is_as_short_as_giving_and_names_who_wrote_it_down(pages, desk):
    number = "16000002004"
    page = desk.get("/desk").text
    forms = [page.split(f'action="{one}"')[1].split("</form>")[0] for one in ("/desk", "/desk/withdraw")]
    needed = [len(re.findall(r"<(?:input(?! type=\"hidden\")|textarea|select)", one)) for one in forms]
    buttons = [one.count("<button") for one in forms]
    assert needed[1] <= needed[0]
    assert buttons == [1, 1]
    desk.post("/desk", {"phone": number}, seen="/desk")
    held = pages.office.look(lambda transaction: consents_of(transaction, Contact(number)))
    assert [one.stands for one in held] == [State.GIVEN]
    back = desk.post("/desk/withdraw", {"withdraw_phone": number}, seen="/desk")
    assert back.headers["location"] == "/desk?done=withdrawn"
    held = pages.office.look(lambda transaction: consents_of(transaction, Contact(number)))
    assert [one.stands for one in held] == [State.WITHDRAWN]
    acts = pages.office.look(lambda transaction: transaction.read(ConsentAct, "consent", held[0].consent.id))
    assert [act.staff for act in acts if act.act.value == "withdrawn"] == ["前台-01"]
    size = pages.office.site.store.size
    unknown = desk.post("/desk/withdraw", {"withdraw_phone": "16000009999"}, seen="/desk")
    assert unknown.headers["location"] == back.headers["location"], "it tells nobody who is known here"
    assert pages.office.site.store.size == size
    assert desk.post("/desk/withdraw", {"withdraw_phone": "160"}, seen="/desk").status_code == 422
