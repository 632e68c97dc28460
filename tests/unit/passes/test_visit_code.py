"""预约到访码: made, read in as people and scanners send it, and nobody else's."""

import pytest
from hall import in_hall
from hypothesis import given
from hypothesis import strategies as st

from mingshi.credentials.keeping import digest_of
from mingshi.passes.secrets import Secrets
from mingshi.passes.visit_code import LENGTH, LETTERS, VisitCodes

SECRETS = Secrets.of(bytes(range(32)), "https://haitang.example")


@given(st.binary(min_size=16, max_size=16))
def test_a_code_is_its_pass_however_it_is_typed(drawn):
    codes = VisitCodes(SECRETS, lambda _: drawn)
    made = codes.make()
    plain = made.shown.replace("-", "")
    assert len(plain) == LENGTH
    assert set(plain) <= set(LETTERS)
    for typed in (made.shown, plain, plain.lower(), f" {made.shown}\r\n", made.shown.replace("-", " ")):
        assert codes.passes_of(typed)[0] == made.pass_id


def test_a_code_made_before_codes_had_a_key_stays_good():
    codes = VisitCodes(SECRETS, bytes)
    assert f"QR-{digest_of('ACDEFGHJKMNP')[:40]}" in codes.passes_of("ACDE-FGHJ-KMNP")


@pytest.mark.parametrize("typed", ["", "ACDE", "ACDE-FGHJ-KMN0", "MS3:ACDEFGHJK", "16000001234", "ACDE" * 100, "抓拍"])
def test_what_is_no_code_has_no_pass(typed):
    assert VisitCodes(SECRETS, bytes).passes_of(typed) == ()


def test_another_site_and_another_draw_give_another_pass():
    other = VisitCodes(Secrets.of(bytes(range(32)), "https://other.example"), bytes)
    assert other.make().shown == VisitCodes(SECRETS, bytes).make().shown
    assert other.make().pass_id != VisitCodes(SECRETS, bytes).make().pass_id
    drawn = in_hall(lambda hall: {VisitCodes(SECRETS, hall.random).make().pass_id for _ in range(200)})
    assert len(drawn) == 200
