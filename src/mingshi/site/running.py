"""The running site: signer, housekeeper, admin socket, health and figures, around an open `Site`.

    GET /healthz   200 as long as the process answers          (this machine only)
    GET /readyz    200 while facts are taken and the log may be signed
    GET /metrics   figures for Prometheus

The rules this module keeps:

1. The tree is rebuilt and the witnesses are asked first (LEDGER amendment 3); promises go out meanwhile. Once the log
   must not go on, no fact is taken any more.
2. A checkpoint when something is new, at most every `SIGN_S`; one every `KEEP_ALIVE_S` in any case, so that silence is
   a gap that witnesses see (amendment 4).
3. The housekeeper keeps the write-ahead log small. It deletes only while the clock lies within a day of what a witness
   last cosigned, or where there is no witness of what was sealed last: nothing is deleted by a wrong clock.
4. A clock that was set while the site ran is sealed as a fact.
5. What came to its end is overwritten where it stood; copies of cells that SQLite left in the gap of a page go when the
   file is written anew, in the night after, a day later at most (`erasing.write_anew`).
"""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self, final

from mingshi.app.stop_start import NoteControl, note_control
from mingshi.app.sweep import Sweep, sweep
from mingshi.kernel.timeline import DAY, SECOND, Micros
from mingshi.ledger.signer import Halt
from mingshi.ledger.verify import Checkpoint, Note
from mingshi.site import erasing
from mingshi.site.admin import AdminServer
from mingshi.site.copies import BACKUP_AT
from mingshi.site.doctor import cosigned_at_s
from mingshi.site.root import Site
from mingshi.site.telling import Teller
from mingshi.store.errors import RefusedStartError, StoreFailedError

SIGN_S: Final = 60
KEEP_ALIVE_S: Final = 600
HOUSEKEEP_S: Final = 60
SWEEP_S: Final = 3600
JUMP_S: Final = 60
"""A difference between two clocks of one machine that is no drift."""


@final
class Running:
    """Everything beside the pages. Use as a context manager."""

    def __init__(self, site: Site, teller: Teller, *, sign_s: float = SIGN_S, housekeep_s: float = HOUSEKEEP_S) -> None:
        self.site = site
        self.teller = teller
        site.teller = teller
        self._sign_s = sign_s
        self._housekeep_s = housekeep_s
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._pulse = _listening(site.config.listen, self)
        self._admin = AdminServer(site)
        self._signed_at = 0.0
        self._heard = False
        self._swept_at = 0
        self._apart = site.clock() / SECOND - time.monotonic()

    @property
    def address(self) -> tuple[str, int]:
        """Where health and figures are."""
        host, port = self._pulse.server_address[:2]
        return str(host), int(port)

    def __enter__(self) -> Self:
        self._start(self._sign_on)
        self._start(self._housekeep_on)
        self._start(self._admin.serve_forever)
        self._start(self._pulse.serve_forever)
        self.teller.line("started", entries=self.site.store.size, restored=self.site.restored)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for server in (self._admin, self._pulse):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self.teller.line("stopped", entries=self.site.store.size)

    def ready(self) -> bool:
        """Whether facts are taken and the log may be signed."""
        return self.site.halt is None and self.site.store.failed is None

    def sign(self) -> None:
        """One round of the signer."""
        site = self.site
        if not self._heard:
            site.rebuild()
            self._heard = site.hear() is None
        published = site.store.log_store.published()
        size = 0 if published is None else Checkpoint.parse(Note.parse(published).text).size
        quiet = time.monotonic() - self._signed_at < KEEP_ALIVE_S
        if self._heard and (size < site.store.size or not quiet):
            signed = site.sign()
            if not isinstance(signed, Halt):
                self._signed_at = time.monotonic()
                note = Note.parse(signed)
                size = Checkpoint.parse(note.text).size
                self.teller.silent.set(len(site.links) + 1 - len(note.signatures))
                self.teller.line("checkpoint", entries=size, signatures=len(note.signatures))
        self.teller.published.set(size)

    def housekeep(self) -> None:
        """One round of the housekeeper."""
        site, now = self.site, self.site.clock()
        apart = now / SECOND - time.monotonic()
        if abs(apart - self._apart) > JUMP_S:
            self.teller.jumped(apart - self._apart)
            detail = (("seconds", str(round(apart - self._apart))),)
            site.store.run(note_control, NoteControl("clock", "site", "clock was set", detail), now=now)
            self._apart = apart
        cosigned_s = cosigned_at_s(site)
        known = site.store.last_sealed_at if cosigned_s is None else cosigned_s * SECOND
        deleting = abs(now - known) <= DAY
        if deleting and now >= self._swept_at + SWEEP_S * SECOND:
            self.sweep(Micros(known))
            self._swept_at = now
            if erasing.write_anew(site, now):
                self.teller.line("written_anew")
        self.teller.wal.set(site.store.housekeep(now=now, deleting=deleting))
        self.teller.entries.set(site.store.size)
        backed = int(site.store.settings.get(BACKUP_AT) or 0)
        self.teller.since_backup.set((now - backed) / SECOND if backed else -1)

    def sweep(self, witnessed_at: Micros) -> int:
        """Destroy what has come to its end; how many parts."""
        gone = 0
        while True:
            answer = self.site.run(sweep, Sweep(witnessed_at)).answer
            if not answer:
                return gone
            gone += int(str(answer.args["records"]))
            if not answer.args["more"]:
                return gone

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _sign_on(self) -> None:
        while True:
            self._guarded("signer", self.sign)
            if self._stop.wait(self._sign_s) or self.site.halt is not None:
                return

    def _housekeep_on(self) -> None:
        while not self._stop.wait(self._housekeep_s):
            self._guarded("housekeeper", self.housekeep)

    def _guarded(self, who: str, work: Callable[[], None]) -> None:
        """A round that failed is told, not lost; the next may do better."""
        try:
            work()
        except RefusedStartError as error:
            self.teller.line("halted", who=who, reason=error.reason)
        except (StoreFailedError, OSError) as error:
            self.teller.line("failed", who=who, kind=type(error).__name__)


class _PulseServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], running: Running) -> None:
        self.running = running
        super().__init__(address, _Pulse)


def _listening(address: tuple[str, int], running: Running) -> _PulseServer:
    try:
        return _PulseServer(address, running)
    except OSError as error:
        host, port = address
        raise RefusedStartError(
            "address_in_use",
            f"{host}:{port} 用不了（{error.strerror}）：请停下占用它的程序，或在 site.toml 里改 listen。",
            f"{host}:{port} cannot be had ({error.strerror}): stop what has it, or change listen in site.toml.",
        ) from error


class _Pulse(BaseHTTPRequestHandler):
    server: _PulseServer
    server_version = "mingshi"
    sys_version = ""
    timeout = 5

    def do_GET(self) -> None:  # the name is the base class's
        running = self.server.running
        if self.path == "/metrics":
            self._send(200, running.teller.figures(), "text/plain; version=0.0.4; charset=utf-8")
        elif self.path == "/readyz":
            ready = running.ready()
            self._send(200 if ready else 503, b"ready\n" if ready else b"not ready\n")
        elif self.path == "/healthz":
            self._send(200, b"ok\n")
        else:
            self._send(404, b"no such page\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
        """Nothing: a client's bytes belong in no log."""

    def _send(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
