"""Two policies on random dossiers: what is told of a difference adds up, mirrors, and is the judge's own."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from mingshi.app.policy_diff import diff
from mingshi.app.worth import Side
from mingshi.domain import evidence as e
from mingshi.domain.judge.engine import rule_deal
from mingshi.domain.policy import CLASSIC, OPEN, Policy, policy_of, single
from mingshi.kernel.timeline import Micros
from tests.property.worlds import World, worlds

EXAMPLES = int(os.environ.get("MINGSHI_EXAMPLES", "150")) // 3
TERMS = tuple(
    e.Term(f"条款-{agency}", agency, e.TermKind.FIXED, Micros(0), None, amount, None, None, None, None)  # type: ignore[arg-type]
    for agency, amount in (("甲", 4_000_000), ("乙", 3_000_001))
)
VALUES = {
    "lead_min": st.sampled_from([0, 30, 60]),
    "visit_protect_days": st.sampled_from([30, 60]),
    "mode": st.sampled_from(["protect", "compete"]),
    "masked": st.sampled_from(["allow", "until_confirmed"]),
    "door_code": st.booleans(),
    "escort_by_client": st.booleans(),
    "staff_pay_channel_yuan": st.sampled_from([0, 1500]),
    "referral_yuan": st.sampled_from([0, 2000]),
    "split_both_percent": st.sampled_from([50, 33]),
}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    values = draw(st.fixed_dictionaries({}, optional=VALUES))
    made = policy_of("ours", draw(st.sampled_from([CLASSIC, OPEN])), values)
    assert isinstance(made, Policy)
    return made


@given(world=worlds(), old=policies(), new=policies())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_difference_adds_up_mirrors_and_is_the_judge_s_own(world: World, old: Policy, new: Policy):
    if old.sha256 == new.sha256:
        return
    kinds = {**world.kinds, e.Term: TERMS}
    records = World(kinds, world.policy, world.as_of).records
    there, back = diff(old, new, records), diff(new, old, records)
    written = there.readings[-1]
    changed = {
        deal.id
        for deal in records.all(e.Deal)
        if rule_deal(deal.id, records.under(single(old))).outcome
        != rule_deal(deal.id, records.under(single(new))).outcome
    }
    assert {flip.deal for flip in written.flips if flip.outcome} == changed
    assert [one.name for one in back.readings] == [one.name for one in there.readings]
    for ahead, behind in zip(there.readings, back.readings, strict=True):
        assert sum(line.before for line in ahead.sides) == sum(line.after for line in ahead.sides) == 0
        agencies = next((line.moved for line in ahead.sides if line.name == Side.AGENCIES), 0)
        assert sum(line.moved for line in ahead.agencies) == agencies
        assert {line.name: -line.moved for line in ahead.sides} == {line.name: line.moved for line in behind.sides}
        assert {(new, old): n for (old, new), n in ahead.kinds.items()} == behind.kinds
        assert {flip.deal for flip in ahead.flips} == {flip.deal for flip in behind.flips}
        assert all(flip.moved_by or not flip.outcome for flip in ahead.flips)
        assert {clause for flip in ahead.flips for clause in flip.moved_by} <= set(there.clauses)
