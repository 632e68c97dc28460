"""Passes are made for the origin that the operator set; the browser's half is served from it."""

import pytest
from hall import Browser, Phone

from mingshi.domain.evidence import Means
from mingshi.domain.policy import OPEN
from mingshi.kernel.timeline import DAY
from mingshi.passes import STATIC
from mingshi.passes.sms import Handset
from mingshi.site import folder as folders
from mingshi.site.pages import SiteOffice
from mingshi.site.root import Site
from mingshi.web.render import static_file


@pytest.fixture
def office(quick_path):
    data, now = quick_path / "site", 20_574 * DAY
    folders.make(
        data,
        origin="haitang.example/site/7",
        project="海棠湾",
        policy=OPEN,
        now=now,
        random_bytes=bytes,
    )
    with Site.open(data, lambda: now) as site:
        office = SiteOffice(site, Handset())
        yield office
        office.close()


def test_without_an_origin_no_key_is_offered(office):
    assert office.keys == {}


@pytest.mark.parametrize(
    "origin",
    ["http://haitang.example", "https://10.0.0.7", "https://haitang.example/path", "haitang.example", "", "https://"],
)
def test_an_origin_that_browsers_give_no_keys_to_is_refused(office, origin):
    with pytest.raises(ValueError, match="https"):
        office.offer_keys(origin)


@pytest.mark.parametrize("origin", ["https://haitang.example", "http://localhost:8000"])
def test_keys_are_of_the_origin_that_was_set(office, origin):
    office.offer_keys(origin)
    rp_id = "localhost" if "localhost" in origin else "haitang.example"
    keys, now = office.keys[Means.PASSKEY], office.now()
    good, bad = (
        Phone().make(keys.enrol_options("b", now), origin=at, rp_id=rp_id) for at in (origin, "https://x.example")
    )
    assert keys.enrol("b", good, now)
    assert not keys.enrol("b", bad, now)
    keys = office.keys[Means.DEVICE_KEY]
    assert keys.enrol("b", Browser().answer(keys.enrol_options("b", now), site=origin), now)


@pytest.mark.parametrize("name", ["device-key.js", "passkey.js"])
def test_the_browsers_half_is_served_as_it_is(name):
    body, _ = static_file(name)
    assert body == (STATIC / name).read_bytes()


def test_a_number_is_known_by_what_is_held_of_it(office):
    assert not office._known("16000000001")
