"""An agency's witness for tests: the real keeper with real keys and a real file."""

import os
from hashlib import sha256

from mingshi.ledger.journal import FileMedium, Journal
from mingshi.ledger.keys import SigningKey
from mingshi.ledger.signer import Answer
from mingshi.ledger.verify import COSIGNATURE, ED25519
from mingshi.ledger.verify import Policy as TrustPolicy
from mingshi.witness.keeper import Keeper, KnownLog, first_record

NAME = "agency.example/witness"


class Agency:
    """The way to one witness, without a network."""

    def __init__(self, folder, trust, clock):
        log = TrustPolicy.parse(trust).logs[0]
        self.key = SigningKey(NAME, COSIGNATURE, os.urandom(32))
        self.clock = clock
        path = folder / "witness.journal"
        journal = Journal(FileMedium(path))
        list(journal.replay())
        journal.append(first_record(self.key.verifier))
        journal.close()
        stamps = SigningKey(NAME, ED25519, os.urandom(32))
        self.keeper = Keeper(self.key, stamps, {log.name: KnownLog(keys=(log,))}, FileMedium(path))

    def add_checkpoint(self, request):
        answer = self.keeper.add_checkpoint(request, self.clock.now // 1_000_000)
        return Answer(answer.status, answer.body)

    def latest(self, origin):
        answer = self.keeper.latest(sha256(origin.encode()).hexdigest())
        return Answer(answer.status, answer.body)


def with_agency(folder, clock):
    """Give the site of a folder this witness; the links to open it with."""
    path = folder / "trust.policy"
    trust = path.read_text(encoding="utf-8")
    agency = Agency(folder.parent, trust, clock)
    path.write_text(
        trust.replace("quorum none", f"witness agency {agency.key.verifier}\nquorum agency"), encoding="utf-8"
    )
    return {"agency": agency}
