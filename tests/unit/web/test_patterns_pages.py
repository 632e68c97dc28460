"""多单规律: looked for while nobody waits, shown with date and innocent explanation, answered by whom it is about."""

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.patterns_of import unnamed
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.domain.judge.patterns import Pattern
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, HOUR
from mingshi.season.agreed import agreed
from mingshi.site import pages as site_pages

PHONE = "a-visitors-own-phone"


@pytest.fixture
def pages(tmp_path):
    with pages_of(tmp_path) as opened:
        since = opened.office.now() - 90 * DAY
        rows = (blank(e.Staff, id="顾问-02", name="第二测试", role="置业顾问", since=since),)
        assert opened.office.run(keep_roster, KeepRoster(rows)).answer
        for number in range(22):
            found = Contact(f"160000{number:05d}")
            assert opened.office.run(look_up, LookUp("顾问-01", found, "回访")).answer
        for number in range(3601, 3605):
            run = agreed(lambda use_case, command, _: opened.office.run(use_case, command).answer)
            assert run(check_in, CheckIn(Contact(f"1600000{number}"), Means.OTP, DoorCode.VALID, device=PHONE), 0)
            opened.clock.skip(DAY)
        yield opened


def people(pages):
    return {
        "risk": pages.signed_in(Role.RISK, "风控-01"),
        "manager": pages.signed_in(Role.MANAGER, "经理-01"),
        "mine": pages.signed_in(Role.CONSULTANT, "顾问-01"),
        "other": pages.signed_in(Role.CONSULTANT, "顾问-02"),
        "agent": pages.signed_in(Role.AGENT, "甲-1", "16099000001"),
    }


def replied(person, words):
    form = fields(person.get("/mine").text.split('action="/mine"')[1].split("</form>")[0])
    return person.client.post("/mine", data=form | {"words": words}, headers=SAME)


def test_a_page_shows_what_was_found_and_looks_for_nothing_itself(pages, monkeypatch):
    who = people(pages)
    assert "还没有算过" in who["risk"].get("/risk/patterns").text
    pages.office.tidy()
    looked = []
    monkeypatch.setattr(site_pages, "patterns_now", lambda _: looked.append(1))
    for name in ("risk", "manager"):
        page = who[name].get("/risk/patterns").text
        assert "F-SRCH" in page
        assert "22 位客户" in page
        assert "可能在做回访" in page, "what may be innocent about it"
        assert "与之相符的回访记录" in page
        assert "2026年9月4日" in page, "when it was worked out"
        assert "算于" in page
    assert not looked
    for name in ("mine", "agent"):
        assert who[name].get("/risk/patterns").status_code == 403


def test_nothing_that_leads_to_a_visitor_is_kept(pages):
    pages.office.tidy()
    kept = repr(pages.office.keeping.get("patterns", "last", pages.office.now()))
    page = pages.signed_in(Role.RISK, "风控-01").get("/risk/patterns").text
    assert "F-CROWD" in page
    assert "一部手机（第 1 部）" in page
    arrivals = pages.office.look(lambda transaction: transaction.every(e.Arrival))
    assert len(arrivals) == 4
    for secret in (PHONE, "16000003601", *(row.id for row in arrivals), *(row.device for row in arrivals)):
        assert secret not in kept
        assert secret not in page
    made = Pattern("F-CROWD", "device x", 1, 2, 3, 4, ("V-1",))
    assert [one.subject for one in unnamed((made, made))] == ["device 1", "device 2"]
    assert not any(one.evidence for one in unnamed((made,)))


def test_whom_it_is_about_reads_it_and_replies_and_nobody_else_does(pages):
    pages.office.tidy()
    who = people(pages)
    assert "与您有关，您可以答复" in who["mine"].get("/consult").text
    assert "与您有关" not in who["other"].get("/consult").text
    for name in ("other", "agent"):
        assert "没有关于您的统计" in who[name].get("/mine").text
    assert "22 位客户" in who["mine"].get("/mine").text
    empty = replied(who["mine"], "  ")
    assert empty.status_code == 422
    assert 'href="#words"' in empty.text.split('role="alert"')[1].split("</div>")[0]
    assert replied(who["mine"], "那天在给老客户打回访电话。").headers["location"] == "/mine?done=1"
    for name in ("risk", "manager"):
        assert "那天在给老客户打回访电话。" in who[name].get("/risk/patterns").text
    key = fields(who["mine"].get("/mine").text.split('action="/mine"')[1])["about"]
    stranger = {**fields(who["other"].get("/consult").text), "about": key, "words": "x"}
    assert who["other"].client.post("/mine", data=stranger, headers=SAME).status_code == 404
    pages.clock.skip(20 * HOUR)
    pages.office.tidy()
    assert "那天在给老客户打回访电话。" in pages.signed_in(Role.RISK, "风控-01").get("/risk/patterns").text


def test_it_is_looked_for_at_night_once_and_is_gone_after_ninety_days(pages, monkeypatch):
    looked = []
    real = site_pages.patterns_now
    monkeypatch.setattr(site_pages, "patterns_now", lambda transaction: looked.append(1) or real(transaction))
    pages.office.tidy()
    assert len(looked) == 1, "the first time at once, since there is little to read"
    for _ in range(13):  # from noon to one in the morning
        pages.clock.skip(HOUR)
        pages.office.tidy()
    assert len(looked) == 1
    for _ in range(10):  # and on to eleven
        pages.clock.skip(HOUR)
        pages.office.tidy()
    assert len(looked) == 2, "once, in the night"
    monkeypatch.setattr(site_pages, "SMALL", 0)
    pages.clock.skip(91 * DAY)
    assert "还没有算过" in pages.signed_in(Role.RISK, "风控-01").get("/risk/patterns").text
    pages.office.tidy()
    assert len(looked) == 2, "a large site waits for the night"
    pages.clock.skip(16 * HOUR)
    pages.office.tidy()
    assert len(looked) == 3
    assert "没有发现" in pages.signed_in(Role.RISK, "风控-01").get("/risk/patterns").text, "it was all ninety days ago"


def test_ninety_days_are_looked_at_and_no_more(pages):
    for days, there in ((80, True), (16, False)):
        pages.clock.skip(days * DAY)
        pages.office.look_for_patterns()
        page = pages.signed_in(Role.RISK, "风控-01").get("/risk/patterns").text
        assert ("F-CROWD" in page) is there
