"""答复: what came of a request; a refusal says by which article, and where to go with it (PIPL 50; L-28, L-29).

The rules this module keeps:

1. A refusal is one of the closed set that its right allows, names its article, and gives the routes: the handler, the
   authority, the court. Nothing is refused because it is inconvenient.
2. What is refused because the law has it kept says until when; the rest of the request is done (`partly`).
3. A request is answered once.
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import RightsAnswer, RightsRequest
from mingshi.app.ports import Transaction
from mingshi.app.request_right import known_request
from mingshi.app.supposing import blank
from mingshi.domain.ids import EvidenceId
from mingshi.domain.rights.right import ALLOWED, ARTICLES, GROUNDS, ROUTES, Ground
from mingshi.kernel.timeline import Micros

RESULTS: Final = ("done", "partly", "refused")


class AnswerRight(NamedTuple):
    """What came of it. `ground`: only where not all was done. `proof`: of an erasure."""

    request: EvidenceId
    result: str
    by: str
    ground: Ground | None = None
    kept_until: Micros | None = None
    proof: EvidenceId = EvidenceId("")


def answer_right(transaction: Transaction, command: AnswerRight) -> Answer:
    """Seal an answer."""
    request = known_request(transaction, command.request)
    if request is None:
        return Refused("unknown_request", "L-27")
    if transaction.read(RightsAnswer, "request", request.id):
        return Refused("already_answered", "L-27")
    wrong = _wrong(request, command)
    if wrong is not None:
        return wrong
    row = blank(
        RightsAnswer,
        id=transaction.new_id("RA"),
        request=request.id,
        at=transaction.now,
        result=command.result,
        ground="" if command.ground is None else command.ground,
        by=command.by,
        kept_until=command.kept_until,
        proof=command.proof,
    )
    transaction.seal(row)
    done, in_time = f"right_{command.result}", transaction.now <= request.due_at
    if command.ground is None:
        return Done(done, {"answer": row.id}, {"right": request.right.value, "in_time": in_time})
    return Done(
        done,
        {"answer": row.id},
        {
            "right": request.right.value,
            "in_time": in_time,
            "article": f"{ARTICLES[request.right]}; {GROUNDS[command.ground]}",
            "ground": command.ground.value,
            "routes": list(ROUTES),
            "until": command.kept_until,
        },
    )


def _wrong(request: RightsRequest, command: AnswerRight) -> Refused | None:
    if command.result not in RESULTS or not command.by:
        return Refused("bad_answer", "L-28")
    if (command.ground is None) is not (command.result == "done"):
        return Refused("ground_needed", "L-28")
    if command.ground is not None and command.ground not in ALLOWED[request.right]:
        return Refused("ground_not_allowed", "L-28", args={"right": request.right.value})
    if (command.ground is Ground.KEPT_BY_LAW) is not (command.kept_until is not None):
        return Refused("until_needed", "L-28")
    return None
