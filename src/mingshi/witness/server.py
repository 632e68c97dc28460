"""The witness's socket: C2SP tlog-witness, deposits, and what a person may want to read.

    POST /add-checkpoint             cosign                     (tlog-witness "add-checkpoint")
    POST /deposit                    stamp an unanswered registration     (promise.md §4)
    GET  /<origin hash>/checkpoint   the last one cosigned      (tlog-witness "Monitor Retrieval")
    GET  /keys                       keys and fingerprints, to compare with paper
    GET  /gaps, /alarms              what this witness noticed

The rules this module keeps: a request is bounded in size and time, connections in number; nothing that a
client sends reaches a log line unescaped; the clock is an argument; a server whose file failed ends, so that
whoever runs it starts it anew and it reads what is there.
"""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from typing import Any, Final, final

from mingshi.witness.keeper import Alarm, Answer, Keeper

MAX_BODY: Final = 64 * 1024
MAX_CONNECTIONS: Final = 64
WATCH_S: Final = 30


@final
class WitnessServer(ThreadingHTTPServer):
    """Serves one keeper. `keys_page`: the text of /keys; `token`: asked of deposits where not empty."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        address: tuple[str, int],
        keeper: Keeper,
        clock_s: Callable[[], int],
        *,
        keys_page: str = "",
        token: str = "",
        tell: Callable[[Alarm], None] = lambda _: None,
    ) -> None:
        self.keeper = keeper
        self.clock_s = clock_s
        self.keys_page = keys_page
        self.token = token
        self._tell = tell
        self._told = len(keeper.alarms)
        self._telling = threading.Lock()
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._stop = threading.Event()
        super().__init__(address, _Handler)

    def watch(self) -> None:
        """Look for gaps, and tell of every alarm not told yet; stop the server once a write has failed."""
        with self._telling:
            with suppress(OSError):  # what failed shows in `broken`
                self.keeper.watch(self.clock_s())
            if self.keeper.broken:
                threading.Thread(target=self.shutdown).start()
            for alarm in self.keeper.alarms[self._told :]:
                self._tell(alarm)
                self._told += 1

    def run(self) -> None:
        """Serve and watch until `shutdown`."""
        watcher = threading.Thread(target=self._watch_on, daemon=True)
        watcher.start()
        try:
            self.serve_forever(poll_interval=0.2)
        finally:
            self._stop.set()
            watcher.join()

    def process_request(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """A thread for each connection, as long as there are slots; else the connection is closed."""
        if not self._slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket | tuple[bytes, socket], client_address: Any) -> None:
        """Give the slot back at the end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def _watch_on(self) -> None:
        while not self._stop.wait(WATCH_S):
            self.watch()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "mingshi-witness"
    sys_version = ""
    timeout = 15
    server: WitnessServer

    def do_POST(self) -> None:  # the name is the base class's
        now_s = self.server.clock_s()
        body = self._body()
        if isinstance(body, Answer):
            self.close_connection = True
            self._send(body)
        elif self.path.endswith("/add-checkpoint"):
            self._send(self.server.keeper.add_checkpoint(body, now_s))
            self.server.watch()
        elif self.path.endswith("/deposit"):
            said, token = self.headers.get("Authorization", ""), self.server.token
            if token and not compare_digest(said.encode(), f"Bearer {token}".encode()):
                self._send(Answer(401, "a token is needed\n"))
            else:
                self._send(self.server.keeper.deposit(body, now_s))
                self.server.watch()
        else:
            self._send(Answer(404, "no such page\n"))

    def do_GET(self) -> None:  # the name is the base class's
        keeper, parts = self.server.keeper, self.path.split("/")
        if parts[-1] == "checkpoint" and len(parts) >= 3:
            self._send(keeper.latest(parts[-2]))
        elif parts[-1] == "keys":
            self._send(Answer(200, self.server.keys_page))
        elif parts[-1] == "gaps":
            found = keeper.gaps(self.server.clock_s())
            self._send(_json({origin: [gap._asdict() for gap in each] for origin, each in found.items()}))
        elif parts[-1] == "alarms":
            self._send(_json([alarm._asdict() for alarm in keeper.alarms]))
        else:
            self._send(Answer(404, "no such page\n"))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the name is the base class's
        """Nothing: what matters is in the journal, and a client's bytes belong in no log."""

    def _body(self) -> str | Answer:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return Answer(411, "Content-Length is needed\n")
        if int(length) > MAX_BODY:
            return Answer(413, f"at most {MAX_BODY} bytes\n")
        data = self.rfile.read(int(length))
        try:
            return data.decode()
        except UnicodeDecodeError:
            return Answer(400, "not UTF-8\n")

    def _send(self, answer: Answer) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _json(value: object) -> Answer:
    return Answer(200, json.dumps(value, ensure_ascii=False) + "\n", "application/json")
