"""清扫: what has come to its end is destroyed, within a day, by a clock that a witness confirms (L-30; DESIGN §3).

The rules this module keeps:

1. Nothing is deleted unless now lies within 24 hours of the last witness time, whichever way it is off: a wrong clock
   destroys nothing.
2. An agent or a member of staff who is still employed is kept on, and so is what a live restriction or a request that
   is still open needs.
3. A sweep takes at most so much at a time; it says whether there is more.
4. At a site that requires grounds, whatever was taken without one goes with the next sweep (NDR 24); until then nothing
   rests on it (`store.facts`).
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.consents import REQUIRED
from mingshi.app.end_items import end_items
from mingshi.app.facts import Restriction, RightsAnswer
from mingshi.app.ports import Item, Transaction
from mingshi.domain import evidence as e
from mingshi.domain.moment import ended
from mingshi.domain.retention import Keep, expires, trusted
from mingshi.kernel.timeline import DAY, Micros

AT_ONCE: Final = 2_000
REASON: Final = "47(1)(2)"
UNFOUNDED: Final = "NDR 24"


class Sweep(NamedTuple):
    """`witnessed_at`: the latest time a witness cosigned; None: never."""

    witnessed_at: Micros | None


def sweep(transaction: Transaction, command: Sweep) -> Answer:
    """Destroy what is due."""
    now = transaction.now
    if not trusted(now, command.witnessed_at):
        return Refused("clock_not_trusted", "L-30", args={"witnessed_at": command.witnessed_at, "now_at": now})
    due = transaction.expired(now, AT_ONCE)
    needed = {(item.record, item.subject) for item in due if _still_needed(transaction, item)}
    for item in due:
        if (item.record, item.subject) in needed:
            keep = Keep.ROSTER if item.record in ("Agent", "Staff") else Keep.RECORD
            transaction.keep_until([item], expires(keep, now))
    gone = [item for item in due if (item.record, item.subject) not in needed]
    bare = transaction.unfounded(AT_ONCE) if transaction.setting("consents") == REQUIRED else ()
    bare = [item for item in bare if item not in gone]
    ids: dict[str, str] = {}
    if gone:
        ids["proof"] = end_items(transaction, gone, REASON)
    if bare:
        ids["proof_unfounded"] = end_items(transaction, bare, UNFOUNDED)
    more = AT_ONCE in (len(due), len(bare))
    return Done("swept", ids, {"records": len(gone) + len(bare), "unfounded": len(bare), "more": more})


def _still_needed(transaction: Transaction, item: Item) -> bool:
    if item.record == "Agent":
        return _employed(transaction, e.Agent, item.subject)
    if item.record == "Staff":
        return _employed(transaction, e.Staff, item.subject)
    if item.record == "Restriction":
        return any(row.lifted_at is None for row in transaction.read(Restriction, "id", item.subject))
    if item.record == "RequestSaid":
        return not transaction.read(RightsAnswer, "request", item.subject)
    return False


def _employed(transaction: Transaction, kind: type[e.Agent] | type[e.Staff], subject: str) -> bool:
    """Whether a roster row still stands, or ended less than its term ago."""
    name = subject.split("|", maxsplit=1)[0]
    rows = [row for row in transaction.read(kind, "id", name) if subject.startswith(f"{name}|")]
    edge = Micros(transaction.now - (expires(Keep.ROSTER, Micros(0)) - DAY))
    return any(not ended(row.until, edge) for row in rows)
