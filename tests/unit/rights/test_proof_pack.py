"""The proof pack of a visitor: every receipt in it verifies off-line, every consent names the words it was given to."""

import hashlib
import json
import os

import pytest
import site_folder
from agency import with_agency
from click.testing import CliRunner
from lawful import agreed, publish
from office import phone

from mingshi.app.check_in import CheckIn, check_in
from mingshi.cli import main
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.notice.purpose import Purpose
from mingshi.ledger.verify import Trust, verify_text
from mingshi.site import proof_pack

ONE, TWO = phone(1), phone(2)


@pytest.mark.law("L-49")
def test_one_command_shows_one_visitor_and_anybody_verifies_it(quick_path):
    site_folder.make(quick_path / "site", os.urandom)
    clock = site_folder.Clock()
    links = with_agency(quick_path / "site", clock)
    with site_folder.opened(quick_path / "site", clock, links=links) as site:
        office = site_folder.as_office(site, clock.now)
        office.store.put_settings({"consents": "required"})
        publish(office)
        for number in (ONE, TWO):
            consent = agreed(office, Purpose.ATTRIBUTION, number)
            assert office.do(check_in, CheckIn(number, Means.OTP, DoorCode.VALID))
        clock.now = office.now
        early = proof_pack.pack(site, TWO, quick_path / "early", "李示例")
        assert (early.consents, early.receipts, len(early.waiting)) == (1, 0, 4), "nothing is published yet"
        site.rebuild()
        site.hear()
        assert isinstance(site.sign(), str)
        out = quick_path / "out"
        made = proof_pack.pack(site, TWO, out, "李示例")
        assert (made.consents, made.waiting) == (1, ())
        receipts = sorted((out / "receipts").iterdir())
        kinds = sorted(path.stem.partition("-")[2] for path in receipts)
        assert kinds == ["Arrival", "ConsentAct", "ConsentAct", "Subject"], "shown, given, and what rested on it"
        for path in receipts:
            assert verify_text(path.read_text(encoding="utf-8"), Trust(policy=site.trust)), path.name
        record = json.loads((out / "consents" / f"{consent}.json").read_text(encoding="utf-8"))
        digest = record["privacy_notice"]["sha256"]
        notice = (out / "notices" / f"{digest}.json").read_text(encoding="utf-8")
        assert hashlib.sha256(notice.encode()).hexdigest() == digest, "the very words"
        everything = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
        assert TWO.encode() in everything
        assert ONE.encode() not in everything
        assert proof_pack.pack(site, TWO, out, "李示例").reason == "out_exists"
        assert proof_pack.pack(site, phone(3), quick_path / "none", "李示例").reason == "nothing_held"
        assert proof_pack.pack(site, TWO, quick_path / "none", "").reason == "who_needed"
        assert office.faults() == []
    told = CliRunner().invoke(
        main,
        ["pack", "--data", str(quick_path / "site"), "--phone", ONE, "--by", "李示例", "--out", str(quick_path / "2")],
    )
    assert told.exit_code == 2, "this clock is years ahead of the record"
