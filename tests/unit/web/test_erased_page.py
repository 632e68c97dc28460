"""The salt of an erasure: shown once, to the person alone, and enough to show later whose erasure it was (INV-08)."""

import logging
import re
from base64 import b64decode, b64encode
from hmac import digest

import pytest
from offices import SAME, fields, pages_of

from mingshi.app.arrive import ArriveAtDesk, arrive_at_desk
from mingshi.app.check_in import CheckIn
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role
from mingshi.ledger.verify import Trust, verify_text
from mingshi.site import erasing

NUMBERS = iter(f"1600000{number}" for number in range(3301, 3399))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with pages_of(tmp_path_factory.mktemp("erased")) as opened:
        yield opened


@pytest.fixture
def number(pages):
    found = next(NUMBERS)
    visit = CheckIn(Contact(found), Means.RECEPTION, DoorCode.VALID, staff="前台-01")
    assert pages.office.run(arrive_at_desk, ArriveAtDesk(visit, "zh", found, ActMeans.SPOKEN)).answer
    return found


def erased(pages, number):
    """Somebody erases what is held on them; themselves, the answer, and the form they sent."""
    person = pages.signed_in(Role.PERSON, "", number)
    form = fields(person.get("/me/erase").text.split('action="/me/erase"')[1])
    return person, person.client.post("/me/erase", data=form, headers=SAME), form


def salt_of(page):
    found = re.search(r'id="salt">([^<]+)<', page)
    return found.group(1).replace("&#43;", "+").replace("&#61;", "=") if found else ""


@pytest.mark.law("L-27", "L-31")
def test_the_salt_is_shown_once_and_shows_whose_erasure_it_was(pages, number):
    person, answer, form = erased(pages, number)
    assert answer.status_code == 200
    salt = salt_of(answer.text)
    assert len(b64decode(salt)) == 32
    assert answer.headers["cache-control"] == "no-store"
    assert "location" not in answer.headers
    erasure = re.search(r"<code>(\w+-\w+)</code>", answer.text).group(1)
    shown = person.get(f"/erased/{erasure}")
    assert shown.status_code == 200
    commitment = re.search(r'id="commitment">([^<]+)<', shown.text).group(1).replace("&#43;", "+")
    said = b64encode(digest(b64decode(salt), erasing.SUBJECT + number.encode(), "sha256")).decode()
    assert commitment == said
    for later in (shown.text, person.client.post("/me/erase", data=form, headers=SAME).text):
        assert salt not in later
    assert number not in shown.text
    assert person.get("/me").status_code == 303, "signed out"
    assert 'href="/me"' not in answer.text.split("<main")[0], "and the page itself knows"


@pytest.mark.law("L-31")
def test_the_salt_stands_in_no_address_no_log_and_no_file(pages, number, caplog):
    caplog.set_level(logging.DEBUG)
    _, answer, _ = erased(pages, number)
    salt = salt_of(answer.text)
    assert salt
    assert not [link for link in re.findall(r'(?:href|action|src)="([^"]*)"', answer.text) if salt[:8] in link]
    assert salt not in caplog.text
    site = pages.office.site
    raw = b64decode(salt)
    for file in site.config.folder.rglob("*"):
        if file.is_file():
            body = file.read_bytes()
            assert raw not in body, file
            assert salt.encode() not in body, file
    kept = pages.office.keeping._connection.execute("SELECT kind, key, value FROM kept").fetchall()
    assert salt not in repr(kept)
    with site.store.connect() as connection:  # decrypted, every table
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = [cell for name in names for row in connection.execute(f"SELECT * FROM {name}") for cell in row]
    assert len(cells) > 500
    assert not [cell for cell in cells if isinstance(cell, str) and salt in cell]
    assert not [cell for cell in cells if isinstance(cell, bytes) and (raw in cell or salt.encode() in cell)]


@pytest.mark.law("L-31")
def test_the_proof_is_read_by_anybody_and_verifies_without_us(pages, number):
    _, answer, _ = erased(pages, number)
    erasure = re.search(r"<code>(\w+-\w+)</code>", answer.text).group(1)
    pages.office.site.sign()
    stranger = pages.anyone()
    page = stranger.get(f"/erased/{erasure}").text
    assert "24 小时内，随后在这里可以看到" in page, "the second stage is not claimed before it is sealed"
    receipt = stranger.get(f"/erased/{erasure}/here")
    assert verify_text(receipt.text, Trust(policy=pages.office.trust()))
    assert stranger.get(f"/erased/{erasure}/everywhere").status_code == 404
    for other in ("/erased/D-nobody", "/erased/D-nobody/here", f"/erased/{erasure}/x"):
        assert stranger.get(other).status_code == 404


def test_what_could_not_be_read_back_is_not_called_proven(pages, number, monkeypatch):
    found = erasing._still_there
    monkeypatch.setattr(erasing, "_still_there", lambda site, traces: (*found(site, traces), ("x", 0, 0)))
    _, answer, _ = erased(pages, number)
    assert answer.status_code == 200
    assert "还不能给出证明" in answer.text
    assert not salt_of(answer.text), "a salt without a proof shows nothing"
