"""What is kept for a while, forms, pasted blocks, passwords: the pieces that pages are made of."""

import hashlib
import os

import pytest
from sqlcipher3.dbapi2 import DatabaseError

from mingshi.credentials import password
from mingshi.credentials.keeping import open_with, seal_to
from mingshi.domain.evidence import Means
from mingshi.domain.ids import Contact
from mingshi.kernel.timeline import Micros, Zone
from mingshi.store import keyring
from mingshi.store.keeping import KeptInFile, kept_at
from mingshi.store.keyring import KEY_NAMES, KEYRING, Keyring, load, save
from mingshi.web.agent.block import entries_of
from mingshi.web.forms import Form

NOW = Micros(1_788_148_830_000_000)
PHONE = Contact("16000001234")


@pytest.fixture
def kept(tmp_path):
    keeping = KeptInFile(tmp_path / "web.db", bytes(32))
    yield keeping
    keeping.close()


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

    def test_a_file_of_an_earlier_program_is_put_under_its_own_key_and_loses_nothing(self, tmp_path):
        ring = Keyring(**{name: hashlib.sha256(name.encode()).digest() for name in KEY_NAMES})
        old = KeptInFile(tmp_path / "web.db", ring.pages_before())
        old.put("session", "k", {"v": "findme"}, Micros(NOW + 1))
        old.close()
        for _ in range(2):
            moved = kept_at(tmp_path, ring)
            assert moved.get("session", "k", NOW) == {"v": "findme"}
            moved.close()
        with pytest.raises(DatabaseError):
            KeptInFile(tmp_path / "web.db", ring.pages_before())
        assert KeptInFile(tmp_path / "web.db", ring.pages).get("session", "k", NOW)

    def test_a_keyring_of_any_version_gives_the_file_a_key_of_its_own(self, tmp_path):
        ring = Keyring(**{name: hashlib.sha256(name.encode()).digest() for name in KEY_NAMES})
        save(tmp_path / KEYRING, ring, b"correct horse battery", os.urandom)
        assert load(tmp_path / KEYRING, b"correct horse battery") == ring
        for version, lacks in ((2, ("pages",)), (1, ("pages", "passes"))):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(keyring, "VERSION", version)
                patch.setattr(keyring, "KEY_NAMES", tuple(name for name in KEY_NAMES if name not in lacks))
                save(tmp_path / KEYRING, ring, b"correct horse battery", os.urandom)
            read = load(tmp_path / KEYRING, b"correct horse battery")
            assert len({getattr(read, name) for name in KEY_NAMES} | {read.pages_before()}) == len(KEY_NAMES) + 1
            assert read == load(tmp_path / KEYRING, b"correct horse battery"), "the same each time"


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


def test_a_password_fits_itself_only_and_nobodys_fits_nothing():
    kept = password.hashed("correct horse battery")
    assert password.fits("correct horse battery", kept)
    assert not password.fits("correct horse", kept)
    assert not password.fits("nobody's password", "")
