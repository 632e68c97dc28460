"""A10 before a real record: the registration over an agent's cap waits, it is not refused."""

import pytest
from office import Office, phone

from mingshi.app.register_client import RegisterClient, register_client
from mingshi.domain.policy import CLASSIC


@pytest.fixture
def office(quick_path):
    office = Office(quick_path, seed=3)
    yield office
    office.close()


def test_the_one_over_the_cap_waits_and_says_until_when(office):
    told = [
        office.do(register_client, RegisterClient("a1", phone(number), "王测试", "海棠湾"))
        for number in range(CLASSIC.live_cap + 1)
    ]
    assert {answer.told for answer in told[:-1]} == {"registered"}
    assert told[-1].told == "registered_queued"
    assert told[-1].args["until"] > office.now
    assert office.do(register_client, RegisterClient("a2", phone(99), "王测试", "海棠湾")).told == "registered"
