"""Every route × every role × a foreign site: no permission, nothing given; from elsewhere nothing changed."""

import re

import anyio
import pytest
from offices import BASE, SAME, pages_of

from mingshi.app import facts
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact
from mingshi.domain.roles import GRANTS, Permission, Role, may
from mingshi.kernel.timeline import MINUTE
from mingshi.web import asgi
from mingshi.web.routes import all_ways

EVERY = all_ways(demo=False)
WAYS = [way for way in EVERY if not way.path.startswith("/api/")]
CALLS = [way for way in EVERY if way.path.startswith("/api/")]
ENDING = ("/sign-out", "/me/erase")
"""After these nobody is signed in any more."""
JUNK = "x'\"><script>\u0000..%2f"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("guard")) as opened, pytest.MonkeyPatch.context() as patch:
        patch.setattr(asgi, "PER_ADDRESS", 10**9)  # all of this comes from one address, within a minute
        patch.setattr(asgi, "PER_SESSION", 10**9)
        yield opened


@pytest.fixture(scope="module")
def people(pages):
    return pages.everybody()


def address(way, value="nobody"):
    return re.sub(r"\{\w+\}", value, way.path)


def refused(answer):
    return answer.status_code == 403 or (
        answer.status_code == 303 and answer.headers["location"].startswith(("/sign-in", "/staff"))
    )


@pytest.mark.law("L-39")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.method} {way.path}")
def test_every_role_gets_what_the_table_gives_and_no_more(pages, people, way):
    for role, person in people.items():
        if way.method == "GET":
            answer = person.get(address(way))
        else:
            if way.path in ENDING and may(role, way.permission):
                continue
            page = person.get("/v").text
            word = re.search(r'name="csrf" value="(\w+)"', page)
            answer = person.post(address(way), {"csrf": word.group(1) if word else ""})
        assert answer.status_code < 500, (role, answer.text)
        assert refused(answer) is not may(role, way.permission), (role, answer.status_code)


@pytest.mark.parametrize("way", [way for way in WAYS if way.method == "POST"], ids=lambda way: way.path)
def test_nothing_is_changed_from_a_foreign_site(pages, people, way):
    before = pages.office.site.store.size
    for person in people.values():
        word = re.search(r'name="csrf" value="(\w+)"', person.get("/v").text)
        csrf = {"csrf": word.group(1)} if word else {}
        for headers in (
            {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {},
            {"sec-fetch-site": "same-site", "origin": BASE},
        ):
            assert person.post(address(way), csrf, headers=headers).status_code == 403
        assert person.post(address(way), {"csrf": "0" * 32}).status_code == 403
    assert pages.office.site.store.size == before


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.method} {way.path}")
def test_junk_is_never_a_server_error(people, way):
    for role, person in people.items():
        if not may(role, way.permission) or way.path in ENDING:
            continue
        if way.method == "GET":
            answers = [
                person.get(address(way, "%00'--") + query) for query in ("", "?d=x&t=zz.1&next=//evil", "?lang=xx")
            ]
        else:
            word = re.search(r'name="csrf" value="(\w+)"', person.get("/v").text)
            names = (
                "phone",
                "code",
                "agent",
                "deal",
                "origin",
                "party",
                "first",
                "block",
                "price",
                "challenge",
                "answer",
            )
            junk = dict.fromkeys(names, JUNK) | {"csrf": word.group(1) if word else "", "once": JUNK}
            answers = [
                person.post(address(way), junk),
                person.post(address(way), {"csrf": junk["csrf"], "phone": "1" * 50_000}),
            ]
        for answer in answers:
            assert answer.status_code < 500, answer.text
            assert "<script>\u0000" not in answer.text


@pytest.mark.parametrize("way", CALLS, ids=lambda way: f"{way.method} {way.path}")
def test_a_call_is_for_tokens_alone_and_a_token_for_calls_alone(pages, people, way):
    """A browser's cookie opens no call, so nobody's page can make one; a token opens no page."""
    public = way.permission is Permission.PUBLIC_PAGE_READ
    size = pages.office.site.store.size
    for role, person in people.items():
        for headers in (SAME, {"origin": "https://evil.example"}, {"authorization": "Bearer ms1_nobody"}, {}):
            answer = person.client.request(way.method, address(way), headers=headers)
            assert answer.status_code == (200 if public else 401), (role, answer.text)
            assert public or answer.headers["content-type"] == "application/problem+json"
            assert "access-control-allow-origin" not in answer.headers
    token = {"authorization": f"Bearer {pages.office.token('甲公司')}"}
    answer = pages.anyone().client.request(way.method, address(way), headers=token)
    assert answer.status_code not in (401, 403), "the agency's own token"
    assert answer.status_code < 500
    assert pages.office.site.store.size == size
    for page in WAYS:
        if may(Role.ANYONE, page.permission):
            continue
        answer = pages.anyone().client.request(page.method, address(page), headers=token)
        assert refused(answer), (page.method, page.path, answer.status_code)


def first_of(app, path, cookies):
    """The first message of an answer, from a client that then goes away: a stream ends for nobody else."""
    sent, asked = [], [True]

    async def call():
        gone = anyio.Event()

        async def receive():
            if asked:
                asked.clear()
                return {"type": "http.request", "body": b"", "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if message["type"] == "http.response.body":
                gone.set()

        raw = "; ".join(f"{name}={value}" for name, value in cookies.items())
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
            "headers": [(b"host", b"localhost:8330"), (b"cookie", raw.encode())], "scheme": "http",
            "server": ("localhost", 8330), "client": ("127.0.0.1", 1), "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
        }  # fmt: skip
        with anyio.move_on_after(20):
            await app(scope, receive, send)

    anyio.run(call)
    return sent


def test_the_live_line_is_given_to_whom_the_queue_is_and_says_nothing_of_it(pages, people):
    for role, person in people.items():
        cookies = dict(person.client.cookies.items())
        begun, *rest = first_of(pages.app, "/desk/live", cookies)
        if not may(role, Permission.RECEPTION_QUEUE_READ):
            assert begun["status"] == 403, role
            continue
        headers = {name.decode(): value.decode() for name, value in begun["headers"]}
        assert (begun["status"], headers["content-type"]) == (200, "text/event-stream; charset=utf-8"), role
        assert rest[0]["body"] == b"retry: 3000\n\n"
    assert first_of(pages.app, "/desk/live", {"ms": "0" * 64})[0]["status"] == 403


def test_every_permission_is_used_and_every_route_has_one():
    used = {way.permission for way in all_ways(demo=False)}
    unused = set(Permission) - used
    assert not unused, unused
    assert set(GRANTS) == set(Role)


def test_headers_of_every_page(people):
    for path in ("/", "/v", "/notice", "/me", "/nothing-here"):
        answer = people[Role.PERSON].get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "camera=()" in answer.headers["permissions-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"\son\w+=|style=", answer.text), "no handler and no style stands in a page"
        assert not re.search(r'(src|href)="https?:', answer.text), "nothing comes from elsewhere"


def test_a_session_ends_with_its_role(pages):
    reception = pages.signed_in(Role.RECEPTION, "前台-01")
    assert reception.get("/desk").status_code == 200
    pages.clock.skip(16 * MINUTE)
    assert reception.get("/desk").status_code == 303, "a shared desk forgets after a quarter of an hour"


def test_a_login_works_once(pages):
    path = pages.office.invite(Role.MANAGER, "经理-01", "经理")
    first, second = pages.anyone(), pages.anyone()
    assert first.post(path, {}, seen=path).status_code == 303
    assert second.post(path, {}, seen=path).status_code in (403, 410)


def test_who_left_the_roster_is_out_with_the_next_request(pages):
    ghost = pages.signed_in(Role.CONSULTANT, "没有这个人")
    assert ghost.get("/consult").status_code == 303


def test_an_agent_reads_nothing_of_another(pages, people):
    theirs = pages.office.run(register_client, RegisterClient("乙-1", Contact("160****4444"), "李测试"))
    wanted = theirs.answer.ids["registration"]
    mine = people[Role.AGENT]
    for path in (f"/agent/r/{wanted}", f"/agent/r/{wanted}/proof"):
        known, unknown = mine.get(path), mine.get(path.replace(wanted, "R-nobodysnobodys"))
        assert known.status_code == unknown.status_code == 404
        strip = re.compile(r"nonce-\w+|[0-9a-f]{24,}|R-\w+")
        assert strip.sub("", known.text) == strip.sub("", unknown.text)


@pytest.mark.law("L-06", "L-25")
def test_who_never_consents_leaves_no_personal_row(pages):
    """T-insp: an inspector looks at every page, starts a check-in, says no, and leaves."""
    number = "16000006666"
    store = pages.office.site.store

    def every(kind):
        return set(store.look(lambda transaction: transaction.every(kind), now=pages.office.now()))

    before = {kind: every(kind) for kind in (facts.ConsentAct, e.Arrival, e.Statement, e.Confirmation, facts.Subject)}
    visitor = pages.anyone()
    code = pages.office.door.show(pages.office.now()).long
    page = visitor.get(f"/v?d={code}").text
    ticket = re.search(r"/v/phone\?t=([^\"]+)", page).group(1).replace("%3A", ":")
    for path in ("/", "/notice", "/v/paper", "/v/none", f"/v/phone?t={ticket}"):
        assert visitor.get(path).status_code == 200
    answer = visitor.post("/v/phone", {"phone": number, "party": "2"}, seen=f"/v/phone?t={ticket}")
    assert "验证码已发到" in answer.text
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
    assert visitor.client.post("/v/refuse", data=hidden, headers=SAME).headers["location"] == "/v/none"
    left = {kind: every(kind) - rows for kind, rows in before.items()}
    acts = left.pop(facts.ConsentAct)
    assert sorted(act.act.value for act in acts) == ["refused", "shown"]
    assert not any(act.principal for act in acts)
    assert not any(left.values())
    assert not store.look(lambda transaction: transaction.held([Contact(number)]), now=pages.office.now())
    kept = pages.office.keeping._connection.execute("SELECT kind, key, value FROM kept").fetchall()
    assert number not in repr(kept), "no number stands in the file of sessions"


def test_one_session_has_its_limit_and_the_hall_goes_on(pages, monkeypatch):
    monkeypatch.setattr(asgi, "PER_SESSION", 20)
    hasty = pages.signed_in(Role.MANAGER, "经理-01")
    assert [hasty.get("/rulings").status_code for _ in range(22)][-1] == 429
    assert pages.anyone().get("/v").status_code == 200


def test_companions_join_one_party_and_each_has_a_visit(pages):
    parties = []
    for number, join in (("16000003331", ""), ("16000003332", "first")):
        visitor = pages.anyone()
        page = visitor.get(f"/v?d={pages.office.door.show(pages.office.now()).long}").text
        path = re.search(r"/v/phone\?t=[^\"]+", page).group(0)
        code = parties[0] if join else ""
        asked = visitor.post("/v/phone", {"phone": number, "party": "2", "join": code}, seen=path)
        hidden = dict(
            re.findall(r'name="(\w+)" value="([^"]*)"', asked.text.split("/v/phone/check")[1].split("</form>")[0])
        )
        done = visitor.client.post("/v/phone/check", data=hidden | {"code": visitor.code(number)}, headers=SAME)
        assert done.headers["location"] == "/v/who?new=1"
        parties.append(re.search(r"同行码 <code>(\w+)</code>", visitor.get("/me").text).group(1))
    assert parties[0] == parties[1]
