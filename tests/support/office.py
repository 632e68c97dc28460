"""A site's record for tests: the real database, encrypted, with a clock that the test turns.

Numbers are of the range 160 0000 xxxx, which no network has given out as subscribers' in these examples.
"""

import os
import random
from pathlib import Path

from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.publish_policy import first_policy
from mingshi.app.supposing import blank
from mingshi.domain import evidence as e
from mingshi.domain.evidence import AgentKind, TermKind
from mingshi.domain.policy import CLASSIC
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, SECOND
from mingshi.site.folder import begin
from mingshi.store import database, fsck, triggers
from mingshi.store.keyring import KEY_NAMES, Keyring
from mingshi.store.site_store import SiteStore

START = 20_574 * DAY + 1 * HOUR  # 2026-05-01 09:00 in the project's zone
ORIGIN = "haitang.example/site/7"


def phone(number):
    return f"160{number:08d}"


def masked(number):
    full = phone(number)
    return f"{full[:3]}****{full[-4:]}"


class Office:
    """One site: use cases by name, at a time of its own."""

    def __init__(self, folder: Path, *, policy=CLASSIC, seed=None, roster=True):
        self.random = os.urandom if seed is None else random.Random(seed).randbytes
        self.path = folder / database.DATABASE
        self.ring = Keyring(**{name: self.random(32) for name in KEY_NAMES})
        self.now = START
        database.create(self.path, self.ring.database)
        begin(self.path, self.ring, {"origin": ORIGIN, "project": "海棠湾", "zone_offset_min": "480"})
        self.store = SiteStore(self.path, self.ring, self.random)
        assert self.do(first_policy, policy)
        if roster:
            self.staff_the_office()

    def staff_the_office(self):
        at = START - 100 * DAY
        agencies = {"甲公司": ("a1", "a2"), "乙公司": ("b1",)}
        rows = []
        for agency, agents in agencies.items():
            rows.append(blank(e.Agreement, id=f"AG-{agency}", agency=agency, since=at))
            rows.append(
                blank(e.Term, id=f"T-{agency}", agency=agency, kind=TermKind.FIXED, since=at, amount_fen=4_000_000)
            )
            for agent in agents:
                row = blank(e.Agent, id=agent, name=f"测试{agent}", agency=agency, kind=AgentKind.BROKER, since=at)
                rows.append(row)
        rows += [blank(e.Staff, id=one, name=f"职员{one}", role="desk", since=at) for one in ("s1", "s2", "s3", "s4")]
        assert self.do(keep_roster, KeepRoster(tuple(rows)))

    def do(self, use_case, command, *, key=""):
        """Run a use case now; a second later it is a second later."""
        answer = self.store.run(use_case, command, now=self.now, key=key).answer
        self.now += SECOND
        return answer

    def wait(self, *, days=0, hours=0, minutes=0):
        self.now += days * DAY + hours * HOUR + minutes * MINUTE

    def read(self, kind, field=None, value=""):
        look = self.store.look
        if field is None:
            return look(lambda transaction: transaction.every(kind), now=self.now)
        return look(lambda transaction: transaction.read(kind, field, value), now=self.now)

    def faults(self):
        return list(fsck.check(self.store, self.now))

    def tamper(self, *statements):
        """What somebody with the key can do: triggers out, statements, triggers in."""

        def work(connection):
            for name in triggers.TRIGGERS:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            for sql in statements:
                connection.exec_driver_sql(sql)
            triggers.put_in(connection)

        self.store.write(work)

    def reopen(self):
        self.store.close()
        self.store = SiteStore(self.path, self.ring, self.random)

    def close(self):
        self.store.close()
