"""Erasure on a site's folder: both stages, receipts that verify, old backups that stay closed."""

import os
from base64 import b64decode, b64encode
from contextlib import closing
from hmac import digest

import pytest
from agency import with_agency
from lawful import agreed, publish
from office import phone
from site_folder import Clock, as_office, make, opened

from mingshi.app import facts as f
from mingshi.app.answer import Done
from mingshi.app.arrive import EraseMe, erase_me
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.end_items import end_items
from mingshi.app.prove_erasure import ProveErasure, prove_erasure
from mingshi.app.provide import Provide, provide
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.canonical import loads
from mingshi.kernel.timeline import HOUR
from mingshi.ledger.verify import Trust, verify_text
from mingshi.passes.sms import Console
from mingshi.site import copies, erasing
from mingshi.site.pages import SiteOffice
from mingshi.store import database, fsck

ONE, TWO = phone(1), phone(2)


@pytest.fixture
def places(quick_path):
    make(quick_path / "site", os.urandom)
    return quick_path


def publish_checkpoint(site):
    site.rebuild()
    site.hear()
    site.sign()


def _forged(receipt, stage):
    """The same receipt, saying that another stage was reached."""
    lines = receipt.split("\n")
    extra = b64decode(lines[1].removeprefix("extra "))
    other = extra.replace(f'"stage":"{stage}"'.encode(), b'"stage":"nowhere"')
    assert other != extra
    lines[1] = "extra " + b64encode(other).decode()
    return "\n".join(lines)


def _fill(site):
    for number in (ONE, TWO):
        assert site.run(check_in, CheckIn(number, Means.OTP, DoorCode.VALID)).answer


def _backup(site, places):
    return copies.backup(site, places / "to", places / "keys")


@pytest.mark.law("L-31")
def test_an_erasure_is_proven_in_two_stages_and_both_verify_off_line(places):
    clock = Clock()
    with opened(places / "site", clock, links=with_agency(places / "site", clock)) as site:
        office = as_office(site)
        office.staff_the_office()
        _fill(site)
        _backup(site, places)
        gone = erasing.erase(site, [ONE], operator="owner")
        assert isinstance(gone.answer, Done), gone
        assert gone.found == ()
        keys = places / "keys" / copies.PERSON_KEYS
        assert erasing.prove_everywhere(site, keys, operator="owner") == [], "the key is in the artefact still"
        _backup(site, places)
        assert erasing.prove_everywhere(site, keys, operator="owner") == [gone.erasure]
        assert erasing.prove_everywhere(site, keys, operator="owner") == []
        proofs = {row.stage: row for row in as_office(site, site.clock()).read(f.DeletionProof)}
        assert set(proofs) == {"here", "everywhere"}
        for row in proofs.values():
            text = row.text
            assert ONE not in text
            assert loads(text.encode())["checks"]
        publish_checkpoint(site)
        for row in proofs.values():
            receipt = erasing.receipt(site, row.id)
            assert receipt is not None
            assert verify_text(receipt, Trust(policy=site.trust))
            assert not verify_text(_forged(receipt, row.stage), Trust(policy=site.trust))
        assert list(fsck.check(site.store, site.clock())) == []


@pytest.mark.law("L-31")
def test_no_proof_is_given_where_something_is_found_or_one_checks_oneself(places):
    with opened(places / "site", Clock()) as site:
        _fill(site)
        gone = erasing.erase(site, [ONE], operator="owner")
        told = {"reason": "47(1)(3)", "executed_at": site.clock(), "commitment": "x", "methods": (), "software": "m"}
        draft = ProveErasure(
            erasure=gone.erasure, stage="everywhere", records=1, deals=0, checks=(("a", "1"),), operator="a", verifier="b", **told
        )  # fmt: skip
        run = lambda command: site.run(prove_erasure, command).answer  # noqa: E731
        assert run(draft).reason == "still_found"
        assert run(draft._replace(checks=(), verifier="a")).reason == "two_people"
        assert run(draft._replace(checks=(), stage="here")).reason == "already_recorded"
        assert run(draft._replace(erasure="WD-none")).reason == "unknown_erasure"


@pytest.mark.law("L-31")
def test_what_ended_after_a_backup_stays_ended_when_it_is_restored(places):
    clock = Clock()
    with opened(places / "site", clock) as site:
        _fill(site)
        made = _backup(site, places)

        def finish(transaction, _):
            items = [item for item in transaction.items([ONE]) if item.record == "Arrival"]
            return Done("ended", {"proof": end_items(transaction, items, "47(1)(2)")})

        assert site.store.run(finish, None, now=clock()).answer
        _backup(site, places)
    copies.restore(
        made.path, places / "keys" / copies.PERSON_KEYS, places / "site" / "passphrase", places / "again", clock
    )
    with opened(places / "again", clock) as site:
        assert [row.phone for row in as_office(site, clock()).read(e.Arrival)] == [TWO]
        assert site.run(check_in, CheckIn(phone(3), Means.OTP, DoorCode.VALID)).answer
        assert list(fsck.check(site.store, clock())) == []


@pytest.mark.law("L-31")
def test_one_part_that_ended_after_a_backup_ends_again_and_its_person_stays(places):
    clock = Clock()
    with opened(places / "site", clock) as site:
        _fill(site)
        assert site.run(check_in, CheckIn(ONE, Means.OTP, DoorCode.VALID)).answer
        made = _backup(site, places)

        def finish(transaction, _):
            (item, _) = [item for item in transaction.items([ONE]) if item.record == "Arrival"]
            return Done("ended", {"proof": end_items(transaction, [item], "47(1)(2)")})

        assert site.store.run(finish, None, now=clock()).answer
        _backup(site, places)
    copies.restore(
        made.path, places / "keys" / copies.PERSON_KEYS, places / "site" / "passphrase", places / "again", clock
    )
    with opened(places / "again", clock) as site:
        assert sorted(row.phone for row in as_office(site, clock()).read(e.Arrival)) == [ONE, TWO]
        assert [fault.detail for fault in fsck.check(site.store, clock())] == [
            "ended again after a restore, and not sealed yet"
        ]
        assert site.run(check_in, CheckIn(phone(3), Means.OTP, DoorCode.VALID)).answer
        assert list(fsck.check(site.store, clock())) == []
        with closing(site.store.connect()) as connection, pytest.raises(database.dbapi2.IntegrityError):
            connection.execute("UPDATE ended SET entry = 0")


@pytest.mark.law("L-32")
def test_after_an_erasure_the_agents_own_part_still_opens_and_verifies(places):
    clock = Clock()
    with opened(places / "site", clock, links=with_agency(places / "site", clock)) as site:
        as_office(site).staff_the_office()
        made = site.run(register_client, RegisterClient("a1", ONE, "王测试", "海棠湾"))
        assert made.answer
        entry = made.answer.entries[0]
        agent = erasing.opening_of(site, entry, 0)
        assert agent is not None
        buyer = erasing.opening_of(site, entry, 1)
        assert buyer is not None
        assert erasing.erase(site, [ONE], operator="owner").answer
        assert erasing.opening_of(site, entry, 1) is None
        publish_checkpoint(site)
        for opening in (agent, buyer):
            assert verify_text(erasing.receipt_of(site, entry, opening), Trust(policy=site.trust))


@pytest.mark.law("L-31", "L-22")
def test_the_proof_says_who_else_was_told_and_says_nobody_only_where_nobody_was(places):
    with opened(places / "site", Clock()) as site:
        office = as_office(site)
        office.staff_the_office()
        publish(office)
        for number in (ONE, TWO):
            agreed(office, Purpose.ATTRIBUTION, number)
            assert office.do(check_in, CheckIn(number, Means.OTP, DoorCode.VALID))
        agreed(office, Purpose.PROVIDE, ONE, recipient="甲公司")
        assert office.do(provide, Provide(ONE, "甲公司", ("visit_time",), "s1"))
        site.clock.now = office.now
        told = []
        for number in (ONE, TWO):
            gone = erasing.erase(site, [number], operator="owner")
            (proof,) = site.store.look(lambda t, gone=gone: t.read(f.DeletionProof, "erasure", gone.erasure), now=1)
            told.append(loads(proof.text.encode())["told_others"])
        assert told == [["甲公司"], ["never shared"]]


@pytest.mark.law("L-31", "L-27")
def test_who_erases_themselves_gets_the_same_steps_and_the_salt_once(places):
    """The page goes the whole way, not the rows alone: written-ahead log cut, pages read, proof sealed."""
    clock = Clock()
    with opened(places / "site", clock) as site:
        as_office(site).staff_the_office()
        _fill(site)
        pages = SiteOffice(site, Console())
        reply = pages.run(erase_me, EraseMe(ONE), "form-1")
        again = pages.run(erase_me, EraseMe(ONE), "form-1")
        pages.close()
        assert reply.answer.args["proven"] is True
        assert reply.answer.args["left"] == 0
        assert again.repeated
        assert "salt" not in again.answer.args
        (proof,) = as_office(site, site.clock()).read(f.DeletionProof)
        told = loads(proof.text.encode())
        assert (told["stage"], told["operator"]) == ("here", "the person")
        salt = b64decode(reply.answer.args["salt"])
        assert told["subject"] == b64encode(digest(salt, erasing.SUBJECT + ONE.encode(), "sha256")).decode()


@pytest.mark.law("L-31")
def test_what_ended_by_itself_is_written_over_at_night_and_a_day_later_at_most(places):
    clock = Clock()
    with opened(places / "site", clock) as site:
        office = as_office(site)
        office.staff_the_office()
        _fill(site)
        assert not erasing.write_anew(site, clock.now)
        ended = clock.now
        items = site.store.look(lambda t: t.items([ONE]), now=ended)
        assert site.run(lambda t, gone: Done("ended", {"proof": end_items(t, gone, "NDR 24")}), items).answer
        assert not erasing.write_anew(site, ended + HOUR), "ten in the morning"
        assert erasing.write_anew(site, ended + 17 * HOUR + HOUR // 2), "half past two in the night"
        assert not erasing.write_anew(site, ended + 18 * HOUR)
        site.store.put_settings({"written_anew_at": "0"})
        assert erasing.write_anew(site, ended + 21 * HOUR), "a day later, at whatever hour"
