"""The demo: a site in a temporary folder whose clock goes on where its season ended, and may be put forward.

The rules this module keeps:

1. Whatever happens in it happens through the same pages and use cases as at a real site; what is the demo's alone is
   the clock, the phones that cannot ring, and logins handed out on its start page.
2. It runs on a copy of a prepared site. What proves something today (witness, passes, passphrase) is new in each copy;
   the log's key is not, because the season's promises are signed with it and nothing rewrites them (ADR 0046).
3. Beginning anew is a new copy put in the place of the old one while the server stands. The old one's folder, with
   all that was typed into it, is removed; nothing else is.
"""

import dataclasses
import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Final, final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mingshi.app.consents import REQUIRED
from mingshi.app.facts import NoticePublished
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import PublishNotice, publish_notice
from mingshi.domain import evidence as e
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import SECOND, Micros
from mingshi.ledger.signer import Answer as Cosigned
from mingshi.ledger.signer import WitnessLink
from mingshi.passes.sms import Handset
from mingshi.present.notices import Particulars, standard_notice
from mingshi.site import folder as folders
from mingshi.site.folder import TRUST
from mingshi.site.pages import SiteOffice
from mingshi.site.root import Clock, Site, system_clock
from mingshi.store import keyring
from mingshi.store.errors import RefusedStartError, StoreFailedError
from mingshi.store.keyring import Keyring, Random
from mingshi.web.asgi import application
from mingshi.web.routes import all_ways
from mingshi.witness import setup
from mingshi.witness.keeper import Keeper

PEOPLE: Final = (
    ("reception", Role.RECEPTION, "前台"),
    ("consultant", Role.CONSULTANT, "置业顾问"),
    ("manager", Role.MANAGER, "案场经理"),
    ("finance", Role.FINANCE, "财务"),
    ("cashier", Role.FINANCE, "财务"),
    ("risk", Role.RISK, "风控"),
)

FOLDERS: Final = "mingshi-demo-"
LOCK: Final = "demo.lock"
SIGN_S: Final = 3
FINISH_S: Final = 10
BY_THEMSELVES: Final = ("/static/", "/desk/live", "/desk/rows", "/desk/word", "/door", "/demo/phones")
"""What pages ask for without anybody's doing."""


@final
class DemoClock:
    """Real time from another beginning; it may be put forward, never back."""

    def __init__(self, begin: Micros, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._ahead = begin - clock()
        self._mutex = threading.Lock()

    def __call__(self) -> Micros:
        """Now."""
        return Micros(self._clock() + self._ahead)

    def skip(self, micros: int) -> None:
        """Put it forward."""
        with self._mutex:
            self._ahead += max(0, micros)


@final
class DemoDesk:
    """`web.ports.Demo`."""

    def __init__(self, clock: DemoClock, handset: Handset, stage: "Stage") -> None:
        self._clock = clock
        self._handset = handset
        self._stage = stage
        self.office: SiteOffice | None = None

    @property
    def rest_min(self) -> int:
        """After how many minutes without use it begins anew."""
        return max(1, self._stage.rest_s // 60)

    def reset(self) -> None:
        """Begin anew."""
        self._stage.reset()

    def texts(self) -> list[tuple[str, str]]:
        """What was sent, newest first."""
        return self._handset.texts()

    def skip(self, micros: Micros) -> None:
        """Put the clock forward."""
        self._clock.skip(micros)

    def token(self) -> tuple[str, str]:
        """An agency, and a token for its own system."""
        office = self.office
        assert office is not None, "the demo is open"
        agency = office.look(lambda transaction: min((row.agency for row in transaction.every(e.Agent)), default=""))
        return str(agency), office.token(str(agency))

    def people(self) -> Mapping[str, str]:
        """For each role's key, who it is."""
        return {key: name for key, _, _, name, _ in self._everybody()}

    def login(self, key: str) -> str:
        """The path of a fresh one-time login; empty for a key that nobody has."""
        office = self.office
        assert office is not None, "the demo is open"
        found = (
            office.invite(role, who, name, phone) for one, role, who, name, phone in self._everybody() if one == key
        )
        return next(found, "")

    def _everybody(self) -> list[tuple[str, Role, str, str, str]]:
        assert self.office is not None, "the demo is open"
        return self.office.look(_people)


def _people(transaction: Transaction) -> list[tuple[str, Role, str, str, str]]:
    found = []
    agent = min(transaction.every(e.Agent), key=lambda row: (row.agency, row.id), default=None)
    if agent is not None:
        found.append(("agent", Role.AGENT, str(agent.id), f"{agent.name}（{agent.agency}）", str(agent.phone)))
        found.append(("agency", Role.AGENCY, f"{agent.agency}/复核人", f"（{agent.agency}）", ""))
    staff, taken = sorted(transaction.every(e.Staff), key=lambda row: row.id), set[str]()
    for key, role, word in PEOPLE:
        row = next((one for one in staff if one.role == word and str(one.id) not in taken), None)
        if row is not None:
            taken.add(str(row.id))
            found.append((key, role, str(row.id), str(row.name), ""))
    found.append(("auditor", Role.AUDITOR, "检查", "", ""))
    found.append(("display", Role.DISPLAY, "门口平板", "", ""))
    return found


def _published(purpose: Purpose, transaction: Transaction) -> list[NoticePublished]:
    return list(transaction.read(NoticePublished, "purpose", purpose.value))


def open_for_consent(site: Site, link: str, *, keep: bool = False) -> None:
    """Publish the standard notices, unless they stand; from then on nothing that needs a consent is taken without.

    `keep`: one that stands, stands, whatever it links to. A new version would end every consent given to the last.
    """
    particulars = Particulars(("示例置业有限公司",), "示例市示例路 1 号", "4000000000", "李测试", link, 90)
    for purpose in (Purpose.ATTRIBUTION, Purpose.REGISTRATION):
        now = max(site.clock(), site.store.last_sealed_at)
        rows = site.store.look(partial(_published, purpose), now=now)
        last = max(rows, key=lambda row: row.effective_from, default=None)
        if last is not None:
            same = standard_notice(purpose, last.version, last.effective_from, particulars)
            if keep or same.sha256 == last.sha256:
                continue
        notice = standard_notice(purpose, str(len(rows) + 1), now, particulars)
        answer = site.store.run(publish_notice, PublishNotice(notice, "demo"), now=now).answer
        assert answer, answer
    site.store.put_settings({"consents": REQUIRED})


@final
class Neighbour:
    """An agency's witness in this very process: its own keys, its own file, its own rules; only the wire is missing."""

    def __init__(self, keeper: Keeper, clock: Clock) -> None:
        self._keeper = keeper
        self._clock = clock

    def add_checkpoint(self, request: str) -> Cosigned:
        """As over HTTP."""
        answer = self._keeper.add_checkpoint(request, self._clock() // SECOND)
        return Cosigned(answer.status, answer.body)

    def latest(self, origin: str) -> Cosigned:
        """As over HTTP."""
        answer = self._keeper.latest(sha256(origin.encode()).hexdigest())
        return Cosigned(answer.status, answer.body)


def neighbour(folder: Path, data: Path, log: str, clock: Clock, random_bytes: Random) -> dict[str, WitnessLink]:
    """Give a new site a witness, and a rule of trust that asks for it: without one nothing can be verified."""
    setup.make(folder, "agency.example/witness", [log], random_bytes)
    made = setup.read(folder)
    (data / TRUST).write_text(f"log {log}\nwitness agency {made.key.verifier}\nquorum agency\n", encoding="utf-8")
    return {"agency": Neighbour(made.open_keeper(), clock)}


@final
class Life:
    """One copy of the prepared site, open; its folder is removed with it."""

    def __init__(self, prepared: Path, begin: Micros, address: str, stage: "Stage") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=FOLDERS))
        self._stop = threading.Event()
        self._busy = 0
        self.over = False
        try:
            self._lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            data = self.folder / "site"
            log = _copied(prepared, data)
            clock, handset = DemoClock(begin), Handset()
            links = neighbour(self.folder / "witness", data, log, clock, os.urandom)
            self.site = Site(folders.read(data), clock=clock, links=links)
            open_for_consent(self.site, f"{address}/notice", keep=True)
            self.site.rebuild()
            self.site.hear()
            self.site.sign()
            desk = DemoDesk(clock, handset, stage)
            self.office = SiteOffice(self.site, handset, desk, address=address)
            desk.office = self.office
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self._app: ASGIApp = application(self.office, all_ways(demo=True), secure=False)
        self._signer = threading.Thread(target=self._sign, daemon=True)
        self._signer.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, unless it is over while somebody still listens to a live queue."""

        async def heard() -> Message:
            return {"type": "http.disconnect"} if self.over else await receive()

        self._busy += 1  # the server's one loop counts; the closer only reads
        try:
            await self._app(scope, heard, send)
        finally:
            self._busy -= 1

    def close(self) -> None:
        """Let those finish who still ask, then remove everything."""
        self.over = True
        until = time.monotonic() + FINISH_S
        while self._busy and time.monotonic() < until:
            time.sleep(0.05)
        self._stop.set()
        self._signer.join()
        self.office.close()
        self.site.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def _sign(self) -> None:
        while not self._stop.wait(SIGN_S):
            with suppress(StoreFailedError):
                self.site.sign()


@final
class Stage:
    """The demo as one application: whichever life is on. `rest_s`: so long without use, and it begins anew."""

    def __init__(self, open_life: "Callable[[Stage], Life]", *, rest_s: int, tell: Callable[[str], None]) -> None:
        self.rest_s = rest_s
        self._open = open_life
        self._tell = tell
        self._mutex = threading.Lock()
        self._life = open_life(self)
        self._used_at = 0.0
        self._used = False
        self._closers: list[threading.Thread] = []
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._rest, daemon=True)
        self._watch.start()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if not str(scope.get("path", "")).startswith(BY_THEMSELVES):
            self._used_at, self._used = time.monotonic(), True
        await self._life(scope, receive, send)

    def reset(self) -> None:
        """Begin anew; of two who ask at once one does it. Raises `OSError`, and goes on as it was."""
        asked_in = self._life
        with self._mutex:
            if self._life is not asked_in:
                return
            try:
                self._life = self._open(self)
            except RefusedStartError as error:
                raise OSError(str(error)) from error
            self._used = False
            closer = threading.Thread(target=asked_in.close)
            closer.start()
            self._closers = [one for one in self._closers if one.is_alive()] + [closer]

    def tidy(self) -> None:
        """Sweep the life that is on."""
        with self._mutex:
            self._life.office.tidy()

    def close(self) -> None:
        """Remove everything."""
        self._done.set()
        self._watch.join()
        with self._mutex:
            self._life.close()
        for one in self._closers:
            one.join()

    def _rest(self) -> None:
        while not self._done.wait(min(5.0, self.rest_s / 4)):
            if self._used and time.monotonic() - self._used_at >= self.rest_s:
                try:
                    self.reset()
                except OSError as error:
                    self._tell(f"暂时不能重置 / cannot begin anew: {error}")
                    self._used_at = time.monotonic()
                else:
                    self._tell(f"{self.rest_s // 60} 分钟无人使用，已重置 / begun anew after that long without use")


@lru_cache(maxsize=1)
def _ring_of(prepared: Path, _made_at: int) -> Keyring:
    """The keys of a prepared site: unlocking them is the dearest part of beginning anew."""
    return keyring.load(prepared / keyring.KEYRING, folders.read(prepared).passphrase())


def _copied(prepared: Path, data: Path) -> str:
    """Copy a prepared site under a passphrase and passes' keys of its own; its log's verifier key."""
    shutil.copytree(prepared, data)
    ring = _ring_of(prepared, (prepared / keyring.KEYRING).stat().st_mtime_ns)
    passphrase = os.urandom(24).hex().encode()
    keyring.save(data / keyring.KEYRING, dataclasses.replace(ring, passes=os.urandom(32)), passphrase, os.urandom)
    (data / folders.PASSPHRASE).write_bytes(passphrase + b"\n")
    return (data / TRUST).read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("log ")


def sweep() -> None:
    """Remove what demos left that were killed: what was typed into them is not to lie about."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDERS}*"):
        with suppress(OSError):
            if folder.stat().st_uid != os.getuid() or system_clock() // SECOND - folder.stat().st_mtime < 60:
                continue  # another's, or one that is being made
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
            finally:
                os.close(lock)
