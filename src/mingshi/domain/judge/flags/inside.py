"""What staff did before the agent registered their client: F-SRCH, F-EDIT.

The rules this module keeps:

1. Amendment 16: a look-up counts only if the searcher is the assigned or closing consultant. Whoever looks many
   clients up on one day shows nothing about any of them and draws attention to themselves (see `patterns`).
2. G5: an edit never takes away what it changed; it is a fact of its own. A corrected name is no sign of anything.
"""

from collections.abc import Iterator
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField
from mingshi.domain.ids import StaffId
from mingshi.domain.judge.arrival import NO_DEVICE
from mingshi.domain.judge.claim import Claim
from mingshi.domain.judge.flags.flag import Flag, Source, Tier, facts
from mingshi.domain.judge.hearing import Hearing
from mingshi.domain.moment import earliest, moment
from mingshi.kernel.answer import Answer
from mingshi.kernel.timeline import DAY, before

SEARCH_DAYS: Final = 30
"""A look-up longer than this before the registration is nobody's preparation."""
MASS_LOOK_UPS: Final = 20
"""Clients looked up by one person on one day; above it a look-up is no sign that this client was meant."""
RENAMED_OFTEN: Final = 2
"""XKC type 3: so many changes of the name."""
_TELLING: Final = frozenset(
    {
        EditField.PHONE,
        EditField.SOURCE,
        EditField.FIRST_VISIT,
        EditField.WINDOW,
        EditField.RELEASE,
        EditField.DELETE,
    }
)


def searched(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-SRCH 搜电未报备: the later closing consultant looked the client up before the agent registered them."""
    dossier, draft = hearing.dossier, claim.draft
    closing = {dossier.deal.consultant}
    if draft.visit is not None:
        closing |= {trace.staff for trace in draft.visit.check_ins}
    for row in dossier.lookups:
        at = moment(row.at, row.sealed_at, device=NO_DEVICE, policy=hearing.policy).counted
        recent = before(draft.submitted, at.plus(SEARCH_DAYS * DAY)) is Answer.YES
        if dossier.together.get(row.id, 1) > MASS_LOOK_UPS:
            continue
        if row.staff in closing - {StaffId("")} and recent and before(at, draft.submitted) is Answer.YES:
            args = facts(staff=row.staff, searched_at=at.earliest, submitted_at=draft.submitted.earliest)
            yield Flag("F-SRCH", Tier.REVIEW, claim.registration.id, (row.id,), args)
            return


def edited(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-EDIT 改资料: before the registration staff changed or deleted a record of this client."""
    if claim.draft.attachment.person is None:
        return
    names = 0
    for row in hearing.dossier.edits:
        if hearing.unit.who(row.phone) != claim.draft.person or row.buyer_otp:
            continue
        at = moment(row.at, row.sealed_at, device=NO_DEVICE, policy=hearing.policy).counted
        if before(at, claim.draft.submitted) is not Answer.YES or not _recent(row, claim):
            continue
        names += row.field is EditField.NAME
        if row.field in _TELLING or names >= RENAMED_OFTEN:
            args = facts(staff=row.staff, edited_at=at.earliest, changed=row.field.value)
            yield Flag("F-EDIT", Tier.REVIEW, claim.registration.id, (row.id,), args)
            return


def _recent(row: e.Edit, claim: Claim) -> bool:
    return claim.draft.submitted.earliest - earliest(row.at) <= SEARCH_DAYS * DAY


def relative(claim: Claim) -> Iterator[Flag]:
    """F-RELATIVE (A9): the client is a declared relative of the agent."""
    for finding in claim.findings:
        if finding.rule == "A9" and finding.reason == "relative":
            yield Flag("F-RELATIVE", Tier.REVIEW, claim.registration.id, finding.evidence, source=Source.AGENT)


def crowd_device(claim: Claim, hearing: Hearing) -> Iterator[Flag]:
    """F-CROWD 充场, on a deal: the client checked in on a device that checked in three or more numbers in 30 days.

    A family may share a phone, so it is a hint. Devices of the office itself see everybody and are left out.
    """
    visit = claim.draft.visit
    for row in hearing.dossier.arrivals if visit is not None else ():
        count = hearing.dossier.together.get(row.id, 1)
        if row.id in visit.evidence and count >= CROWD:  # type: ignore[union-attr]  # asked above
            args = facts(phones=count)
            yield Flag("F-CROWD", Tier.HINT, claim.registration.id, (row.id,), args, Source.AGENT)
            return


CROWD: Final = 3
