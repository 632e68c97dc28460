"""A seeded simulation of one log and three witnesses: clocks jump, disks lose what was not synced, processes
die at any write, networks split and swallow answers, backups are restored, the operator cheats.

The code under test is the real one; only disk, network and clock are played. An auditor, who shares none of
its state, holds the promises of the ledger:

A  the cosignatures of one witness are one history; nothing that the honest signer signs contradicts what a
   quorum cosigned; and where no backup was restored, nothing contradicts anything
B  a witness's times and sizes never go back, and what it answered it remembers
C  what was acknowledged is in the log, at its place; where a restored backup lost it, the promise proves it
D  nobody rings an alarm, halts or finds damage without a cause, and none keeps silent with one
E  once all is well again, every acknowledged entry has a receipt that verifies

    python tests/support/ledger_simulation.py --seeds 20000 [--first N]
"""

import argparse
import random
import sys
import time
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "attacks"))

from attack_world import NAMES, ORIGIN, START_S, WITNESSES, policy_text, seed

from mingshi.ledger import verify as v
from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.journal import CorruptError, Journal
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.log import Log
from mingshi.ledger.receipt import make_receipt
from mingshi.ledger.signer import Answer, Halt, Signer
from mingshi.ledger.store import FileStore
from mingshi.ledger.tree import Tree
from mingshi.witness.keeper import Keeper, KnownLog, Request, first_record

LOG = SigningKey(ORIGIN, v.ED25519, seed("log"))
KEYS = {name: SigningKey(WITNESSES[name], v.COSIGNATURE, seed(name)) for name in NAMES}
STAMPS = {name: SigningKey(WITNESSES[name], v.ED25519, seed(f"stamp {name}")) for name in NAMES}
POLICY_TEXT = policy_text({name: str(key.verifier) for name, key in KEYS.items()}, str(LOG.verifier))
POLICY = v.Policy.parse(POLICY_TEXT)
STEPS = 60


class ViolationError(AssertionError):
    """The auditor says no."""


class CrashError(Exception):
    """The process died here."""


class Disk:
    """A medium whose unsynced bytes may go at a crash; a bomb kills the process at its n-th writing call."""

    def __init__(self, rng, *, honest=True):
        self.rng, self.honest = rng, honest
        self.data = bytearray()
        self.synced = 0
        self.bomb = 0

    def _tick(self):
        if self.bomb:
            self.bomb -= 1
            if not self.bomb:
                raise CrashError

    def read(self, offset, length):
        return bytes(self.data[offset : offset + length])

    def append(self, data):
        part = self.rng.randrange(len(data) + 1)
        try:
            self._tick()
        except CrashError:
            self.data += data[:part]
            raise
        self.data += data

    def sync(self):
        self._tick()
        if self.honest:
            self.synced = len(self.data)

    def truncate(self, size):
        self._tick()
        del self.data[size:]
        self.synced = min(self.synced, size)

    def close(self):
        pass

    def crash(self):
        """Power is gone: of what was not synced a part stays, perhaps followed by blocks never filled."""
        self.bomb = 0
        lost = len(self.data) - self.synced
        kept = self.rng.randrange(lost + 1)
        del self.data[self.synced + kept :]
        if lost and self.rng.random() < 0.3:
            self.data += bytes(self.rng.randrange(1, 600))
        if self.honest:
            self.synced = len(self.data)  # the next opening syncs what it finds


class Auditor:
    """Knows only what was said aloud."""

    def __init__(self):
        self.history = {name: [] for name in NAMES}  # the leaves under the largest checkpoint each cosigned
        self.shared = []  # the leaves under the largest that a quorum cosigned
        self.by = {}  # checkpoint → who cosigned it
        self.times = dict.fromkeys(NAMES, (0, 0))
        self.promised = {}
        self.cheated = self.restored = self.clock_jumped = False

    def heard(self, what, checkpoint, leaves, *histories):
        """An honest signer's checkpoint, the leaves that the site has then, and what it must agree with."""
        mine = leaves[: checkpoint.size]
        if len(mine) < checkpoint.size or Tree(mine).root(checkpoint.size) != checkpoint.root:
            raise ViolationError(f"A: {what} of size {checkpoint.size} is of no tree that the site has")
        for history in histories if self.restored else (*histories, *self.history.values()):
            both = min(len(mine), len(history))
            if mine[:both] != history[:both]:
                raise ViolationError(f"A: {what} of size {checkpoint.size} contradicts an earlier one")
        return mine

    def signed(self, checkpoint, leaves):
        """The log's signer has signed."""
        self.heard("the log's checkpoint", checkpoint, leaves, self.shared)

    def cosigned(self, name, checkpoint, at_s, leaves):
        """A witness has answered 200."""
        mine = self.heard(f"{name}'s cosignature", checkpoint, leaves, self.history[name], self.shared)
        self.history[name] = max(self.history[name], mine, key=len)
        self.by.setdefault(checkpoint, set()).add(name)
        if POLICY.satisfied(self.by[checkpoint]):
            self.shared = max(self.shared, mine, key=len)
        last_s, last_size = self.times[name]
        if at_s < last_s or checkpoint.size < last_size:
            raise ViolationError(f"B: {name} went back from {last_s}, {last_size} to {at_s}, {checkpoint.size}")
        self.times[name] = (at_s, checkpoint.size)


class Witness:
    """One witness's process and its way to the site."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.disk = Disk(world.rng, honest=world.mutant != "witness answers before it is durable")
        journal = Journal(self.disk)
        list(journal.replay())
        journal.append(first_record(KEYS[name].verifier))
        self.disk.synced = len(self.disk.data)
        self.cut = False
        self.swallow = False
        self.offset_s = 0
        self.keeper = None
        self.start()

    def start(self):
        try:
            known = {ORIGIN: KnownLog(keys=(LOG.verifier,))}
            self.keeper = Keeper(KEYS[self.name], STAMPS[self.name], known, self.disk)
        except CorruptError as error:
            raise ViolationError(f"D: {self.name} finds damage: {error}") from error
        head = self.keeper._seen[ORIGIN].head
        if (head.size if head else 0) < self.world.auditor.times[self.name][1]:
            raise ViolationError(f"B: {self.name} has forgotten what it cosigned")
        if self.world.mutant == "witness checks no consistency":
            self.keeper._extends = lambda *_: True

    def crash(self):
        self.keeper = None
        self.disk.crash()

    def add_checkpoint(self, request):
        if self.cut or self.keeper is None:
            return Answer(0, "cut")
        try:
            answer = self.keeper.add_checkpoint(request, self.world.now_s + self.offset_s)
        except CrashError:
            self.crash()
            return Answer(0, "crashed")
        if answer.status == 200:
            note = v.Note.parse(f"{v.Note.parse(Request.parse(request).note).text}\n{answer.body}")
            (at_s,) = note.signed_by(KEYS[self.name].verifier)
            self.world.auditor.cosigned(self.name, v.Checkpoint.parse(note.text), at_s, self.world.leaves())
        if self.swallow:
            self.swallow = False
            return Answer(0, "the answer was lost")
        return Answer(answer.status, answer.body)

    def latest(self, origin):
        if self.cut or self.keeper is None:
            return Answer(0, "cut")
        answer = self.keeper.latest(sha256(origin.encode()).hexdigest())
        return Answer(answer.status, answer.body)


class World:
    """The site, its operator, the network, the clocks."""

    def __init__(self, number, mutant=None):
        self.rng = random.Random(number)
        self.mutant = mutant
        self.now_s = START_S
        self.store = None
        self.site_offset_s = 0
        self.auditor = Auditor()
        self.disk = Disk(self.rng, honest=mutant != "site acknowledges before it is durable")
        self.witnesses = {name: Witness(self, name) for name in NAMES}
        self.backup = None
        self.salts = 0
        self.halted = None
        self.start()

    def leaves(self):
        if self.store is None:
            return []
        return [v.leaf_hash(entry) for entry in self.store.entries(0, self.store.frontier().size)]

    # What may happen

    def start(self):
        if self.store is not None:
            return
        try:
            self.store = FileStore(self.disk)
        except CorruptError as error:
            raise ViolationError(f"D: the site finds damage: {error}") from error
        except CrashError:
            self.crash()
            return
        self.log = Log(LOG, self.store)
        self.signer = Signer([LOG], POLICY, self.store)
        if self.mutant == "signer does not ask the witnesses":
            self.signer._heard = set(NAMES)
        else:
            self.ask()

    def ask(self):
        self.took(self.signer.ask(self.witnesses))

    def took(self, halt):
        """The signer has refused: only a restored backup gives it cause."""
        if isinstance(halt, Halt) and halt.reason != "UNHEARD":
            if not self.auditor.restored and not self.auditor.cheated:
                raise ViolationError(f"D: halted without cause: {halt}")
            self.halted = halt

    def crash(self):
        self.store = None
        self.disk.crash()

    def seal(self):
        if self.store is None:
            return
        facts = []
        for _ in range(self.rng.randrange(1, 4)):
            self.salts += 1
            facts.append(Fact(kind="control", parts=(Part(seed(f"{self.salts}"), {"n": self.salts}),)))
        if self.rng.random() < 0.1:
            self.disk.bomb = self.rng.randrange(1, 3)
        try:
            batch = self.log.seal(facts, self.now_s + self.site_offset_s)
        except CrashError:
            self.crash()
            return
        self.disk.bomb = 0
        for at, row in enumerate(batch.rows, batch.first):
            self.auditor.promised[at] = row.promise

    def publish(self):
        if self.store is None:
            return
        self.ask_again()
        if self.rng.random() < 0.08:
            self.disk.bomb = self.rng.randrange(1, 5)
        for witness in self.witnesses.values():
            if witness.keeper and self.rng.random() < 0.08:
                witness.disk.bomb = self.rng.randrange(1, 3)
            witness.swallow = self.rng.random() < 0.1
        now_s = self.now_s + self.site_offset_s
        try:
            note = self.signer.sign(now_s)
            self.took(note)
            if isinstance(note, str):
                self.auditor.heard("the log's checkpoint", v.Checkpoint.parse(v.Note.parse(note).text), self.leaves())
                self.signer.cosign(note, self.witnesses, now_s)
                self.took(self.signer._halt)
        except CrashError:
            self.crash()
        self.disk.bomb = 0
        for witness in self.witnesses.values():
            witness.disk.bomb, witness.swallow = 0, False

    def ask_again(self):
        if self.signer._unheard() is not None:
            self.ask()

    def toggle_cut(self):
        witness = self.witnesses[self.rng.choice(NAMES)]
        witness.cut = not witness.cut

    def kill_witness(self):
        self.witnesses[self.rng.choice(NAMES)].crash()

    def start_witness(self):
        for witness in self.witnesses.values():
            if witness.keeper is None:
                witness.start()

    def jump_clock(self):
        jump = self.rng.choice([-90, -20, 5, 60, 110, -4000, 3000])
        if self.rng.random() < 0.5:
            self.site_offset_s = jump
        else:
            self.witnesses[self.rng.choice(NAMES)].offset_s = jump
        self.auditor.clock_jumped = True

    def pass_time(self):
        self.now_s += self.rng.randrange(1, 700)

    def back_up(self):
        self.backup = bytes(self.disk.data[: self.disk.synced])

    def restore(self):
        if self.backup is None or self.auditor.restored or self.rng.random() < 0.5:
            return
        self.store = None
        self.disk.data[:] = self.backup
        self.disk.synced = len(self.backup)
        self.auditor.restored = True
        self.start()

    def cheat(self):
        """The operator signs another past with the log's own key and asks a witness to cosign it."""
        if self.rng.random() < 0.7 or self.store is None:
            return
        leaves = self.leaves()
        if len(leaves) < 2:
            return
        self.auditor.cheated = True
        witness = self.witnesses[self.rng.choice(NAMES)]
        if witness.cut or witness.keeper is None:
            return
        head = witness.keeper._seen[ORIGIN].head
        if head is None or head.size == 0:
            return  # it knows nothing yet: a first past cannot be told from a second
        other = Tree([v.leaf_hash(b"cheat %d" % self.rng.randrange(9)), *leaves[1:], *leaves[:2]])
        if other.size <= head.size:
            return
        size = self.rng.randrange(head.size, other.size)
        text = str(signed(str(v.Checkpoint(ORIGIN, size, other.root(size))), LOG))
        alarms = len(witness.keeper.alarms)
        known = {(alarm.kind, alarm.detail) for alarm in witness.keeper.alarms}
        answer = witness.keeper.add_checkpoint(
            str(Request(head.size, other.consistency(head.size, size), text)), self.now_s + witness.offset_s
        )
        if answer.status == 200:
            raise ViolationError(f"A: {witness.name} cosigned another past of size {size}")
        told = {(alarm.kind, alarm.detail) for alarm in witness.keeper.alarms[alarms:]} | known
        if answer.status == 422 and ("INCONSISTENT", f"from {head.size} to {size}") not in told:
            raise ViolationError(f"D: {witness.name} saw another past and rang no alarm")

    HAPPENINGS = (
        *(
            (seal, 22),
            (publish, 18),
            (pass_time, 14),
            (crash, 5),
            (start, 9),
            (toggle_cut, 6),
            (kill_witness, 4),
        ),
        *((start_witness, 8), (jump_clock, 3), (back_up, 3), (restore, 3), (cheat, 3)),
    )

    def run(self):
        """A life of `STEPS` happenings, then all is mended and the end is audited."""
        happenings, weights = zip(*self.HAPPENINGS, strict=True)
        for happening in self.rng.choices(happenings, weights, k=STEPS):
            happening(self)
        self.mend()
        self.audit()

    def mend(self):
        self.now_s += 10_000
        self.site_offset_s = 0
        self.start_witness()
        for witness in self.witnesses.values():
            witness.cut, witness.offset_s = False, 0
        self.start()
        self.ask_again()
        note = self.signer.sign(self.now_s)
        self.took(note)
        if isinstance(note, str):
            self.auditor.heard("the log's checkpoint", v.Checkpoint.parse(v.Note.parse(note).text), self.leaves())
            self.signer.cosign(note, self.witnesses, self.now_s)
            self.took(self.signer._halt)

    def audit(self):
        leaves = self.leaves()
        lost = []
        for index, note in self.auditor.promised.items():
            promise = v.Promise.parse(v.Note.parse(note).text)
            if promise.index != index or not v.Note.parse(note).signed_by(LOG.verifier):
                raise ViolationError(f"C: the promise of {index} proves nothing")
            if index >= len(leaves) or leaves[index] != promise.leaf:
                lost.append(index)
        if lost and not self.auditor.restored:
            raise ViolationError(f"C: acknowledged and lost: {lost}")
        if leaves[: len(self.auditor.shared)] != self.auditor.shared and self.halted is None:
            raise ViolationError("D: what a quorum cosigned is gone and the signer has not noticed")
        for name, witness in self.witnesses.items():
            kinds = {alarm.kind for alarm in witness.keeper.alarms}
            allowed = {"GAP", "CLOCK"} if self.auditor.clock_jumped else {"GAP"}
            for alarm in witness.keeper.alarms:
                if alarm.kind == "GAP" and alarm.time_s - int(alarm.detail.split()[1]) <= 620:
                    raise ViolationError(f"D: {name} sees a gap that is none: {alarm}")
            if self.auditor.restored or self.auditor.cheated:
                allowed |= {"FORK", "INCONSISTENT"}
            if not kinds <= allowed:
                raise ViolationError(f"D: {name} rings without cause: {kinds - allowed}")
        if self.halted is None and not self.auditor.restored and leaves:
            index = self.rng.randrange(len(leaves))
            entry = v.Entry.parse(v.parse_canonical(next(self.store.entries(index, index + 1))))
            number = next(n for n in range(1, self.salts + 1) if self._leaf(n, index) == entry.leaf)
            shown = [v.Opening(0, seed(f"{number}"), {"n": number})]
            receipt = make_receipt(self.store, self.signer.tree, index, shown, POLICY_TEXT)
            if receipt is None:
                raise ViolationError(f"E: no receipt for {index}")

    def _leaf(self, number, index):
        return Fact(kind="control", parts=(Part(seed(f"{number}"), {"n": number}),)).entry(ORIGIN, index).leaf


MUTANTS = (
    "site acknowledges before it is durable",
    "witness answers before it is durable",
    "signer does not ask the witnesses",
    "witness checks no consistency",
)


def simulate(number, mutant=None):
    """One seed. Raises `ViolationError`; else what happened, for the statistics."""
    world = World(number, mutant)
    world.run()
    return world


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    counts = dict.fromkeys(("violations", "restored", "halted", "cheated", "alarms", "entries", "cosignatures"), 0)
    for number in range(options.first, options.first + options.seeds):
        try:
            world = simulate(number)
        except ViolationError as violation:
            counts["violations"] += 1
            print(f"seed {number}: {violation}", flush=True)
            continue
        counts["restored"] += world.auditor.restored
        counts["halted"] += world.halted is not None
        counts["cheated"] += world.auditor.cheated
        counts["alarms"] += sum(len(witness.keeper.alarms) for witness in world.witnesses.values())
        counts["entries"] += len(world.auditor.promised)
        counts["cosignatures"] += sum(len(witness.keeper._seen[ORIGIN].times_s) for witness in world.witnesses.values())
        if number % 1000 == 999:
            print(number + 1, counts, f"{time.monotonic() - began:.0f} s", flush=True)
    print(f"{options.seeds} seeds from {options.first}: {counts}, {time.monotonic() - began:.0f} s")
    for mutant in MUTANTS:
        caught = 0
        for number in range(options.first, options.first + 200):
            try:
                simulate(number, mutant)
            except (ViolationError, AssertionError):
                caught += 1
        print(f"planted: {mutant}: caught by {caught} of 200 seeds")
    return 1 if counts["violations"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
