"""The site's pages: what `web` needs, from an open `Site`, and the server around them.

The rules this module keeps:

1. Here and nowhere else pages meet the record, the codes' driver and the file of sessions.
2. One process, one worker: the writer is one. The server closes what is idle and takes no header over 16 kB.
"""

import json
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from typing import Final, TypeVar, final
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from mingshi.app.answer import Answer
from mingshi.app.arrive import EraseMe, holder_of
from mingshi.app.patterns_of import patterns_now
from mingshi.app.ports import Transaction
from mingshi.credentials.codes import Codes  # noqa: TC001  # an attribute's type
from mingshi.credentials.door import Door  # noqa: TC001  # an attribute's type
from mingshi.credentials.keeping import digest_of
from mingshi.credentials.proofs import Key, Receipts, VisitCodes  # noqa: TC001  # attributes' types
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Means
from mingshi.domain.ids import Contact
from mingshi.domain.roles import Role
from mingshi.kernel.timeline import DAY, HOUR, Micros, Zone
from mingshi.ledger.receipt import make_promise, make_receipt
from mingshi.ledger.verify import PARTS, Entry, Opening, parse_canonical
from mingshi.ledger.verify import Policy as TrustPolicy
from mingshi.passes import visit_code
from mingshi.passes.challenges import Challenges
from mingshi.passes.courier import Courier
from mingshi.passes.device_key import DeviceKeys
from mingshi.passes.door_code import DoorCodes
from mingshi.passes.otp import Otp
from mingshi.passes.passkey import Passkeys
from mingshi.passes.receipt_code import ReceiptCodes
from mingshi.passes.secrets import Secrets
from mingshi.passes.sms import Sms
from mingshi.site import erasing
from mingshi.site.folder import Config
from mingshi.site.root import Site, system_clock
from mingshi.site.uploads import LimitedReader
from mingshi.store import keyring
from mingshi.store.errors import RefusedStartError, StoreFailedError
from mingshi.store.keeping import kept_at
from mingshi.store.keyring import Random
from mingshi.store.site_store import Reply
from mingshi.store.transaction import SiteTransaction
from mingshi.web.asgi import application
from mingshi.web.patterned import keep, looked_at
from mingshi.web.ports import Demo, Head, Tables
from mingshi.web.public.staff import OF_STAFF
from mingshi.web.routes import all_ways

C = TypeVar("C")
INVITE: Final = 24 * HOUR
_SALT: Final = 32
SWEEP_S: Final = 60
NIGHT: Final = range(2, 5)
HALF_A_DAY: Final = 12 * HOUR
SMALL: Final = 50_000
"""Entries of a log that is read through within a second or two."""
_WITH_PHONE: Final = (e.Arrival, e.Confirmation, e.Registration, e.Statement, e.Pass, e.Identity)


def takes_keys(origin: str) -> bool:
    """Whether browsers make keys for an origin: https and a name, or localhost. Elsewhere the other ways stay."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or (parts.scheme == "http" and host == "localhost")
    return secure and not parts.path and bool(host) and not host.replace(".", "").isdigit()


@final
class SiteOffice:
    """`web.ports.Office` over a site."""

    def __init__(self, site: Site, sms: Sms, demo: Demo | None = None, *, address: str = "") -> None:
        self.site = site
        self.address = address
        self.keeping = kept_at(site.config.folder, site.store.ring)
        origin = str(site.store.settings["origin"])
        secrets = Secrets.of(site.store.ring.passes, origin)
        self._courier = Courier(sms, site.clock)
        self.door: Door = DoorCodes(self.keeping, secrets.door)
        self.codes: Codes = Otp(
            self.keeping,
            self._courier,
            key=secrets.otp,
            random_bytes=site.random_bytes,
            text=self._text,
            known=self._known,
        )
        self.receipts: Receipts = ReceiptCodes(self.keeping, secrets, origin)
        self.visit_codes: VisitCodes = visit_code.VisitCodes(secrets, site.random_bytes)
        self.tables: Tables = LimitedReader()
        self.keys: Mapping[Means, Key] = {}
        if takes_keys(address):
            self.offer_keys(address)
        self.demo = demo
        self._tidied = 0

    def offer_keys(self, origin: str) -> None:
        """Passes are made for this origin alone: `https://` and a host, or localhost. Raises `ValueError`.

        It is set by whoever runs the site and never taken from a request: what a page between says is its own address.
        """
        host = urlsplit(origin).hostname or ""
        if not takes_keys(origin):
            raise ValueError(f"须为 https 加域名 / must be https and a name: {origin}")
        challenges = Challenges(self.keeping, self.site.random_bytes)
        passkeys = Passkeys(
            self.keeping,
            challenges,
            origin=origin,
            rp_id=host,
            rp_name=self.project,
            random_bytes=self.site.random_bytes,
        )
        self.keys = {Means.PASSKEY: passkeys, Means.DEVICE_KEY: DeviceKeys(self.keeping, challenges, origin)}

    @property
    def project(self) -> str:
        """Its name."""
        return str(self.site.store.settings["project"])

    @property
    def zone(self) -> Zone:
        """Its civil time."""
        return Zone(int(self.site.store.settings["zone_offset_min"]))

    def now(self) -> Micros:
        """The clock, never before what was sealed last."""
        return max(self.site.clock(), self.site.store.last_sealed_at)

    def changes(self) -> int:
        """How much is sealed."""
        return self.site.store.size

    def forever(self) -> Micros:
        """Ten years from now."""
        return Micros(self.now() + 3_650 * DAY)

    def random_bytes(self, count: int) -> bytes:
        """Fresh random bytes."""
        return self.site.random_bytes(count)

    def run(self, use_case: Callable[[Transaction, C], Answer], command: C, key: str = "") -> Reply:
        """One use case. Raises `OSError` where nothing was kept."""
        try:
            if isinstance(command, EraseMe):  # not the rows alone: read back and proven
                return erasing.erase_at_own_request(self.site, command, key)
            return self.site.run(use_case, command, key=key)
        except (StoreFailedError, RefusedStartError) as error:
            raise OSError(type(error).__name__) from error

    def look(self, reader: Callable[[Transaction], C]) -> C:
        """Read in one snapshot."""
        return self.site.store.look(reader, now=self.now())

    def head(self) -> Head:
        """Where the log stands."""
        store, halt = self.site.store, self.site.halt
        published = store.log_store.published() or ""
        return Head(store.key.name, store.size, store.last_sealed_at, published, "" if halt is None else halt.reason)

    def trust(self) -> str:
        """The rule of trust."""
        return self.site.trust

    def proof(self, record: str, subject: str, part: str) -> str:
        """The receipt, or while no checkpoint carries it the promise, of a record with one part opened."""
        found = self.site.store.look(
            lambda transaction: self._opening(transaction, record, subject, part), now=self.now()
        )
        if found is None:
            return ""
        if not TrustPolicy.parse(self.site.trust).witnesses:
            return ""  # nobody outside holds this log to anything yet: there is nothing that could be verified
        entry, opening = found
        store = self.site.store.log_store
        receipt = None
        if entry < self.site.signer.tree.size:
            receipt = make_receipt(store, self.site.signer.tree, entry, [opening], self.site.trust)
        return receipt or make_promise(store, entry, [opening], self.site.trust)

    def invite(self, role: Role, who: str, name: str, phone: str = "") -> str:
        """A one-time login; its path."""
        token = self.random_bytes(24).hex()
        kept = {"role": role.value, "id": who, "name": name, "phone": phone}
        self.keeping.put("invite", digest_of(token), kept, Micros(self.now() + INVITE))
        return f"/in/{token}"

    def token(self, agency: str) -> str:
        """A token for an agency's own system, good for a day: the demo's."""
        token = f"ms1_{self.random_bytes(24).hex()}"
        self.keeping.put("agency-token", digest_of(token), {"agency": agency}, Micros(self.now() + DAY))
        return token

    def tidy(self) -> None:
        """Remove what is over, and the keys of passes that stand no more: revoked, or their holders erased; then look
        for patterns, where that is due.

        Pages forget such a key at once; this finds those that were erased otherwise, or while a process was killed. A
        key that was made this hour may not be sealed yet.
        """
        now = self.now()
        self.keeping.sweep(now)
        if now - self._tidied >= HOUR:
            self._tidied = now
            self._forget_orphans(now)
        if self._patterns_due(now):
            self.look_for_patterns()

    def _forget_orphans(self, now: Micros) -> None:
        staff = self.keeping.every(OF_STAFF, now)
        kept = [one for key in self.keys.values() for one, at in key.kept(now).items() if now - at > HOUR]
        orphans = self.look(lambda transaction: [one for one in kept if not holder_of(transaction, one)])
        for one in orphans:
            for key in self.keys.values() if one not in staff else ():
                key.forget(one)

    def look_for_patterns(self) -> None:
        """Look for patterns over many deals, and keep what was found for the pages; no page does it itself."""
        keep(self.keeping, self.look(patterns_now))

    def _patterns_due(self, now: Micros) -> bool:
        """Once a night, twenty hours later at most; the first time at once where there is little to read."""
        at = looked_at(self.keeping, now)
        hour = self.zone.local(now).hour
        if at is None:
            return hour in NIGHT or self.site.store.size <= SMALL
        return now - at >= (HALF_A_DAY if hour in NIGHT else 20 * HOUR)

    def close(self) -> None:
        """Give the file of sessions back."""
        self._courier.close()
        self.keeping.close()

    def _known(self, phone: Contact) -> bool:
        """Whether somebody of this number may sign in from home: a visitor, a client, an agent."""

        def read(transaction: Transaction) -> bool:
            return any(transaction.read(kind, "phone", phone) for kind in _WITH_PHONE) or any(
                row.phone == phone for row in transaction.every(e.Agent)
            )

        return self.look(read)

    def _text(self, code: str, purpose: str) -> str:
        what = "到访登记" if purpose == "check_in" else "确认报备" if purpose.startswith("confirm/") else "登录"
        return f"【{self.project}】验证码 {code}，用于{what}，5 分钟内有效，请勿告诉他人（包括工作人员）。"

    def _opening(
        self, transaction: SiteTransaction, record: str, subject: str, part: str
    ) -> tuple[int, Opening] | None:
        with closing(self.site.store.connect()) as connection:
            row = connection.execute(
                "SELECT f.seq, e.body FROM fact AS f JOIN entry AS e ON e.seq = f.seq "
                "WHERE f.record = ? AND f.subject = ? AND f.base = 1",
                (record, subject),
            ).fetchone()
            if row is None:
                return None
            seq, body = row
            at = PARTS[Entry.parse(parse_canonical(body)).kind].index(part)
            kept = connection.execute(
                "SELECT person, cipher FROM opening WHERE seq = ? AND at = ?", (seq, at)
            ).fetchone()
        plain = None if kept is None else transaction.opened(seq, at, *kept)
        if plain is None:
            return None
        return seq, Opening(at, plain[:_SALT], json.loads(plain[_SALT:]))


def invitation(config: Config, role: Role, who: str, random_bytes: Random) -> str:
    """A one-time login for a site that may be running; its path. Raises `RefusedStartError`."""
    ring = keyring.load(config.folder / keyring.KEYRING, config.passphrase())
    keeping = kept_at(config.folder, ring)
    try:
        token = random_bytes(24).hex()
        kept = {"role": role.value, "id": who, "name": who, "phone": ""}
        keeping.put("invite", digest_of(token), kept, Micros(system_clock() + INVITE))
    finally:
        keeping.close()
    return f"/in/{token}"


def agency_token(config: Config, agency: str, days: int, random_bytes: Random) -> str:
    """A token for an agency's own system; shown once, kept as a digest. Raises `RefusedStartError`."""
    ring = keyring.load(config.folder / keyring.KEYRING, config.passphrase())
    keeping = kept_at(config.folder, ring)
    try:
        token = f"ms1_{random_bytes(24).hex()}"
        keeping.put("agency-token", digest_of(token), {"agency": agency}, Micros(system_clock() + days * DAY))
    finally:
        keeping.close()
    return token


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that says it is TCP: else asyncio leaves Nagle's delay on, 40 ms for every page."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(1_024)
    except OSError:
        made.close()
        raise
    return made


@final
class Server:
    """Pages on an address of this machine. `tidy` sweeps out what is over, once a minute."""

    def __init__(self, app: ASGIApp, listening: socket.socket, tidy: Callable[[], None], *, secure: bool) -> None:
        self.socket = listening
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,  # a request line may hold a link to somebody's registration
            server_header=False,
            h11_max_incomplete_event_size=16 * 1024,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=5,
            limit_concurrency=1_000,
            lifespan="off",
            ws="none",
            proxy_headers=secure,
        )
        self._server = uvicorn.Server(config)
        self._tidy = tidy

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.socket.getsockname()[1])

    def serve(self) -> None:
        """Until it is told to stop; meanwhile what is over is swept out."""
        done = threading.Event()
        sweeper = threading.Thread(target=self._sweep, args=(done,), daemon=True)
        sweeper.start()
        try:
            self._server.run(sockets=[self.socket])
        finally:
            done.set()
            sweeper.join()

    def _sweep(self, done: threading.Event) -> None:
        while not done.wait(SWEEP_S):
            with suppress(StoreFailedError, RefusedStartError):  # the next round may do better
                self._tidy()

    def stop(self) -> None:
        """Tell it to stop."""
        self._server.should_exit = True


def server_of(office: SiteOffice, host: str, port: int, *, secure: bool) -> Server:
    """The server of a site. Raises `OSError`."""
    listening = listen(host, port)
    if not office.address:
        office.address = local_address(listening)
        office.offer_keys(office.address)
    return Server(application(office, all_ways(demo=False), secure=secure), listening, office.tidy, secure=secure)


def local_address(listening: socket.socket) -> str:
    """The address of a server for trying out: browsers make keys for localhost, never for a bare number."""
    return f"http://localhost:{listening.getsockname()[1]}"
