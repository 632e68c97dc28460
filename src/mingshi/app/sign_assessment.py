"""影响评估的签署与偏离: an assessment is signed over the settings it speaks of, and closes what it does not cover.

The rules this module keeps (L-02, L-35, L-42, L-54; INV-13):

1. An assessment with an empty section is not signed. The simple form is for a handler of fewer than 100,000 people.
2. What runs is read from the record (`running`): devices, notices, recipients, retention, rules; nobody types it.
3. `closed` says what stands against faces now; it is asked before each session, not once.
4. A fixed device over a hall is refused whatever it is said to compute.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import AssessmentSigned, Attested, SensorRegistered
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.domain import evidence as e
from mingshi.domain.ids import DeviceId
from mingshi.domain.impact.assessment import (
    CONFIGURED,
    SIMPLE,
    Assessment,
    config_hash,
    drift,
    incomplete,
    review_due,
)
from mingshi.domain.impact.gate import Readiness, closed_by
from mingshi.domain.impact.persons import LINE, small_handler
from mingshi.domain.impact.sensors import COUNTERS, FACE_DEVICES, DeviceType, Sensor, refusal, unregistered
from mingshi.domain.notice.notice import notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.canonical import dumps, integer, loads, mapping
from mingshi.kernel.timeline import Micros

_MAY_COUNT: Final = COUNTERS | {DeviceType.CAMERA_COUNTER}
ATTESTABLE: Final = ("sign", "zone", "filed", "incident", "measures", "incident_plan", "training")


class SignAssessment(NamedTuple):
    """The assessment and who signs it. Its configuration is read from the record, not from here."""

    assessment: Assessment
    by: str


class RegisterSensor(NamedTuple):
    """A device that senses people."""

    sensor: Sensor
    by: str


class RemoveSensor(NamedTuple):
    """A device that is gone."""

    device: DeviceId
    by: str


class Attest(NamedTuple):
    """Somebody attests a state of the site, with the digest of what shows it (a photograph without people)."""

    what: str
    by: str
    evidence_sha256: str


def sign_assessment(transaction: Transaction, command: SignAssessment) -> Answer:
    """Seal a signed assessment."""
    lacking = incomplete(command.assessment)
    if lacking:
        return Refused("assessment_incomplete", "L-35", args={"count": len(lacking), "sections": list(lacking)})
    if not command.by:
        return Refused("who_needed", "L-35")
    if command.assessment.form == SIMPLE and not small_handler(persons(transaction)):
        return Refused("simple_form_too_small", "L-38")
    config = running(transaction)
    signed = command.assessment._replace(config=config)
    row = AssessmentSigned(
        id=transaction.new_id("IA"),
        version=signed.version,
        form=signed.form,
        sha256=signed.sha256,
        config_sha256=config_hash(config),
        text=_text(signed),
        by=command.by,
        at=transaction.now,
    )
    transaction.seal(row)
    return Done("assessment_signed", {"assessment": row.id}, {"sha256": row.sha256, "config_sha256": row.config_sha256})


def register_sensor(transaction: Transaction, command: RegisterSensor) -> Answer:
    """Seal a device, or refuse it."""
    why = refusal(command.sensor)
    if why:
        return Refused(f"sensor_{why}", "L-18" if why == "hall_fixed" else "L-19")
    if not command.by.strip():
        return Refused("who_needed", "L-54")
    row = SensorRegistered(
        id=transaction.new_id("SE"),
        device=DeviceId(command.sensor.id),
        type=command.sensor.type,
        place=command.sensor.place,
        purpose=command.sensor.purpose,
        counsel_record=command.sensor.counsel_record,
        by=command.by,
        at=transaction.now,
        removed_at=None,
    )
    if any(one.removed_at is None for one in transaction.read(SensorRegistered, "device", row.device)):
        return Refused("already_recorded", "L-54")
    transaction.seal(row)
    return Done("sensor_registered", {"sensor": row.id})


def remove_sensor(transaction: Transaction, command: RemoveSensor) -> Answer:
    """Seal that a device is gone."""
    if not command.by.strip():
        return Refused("who_needed", "L-54")
    standing = [row for row in transaction.read(SensorRegistered, "device", command.device) if row.removed_at is None]
    if not standing:
        return Refused("unknown_device", "L-54")
    transaction.amend(SensorRegistered, standing[0].id, removed_at=transaction.now)
    return Done("sensor_removed", {"sensor": standing[0].id})


def attest(transaction: Transaction, command: Attest) -> Answer:
    """Seal an attestation."""
    if command.what not in ATTESTABLE:
        return Refused("unknown_attestation", "L-42")
    if not command.by or not command.evidence_sha256:
        return Refused("who_needed", "L-42")
    row = Attested(transaction.new_id("AT"), command.what, transaction.now, command.by, command.evidence_sha256)
    transaction.seal(row)
    return Done("attested", {"attestation": row.id})


def running(transaction: Transaction) -> dict[str, str]:
    """What of the site an assessment speaks of, as it is now."""
    published = [in_force(transaction, purpose, transaction.now) for purpose in Purpose]
    notices = [notice_of(row.text) for row in published if row is not None]
    sensors = [row for row in transaction.every(SensorRegistered) if row.removed_at is None]
    policy = transaction.source.policies.at(transaction.now)
    config = {
        "purposes": _list(one.purpose.value for one in notices),
        "face": transaction.setting("faces") or "off",
        "face_model": transaction.setting("face_model"),
        "devices": _list(f"{row.device}={row.type.value}" for row in sensors if row.type not in COUNTERS),
        "counters": _list(f"{row.device}={row.type.value}" for row in sensors if row.type in COUNTERS),
        "retention_days": _list(f"{one.purpose.value}={one.retention_days}" for one in notices),
        "recipients": _list(name for one in notices for name in one.recipients),
        "notices": _list(f"{one.purpose.value}={one.sha256}" for one in notices),
        "handlers": _list(name for one in notices for name in one.handlers),
        "non_face_ways": transaction.setting("non_face_ways"),
        "policy_masked": policy.masked.value,
        "export": "none",
    }
    assert tuple(config) == CONFIGURED, "every setting an assessment covers is read"
    return config


def counters(transaction: Transaction) -> list[SensorRegistered]:
    """The registered devices that count people and make no image."""
    return [row for row in transaction.every(SensorRegistered) if row.removed_at is None and row.type in _MAY_COUNT]


def not_registered(transaction: Transaction, seen: Iterable[str]) -> tuple[str, ...]:
    """Devices that are on the site and not in the register: an alarm each (L-54)."""
    standing = (row.device for row in transaction.every(SensorRegistered) if row.removed_at is None)
    return unregistered(seen, standing)


def last_signed(transaction: Transaction) -> AssessmentSigned | None:
    """The newest assessment."""
    return max(transaction.every(AssessmentSigned), key=lambda row: row.at, default=None)


def drifted(transaction: Transaction) -> tuple[str, ...]:
    """Settings that are not what was assessed; all of them where nothing was."""
    return CONFIGURED if last_signed(transaction) is None else drift(assessed(transaction), running(transaction))


def assessed(transaction: Transaction) -> dict[str, str]:
    """The settings that the newest assessment speaks of; none where there is none."""
    signed = last_signed(transaction)
    if signed is None:
        return {}
    return {name: str(value) for name, value in mapping(mapping(loads(signed.text.encode()))["config"]).items()}


def closed(transaction: Transaction) -> tuple[str, ...]:
    """What stands against faces now; empty: a session may be opened."""
    now = transaction.now
    signed = last_signed(transaction)
    incident = max((row.at for row in transaction.read(Attested, "what", "incident")), default=None)
    current = (
        signed is not None
        and not drifted(transaction)
        and not review_due(_next_review(signed), signed.at, now)
        and (incident is None or incident < signed.at)
    )
    sign = max((row.at for row in transaction.read(Attested, "what", "sign")), default=None)
    sensors = [row for row in transaction.every(SensorRegistered) if row.removed_at is None]
    notice = in_force(transaction, Purpose.FACE_PASS, now)
    ready = Readiness(
        assessment_signed=signed is not None,
        assessment_current=current,
        notice_published=notice is not None,
        notice_in_force=notice is not None and notice.effective_from <= now,
        non_face_ways=tuple(filter(None, transaction.setting("non_face_ways").split(","))),
        zone_decision=bool(transaction.read(Attested, "what", "zone")),
        sign_attested_at=sign,
        live_passes=live_passes(transaction),
        filed=bool(transaction.read(Attested, "what", "filed")),
        devices_accepted=any(row.type in FACE_DEVICES for row in sensors),
    )
    return closed_by(ready, now)


def live_passes(transaction: Transaction) -> int:
    """Passes that are not revoked: counted as if a template were stored (LAW decision 1)."""
    return transaction.standing(e.Pass, 10 * LINE)


def persons(transaction: Transaction) -> int:
    """People on whom something is held: those who checked in or were registered with a number of their own."""
    came = {row.phone for row in transaction.every(e.Arrival)}
    return len((came | {row.phone for row in transaction.every(e.Confirmation)}) - {e.NOBODY})


def _next_review(signed: AssessmentSigned) -> Micros:
    return Micros(integer(mapping(loads(signed.text.encode()))["next_review"]))


def _text(signed: Assessment) -> str:
    return dumps(signed.as_json()).decode()


def _list(values: Iterable[str]) -> str:
    return ",".join(sorted(set(values)))
