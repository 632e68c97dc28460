"""Staff: a password and a code from an authenticator app, where a passkey is not to be had (LEDGER §3.2, 6.3.3).

The rules this module keeps:

1. argon2id with the library's current cost; two at a time, so that a burst of guesses does not take the machine.
2. A code of the app is good once, in its half minute or the one beside it.
3. Twelve characters at least; nothing else is asked of a password.
"""

import base64
import threading
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from mingshi.kernel.timeline import SECOND, Micros

FEWEST: Final = 12
_STEP_S: Final = 30
_HASHER: Final = PasswordHasher()
_TWO: Final = threading.BoundedSemaphore(2)


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _TWO:
        return _HASHER.hash(password)


def fits(password: str, kept: str) -> bool:
    """Whether it is this password. `kept` empty: nobody's; it takes as long."""
    with _TWO:
        try:
            _HASHER.verify(kept or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(kept)


def step_of(code: str, secret: bytes, now: Micros) -> int | None:
    """The half minute whose code this is; None where it is none. Whoever asks keeps it: each is good once."""
    totp = TOTP(secret, 6, SHA1(), _STEP_S)  # noqa: S303  # what every authenticator app does (RFC 6238)
    at = now // SECOND
    for back in (0, -1, 1):
        try:
            totp.verify(code.strip().encode(), at + back * _STEP_S)
        except InvalidToken:
            continue
        return int(at // _STEP_S + back)
    return None


def app_uri(secret: bytes, who: str, project: str) -> str:
    """What the authenticator app scans."""
    return str(TOTP(secret, 6, SHA1(), _STEP_S).get_provisioning_uri(who, project))  # noqa: S303


def spelled(secret: bytes) -> str:
    """The secret as one types it."""
    return base64.b32encode(secret).decode().rstrip("=")


@cache
def _nobodys() -> str:
    """What a name that nobody has is compared with; made when it is first needed, so that a start does not wait."""
    return _HASHER.hash("nobody's password")
