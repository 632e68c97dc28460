"""Door, codes, what is kept for a while, forms, pasted blocks: the pieces that pages are made of."""

import os

import pytest

from mingshi.credentials import device_key, password
from mingshi.credentials.codes import NotSent, Sent
from mingshi.credentials.door import Door
from mingshi.credentials.keeping import digest_of, open_with, seal_to
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.kernel.timeline import HOUR, MINUTE, SECOND, Micros, Zone
from mingshi.passes import otp
from mingshi.passes.sms import Handset, Http, Spool
from mingshi.store.keeping import KeptInFile
from mingshi.web.agent.block import entries_of
from mingshi.web.forms import Form

NOW = Micros(1_788_148_830_000_000)
PHONE = Contact("16000001234")


@pytest.fixture
def kept(tmp_path):
    keeping = KeptInFile(tmp_path / "web.db", bytes(32))
    yield keeping
    keeping.close()


@pytest.fixture
def codes(kept):
    handset = Handset()
    made = otp.Otp(
        kept, handset, blind=lambda text: digest_of(text).encode(), random_bytes=os.urandom, text=lambda code, _: code
    )
    return made, handset


class TestDoor:
    door = Door(bytes(32))

    def test_a_code_is_good_for_two_minutes_and_then_stale(self):
        code = self.door.code(NOW)
        for later, state in ((0, "valid"), (MINUTE, "valid"), (2 * MINUTE, "stale"), (2 * HOUR, "none")):
            assert self.door.state(code, Micros(NOW + later)) is DoorCode(state)
        assert self.door.state(f" {code.lower()} ", NOW) is DoorCode.VALID
        assert self.door.state("密码", NOW) is DoorCode.NONE

    def test_a_ticket_holds_a_quarter_of_an_hour_in_its_browser_only(self):
        ticket = self.door.ticket("mine", NOW)
        assert self.door.admits(ticket, "mine", Micros(NOW + 15 * MINUTE)) is DoorCode.VALID
        assert self.door.admits(ticket, "mine", Micros(NOW + 15 * MINUTE + 1)) is DoorCode.STALE
        assert self.door.admits(ticket, "yours", NOW) is DoorCode.NONE
        later = f"{NOW + HOUR:x}.{ticket.partition('.')[2]}"
        for forged in (later, "", "x", "zz.1", ticket[:-1]):
            assert self.door.admits(forged, "mine", NOW) is DoorCode.NONE


class TestCodes:
    def test_a_code_is_good_once_for_its_number_and_purpose(self, codes):
        made, handset = codes
        sent = made.send(PHONE, "check_in", address="hall", at_door=True, now=NOW)
        assert isinstance(sent, Sent)
        code = handset.texts()[0][1]
        assert not made.check(sent.challenge, Contact("16000009999"), "check_in", code, NOW)
        assert not made.check(sent.challenge, PHONE, "sign_in", code, NOW)
        assert made.check(sent.challenge, PHONE, "check_in", code, NOW)
        assert not made.check(sent.challenge, PHONE, "check_in", code, NOW)

    def test_five_wrong_guesses_or_ten_minutes_end_it(self, codes):
        made, handset = codes
        sent = made.send(PHONE, "check_in", address="hall", at_door=True, now=NOW)
        code = handset.texts()[0][1]
        for _ in range(otp.GUESSES):
            assert not made.check(sent.challenge, PHONE, "check_in", "000000" if code != "000000" else "1", NOW)
        assert not made.check(sent.challenge, PHONE, "check_in", code, NOW)
        later = Micros(NOW + 2 * MINUTE)
        sent = made.send(PHONE, "check_in", address="hall", at_door=True, now=later)
        assert not made.check(sent.challenge, PHONE, "check_in", handset.texts()[0][1], Micros(later + otp.LASTS))

    def test_one_a_minute_and_five_an_hour_for_a_number(self, codes):
        made, _ = codes
        start = Micros(NOW - NOW % HOUR)
        answers = [
            made.send(PHONE, "check_in", address="hall", at_door=True, now=Micros(start + at * MINUTE))
            for at in range(7)
        ]
        assert [isinstance(one, Sent) for one in answers] == [True] * 5 + [False] * 2
        again = made.send(PHONE, "check_in", address="hall", at_door=True, now=Micros(start + 6 * MINUTE + SECOND))
        assert isinstance(again, NotSent)

    def test_a_hall_behind_one_address_passes_and_others_have_a_cap(self, codes):
        made, _ = codes
        numbers = [Contact(f"160{at:08}") for at in range(60)]
        hall = [made.send(one, "check_in", address="one", at_door=True, now=NOW) for one in numbers]
        assert all(isinstance(one, Sent) for one in hall)
        afar = [made.send(Contact(f"161{at:08}"), "sign_in", address="one", at_door=False, now=NOW) for at in range(30)]
        assert sum(isinstance(one, Sent) for one in afar) == otp.PER_ADDRESS

    def test_neither_number_nor_code_is_kept(self, codes, kept):
        made, handset = codes
        made.send(PHONE, "check_in", address="10.1.2.3", at_door=False, now=NOW)
        rows = repr(kept._connection.execute("SELECT * FROM kept").fetchall())
        rows += repr(kept._connection.execute("SELECT * FROM counted").fetchall())
        for secret in (PHONE, handset.texts()[0][1], "10.1.2.3"):
            assert secret not in rows


class TestKeeping:
    def test_what_is_over_is_as_if_it_had_never_been(self, kept):
        kept.put("a", "k", {"v": 1}, Micros(NOW + 1))
        assert kept.get("a", "k", NOW) == {"v": 1}
        assert kept.get("a", "k", Micros(NOW + 1)) is None
        assert kept.take("a", "k", Micros(NOW + 1)) is None

    def test_of_two_who_take_one_gets_it(self, kept):
        kept.put("a", "k", {"v": 1}, Micros(NOW + 1))
        assert [kept.take("a", "k", NOW) for _ in range(2)] == [{"v": 1}, None]

    def test_a_number_is_opened_with_its_token_only(self):
        sealed = seal_to("t" * 64, PHONE, bytes(12))
        assert PHONE not in sealed
        assert open_with("t" * 64, sealed) == PHONE
        assert open_with("u" * 64, sealed) is None

    def test_the_file_is_unreadable_without_its_key(self, kept, tmp_path):
        kept.put("a", "k", {"v": "findme"}, Micros(NOW + 1))
        assert b"findme" not in (tmp_path / "web.db").read_bytes()


class TestForms:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("160 0000 1234", "16000001234"),
            ("+8616000001234", "16000001234"),
            ("１６０００００１２３４", "16000001234"),
            ("160-0000-1234", "16000001234"),
            ("+85291234567", "+85291234567"),
        ],
    )
    def test_numbers_as_people_type_them(self, typed, read):
        form = Form({"phone": typed})
        assert form.phone("phone") == read
        assert form.ok

    @pytest.mark.parametrize("typed", ["", "1600000123", "26000001234", "160****1234", "1600000123x", "x" * 5000])
    def test_what_is_no_number_is_said_at_the_field(self, typed):
        form = Form({"phone": typed})
        form.phone("phone")
        assert form.errors["phone"].zh
        assert form.errors["phone"].en
        assert form.raw("phone") == typed, "what was typed is kept"

    def test_amounts_and_times(self):
        form = Form({"a": "2,150,000.5", "b": "12.345", "c": "-1", "t": "2026-03-01T09:40", "u": "2026-03-01T09:40Z"})
        assert form.yuan("a") == 215_000_050
        assert form.yuan("b") is None
        assert form.yuan("c") is None
        assert form.when("t", Zone(480)) == 1_772_329_200_000_000
        assert form.when("u", Zone(480)) is None
        assert set(form.errors) == {"b", "c", "u"}

    def test_a_closed_set_is_closed(self):
        assert Form({"m": "otp"}).choice("m", Means) is Means.OTP
        form = Form({"m": "face"})
        assert form.choice("m", Means) is None
        assert not form.ok


def test_a_pasted_block_is_read_as_the_trade_writes_it():
    text = """【报备】
    项目：示例花园
    1、客户姓名： 王女士
    客户电话: 160****8888
    预计到访：2026年9月1日14点30
    客户：李先生
    电话：160****9999
    谢谢！"""
    first, second = entries_of(text)
    assert first == ("示例花园", "王女士", "160****8888", "2026-09-01T14:30")
    assert second == ("示例花园", "李先生", "160****9999", "")
    assert entries_of("你好，请问有房吗？") == []


def test_a_spool_file_is_whole_and_its_owners_only(tmp_path):
    spool = Spool(tmp_path / "sms", os.urandom)
    assert spool.staff_readable
    assert spool.send(PHONE, "123456")
    (file,) = (tmp_path / "sms").iterdir()
    assert file.suffix == ".json"
    assert file.stat().st_mode & 0o077 == 0


def test_a_gateway_must_be_https():
    with pytest.raises(ValueError, match="https"):
        Http("http://sms.example/send", "token")


def test_a_password_fits_itself_only_and_nobodys_fits_nothing():
    kept = password.hashed("correct horse battery")
    assert password.fits("correct horse battery", kept)
    assert not password.fits("correct horse", kept)
    assert not password.fits("nobody's password", "")


def test_a_signature_is_bound_to_site_purpose_and_challenge():
    from base64 import b64encode

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    key = ec.generate_private_key(ec.SECP256R1())
    raw = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    point = b64encode(raw).decode()
    der = key.sign(device_key.message("https://a.example", "check_in", "c1"), ec.ECDSA(SHA256()))
    r, s = decode_dss_signature(der)
    signature = b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()
    assert device_key.signed(point, signature, "https://a.example", "check_in", "c1")
    for other in (
        ("https://b.example", "check_in", "c1"),
        ("https://a.example", "make_key", "c1"),
        ("https://a.example", "check_in", "c2"),
    ):
        assert not device_key.signed(point, signature, *other)
    for bad in ("", "AAAA", b64encode(bytes(65)).decode(), "中"):
        assert not device_key.signed(bad, signature, "https://a.example", "check_in", "c1")
        assert not device_key.signed(point, bad, "https://a.example", "check_in", "c1")
    assert device_key.pass_of("AAAA") is None
