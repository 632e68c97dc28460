"""One-time codes: guessers, bombers, spies, and people who just want to check in."""

import threading

import pytest
from hall import OTHER_PHONE, PHONE, Hall, in_hall
from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.credentials.codes import NotSent, Sent
from mingshi.kernel.timeline import HOUR, MINUTE
from mingshi.passes import otp


def send(hall, phone=PHONE, purpose="check_in", *, at_door=True, address="hall", invited=False):
    return hall.otp.send(phone, purpose, address=address, at_door=at_door, invited=invited, now=hall.now)


def last_code(hall):
    return hall.pager.messages[-1][1].removeprefix("【海棠湾】")[:6]


def check(hall, sent, code, phone=PHONE, purpose="check_in"):
    return hall.otp.check(sent.challenge, phone, purpose, code, hall.now)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_code_that_came_is_good_once(hall):
    sent, code = send(hall), last_code(hall)
    assert check(hall, sent, code)
    assert not check(hall, sent, code)


@pytest.mark.parametrize("typed", [" {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "full width"])
def test_a_code_is_as_people_type_it(hall, typed):
    sent, code = send(hall), last_code(hall)
    given_ = "".join(chr(ord(c) + 0xFEE0) for c in code) if typed == "full width" else typed.format(code)
    assert check(hall, sent, given_)


@pytest.mark.parametrize("changed", [{"phone": OTHER_PHONE}, {"purpose": "sign_in"}])
def test_a_code_is_for_its_number_and_purpose(hall, changed):
    sent = send(hall)
    assert not check(hall, sent, last_code(hall), **changed)


def test_a_code_is_for_its_request(hall):
    first, code = send(hall), last_code(hall)
    hall.later(60)
    second = send(hall)
    assert last_code(hall) != code
    assert not check(hall, second, code)
    assert check(hall, first, code), "an older one is good yet: messages overtake each other"


@pytest.mark.parametrize(("waits", "good"), [(5 * MINUTE - 1, True), (5 * MINUTE, False), (-MINUTE, True)])
def test_a_code_lasts_five_minutes(hall, waits, good):
    sent = send(hall)
    hall.now += waits
    assert check(hall, sent, last_code(hall)) is good


def test_five_wrong_guesses_end_a_code(hall):
    sent, code = send(hall), last_code(hall)
    for _ in range(5):
        assert not check(hall, sent, wrong(code))
    assert not check(hall, sent, code)


def test_four_wrong_guesses_do_not(hall):
    sent, code = send(hall), last_code(hall)
    for _ in range(4):
        assert not check(hall, sent, wrong(code))
    assert check(hall, sent, code)


def test_who_has_had_five_is_told_so_however_often_they_ask(hall):
    for _ in range(5):
        assert send(hall)
        hall.later(60)
    for _ in range(3):
        assert send(hall).reason == "too_many"
        hall.later(1)


def test_a_number_has_ten_guesses_an_hour_over_all_its_codes(hall):
    guesses = 0
    for _ in range(3):
        hall.later(60)
        sent, code = send(hall), last_code(hall)
        for _ in range(4):
            guesses += 1
            assert not check(hall, sent, wrong(code))
    assert guesses > otp.GUESSES_PER_HOUR
    assert not check(hall, sent, code)


def test_guesses_at_codes_that_were_not_sent_to_a_number_do_not_lock_it_out(hall):
    for n in range(4):
        thief = send(hall, f"1600000100{n}")
        for _ in range(6):
            check(hall, thief, "000000", PHONE)
            hall.otp.check("f" * 32, PHONE, "check_in", "000000", hall.now)
    assert check(hall, send(hall), last_code(hall))


def test_of_many_guesses_at_once_no_more_are_heard(hall):
    """Threads that all give the right code: one is used, once."""
    sent, code = send(hall), last_code(hall)
    told = []
    threads = [threading.Thread(target=lambda: told.append(check(hall, sent, code))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count(True) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 1500), min_size=1, max_size=40))
def test_a_number_gets_one_in_any_minute_and_five_in_any_hour(gaps):
    def act(hall):
        times = []
        for gap in gaps:
            hall.later(gap)
            told = send(hall)
            may = not any(hall.now - at < MINUTE for at in times) and sum(hall.now - at < HOUR for at in times) < 5
            assert isinstance(told, Sent) is may
            if told:
                times.append(hall.now)
            else:
                assert told.reason in ("too_soon", "too_many")
                assert 0 < told.wait_s <= 3600
        assert len(hall.pager.messages) == len(times)

    in_hall(act)


def test_without_a_ground_nothing_is_sent(hall):
    hall.known = {PHONE}
    assert send(hall, at_door=False) == NotSent("no_ground", 0)
    assert send(hall, at_door=False, invited=True)
    assert len(hall.pager.messages) == 1


def test_whether_a_number_is_known_makes_no_difference_to_the_answer(hall):
    """Two stories, step by step: the same answers, the same limits; one phone rings, the other does not."""
    hall.known = {PHONE}
    stories = {}
    for phone in (PHONE, OTHER_PHONE):
        told = []
        hall.now += 2 * HOUR
        for gap in (0, 10, 60, 60, 60, 60, 60):
            hall.later(gap)
            sent = send(hall, phone, "sign_in", at_door=False, address=f"home of {phone}")
            told.append(sent if isinstance(sent, NotSent) else ("sent", len(sent.challenge)))
            if sent:
                told += [check(hall, sent, "000000", phone, "sign_in"), check(hall, sent, "999999", phone, "sign_in")]
        stories[phone] = told
    assert stories[PHONE] == stories[OTHER_PHONE]
    assert {phone for phone, _ in hall.pager.messages} == {PHONE}
    assert len(hall.pager.messages) == 5


@pytest.mark.parametrize(("phone", "rings"), [(PHONE, True), (OTHER_PHONE, False)])
def test_whether_a_number_is_known_is_asked_when_the_answer_has_been_given(hall, phone, rings):
    """So no answer's time can tell it: before, the same is done for both, and nobody looks."""
    asked = []
    hall.otp._known = lambda number: asked.append(number) or number == PHONE
    assert send(hall, phone, "sign_in/agent", at_door=False)
    assert not asked
    assert bool(hall.pager.messages) is rings
    assert asked == [phone]
    assert send(hall, "16000000003")
    assert len(hall.pager.messages) == 1 + rings
    assert asked == [phone], "with a ground it is not asked at all"


def test_what_is_kept_names_neither_code_nor_number(hall, tmp_path):
    send(hall)
    rows = [hall.keeping.every(kind, hall.now) for kind in ("otp", "otp-minute", "otp-hour", "otp-guesses")]
    assert PHONE not in str(rows)
    assert last_code(hall) not in str(rows)


def test_an_address_without_a_ground_gets_twenty_an_hour_and_a_hall_gets_as_many_as_it_needs(hall):
    home = [send(hall, f"1600000{n:04}", "sign_in", at_door=False, address="home") for n in range(25)]
    assert [bool(one) for one in home] == [True] * 20 + [False] * 5
    assert all(send(hall, f"1600001{n:04}") for n in range(400))


def test_a_spent_budget_sends_everybody_to_the_desk(tmp_path):
    hall = Hall(tmp_path, budget_per_hour=3)
    told = [send(hall, f"1600000{n:04}") for n in range(5)]
    assert [one.reason for one in told[3:]] == ["budget", "budget"]
    hall.now += HOUR
    assert send(hall, "16000000009")
    hall.close()


def test_nobody_far_away_spends_the_halls_budget(tmp_path):
    hall = Hall(tmp_path, budget_per_hour=3, open_per_hour=2)
    told = [send(hall, f"1600000{n:04}", "sign_in", at_door=False) for n in range(4)]
    assert [bool(one) for one in told] == [True, True, False, False]
    assert told[2] == NotSent("budget", 0)
    assert send(hall, "16000009999")
    hall.close()


def test_a_gateway_that_is_down_sends_everybody_to_the_desk_known_or_not(hall):
    hall.pager.up, hall.known = False, {PHONE}
    assert send(hall, PHONE, "sign_in", at_door=False) == NotSent("gateway", 0)
    assert send(hall, OTHER_PHONE, "sign_in", at_door=False) == NotSent("gateway", 0)


@pytest.mark.parametrize(
    "phone",
    [
        "4001234567",
        "02112345678",
        "+442071234567",
        "160****0001",
        "#12.3",
        "12345",
        "",
        "1600000000１",
        "\ud800",
        "+852\ud80000000",
        "+852",
    ],
)
def test_only_numbers_that_get_messages_here(hall, phone):
    assert send(hall, phone) == NotSent("not_mobile", 0)
    assert not hall.pager.messages


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "\ud800" * 6, "验证码验证码", "0" * 100_000])
def test_what_is_no_code_is_a_wrong_guess(hall, typed):
    sent, code = send(hall), last_code(hall)
    assert not check(hall, sent, typed)
    assert not hall.otp.check("\ud800", PHONE, "check_in", code, hall.now)
    assert check(hall, sent, code)


def test_neighbouring_regions_get_messages(hall):
    assert send(hall, "+85251234567")


def test_codes_are_six_digits_and_spread(hall):
    counted = set()
    for n in range(300):
        send(hall, f"1600000{n:04}")
        code = last_code(hall)
        assert len(code) == 6
        assert code.isdigit()
        counted.add(code[0])
    assert len(counted) == 10


def test_staff_readable_is_what_the_driver_says(hall):
    assert hall.otp.staff_readable is False
    hall.pager.staff_readable = True
    assert hall.otp.staff_readable is True
