"""A site that must not start says why and what to do, in both languages, and changes nothing."""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import closing

import pytest
from office import START, phone
from site_folder import PASSPHRASE, Clock, make, opened, ring_of

from mingshi.app.check_in import CheckIn, check_in
from mingshi.domain.evidence import DoorCode, Means
from mingshi.kernel.timeline import DAY
from mingshi.ledger.signer import Answer
from mingshi.site.root import LEAP, Site
from mingshi.store import database, migrations, triggers
from mingshi.store.errors import RefusedStartError

CHECK_IN = CheckIn(phone(1), Means.OTP, DoorCode.VALID)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "site"
    make(path, os.urandom)
    with opened(path) as site:
        for number in range(5):
            assert site.run(check_in, CHECK_IN._replace(phone=phone(number))).answer
        assert isinstance(site.sign(), str)
    return path


@pytest.fixture
def site_path(made, quick_path):
    return shutil.copytree(made, quick_path / "site")


def digests(path):
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in path.iterdir() if one.name != "site.lock"}


def refusal(path, reason):
    with pytest.raises(RefusedStartError) as caught, opened(path) as site:
        site.rebuild()
    assert caught.value.reason == reason
    assert caught.value.chinese
    assert caught.value.english
    return caught.value


def write(path, *statements):
    with closing(database.connector(path / "site.db", ring_of(path).database)()) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_wrong_passphrase(site_path):
    (site_path / "passphrase").write_text("another passphrase")
    before = digests(site_path)
    refusal(site_path, "wrong_passphrase")
    assert digests(site_path) == before


def test_no_passphrase_file(site_path):
    (site_path / "passphrase").unlink()
    refusal(site_path, "no_passphrase")


def test_a_keyring_that_is_gone_or_damaged(site_path):
    (site_path / "keyring.json").write_text('{"v": 1}')
    refusal(site_path, "damaged_keyring")
    (site_path / "keyring.json").unlink()
    refusal(site_path, "no_keyring")


def test_another_sites_keyring(site_path, quick_path):
    make(quick_path / "other", os.urandom)
    shutil.copy(quick_path / "other" / "keyring.json", site_path / "keyring.json")
    assert "restore" in refusal(site_path, "damaged").english


def test_a_missing_record_is_not_made_anew(site_path):
    (site_path / "site.db").unlink()
    refusal(site_path, "no_database")
    assert not (site_path / "site.db").exists()


@pytest.mark.parametrize("name", sorted(triggers.TRIGGERS))
def test_each_missing_trigger(site_path, name):
    write(site_path, f"DROP TRIGGER {name}")
    assert name in str(refusal(site_path, "triggers_differ"))


def test_a_trigger_that_was_weakened_or_added(site_path):
    write(
        site_path,
        "DROP TRIGGER entry_no_delete",
        "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END",
    )
    refusal(site_path, "triggers_differ")


def test_an_entry_that_changed_on_the_disk(site_path):
    trigger = triggers.TRIGGERS["entry_no_update"]
    change = "UPDATE entry SET body = CAST(body || ' ' AS BLOB) WHERE seq = 2"
    write(site_path, "DROP TRIGGER entry_no_update", change, trigger)
    refusal(site_path, "tree_differs")
    with opened(site_path) as site:
        with pytest.raises(RefusedStartError):
            site.rebuild()
        with pytest.raises(RefusedStartError):  # and from then on no fact is taken
            site.run(check_in, CHECK_IN)


def test_a_newer_schema(site_path):
    write(site_path, f"PRAGMA user_version = {migrations.NEWEST + 1}")
    refusal(site_path, "newer_schema")


def test_somebody_elses_file(site_path):
    write(site_path, "PRAGMA application_id = 7")
    refusal(site_path, "foreign")


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_an_old_sqlite(version):
    with pytest.raises(RefusedStartError, match=r"3\.51\.3"):
        database.check_sqlite(version)


def test_this_sqlite_is_new_enough():
    database.check_sqlite()


def test_a_page_that_is_damaged(site_path):
    path = site_path / "site.db"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    refusal(site_path, "damaged")


def test_a_second_process(site_path):
    code = (
        "import sys; from pathlib import Path; from mingshi.site.root import Site\n"
        "from mingshi.store.errors import RefusedStartError\n"
        "try: Site.open(Path(sys.argv[1]))\n"
        "except RefusedStartError as error: print(error.reason, error.english)"
    )
    with opened(site_path):
        done = subprocess.run(
            [sys.executable, "-c", code, str(site_path)], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.stdout.startswith("in_use")
    assert str(os.getpid()) in done.stdout, "it says who has it"


def test_two_in_one_process(site_path):
    with opened(site_path):
        refusal(site_path, "in_use")
    with opened(site_path):
        pass


def test_a_read_only_file(site_path, monkeypatch):
    # As root no mode keeps anybody out, so the driver is told to open it for reading only.
    connect = database.dbapi2.connect
    monkeypatch.setattr(
        database.dbapi2, "connect", lambda name, **options: connect(name.replace("mode=rw", "mode=ro"), **options)
    )
    with pytest.raises(RefusedStartError) as caught, opened(site_path):
        pass
    assert caught.value.reason == "read_only"


class Witness:
    """A witness that cosigned what it is told."""

    def __init__(self, answer):
        self.answer = answer

    def latest(self, _origin):
        return self.answer

    def add_checkpoint(self, _request):
        return Answer(0, "not reached")


def cosigning_witness(site_path):
    """Give the site's rule of trust a witness, and have it cosign what is published now."""
    from mingshi.ledger import verify as v
    from mingshi.ledger.keys import SigningKey

    key = SigningKey("agency.example/witness", v.COSIGNATURE, bytes(32))
    with opened(site_path) as site:
        note = v.Note.parse(site.store.log_store.published())
        log = site.store.key.verifier
    (site_path / "trust.policy").write_text(
        f"log {log}\nwitness agency {key.verifier}\nquorum agency\n", encoding="utf-8"
    )
    cosigned = v.Note(note.text, (*note.signatures, key.cosign(note.text, START // 1_000_000)))
    return Answer(200, str(cosigned))


@pytest.mark.law("L-33")
def test_a_log_shorter_than_a_witness_cosigned(site_path, quick_path):
    old = shutil.copytree(site_path, quick_path / "old")
    with opened(site_path, Clock(START + DAY)) as site:
        assert site.run(check_in, CHECK_IN).answer
        assert isinstance(site.sign(), str)
    answer = cosigning_witness(site_path)
    shutil.copy(site_path / "trust.policy", old / "trust.policy")
    with opened(site_path, links={"agency": Witness(answer)}) as site:
        assert site.hear() is None
    with opened(old, links={"agency": Witness(answer)}) as site:
        with pytest.raises(RefusedStartError) as caught:
            site.hear()
        assert caught.value.reason == "rolled_back"
        with pytest.raises(RefusedStartError):
            site.run(check_in, CHECK_IN)


@pytest.mark.law("L-34")
def test_a_clock_set_back_or_far_ahead_takes_nothing(site_path):
    with opened(site_path, Clock(START + DAY)) as site:
        assert site.run(check_in, CHECK_IN).answer
        size = site.store.size
    for years in (-10, -1, 1, 10):
        clock = Clock(START + years * 365 * DAY)
        with opened(site_path, clock) as site:
            answer = site.run(check_in, CHECK_IN).answer
            assert answer.reason == ("clock_back" if years < 0 else "clock_leap")
            assert site.store.size == size
            site.store.housekeep(now=clock(), deleting=False)
    with opened(site_path, Clock(START + DAY + LEAP * 2)) as site:
        assert site.trust_clock("王测试", "对过授时")
        assert site.run(check_in, CHECK_IN).answer


@pytest.mark.parametrize("text", ["listen = 3", "unknown = 1", "listen = [", 'witness = [{name = "x"}]'])
def test_settings_that_are_wrong_name_the_file(site_path, text):
    (site_path / "site.toml").write_text(text)
    assert "site.toml" in refusal(site_path, "bad_settings").english


def test_a_rule_of_trust_that_is_wrong(site_path):
    (site_path / "trust.policy").write_text("log x\n")
    assert "trust.policy" in refusal(site_path, "bad_settings").english


def test_no_site_here(quick_path):
    with pytest.raises(RefusedStartError) as caught:
        Site.open(quick_path)
    assert caught.value.reason == "no_site"


def test_init_overwrites_nothing_and_asks_for_a_long_passphrase(site_path, quick_path):
    with pytest.raises(RefusedStartError, match="empty"):
        make(site_path, os.urandom)
    assert (site_path / "passphrase").read_bytes() == PASSPHRASE


def test_a_disk_that_is_read_only_altogether(site_path, monkeypatch):
    import errno

    opening = os.open

    def refused_open(path, flags, *mode, **options):
        if str(path).endswith("site.lock"):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opening(path, flags, *mode, **options)

    monkeypatch.setattr(database.os, "open", refused_open)
    assert "read-only" in refusal(site_path, "read_only").english
