"""The consent record and its receipt (同意回执), with the fields of ISO/IEC TS 27560:2023 (LAW §6.3).

The rules this module keeps:

1. Every field that the specification makes mandatory is there and not empty (`missing` says which is not).
2. One purpose a record. The person stands in it under a pseudonym; there is no name, no number, nothing of a body.
3. "Designed to" TS 27560, which gives fields and no exact structure: this is our own JSON (docs/formats/consent.md).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mingshi.domain.consent.state import Act, Consent, State
from mingshi.domain.notice.notice import Notice
from mingshi.domain.notice.purpose import SENSITIVE, Purpose, basis_of
from mingshi.kernel.canonical import Json

SCHEMA: Final = "mingshi-consent/1 (ISO/IEC TS 27560:2023)"
KINDS: Final = {
    Purpose.ATTRIBUTION: ("contact_number", "visit_time", "statement_of_introducer"),
    Purpose.REGISTRATION: ("contact_number", "name_to_be_called_by", "introducer"),
    Purpose.FACE_PASS: ("template_in_the_visitors_own_pass",),
    Purpose.PROVIDE: ("contact_number", "visit_time"),
    Purpose.MARKETING: ("contact_number",),
}
"""What each purpose takes; the notice lists the same in words."""
MANDATORY: Final = (
    "schema_version", "record_id", "receipt_id", "pii_principal_id", "privacy_notice", "language", "purpose",
    "pii_information", "pii_controllers", "storage_locations", "retention_period", "jurisdiction", "recipients",
    "withdrawal_method", "event_time", "validity_duration", "entity_id", "event_type", "event_state",
)  # fmt: skip


class Circumstances(NamedTuple):
    """What else was recorded of the act (the CN additions of LAW §6.3)."""

    principal: str
    receipt_id: str
    language: str
    means: str
    evidence_sha256: str
    alternatives: tuple[str, ...]
    layout_sha256: str
    device: str
    software: str
    staff: str
    age: str
    guardian: bool
    assessment: str
    site: str
    entry: int
    withdraw_link: str


def record_of(consent: Consent, stands: State, notice: Notice, said: Circumstances) -> dict[str, Json]:
    """The record of a consent that was given."""
    assert consent.purpose is not None
    assert consent.given_at is not None
    sensitive = consent.purpose in SENSITIVE
    recipients = [consent.recipient] if consent.recipient else list(notice.recipients)
    return {
        "schema_version": SCHEMA,
        "record_id": consent.id,
        "receipt_id": said.receipt_id,
        "pii_principal_id": said.principal,
        "guardian": said.guardian,
        "privacy_notice": {"version": notice.version, "sha256": consent.notice_sha256, "link": notice.link},
        "language": said.language,
        "purpose": consent.purpose.value,
        "lawful_basis": basis_of(consent.purpose).value,
        "pii_information": [
            {"pii_type": kind, "sensitive": sensitive, "necessary": False} for kind in KINDS[consent.purpose]
        ],
        "pii_controllers": [
            {"name": name, "role": "joint" if at else "handler"} for at, name in enumerate(notice.handlers)
        ],
        "collection_method": said.means,
        "processing_method": list(notice.words["method"].zh),
        "storage_locations": [said.site],
        "retention_period": f"P{notice.retention_days}D",
        "jurisdiction": "CN",
        "recipients": list(recipients) or ["none"],
        "withdrawal_method": [said.withdraw_link, "reception", "phone"],
        "privacy_rights": list(notice.words["rights"].zh),
        "impact_assessment": said.assessment,
        "event_time": consent.given_at,
        "validity_duration": consent.valid_until - consent.given_at,
        "valid_until": consent.valid_until,
        "entity_id": said.principal,
        "event_type": "explicit",
        "event_state": stands.value,
        "alternatives_offered": list(said.alternatives),
        "layout_sha256": said.layout_sha256,
        "act": {"means": said.means, "evidence_sha256": said.evidence_sha256},
        "device": said.device,
        "software": said.software,
        "staff_present": said.staff,
        "age": said.age,
        "log": {"site": said.site, "entry": said.entry},
    }


def missing(record: Mapping[str, Json]) -> tuple[str, ...]:
    """Mandatory fields that are absent or empty."""
    found = [name for name in MANDATORY if record.get(name) in (None, "", [], {})]
    if record.get("event_state") == Act.GIVEN.value and not record.get("valid_until"):
        found.append("valid_until")
    return tuple(found)
