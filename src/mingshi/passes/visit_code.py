"""预约到访码: a code that its holder made on their own page, shown once, good once (E3).

The rules this module keeps:

1. Twelve signs of an alphabet without look-alikes: 57 bits, more than anybody guesses at a door that counts.
2. Its pass is a keyed digest: who reads the record and has not the site's key cannot find the code.
3. A code that was made before codes had a key stays good: its pass is the digest without one.

Threat model. A photograph of the code is as good as the code, once: whoever came first is checked in as its holder, and
the holder, who finds the code used, says that it was not them (更正). It is never worth more than the phone it is from.
"""

import hmac
from collections.abc import Callable
from typing import Final, final

from mingshi.credentials.keeping import digest_of
from mingshi.credentials.proofs import VisitCode
from mingshi.domain.ids import PassId
from mingshi.passes.secrets import Secrets

LETTERS: Final = "23456789ACDEFGHJKMNPQRTUVWXY"
LENGTH: Final = 12
_GROUP: Final = 4
_SKIPPED: Final = str.maketrans("", "", "- \u3000\t\r\n")


@final
class VisitCodes:
    """Of one site."""

    def __init__(self, secrets: Secrets, random_bytes: Callable[[int], bytes]) -> None:
        self._key, self._random = secrets.visit, random_bytes

    def make(self) -> VisitCode:
        """A new code, and the pass that it is."""
        number, code = int.from_bytes(self._random(16)), ""
        for _ in range(LENGTH):
            number, at = divmod(number, len(LETTERS))
            code += LETTERS[at]
        shown = "-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP))
        return VisitCode(shown, self._pass(code))

    def passes_of(self, typed: str) -> tuple[PassId, ...]:
        """The passes that a code may be, as typed or read in by a scanner; none where it is no such code."""
        code = typed.translate(_SKIPPED).upper()
        if len(code) != LENGTH or not set(code) <= set(LETTERS):
            return ()
        return self._pass(code), PassId(f"QR-{digest_of(code)[:40]}")

    def _pass(self, code: str) -> PassId:
        return PassId(f"QR-{hmac.digest(self._key, code.encode(), 'sha256').hex()[:40]}")
