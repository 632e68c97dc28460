"""When something happened, and when it may be held against somebody.

The rules this module keeps:

1. G7: a clock known to be wrong by more than the tolerance makes of an observation an interval; wrong by more
   than the limit, a hint (grade C). A smaller error is nobody's gain: the shown time stands.
2. RULES.md amendment 7: against another party, a fact that originates with the site counts at its *sealed*
   time, unless an independent token fixes an earlier one. An off-line record is the interval from its
   device's claim to its sealing, or to the token.
3. Without a seal (a file of one side) the observed time is all there is; the ruling says so.
"""

from collections.abc import Sequence
from typing import NamedTuple

from mingshi.domain.evidence import Clock, Deal, Receipt, Time
from mingshi.domain.ids import DeviceId
from mingshi.domain.policy import Policy
from mingshi.kernel.timeline import MINUTE, SECOND, Interval, Micros


class Moment(NamedTuple):
    """A fact's times."""

    observed: Interval
    """Between when and when it happened, the device's clock error taken out."""
    counted: Interval
    """When it counts against another party."""
    weak: bool = False
    """The clock was so wrong that the record is a hint (G7)."""


def span(time: Time) -> Interval:
    """Any recorded time as an interval."""
    return time if isinstance(time, Interval) else Interval(time, time)


def earliest(time: Time) -> Micros:
    """The first instant a recorded time may mean."""
    return time.earliest if isinstance(time, Interval) else time


def latest(time: Time) -> Micros:
    """The last instant a recorded time may mean."""
    return time.latest if isinstance(time, Interval) else time


def ended(until: Time | None, at: int) -> bool:
    """Whether what lasts `until` was over: a day lasts to its end, an instant is over when it comes."""
    if until is None:
        return False
    return until.latest < at if isinstance(until, Interval) else until <= at


def known_at(record: tuple[object, ...]) -> Micros:
    """When the site knew of a record: when it was sealed, else when it happened or was shown."""
    if isinstance(record, Receipt):
        return latest(record.presented_at or record.visit_at)
    sealed: Micros | None = getattr(record, "sealed_at", None)
    if sealed is not None:
        return sealed
    at: Time = record.subscribed_at if isinstance(record, Deal) else record.at  # type: ignore[attr-defined]  # others have one
    return earliest(at)


def moment(
    at: Time,
    sealed_at: Micros | None,
    *,
    device: DeviceId,
    clocks: Sequence[Clock] = (),
    policy: Policy,
    token_at: Micros | None = None,
    offline: bool = False,
) -> Moment:
    """The times of a fact. `clocks` are the known errors of any device; those of `device` at `at` apply."""
    observed, weak = span(at), False
    for clock in clocks if device else ():
        if clock.device == device and _covers(clock, observed):
            observed, weak = _corrected(observed, clock, policy)
            break
    if sealed_at is None:
        return Moment(observed, observed, weak)
    # Nothing is sealed before it happens: a shown time after the seal was a fast clock.
    if observed.latest > sealed_at:
        observed = Interval(min(observed.earliest, sealed_at), sealed_at)
    fixed = token_at is not None and token_at <= sealed_at
    if not fixed and not offline:
        return Moment(observed, Interval(sealed_at, sealed_at), weak)
    end = token_at if fixed and token_at is not None else sealed_at
    known = Interval(min(observed.earliest, end), end)
    return Moment(known if offline else observed, known, weak)


def _covers(clock: Clock, observed: Interval) -> bool:
    since = clock.since is None or earliest(clock.since) <= observed.latest
    until = clock.until is None or observed.earliest <= latest(clock.until)
    return since and until


def _corrected(observed: Interval, clock: Clock, policy: Policy) -> tuple[Interval, bool]:
    low, high = clock.offset_low_s, clock.offset_high_s
    worst = max(abs(low), abs(high))
    if worst <= policy.skew_s:
        return observed, False
    true = Interval(Micros(observed.earliest - high * SECOND), Micros(observed.latest - low * SECOND))
    return true, worst * SECOND > policy.skew_max_min * MINUTE
