"""Challenges: a word that a key signs, once, in the browser it was given to, within ten minutes, for one purpose."""

from urllib.parse import urlsplit

from mingshi.credentials.keeping import digest_of
from mingshi.credentials.passkey import Party
from mingshi.kernel.timeline import MINUTE, Micros
from mingshi.web.asking import Ask

_LASTS = 10 * MINUTE


def challenge_for(ask: Ask, purpose: str) -> str:
    """A fresh one: 64 hexadecimal digits."""
    word = ask.office.random_bytes(32).hex()
    kept = {"purpose": purpose, "browser": digest_of(ask.browser)}
    ask.office.keeping.put("challenge", digest_of(word), kept, Micros(ask.now + _LASTS))
    return word


def taken(ask: Ask, word: str, purpose: str) -> bool:
    """Whether it was given to this browser for this purpose; it is used up in any case."""
    kept = ask.office.keeping.take("challenge", digest_of(word), ask.now)
    return kept is not None and kept["purpose"] == purpose and kept["browser"] == digest_of(ask.browser)


def party(ask: Ask) -> Party:
    """The site as browsers know it."""
    return Party(urlsplit(ask.office.address).hostname or "", ask.office.address, ask.office.project)
