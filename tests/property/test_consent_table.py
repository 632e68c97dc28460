"""The consent machine's table, read whole."""

import itertools

import pytest

from mingshi.domain.consent.asking import SILENCE, may_ask
from mingshi.domain.consent.state import Act, Consent, NotAllowed, State, Step, Use, standing, step, use
from mingshi.domain.consent.young import Age
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.purpose import VALID_DAYS, Purpose
from mingshi.kernel.timeline import DAY, HOUR, Micros

P = Purpose.ATTRIBUTION
GIVEN = Consent(EvidenceId("C1"), State.GIVEN, P, "", "n1", Micros(10), 1, Micros(20), 2, None, Micros(20 + 365 * DAY))


@pytest.mark.law("L-03")
def test_there_are_exactly_six_steps():
    ways = []
    for state, act in itertools.product(State, Act):
        before = GIVEN._replace(state=state)
        one = Step(act, Micros(30), 3, P, "", "n1", Age.FROM_18)
        after = step(before, one)
        if isinstance(after, Consent):
            ways.append((state.value, act.value, after.state.value))
        else:
            assert isinstance(after, NotAllowed)
            assert after.reason == f"not_from_{state.value}"
    assert sorted(ways) == [
        ("given", "voided", "voided"), ("given", "withdrawn", "withdrawn"), ("none", "shown", "shown"),
        ("shown", "given", "given"), ("shown", "refused", "refused"), ("shown", "voided", "voided"),
    ]  # fmt: skip


@pytest.mark.law("L-03")
@pytest.mark.parametrize("state", [state for state in State if state is not State.GIVEN])
def test_no_other_state_allows_a_use(state):
    assert isinstance(use(GIVEN, P, Micros(30), "n1"), Use)
    found = use(GIVEN._replace(state=state), P, Micros(30), "n1")
    assert not found
    assert found.reason == state.value


@pytest.mark.law("L-09", "L-21", "L-22", "L-50")
def test_a_consent_is_for_its_purpose_its_recipient_and_its_notice():
    assert use(GIVEN, P, Micros(30), "n2").reason == "superseded"
    for purpose in Purpose:
        if purpose is not P:
            assert use(GIVEN, purpose, Micros(30), "n1").reason == "other_purpose"
    assert use(GIVEN, P, Micros(30), "n1", recipient="甲公司").reason == "other_recipient"
    assert use(GIVEN, P, Micros(19), "n1").reason == "before_given"


@pytest.mark.law("L-48")
def test_a_consent_ends_by_itself():
    end = GIVEN.valid_until
    assert standing(GIVEN, Micros(end - 1), "n1") is State.GIVEN
    assert standing(GIVEN, end, "n1") is State.EXPIRED
    assert all(0 < days <= 365 for days in VALID_DAYS.values())
    assert VALID_DAYS[Purpose.FACE_PASS] <= 90
    longer = step(
        GIVEN._replace(state=State.NOTICE_SHOWN),
        Step(Act.GIVEN, Micros(20), 2, P, "", "n1", Age.FROM_18, valid_until=Micros(10_000 * DAY)),
    )
    assert longer.valid_until == 20 + 365 * DAY


@pytest.mark.law("L-04")
def test_what_was_given_before_it_was_shown_is_void():
    shown = GIVEN._replace(state=State.NOTICE_SHOWN, given_at=None, given_entry=-1)
    for entry, at in ((1, 30), (0, 30), (3, 9)):
        after = step(shown, Step(Act.GIVEN, Micros(at), entry, P, "", "n1", Age.FROM_18))
        assert after.state is State.VOIDED
    assert step(shown, Step(Act.GIVEN, Micros(30), 3, P, "", "n0", Age.FROM_18)).reason == "other_notice"


@pytest.mark.law("L-08")
def test_after_a_no_there_is_silence_for_two_days_unless_the_visitor_asks():
    assert SILENCE == 48 * HOUR
    until = Micros(100 * DAY)
    assert may_ask(None, Micros(0), by_visitor=False)
    assert not may_ask(until, Micros(until - 1), by_visitor=False)
    assert may_ask(until, until, by_visitor=False)
    assert may_ask(until, Micros(0), by_visitor=True)
