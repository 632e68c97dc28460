"""短信: how a code reaches a phone. A driver says whether staff could read what it sends.

    http       POSTs signed JSON to the provider's gateway (docs/passes.md); nobody at the site reads it
    spool      writes files into a folder, for a gateway that fetches them: who can read the folder can read codes
    console    prints; for trying out
    handset    keeps them in memory for the demo's own pages

The rules this module keeps:

1. A driver that staff can read says so: check-ins proved by its codes are worth a desk entry (RULES amendment 3).
2. A text holds the code, the project and what it is for, and no link that a phone would open by itself.
3. No driver logs a number or a code, or raises: what could not be handed over is False.
4. A gateway has five seconds for everything up to its status line, however slowly it trickles; it is never redirected.
   A message is tried once: the gateway knows it by its id, and the visitor may ask for another after a minute.
"""

import hmac
import http.client
import json
import os
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, final
from urllib.parse import urlsplit

from mingshi.kernel.canonical import dumps

TIMEOUT_S: Final = 5
_LOCAL: Final = ("127.0.0.1", "localhost", "::1")
_KEPT: Final = 50


class Sms(Protocol):
    """A way to a phone."""

    @property
    def staff_readable(self) -> bool:
        """Whether anybody at the site could read it."""

    def send(self, phone: str, text: str) -> bool:
        """Send; False where it could not be handed over."""


@final
class Console:
    """Prints."""

    staff_readable = True

    def send(self, phone: str, text: str) -> bool:
        """Print it."""
        print(f"短信 SMS → {phone[:3]}****{phone[-4:]}: {text}", file=sys.stderr, flush=True)
        return True


@final
class Spool:
    """One file a text, named by a random word; written whole or not at all."""

    staff_readable = True

    def __init__(self, folder: Path, random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._random = random_bytes
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, phone: str, text: str) -> bool:
        """Write it."""
        name = self._random(8).hex()
        part = self._folder / f".{name}"
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"phone": phone, "text": text}, file, ensure_ascii=False)
            part.rename(self._folder / f"{name}.json")
        except OSError:
            return False
        return True


@final
class Http:
    """POSTs `{"v", "id", "to", "text"}`, signed with HMAC-SHA-256 over `time.body` in the header `Mingshi-Signature`.

    `now_s`: seconds since 1970, for the signature. Raises `ValueError` for an address that is not https.
    """

    staff_readable = False

    def __init__(
        self,
        url: str,
        *,
        key_id: str,
        secret: bytes,
        now_s: Callable[[], int],
        random_bytes: Callable[[int], bytes],
        timeout_s: int = TIMEOUT_S,
    ) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        if not parts.hostname or not (secure or (parts.scheme == "http" and parts.hostname in _LOCAL)):
            raise ValueError(f"短信网关须用 https / the SMS gateway must be https: {url}")
        self._connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._host, self._port = parts.hostname, parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._key_id, self._secret = key_id, secret
        self._now_s, self._random, self._timeout_s = now_s, random_bytes, timeout_s

    def send(self, phone: str, text: str) -> bool:
        """Hand it over."""
        id_ = self._random(16).hex()
        body = dumps({"v": 1, "id": id_, "to": phone if phone.startswith("+") else f"+86{phone}", "text": text})
        at_s = self._now_s()
        headers = {
            "Content-Type": "application/json",
            "Connection": "close",
            "Idempotency-Key": id_,
            "Mingshi-Signature": f"t={at_s},k={self._key_id},v1={signature(self._secret, at_s, body)}",
        }
        connection = self._connect(self._host, self._port, timeout=self._timeout_s)
        # Socket time-outs are for each read; a gateway that trickles would never reach one.
        watchdog = threading.Timer(self._timeout_s, _cut, (connection,))
        watchdog.daemon = True
        try:
            watchdog.start()
            connection.request("POST", self._path, body, headers)
            return 200 <= connection.getresponse().status < 300
        except (OSError, http.client.HTTPException):
            return False
        finally:
            watchdog.cancel()
            connection.close()


def signature(secret: bytes, at_s: int, body: bytes) -> str:
    """What a gateway computes too, and compares; it refuses what is older than five minutes."""
    return hmac.digest(secret, f"{at_s}.".encode() + body, "sha256").hex()


def _cut(connection: http.client.HTTPConnection) -> None:
    sock: socket.socket | None = connection.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


@final
class Handset:
    """The demo's phones: the last texts, newest first, in memory only."""

    staff_readable = False

    def __init__(self) -> None:
        self._texts: deque[tuple[str, str]] = deque(maxlen=_KEPT)
        self._mutex = threading.Lock()

    def send(self, phone: str, text: str) -> bool:
        """Keep it."""
        with self._mutex:
            self._texts.appendleft((phone, text))
        return True

    def texts(self) -> list[tuple[str, str]]:
        """What came, newest first."""
        with self._mutex:
            return list(self._texts)
