"""A fault at every storage call of one request, by strace: EIO, ENOSPC, SIGKILL.

    python record_faults.py check_in|settle [--every N]

The request is asked in a forked child that has the record open and warm; strace joins it then, so that the calls
counted are those of the request, its answer included. After each fault the record is opened, checked from end to end,
and asked again under the same key.
"""

import argparse
import ctypes
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import record_load as load

from mingshi.app.facts import SettlementMade
from mingshi.domain import evidence as e
from mingshi.kernel.timeline import DAY
from mingshi.store import fsck
from mingshi.store.errors import StoreFailedError

FAULTS = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "SIGKILL": "signal=SIGKILL"}
PR_SET_PTRACER = 0x59616D61
LATE = 60 * DAY


def prepare(folder: Path, what: str) -> int:
    """A site with a past; the number of the request that will be asked."""
    load.make(folder)
    store = load.open_store(folder, random.Random(2).randbytes)
    # A client who is registered, so that the protection follows the visit; or a settlement of seven deals.
    last = 8 * 6 + 2 if what == "check_in" else 8 * 7 + 7
    for number in range(last):
        load.ask(store, number)
    if what == "settle":
        settle_conditions(store)
    store.close()
    return last


def settle_conditions(store) -> None:
    """What a settlement waits for: invoices, and time."""
    from mingshi.app.record_payment import RecordInvoice, record_invoice
    from mingshi.app.rule_deal import RuleDeal, rule_deal

    now = store.last_sealed_at
    for client in range(7):
        agency = "甲公司" if client % 2 else "乙公司"
        command = RecordInvoice(f"票{client}", agency, f"D-{client:06d}", 4_000_000, matched=True)
        assert store.run(record_invoice, command, now=now).answer
    for client in range(7):
        assert store.run(rule_deal, RuleDeal(f"D-{client:06d}"), now=now + LATE).answer


def child(folder: Path, number: int, out: int) -> None:
    """Open, warm up, wait to be joined; then one request, acknowledged on `out`."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    store = load.open_store(folder, random.Random(3).randbytes)
    now = store.last_sealed_at
    for kind in (e.Arrival, e.Deal):
        store.look(lambda transaction, kind=kind: transaction.every(kind), now=now)
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        reply = load.ask(store, number, now=now)
    except StoreFailedError:
        os.write(out, b"failed\n")
    else:
        os.write(out, f"ack {json.dumps(load.leaves(reply))}\n".encode())


def traced(folder: Path, number: int, *options: str) -> tuple[str, list[str]]:
    """Ask under strace: what was said, and the calls on the record's files."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            os.close(reading)
            child(folder, number, writing)
        except BaseException as error:  # noqa: BLE001  # told to the parent: nothing else may run on in a fork
            os.write(writing, f"broken {type(error).__name__} {error}\n".encode())
            code = 1
        os._exit(code)
    os.close(writing)
    os.waitpid(pid, os.WUNTRACED)
    trace = folder.with_suffix(".trace")
    files = [part for name in ("site.db", "site.db-wal", "site.db-shm") for part in ("-P", str(folder / name))]
    strace = subprocess.Popen(
        ["strace", "-p", str(pid), "-o", str(trace), *files, "-P", str(folder), *options],
        stderr=subprocess.PIPE,
        text=True,
    )
    line = strace.stderr.readline()
    assert "attached" in line, line
    os.kill(pid, signal.SIGCONT)
    with os.fdopen(reading, encoding="utf-8", errors="replace") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    strace.communicate()
    return said.strip(), re.findall(r"^(\w+)\(", trace.read_text(encoding="utf-8"), re.MULTILINE)


def after(folder: Path, number: int, said: str, what: str) -> list[str]:
    """What is wrong after a fault."""
    store = load.open_store(folder, random.Random(4).randbytes)
    try:
        now = store.last_sealed_at
        wrong = [str(fault) for fault in fsck.check(store, now)]
        again = load.ask(store, number, now=now)
        if not again.answer:
            wrong.append(f"refused when asked again: {again.answer}")
        if said.startswith("ack") and (not again.repeated or json.dumps(load.leaves(again)) != said[4:]):
            wrong.append(f"acknowledged and lost, or answered differently: {said}")
        if said.startswith("broken"):
            wrong.append(said)
        kind = e.Arrival if what == "check_in" else SettlementMade
        expected = 2 * 7 if what == "check_in" else 1
        found = len(store.look(lambda transaction: transaction.every(kind), now=store.last_sealed_at))
        if found != expected:
            wrong.append(f"{found} {kind.__name__}, not {expected}")
        wrong += [str(fault) for fault in fsck.check(store, store.last_sealed_at)]
    finally:
        store.close()
    return wrong


def sweep(what: str, every: int = 1) -> tuple[int, Counter, list[str]]:
    """Every fault at every call (or every n-th); how many faults, the calls, and what was wrong."""
    with tempfile.TemporaryDirectory() as name:
        made = Path(name) / "made"
        made.mkdir()
        number = prepare(made, what)

        def fresh() -> Path:
            shutil.rmtree(Path(name) / "run", ignore_errors=True)
            return Path(shutil.copytree(made, Path(name) / "run"))

        said, calls = traced(fresh(), number)
        assert said.startswith('ack {"'), said
        wrong, tried, counts = after(Path(name) / "run", number, said, what), 0, Counter()
        for call in calls:
            counts[call] += 1
            for fault, option in FAULTS.items():
                tried += 1
                if tried % every:
                    continue
                folder = fresh()
                said, _ = traced(folder, number, "-e", f"inject={call}:{option}:when={counts[call]}")
                wrong += [f"{fault} at {call} {counts[call]}: {one}" for one in after(folder, number, said, what)]
    return tried // every, counts, wrong


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["check_in", "settle"])
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    count, seen, bad = sweep(options.what, options.every)
    print(f"{count} faults at {seen.total()} calls {dict(seen)}: {len(bad)} wrong")
    print("\n".join(bad[:30]))
    sys.exit(bool(bad))
