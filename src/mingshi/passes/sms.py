"""短信: how a code reaches a phone. A driver says whether staff could read what it sends.

    http       POSTs to the provider's gateway; nobody at the site reads it
    spool      writes files into a folder, for a gateway that fetches them: who can read the folder can read codes
    console    prints; for trying out
    handset    keeps them in memory for the demo's own pages

The rules this module keeps:

1. A driver that staff can read says so: check-ins proved by its codes are worth a desk entry (RULES amendment 3).
2. A text holds the code, the project and what it is for, and no link that a phone would open by itself.
3. No driver logs a number or a code.
"""

import json
import os
import sys
import threading
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, final

_TIMEOUT_S: Final = 5
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
    """POSTs `{"phone", "text"}` to a gateway, with a bearer token."""

    staff_readable = False

    def __init__(self, url: str, token: str) -> None:
        if not url.startswith("https://") and not url.startswith("http://127.0.0.1:"):
            raise ValueError("短信网关须用 https / the SMS gateway must be https")
        self._url = url
        self._token = token

    def send(self, phone: str, text: str) -> bool:
        """Hand it over."""
        body = json.dumps({"phone": phone, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self._url, data=body, headers=headers, method="POST")  # noqa: S310  # checked above
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
                return bool(200 <= answer.status < 300)
        except OSError:
            return False


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
