"""The ledger's figures: verifying a receipt, appending with a checkpoint, rebuilding a large log.

    mingshi bench ledger

Prints a line a figure: what, measured, promised. Times vary with the machine; ratios compare with a bare
write of the same bytes on the same disk in the same run, taken in turns.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "attacks"))

from attack_world import NAMES, ORIGIN, START_S, WITNESSES, policy_text, seed

from mingshi.ledger import verify as v
from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.journal import FileMedium, Journal
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.log import Log
from mingshi.ledger.signer import Signer
from mingshi.ledger.store import Batch, FileStore, Row, _payload_of
from mingshi.ledger.tree import Frontier, Tree

LOG = SigningKey(ORIGIN, v.ED25519, seed("log"))
KEYS = {name: SigningKey(WITNESSES[name], v.COSIGNATURE, seed(name)) for name in NAMES}
POLICY = policy_text({name: str(key.verifier) for name, key in KEYS.items()}, str(LOG.verifier))


def main() -> None:
    """All figures, one after another."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        for measure in (verify_receipt, append, rebuild):
            measure(Path(folder))


def say(what: str, measured: str, promised: str) -> None:
    """One figure."""
    print(f"{what:<66} {measured:>12}   {promised}", flush=True)


def median_ms(run: Callable[[], object], count: int) -> float:
    """The median time of a call, in milliseconds."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def fact(at: int) -> Fact:
    """A registration as it comes: an agent's part and a buyer's."""
    salts = (sha256(b"a%d" % at).digest(), sha256(b"b%d" % at).digest())
    agent: dict[str, v.Json] = {"agent": f"A{at}", "at_us": START_S * 1_000_000, "phone_mac": v.b64(salts[1])}
    parts = (Part(salts[0], agent), Part(salts[1], {"phone": f"138{at:08d}"}))
    return Fact(kind="registration", parts=parts, witness=KEYS["agency"].verifier)


def verify_receipt(_: Path) -> None:
    """A receipt of a log of 200,200 entries: 18 hashes."""
    size, index = 200_200, 123_456
    one = fact(1)
    entry = one.entry(ORIGIN, index)
    leaves = [sha256(b"%d" % at).digest() for at in range(size)]
    leaves[index] = entry.leaf
    tree = Tree(leaves)

    def note(size: int, names: tuple[str, ...]) -> str:
        text = str(v.Checkpoint(ORIGIN, size, tree.root(size)))
        lines = tuple(KEYS[name].cosign(text, START_S) for name in names)
        return str(v.Note(text, (*signed(text, LOG).signatures, *lines)))

    def receipt(names: tuple[str, ...], **more: str) -> str:
        shown: list[v.Json] = [each.json for each in one.openings(0)]
        extra: dict[str, v.Json] = {"v": 1, "entry": entry.value, "openings": shown, **more}
        return str(v.Proof(v.canonical(extra), index, tree.inclusion(index, size), note(size, names)))

    trust = v.Trust(policy=POLICY, now_s=START_S)
    promise = v.Promise(ORIGIN, index, entry.leaf, START_S, v.MERGE_DELAY_S, KEYS["agency"].verifier)
    full = {"policy": POLICY, "promise": str(signed(str(promise), LOG)), "before": note(index, NAMES)}
    for what, text in (
        ("verify: log + 2 witnesses (3 signatures)", receipt(("agency", "hq"))),
        ("verify: log + 3 witnesses (4 signatures)", receipt(NAMES)),
        ("verify: the same with promise and earlier head (9 signatures)", receipt(NAMES, **full)),
    ):
        assert v.verify_receipt(text, trust)
        say(
            f"{what}, {len(text)} B",
            f"{median_ms(lambda text=text: v.verify_receipt(text, trust), 400):.2f} ms",
            "≤ 1 ms",
        )
    public = LOG.verifier.public
    signature = LOG.sign("x\n").value
    key = v.Ed25519PublicKey.from_public_bytes(public)
    once = median_ms(lambda: key.verify(signature, b"x\n"), 400)
    say("of which one Ed25519 verification", f"{once:.3f} ms", "")


def append(folder: Path) -> None:
    """Batches of 100 with a checkpoint each, and bare durable writes of the same bytes, in turns."""
    rounds, batch_size = 200, 100
    store = FileStore(FileMedium(folder / "log"))
    log = Log(LOG, store)
    signer = Signer([LOG], v.Policy.parse("quorum none\n"), store)
    bare = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    seal, kept, raw, single, single_raw = [], [], [], [], []
    for number in range(rounds):
        facts = [fact(number * batch_size + at) for at in range(batch_size)]
        began = time.perf_counter()
        batch = log.prepare(facts, START_S + number)
        seal.append(time.perf_counter() - began)
        if number % 2:  # each goes first as often as the other
            raw.append(_bare(bare, _bytes_of(batch), bytes(200)))
        began = time.perf_counter()
        store.append(batch)
        log.accept(batch)
        note = signer.sign(START_S + number)
        kept.append(time.perf_counter() - began)
        assert isinstance(note, str)
        if not number % 2:
            raw.append(_bare(bare, _bytes_of(batch), bytes(200)))
    for number in range(rounds):
        began = time.perf_counter()
        batch = log.seal([fact(number)], START_S)
        single.append(time.perf_counter() - began)
        single_raw.append(_bare(bare, _bytes_of(batch)))
    os.close(bare)
    store.close()
    write, keep, make = (statistics.median(each) * 1000 for each in (raw, kept, seal))
    say(f"bare: {batch_size} entries' bytes and the checkpoint's, each synced", f"{write:.2f} ms", "")
    say("append of a batch and its checkpoint: tree, read-back, proofs, signature", f"{keep:.2f} ms", "")
    say("append with checkpoint / bare write, as rates", f"{write / keep:.2f}", "≥ 0.5")
    say(f"making {batch_size} entries: commitments and {batch_size} signed promises", f"{make:.2f} ms", "")
    say("the same ratio with that included", f"{write / (keep + make):.2f}", "")
    one, one_raw = statistics.median(single) * 1000, statistics.median(single_raw) * 1000
    say("one entry sealed, promised and durable / its bare write, as rates", f"{one_raw / one:.2f}", "")
    say("one entry sealed, promised and durable", f"{one:.2f} ms", "")


def _bytes_of(batch: Batch) -> bytes:
    return _payload_of(batch.first, batch.rows, batch.frontier.root)


def _bare(descriptor: int, *pieces: bytes) -> float:
    began = time.perf_counter()
    for piece in pieces:
        os.write(descriptor, piece)
        os.fdatasync(descriptor)
    return time.perf_counter() - began


def rebuild(folder: Path) -> None:
    """A million entries read back, re-hashed and compared with the roots kept with them."""
    count, batch_size = 1_000_000, 1000
    path = folder / "million"
    promise = str(
        signed(str(v.Promise(ORIGIN, 0, seed("leaf"), START_S, v.MERGE_DELAY_S, KEYS["agency"].verifier)), LOG)
    )
    journal = Journal(FileMedium(path))
    list(journal.replay())
    frontier = Frontier()
    for first in range(0, count, batch_size):
        rows = []
        for at in range(first, first + batch_size):
            cms = [sha256(b"%d %d" % (at, part)).digest() for part in (0, 1)]
            data = v.Entry(ORIGIN, at, "registration", tuple(cms)).data
            rows.append(Row(data, promise))
            frontier.append(v.leaf_hash(data))
        journal.append(_payload_of(first, rows, frontier.root))
    journal.close()
    began = time.perf_counter()
    store = FileStore(FileMedium(path))
    opened = time.perf_counter()
    signer = Signer([LOG], v.Policy.parse("quorum none\n"), store)
    assert signer.catch_up() is None
    done = time.perf_counter()
    assert store.frontier().root == frontier.root == signer.tree.root(count)
    store.close()
    say(
        f"open a log of {count:,} entries ({path.stat().st_size >> 20} MiB): promises go out",
        f"{opened - began:.1f} s",
        "≤ 10 s",
    )
    say("read back again and rebuild the tree: checkpoints go on", f"{done - opened:.1f} s", "≤ 10 s")
    say("both", f"{done - began:.1f} s", "≤ 10 s")


if __name__ == "__main__":
    main()
