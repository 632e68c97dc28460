"""No page without its picture: whoever adds a route adds it to the walk, or says why it gives no page."""

import re

from offices import pages_of
from screens import NO_PAGE, WALKED, page_routes

from mingshi.domain.roles import Role


def test_every_page_route_is_in_the_screenshot_walk_or_says_why_not():
    assert page_routes() == WALKED | NO_PAGE.keys()
    assert not WALKED & NO_PAGE.keys()
    assert len(WALKED) > 40


def test_the_other_language_is_the_same_page(tmp_path):
    with pages_of(tmp_path) as pages:
        code = pages.office.door.show(pages.office.now()).code
        anyone = pages.anyone()
        page = anyone.get(f"/v?d={code}")
        ticket = re.search(r"/v/phone\?t=([\w.]+)", page.text).group(1)
        link = re.search(r'href="(\?[^"]*)" lang="en"', anyone.get(f"/v/phone?t={ticket}").text).group(1)
        english = anyone.get("/v/phone" + link.replace("&amp;", "&"))
        assert "Check in by text message" in english.text
        assert 'name="phone"' in english.text, "the ticket came along: nobody has to scan the sign again"


def test_a_summary_names_the_field_once(tmp_path):
    with pages_of(tmp_path) as pages:
        desk = pages.signed_in(Role.RECEPTION, "前台-01")
        told = desk.post("/desk", {"phone": "123"}, seen="/desk").text.split('role="alert"')[1].split("</div>")[0]
        assert "手机号：手机号" not in told
        assert "手机号为 11 位数字" in told
        missing = desk.post("/desk/paper", {"counterfoil": ""}, seen="/desk").text.split('role="alert"')[1]
        assert "联单编号：请填写这一项" in missing.split("</div>")[0]
        english = desk.get("/desk?lang=en")
        assert english.status_code == 200
        told = desk.post("/desk", {"phone": "123", "party": "99"}, seen="/desk").text.split('role="alert"')[1]
        assert "Please correct 2 entries" in told


def test_a_password_is_never_written_into_a_page(tmp_path):
    with pages_of(tmp_path) as pages:
        typed = {"who": "前台-01", "password": "correct horse battery", "code": "000000"}
        answer = pages.anyone().post("/staff", typed, seen="/staff")
        assert answer.status_code == 422
        assert 'value="前台-01"' in answer.text
        assert typed["password"] not in answer.text
