"""短信验证码: a code sent to a phone shows that its holder has that phone in their hand (E2).

The rules this module keeps (LEDGER §3.2 6.5, amendment 8):

1. A code is used once, lives ten minutes, has six digits, and is bound to the request it was sent for and its purpose.
   Five wrong guesses end it.
2. Neither code nor number is kept: only a keyed digest of both together.
3. A number gets one code a minute and five an hour. One address gets twenty an hour, unless it shows a ticket of the
   door: a hall's Wi-Fi is one address. A site has a budget; where it is spent, the desk still takes everybody.
4. Whether a number is known here makes no difference to any answer, nor to its time.
"""

import hmac
from collections.abc import Callable
from typing import Final, final

from mingshi.credentials.codes import NotSent, Sent
from mingshi.credentials.keeping import Keeping, digest_of
from mingshi.domain.ids import Contact
from mingshi.kernel.canonical import Json, integer
from mingshi.kernel.timeline import HOUR, MINUTE, Micros
from mingshi.passes.sms import Sms

LASTS: Final = 10 * MINUTE
GUESSES: Final = 5
PER_MINUTE: Final = 1
PER_HOUR: Final = 5
PER_ADDRESS: Final = 20
BUDGET_PER_HOUR: Final = 2_000
_KIND: Final = "otp"


@final
class Otp:
    """Codes of one site. `blind`: a keyed digest, `text`: the message, from code and purpose."""

    def __init__(
        self,
        keeping: Keeping,
        sms: Sms,
        *,
        blind: Callable[[str], bytes],
        random_bytes: Callable[[int], bytes],
        text: Callable[[str, str], str],
    ) -> None:
        self._keeping = keeping
        self._sms = sms
        self._blind = blind
        self._random = random_bytes
        self._text = text

    @property
    def staff_readable(self) -> bool:
        """Whether staff could read the codes."""
        return self._sms.staff_readable

    def send(self, phone: Contact, purpose: str, *, address: str, at_door: bool, now: Micros) -> Sent | NotSent:
        """Send a code."""
        whose = self._blind(f"otp/{phone}").hex()
        if self._keeping.count("otp-minute", whose, MINUTE, now) > PER_MINUTE:
            return NotSent("too_soon", 60)
        if self._keeping.count("otp-hour", whose, HOUR, now) > PER_HOUR:
            return NotSent("too_many", 3600)
        where = self._blind(f"address/{address}").hex()
        if not at_door and self._keeping.count("otp-address", where, HOUR, now) > PER_ADDRESS:
            return NotSent("too_many", 3600)
        if self._keeping.count("otp-budget", "", HOUR, now) > BUDGET_PER_HOUR:
            return NotSent("budget", 0)
        code = f"{int.from_bytes(self._random(8)) % 1_000_000:06}"
        challenge = self._random(16).hex()
        until = Micros(now + LASTS)
        kept: dict[str, Json] = {"mac": self._mac(challenge, phone, purpose, code), "left": GUESSES, "until": until}
        self._keeping.put(_KIND, digest_of(challenge), kept, until)
        if not self._sms.send(phone, self._text(code, purpose)):
            self._keeping.drop(_KIND, digest_of(challenge))
            return NotSent("gateway", 0)
        return Sent(challenge)

    def check(self, challenge: str, phone: Contact, purpose: str, code: str, now: Micros) -> bool:
        """Whether this is the code; then it is used."""
        key = digest_of(challenge)
        kept = self._keeping.take(_KIND, key, now)
        if kept is None:
            return False
        if hmac.compare_digest(str(kept["mac"]), self._mac(challenge, phone, purpose, code.strip())):
            return True
        left = integer(kept["left"]) - 1
        if left > 0:
            self._keeping.put(_KIND, key, {**kept, "left": left}, Micros(integer(kept["until"])))
        return False

    def _mac(self, challenge: str, phone: Contact, purpose: str, code: str) -> str:
        return self._blind(f"otp/{challenge}/{purpose}/{phone}/{code}").hex()
