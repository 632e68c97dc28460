"""Pages and passes together: who is proven, what is sealed of it, and what a repeated form, an erasure, a family do."""

import html
import json
import re

import pytest
from hall import Browser, Phone
from offices import BASE, SAME, fields, pages_of

from mingshi.app.check_in import CheckIn, check_in
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, ConfirmedBy, DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, HOUR, MINUTE
from mingshi.season.agreed import agreed
from mingshi.web.public.staff import OF_STAFF

ONE, TWO = "16000001111", "16000002222"


@pytest.fixture
def pages(quick_path):
    with pages_of(quick_path) as opened:
        yield opened


def read(pages, kind):
    return pages.office.look(lambda transaction: transaction.every(kind))


def ticket(pages, visitor):
    """Of the code on the sign now."""
    page = visitor.get(f"/v?d={pages.office.door.show(pages.office.now()).long}").text
    found = re.search(r"/v/phone\?t=([^\"]+)", page).group(1)
    assert found, "a good code gives a ticket"
    return found.replace("%3A", ":")


def asked_for_a_code(pages, visitor, phone, held=None):
    """The page on which the code is typed."""
    held = held or ticket(pages, visitor)
    return visitor.post("/v/phone", {"phone": phone, "party": "1"}, seen=f"/v/phone?t={held}")


def typed(visitor, page, phone):
    """The whole form, its code typed in."""
    return {**fields(page.text), "code": visitor.code(phone)}


def by_text(pages, visitor, phone):
    page = asked_for_a_code(pages, visitor, phone)
    answer = visitor.client.post("/v/phone/check", data=typed(visitor, page, phone), headers=SAME)
    assert answer.headers["location"] == "/v/who?new=1", answer.text
    return visitor


def options(visitor, path, of="device_key"):
    mark = "&" if "?" in path else "?"
    return json.loads(visitor.get(f"{path}{mark}of={of}").text)


def made(visitor, device, of="device_key"):
    """A key made under My keys; its pass."""
    asked = options(visitor, "/me/keys/ask", of)
    sent = device.answer(asked, site=BASE) if of == "device_key" else device.make(asked, origin=BASE, rp_id="localhost")
    answer = visitor.post("/me/keys", {"of": of, "sent": sent}, seen="/me/keys")
    assert answer.status_code == 200, answer.text
    return max(read(visitor.pages, e.Pass), key=lambda row: row.issued_at).pass_id


def by_key(pages, visitor, device, pass_id):
    """The form that the browser sends."""
    held = ticket(pages, visitor)
    asked = options(visitor, f"/v/key/ask?t={held}")
    page = visitor.get(f"/v/key?t={held}").text
    return {**fields(page), "of": "device_key", "sent": device.answer(asked, site=BASE, pass_id=pass_id)}


class Full:
    """A disk that is full for the next `times` acts."""

    def __init__(self, office, monkeypatch, times=1):
        self.times, self.run = times, office.run
        monkeypatch.setattr(office, "run", self)

    def __call__(self, use_case, command, key=""):
        if self.times:
            self.times -= 1
            raise OSError("disk")
        return self.run(use_case, command, key)


def test_check_in_by_text_survives_a_full_disk_and_a_double_tap(pages, monkeypatch):
    visitor = pages.anyone()
    page = asked_for_a_code(pages, visitor, ONE)
    form = typed(visitor, page, ONE)
    before = dict(visitor.client.cookies)
    Full(pages.office, monkeypatch)
    statuses = []
    for _ in range(3):
        visitor.client.cookies.clear()
        visitor.client.cookies.update(before)  # the answer was lost, and its cookie with it
        statuses.append(visitor.client.post("/v/phone/check", data=form, headers=SAME).status_code)
    assert statuses == [503, 303, 303]
    (arrival,) = read(pages, e.Arrival)
    assert (arrival.means, arrival.door_code) == (Means.OTP, DoorCode.VALID)


def test_a_code_is_used_up_for_every_other_form(pages):
    visitor = pages.anyone()
    page = asked_for_a_code(pages, visitor, ONE)
    form, before = typed(visitor, page, ONE), dict(visitor.client.cookies)
    assert visitor.client.post("/v/phone/check", data=form, headers=SAME).status_code == 303
    for changed in ({"once": "another"}, {"phone": TWO}):
        visitor.client.cookies.clear()
        visitor.client.cookies.update(before)
        answer = visitor.client.post("/v/phone/check", data=form | changed, headers=SAME)
        assert answer.status_code == 422, changed
    assert len(read(pages, e.Arrival)) == 1


def test_after_signing_out_the_form_proves_nothing_more(pages):
    visitor = pages.anyone()
    page = asked_for_a_code(pages, visitor, ONE)
    form, before = typed(visitor, page, ONE), dict(visitor.client.cookies)
    visitor.client.post("/v/phone/check", data=form, headers=SAME)
    visitor.post("/sign-out", {}, seen="/me")
    visitor.client.cookies.clear()
    visitor.client.cookies.update(before)
    assert visitor.client.post("/v/phone/check", data=form, headers=SAME).status_code == 422


def test_a_family_with_one_phone_is_told_to_wait_for_the_next_code(pages):
    visitor = pages.anyone()
    held = ticket(pages, visitor)
    by_text(pages, visitor, ONE)
    answer = asked_for_a_code(pages, visitor, TWO, held)
    assert answer.status_code == 422
    assert "已登记过一位" in answer.text
    assert not [text for to, text in pages.handset.texts() if to == TWO], "nobody's phone rang for nothing"
    pages.clock.skip(MINUTE)
    by_text(pages, visitor, TWO)
    assert [row.door_code for row in read(pages, e.Arrival)] == [DoorCode.VALID] * 2


def test_a_key_checks_in_once_for_each_form_and_a_revoked_one_is_unknown(pages, monkeypatch):
    visitor, device = by_text(pages, pages.anyone(), ONE), Browser()
    pass_id = made(visitor, device)
    pages.clock.skip(2 * MINUTE)
    guest = pages.anyone()
    form = by_key(pages, guest, device, pass_id)
    before = dict(guest.client.cookies)
    Full(pages.office, monkeypatch)
    statuses = []
    for _ in range(3):
        guest.client.cookies.clear()
        guest.client.cookies.update(before)
        statuses.append(guest.client.post("/v/key", data=form, headers=SAME).status_code)
    assert statuses == [503, 303, 303]
    assert sorted(row.means for row in read(pages, e.Arrival)) == [Means.DEVICE_KEY, Means.OTP]
    (issue,) = read(pages, e.Pass)
    visitor.post(f"/me/keys/{issue.id}/revoke", {}, seen="/me/keys")
    assert not pages.office.keys[Means.DEVICE_KEY].kept(pages.office.now())
    pages.clock.skip(2 * MINUTE)
    answer = guest.client.post("/v/key", data=by_key(pages, guest, device, pass_id), headers=SAME)
    assert "没有认出这把密钥" in answer.text
    assert len(read(pages, e.Arrival)) == 2


def test_a_key_signs_the_ticket_and_no_other_is_spent(pages):
    """The ticket in the form is only for the page; who checks in is where the key said it is."""
    visitor, device = by_text(pages, pages.anyone(), ONE), Browser()
    pass_id = made(visitor, device)
    guest = pages.anyone()
    asked = options(guest, "/v/key/ask?t=")
    sent = device.answer(asked, site=BASE, pass_id=pass_id)
    form = {**fields(guest.get("/v/key").text), "of": "device_key", "sent": sent, "ticket": ticket(pages, guest)}
    form["csrf"] = fields(guest.get("/v").text)["csrf"]
    answer = guest.client.post("/v/key", data=form | {"once": "o"}, headers=SAME)
    assert answer.status_code == 422
    assert "门口码已过期" in answer.text
    assert len(read(pages, e.Arrival)) == 1


def test_an_erased_persons_keys_are_forgotten(pages):
    visitor = by_text(pages, pages.anyone(), ONE)
    made(visitor, Browser())
    made(visitor, Phone(), "passkey")
    answer = visitor.post("/me/erase", {}, seen="/me/erase")
    assert answer.status_code == 200, answer.text
    assert "您已退出登录" in answer.text
    for key in pages.office.keys.values():
        assert not key.kept(pages.office.now())


def test_a_key_that_nobody_holds_any_more_is_found_at_the_housekeepers_round(pages):
    """Erased from the command line, or the process was killed between the seal and the page."""
    visitor = by_text(pages, pages.anyone(), ONE)
    stays = made(visitor, Browser())
    key = pages.office.keys[Means.DEVICE_KEY]
    lost = Browser()
    key.enrol("b", lost.answer(key.enrol_options("b", pages.office.now()), site=BASE), pages.office.now())
    staff = pages.signed_in(Role.RECEPTION, "前台-01")
    staff_key(staff, Phone(b"of the desk"))
    pages.office.tidy()
    assert len(key.kept(pages.office.now())) == 2, "it may be about to be sealed"
    pages.clock.skip(2 * HOUR)
    pages.office.tidy()
    assert set(key.kept(pages.office.now())) == {stays}
    assert len(pages.office.keys[Means.PASSKEY].kept(pages.office.now())) == 1


def staff_key(staff, phone):
    asked = options(staff, "/account/passkey/ask", "passkey")
    sent = phone.make(asked, origin=BASE, rp_id="localhost")
    answer = staff.post("/account/passkey", {"of": "passkey", "sent": sent}, seen="/account")
    assert "通行密钥已存好" in answer.text
    return phone


def signs_in(pages, phone):
    somebody = pages.anyone()
    asked = options(somebody, "/staff/passkey/ask", "passkey")
    sent = phone.show(asked, origin=BASE, rp_id="localhost")
    return somebody.post("/staff/passkey", {"of": "passkey", "sent": sent}, seen="/staff")


def test_staff_sign_in_with_their_own_passkey_and_visitors_do_not(pages):
    staff = pages.signed_in(Role.RECEPTION, "前台-01")
    phone = staff_key(staff, Phone(b"of the desk"))
    assert signs_in(pages, phone).headers["location"] == "/desk"
    guests = Phone(b"of a guest")
    made(by_text(pages, pages.anyone(), ONE), guests, "passkey")
    answer = signs_in(pages, guests)
    assert answer.status_code == 422
    assert "没有认出这把通行密钥" in answer.text
    assert len(pages.office.keeping.every(OF_STAFF, pages.office.now())) == 1


@pytest.mark.parametrize(("as_", "phone", "home"), [("person", ONE, "/me"), ("agent", "16099000001", "/agent")])
def test_visitors_and_agents_sign_in_with_a_key_that_was_issued_to_their_number(pages, as_, phone, home):
    device = Browser()
    pass_id = made(by_text(pages, pages.anyone(), phone), device)
    somebody = pages.anyone()

    def signs(device, pass_id):
        sent = device.answer(options(somebody, "/sign-in/key/ask"), site=BASE, pass_id=pass_id)
        return somebody.post("/sign-in/key", {"of": "device_key", "sent": sent, "as": as_}, seen="/sign-in")

    assert "没有认出这把密钥" in signs(Browser(), pass_id.replace("DK-", "DK-0")).text
    assert signs(device, pass_id).headers["location"] == home
    assert somebody.get(home).status_code == 200


def test_a_key_signs_no_stranger_in_as_an_agent(pages):
    device = Browser()
    pass_id = made(by_text(pages, pages.anyone(), ONE), device)
    somebody = pages.anyone()
    sent = device.answer(options(somebody, "/sign-in/key/ask"), site=BASE, pass_id=pass_id)
    answer = somebody.post("/sign-in/key", {"of": "device_key", "sent": sent, "as": "agent"}, seen="/sign-in")
    assert "不在经纪人名单上" in answer.text


def test_a_key_vouches_for_no_other_key(pages):
    device = Browser()
    pass_id = made(by_text(pages, pages.anyone(), ONE), device)
    somebody = pages.anyone()
    sent = device.answer(options(somebody, "/sign-in/key/ask"), site=BASE, pass_id=pass_id)
    somebody.post("/sign-in/key", {"of": "device_key", "sent": sent, "as": "person"}, seen="/sign-in")
    asked = options(somebody, "/me/keys/ask")
    form = {"of": "device_key", "sent": Browser().answer(asked, site=BASE)}
    answer = somebody.post("/me/keys", form, seen="/me")
    assert answer.status_code == 422
    assert "用短信登录" in answer.text
    assert len(read(pages, e.Pass)) == 1


def receipt_code(visitor, arrival):
    page = visitor.get(f"/me/visit/{arrival.id}")
    found = re.search(r'id="receipt-code">([^<]+)<', page.text)
    return html.unescape(found.group(1)) if found else ""


def test_a_receipt_code_is_shown_again_by_its_own_number_alone(pages):
    visitor = by_text(pages, pages.anyone(), ONE)
    (arrival,) = read(pages, e.Arrival)
    code = receipt_code(visitor, arrival)
    assert code.startswith("MS3:")
    pages.clock.skip(3 * DAY)
    stranger = by_text(pages, pages.anyone(), TWO)
    answer = stranger.post("/me/receipt", {"receipt": code}, seen="/me/receipt")
    assert "属于另一部手机" in answer.text
    assert not read(pages, e.Receipt)
    again = by_text(pages, pages.anyone(), ONE)
    for _ in range(2):
        answer = again.post("/me/receipt", {"receipt": f" {code}\r\n"}, seen="/me/receipt")
        assert "回执已核对并记下" in answer.text
    (shown,) = read(pages, e.Receipt)
    assert (shown.visit_at, shown.phone, shown.bound_to) == (arrival.at, ONE, Binding.PHONE)


def test_a_receipt_of_a_key_needs_that_key_and_not_the_number(pages):
    visitor, device = by_text(pages, pages.anyone(), ONE), Browser()
    pass_id = made(visitor, device)
    pages.clock.skip(2 * MINUTE)
    guest = pages.anyone()
    guest.client.post("/v/key", data=by_key(pages, guest, device, pass_id), headers=SAME)
    arrival = next(row for row in read(pages, e.Arrival) if row.means is Means.DEVICE_KEY)
    code = receipt_code(guest, arrival)
    pages.clock.skip(2 * MINUTE)
    changed = by_text(pages, pages.anyone(), TWO)  # a new number, the same phone
    answer = changed.post("/me/receipt", {"receipt": code}, seen="/me/receipt")
    assert "绑定了别的凭证" in answer.text
    sent = device.answer(options(changed, "/me/receipt/ask"), site=BASE, pass_id=pass_id)
    answer = changed.post("/me/receipt", {"receipt": code, "of": "device_key", "sent": sent}, seen="/me/receipt")
    assert "回执已核对并记下" in answer.text
    (shown,) = read(pages, e.Receipt)
    assert (shown.phone, shown.bound_to) == (TWO, Binding.DEVICE_KEY)


def signed_in_by_key(pages, device, pass_id):
    """Somebody who has the key, and nothing else."""
    person = pages.anyone()
    sent = device.answer(options(person, "/sign-in/key/ask"), site=BASE, pass_id=pass_id)
    form = {"of": "device_key", "sent": sent, "as": "person"}
    assert person.post("/sign-in/key", form, seen="/sign-in").headers["location"] == "/me"
    return person


UNVERIFIED = 0x01
"""Somebody touched the phone; it did not check who."""


def test_a_passkey_that_did_not_check_its_owner_opens_nothing(pages):
    """Whoever has the phone in hand is not its owner: the screen lock, a finger or the like says so (amendment 1)."""
    phone, visitor = Phone(), by_text(pages, pages.anyone(), ONE)
    asked = options(visitor, "/me/keys/ask", "passkey")
    sent = phone.make(asked, origin=BASE, rp_id="localhost", flags=0x40 | UNVERIFIED)
    answer = visitor.post("/me/keys", {"of": "passkey", "sent": sent}, seen="/me/keys")
    assert answer.status_code == 422
    assert "没有确认是机主本人" in answer.text
    assert not read(pages, e.Pass), "it is not even taken"
    made(visitor, phone, "passkey")
    pages.clock.skip(2 * MINUTE)
    came, before = len(read(pages, e.Arrival)), pages.office.site.store.size
    guest = pages.anyone()
    held = ticket(pages, guest)
    for flags, told in ((UNVERIFIED, "没有确认是机主本人"), (0x05, "")):
        asked = options(guest, f"/v/key/ask?t={held}", "passkey")
        sent = phone.show(asked, origin=BASE, rp_id="localhost", flags=flags)
        form = {**fields(guest.get(f"/v/key?t={held}").text), "of": "passkey", "sent": sent}
        answer = guest.client.post("/v/key", data=form, headers=SAME)
        if told:
            assert told in answer.text
            assert guest.get("/me").status_code == 303, "nobody is signed in"
            assert len(read(pages, e.Arrival)) == came
    assert len(read(pages, e.Arrival)) == came + 1, "and the honest one is good after it"
    assert pages.office.site.store.size > before
    for path, ask_ in (("/sign-in/key", "/sign-in/key/ask"), ("/staff/passkey", "/staff/passkey/ask")):
        somebody = pages.anyone()
        seen = "/staff" if path.startswith("/staff") else "/sign-in"
        sent = phone.show(options(somebody, ask_, "passkey"), origin=BASE, rp_id="localhost", flags=UNVERIFIED)
        answer = somebody.post(path, {"of": "passkey", "sent": sent, "as": "person"}, seen=seen)
        assert "没有确认是机主本人" in answer.text
        assert "location" not in answer.headers


def test_a_key_does_not_stand_for_the_number_that_a_receipt_is_bound_to(pages):
    """Bound means bound, also for who has a key of the same person: a phone that was lent proves its key, no more."""
    visitor, device = by_text(pages, pages.anyone(), ONE), Browser()
    (arrival,) = read(pages, e.Arrival)
    code = receipt_code(visitor, arrival)
    pass_id = made(visitor, device)
    person = signed_in_by_key(pages, device, pass_id)
    answer = person.post("/me/receipt", {"receipt": code}, seen="/me/receipt")
    assert answer.status_code == 422
    assert "绑定了别的凭证" in answer.text
    sent = device.answer(options(person, "/me/receipt/ask"), site=BASE, pass_id=pass_id)
    answer = person.post("/me/receipt", {"receipt": code, "of": "device_key", "sent": sent}, seen="/me/receipt")
    assert "绑定了别的凭证" in answer.text, "nor does the key used once more"
    assert not read(pages, e.Receipt)


def test_a_receipt_of_a_key_is_shown_by_who_signed_in_with_that_key(pages):
    visitor, device = by_text(pages, pages.anyone(), ONE), Browser()
    pass_id = made(visitor, device)
    pages.clock.skip(2 * MINUTE)
    guest = pages.anyone()
    guest.client.post("/v/key", data=by_key(pages, guest, device, pass_id), headers=SAME)
    arrival = next(row for row in read(pages, e.Arrival) if row.means is Means.DEVICE_KEY)
    code = receipt_code(guest, arrival)
    pages.clock.skip(DAY)
    answer = signed_in_by_key(pages, device, pass_id).post("/me/receipt", {"receipt": code}, seen="/me/receipt")
    assert "回执已核对并记下" in answer.text
    assert [row.bound_to for row in read(pages, e.Receipt)] == [Binding.DEVICE_KEY]


def test_a_number_shown_by_a_code_that_staff_could_read_proves_nothing(pages, monkeypatch):
    """Amendment 3: who sees the sending queue could type anybody's code."""
    visitor = by_text(pages, pages.anyone(), ONE)
    (arrival,) = read(pages, e.Arrival)
    code = receipt_code(visitor, arrival)
    monkeypatch.setattr(type(pages.office.codes), "staff_readable", property(lambda _: True))
    answer = visitor.post("/me/receipt", {"receipt": code}, seen="/me/receipt")
    assert "绑定了别的凭证" in answer.text
    assert not read(pages, e.Receipt)


@pytest.mark.parametrize(
    "made_of",
    [
        {"staff_readable": True},
        {"door_code": DoorCode.NONE},
        {"door_code": DoorCode.STALE},
        {"means": Means.RECEPTION},
        {"phone": Contact(TWO)},
    ],
    ids=["a code that staff could read", "from home", "an old door code", "the desk's entry", "another's number"],
)
def test_a_visit_that_proved_less_has_no_code(pages, made_of):
    """The last: the visit is found by one's own pass, the number that was proven is somebody else's."""
    person = by_text(pages, pages.anyone(), ONE)
    (whole,) = read(pages, e.Arrival)
    assert receipt_code(person, whole), "an honest one has"
    pass_id = made(person, Browser())
    made_of = made_of | ({"pass_id": pass_id} if "phone" in made_of else {})
    pages.clock.skip(DAY)
    run = agreed(lambda use_case, command, _: pages.office.run(use_case, command).answer)
    visit = CheckIn(Contact(ONE), Means.OTP, DoorCode.VALID, staff="前台-01")._replace(**made_of)
    assert run(check_in, visit, 0)
    row = max(read(pages, e.Arrival), key=lambda one: one.at)
    assert row.id != whole.id
    shown = pages.signed_in(Role.PERSON, "", ONE).get(f"/me/visit/{row.id}")
    assert "没有这个页面" not in shown.text, "it is theirs to see"
    assert 'id="receipt-code"' not in shown.text


def test_at_the_desk_a_receipt_confirms_the_same_persons_entry_and_no_others(pages):
    visitor = by_text(pages, pages.anyone(), ONE)
    (first,) = read(pages, e.Arrival)
    code = receipt_code(visitor, first)
    pages.clock.skip(DAY)
    desk = pages.signed_in(Role.RECEPTION, "前台-01")
    answer = desk.post("/desk/receipt", {"receipt_phone": ONE, "receipt": code}, seen="/desk")
    assert "没有待确认的前台登记" in answer.text
    for phone in (ONE, TWO):
        assert desk.post("/desk", {"phone": phone, "party": "1"}, seen="/desk").status_code == 303
    answer = desk.post("/desk/receipt", {"receipt_phone": TWO, "receipt": code}, seen="/desk")
    assert "不是这个号码的那次到访" in answer.text
    assert desk.post("/desk/receipt", {"receipt_phone": ONE, "receipt": code}, seen="/desk").status_code == 303
    entries = {row.phone: row.confirmed_by for row in read(pages, e.Arrival) if row.means is Means.RECEPTION}
    assert entries == {ONE: ConfirmedBy.QR, TWO: None}
    assert not read(pages, e.Receipt)


def test_a_desk_entry_has_no_receipt_code_that_would_make_more_of_it(pages):
    desk = pages.signed_in(Role.RECEPTION, "前台-01")
    desk.post("/desk", {"phone": ONE, "party": "1"}, seen="/desk")
    (arrival,) = read(pages, e.Arrival)
    person = pages.signed_in(Role.PERSON, "", ONE)
    assert receipt_code(person, arrival) == ""


def test_the_link_of_a_registration_is_its_codes_ground(pages, monkeypatch):
    grounds = []
    send = pages.office.codes.send

    def spied(phone, purpose, **how):
        grounds.append((purpose.partition("/")[0], how["at_door"], how["invited"]))
        return send(phone, purpose, **how)

    monkeypatch.setattr(pages.office.codes, "send", spied)
    agent = pages.signed_in(Role.AGENT, "甲-1", "16099000001")
    values = {"client": "王测试", "phone": "160****1111", "expected": "2026-08-31T14:00"}
    answer = agent.post("/agent/register", values, seen="/agent/register")
    link = re.search(r"/agent/r/(R-\w+)", answer.headers["location"]).group(1)
    client = pages.anyone()
    assert "验证码" in client.post(f"/c/{link}", {"phone": ONE}, seen=f"/c/{link}").text
    by_text(pages, pages.anyone(), TWO)
    assert grounds == [("confirm", False, True), ("check_in", True, False)]
    assert [to for to, _ in pages.handset.texts()] == [TWO, ONE]


def test_what_was_counted_goes_with_its_span(pages):
    keeping, now = pages.office.keeping, pages.office.now()
    assert [keeping.count("k", "a", MINUTE, now) for _ in range(2)] == [1, 2]
    keeping.sweep(now)
    assert keeping.count("k", "a", MINUTE, now) == 3
    keeping.sweep(now + MINUTE)
    assert keeping._connection.execute("SELECT count(*) FROM counts WHERE kind = 'k'").fetchone() == (0,)


def test_nobodys_number_stands_in_the_file_of_sessions(pages):
    visitor = by_text(pages, pages.anyone(), ONE)
    made(visitor, Browser())
    kept = pages.office.keeping._connection.execute("SELECT kind, key, value FROM kept").fetchall()
    assert {"proof-of-form", "door-browser", "device-key"} <= {kind for kind, _, _ in kept}
    counted = pages.office.keeping._connection.execute("SELECT * FROM counts").fetchall()
    assert Contact(ONE) not in repr(kept) + repr(counted)
