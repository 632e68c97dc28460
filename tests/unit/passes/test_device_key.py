"""Device keys: what is refused, and why; and what a real browser once sent."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hall import ORIGIN, Browser, Hall, in_hall
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.credentials.proofs import Enrolled, NotProven, Proven, Why
from mingshi.domain.evidence import Binding, Means
from mingshi.ledger.verify import b64
from mingshi.passes import device_key

VECTORS = Path(__file__).parents[3] / "docs" / "formats" / "vectors" / "passes"


def proved(hall, phone, pass_id, *, browser="b", action="check_in", door="ACDEFG", asks=None, signs=None):
    options = hall.device_keys.options(browser, action, door, hall.now)
    sent = phone.answer(options, pass_id=pass_id, **(signs or {}))
    return hall.device_keys.check(asks or browser, action, sent, hall.now)


def test_a_key_that_was_enrolled_proves_what_it_signed(hall):
    phone = Browser()
    enrolled = phone.enrolled(hall)
    assert proved(hall, phone, enrolled.pass_id) == Proven(
        Means.DEVICE_KEY, enrolled.pass_id, Binding.DEVICE_KEY, "check_in", "ACDEFG"
    )


def test_the_same_key_is_the_same_pass(hall):
    phone = Browser()
    assert phone.enrolled(hall) == phone.enrolled(hall, "another tab")
    assert Browser().enrolled(hall) != phone.enrolled(hall)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"signs": {"door": "OTHERS"}}, Why.SIGNATURE),
        ({"signs": {"action": "register:R-1"}}, Why.SIGNATURE),
        ({"signs": {"challenge": "A" * 43}}, Why.SIGNATURE),
        ({"signs": {"site": "https://phish.example"}}, Why.ORIGIN),
        ({"signs": {"site": "https://phish.example", "says": ORIGIN}}, Why.SIGNATURE),
        ({"asks": "another browser"}, Why.CHALLENGE),
        ({"pass_id": "DK-" + "0" * 32}, Why.UNKNOWN),
    ],
)
def test_whatever_differs_is_refused(hall, changed, why):
    phone = Browser()
    given = {"pass_id": phone.enrolled(hall).pass_id} | changed
    assert proved(hall, phone, **given) == NotProven(why)


def test_another_key_proves_nothing_for_this_pass(hall):
    pass_id = Browser().enrolled(hall).pass_id
    thief = Browser()
    assert proved(hall, thief, pass_id).why is Why.SIGNATURE
    thief.enrolled(hall)
    assert proved(hall, thief, pass_id).why is Why.SIGNATURE


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_challenge_is_answered_once_well_or_badly(hall, spoilt):
    phone = Browser()
    pass_id = phone.enrolled(hall).pass_id
    options = hall.device_keys.options("b", "check_in", "", hall.now)
    sent = phone.answer(options, pass_id=pass_id)
    first = phone.answer(options, pass_id=pass_id, door="OTHER") if spoilt else sent
    assert bool(hall.device_keys.check("b", "check_in", first, hall.now)) is not spoilt
    assert hall.device_keys.check("b", "check_in", sent, hall.now).why is Why.CHALLENGE


@pytest.mark.parametrize(("waits_s", "good"), [(0, True), (119, True), (120, False), (3600, False)])
def test_a_challenge_lasts_two_minutes(hall, waits_s, good):
    phone = Browser()
    pass_id = phone.enrolled(hall).pass_id
    options = hall.device_keys.options("b", "check_in", "", hall.now)
    hall.later(waits_s)
    assert bool(hall.device_keys.check("b", "check_in", phone.answer(options, pass_id=pass_id), hall.now)) is good


def test_a_challenge_of_enrolment_or_of_another_act_fits_nothing_else(hall):
    phone = Browser()
    pass_id = phone.enrolled(hall).pass_id
    for options in (
        hall.device_keys.enrol_options("b", hall.now),
        hall.device_keys.options("b", "view", "", hall.now),
    ):
        sent = phone.answer(options, pass_id=pass_id, action="check_in")
        assert hall.device_keys.check("b", "check_in", sent, hall.now).why is Why.CHALLENGE
    challenge = hall.passkeys.options("b", "check_in", "", hall.now)["challenge"]
    sent = phone.answer({"challenge": challenge, "action": "check_in", "door": ""}, pass_id=pass_id)
    assert hall.device_keys.check("b", "check_in", sent, hall.now).why is Why.CHALLENGE


def test_a_key_without_its_private_half_is_not_enrolled(hall):
    """Else anybody could enrol somebody else's public key as their own pass."""
    victim, thief = Browser(), Browser()
    sent = json.loads(thief.answer(hall.device_keys.enrol_options("t", hall.now)))
    sent["key"] = victim.spki
    assert hall.device_keys.enrol("t", json.dumps(sent), hall.now).why is Why.SIGNATURE


def test_only_p_256(hall):
    larger = Browser(ec.SECP384R1)
    assert larger.enrolled(hall) == NotProven(Why.KIND)
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    sent = json.loads(Browser().answer(hall.device_keys.enrol_options("b", hall.now)))
    sent["key"] = b64(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    assert hall.device_keys.enrol("b", json.dumps(sent), hall.now) == NotProven(Why.KIND)


def test_a_revoked_key_is_forgotten(hall):
    phone = Browser()
    pass_id = phone.enrolled(hall).pass_id
    hall.device_keys.forget(pass_id)
    assert proved(hall, phone, pass_id).why is Why.UNKNOWN


def test_an_unused_key_is_forgotten_and_a_used_one_is_not(hall):
    phone = Browser()
    pass_id = phone.enrolled(hall).pass_id
    hall.now += device_key.LASTS - 1
    assert proved(hall, phone, pass_id)
    hall.now += device_key.LASTS - 1
    assert proved(hall, phone, pass_id)
    hall.now += device_key.LASTS
    assert proved(hall, phone, pass_id).why is Why.UNKNOWN


def test_what_is_kept_tells_of_no_person(hall):
    pass_id = Browser().enrolled(hall).pass_id
    (row,) = hall.keeping.every("device-key", hall.now).values()
    assert set(row) == {"key", "enrolled", "used"}
    assert list(hall.keeping.every("device-key", hall.now)) == [pass_id]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_hostile_answers_are_refused_never_raised(data):
    def act(hall):
        phone = Browser()
        enrolled = phone.enrolled(hall)
        good = json.loads(
            phone.answer(hall.device_keys.options("b", "check_in", "", hall.now), pass_id=enrolled.pass_id)
        )
        junk = st.one_of(
            st.none(), st.integers(), st.text(max_size=80), st.binary(max_size=70).map(b64), st.lists(st.none())
        )
        name = data.draw(st.sampled_from(sorted(good)))
        value = data.draw(junk.filter(lambda value: value != good[name]))
        sent = data.draw(st.sampled_from([json.dumps(good | {name: value}), str(value), json.dumps(value)]))
        assert not hall.device_keys.check("b", "check_in", sent, hall.now)
        assert not hall.device_keys.enrol("b", sent, hall.now)

    in_hall(act)


@pytest.mark.parametrize("name", ["device-key", "passkey"])
def test_what_a_real_browser_sent_is_judged_as_it_was_then(tmp_path, name):
    """The challenges are drawn again from the same seed; the browser's answers are as recorded."""
    vector = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    hall = Hall(tmp_path, origin=vector["origin"], rp_id=vector["rp_id"], seed=vector["seed"])
    answers = []
    for step in vector["steps"]:
        keys = getattr(hall, step["of"])
        if step["path"] == "/enrol_options":
            answer = keys.enrol_options(step["browser"], hall.now, label="海棠湾 · 王女士")
        elif step["path"] == "/enrol":
            answer = keys.enrol(step["browser"], step["sent"], hall.now)
            assert isinstance(answer, Enrolled)
        elif step["path"] == "/options":
            answer = keys.options(step["browser"], step["action"], step["door"], hall.now)
        else:
            answer = keys.check(step["browser"], step["action"], step["sent"], hall.now)
        answers.append(answer if isinstance(answer, dict) else answer._asdict())
    assert json.loads(json.dumps(answers)) == [step["answer"] for step in vector["steps"]]
    hall.close()


def test_a_byte_changed_in_what_the_browser_signed_is_noticed(tmp_path):
    vector = json.loads((VECTORS / "device-key.json").read_text(encoding="utf-8"))
    hall = Hall(tmp_path, origin=vector["origin"], rp_id=vector["rp_id"], seed=vector["seed"])
    _, enrol, _, check = vector["steps"][:4]
    hall.device_keys.enrol_options("b1", hall.now)
    hall.device_keys.enrol("b1", enrol["sent"], hall.now)
    hall.device_keys.options("b1", "check_in", "ACDEFH", hall.now)  # another door code than the browser signed
    assert hall.device_keys.check("b1", "check_in", check["sent"], hall.now).why is Why.SIGNATURE
    hall.close()
