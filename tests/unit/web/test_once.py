"""Every form: sent twice, after going back, in two tabs, its session over, half filled in: one correct fact."""

import re

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.arrive import ArriveAtDesk, arrive_at_desk
from mingshi.app.check_in import CheckIn
from mingshi.app.consents import consents_of
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import DoorCode, Means, TermKind
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY

BUYER = "16000004001"
FORMS = [
    # who, page, action, what is typed, what every browser must be told to mend when it is left out
    ("agent", "/agent/register", "/agent/register", {"client": "王测试", "phone": "160****4101"}, "client phone"),
    ("agent", "/agent/register", "/agent/register/text", {"block": "客户：李测试\n电话：160****4102"}, "block"),
    ("desk", "/desk", "/desk", {"phone": "16000004103", "party": "2"}, "phone"),
    ("desk", "/desk", "/desk/paper", {"counterfoil": "501", "paper_party": "1"}, "counterfoil"),
    ("desk", "/desk/launch?desk=D", "/desk/launch", {"scan": "16000004104", "party": "4"}, "scan"),
    ("consultant", "/consult", "/consult/look-up", {"phone": "160****4101", "reason": "来电"}, "phone reason"),
    (
        "consultant",
        "/consult/deal",
        "/consult/deal",
        {"buyer1": "16000004105", "room": "2-1-101", "price": "2150000"},
        "buyer1 room price",
    ),
    ("buyer", "/v/who", "/v/who", {"origin": "nobody"}, "origin"),
    ("buyer", "/me", "/me/copy", {}, ""),
    ("buyer", "/me", "/me/restrict", {"do": "restrict"}, ""),
    ("buyer", "/me/keys", "/me/keys/code", {}, ""),
    ("buyer", "/me/move", "/me/move", {"recipient": "示例经纪公司"}, "recipient"),
    ("buyer", "/me/ask", "/me/ask", {"right": "explain", "about": "other", "words": "为什么？"}, "right about words"),
]
NAMES = [action for _, _, action, _, _ in FORMS]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("once")) as opened:
        now = opened.office.now()
        term = blank(e.Term, id="T-1", agency="甲公司", kind=TermKind.FIXED, since=now - 90 * DAY, amount_fen=4_000_000)
        assert opened.office.run(keep_roster, KeepRoster((term,))).answer
        visit = CheckIn(Contact(BUYER), Means.RECEPTION, DoorCode.VALID, staff="前台-01")
        assert opened.office.run(arrive_at_desk, ArriveAtDesk(visit, "zh", "x", ActMeans.SPOKEN)).answer
        yield opened


@pytest.fixture
def people(pages):
    return {
        "agent": lambda: pages.signed_in(Role.AGENT, "甲-1", "16099000001"),
        "desk": lambda: pages.signed_in(Role.RECEPTION, "前台-01"),
        "consultant": lambda: pages.signed_in(Role.CONSULTANT, "顾问-01"),
        "buyer": lambda: pages.signed_in(Role.PERSON, "", BUYER),
    }


def form_of(page, action):
    return fields(page.split(f'action="{action}"')[1].split("</form>")[0])


def size(pages):
    return pages.office.site.store.size


@pytest.mark.parametrize(("who", "page", "action", "typed", "needed"), FORMS, ids=NAMES)
def test_sent_twice_and_after_going_back_it_is_one_fact(pages, people, who, page, action, typed, needed):
    person = people[who]()
    data = form_of(person.get(page).text, action) | typed
    before = size(pages)
    first = person.client.post(action, data=data, headers=SAME)
    assert first.status_code < 400, first.text
    after = size(pages)
    assert after > before
    second = person.client.post(action, data=data, headers=SAME)
    person.get(page)  # back, and forward again
    third = person.client.post(action, data=data, headers=SAME)
    assert size(pages) == after
    for answer in (second, third):
        assert answer.status_code == first.status_code
        assert answer.headers.get("location") == first.headers.get("location")
    if action == "/me/keys/code":
        codes = {re.search(r'id="visit-code">([\w-]+)<', one.text).group(1) for one in (first, second, third)}
        assert len(codes) == 1, "an answer that was lost loses no code"


@pytest.mark.parametrize(("who", "page", "action", "typed", "needed"), FORMS, ids=NAMES)
def test_when_the_session_is_over_nothing_is_sent_and_what_was_typed_is_shown(
    pages, people, who, page, action, typed, needed
):
    person = people[who]()
    data = form_of(person.get(page).text, action) | typed
    before = size(pages)
    pages.office.keeping.sweep(pages.office.now())
    person.client.cookies.delete("ms")
    answer = person.client.post(action, data=data, headers=SAME)
    assert answer.status_code == 403
    assert "没有任何内容被提交" in answer.text
    for name, value in typed.items():
        if name in ("phone", "client", "words", "room", "counterfoil", "scan", "reason"):
            assert value in answer.text, "it is not lost"
    assert data["csrf"] not in answer.text
    foreign = person.client.post(action, data=data, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert not any(len(value) > 3 and value in foreign.text for value in typed.values())
    assert size(pages) == before


@pytest.mark.parametrize(("who", "page", "action", "typed", "needed"), FORMS, ids=NAMES)
def test_what_is_left_out_is_told_at_its_field_and_the_rest_is_kept(pages, people, who, page, action, typed, needed):
    person, before = people[who](), size(pages)
    for lang in ("zh", "en"):
        person.get(f"/?lang={lang}")
        for name in needed.split():
            rest = {key: value for key, value in typed.items() if key != name}
            if name == "scan":
                rest |= {"desk": "D"}
            data = form_of(person.get(page).text, action) | rest
            answer = person.client.post(action, data=data, headers=SAME)
            assert answer.status_code == 422, (name, answer.text)
            summary = answer.text.split('role="alert"')[1].split("</div>")[0]
            assert f'href="#{name}"' in summary
            assert ("Please correct" in summary) is (lang == "en")
            for key, value in rest.items():
                if key not in ("right", "about", "origin", "party", "desk", "do"):
                    assert value.splitlines()[0] in answer.text, key
    person.get("/?lang=zh")
    assert size(pages) == before


def test_a_subscription_entered_in_two_tabs_is_one_deal(pages, people):
    consultant = people["consultant"]()
    typed = {"buyer1": "16000004201", "room": "3-1-1", "price": "1000000"}
    tabs = [form_of(consultant.get("/consult/deal").text, "/consult/deal") | typed for _ in range(2)]
    first, second = (consultant.client.post("/consult/deal", data=tab, headers=SAME) for tab in tabs)
    assert first.status_code == 303
    assert second.status_code == 422
    deals = pages.office.look(lambda transaction: transaction.read(e.Deal, "buyers", "16000004201"))
    assert len(deals) == 1
    assert f"已经登记过（{deals[0].id}）" in second.text
    other = form_of(consultant.get("/consult/deal").text, "/consult/deal") | typed | {"room": "3-1-2"}
    assert consultant.client.post("/consult/deal", data=other, headers=SAME).status_code == 303


def test_a_page_of_an_earlier_session_is_told_so_and_keeps_what_was_typed(pages, people):
    desk, later = people["desk"](), people["desk"]()
    data = form_of(desk.get("/desk").text, "/desk") | {"phone": "16000004301"}
    before = size(pages)
    answer = later.client.post("/desk", data=data, headers=SAME)
    assert answer.status_code == 403
    assert "页面已过期" in answer.text
    assert "16000004301" in answer.text
    assert size(pages) == before


def test_a_code_for_who_has_not_agreed_yet_is_one_code_and_one_consent_however_often_sent(pages):
    person = pages.signed_in(Role.PERSON, "", "16000004401")
    data = form_of(person.get("/me/keys").text, "/me/keys/code")
    answers = [person.client.post("/me/keys/code", data=data, headers=SAME) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200], answers[1].text
    assert len({re.search(r'id="visit-code">([\w-]+)<', one.text).group(1) for one in answers}) == 1
    held = pages.office.look(lambda transaction: consents_of(transaction, Contact("16000004401")))
    assert len(held) == 1
    assert len(pages.office.look(lambda transaction: transaction.read(e.Pass, "phone", "16000004401"))) == 1
