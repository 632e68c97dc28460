"""Reading back, signing, and having witnesses cosign.

The rules this module keeps, in the order `sign` applies them (LEDGER amendments 3 and 4):

 1. Nothing is signed before enough witnesses have said at this start what they last cosigned: so many that
    those still silent could not have filled the quorum among themselves. A log restored from a backup is
    found then: it is smaller than a witness has seen (ROLLED_BACK), or another (FORKED).
 2. Entries are read back from the storage and hashed anew; the root must be the unsigned head's (BIT_ROT).
 3. The new tree extends the last published one, by a consistency proof checked with `verify.py`.
 4. An entry that the root itself picks, read once more, is in the tree, by a proof checked with `verify.py`.
 5. At most one checkpoint a second; it is durable in the store before anybody sees it.
 6. A cosignature counts only if it verifies, and was given within `SKEW_S` of the asking: a checkpoint that
    lay about is not passed off as the newest.

Once a rule from 1 to 4 has said no, this signer signs no more: a person must look.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, final

from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.store import Store
from mingshi.ledger.tree import Tree, leaf_hashes
from mingshi.ledger.verify import (
    SKEW_S,
    Checkpoint,
    Note,
    Policy,
    RefusedError,
    Signature,
    Witness,
    b64,
    decimal,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)


class Halt(NamedTuple):
    """Why nothing was signed. `reason`: UNHEARD (ask again), or ROLLED_BACK, FORKED, BIT_ROT (for ever)."""

    reason: str
    detail: str


class Answer(NamedTuple):
    """What a witness answered to add-checkpoint: HTTP status and body; status 0 where it was not reached."""

    status: int
    body: str


class WitnessLink(Protocol):
    """The way to one witness (tlog-witness). Neither method raises for a network that fails."""

    def add_checkpoint(self, request: str) -> Answer:
        """POST add-checkpoint."""

    def latest(self, origin: str) -> Answer:
        """GET the newest checkpoint it cosigned; 404 where it never cosigned one."""


class Round(NamedTuple):
    """What asking the witnesses brought: the checkpoint with cosignatures, and what was amiss with whom."""

    note: str
    faults: Mapping[str, str]


@final
class Signer:
    """The signer of one log, over its store. `keys`: the log's, two while one is being changed."""

    def __init__(self, keys: Sequence[SigningKey], policy: Policy, store: Store) -> None:
        self._origin = keys[0].name
        assert all(key.name == self._origin for key in keys)
        self._keys = tuple(keys)
        self._policy = policy
        self._store = store
        self._tree = Tree()
        self._heard: set[str] = set()
        self._sizes: dict[str, int] = {}
        self._signed_s: int | None = None
        self._halt: Halt | None = None

    @property
    def tree(self) -> Tree:
        """The tree it has read back so far, for making proofs."""
        return self._tree

    def catch_up(self) -> Halt | None:
        """Rule 2: read back what is new; None where the root is the unsigned head's."""
        frontier = self._store.frontier()
        self._tree.extend(leaf_hashes(self._store.entries(self._tree.size, frontier.size)))
        if self._tree.root(frontier.size) != frontier.root:
            return self._stop("BIT_ROT", f"size {frontier.size}")
        return self._halt

    def ask(self, links: Mapping[str, WitnessLink]) -> Halt | None:
        """Rule 1: ask each witness, by its name in the policy, what it last cosigned; None if enough did."""
        if self.catch_up() is None:
            for witness in self._policy.witnesses:
                if witness.name in links:
                    self._hear(witness, links[witness.name].latest(self._origin))
        return self._unheard() if self._halt is None else self._halt

    def sign(self, now_s: int) -> str | Halt:
        """Rules 1 to 5: the signed checkpoint of all that is stored."""
        for rule in (self._unheard, self.catch_up):
            if (halt := rule()) is not None:
                return halt
        size = self._tree.size
        root = self._tree.root(size)
        last = self._store.published()
        if last is not None:
            note = Note.parse(last)
            old = Checkpoint.parse(note.text)
            if old.size > size:
                return self._stop("ROLLED_BACK", f"published {old.size}, stored {size}")
            current = {key.verifier.id for key in self._keys} <= {each.key_id for each in note.signatures}
            if ((old.size, old.root) == (size, root) and current) or self._signed_s == now_s:
                return last  # nothing new, or too soon
            if old.size and not verify_consistency(
                old.size, size, self._tree.consistency(old.size, size), old.root, root
            ):
                return self._stop("FORKED", f"not an extension of the published size {old.size}")
        if size and not self._included(int.from_bytes(root) % size, size, root):
            return self._stop("BIT_ROT", f"a proof of size {size} fails")
        made = str(signed(str(Checkpoint(self._origin, size, root)), *self._keys))
        self._store.publish(made)
        self._signed_s = now_s
        return made

    def cosign(self, note: str, links: Mapping[str, WitnessLink], now_s: int) -> Round:
        """Rule 6: have the witnesses cosign a checkpoint of ours; what came is published with it.

        A cosignature that it had already stays where its witness gave no newer one.
        """
        mine = Note.parse(note)
        checkpoint = Checkpoint.parse(mine.text)
        lines = list(mine.signatures)
        faults: dict[str, str] = {}
        for witness in self._policy.witnesses:
            if witness.name in links:
                answer = self._submit(witness, links[witness.name], mine, checkpoint)
                try:
                    fresh = _cosignatures(witness, mine.text, answer, now_s)
                except RefusedError as error:
                    faults[witness.name] = str(error)
                    continue
                self._sizes[witness.name] = checkpoint.size
                lines = [each for each in lines if each.name != witness.key.name] + fresh
        note = str(Note(mine.text, tuple(lines)))
        if tuple(lines) != mine.signatures:
            self._store.publish(note)
        return Round(note, faults)

    def _submit(self, witness: Witness, link: WitnessLink, mine: Note, checkpoint: Checkpoint) -> Answer:
        """One try, and one more where the witness says it is at another size."""
        known = min(self._sizes.get(witness.name, 0), checkpoint.size)
        answer = link.add_checkpoint(self._request(known, mine, checkpoint))
        if answer.status != 409:
            return answer
        try:
            size = decimal(answer.body.removesuffix("\n"))
        except ValueError:
            return answer
        if size > checkpoint.size:
            if size > self._tree.size:  # a number proves nothing: what it cosigned would
                self._hear(witness, link.latest(self._origin))
            return answer
        return link.add_checkpoint(self._request(size, mine, checkpoint))

    def _request(self, old: int, mine: Note, checkpoint: Checkpoint) -> str:
        proof = self._tree.consistency(old, checkpoint.size)
        return "".join(f"{line}\n" for line in (f"old {old}", *map(b64, proof), "")) + str(mine)

    def _hear(self, witness: Witness, answer: Answer) -> None:
        if answer.status == 404:
            self._heard.add(witness.name)
            return
        if answer.status != 200:
            return
        try:
            note = Note.parse(answer.body)
            if not note.signed_by(witness.key) or not any(map(note.signed_by, self._policy.log_keys(self._origin))):
                return  # not proved to be what it cosigned: as if it had not answered
            seen = Checkpoint.parse(note.text)
        except RefusedError:
            return
        if seen.origin != self._origin:
            return
        self._heard.add(witness.name)
        self._sizes[witness.name] = seen.size
        if seen.size > self._tree.size:
            self._stop("ROLLED_BACK", f"{witness.name} cosigned {seen.size}, stored {self._tree.size}")
        elif self._tree.root(seen.size) != seen.root:
            self._stop("FORKED", f"{witness.name} cosigned another tree of size {seen.size}")

    def _unheard(self) -> Halt | None:
        silent = [each.name for each in self._policy.witnesses if each.name not in self._heard]
        if self._policy.quorum != "none" and self._policy.satisfied(silent):
            return Halt("UNHEARD", " ".join(silent))
        return None

    def _included(self, index: int, size: int, root: bytes) -> bool:
        (entry,) = self._store.entries(index, index + 1)
        return verify_inclusion(leaf_hash(entry), index, size, self._tree.inclusion(index, size), root)

    def _stop(self, reason: str, detail: str) -> Halt:
        if self._halt is None:
            self._halt = Halt(reason, detail)
        return self._halt


def _cosignatures(witness: Witness, text: str, answer: Answer, now_s: int) -> list[Signature]:
    """The lines of a witness's answer that are its own, all valid and new."""
    if answer.status != 200:
        raise RefusedError("QUORUM_NOT_MET", f"status {answer.status} {answer.body.strip()[:60]}")
    note = Note.parse(f"{text}\n{answer.body}")
    times = note.signed_by(witness.key)
    if not times:
        raise RefusedError("QUORUM_NOT_MET", "no cosignature of its own")
    if not all(abs(at - now_s) <= SKEW_S for at in times):
        raise RefusedError("STALE", f"{times} at {now_s}")
    key = witness.key
    return [each for each in note.signatures if (each.name, each.key_id) == (key.name, key.id)]
