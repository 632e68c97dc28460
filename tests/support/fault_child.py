"""What is run under fault injection: appends to a log, or updates of a witness, each acknowledged on stdout.

python fault_child.py append|witness FILE        a line a fact, once it is acknowledged
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "attacks"))

from attack_world import ORIGIN, START_S, WITNESSES, seed

from mingshi.ledger import verify as v
from mingshi.ledger.entry import Fact, Part
from mingshi.ledger.journal import FileMedium, Journal
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.log import Log
from mingshi.ledger.store import FileStore
from mingshi.ledger.tree import Tree
from mingshi.witness.keeper import Keeper, KnownLog, Request, first_record

LOG = SigningKey(ORIGIN, v.ED25519, seed("log"))
KEY = SigningKey(WITNESSES["agency"], v.COSIGNATURE, seed("agency"))
STAMP = SigningKey(WITNESSES["agency"], v.ED25519, seed("stamp"))
TREE = Tree(v.leaf_hash(b"%d" % at) for at in range(20))
OTHER = Tree(v.leaf_hash(b"x%d" % at) for at in range(20))


def fact(at):
    return Fact(kind="control", parts=(Part(seed(f"salt {at}"), {"lookups": at}),))


def note(size, tree=TREE):
    return str(signed(str(v.Checkpoint(ORIGIN, size, tree.root(size))), LOG))


def request(old, size, tree=TREE):
    return str(Request(old, tree.consistency(old, size), note(size, tree)))


def append(path):
    store = FileStore(FileMedium(path))
    log = Log(LOG, store)
    for _ in range(2):
        batch = log.seal([fact(log.size), fact(log.size + 1)], START_S)
        for row in batch.rows:
            print("entry", v.b64(v.leaf_hash(row.entry)), flush=True)
    frontier = store.frontier()
    store.publish(str(signed(str(v.Checkpoint(ORIGIN, frontier.size, frontier.root)), LOG)))
    print("published", frontier.size, flush=True)
    store.close()


def open_keeper(path):
    return Keeper(KEY, STAMP, {ORIGIN: KnownLog(keys=(LOG.verifier,))}, FileMedium(path))


def make_witness(path):
    journal = Journal(FileMedium(path))
    if not list(journal.replay()):
        journal.append(first_record(KEY.verifier))
    journal.close()


def witness(path):
    keeper = open_keeper(path)
    for old, size in ((0, 3), (3, 3), (3, 9), (9, 20)):
        answer = keeper.add_checkpoint(request(old, size), START_S + size)
        print("cosigned" if answer.status == 200 else "refused", size, flush=True)
    keeper.close()


if __name__ == "__main__":
    {"append": append, "witness": witness}[sys.argv[1]](Path(sys.argv[2]))
