"""Passkeys: every check of WebAuthn that a phone made of software can try to get round."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hall import Phone, in_hall
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.credentials.proofs import Enrolled, NotProven, Why
from mingshi.domain.evidence import Means
from mingshi.passes import passkey
from mingshi.passes.challenges import url64


def shown(hall, phone, *, browser="b", action="check_in", door="ACDEFG", asks=None, **changed):
    options = hall.passkeys.options(browser, action, door, hall.now)
    return hall.passkeys.check(asks or browser, action, phone.show(options, **changed), hall.now)


def test_a_passkey_that_was_enrolled_proves(hall):
    phone = Phone()
    enrolled = phone.enrolled(hall)
    proven = shown(hall, phone)
    assert (proven.means, proven.pass_id, proven.door) == (Means.PASSKEY, enrolled.pass_id, "ACDEFG")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"origin": "https://phish.example"}, Why.ORIGIN),
        ({"origin": "http://haitang.example"}, Why.ORIGIN),
        ({"origin": "https://haitang.example:8443"}, Why.ORIGIN),
        ({"crossOrigin": True}, Why.ORIGIN),
        ({"rp_id": "phish.example"}, Why.ORIGIN),
        ({"flags": 0x01}, Why.USER),
        ({"flags": 0x04}, Why.MALFORMED),
        ({"flags": 0x00}, Why.MALFORMED),
        ({"key": ec.generate_private_key(ec.SECP256R1())}, Why.SIGNATURE),
        ({"challenge": url64(bytes(32))}, Why.SIGNATURE),
        ({"type": "webauthn.create"}, Why.MALFORMED),
        ({"asks": "another browser"}, Why.CHALLENGE),
    ],
)
def test_whatever_differs_is_refused_when_shown(hall, changed, why):
    phone = Phone()
    phone.enrolled(hall)
    assert shown(hall, phone, **changed) == NotProven(why)
    assert shown(hall, phone), "and the honest one is good after it"


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"origin": "https://phish.example"}, Why.ORIGIN),
        ({"crossOrigin": True}, Why.ORIGIN),
        ({"rp_id": "phish.example"}, Why.ORIGIN),
        ({"flags": 0x41}, Why.USER),
        ({"challenge": url64(bytes(32))}, Why.SIGNATURE),
        ({"type": "webauthn.get"}, Why.MALFORMED),
        ({"fmt": "fido-u2f", "statement": {"sig": b"", "x5c": [b"a certificate"]}}, Why.KIND),
        ({"fmt": "packed", "statement": {"alg": -7, "sig": b"", "x5c": [b"a certificate"]}}, Why.KIND),
        ({"fmt": "android-safetynet", "statement": {"ver": "1", "response": b""}}, Why.KIND),
        ({"fmt": "tpm"}, Why.KIND),
    ],
)
def test_whatever_differs_is_refused_at_enrolment(hall, changed, why):
    sent = Phone().make(hall.passkeys.enrol_options("b", hall.now), **changed)
    assert hall.passkeys.enrol("b", sent, hall.now) == NotProven(why)
    assert not hall.keeping.every("passkey", hall.now)


def test_a_recorded_answer_is_worth_nothing(hall):
    phone = Phone()
    phone.enrolled(hall)
    sent = phone.show(hall.passkeys.options("b", "check_in", "", hall.now))
    assert hall.passkeys.check("b", "check_in", sent, hall.now)
    assert hall.passkeys.check("b", "check_in", sent, hall.now).why is Why.CHALLENGE
    fresh = hall.passkeys.options("b", "check_in", "", hall.now)
    replayed = json.loads(sent) | {"challenge": fresh["challenge"]}
    assert hall.passkeys.check("b", "check_in", json.dumps(replayed), hall.now).why is Why.SIGNATURE


@pytest.mark.parametrize(("waits_s", "good"), [(119, True), (120, False)])
def test_a_challenge_lasts_two_minutes(hall, waits_s, good):
    phone = Phone()
    phone.enrolled(hall)
    options = hall.passkeys.options("b", "check_in", "", hall.now)
    hall.later(waits_s)
    assert bool(hall.passkeys.check("b", "check_in", phone.show(options), hall.now)) is good


@pytest.mark.parametrize(
    ("counts", "last"),
    [
        ([1, 2, 3], True),
        ([None, None], True),
        ([7, 9, 9], False),
        ([7, 9, 8], False),
        ([5, None], False),
        ([None, 4], True),
    ],
)
def test_a_counter_goes_up_or_stays_nought(hall, counts, last):
    phone = Phone()
    for at, number in enumerate(counts):
        phone.counter = None if number is None else number - 1
        told = phone.enrolled(hall) if at == 0 else shown(hall, phone)
        assert bool(told) is (last or at < len(counts) - 1)
    if not last:
        assert told.why is Why.COUNTER


def test_a_forged_answer_does_not_move_the_counter(hall):
    phone = Phone(counter=5)
    phone.enrolled(hall)
    honest, phone.counter = phone.counter, 1_000_000
    assert shown(hall, phone, key=ec.generate_private_key(ec.SECP256R1())).why is Why.SIGNATURE
    phone.counter = honest
    assert shown(hall, phone)


def test_a_strangers_credential_id_under_ones_own_key_is_refused(hall):
    victim = Phone()
    pass_id = victim.enrolled(hall).pass_id
    assert Phone(victim.id).enrolled(hall) == NotProven(Why.UNKNOWN)
    assert shown(hall, victim).pass_id == pass_id


def test_enrolling_twice_keeps_the_counter(hall):
    phone = Phone(counter=0)
    first = phone.enrolled(hall)
    for _ in range(3):
        assert shown(hall, phone)
    assert phone.enrolled(hall) == first
    phone.counter -= 2
    assert shown(hall, phone).why is Why.COUNTER


def test_a_revoked_passkey_is_forgotten(hall):
    phone = Phone()
    hall.passkeys.forget(phone.enrolled(hall).pass_id)
    assert shown(hall, phone) == NotProven(Why.UNKNOWN)


def test_what_is_asked_of_a_phone(hall):
    """User verification required, no attestation, and nothing that says who asks: nobody is listed."""
    made = hall.passkeys.enrol_options("b", hall.now, label="海棠湾 · 王女士")["options"]
    assert made["attestation"] == "none"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    Phone().enrolled(hall)
    options = hall.passkeys.options("b", "check_in", "", hall.now)["options"]
    assert options["userVerification"] == "required"
    assert not options["allowCredentials"]


def test_what_is_kept_is_a_public_key_and_a_counter(hall):
    Phone().enrolled(hall)
    (row,) = hall.keeping.every("passkey", hall.now).values()
    assert set(row) == {"key", "count", "enrolled", "used"}


def test_an_unused_passkey_is_forgotten(hall):
    phone = Phone()
    phone.enrolled(hall)
    hall.now += passkey.LASTS
    assert shown(hall, phone) == NotProven(Why.UNKNOWN)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_hostile_bytes_are_refused_never_raised(data):
    def act(hall):
        phone = Phone()
        assert isinstance(phone.enrolled(hall), Enrolled)
        junk = st.one_of(
            st.none(), st.booleans(), st.integers(), st.text(max_size=60), st.binary(max_size=120).map(url64),
            st.lists(st.none(), max_size=2), st.dictionaries(st.text(max_size=4), st.none(), max_size=2),
        )  # fmt: skip
        for make, judge in (
            (lambda: phone.make(hall.passkeys.enrol_options("b", hall.now)), hall.passkeys.enrol),
            (
                lambda: phone.show(hall.passkeys.options("b", "check_in", "", hall.now)),
                lambda browser, sent, now: hall.passkeys.check(browser, "check_in", sent, now),
            ),
        ):
            sent = json.loads(make())
            place = data.draw(st.sampled_from(["whole", "credential", "response"]))
            inner = {"whole": sent, "credential": sent["credential"], "response": sent["credential"]["response"]}[place]
            name = data.draw(st.sampled_from(sorted(inner)))
            inner[name] = data.draw(junk.filter(lambda value, was=inner[name]: value != was))
            assert not judge("b", json.dumps(sent), hall.now)
        cut = make()
        assert not hall.passkeys.check("b", "check_in", cut[: data.draw(st.integers(0, 500))], hall.now)

    in_hall(act)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_in_the_attestation_is_refused_or_another_credential(data):
    """Bits that no signature covers may name another credential id: a pass of its own, never another's."""

    def act(hall):
        phone = Phone()
        mine = phone.enrolled(hall).pass_id
        sent = json.loads(phone.make(hall.passkeys.enrol_options("b", hall.now)))
        raw = bytearray(passkey.from_url64(sent["credential"]["response"]["attestationObject"]))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
        sent["credential"]["response"]["attestationObject"] = url64(bytes(raw))
        before = dict(hall.keeping.every("passkey", hall.now)[mine])
        told = hall.passkeys.enrol("b", json.dumps(sent), hall.now)
        assert hall.keeping.every("passkey", hall.now)[mine] == before
        assert isinstance(told, Enrolled | NotProven)

    in_hall(act)
