"""门口码: the code on the tablet at the sign, which says that somebody stands there now (B4a, RULES amendment 3).

The rules this module keeps:

1. A code lasts one minute and is good for two: whoever has an older one is not at the door now.
2. A code is made from a key and the minute, and kept nowhere. It names nobody.
3. Whoever gave a good code gets a ticket for the quarter of an hour that the rest of a check-in takes. It is bound
   to their browser, so that a ticket sent to somebody at home is worth nothing there.
"""

import hmac
from typing import Final, final

from mingshi.domain.evidence import DoorCode
from mingshi.kernel.timeline import MINUTE, Micros

_LETTERS: Final = "23456789ACDEFGHJKMNPQRTUVWXY"
"""Without what is read as something else: 0 O, 1 I L, 8 B, 5 S, 2 Z."""
_LENGTH: Final = 6
GOOD_FOR: Final = 2
"""Minutes."""
TICKET: Final = 15 * MINUTE


@final
class Door:
    """One site's door. `secret`: 32 bytes that only the site has."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def code(self, now: Micros) -> str:
        """The code of this minute."""
        return self._code(now // MINUTE)

    def left(self, now: Micros) -> int:
        """For how many seconds it is shown yet."""
        return 60 - (now % MINUTE) // 1_000_000

    def state(self, code: str, now: Micros) -> DoorCode:
        """What a code says: of this minute or the one before it VALID, of the last hour STALE, else none."""
        given = code.strip().upper()
        minute = now // MINUTE
        for back in range(61):
            if hmac.compare_digest(given.encode(), self._code(minute - back).encode()):
                return DoorCode.VALID if back < GOOD_FOR else DoorCode.STALE
        return DoorCode.NONE

    def ticket(self, browser: str, now: Micros) -> str:
        """For a browser that has just given a good code."""
        until = Micros(now + TICKET)
        return f"{until:x}.{self._mac(browser, until)}"

    def admits(self, ticket: str, browser: str, now: Micros) -> DoorCode:
        """What a ticket is worth in this browser now."""
        head, _, mac = ticket.partition(".")
        try:
            until = Micros(int(head, 16))
        except ValueError:
            return DoorCode.NONE
        if not hmac.compare_digest(mac, self._mac(browser, until)):
            return DoorCode.NONE
        return DoorCode.VALID if now <= until else DoorCode.STALE

    def _code(self, minute: int) -> str:
        number = int.from_bytes(hmac.digest(self._secret, b"mingshi/door/v1\0%d" % minute, "sha256"))
        letters = []
        for _ in range(_LENGTH):
            number, at = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[at])
        return "".join(letters)

    def _mac(self, browser: str, until: Micros) -> str:
        return hmac.digest(self._secret, f"mingshi/presence/v1\0{until}\0{browser}".encode(), "sha256").hex()[:32]
