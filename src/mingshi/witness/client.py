"""The site's way to a witness over HTTP (`WitnessLink`).

The rules this module keeps: a call ends within `TIMEOUT_S`, reads a bounded answer, follows no redirect, and
never raises: a witness that cannot be reached answers with status 0 and the reason.
"""

import http.client
from hashlib import sha256
from typing import Final, final
from urllib.parse import urlsplit

from mingshi.ledger.signer import Answer

TIMEOUT_S: Final = 10
MAX_ANSWER: Final = 256 * 1024


@final
class HttpWitness:
    """A witness at its submission prefix, such as `https://witness.agency.example/`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"不是见证处的网址 / not the address of a witness: {url}")
        secure = parts.scheme == "https"
        self._connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")

    def add_checkpoint(self, request: str) -> Answer:
        """POST add-checkpoint."""
        return self._call("POST", "/add-checkpoint", request)

    def deposit(self, request: str, token: str = "") -> Answer:
        """POST deposit, for an agent's device."""
        return self._call("POST", "/deposit", request, token)

    def latest(self, origin: str) -> Answer:
        """GET the newest checkpoint it cosigned."""
        return self._call("GET", f"/{sha256(origin.encode()).hexdigest()}/checkpoint")

    def _call(self, method: str, path: str, body: str | None = None, token: str = "") -> Answer:
        headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = self._connect(self._host, self._port, timeout=TIMEOUT_S)
        try:
            data = None if body is None else body.encode()
            connection.request(method, self._prefix + path, data, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read(MAX_ANSWER).decode())
        except (OSError, http.client.HTTPException, UnicodeDecodeError) as error:
            return Answer(0, f"{type(error).__name__}: {error}")
        finally:
            connection.close()
