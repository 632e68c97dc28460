"""延期 on pages: two people, in time, with a reason; told beforehand what comes of it; seen by agent and inspector."""

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY
from mingshi.season.agreed import agreed

NUMBERS = iter(f"1600000{number}" for number in range(3501, 3599))
WHY = "客户出差，约好下周带家人来。"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("windows")) as opened:
        since = opened.office.now() - 90 * DAY
        second = blank(e.Staff, id="经理-02", name="第二测试", role="案场经理", since=since)
        assert opened.office.run(keep_roster, KeepRoster((second,))).answer
        yield opened


@pytest.fixture(scope="module")
def people(pages):
    return {
        "manager": pages.signed_in(Role.MANAGER, "经理-01"),
        "second": pages.signed_in(Role.MANAGER, "经理-02"),
        "risk": pages.signed_in(Role.RISK, "风控-01"),
        "auditor": pages.signed_in(Role.AUDITOR, "检查"),
        "agent": pages.signed_in(Role.AGENT, "甲-1", "16099000001"),
        "rival": pages.signed_in(Role.AGENT, "乙-1", "16099000002"),
    }


@pytest.fixture
def registration(pages):
    number = next(NUMBERS)
    masked = Contact(f"{number[:3]}****{number[-4:]}")
    made = pages.office.run(register_client, RegisterClient("甲-1", masked, "王测试", "示例花园")).answer
    found = made.ids["registration"]
    run = agreed(lambda use_case, command, _: pages.office.run(use_case, command).answer)
    assert run(confirm_registration, ConfirmRegistration(found, Contact(number), agreed=True), 0)
    return found


def proposed(person, registration, /, **typed):
    values = {"registration": registration, "window": "report", "days": "10", "reason": WHY} | typed
    form = fields(person.get("/windows").text.split('action="/windows"')[1].split("</form>")[0])
    return person.client.post("/windows", data=form | values, headers=SAME)


def answering(person, registration):
    """The form under a proposal for this registration, and its address; nothing where none waits."""
    page = person.get("/windows").text.split("</h2>")[1]
    card = next((one for one in page.split('<div class="card">') if registration in one), "")
    action = card.partition('action="')[2].partition('"')[0]
    return card, lambda answer: person.client.post(action, data=fields(card) | {"answer": answer}, headers=SAME)


def extensions(pages, registration):
    return pages.office.look(lambda transaction: transaction.read(e.Extension, "registration", registration))


def until(person, registration):
    return person.get(f"/agent/r/{registration}").text.split("报备有效期至</dt><dd>")[1].split("<")[0]


@pytest.mark.parametrize("second", ["second", "risk"])
def test_two_people_extend_and_everybody_concerned_reads_it(pages, people, registration, second):
    before = until(people["agent"], registration)
    assert proposed(people["manager"], registration).headers["location"] == "/windows?done=proposed"
    assert not extensions(pages, registration), "one person extends nothing"
    card, _ = answering(people["manager"], registration)
    assert "是您提出的" in card
    assert 'value="yes"' not in card
    card, press = answering(people[second], registration)
    assert before in card, "from when"
    told = press("yes")
    assert told.status_code == 200
    assert "已延期至" in told.text
    again = press("yes")
    assert again.status_code in (200, 404), "sent twice it is one"
    (row,) = extensions(pages, registration)
    assert {row.approver1, row.approver2} == {"经理-01", {"second": "经理-02", "risk": "风控-01"}[second]}
    after = until(people["agent"], registration)
    assert after != before
    assert after in card, "what was told beforehand came true"
    shown = people["agent"].get(f"/agent/r/{registration}").text
    assert "保护期延长 10 天" in shown
    assert WHY in shown
    assert "生效" in shown
    assert registration in people["auditor"].get("/audit").text
    assert WHY in people["auditor"].get("/audit").text
    assert people["rival"].get(f"/agent/r/{registration}").status_code == 404


def test_who_proposed_does_not_approve(pages, people, registration):
    proposed(people["manager"], registration)
    _, press = answering(people["manager"], registration)
    told = press("yes")
    assert told.status_code == 422
    assert "两个不同的人" in told.text
    assert not extensions(pages, registration)
    _, press = answering(people["second"], registration)
    assert press("no").headers["location"] == "/windows?done=dropped"
    assert not extensions(pages, registration)
    assert registration not in people["manager"].get("/windows").text


def test_risk_approves_and_proposes_nothing(people, registration):
    page = people["risk"].get("/windows").text
    assert 'action="/windows"' not in page
    form = fields(page) | {"csrf": fields(people["risk"].get("/account").text)["csrf"]}
    sent = people["risk"].client.post("/windows", data=form | {"registration": registration}, headers=SAME)
    assert sent.status_code == 403


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"registration": "R-nobody"}, "registration", "没有这条报备"),
        ({"registration": ""}, "registration", "请填写"),
        ({"days": "0"}, "days", "1 到 90"),
        ({"days": "十"}, "days", "1 到 90"),
        ({"days": "91"}, "days", "1 到 90"),
        ({"window": ""}, "window", "请选择"),
        ({"window": "visit"}, "window", "不会生效"),  # nobody came yet: there is no deal window to widen
        ({"reason": " "}, "reason", "请填写"),
        ({"reason": "客户 16000003599 出差"}, "reason", "不要写号码"),
    ],
)
def test_what_has_no_effect_is_not_even_proposed(pages, people, registration, typed, field, told):
    answer = proposed(people["manager"], registration, **typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text.split('role="alert"')[1].split("</div>")[0]
    assert told in answer.text
    if "reason" not in typed:
        assert WHY in answer.text, "what was typed is kept"
    assert not answering(people["second"], registration)[0]
    assert not extensions(pages, registration)


def test_a_window_that_is_over_is_not_widened_and_the_attempt_stays_visible(pages, registration):
    """Golden case 19: proposed in time, approved too late."""
    pages.clock.skip(4 * DAY)
    assert proposed(pages.signed_in(Role.MANAGER, "经理-01"), registration).status_code == 303
    pages.clock.skip(5 * DAY)
    card, press = answering(pages.signed_in(Role.MANAGER, "经理-02"), registration)
    assert "现在批准已不会生效" in card
    told = press("yes")
    assert told.status_code == 422
    assert "延期没有生效，申请已留存" in told.text
    assert len(extensions(pages, registration)) == 1
    agent = pages.signed_in(Role.AGENT, "甲-1", "16099000001")
    assert "没有采用，已留存" in agent.get(f"/agent/r/{registration}").text
    manager = pages.signed_in(Role.MANAGER, "经理-01").get("/windows").text
    assert registration in manager.split("已记录的延期")[1]
    assert registration not in manager.split("已记录的延期")[0]
    assert registration in pages.signed_in(Role.AUDITOR, "检查").get("/audit").text


def test_a_second_extension_is_refused_beforehand(pages, registration):
    people = {one: pages.signed_in(Role.MANAGER, who) for one, who in (("manager", "经理-01"), ("second", "经理-02"))}
    proposed(people["manager"], registration)
    _, press = answering(people["second"], registration)
    assert press("yes").status_code == 200
    more = proposed(people["manager"], registration)
    assert more.status_code == 422
    assert "已经延过" in more.text
