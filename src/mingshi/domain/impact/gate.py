"""What must stand before faces may be switched on, and what closes them again (L-02, L-35, L-42; INV-13).

The rules this module keeps: every condition is asked every time; one that does not hold closes the feature, and the
answer names each that is missing. Nothing here opens anything: it only says whether it may.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from mingshi.domain.impact.persons import may_issue
from mingshi.kernel.timeline import DAY, Micros

ATTESTED_FOR: Final = 30 * DAY
"""How long a photograph of the sign in its place, without people, is believed (own choice)."""


class Readiness(NamedTuple):
    """What the site has, at an instant."""

    assessment_signed: bool
    assessment_current: bool
    """Its configuration hash is the running one, and its review is not due."""
    notice_published: bool
    notice_in_force: bool
    non_face_ways: Sequence[str]
    zone_decision: bool
    """Counsel's recorded decision on FRM 13 / PIPL 26 for this capture zone."""
    sign_attested_at: Micros | None
    live_passes: int
    filed: bool
    devices_accepted: bool


def closed_by(ready: Readiness, now: Micros) -> tuple[str, ...]:
    """Every condition that does not hold; empty: faces may be on. Text key `gate.<name>`."""
    attested = ready.sign_attested_at
    conditions = {
        "no_assessment": ready.assessment_signed,
        "assessment_drift": ready.assessment_current,
        "no_notice": ready.notice_published,
        "notice_not_in_force": ready.notice_in_force,
        "no_other_way": len(ready.non_face_ways) > 0,
        "no_zone_decision": ready.zone_decision,
        "sign_not_attested": attested is not None and attested <= now < attested + ATTESTED_FOR,
        "filing_due": may_issue(ready.live_passes, filed=ready.filed),
        "device_refused": ready.devices_accepted,
    }
    return tuple(name for name, holds in conditions.items() if not holds)
