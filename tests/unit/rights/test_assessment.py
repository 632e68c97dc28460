"""The assessment against the real record: signed, fitting, drifting, closing."""

import pytest
from lawful import agreed, publish

from mingshi.app.issue_pass import IssuePass, issue_pass
from mingshi.app.sign_assessment import (
    Attest,
    RegisterSensor,
    RemoveSensor,
    SignAssessment,
    attest,
    closed,
    drifted,
    register_sensor,
    remove_sensor,
    sign_assessment,
)
from mingshi.domain.impact.assessment import FULL, SECTIONS, Assessment
from mingshi.domain.impact.sensors import DeviceType, Sensor
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.timeline import DAY

BOOTH = Sensor("booth-1", DeviceType.ENCLOSED_BOOTH, "洽谈室", "face_pass")


def _sign(office):
    draft = Assessment("1", FULL, {one.name: "答" for one in SECTIONS}, {}, office.now + 300 * DAY)
    return office.do(sign_assessment, SignAssessment(draft, "李示例"))


def _closed(office):
    return office.store.look(closed, now=office.now)


def _opened(office):
    office.store.put_settings({"non_face_ways": "sms,desk"})
    publish(office)
    assert office.do(register_sensor, RegisterSensor(BOOTH, "m1"))
    for what in ("sign", "zone"):
        assert office.do(attest, Attest(what, "m1", "ab" * 32))
    assert _sign(office)
    assert _closed(office) == ()


@pytest.mark.law("L-42", "L-02")
def test_faces_open_only_when_all_stands_and_close_after_thirty_days(office):
    assert set(_closed(office)) >= {
        "no_assessment",
        "no_notice",
        "no_other_way",
        "no_zone_decision",
        "sign_not_attested",
    }
    _opened(office)
    office.wait(days=29)
    assert _closed(office) == ()
    office.wait(days=1, minutes=1)
    assert _closed(office) == ("sign_not_attested",)
    assert office.do(attest, Attest("sign", "m1", "cd" * 32))
    assert _closed(office) == ()


@pytest.mark.law("L-35")
def test_any_change_of_the_site_closes_what_the_assessment_covered(office):
    _opened(office)
    changes = [
        ("devices", lambda: office.do(register_sensor, RegisterSensor(BOOTH._replace(id="booth-2"), "m1"))),
        (
            "counters",
            lambda: office.do(register_sensor, RegisterSensor(Sensor("b", DeviceType.BEAM, "门", "计数"), "m1")),
        ),
        ("retention_days", lambda: publish(office, Purpose.FACE_PASS, version="2", retention_days=45)),
        ("face_model", lambda: office.store.put_settings({"face_model": "m2"})),
        ("non_face_ways", lambda: office.store.put_settings({"non_face_ways": "sms"})),
    ]
    for name, change in changes:
        change()
        office.wait(minutes=1)
        assert name in office.store.look(drifted, now=office.now)
        assert "assessment_drift" in _closed(office)
        assert _sign(office)
        assert _closed(office) == ()
    assert office.do(attest, Attest("incident", "m1", "ef" * 32))
    assert _closed(office) == ("assessment_drift",)


@pytest.mark.law("L-35")
def test_an_assessment_is_old_after_its_date(office):
    _opened(office)
    office.wait(days=301)
    assert office.do(attest, Attest("sign", "m1", "cd" * 32))
    assert "assessment_drift" in _closed(office)


@pytest.mark.law("L-18", "L-54")
def test_the_register_refuses_takes_once_and_lets_go(office):
    hall = Sensor("cam-1", DeviceType.HALL_FIXED, "沙盘", "occupancy_safety", "意见书")
    assert office.do(register_sensor, RegisterSensor(hall, "m1")).reason == "sensor_hall_fixed"
    assert office.do(register_sensor, RegisterSensor(BOOTH, "m1"))
    assert office.do(register_sensor, RegisterSensor(BOOTH, "m1")).reason == "already_recorded"
    assert office.do(remove_sensor, RemoveSensor("booth-1", "m1"))
    assert office.do(remove_sensor, RemoveSensor("booth-1", "m1")).reason == "unknown_device"
    assert "device_refused" in _closed(office)


def test_live_passes_are_counted(office):
    from mingshi.app.sign_assessment import live_passes

    publish(office)
    assert office.do(issue_pass, IssuePass("P1", "16000000001")).reason == "no_consent"
    agreed(office, Purpose.ATTRIBUTION, "16000000001")
    assert office.do(issue_pass, IssuePass("P1", "16000000001"))
    assert office.store.look(live_passes, now=office.now) == 1
