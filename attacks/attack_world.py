"""A small sales office with its log, three witnesses, an agent and a buyer: the stage of every attack.

Deterministic: keys, salts and times come from names and counters. Nothing here is secret.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.journal import Journal, MemoryMedium
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.log import Log
from mingshi.ledger.receipt import make_promise, make_receipt
from mingshi.ledger.signer import Answer, Halt, Signer
from mingshi.ledger.store import FileStore
from mingshi.ledger.tree import Tree
from mingshi.ledger.verify import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Json,
    Note,
    Opening,
    Policy,
    Trust,
    Verdict,
    leaf_hash,
    phone_mac,
)
from mingshi.witness.keeper import Hours, Keeper, KnownLog, Request, first_record

ORIGIN = "haitang.example/site/7"
START_S = 1_790_000_000
NAMES = ("agency", "association", "hq")
WITNESSES = {
    "agency": "lianjia.example/witness",
    "association": "agents-association.example/witness",
    "hq": "haitang.example/witness",
}


def seed(name: str) -> bytes:
    return sha256(b"mingshi test seed " + name.encode()).digest()


class Link:
    """A witness in the same process, which can be cut off."""

    def __init__(self, keeper: Keeper, clock: Callable[[], int]) -> None:
        self.keeper, self.clock, self.cut = keeper, clock, False

    def add_checkpoint(self, request: str) -> Answer:
        if self.cut:
            return Answer(0, "cut")
        answer = self.keeper.add_checkpoint(request, self.clock())
        return Answer(answer.status, answer.body)

    def latest(self, origin: str) -> Answer:
        if self.cut:
            return Answer(0, "cut")
        answer = self.keeper.latest(sha256(origin.encode()).hexdigest())
        return Answer(answer.status, answer.body)


def policy_text(keys: dict[str, str], log: str) -> str:
    lines = [f"log {log}", *(f"witness {name} {key}" for name, key in keys.items())]
    lines += ["group outside any agency association", "group both all hq outside", "quorum both"]
    return "".join(f"{line}\n" for line in lines)


class World:
    def __init__(self, label: str = "") -> None:
        self.now_s = START_S
        self.key = SigningKey(ORIGIN, ED25519, seed("log"))
        self.witness_keys = {n: SigningKey(w, COSIGNATURE, seed(n)) for n, w in WITNESSES.items()}
        self.policy = policy_text(
            {n: str(key.verifier) for n, key in self.witness_keys.items()}, str(self.key.verifier)
        )
        self.media = {name: MemoryMedium() for name in NAMES}
        self.links = {name: Link(self.keeper(name), lambda: self.now_s) for name in NAMES}
        self.site_medium = MemoryMedium()
        self.openings: dict[int, tuple[Opening, ...]] = {}
        self._salts = 0
        self._label = label
        self.open_site()

    def keeper(self, name: str) -> Keeper:
        medium = self.media[name]
        if not medium.data:
            journal = Journal(medium)
            list(journal.replay())
            journal.append(first_record(self.witness_keys[name].verifier))
        stamp = SigningKey(WITNESSES[name], ED25519, seed(f"stamp {name}"))
        logs = {ORIGIN: KnownLog(keys=(self.key.verifier,), hours=Hours(0, 1440, 0))}
        return Keeper(self.witness_keys[name], stamp, logs, medium)

    def open_site(self) -> Halt | None:
        """As after a start: read the file, ask the witnesses."""
        self.store = FileStore(self.site_medium)
        self.log = Log(self.key, self.store)
        self.signer = Signer([self.key], Policy.parse(self.policy), self.store)
        return self.signer.ask(self.links)

    def salt(self) -> bytes:
        self._salts += 1
        return seed(f"salt {self._label} {self._salts}")

    def seal(self, kind: str, *values: dict[str, Json]) -> int:
        """Seal one fact; its index. The claimant's witness is the agency's."""
        fact = Fact(
            kind=kind,
            parts=tuple(Part(self.salt(), value) for value in values),
            witness=self.witness_keys["agency"].verifier,
        )
        index = self.log.size
        self.log.seal([fact], self.now_s)
        self.openings[index] = fact.openings()
        return index

    def register(self, agent: str, phone: str, at_s: int | None = None) -> int:
        """An agent registers a client."""
        salt = self.salt()
        at_us = (self.now_s if at_s is None else at_s) * 1_000_000
        value: dict[str, Json] = {"agent": agent, "at_us": at_us, "phone_mac": phone_mac(salt, phone)}
        parts = (Part(salt, value), Part(self.salt(), {"phone": phone}))
        fact = Fact(kind="registration", parts=parts, witness=self.witness_keys["agency"].verifier)
        index = self.log.size
        self.log.seal([fact], self.now_s)
        self.openings[index] = fact.openings()
        return index

    def publish(self, wait_s: int = 20) -> str:
        """Sign a checkpoint and have it cosigned."""
        self.now_s += wait_s
        note = self.signer.sign(self.now_s)
        assert isinstance(note, str), note
        return self.signer.cosign(note, self.links, self.now_s).note

    def receipt(self, index: int, *positions: int) -> str:
        openings = tuple(each for each in self.openings[index] if each.at in (positions or (0,)))
        receipt = make_receipt(self.store, self.signer.tree, index, openings, self.policy)
        assert receipt is not None, "no receipt yet"
        return receipt

    def promise(self, index: int) -> str:
        return make_promise(self.store, index, self.openings[index][:1], self.policy)

    @property
    def trust(self) -> Trust:
        """What the agent brings: the policy on paper, today's date."""
        return Trust(policy=self.policy, now_s=self.now_s)

    # What only a cheating site does:

    def forge_tree(self, entries: list[bytes]) -> tuple[Tree, str]:
        """Another tree, with its checkpoint signed by the log's true key."""
        tree = Tree(map(leaf_hash, entries))
        text = str(Checkpoint(ORIGIN, tree.size, tree.root(tree.size)))
        return tree, str(signed(text, self.key))

    def submit(self, name: str, tree: Tree, old: int, note: str) -> Answer:
        """Ask one witness to cosign it."""
        size = Checkpoint.parse(Note.parse(note).text).size
        return self.links[name].add_checkpoint(str(Request(old, tree.consistency(old, size), note)))


class Found(NamedTuple):
    """Who noticed, and the code by which it is named."""

    by: str
    code: str


def show(tried: str | None, attack: Callable[[], Found | None]) -> int:
    """Run an attack and say what was tried and what found it; 1 where nothing did."""
    print("tried:", " ".join((tried or "").split()))
    found = attack()
    print(f"found by {found.by}: {found.code}" if found else "NOT FOUND")
    return 0 if found else 1


def refused(by: str, verdict: Verdict | None) -> Found | None:
    """What a verifier's no finds."""
    return Found(by, verdict.reason) if verdict is not None and verdict.reason else None
