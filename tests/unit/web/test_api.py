"""/api/v1: an agency's own system registers, asks, and is told in problem+json what went wrong."""

import json

import pytest
from offices import pages_of

from mingshi.ledger.verify import Trust, verify_text

CLIENT = {"agent": "甲-1", "phone": "160****8888", "client": "王测试"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("api")) as opened:
        yield opened


@pytest.fixture(scope="module")
def call(pages):
    client = pages.anyone().client
    tokens = {agency: pages.office.token(agency) for agency in ("甲公司", "乙公司")}

    def ask(method, path, body=None, *, agency="甲公司", key="", **headers):
        headers |= {"authorization": f"Bearer {tokens[agency]}"} if agency else {}
        headers |= {"idempotency-key": key} if key else {}
        content = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is not None:
            headers.setdefault("content-type", "application/json")
        return client.request(method, f"/api/v1{path}", content=content, headers=headers)

    return ask


def test_registration_is_answered_with_a_promise_that_verifies_alone(pages, call):
    answer = call("POST", "/registrations", CLIENT, key="first")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["state"] == "registered_pending"
    assert told["told"]["zh"] == "已收到，待客户确认。"
    verdict = verify_text(told["promise"], Trust(policy=pages.office.trust()))
    assert verdict, verdict
    again = call("POST", "/registrations", CLIENT, key="first")
    assert again.json()["registration"] == told["registration"]
    shown = call("GET", f"/registrations/{told['registration']}").json()
    assert shown["confirm_link"].endswith(told["registration"])


def test_same_key_with_another_client_is_refused(call):
    call("POST", "/registrations", CLIENT, key="second")
    answer = call("POST", "/registrations", {**CLIENT, "client": "李测试"}, key="second")
    assert (answer.status_code, answer.json()["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**CLIENT, "phone": "16000008888"}, 422, "invalid"),
        ({**CLIENT, "photo": "x"}, 422, "invalid"),
        ({**CLIENT, "agent": "乙-1"}, 404, "unknown_agent"),
        ({**CLIENT, "expected_at": "2026-09-01 10:00"}, 422, "invalid"),
        ({"phone": "160****8888"}, 422, "invalid"),
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[" * 60_000, 422, "invalid"),
        (b"x" * 70_000, 413, "large"),
    ],
)
def test_bad_input_is_told_with_a_stable_code(call, body, status, code):
    answer = call("POST", "/registrations", body, key=f"bad-{code}-{status}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail_zh"]
    assert answer.json()["detail_en"]


def test_without_a_token_nothing_is_told(call):
    answer = call("GET", "/rulings", agency="")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_one_agency_sees_nothing_of_another(call):
    told = call("POST", "/registrations", CLIENT, key="mine").json()
    answer = call("GET", f"/registrations/{told['registration']}", agency="乙公司")
    unknown = call("GET", "/registrations/R-nobodysnobodys", agency="乙公司")
    assert answer.status_code == unknown.status_code == 404
    assert answer.json() == unknown.json()
    assert call("GET", "/rulings", agency="乙公司").json() == {"rulings": []}


def test_a_call_without_a_name_or_of_another_kind_is_refused(call):
    assert call("POST", "/registrations", CLIENT).json()["code"] == "key_needed"
    answer = call("POST", "/registrations", CLIENT, key="k", **{"content-type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (415, "json_needed")


def test_statement_adds_up(call):
    told = call("GET", "/statement").json()
    assert told == {"agency": "甲公司", "lines": [], "total_fen": 0}


def test_unknown_addresses_and_methods_are_problems_too(call):
    assert call("GET", "/nothing").headers["content-type"] == "application/problem+json"
    assert call("DELETE", "/rulings").status_code == 405
