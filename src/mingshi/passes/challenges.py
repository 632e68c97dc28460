"""Challenges: what a pass signs to show that it is held now, here, for this.

The rules this module keeps:

1. A challenge is 32 random bytes, lasts two minutes, and is answered once: whoever asks takes it away, whether the
   answer was good or not. A recorded answer is worth nothing.
2. It is bound to the browser it was given to, to the pass's kind, to one act, and to the door code: an answer that was
   relayed from another page, or given for another act, does not fit.
3. It is kept by its digest, without anything personal.
"""

from collections.abc import Callable
from typing import Final, NamedTuple, final

from mingshi.credentials.keeping import Keeping, digest_of
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.ledger.verify import b64, unb64

LASTS: Final = 2 * MINUTE
_KIND: Final = "challenge"


class Challenge(NamedTuple):
    """One that was given out and has just been taken back."""

    text: str
    action: str
    door: str


@final
class Challenges:
    """Of one site. `random_bytes`: fresh random bytes."""

    def __init__(self, keeping: Keeping, random_bytes: Callable[[int], bytes]) -> None:
        self._keeping = keeping
        self._random = random_bytes

    def give(self, use: str, browser: str, action: str, door: str, now: Micros) -> str:
        """A new one, as base64url without padding."""
        text = url64(self._random(32))
        row = {"use": use, "browser": digest_of(browser), "action": action, "door": door}
        self._keeping.put(_KIND, digest_of(text), row, Micros(now + LASTS))
        return text

    def take(self, text: str, use: str, browser: str, action: str, now: Micros) -> Challenge | None:
        """Take it back; None where it is over, was taken, or was given for something else."""
        row = self._keeping.take(_KIND, digest_of(text), now)
        if row is None or (row["use"], row["browser"], row["action"]) != (use, digest_of(browser), action):
            return None
        return Challenge(text, action, str(row["door"]))


def url64(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5), as browsers write it."""
    return b64(data).translate(_TO_URL).rstrip("=")


def from_url64(text: str) -> bytes:
    """The bytes of base64url. Raises `ValueError`."""
    return unb64(text.translate(_FROM_URL) + "=" * (-len(text) % 4))


_TO_URL: Final = str.maketrans("+/", "-_")
_FROM_URL: Final = str.maketrans("-_", "+/")
