"""Opening a site: everything concrete in one place.

The rules this module keeps (LEDGER amendments 3 and 4):

1. The lock comes first, then the keys, then the file; each refusal is a sentence that says what to do.
2. Promises go out from the kept head at once. Before anything is signed the tree is rebuilt from the entries and
   compared with it, and the witnesses have said what they last cosigned: less than that is a restored copy.
3. A file that was restored takes no fact before enough witnesses were heard.
"""

import ctypes
import json
import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self, TypeVar, final

from mingshi.app.answer import Answer, Refused
from mingshi.app.note_restored import NoteRestored, note_restored
from mingshi.app.ports import Transaction
from mingshi.app.stop_start import NoteControl, note_control
from mingshi.kernel.timeline import DAY, SECOND, Micros
from mingshi.ledger.signer import Halt, Signer, WitnessLink
from mingshi.ledger.verify import Policy as TrustPolicy
from mingshi.site import folder as folders
from mingshi.site.folder import Config
from mingshi.site.telling import Teller
from mingshi.store import keyring
from mingshi.store.database import Lock
from mingshi.store.errors import RefusedStartError, StoreFailedError
from mingshi.store.keyring import Random
from mingshi.store.site_store import Reply, SiteStore
from mingshi.witness.client import HttpWitness

C = TypeVar("C")
Clock = Callable[[], Micros]
RESTORED: Final = "restored"
"""The mark of a file that came from a backup and has not heard its witnesses yet: when the backup was made."""
REPLAYED: Final = "replayed"
"""What was erased again when it was restored: ids by deal, as JSON."""
_PR_SET_DUMPABLE: Final = 4
LEAP: Final = 31 * DAY
"""A clock that is further ahead of the last sealed fact has to be confirmed by a person: a fact that is sealed years
ahead would close the record until then."""


def system_clock() -> Micros:
    """Microseconds since 1970, UTC."""
    return Micros(time.time_ns() // 1000)  # the composition root


def utc(at: Micros) -> str:
    """`2026-05-01T090000Z`: an instant in the name of a file."""
    return time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime(at // SECOND))


@final
class Site:
    """An open site. Use as a context manager."""

    teller: Teller | None = None
    """Who is told of each answer; set by `Running`."""

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock = system_clock,
        random_bytes: Random = os.urandom,
        links: dict[str, WitnessLink] | None = None,
    ) -> None:
        self.config = config
        self.clock = clock
        self.random_bytes = random_bytes
        # A core file would hold what is in memory: numbers, keys (INV-08).
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        self._lock = Lock(config.folder)
        try:
            ring = keyring.load(config.folder / keyring.KEYRING, config.passphrase())
            self.trust = config.trust()
            self.store = SiteStore(config.database, ring, random_bytes, witnesses=config.agency_witness)
            policy = TrustPolicy.parse(self.trust)
            self.signer = Signer([self.store.key], policy, self.store.log_store)
        except BaseException:
            self._lock.release()
            raise
        self.links: dict[str, WitnessLink] = (
            {name: HttpWitness(url) for name, url in config.witness_urls.items()} if links is None else links
        )
        self.halt: Halt | None = None

    @classmethod
    def open(cls, folder: Path, clock: Clock = system_clock) -> Self:
        """The site of a folder. Raises `RefusedStartError`."""
        return cls(folders.read(folder), clock=clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back. Whoever still runs is let finish."""
        self.store.close()
        self._lock.release()

    def run(self, use_case: Callable[[Transaction, C], Answer], command: C, *, key: str = "") -> Reply:
        """Run a use case now. Raises `StoreFailedError`, and `RefusedStartError` once the log must not go on."""
        name, began = use_case.__name__, time.monotonic()
        try:
            refused = self.closed(self.clock())
            run = self.store.run
            reply = run(use_case, command, now=self.clock, key=key) if refused is None else Reply(refused, {})
        except StoreFailedError:
            if self.teller is not None:
                self.teller.failed(name)
            raise
        if self.teller is not None:
            self.teller.answered(name, reply.answer, time.monotonic() - began, repeated=reply.repeated)
        return reply

    def trust_clock(self, by: str, reason: str) -> Answer:
        """A person confirms that the clock is right although long nothing was sealed."""
        now = self.clock()
        if self.restored and (unheard := self._take_into_use(now)) is not None:
            return _unheard(unheard)
        return self.store.run(note_control, NoteControl("clock", by, reason), now=now).answer

    @property
    def restored(self) -> bool:
        """Whether the file came from a backup and has not been taken into use yet."""
        return bool(self.store.settings.get(RESTORED))

    def closed(self, now: Micros) -> Refused | None:
        """Why no fact is taken at all now; None where it may be. Raises `RefusedStartError`."""
        if self.halt is not None:
            raise refused_by(self.halt)
        last = self.store.last_sealed_at
        if now > last + LEAP:
            return Refused("clock_leap", "L-34", args={"last_at": last, "now_at": now})
        if self.restored and (unheard := self._take_into_use(now)) is not None:
            return _unheard(unheard)
        return None

    def _take_into_use(self, now: Micros) -> Halt | None:
        """Rule 3. Raises `RefusedStartError` where a witness cosigned more than the backup holds."""
        halt = self.hear()
        if halt is not None:
            return halt
        settings = self.store.settings
        replayed = json.loads(settings.get(REPLAYED) or "{}")
        groups = tuple((deal, tuple(ids)) for deal, ids in sorted(replayed.items()))
        made_at = settings[RESTORED]
        self.store.run(note_restored, NoteRestored(made_at, groups), now=now, key=f"restored/{made_at}")
        self.store.put_settings({RESTORED: "", REPLAYED: ""})
        return None

    def rebuild(self) -> None:
        """Rebuild the tree from the entries and compare. Raises `RefusedStartError`."""
        self._heed(self.signer.catch_up())

    def hear(self) -> Halt | None:
        """Ask the witnesses what they last cosigned; UNHEARD where too few answered. Raises `RefusedStartError`."""
        return self._heed(self.signer.ask(self.links))

    def sign(self) -> str | Halt:
        """One checkpoint of everything sealed, cosigned by whoever answers. Raises `RefusedStartError`."""
        now_s = self.clock() // SECOND
        note = self.signer.sign(now_s)
        if isinstance(note, Halt):
            self._heed(note)
            return note
        return self.signer.cosign(note, self.links, now_s).note if self.links else note

    def _heed(self, halt: Halt | None) -> Halt | None:
        if halt is None or halt.reason == "UNHEARD":
            return halt
        self.halt = halt
        raise refused_by(halt)


def keep_memory_in() -> None:
    """Make this process one of which no core is made and to which nobody but root attaches.

    `Site` has set the limit of core files to nothing, but it is not asked where cores go to a program (core(5)).
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _unheard(halt: Halt) -> Refused:
    return Refused("restored_unheard", "INV-07", args={"witnesses": halt.detail})


def refused_by(halt: Halt) -> RefusedStartError:
    """What to do when the log must not be signed any more."""
    if halt.reason == "BIT_ROT":
        return RefusedStartError(
            "tree_differs",
            f"日志重建后与所存的根不符（{halt.detail}）：磁盘上的条目变了。请停用此文件并保留作证，恢复最近的备份。",
            f"The log does not rebuild to the root that was kept ({halt.detail}): entries on the disk have changed. "
            "Keep this file as evidence, do not use it, and restore the newest backup.",
        )
    if halt.reason == "ROLLED_BACK":
        return RefusedStartError(
            "rolled_back",
            f"日志比见证处联署过的短（{halt.detail}）：这是一份旧备份。请恢复更新的备份，或从总部取回缺的条目；不要在它上面继续收件。",
            f"The log is shorter than what a witness cosigned ({halt.detail}): this is an old copy. Restore a newer "
            "backup, or fetch the missing entries from headquarters; do not go on with this one.",
        )
    return RefusedStartError(
        "forked",
        f"日志与见证处联署过的不是同一条（{halt.detail}）：过去被改写过。请保留此文件作证，用未改写的备份恢复。",
        f"The log is not the one that a witness cosigned ({halt.detail}): the past was rewritten. Keep this file as "
        "evidence and restore a backup that was not.",
    )
