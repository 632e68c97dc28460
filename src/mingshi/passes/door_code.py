"""门口码: the code on the tablet at the sign; who gives it stands there, or somebody who does told them just now (B4a).

The rules this module keeps (RULES amendment 3):

1. A code is shown for one minute and good until two minutes after it was first shown, and `skew_s` either side where
   the tablet's clock may be wrong by that much (at most half a minute, else the tablet shows nothing). An older one, up
   to an hour, is STALE: a contact, no visit. Nothing else is one.
2. It is an HMAC of the minute under a key of the site: kept nowhere, naming nobody, worthless elsewhere. It comes in
   two lengths, six letters to type and a long one to scan. Only the short one could be guessed, so typed codes
   are counted: ten a minute from a browser, six hundred from everybody; beyond, only scanning helps for a minute.
3. A browser that gave a good code has a ticket for the quarter of an hour that the rest takes. The ticket belongs to
   the code and the browser, so that a double submit gives the same one, and is spent by one check-in, which may ask
   again: one use of a code by a device. A minute's code serves `CROWD` browsers: more than a hall lets in, fewer than
   a chat group has.

Threat model. A photograph of the sign is worth nothing two minutes later. Within them, whoever gets it from an
accomplice at the sign can check in from anywhere, as with any code; what remains is the accomplice's trouble for each
client, the crowd limit, F-CROWD (one device, many numbers), and the party that is counted at the door (G8). A ticket
that is sent on is worth nothing in another browser. Whoever reads the key can make codes: it stays in the site.
"""

import hmac
import re
import threading
import unicodedata
from typing import Final, final

from mingshi.credentials.keeping import Keeping, digest_of
from mingshi.credentials.proofs import Redeemed, Shown
from mingshi.domain.evidence import DoorCode
from mingshi.kernel.timeline import MINUTE, SECOND, Micros
from mingshi.passes.limits import Limit

_LETTERS: Final = "23456789ACDEFGHJKMNPQRTUVWXY"
"""Of what is read as something else one of a pair at most: no 0 O, 1 I L, B, S, Z."""
SHORT: Final = 6
LONG: Final = 26
"""125 bits."""
GOOD_S: Final = 120
STALE_MIN: Final = 60
MAX_SKEW_S: Final = 30
TICKET: Final = 15 * MINUTE
CROWD: Final = 60
"""Browsers per code: 400 arrivals in 90 minutes are under five a minute."""
TYPED_BROWSER: Final = 10
TYPED_ALL: Final = 600
_KIND: Final = "door-browser"
_MINUTE: Final = re.compile(r"[0-9a-f]{1,12}", re.ASCII)
_NOTHING: Final = Redeemed(DoorCode.NONE, "", Micros(0))


@final
class DoorCodes:
    """One site's door. `key`: 32 bytes that only the site has; `skew_s`: how wrong the tablet's clock may be."""

    def __init__(self, keeping: Keeping, key: bytes, skew_s: int = 0) -> None:
        if not 0 <= skew_s <= MAX_SKEW_S:
            raise ValueError(
                f"门口平板的时钟误差 {skew_s} 秒超过 {MAX_SKEW_S} 秒，请先对时 / the tablet's clock may be wrong by "
                f"{MAX_SKEW_S} s at most, not {skew_s}: set it first"
            )
        self._keeping, self._key, self._skew = keeping, key, skew_s * SECOND
        self._typed = Limit(keeping, "door-typed", TYPED_BROWSER, MINUTE)
        self._mutex = threading.Lock()

    def show(self, now: Micros) -> Shown:
        """What the tablet shows now."""
        code = self._code(now // MINUTE)
        return Shown(code[:SHORT], code, 60 - now % MINUTE // SECOND)

    def state(self, code: str, now: Micros) -> DoorCode:
        """What a code says of when it was shown. Unlimited: for codes that no guesser gives."""
        minute = self._minute(_plain(code), now)
        if minute is None:
            return DoorCode.NONE
        return DoorCode.VALID if self._left(minute, now) > 0 else DoorCode.STALE

    def left_s(self, code: str, now: Micros) -> int:
        """For how many whole seconds a code is good yet; 0: it is not."""
        minute = self._minute(_plain(code), now)
        return 0 if minute is None else max(0, self._left(minute, now)) // SECOND

    def redeem(self, code: str, browser: str, now: Micros) -> Redeemed:
        """Judge a code that a browser gives."""
        given = _plain(code)
        if len(given) == SHORT and self._guessing(browser, now):
            return _NOTHING._replace(limited=True)
        minute = self._minute(given, now)
        if minute is None:
            return _NOTHING
        if self._left(minute, now) <= 0:
            return Redeemed(DoorCode.STALE, "", Micros(0))
        until = _until(minute)
        with self._mutex:
            mine = f"{minute}/{digest_of(browser)}"
            if self._keeping.get(_KIND, mine, now) is None:
                # One row for each of eight minutes, used again: `now` is the minute's, so that its count is exact.
                at = Micros(minute * MINUTE)
                if self._keeping.count("door-crowd", str(minute % 8), Micros(8 * MINUTE), at) > CROWD:
                    return _NOTHING._replace(limited=True)
                self._keeping.put(_KIND, mine, {"spent_on": ""}, until)
        return Redeemed(DoorCode.VALID, f"{minute:x}.{self._mac(minute, browser)}", until)

    def admits(self, ticket: str, browser: str, now: Micros, *, use: str = "") -> DoorCode:
        """What a ticket is worth in this browser now; for a use, whether that may still be had of it."""
        minute = self._of(ticket, browser)
        if minute is None:
            return DoorCode.NONE
        if now >= _until(minute):
            return DoorCode.STALE
        return DoorCode.VALID if not use or self._free(minute, browser, use, now) else DoorCode.NONE

    def spend(self, ticket: str, browser: str, use: str, now: Micros) -> DoorCode:
        """As `admits`, for one use; a request that is repeated under the same name is the same use."""
        assert use, "a use has a name"
        minute = self._of(ticket, browser)
        with self._mutex:
            state = self.admits(ticket, browser, now, use=use)
            if state is DoorCode.VALID and minute is not None:
                mine = f"{minute}/{digest_of(browser)}"
                self._keeping.put(_KIND, mine, {"spent_on": digest_of(use)}, _until(minute))
        return state

    def _free(self, minute: int, browser: str, use: str, now: Micros) -> bool:
        row = self._keeping.get(_KIND, f"{minute}/{digest_of(browser)}", now)
        return row is not None and row["spent_on"] in ("", digest_of(use))

    def _guessing(self, browser: str, now: Micros) -> bool:
        often = self._typed.act(digest_of(browser), now) > 0
        return often or self._keeping.count("door-typed-all", "", Micros(MINUTE), now) > TYPED_ALL

    def _minute(self, given: str, now: Micros) -> int | None:
        if len(given) not in (SHORT, LONG) or not given.isascii():
            return None
        newest = (now + self._skew) // MINUTE
        for minute in range(newest, now // MINUTE - STALE_MIN, -1):
            if hmac.compare_digest(given.encode(), self._code(minute)[: len(given)].encode()):
                return minute
        return None

    def _left(self, minute: int, now: Micros) -> int:
        return minute * MINUTE + GOOD_S * SECOND + self._skew - now

    def _code(self, minute: int) -> str:
        number = int.from_bytes(hmac.digest(self._key, b"mingshi/door/v1\0%d" % minute, "sha256"))
        letters = []
        for _ in range(LONG):
            number, at = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[at])
        return "".join(letters)

    def _mac(self, minute: int, browser: str) -> str:
        return hmac.digest(self._key, f"mingshi/ticket/v1\0{minute}\0{browser}".encode(), "sha256").hex()[:32]

    def _of(self, ticket: str, browser: str) -> int | None:
        """The minute of a ticket that is this browser's."""
        head, _, mac = ticket.partition(".")
        if not _MINUTE.fullmatch(head) or not mac.isascii():
            return None
        minute = int(head, 16)
        return minute if hmac.compare_digest(mac.encode(), self._mac(minute, browser).encode()) else None


def _until(minute: int) -> Micros:
    return Micros((minute + 1) * MINUTE + TICKET)


def _plain(code: str) -> str:
    """As a person types it: small letters, full width, spaces and dashes between."""
    return "".join(unicodedata.normalize("NFKC", code[:200]).upper().split()).replace("-", "")
