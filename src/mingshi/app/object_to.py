"""异议: agent, agency, buyer or site objects to an escort (B6) or to a ruling (H1).

The rules this module keeps: whoever objects needs nothing but a ground; what came too late is sealed all the same, and
refused with the deadline; what came in time freezes the disputed part only (H2).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.ports import Transaction
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Side
from mingshi.domain.ids import DealId, EvidenceId
from mingshi.domain.judge.dispute import objections_in_time
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.hearing import objection_deadline, open_hearing
from mingshi.domain.moment import latest
from mingshi.kernel.timeline import HOUR


class ObjectTo(NamedTuple):
    """To a deal's ruling, or to an escort; one of the two is empty."""

    by: Side
    party: str
    ground: str
    deal: DealId = DealId("")
    escort: EvidenceId = EvidenceId("")


def object_to(transaction: Transaction, command: ObjectTo) -> Answer:
    """Seal an objection."""
    if not command.ground.strip():
        return Refused("ground_needed", "H1")
    deals = transaction.read(e.Deal, "id", command.deal)
    escorts = transaction.read(e.Escort, "id", command.escort)
    if len(deals) + len(escorts) != 1:
        return Refused("unknown_deal", "H1")
    objection = blank(e.Objection, id=transaction.new_id("W"), at=transaction.now, **command._asdict())
    transaction.seal(objection)
    ids = {"objection": objection.id}
    if escorts:
        policy = transaction.source.policies.at(transaction.now)
        until = latest(escorts[0].at) + policy.objection_h * HOUR
        if transaction.now > until:
            return Refused("too_late", "B6", (objection.id,), {"until": until})
        return Done("objected", ids)
    hearing = open_hearing(gather(command.deal, transaction.source))
    if not any(row.id == objection.id for row in objections_in_time(hearing)):
        return Refused(
            "too_late", "H1", (objection.id,), {"until": objection_deadline(hearing.dossier, hearing.policy)}
        )
    return Done("objected", ids)
