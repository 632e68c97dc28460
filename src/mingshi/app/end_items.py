"""Ending what is held, part by part: its term is over, its consent was taken back, it never had a ground (PIPL 47).

The rules this module keeps: what ends is sealed first, by kinds, counts and entries, with the reason by its article;
then it is destroyed in the same transaction. Nothing in the sealed entry names anybody.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from mingshi.app.facts import DeletionProof
from mingshi.app.ports import Item, Transaction
from mingshi.domain.ids import EvidenceId
from mingshi.kernel.canonical import Json, dumps

REASONS: Final = {
    "47(1)(1)": "the purpose is met or cannot be met",
    "47(1)(2)": "the service ended, or the term is over",
    "47(1)(3)": "consent was taken back",
    "47(1)(4)": "it was unlawful",
    "NDR 24": "there was no lawful ground when it was taken",
    "FRM 15": "the feature or the site was closed",
}
"""Codes of LAW §6.5; texts in [reason]."""


def end_items(transaction: Transaction, items: Sequence[Item], reason: str) -> EvidenceId:
    """Seal the end of these parts and destroy them; the proof's id."""
    assert items, "an end is of something"
    assert reason in REASONS, reason
    kinds = Counter(item.record for item in items)
    told: dict[str, Json] = {
        "v": 1,
        "stage": "ended",
        "reason": reason,
        "kinds": dict(sorted(kinds.items())),
        "entries": sorted({item.entry for item in items}),
        "overdue_us": max(0, *(transaction.now - item.expires_at for item in items)),
    }
    proof = DeletionProof(transaction.new_id("DP"), EvidenceId(""), "ended", transaction.now, dumps(told).decode())
    transaction.seal(proof)
    transaction.end(items, reason)
    return proof.id
