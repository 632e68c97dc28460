"""A site that is killed again and again under load, and what must hold after each time.

    python record_kills.py --kills 1000 [--seed 7]

After each SIGKILL the record is opened, checked from end to end, and asked again for what was not acknowledged.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import record_load as load

from mingshi.domain import evidence as e
from mingshi.ledger.verify import b64, leaf_hash
from mingshi.store import fsck

CHILD = Path(load.__file__)
BATCH = 50
"""Kills of one record; then a fresh one."""


def kill_once(folder: Path, first: int, dice: random.Random) -> dict[int, dict[str, str]]:
    """Run from request `first` on, kill at a moment that the dice choose; what was acknowledged."""
    command = [sys.executable, str(CHILD), str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, bufsize=1) as child:
        lines = iter(child.stdout.readline, "")
        assert next(lines) == "open\n"
        acknowledged, wanted = [], dice.randrange(30)
        acknowledged += [next(lines) for _ in range(wanted)]
        time.sleep(dice.random() * 0.02)
        child.kill()
        acknowledged += [line for line in lines if line.endswith("\n")]
    found = {}
    for line in acknowledged:
        _, number, leaves = line.split(" ", 2)
        found[int(number)] = json.loads(leaves)
    return found


def check(folder: Path, acknowledged: dict[int, dict[str, str]], last: int, *, whole: bool) -> list[str]:
    """What is wrong after a kill. Requests that were acknowledged are asked again; the one after them too."""
    wrong = []
    store = load.open_store(folder, random.SystemRandom().randbytes)
    try:
        entries = {at: b64(leaf_hash(data)) for at, data in enumerate(store.log_store.entries(0, store.size))}
        for number, leaves in acknowledged.items():
            if any(entries.get(int(at)) != leaf for at, leaf in leaves.items()):
                wrong.append(f"request {number} was acknowledged and is lost")
            reply = load.ask(store, number, now=store.last_sealed_at)
            if leaves and (not reply.repeated or set(map(str, reply.promises)) != set(leaves)):
                wrong.append(f"request {number} was answered differently the second time")
        again = load.ask(store, last + 1)
        if not again.answer and again.answer.reason != "nothing_due":
            wrong.append(f"request {last + 1}, not acknowledged, cannot be sent again: {again.answer}")
        if whole:
            wrong += [f"{fault}" for fault in fsck.check(store, store.last_sealed_at)]
            wrong += doubled(store, last + 1)
    finally:
        store.close()
    return wrong


def doubled(store, last: int) -> list[str]:
    """Each request is there exactly once."""
    now = store.last_sealed_at
    counts = {
        kind: len(store.look(lambda transaction, kind=kind: transaction.every(kind), now=now))
        for kind in (e.Registration, e.Arrival, e.Escort, e.Statement, e.Deal, e.Payment)
    }
    steps = [number % 8 for number in range(last + 1)]
    expected = {
        e.Registration: steps.count(0),
        e.Arrival: steps.count(1) + steps.count(2),
        e.Escort: steps.count(3),
        e.Statement: steps.count(4),
        e.Deal: steps.count(5),
        e.Payment: steps.count(6),
    }
    return [
        f"{kind.__name__}: {counts[kind]}, not {expected[kind]}" for kind in counts if counts[kind] != expected[kind]
    ]


def run(folder: Path, kills: int, seed: int) -> tuple[int, list[str]]:
    """Kill that often; how many requests were acknowledged, and what was wrong."""
    dice, wrong, first, total = random.Random(seed), [], 0, 0
    load.make(folder)
    for number in range(kills):
        acknowledged = kill_once(folder, first, dice)
        last = max(acknowledged, default=first - 1)
        total += len(acknowledged)
        whole = number % 10 == 9 or number == kills - 1
        wrong += [f"kill {number}: {one}" for one in check(folder, acknowledged, last, whole=whole)]
        first = last + 2
    return total, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    count, bad = 0, []
    for batch in range(0, options.kills, BATCH):
        with tempfile.TemporaryDirectory() as name:
            done, wrong = run(Path(name), min(BATCH, options.kills - batch), options.seed + batch)
        count, bad = count + done, bad + wrong
        print(f"after {batch + BATCH} kills: {count} requests acknowledged, {len(bad)} faults", flush=True)
    print(f"{options.kills} kills, {count} requests acknowledged, {len(bad)} faults")
    print("\n".join(bad[:20]))
    sys.exit(bool(bad))
