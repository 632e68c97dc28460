"""What is kept for a while: sessions, codes that were sent, keys that were enrolled, how often somebody asked.

The rules this module keeps:

1. Nothing here is evidence, and nothing here is personal: keys are digests, a phone number stands in a value only
   sealed under a token that the phone's owner holds (`seal_to`), so that no erasure has to search for it.
2. Everything has an end. What is over is as if it had never been, from that instant, before any housekeeper came.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mingshi.kernel.canonical import Json
from mingshi.kernel.timeline import Micros

_NONCE: Final = 12


class Keeping(Protocol):
    """A keyed, expiring store. Every method is one transaction."""

    def get(self, kind: str, key: str, now: Micros) -> Mapping[str, Json] | None:
        """What is kept, unless it is over."""

    def put(self, kind: str, key: str, value: Mapping[str, Json], until: Micros) -> None:
        """Keep it, in the place of what was there."""

    def take(self, kind: str, key: str, now: Micros) -> Mapping[str, Json] | None:
        """What is kept, and it is kept no longer: of two who ask at once one gets it."""

    def drop(self, kind: str, key: str) -> None:
        """Keep it no longer."""

    def every(self, kind: str, now: Micros) -> Mapping[str, Mapping[str, Json]]:
        """All of a kind, by key."""

    def count(self, kind: str, key: str, span: int, now: Micros) -> int:
        """One more of these in the span of so many microseconds that holds `now`; how many it holds with this one."""


def digest_of(token: str) -> str:
    """The key under which what belongs to a token is kept."""
    return hashlib.sha256(b"mingshi/token/v1\0" + token.encode()).hexdigest()


def derived(token: str, purpose: str) -> bytes:
    """32 bytes that only who has the token can make."""
    return hmac.digest(token.encode(), b"mingshi/derived/v1\0" + purpose.encode(), "sha256")


def seal_to(token: str, plain: str, nonce: bytes) -> str:
    """Seal a text under a token. `nonce`: 12 fresh random bytes."""
    assert len(nonce) == _NONCE
    return (nonce + AESGCM(derived(token, "seal")).encrypt(nonce, plain.encode(), None)).hex()


def open_with(token: str, sealed: str) -> str | None:
    """The text; None with another token."""
    raw = bytes.fromhex(sealed)
    try:
        return AESGCM(derived(token, "seal")).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except InvalidTag:
        return None
