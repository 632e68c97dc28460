"""The door code: minutes, wrong clocks, forwarded photographs, guessers."""

import pytest
from hall import START, Hall, in_hall
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.domain.evidence import DoorCode
from mingshi.kernel.timeline import MINUTE, SECOND
from mingshi.passes import door_code
from mingshi.passes.door_code import DoorCodes


@settings(max_examples=60, deadline=None)
@given(
    skew_s=st.integers(0, 30),
    error=st.integers(-30, 30),
    seen=st.integers(0, 3 * MINUTE),
    waits=st.integers(0, 5 * MINUTE),
    long=st.booleans(),
)
def test_a_code_seen_within_a_minute_is_good_and_after_two_is_not(skew_s, error, seen, waits, long):
    """Whatever the tablet's clock says, as long as it is wrong by no more than what was promised."""

    def act(hall):
        door = DoorCodes(hall.keeping, b"k" * 32, skew_s)
        seen_at = START + seen
        shown = door.show(seen_at + max(-skew_s, min(skew_s, error)) * SECOND)
        state = door.state(shown.long if long else shown.code, seen_at + waits)
        if waits <= 60 * SECOND:
            assert state is DoorCode.VALID
        if waits >= (120 + 2 * skew_s) * SECOND:
            assert state is DoorCode.STALE

    in_hall(act)


@pytest.mark.parametrize(
    ("at_s", "state", "left_s"),
    [
        (-1, DoorCode.NONE, 0), (0, DoorCode.VALID, 120), (59, DoorCode.VALID, 61), (119, DoorCode.VALID, 1),
        (120, DoorCode.STALE, 0), (3599, DoorCode.STALE, 0), (3600, DoorCode.NONE, 0),
    ],
)  # fmt: skip
def test_the_life_of_a_code(hall, at_s, state, left_s):
    code = hall.door.show(START).code
    hall.later(at_s)
    assert (hall.door.state(code, hall.now), hall.door.left_s(code, hall.now)) == (state, left_s)
    assert hall.door.redeem(code, "b", hall.now).state is state


@pytest.mark.parametrize(
    ("tablet_s", "shown_s", "given_s"),
    [(30, 45, 45), (30, 30, 31), (-30, 20, 80), (-30, 29, 89), (0, 59, 119)],
)
def test_a_tablet_half_a_minute_wrong_keeps_nobody_out(hall, tablet_s, shown_s, given_s):
    """Ahead, it shows a code that the site has not reached; behind, one that is nearly over."""
    door = DoorCodes(hall.keeping, b"k" * 32, 30)
    code = door.show(START + (shown_s + tablet_s) * SECOND).code
    assert door.state(code, START + given_s * SECOND) is DoorCode.VALID


def test_the_tablet_is_told_how_long_it_shows_a_code(hall):
    assert [hall.door.show(START + s * SECOND).left_s for s in (0, 1, 59, 60)] == [60, 59, 1, 60]
    assert hall.door.show(START) == hall.door.show(START + MINUTE - 1)._replace(left_s=60)
    assert hall.door.show(START).code != hall.door.show(START + MINUTE).code


def test_a_clock_that_is_too_wrong_shows_nothing(hall):
    with pytest.raises(ValueError, match="对时"):
        DoorCodes(hall.keeping, b"k" * 32, 31)


def test_a_code_is_as_people_type_it(hall):
    code = hall.door.show(START).code
    for typed in (code.lower(), f" {code[:3]}-{code[3:]} ", "".join(chr(ord(c) + 0xFEE0) for c in code)):
        assert hall.door.state(typed, START) is DoorCode.VALID
    assert not set("".join(hall.door.show(START + m * MINUTE).long for m in range(200))) & set("01OILBSZ")


@pytest.mark.parametrize("typed", ["", " ", "AAAAAA", "ACDEF", "ACDEFGH", "门口码门口码", "\ud800" * 6, "A" * 100_000])
def test_what_is_no_code_is_none(hall, typed):
    assert hall.door.redeem(typed, "b", START).state is DoorCode.NONE


def test_another_sites_code_is_none(hall, tmp_path):
    other = Hall(tmp_path, seed="other")
    assert hall.door.state(other.door.show(START).code, START) is DoorCode.NONE
    assert hall.door.state(other.door.show(START).long, START) is DoorCode.NONE
    other.close()


def test_a_double_submit_gives_the_same_ticket_and_one_use(hall):
    code = hall.door.show(START).code
    first = hall.door.redeem(code, "b", START)
    hall.later(30)
    assert hall.door.redeem(code, "b", hall.now) == first
    assert hall.door.spend(first.ticket, "b", "request 1", hall.now) is DoorCode.VALID
    assert hall.door.spend(first.ticket, "b", "request 1", hall.now) is DoorCode.VALID
    assert hall.door.spend(first.ticket, "b", "request 2", hall.now) is DoorCode.NONE
    again = hall.door.redeem(code, "b", hall.now)
    assert again == first, "asking again does not make it unspent"
    assert hall.door.spend(again.ticket, "b", "request 3", hall.now) is DoorCode.NONE
    hall.later(60)
    second = hall.door.redeem(hall.door.show(hall.now).code, "b", hall.now)
    assert hall.door.spend(second.ticket, "b", "request 3", hall.now) is DoorCode.VALID


def test_the_long_and_the_short_are_one_code(hall):
    shown = hall.door.show(START)
    assert hall.door.redeem(shown.code, "b", START) == hall.door.redeem(shown.long, "b", START)


def test_a_ticket_is_worth_nothing_in_another_browser(hall):
    ticket = hall.door.redeem(hall.door.show(START).code, "at the door", START).ticket
    assert hall.door.admits(ticket, "at the door", START) is DoorCode.VALID
    assert hall.door.admits(ticket, "at home", START) is DoorCode.NONE
    assert hall.door.spend(ticket, "at home", "r", START) is DoorCode.NONE


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.integers(0, 45), st.characters())
def test_a_changed_ticket_is_none(junk, at, character):
    def act(hall):
        ticket = hall.door.redeem(hall.door.show(START).code, "b", START).ticket
        changed = ticket[: at % len(ticket)] + character + ticket[at % len(ticket) + 1 :]
        for given_ in (junk, changed, ticket[: at % len(ticket)], ticket.upper()):
            if given_ != ticket:
                assert hall.door.admits(given_, "b", START) is DoorCode.NONE
                assert hall.door.spend(given_, "b", "r", START) is DoorCode.NONE

    in_hall(act)


def test_a_ticket_ends(hall):
    redeemed = hall.door.redeem(hall.door.show(START).code, "b", START)
    assert redeemed.until == START + 16 * MINUTE
    assert hall.door.admits(redeemed.ticket, "b", redeemed.until - 1) is DoorCode.VALID
    assert hall.door.admits(redeemed.ticket, "b", redeemed.until) is DoorCode.STALE
    assert hall.door.spend(redeemed.ticket, "b", "r", redeemed.until) is DoorCode.STALE


def test_a_code_sent_round_a_chat_group_serves_only_so_many(hall):
    long = hall.door.show(START).long
    told = [hall.door.redeem(long, f"member {n}", START) for n in range(200)]
    assert sum(one.state is DoorCode.VALID for one in told) == door_code.CROWD
    assert all(one.limited for one in told[door_code.CROWD :])
    assert hall.door.redeem(long, "member 0", START).state is DoorCode.VALID, "who has a ticket keeps it"
    hall.later(60)
    assert hall.door.redeem(hall.door.show(hall.now).long, "member 150", hall.now).state is DoorCode.VALID


def test_the_crowd_is_counted_for_each_code_across_any_minute(hall):
    """Counters are used again every eight minutes; no code inherits another's count, none starts anew."""
    for minute in range(20):
        hall.now = START + minute * MINUTE
        code = hall.door.show(hall.now).long
        half = door_code.CROWD // 2
        now = [hall.door.redeem(code, f"{minute}/{n}", hall.now) for n in range(half)]
        later = [hall.door.redeem(code, f"{minute}/late/{n}", hall.now + 90 * SECOND) for n in range(half + 1)]
        assert [one.state for one in now + later].count(DoorCode.VALID) == door_code.CROWD


def test_a_guesser_is_stopped_and_the_door_stays_open(hall):
    for n in range(door_code.TYPED_BROWSER):
        assert not hall.door.redeem(f"ACDEF{'2345679ACD'[n]}", "guesser", START).limited
    shown = hall.door.show(START)
    assert hall.door.redeem(shown.code, "guesser", START).limited
    assert hall.door.redeem(shown.code, "guest", START).state is DoorCode.VALID
    assert hall.door.redeem(shown.long, "guesser", START).state is DoorCode.VALID, "scanning always helps"


def test_guessers_with_a_new_browser_for_each_guess_are_stopped_too(hall):
    for n in range(door_code.TYPED_ALL):
        hall.door.redeem("AAAAAA", f"browser {n}", START)
    shown = hall.door.show(START)
    assert hall.door.redeem(shown.code, "guest", START).limited
    assert hall.door.redeem(shown.long, "guest", START).state is DoorCode.VALID
    assert hall.door.redeem(hall.door.show(START + MINUTE).code, "guest", START + MINUTE).state is DoorCode.VALID
