"""The states of a consent (LAW §6.9), as one pure function over its sealed acts.

The rules this module keeps:

1. NONE → NOTICE_SHOWN → GIVEN | REFUSED; GIVEN → WITHDRAWN | EXPIRED | SUPERSEDED | VOIDED. There is no way back and
   no other way: a person who changes their mind is shown a notice and asked anew, under a new consent.
2. Only GIVEN, unexpired, under the notice now in force, for the same purpose and the same recipient, allows a use
   (`use`); it is the one function that says yes.
3. Time is an argument. What holds at a later instant (expiry, another notice) is worked out, never stored, so that
   nothing has to happen for a consent to end.
4. A consent that was given before its notice was shown, or by somebody too young, was never one: VOIDED (L-04, L-11).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from mingshi.domain.consent.young import Age, may_consent
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.purpose import VALID_DAYS, Purpose
from mingshi.kernel.timeline import DAY, Micros


class State(StrEnum):
    """Where a consent stands."""

    NONE = "none"
    NOTICE_SHOWN = "shown"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """Another notice is in force."""
    VOIDED = "voided"
    """Order or age was at fault."""


class Act(StrEnum):
    """What somebody did."""

    SHOWN = "shown"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


class ActMeans(StrEnum):
    """The visitor's own act (LAW §6.3)."""

    TAP = "tap"
    SIGNATURE = "signature"
    SPOKEN = "spoken"
    """Read aloud and answered, with a witness at the desk."""


class Step(NamedTuple):
    """One sealed act on one consent. `entry`: its place in the log, which is its order."""

    act: Act
    at: Micros
    entry: int
    purpose: Purpose
    recipient: str
    notice_sha256: str
    age: Age = Age.UNSAID
    guardian: bool = False
    valid_until: Micros = Micros(0)


class Consent(NamedTuple):
    """A consent as its acts made it, before time and notices are looked at."""

    id: EvidenceId
    state: State = State.NONE
    purpose: Purpose | None = None
    recipient: str = ""
    notice_sha256: str = ""
    shown_at: Micros | None = None
    shown_entry: int = -1
    given_at: Micros | None = None
    given_entry: int = -1
    ended_at: Micros | None = None
    valid_until: Micros = Micros(0)


class NotAllowed(NamedTuple):
    """Why there is no use; falsy. `reason`: text key `consent.<reason>`."""

    reason: str
    state: State

    def __bool__(self) -> bool:
        return False


class Use(NamedTuple):
    """A use that a consent allows now: by whom it was given is not told."""

    consent: EvidenceId
    purpose: Purpose
    recipient: str
    until: Micros

    def __bool__(self) -> bool:
        return True


_NEXT: Final = {
    (State.NONE, Act.SHOWN): State.NOTICE_SHOWN,
    (State.NOTICE_SHOWN, Act.GIVEN): State.GIVEN,
    (State.NOTICE_SHOWN, Act.REFUSED): State.REFUSED,
    (State.NOTICE_SHOWN, Act.VOIDED): State.VOIDED,
    (State.GIVEN, Act.WITHDRAWN): State.WITHDRAWN,
    (State.GIVEN, Act.VOIDED): State.VOIDED,
}
"""Every step that there is."""


def step(consent: Consent, one: Step, *, child_rules: bool = False) -> Consent | NotAllowed:
    """The consent after an act; `NotAllowed` where there is no such step from where it stands."""
    after = _NEXT.get((consent.state, one.act))
    if after is None:
        return NotAllowed(f"not_from_{consent.state.value}", consent.state)
    if one.act is Act.SHOWN:
        return consent._replace(
            state=after,
            purpose=one.purpose,
            recipient=one.recipient,
            notice_sha256=one.notice_sha256,
            shown_at=one.at,
            shown_entry=one.entry,
        )
    if (one.purpose, one.recipient) != (consent.purpose, consent.recipient):
        return NotAllowed("other_purpose", consent.state)
    if one.act is not Act.GIVEN:
        return consent._replace(state=after, ended_at=one.at)
    if one.notice_sha256 != consent.notice_sha256:
        return NotAllowed("other_notice", consent.state)
    given = consent._replace(
        state=after, given_at=one.at, given_entry=one.entry, valid_until=until(one.purpose, one.at, one.valid_until)
    )
    assert consent.shown_at is not None, "the table has no way to GIVEN but through NOTICE_SHOWN"
    backwards = one.entry <= consent.shown_entry or one.at < consent.shown_at
    if backwards or not may_consent(one.purpose, one.age, guardian=one.guardian, child_rules=child_rules):
        return given._replace(state=State.VOIDED, ended_at=one.at)
    return given


def until(purpose: Purpose, given_at: Micros, asked: Micros) -> Micros:
    """When a consent ends by itself: what was asked, within the ceiling of its purpose."""
    ceiling = Micros(given_at + VALID_DAYS[purpose] * DAY)
    return min(asked, ceiling) if asked else ceiling


def fold(name: EvidenceId, steps: Iterable[Step], *, child_rules: bool = False) -> Consent:
    """A consent from its sealed acts, in the order of the log. A step that does not exist changes nothing."""
    consent = Consent(name)
    for one in sorted(steps, key=lambda each: each.entry):
        after = step(consent, one, child_rules=child_rules)
        if isinstance(after, Consent):
            consent = after
    return consent


def standing(consent: Consent, now: Micros, notice_sha256: str) -> State:
    """Where a consent stands at an instant. `notice_sha256`: of the notice in force for its purpose then."""
    if consent.state is not State.GIVEN:
        return consent.state
    if consent.notice_sha256 != notice_sha256:
        return State.SUPERSEDED
    return State.EXPIRED if now >= consent.valid_until else State.GIVEN


def use(
    consent: Consent, purpose: Purpose, now: Micros, notice_sha256: str, *, recipient: str = ""
) -> Use | NotAllowed:
    """May what the person agreed to be done now?"""
    stands = standing(consent, now, notice_sha256)
    if stands is not State.GIVEN:
        return NotAllowed(stands.value, stands)
    if consent.purpose is not purpose:
        return NotAllowed("other_purpose", stands)
    if consent.recipient != recipient:
        return NotAllowed("other_recipient", stands)
    if consent.given_at is None or now < consent.given_at:
        return NotAllowed("before_given", stands)
    return Use(consent.id, purpose, recipient, consent.valid_until)
