"""Registrations too close to what they claim: F-LEAD, F-BAND, F-QUICK.

The rules this module keeps:

1. A clock that does not tell holds nothing back: where the comparison is unknown, a person looks.
2. The trade counts 短期成交 in hours; public code multiplied days into a 32-bit number and never fired (TRADE.md
   §2.6). Here times are exact integers.
"""

from collections.abc import Iterator

from mingshi.domain.judge.arrival import Grade
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.finding import Verdict
from mingshi.domain.judge.flags.flag import Flag, Source, Tier, facts
from mingshi.domain.judge.hearing import Hearing, node_time
from mingshi.domain.moment import span
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import HOUR, MINUTE, before, not_after


def too_late(claim: Claim) -> Iterator[Flag]:
    """F-LEAD 防截客 (B1, B7): registered too late before the arrival, or after it.

    Hold where the visitor's own act shows the arrival. A desk entry alone is the site's word: a hint. Where the clocks
    do not tell, or a client who came early is to be heard (B1a), the ruling itself asks a person, and no flag does.
    """
    for finding in claim.findings:
        if finding.rule not in ("B1", "B7") or finding.verdict is not Verdict.FAIL:
            continue
        visit = claim.draft.visit
        late_for = finding.args.get("subscribed_at", finding.args.get("arrived_at"))
        args = facts(submitted_at=finding.args["submitted_at"], arrived_at=late_for)
        if visit is None or finding.reason == "after_deal":
            yield Flag("F-LEAD", Tier.HOLD, claim.registration.id, (), args, Source.AGENT)
            return
        proven = visit.recognised and visit.own_act
        tier = Tier.HOLD if proven else Tier.REVIEW if visit.grade is Grade.B else Tier.HINT
        yield Flag("F-LEAD", tier, claim.registration.id, visit.evidence, args, Source.VISITOR)
        return


def just_in_time(claim: Claim) -> Iterator[Flag]:
    """F-BAND 截客疑似 (B2): the client came just after the lead had passed, within `band_min`."""
    draft = claim.draft
    if draft.visit is None:
        return
    lead_end = draft.effective.plus(draft.policy.lead_min * MINUTE)
    band_end = lead_end.plus(draft.policy.band_min * MINUTE)
    arrived = draft.visit.start.counted
    if before(lead_end, arrived) & not_after(arrived, band_end) is Answer.YES:
        gap = (arrived.earliest - draft.effective.earliest) // MINUTE
        args = facts(gap_min=gap, lead_min=draft.policy.lead_min, band_min=draft.policy.band_min)
        yield Flag("F-BAND", Tier.HINT, claim.registration.id, draft.visit.evidence, args, Source.AGENT)


def quick_deal(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-QUICK 短期成交 (D12): subscribed less than `quick_h` after the registration."""
    node = node_time(hearing.dossier.deal, claim.draft.policy)
    limit = claim.draft.effective.plus(claim.draft.policy.quick_h * HOUR)
    if node is None or before(span(node), limit) is not Answer.YES:
        return
    if before(claim.draft.effective, span(node)) is Answer.NO:
        return  # registered after the deal: B7's case
    hours = (span(node).earliest - claim.draft.effective.earliest) // HOUR
    args = facts(hours=hours, quick_h=claim.draft.policy.quick_h)
    yield Flag("F-QUICK", Tier.REVIEW, claim.registration.id, (), args, Source.AGENT)
