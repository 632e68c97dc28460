"""What the parties take home: promise, receipt, and the evidence that a promise was not kept.

The rules this module keeps (docs/formats/receipt.md, promise.md):

1. A file holds only the openings that it is asked for: each party takes home its own part.
2. A receipt is made from the oldest published checkpoint under which it verifies, and encloses the newest
   cosigned one that does not hold the entry yet: the two bracket the sealing, however late one asks.
3. Every file is verified with `verify.py`, under the policy it encloses, before it is given out.
"""

from collections.abc import Sequence

from mingshi.ledger.store import Store
from mingshi.ledger.tree import Tree
from mingshi.ledger.verify import (
    OVERDUE_HEADER,
    PROMISE_HEADER,
    Checkpoint,
    Entry,
    Json,
    Note,
    Opening,
    Policy,
    Proof,
    RefusedError,
    Trust,
    Verdict,
    canonical,
    check_head,
    parse_canonical,
    verify_text,
)


def make_receipt(
    store: Store,
    tree: Tree,
    index: int,
    openings: Sequence[Opening],
    policy: str,
    *,
    with_promise: bool = True,
) -> str | None:
    """The receipt of the entry at `index`; None while no published checkpoint carries it: ask later."""
    (entry,) = store.entries(index, index + 1)
    extra = _enclosed(entry, openings) | {"v": 1, "policy": policy}
    if with_promise:
        extra["promise"] = store.promise(index)
    if (before := _newest_without(store, index, Policy.parse(policy))) is not None:
        extra["before"] = before
    for note in store.published_with(index):
        size = Checkpoint.parse(Note.parse(note).text).size
        receipt = str(Proof(canonical(extra), index, tree.inclusion(index, size), note))
        if _verified(receipt, policy):
            return receipt
    return None


def make_promise(store: Store, index: int, openings: Sequence[Opening], policy: str) -> str:
    """The promise file, given out at once: the answer to a registration."""
    (entry,) = store.entries(index, index + 1)
    file = _enclosed(entry, openings)
    return _document(file | {"format": PROMISE_HEADER, "promise": store.promise(index), "policy": policy})


def make_overdue(promise: str, head: str, *, other: str = "", other_entry: Json = None) -> str | Verdict:
    """The evidence that a promise was not kept, made by its holder from the promise file and a later head.

    `other` is a proof (`Proof`) of another entry at the promised index, where the log has given one. The
    refusing verdict where it is no such evidence: not yet due, or kept.
    """
    file = parse_canonical(promise.encode())
    assert isinstance(file, dict)
    more: dict[str, Json] = {"other": other, "other_entry": other_entry} if other else {}
    text = canonical(file | {"format": OVERDUE_HEADER, "head": head} | more).decode()
    verdict = _verified(text, str(file["policy"]))
    return text if verdict else verdict


def _enclosed(entry: bytes, openings: Sequence[Opening]) -> dict[str, Json]:
    shown: list[Json] = [opening.json for opening in openings]
    return {"entry": Entry.parse(parse_canonical(entry)).value, "openings": shown}


def _document(file: dict[str, Json]) -> str:
    text = canonical(file).decode()
    verdict = _verified(text, str(file["policy"]))
    assert verdict, f"made a file that does not verify: {verdict.reason} {verdict.detail}"
    return text


def _verified(text: str, policy: str) -> Verdict:
    verdict = verify_text(text, Trust(policy=policy))
    assert verdict is not None
    return verdict


def _newest_without(store: Store, index: int, policy: Policy) -> str | None:
    for note in store.published_without(index):
        try:
            check_head(note, policy, None)
        except RefusedError:
            continue  # still waiting for its quorum
        return note
    return None
