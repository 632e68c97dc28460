"""Assessments, counts, working days, devices: what closes what."""

from datetime import date

import pytest

from mingshi.domain.consent.young import Age, band, may_consent
from mingshi.domain.impact import persons, workdays
from mingshi.domain.impact.assessment import (
    CONFIGURED,
    FULL,
    SECTIONS,
    SIMPLE,
    Assessment,
    config_hash,
    drift,
    incomplete,
    review_due,
)
from mingshi.domain.impact.audit import ITEMS, Result, self_audit
from mingshi.domain.impact.filing import OWN, PARTS, Occasion, lacking
from mingshi.domain.impact.gate import ATTESTED_FOR, Readiness, closed_by
from mingshi.domain.impact.persons import LINE, Filing, filing, may_issue, small_handler
from mingshi.domain.impact.sensors import DeviceType, Sensor, refusal, unregistered
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.retention import CLOCK_SLACK, Keep, expires, strictest, trusted
from mingshi.domain.rights.right import ALLOWED, ARTICLES, GROUNDS, ROUTES, Check, Ground, Right, check_enough, due
from mingshi.kernel.timeline import DAY, Micros, Zone

NOW = Micros(20_574 * DAY)
READY = Readiness(
    assessment_signed=True, assessment_current=True, notice_published=True, notice_in_force=True,
    non_face_ways=("sms",), zone_decision=True, sign_attested_at=Micros(NOW - DAY), live_passes=0, filed=False,
    devices_accepted=True,
)  # fmt: skip


@pytest.mark.law("L-02")
@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"assessment_signed": False}, "no_assessment"), ({"assessment_current": False}, "assessment_drift"),
        ({"notice_published": False}, "no_notice"), ({"notice_in_force": False}, "notice_not_in_force"),
        ({"non_face_ways": ()}, "no_other_way"), ({"zone_decision": False}, "no_zone_decision"),
        ({"sign_attested_at": None}, "sign_not_attested"), ({"devices_accepted": False}, "device_refused"),
        ({"live_passes": LINE - 1}, "filing_due"),
    ],
)  # fmt: skip
def test_faces_stay_closed_where_any_one_thing_is_missing(change, missing):
    assert closed_by(READY, NOW) == ()
    assert closed_by(READY._replace(**change), NOW) == (missing,)


@pytest.mark.law("L-42")
def test_a_stale_photograph_of_the_sign_closes_faces():
    at = READY.sign_attested_at
    assert closed_by(READY, Micros(at + ATTESTED_FOR - 1)) == ()
    assert closed_by(READY, Micros(at + ATTESTED_FOR)) == ("sign_not_attested",)
    assert closed_by(READY, Micros(at - 1)) == ("sign_not_attested",)


@pytest.mark.law("L-35")
def test_an_empty_section_is_not_signed_and_a_changed_setting_is_drift():
    answers = {one.name: "答" for one in SECTIONS}
    whole = Assessment("1", FULL, answers, dict.fromkeys(CONFIGURED, "x"), Micros(NOW + 300 * DAY))
    assert incomplete(whole) == ()
    for one in SECTIONS:
        assert incomplete(whole._replace(answers=answers | {one.name: " "})) == (one.name,)
    simple = {one.name: "答" for one in SECTIONS if one.simple}
    assert incomplete(Assessment("1", SIMPLE, simple, {}, NOW)) == ()
    assert incomplete(Assessment("1", FULL, simple, {}, NOW)) != ()
    for name in CONFIGURED:
        other = whole.config | {name: "y"}
        assert drift(whole.config, other) == (name,)
        assert config_hash(other) != config_hash(whole.config)
    assert review_due(Micros(NOW + 900 * DAY), NOW, Micros(NOW + 365 * DAY))
    assert not review_due(Micros(NOW + 900 * DAY), NOW, Micros(NOW + 364 * DAY))


@pytest.mark.law("L-37")
def test_the_line_of_a_hundred_thousand():
    assert filing(79_999, filed=False) is Filing.BELOW
    assert filing(80_000, filed=False) is Filing.NEAR
    assert filing(99_999, filed=False) is Filing.NEAR
    assert filing(100_000, filed=False) is Filing.DUE
    assert filing(100_000, filed=True) is Filing.FILED
    assert may_issue(99_998, filed=False)
    assert not may_issue(99_999, filed=False)
    assert may_issue(99_999, filed=True)
    assert small_handler(99_999)
    assert not small_handler(100_000)


@pytest.mark.law("L-37")
@pytest.mark.parametrize(
    ("start", "days", "end", "sure"),
    [
        (date(2026, 9, 18), 1, date(2026, 9, 20), True),  # a Sunday worked for the National Day
        (date(2026, 9, 30), 1, date(2026, 10, 8), True),
        (date(2026, 2, 13), 2, date(2026, 2, 24), True),  # Saturday 14 is worked, then the Spring Festival
        (date(2026, 4, 30), persons.FILING_WORKDAYS, date(2026, 6, 15), True),
        (date(2026, 12, 31), 1, date(2027, 1, 1), False),  # not announced: counted by weekends, and said so
    ],
)
def test_working_days_follow_the_announced_calendar(start, days, end, sure):
    assert workdays.after(start, days) == (end, sure)


@pytest.mark.law("L-38")
def test_the_self_audit_has_nineteen_items_and_believes_nothing_without_evidence():
    assert len(ITEMS) == 19
    found = self_audit({"notice": ("NT-1",)}, {"minors": "no child is recorded", "notice": "ignored"})
    assert len(found) == 19
    by_name = {one.item.name: one for one in found}
    assert by_name["notice"].result is Result.YES
    assert by_name["minors"].result is Result.NOT_APPLICABLE
    assert all(one.result is Result.NO for name, one in by_name.items() if name not in ("notice", "minors"))


def test_a_filing_pack_names_what_is_missing():
    for occasion, parts in PARTS.items():
        assert lacking(occasion, OWN) == tuple(part for part in parts if part not in OWN)
        assert lacking(occasion, frozenset(parts)) == ()
    assert "deletion_proofs" in PARTS[Occasion.CANCEL]


@pytest.mark.law("L-18")
def test_a_fixed_device_over_a_hall_is_refused_whatever_it_says():
    for purpose in ("occupancy_safety", "attribution", ""):
        assert refusal(Sensor("c1", DeviceType.HALL_FIXED, "沙盘", purpose, "counsel")) == "hall_fixed"
    assert refusal(Sensor("p1", DeviceType.HANDHELD, "前台", "face_pass")) == ""


@pytest.mark.law("L-19")
def test_a_camera_that_counts_needs_safety_and_counsel():
    camera = Sensor("c2", DeviceType.CAMERA_COUNTER, "门", "occupancy_safety", "意见书 3 号")
    assert refusal(camera) == ""
    assert refusal(camera._replace(counsel_record=" ")) == "camera_counter"
    assert refusal(camera._replace(purpose="attribution")) == "camera_counter"
    assert refusal(Sensor("b1", DeviceType.BEAM, "门", "counting")) == ""


@pytest.mark.law("L-54")
def test_a_device_that_is_not_in_the_register_is_an_alarm():
    assert unregistered(["b1", "c9"], ["b1"]) == ("c9",)
    assert unregistered(["b1"], ["b1", "b2"]) == ()


@pytest.mark.law("L-11")
@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        (date(2012, 5, 1), date(2026, 5, 1), Age.UNDER_14), (date(2012, 5, 1), date(2026, 5, 2), Age.FROM_14),
        (date(2008, 5, 1), date(2026, 5, 1), Age.FROM_14), (date(2008, 5, 1), date(2026, 5, 2), Age.FROM_18),
        (date(2012, 2, 29), date(2026, 3, 1), Age.UNDER_14), (date(2012, 2, 29), date(2026, 3, 2), Age.FROM_14),
    ],
)  # fmt: skip
def test_birthdays_count_from_the_day_after(born, on, expected):
    assert band(born, on) is expected


@pytest.mark.law("L-11")
def test_the_young_give_no_face_and_children_need_a_guardian_and_rules():
    for age in (Age.UNDER_14, Age.FROM_14, Age.UNSAID):
        assert not may_consent(Purpose.FACE_PASS, age, guardian=True, child_rules=True)
    assert may_consent(Purpose.FACE_PASS, Age.FROM_18)
    assert not may_consent(Purpose.ATTRIBUTION, Age.UNDER_14, guardian=True)
    assert not may_consent(Purpose.ATTRIBUTION, Age.UNDER_14, child_rules=True)
    assert may_consent(Purpose.ATTRIBUTION, Age.UNDER_14, guardian=True, child_rules=True)
    assert may_consent(Purpose.ATTRIBUTION, Age.FROM_14)


@pytest.mark.law("L-28")
def test_every_right_has_its_article_and_every_refusal_its_ground_and_routes():
    assert set(ARTICLES) == set(Right)
    assert set(GROUNDS) == set(Ground)
    assert set(ALLOWED) == set(Right)
    assert ROUTES == ("handler", "authority", "court")
    assert all(ALLOWED[right] for right in Right)
    assert Ground.KEPT_BY_LAW not in ALLOWED[Right.RESTRICT] | ALLOWED[Right.OBJECT]


@pytest.mark.law("L-27")
def test_no_check_of_identity_is_a_face_and_kin_show_papers():
    assert {check.value for check in Check} == {"phone_code", "device_key", "passkey", "receipt", "desk", "kin_papers"}
    for right in Right:
        assert check_enough(right, Check.KIN_PAPERS) is (right is Right.KIN)


@pytest.mark.law("L-27")
def test_a_request_is_due_in_fifteen_working_days():
    zone = Zone()
    received = Micros(zone.start(date(2026, 4, 30)) + 9 * 3_600_000_000)
    assert due(received, zone) == (zone.end(date(2026, 5, 25)), True)


@pytest.mark.law("L-30")
def test_every_class_of_terms_ends():
    for keep in Keep:
        assert NOW < expires(keep, NOW, protection_days=None) <= NOW + 4 * 366 * DAY
    assert expires(Keep.UNCONFIRMED, NOW) == NOW + 7 * DAY
    assert expires(Keep.VISIT, NOW, protection_days=30) == NOW + 90 * DAY
    assert expires(Keep.VISIT, NOW, protection_days=999) == NOW + 425 * DAY


@pytest.mark.law("L-30")
def test_a_clock_that_no_witness_confirms_deletes_nothing():
    assert not trusted(NOW, None)
    for off in (-CLOCK_SLACK, 0, CLOCK_SLACK):
        assert trusted(Micros(NOW + off), NOW)
    for off in (-CLOCK_SLACK - 1, CLOCK_SLACK + 1, 5 * 365 * DAY):
        assert not trusted(Micros(NOW + off), NOW)


@pytest.mark.law("L-47")
def test_of_two_regimes_the_stricter_holds():
    assert strictest(90, 30, None) == 30
    assert strictest(None) is None
    assert strictest(0, 5) == 0
