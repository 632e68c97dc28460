"""The line of 100,000, the self-audit and the filing pack, from what the record holds by itself."""

import json
from datetime import date

import pytest
import site_folder
from click.testing import CliRunner
from lawful import agreed, publish
from office import phone

from mingshi.app import facts as f
from mingshi.app.audit_evidence import audit
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.filing import filing_pack, standing
from mingshi.app.issue_pass import IssuePass, RevokePass, issue_pass, revoke_pass
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.sign_assessment import (
    Attest,
    RegisterSensor,
    RemoveSensor,
    SignAssessment,
    attest,
    live_passes,
    register_sensor,
    remove_sensor,
    sign_assessment,
)
from mingshi.app.supposing import blank
from mingshi.cli import main
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, Means
from mingshi.domain.impact import persons, workdays
from mingshi.domain.impact.assessment import FULL, SECTIONS, Assessment
from mingshi.domain.impact.audit import Result
from mingshi.domain.impact.filing import Occasion
from mingshi.domain.impact.persons import Filing
from mingshi.domain.impact.sensors import DeviceType, Sensor
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.rights.right import Check, Right
from mingshi.kernel.canonical import loads
from mingshi.kernel.timeline import DAY, Zone
from mingshi.present.papers import filing_html
from mingshi.present.texts import Lang
from mingshi.site import doctor
from mingshi.site.root import system_clock

ONE = phone(1)
BEAM = Sensor("beam-1", DeviceType.BEAM, "正门", "计数")


def _look(office, reader, *more):
    return office.store.look(lambda t: reader(t, *more), now=office.now)


def _sign(office):
    draft = Assessment("1", FULL, {one.name: f"答 {one.name}" for one in SECTIONS}, {}, office.now + 300 * DAY)
    assert office.do(sign_assessment, SignAssessment(draft, "李示例"))


@pytest.mark.law("L-37")
def test_at_the_line_no_pass_is_issued_until_the_site_has_filed(office, monkeypatch):
    """The line is put at five: the count is the record's own, revoked and erased passes are none."""
    monkeypatch.setattr(persons, "LINE", 5)
    monkeypatch.setattr(persons, "WARN_AT", 4)
    publish(office)
    issues = []
    for number in range(1, 5):
        agreed(office, Purpose.ATTRIBUTION, phone(number))
        issues.append(office.do(issue_pass, IssuePass(f"P{number}", phone(number))))
    assert all(issues)
    assert _look(office, standing).state is Filing.NEAR
    refused = office.do(issue_pass, IssuePass("P5", ONE))
    assert (refused.reason, refused.rule) == ("filing_due", "L-37")
    at = office.now - 1_000_000
    told = _look(office, standing)
    assert (told.live, told.state, told.since) == (4, Filing.DUE, at)
    assert told.due == "2026-06-15", "30 working days after May Day: the PRC calendar"
    assert office.do(revoke_pass, RevokePass(issues[0].ids["issue"]))
    assert _look(office, live_passes) == 3
    assert office.do(issue_pass, IssuePass("P5", ONE)), "one less lives"
    assert not office.do(issue_pass, IssuePass("P6", ONE))
    assert len(office.read(f.Attested, "what", "line")) == 1, "the day is noted once"
    assert office.do(attest, Attest("filed", "李示例", "ab" * 32))
    assert office.do(issue_pass, IssuePass("P6", ONE))
    assert _look(office, standing).state is Filing.FILED


@pytest.mark.law("L-37")
def test_no_deadline_is_guessed_where_the_holidays_are_not_announced(office):
    last = max(workdays.YEARS)
    assert workdays.deadline(date(last, 11, 2), 30) == date(last, 12, 14)
    assert workdays.deadline(date(last, 12, 1), 30) is None
    assert workdays.deadline(date(min(workdays.YEARS) - 1, 12, 1), 1) is None
    for year in workdays.YEARS.values():
        assert year.source.startswith("国办发明电〔")
        assert not year.off & year.worked
        assert all(day.weekday() >= workdays.SATURDAY for day in year.worked)
    assert [len(year.off) for year in workdays.YEARS.values()] == [28, 33], "as many days as the notices name"


@pytest.mark.law("L-38")
def test_the_audit_is_filled_in_by_ids_that_stand_in_the_log_and_by_nothing_else(office):
    before = {one.item.name: one for one in _look(office, audit)}
    assert {name for name, one in before.items() if one.result is Result.YES} <= {"minimum"}
    publish(office)
    assert office.do(register_sensor, RegisterSensor(BEAM, "m1"))
    _sign(office)
    agreed(office, Purpose.REGISTRATION, ONE)
    agreed(office, Purpose.ATTRIBUTION, ONE)
    assert office.do(check_in, CheckIn(ONE, Means.OTP, DoorCode.VALID))
    found = {one.item.name: one for one in _look(office, audit)}
    assert {name for name, one in found.items() if one.result is Result.NO} <= {
        "minimum", "retention", "measures", "incident_plan", "training_and_officer",
    }  # fmt: skip
    ids = {row.id for kind in (f.NoticePublished, f.ConsentAct, f.AssessmentSigned, f.SensorRegistered)
           for row in office.read(kind)}  # fmt: skip
    for name in ("notice", "lawful_basis", "separate_consent", "impact_assessment", "public_place_devices"):
        assert found[name].evidence, name
        assert set(found[name].evidence) <= ids, name
    for what in ("measures", "incident_plan", "training"):
        assert office.do(attest, Attest(what, "李示例", "ab" * 32))
    assert office.do(request_right, RequestRight(Right.SEE, (ONE,), Check.PHONE_CODE))
    office.wait(days=60)
    assert office.do(remove_sensor, RemoveSensor("beam-1", "m1"))
    later = {one.item.name: one for one in _look(office, audit)}
    assert later["incident_plan"].result is Result.YES
    assert later["rights"].result is Result.NO, "a request is overdue"
    assert later["impact_assessment"].result is Result.NO, "a device is gone: it does not fit"
    assert later["public_place_devices"].result is Result.NOT_APPLICABLE


@pytest.mark.law("L-38")
def test_what_had_no_ground_takes_the_yes_away(quick_path):
    from office import Office

    office = Office(quick_path, seed=3)
    assert office.do(check_in, CheckIn(ONE, Means.OTP, DoorCode.VALID))
    publish(office)
    assert {one.item.name: one.result for one in _look(office, audit)}["lawful_basis"] is Result.NO
    office.close()


@pytest.mark.law("L-37", "L-35")
def test_the_pack_holds_what_the_record_knows_and_names_what_is_missing(office):
    assert _look(office, filing_pack, Occasion.FIRST)["parts"] == {}
    publish(office)
    _sign(office)
    pack = _look(office, filing_pack, Occasion.FIRST)
    assert set(pack["parts"]) == {"handler_form", "technology_form", "impact_assessment"}
    assert pack["missing"] == ["credit_code_scan", "legal_representative_id", "agent_authorisation", "commitment"]
    assert pack["parts"]["handler_form"]["credit_code"] == "答 credit_code"
    assert pack["parts"]["technology_form"]["persons_now"] == 0
    assert office.do(attest, Attest("filed", "李示例", "ab" * 32))
    assert _look(office, standing).since is None
    office.wait(days=3)
    changed = office.now
    assert office.do(register_sensor, RegisterSensor(BEAM, "m1"))
    pack = _look(office, filing_pack, Occasion.CHANGE)
    assert pack["parts"]["what_changed"] == {"counters": {"filed": "", "now": "beam-1=beam"}}
    page = filing_html(pack, Lang.ZH, Zone())
    assert "最迟 2026-06-15 办理" in page
    unknown = pack | {"standing": pack["standing"] | {"due": ""}}
    assert "2026 年之后的放假安排尚未公布" in filing_html(unknown, Lang.ZH, Zone())
    told = _look(office, standing)
    assert (told.since, told.due) == (changed, "2026-06-15"), "the fourth and fifth of May are holidays"


@pytest.mark.law("L-54")
def test_counts_come_from_a_registered_device_that_makes_no_image(office):
    count = blank(e.Count, id="", since=office.now - DAY, until=office.now, adults=12, staff=3)
    assert office.do(keep_roster, KeepRoster((count,))).reason == "no_counter_registered"
    assert office.do(register_sensor, RegisterSensor(BEAM, "m1"))
    assert office.do(keep_roster, KeepRoster((count,)))


@pytest.mark.law("L-54")
def test_a_camera_on_the_machine_that_is_not_registered_is_an_alarm(quick_path, monkeypatch):
    site_folder.make(quick_path / "site", __import__("os").urandom)
    (quick_path / "video" / "video0").mkdir(parents=True)
    monkeypatch.setattr(doctor, "_VIDEO", quick_path / "video")
    with site_folder.opened(quick_path / "site") as site:
        found = [one for one in doctor.examine(site) if one.name == "camera"]
        assert [(one.level, "video0" in one.english) for one in found] == [("bad", True)]
        sensor = Sensor("video0", DeviceType.HANDHELD, "前台", "face_pass")
        assert site.run(register_sensor, RegisterSensor(sensor, "m1")).answer
        assert not [one for one in doctor.examine(site) if one.name == "camera"]


def test_the_commands_print_the_audit_and_write_the_pack(quick_path):
    import os

    site_folder.make(quick_path / "site", os.urandom, now=system_clock())
    run = lambda *more: CliRunner().invoke(main, ["pia", "--data", str(quick_path / "site"), *more])  # noqa: E731
    told = run("--audit")
    assert told.exit_code == 0, told.output
    assert told.output.count("\n") >= 19
    assert "有效凭证 / live passes: 0" in told.output
    paper = quick_path / "plan.txt"
    paper.write_text("应急预案", encoding="utf-8")
    assert run("--attest", "incident_plan").exit_code == 2
    done = run("--attest", "incident_plan", "--paper", str(paper), "--by", "李示例")
    assert "已声明" in done.output, done.output
    assert "AT-" in next(line for line in run("--audit").output.splitlines() if line.startswith("18."))
    pack = run("--filing", "first", "--out", str(quick_path / "pack"))
    assert "✗ 承诺书" in pack.output, pack.output
    written = json.loads((quick_path / "pack" / "pack.json").read_text(encoding="utf-8"))
    assert written["missing"][0] == "handler_form"
    assert loads(json.dumps(written).encode())
    assert "还缺以下材料" in (quick_path / "pack" / "pack-zh.html").read_text(encoding="utf-8")
