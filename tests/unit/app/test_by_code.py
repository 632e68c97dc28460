"""A code that is good once: used up by a check-in, and only by one (amendment 3)."""

import pytest
from office import Office, phone

from mingshi.app.arrive import Arrive, ArriveAtDesk, arrive_at_desk_by_code, arrive_by_code
from mingshi.app.check_in import CheckIn
from mingshi.app.issue_pass import IssuePass, RevokePass, issue_pass, revoke_pass
from mingshi.domain import evidence as e
from mingshi.domain.consent.state import ActMeans
from mingshi.domain.evidence import DoorCode, Means

CODE = "code-1"
WAYS = {
    arrive_by_code: Arrive,
    arrive_at_desk_by_code: lambda visit: ArriveAtDesk(visit, "zh", "", ActMeans.SPOKEN),
}


@pytest.fixture
def office(quick_path):
    made = Office(quick_path)
    yield made
    assert made.faults() == []
    made.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_code_is_used_up_by_the_check_in_it_made_and_by_no_refusal(office, way):
    issue = office.do(issue_pass, IssuePass(CODE, phone(1))).ids["issue"]
    visit = CheckIn(phone(1), Means.QR, DoorCode.VALID, pass_id=CODE)
    size = office.store.size
    for wrong, reason in (
        (visit._replace(registration="R-none"), "unknown_registration"),
        (visit._replace(pass_id="code-2"), "unknown_pass"),
        (visit._replace(pass_id=""), "unknown_pass"),
    ):
        assert office.do(way, WAYS[way](wrong)).reason == reason
    assert office.store.size == size, "a refusal seals nothing, and the code is good still"
    assert office.do(way, WAYS[way](visit))
    assert [row.id for row in office.read(e.Pass) if row.revoked_at is not None] == [issue]
    assert office.do(way, WAYS[way](visit)).reason == "unknown_pass"
    assert len(office.read(e.Arrival)) == 1


@pytest.mark.parametrize("way", WAYS)
def test_of_a_code_issued_twice_the_issue_that_stands_counts(office, way):
    first = office.do(issue_pass, IssuePass(CODE, phone(1))).ids["issue"]
    assert office.do(revoke_pass, RevokePass(first))
    visit = CheckIn(phone(2), Means.QR, DoorCode.VALID, pass_id=CODE)
    assert office.do(way, WAYS[way](visit)).reason == "unknown_pass"
    assert office.do(issue_pass, IssuePass(CODE, phone(2)))
    assert office.do(way, WAYS[way](visit))
    assert all(row.revoked_at is not None for row in office.read(e.Pass))
