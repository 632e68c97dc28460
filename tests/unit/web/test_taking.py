"""查阅、复制、转移 on the person's own pages (INV-08): everything, on paper and as a file, and nobody else's."""

import json
import re
from base64 import b64decode

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.facts import Provision, RightsAnswer, RightsRequest
from mingshi.app.holders import HOLDING
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.request_right import overdue
from mingshi.domain.ids import Contact
from mingshi.domain.rights.right import Right
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, HOUR
from mingshi.ledger.verify import Trust, verify_text
from mingshi.present.held_sheet import lines_of
from mingshi.present.texts import Lang, catalogue

BUYER, OTHER = "16000003201", "16000003202"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("taking")) as opened:
        for number in (BUYER, OTHER):
            visitor = opened.anyone()
            page = visitor.get(f"/v?d={opened.office.door.show(opened.office.now()).long}").text
            seen = re.search(r"/v/phone\?t=[^\"]+", page)[0]
            asked = visitor.post("/v/phone", {"phone": number, "party": "1"}, seen=seen)
            hidden = fields(asked.text.split("/v/phone/check")[1].split("</form>")[0])
            visitor.client.post("/v/phone/check", data=hidden | {"code": visitor.code(number)}, headers=SAME)
            opened.clock.skip(HOUR)
        joint = RecordDeal((Contact(BUYER), Contact(OTHER)), opened.office.now(), room="1-1-101")
        assert opened.office.run(record_deal, joint).answer
        assert opened.office.run(look_up, LookUp("顾问-01", Contact(BUYER), "回访")).answer
        opened.office.site.sign()
        yield opened


@pytest.fixture
def buyer(pages):
    return pages.signed_in(Role.PERSON, "", BUYER)


def every(pages, kind):
    return pages.office.look(lambda transaction: transaction.every(kind))


def sent(person, path, typed):
    seen = "/me" if path == "/me/copy" else path
    form = fields(person.get(seen).text.split(f'action="{path}"')[1].split("</form>")[0])
    return person.client.post(path, data=form | typed, headers=SAME)


@pytest.mark.law("L-27")
def test_paper_and_file_list_everything_and_no_other_persons_number(pages, buyer):
    answer = sent(buyer, "/me/copy", {})
    assert answer.headers["content-disposition"].endswith("mingshi.json")
    held = json.loads(answer.text)
    records = {item["record"] for item in held["items"]}
    assert records >= {"Arrival", "Deal", "Lookup", "Subject", "RequestSaid"}
    paper = buyer.get("/me/paper").text
    for item in held["items"]:
        assert item["id"] in paper, item
        assert f"日志第 {item['entry']} 条" in paper
    for page in (answer.text, paper, buyer.get("/me/paper?lang=en").text):
        assert BUYER in page
        assert OTHER not in page
        assert "160****3202" in page, "a joint buyer stands there, with the middle hidden"
    buyer.get("/?lang=zh")
    assert "回访" in paper
    assert "顾问-01" in paper


@pytest.mark.law("L-27")
def test_what_is_taken_along_can_be_checked_without_us(pages, buyer):
    held = json.loads(sent(buyer, "/me/copy", {}).text)
    deal = next(item["entry"] for item in held["items"] if item["record"] == "Deal")
    receipts = {one["entry"]: one["receipt"] for one in held["receipts"]}
    assert deal not in receipts, "its part names the joint buyer too"
    visit = next(item for item in held["items"] if item["record"] == "Arrival")
    assert verify_text(receipts[visit["entry"]], Trust(policy=pages.office.trust()))
    for text in receipts.values():
        opened = re.search(r"^extra (\S+)$", text, re.MULTILINE)
        inside = b64decode(opened.group(1)).decode() if opened else text
        assert '"openings"' in inside
        assert OTHER not in inside


@pytest.mark.law("L-27")
def test_a_copy_waits_for_nobody(pages, buyer):
    sent(buyer, "/me/copy", {})
    answered = {row.request for row in every(pages, RightsAnswer)}
    assert {row.id for row in every(pages, RightsRequest) if row.right is Right.COPY} <= answered
    late = pages.office.site.store.look(overdue, now=pages.office.now() + 400 * DAY)
    assert not [row for row in late if row.right is Right.COPY]


@pytest.mark.law("L-27")
def test_what_is_moved_goes_by_ones_own_hand(pages, buyer):
    empty = sent(buyer, "/me/move", {"recipient": " "})
    assert empty.status_code == 422
    assert "交给谁" in empty.text.split('role="alert"')[1].split("</div>")[0]
    answer = sent(buyer, "/me/move", {"recipient": "示例经纪公司"})
    moved = json.loads(answer.text)
    assert moved["format"] == "mingshi-move/1"
    kinds = {item["record"] for item in moved["items"]}
    assert "Arrival" in kinds
    assert "Lookup" not in kinds, "what the law has the site keep is shown, not sent on"
    assert OTHER not in answer.text
    (row,) = every(pages, Provision)
    assert row.recipient == "the person"
    (asked,) = [one for one in every(pages, RightsRequest) if one.right is Right.MOVE]
    assert [one.result for one in every(pages, RightsAnswer) if one.request == asked.id] == ["done"]
    page = buyer.get("/me/paper").text
    assert "您本人带走" in page
    assert "→ 示例经纪公司" in page
    stranger = pages.signed_in(Role.PERSON, "", "16000003299")
    nothing = sent(stranger, "/me/move", {"recipient": "示例经纪公司"})
    assert nothing.status_code == 422
    assert "没有保存与您有关的资料" in nothing.text
    assert 'value="示例经纪公司"' in nothing.text


def test_every_record_and_field_that_may_be_held_on_a_person_has_words():
    words = catalogue()
    for kind, how in HOLDING.items():
        if "buyer" not in (how.default, *how.others.values()):
            continue
        assert kind.__name__ in words["held_record"]
        for name in kind._fields:
            if how.default != "buyer" or how.others.get(name, how.default) == "buyer":
                assert name in words["held_field"], (kind.__name__, name)


def test_a_time_between_two_and_money_are_told_as_such(pages):
    item = {
        "record": "Deal",
        "id": "D1",
        "entry": 7,
        "sealed_at": pages.office.now(),
        "basis": "contract",
        "ground": "",
        "until": pages.office.now() + DAY,
        "says": {"at": [1_788_148_800_000_000, 1_788_149_400_000_000], "price_fen": 215_000_000, "agreed": True},
    }
    (line,) = lines_of({"items": [item]}, Lang.EN, pages.office.zone)
    assert line.says == (
        ("When", "31 Aug 2026 12:00 – 31 Aug 2026 12:10"),
        ("Price (yuan)", "2,150,000.00"),
        ("Agreed", "yes"),
    )
