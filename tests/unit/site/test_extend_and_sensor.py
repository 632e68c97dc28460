"""延期 and 设备登记册 by command: two people widen a window; every device that senses people is in a register."""

import io
import json
import os

import pytest
from click.testing import CliRunner
from office import phone
from site_folder import as_office, make, opened

from mingshi.app.facts import SensorRegistered
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.kernel.timeline import DAY, HOUR
from mingshi.site.running import Running
from mingshi.site.telling import Teller
from mingshi.store import fsck


@pytest.fixture
def site(quick_path):
    make(quick_path / "site", os.urandom)
    with opened(quick_path / "site") as site:
        as_office(site).staff_the_office()
        with Running(site, Teller(site.clock, io.StringIO()), sign_s=3600, housekeep_s=3600):
            yield site
        assert list(fsck.check(site.store, site.clock())) == []


@pytest.fixture
def run(site, quick_path):
    def command(name, *arguments):
        place = ["--data", str(quick_path / "site")]
        return CliRunner().invoke(main, [name, *place, *arguments])

    return command


def rows(site, kind):
    return site.store.look(lambda transaction: list(transaction.every(kind)), now=site.clock())


def extend(run, registration, *, by=("s1", "s2"), days="5", reason="台风停业", window="report", json_=True):
    people = [word for one in by for word in ("--by", one)]
    more = ["--json"] if json_ else []
    return run("extend", registration, "--window", window, "--days", days, "--reason", reason, *people, *more)


def refused(done):
    return done.exit_code, json.loads(done.stdout)["result"]["refused"]


def test_two_people_widen_a_window_and_one_does_not(site, run):
    registration = site.run(register_client, RegisterClient("a1", phone(1), "王测试", "海棠湾")).answer.ids[
        "registration"
    ]
    assert refused(extend(run, registration, by=("s1", "s1"))) == (2, "two_people")
    assert refused(extend(run, registration, by=("s1", "nobody"))) == (2, "not_staff")
    assert refused(extend(run, "R-none")) == (2, "unknown_registration")
    for by in (("s1",), ("s1", "s2", "s3")):
        assert "--by" in extend(run, registration, by=by).output
    for days in ("0", "-3", "many"):
        assert extend(run, registration, days=days).exit_code == 2
    assert rows(site, e.Extension) == []

    done = extend(run, registration, json_=False)
    assert (done.exit_code, "已延期至" in done.output, "Extended until" in done.output) == (0, True, True), done.output
    (row,) = rows(site, e.Extension)
    said = (row.registration, row.window, row.days, row.reason, row.approver1, row.approver2)
    assert said == (registration, e.Window.REPORT, 5, "台风停业", "s1", "s2")

    too_late = refused(extend(run, registration, reason=""))
    assert too_late == (2, "not_extended"), "no reason, no effect"
    assert len(rows(site, e.Extension)) == 2, "the attempt stays"


def test_a_window_is_longer_by_the_days_that_were_approved(site, run):
    until = []
    for days in (None, "7"):
        client = phone(10 + len(until))
        registration = site.run(register_client, RegisterClient("a1", client, "王测试", "海棠湾")).answer.ids[
            "registration"
        ]
        if days:
            done = extend(run, registration, days=days)
            until.append(json.loads(done.stdout)["result"]["args"]["until"])
        else:
            done = extend(run, registration, days="1")
            until.append(json.loads(done.stdout)["result"]["args"]["until"] - DAY)
    assert abs(until[1] - until[0] - 7 * DAY) < HOUR


@pytest.mark.law("L-54")
def test_the_register_of_devices_takes_once_lists_and_lets_go(site, run):
    assert "没有登记的设备" in run("sensor").output
    beam = ("add", "beam-1", "--type", "beam", "--place", "大门", "--purpose", "到访人数")
    done = run("sensor", *beam, "--by", "王经理")
    assert (done.exit_code, done.output) == (0, "设备已登记。\nThe device is registered.\n")
    assert refused(run("sensor", *beam, "--by", "王经理", "--json")) == (2, "already_recorded")
    (row,) = rows(site, SensorRegistered)
    assert (row.device, row.type.value, row.place, row.purpose, row.by) == (
        "beam-1",
        "beam",
        "大门",
        "到访人数",
        "王经理",
    )
    assert "beam-1  beam  大门  到访人数" in run("sensor").output

    gone = ("remove", "beam-1", "--by", "陈总监")
    assert run("sensor", *gone).exit_code == 0
    assert refused(run("sensor", *gone, "--json")) == (2, "unknown_device")
    assert "没有登记的设备" in run("sensor").output
    assert run("sensor", *beam, "--by", "王经理").exit_code == 0, "it may come back"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"--type": "hall_fixed", "--purpose": "occupancy_safety", "--counsel": "意见书"}, "sensor_hall_fixed"),
        ({"--type": "camera_counter"}, "sensor_camera_counter"),
        ({"--type": "camera_counter", "--purpose": "occupancy_safety"}, "sensor_camera_counter"),
        ({"--type": "camera_counter", "--counsel": "意见书 3"}, "sensor_camera_counter"),
        (
            {"--type": "camera_counter", "--purpose": "occupancy_safety", "--counsel": "3", "--place": ""},
            "sensor_incomplete",
        ),
        ({"--place": " "}, "sensor_incomplete"),
        ({"--purpose": ""}, "sensor_incomplete"),
        ({"device": " "}, "sensor_incomplete"),
        ({"--by": " "}, "who_needed"),
    ],
)
def test_what_is_no_device_of_a_lawful_register_is_refused(site, run, change, reason):
    said = {"--type": "beam", "--place": "大门", "--purpose": "到访人数", "--by": "王经理"} | change
    device = said.pop("device", "d-1")
    words = [word for pair in said.items() for word in pair]
    assert refused(run("sensor", "add", device, *words, "--json")) == (2, reason)
    assert rows(site, SensorRegistered) == []


def test_counts_are_taken_once_a_counter_is_in_the_register_and_no_longer(site, run, quick_path):
    lists = quick_path / "lists"
    lists.mkdir()
    site.store.put_settings({"consents": "required"})

    def bring(number):
        text = f"count,since,until,adults\nCT{number},2026-04-0{number} 09:00,2026-04-0{number} 18:00,40\n"
        (lists / "counts.csv").write_text(text, encoding="utf-8")
        done = run("roster", str(lists), "--by", "王经理", "--json")
        return done.exit_code, done.output

    add = ("add", "beam-1", "--type", "beam", "--place", "大门", "--purpose", "到访人数", "--by", "王经理")
    code, told = bring(1)
    assert (code, "no_counter_registered" in told) == (2, True), told
    assert run("sensor", *add).exit_code == 0
    assert bring(1)[0] == 0
    assert run("sensor", "remove", "beam-1", "--by", "王经理").exit_code == 0
    assert bring(2)[0] == 2
