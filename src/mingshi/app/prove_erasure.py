"""删除证明: what was shown of an erasure is sealed, in two stages (INV-08; LAW §6.5; L-31).

The rules this module keeps:

1. `here` is sealed once the file was read page by page and nothing was found; `everywhere` once the last copy of the
   key is gone from the backups. Neither is sealed on somebody's word.
2. The sealed fields name nobody. Whose erasure it was is shown by whoever holds the salt, and only the person gets it.
3. A stage is sealed once.
"""

from typing import Final, NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import DeletionProof
from mingshi.app.ports import Transaction
from mingshi.domain import evidence as e
from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.ids import EvidenceId
from mingshi.kernel.canonical import dumps, integer, loads, mapping
from mingshi.kernel.timeline import Micros

HERE: Final = "here"
EVERYWHERE: Final = "everywhere"
VERSION: Final = 1


class ProveErasure(NamedTuple):
    """What was shown. `commitment`: over the person's numbers, under a salt that is kept nowhere."""

    erasure: EvidenceId
    stage: str
    records: int
    deals: int
    reason: str
    executed_at: Micros
    commitment: str
    methods: tuple[tuple[str, str], ...]
    """Copy → how it was destroyed."""
    checks: tuple[tuple[str, str], ...]
    """What was read back → with what result."""
    operator: str
    verifier: str
    """Another process or person than the operator."""
    software: str
    told_others: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    """What stays → why, until when."""


class Stage(NamedTuple):
    """A stage that is sealed, as anybody may read it: it names nobody."""

    proof: EvidenceId
    stage: str
    at: Micros
    commitment: str
    records: int
    deals: int
    in_time: bool


def stages_of(transaction: Transaction, erasure: EvidenceId) -> list[Stage]:
    """What was shown of an erasure that a person asked for, the first stage first; none for any other."""
    found = []
    for row in transaction.read(DeletionProof, "erasure", erasure):
        if row.stage in (HERE, EVERYWHERE):
            told = mapping(loads(row.text.encode()))
            counts = integer(told["records"]), integer(told["deals"])
            found.append(Stage(row.id, row.stage, row.at, str(told["subject"]), *counts, bool(told["in_time"])))
    return sorted(found, key=lambda one: one.at)


def prove_erasure(transaction: Transaction, command: ProveErasure) -> Answer:
    """Seal a stage of the proof."""
    rows = transaction.read(e.Withdrawal, "id", command.erasure)
    if not any(row.kind is WithdrawalKind.ERASURE for row in rows):
        return Refused("unknown_erasure", "L-31")
    stages = {row.stage: row for row in transaction.read(DeletionProof, "erasure", command.erasure)}
    if command.stage in stages:
        return Refused("already_recorded", "L-31")
    if command.stage == EVERYWHERE and HERE not in stages:
        return Refused("here_first", "L-31")
    if command.operator == command.verifier:
        return Refused("two_people", "L-31")
    if any(result != "0" for _, result in command.checks):
        return Refused("still_found", "L-31", args={"checks": dict(command.checks)})
    text = dumps(
        {
            "v": VERSION,
            "stage": command.stage,
            "subject": command.commitment,
            "records": command.records,
            "deals": command.deals,
            "reason": command.reason,
            "requested_at": rows[0].at if isinstance(rows[0].at, int) else None,
            "executed_at": command.executed_at,
            "in_time": True,
            "methods": dict(command.methods),
            "checks": dict(command.checks),
            "operator": command.operator,
            "verifier": command.verifier,
            "software": command.software,
            "told_others": list(command.told_others) or ["never shared"],
            "kept": dict(command.kept),
        }
    ).decode()
    proof = DeletionProof(transaction.new_id("DP"), command.erasure, command.stage, transaction.now, text)
    transaction.seal(proof)
    return Done(f"erasure_proven_{command.stage}", {"proof": proof.id, "erasure": command.erasure})
