"""The code on a receipt: whose it is, how often, how long."""

import pytest
import segno
import zxingcpp
from hall import OTHER_PHONE, PHONE, START, Hall, in_hall
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.credentials.proofs import NotProven, Presented, Why
from mingshi.domain.evidence import Binding
from mingshi.passes import receipt_code
from mingshi.passes.receipt_code import PREFIX, ReceiptCodes, bytes_of, code_svg, text_of
from mingshi.passes.secrets import Secrets

VISIT = START - 86_400_000_000
BOUND = {
    Binding.PHONE: PHONE,
    Binding.DEVICE_KEY: "DK-0123",
    Binding.PASSKEY: "PK-0123",
    Binding.ID: "I0123",
    Binding.COUNTERFOIL: "0042/1234",
}


def issued(hall, binding=Binding.PHONE, arrival="V-ABCDEFGHJK"):
    return hall.receipts.issue(arrival, VISIT, binding, BOUND.get(binding, ""), hall.now)


@pytest.mark.parametrize("binding", BOUND)
def test_bound_and_proved_it_counts_as_what_it_is_bound_to(hall, binding):
    told = hall.receipts.present(issued(hall, binding), BOUND, PHONE, hall.now)
    assert told == Presented("V-ABCDEFGHJK", VISIT, binding, first=True, key=told.key)


@pytest.mark.parametrize("binding", BOUND)
def test_bound_and_not_proved_it_counts_as_nothing(hall, binding):
    others = {kind: value for kind, value in BOUND.items() if kind is not binding}
    told = hall.receipts.present(issued(hall, binding), others, PHONE, hall.now)
    assert (told.counts_as, told.first) == (None, False)
    assert hall.receipts.present(issued(hall, binding), BOUND, PHONE, hall.now).first, "and nothing was used up"


@pytest.mark.parametrize("binding", BOUND)
def test_bound_to_somebody_else_it_is_refused(hall, binding):
    told = hall.receipts.present(issued(hall, binding), BOUND | {binding: "another"}, OTHER_PHONE, hall.now)
    assert told == NotProven(Why.HOLDER)


def test_a_value_of_another_kind_does_not_fit(hall):
    code = issued(hall, Binding.PHONE)
    assert hall.receipts.present(code, {Binding.ID: PHONE}, PHONE, hall.now).counts_as is None


def test_shown_twice_by_the_same_person_it_is_one_showing(hall):
    code = issued(hall)
    first = hall.receipts.present(code, BOUND, PHONE, hall.now)
    hall.later(3600)
    assert hall.receipts.present(code, BOUND, PHONE, hall.now) == first._replace(first=False)


def test_a_bearers_code_belongs_to_who_shows_it_first(hall):
    code = issued(hall, Binding.BEARER)
    assert hall.receipts.present(code, {}, PHONE, hall.now).counts_as is Binding.BEARER
    assert hall.receipts.present(code, {}, OTHER_PHONE, hall.now) == NotProven(Why.USED)
    assert hall.receipts.present(code, {}, PHONE, hall.now).first is False


@pytest.mark.parametrize(("waits", "good"), [(receipt_code.LASTS - 1, True), (receipt_code.LASTS, False)])
def test_a_code_ends(hall, waits, good):
    code = issued(hall)
    hall.now += waits
    told = hall.receipts.present(code, BOUND, PHONE, hall.now)
    assert (told.counts_as is Binding.PHONE) if good else told == NotProven(Why.OVER)


def test_a_code_names_nobody_and_two_of_one_phone_do_not_show_it(hall):
    first, second = issued(hall), issued(hall, arrival="V-KKKKKKKKKK")
    raw = [bytes_of(code.removeprefix(PREFIX)) for code in (first, second)]
    assert not any(PHONE.encode() in one or PHONE[-4:].encode() in one for one in raw)
    assert raw[0][18:34] != raw[1][18:34]


def test_another_sites_code_is_refused(hall, tmp_path):
    other = Hall(tmp_path, seed="other")
    assert other.receipts.present(issued(hall), BOUND, PHONE, hall.now) == NotProven(Why.SIGNATURE)
    other.close()


def test_the_same_secret_at_another_origin_signs_for_nobody_else(hall):
    secret = b"s" * 32
    first = ReceiptCodes(hall.keeping, Secrets.of(secret, "https://a.example"), "https://a.example")
    second = ReceiptCodes(hall.keeping, Secrets.of(secret, "https://b.example"), "https://b.example")
    code = first.issue("V-A", VISIT, Binding.BEARER, "", START)
    assert second.present(code, {}, PHONE, START) == NotProven(Why.SIGNATURE)


def test_a_key_given_to_two_logs_by_mistake_still_signs_for_one(hall):
    secrets = Secrets.of(b"s" * 32, "https://a.example")
    code = ReceiptCodes(hall.keeping, secrets, "a.example/1").issue("V-A", VISIT, Binding.BEARER, "", START)
    told = ReceiptCodes(hall.keeping, secrets, "a.example/2").present(code, {}, PHONE, START)
    assert told == NotProven(Why.SIGNATURE)


def test_codes_under_an_earlier_key_stay_good(hall):
    secrets = Secrets.of(b"new" * 16, hall.origin)
    code = hall.receipts.issue("V-A", VISIT, Binding.BEARER, "", START)
    assert not ReceiptCodes(hall.keeping, secrets, hall.origin).present(code, {}, PHONE, START)
    after = ReceiptCodes(hall.keeping, secrets, hall.origin, [hall.receipts.public_key])
    assert after.present(code, {}, PHONE, START)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_bit_is_refused(data):
    def act(hall):
        raw = bytearray(bytes_of(issued(hall).removeprefix(PREFIX)))
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        told = hall.receipts.present(PREFIX + text_of(bytes(raw)), BOUND, PHONE, hall.now)
        assert told == NotProven(Why.SIGNATURE)

    in_hall(act)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda data: PREFIX + text_of(data))))
def test_junk_is_refused_never_raised(junk):
    def act(hall):
        told = hall.receipts.present(junk, BOUND, PHONE, hall.now)
        assert told.why in (Why.MALFORMED, Why.SIGNATURE)

    in_hall(act)


def test_the_code_is_read_by_a_scanner_and_is_small(hall):
    code = issued(hall)
    assert len(code) < 200
    assert code_svg(code).startswith("<svg")
    made = segno.make_qr(code, error="M", boost_error=False)
    assert made.version <= receipt_code.QR_VERSION_MAX
    rows = [bytes(0 if dark else 255 for dark in row) for row in made.matrix_iter(scale=4, border=4)]
    (read,) = zxingcpp.read_barcodes(memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0]))))
    assert read.text == code


def test_secrets_are_not_shown():
    secrets = Secrets.of(b"s" * 32, "https://a.example")
    assert repr(secrets) == "Secrets()"
    assert len({secrets.door, secrets.otp, secrets.receipt, secrets.binding}) == 4
    with pytest.raises(AssertionError):
        Secrets.of(b"short", "https://a.example")
