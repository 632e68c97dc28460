"""`ASKED` names every field by which a case is asked, so that forked workers share every index (`Records.warm`)."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from tests.cases.dsl import load

from mingshi.app.judge_case import deals_in_order, judge_case
from mingshi.app.settle_case import money_of, ruled_deal, settle_case
from mingshi.domain.judge.records import ASKED, Records
from mingshi.files.judging import records_of
from mingshi.files.read_case import read_case

R = TypeVar("R", bound=tuple[object, ...])
OFFICE = Path(__file__).parents[3] / "examples" / "office"


BEYOND_THE_OFFICE = """2026-05-01 09:00 report   R1 agent=甲/李 client=王
    2026-05-01 09:00 lead     L1 client=王 staff=顾问-01 otp=yes
    2026-05-01 10:00 issue    P1 client=王 pass_id=P
    2026-05-01 10:00 arrive   V1 client=王 means=passkey pass_id=P
    2026-05-01 10:00 receipt  H1 client=王
    2026-05-02 10:00 call     C1 client=王
    2026-05-03 10:00 withdraw Z1 kind=consent pass_id=P
    2026-05-20 15:00 buy      D1 client=王"""
"""Kinds of record that the example office does not keep."""


class Listening(Records):
    """Remembers what it was asked."""

    heard: set[tuple[type[tuple[object, ...]], str]]

    def find(self, kind: type[R], field: str, value: str) -> Sequence[R]:
        self.heard.add((kind, field))
        return super().find(kind, field, value)

    def recorded(self, kind: type[R]) -> bool:
        """As of a case that keeps every kind: nothing is left unasked because this one has none."""
        return super().recorded(kind) or True


def asked(records: Records) -> set[tuple[type[tuple[object, ...]], str]]:
    """What judging and settling ask of a source."""
    records.__class__ = Listening
    assert isinstance(records, Listening)
    records.heard = set()
    rulings = judge_case(records, deals_in_order(records))
    settle_case(records, [money_of(ruled_deal(ruling), records) for ruling in rulings])
    return records.heard


def test_a_case_is_asked_by_the_named_fields_and_by_no_other():
    heard = asked(records_of(read_case(OFFICE))) | asked(load(BEYOND_THE_OFFICE).source)
    named = {(kind, field) for kind, fields in ASKED.items() for field in fields}
    assert heard - named == set(), "asked, but not named: every forked worker would build this index again"
    assert named - heard == set(), "named, but never asked"


def test_a_warm_case_builds_no_further_index():
    records = records_of(read_case(OFFICE))
    records.warm()
    built = set(records._indexes), set(vars(records))
    assert [ruling.deal for ruling in judge_case(records, deals_in_order(records))]
    assert (set(records._indexes), set(vars(records))) == built
