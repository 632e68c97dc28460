"""短信验证码: a code sent to a phone; who gives it back has that phone's messages before them (E2; E4 if staff see it).

The rules this module keeps (LEDGER §3.2 6.5, amendment 8):

1. A code has six digits, lives five minutes, is used once, and is bound to the request it was sent for, its purpose and
   the number. Five wrong guesses end it; a number has ten guesses an hour over all its codes, and a
   guess at a code that was not sent to it counts against nobody.
2. Neither code nor number is kept: only a keyed digest of both together, and times under a keyed digest of the number.
3. Nothing is sent without a ground: a fresh door code, or an agent's registration of that very number. For purposes
   that begin with one of `open_to_known` (signing in from home) a number that is known here is its own ground.
4. Whether a number is known makes no difference to any answer, to its limits, nor to its time: it is asked only by the
   courier who carries the message, when the answer has been given.
5. A number gets one code in any minute and five in any hour. An address gets twenty an hour, but only where no ground
   was shown: a hall's Wi-Fi is one address. The site has a budget an hour, and a smaller one for what had no ground, so
   that nobody far away can spend the hall's. Where it is spent, or the gateway failed again and again (breaker),
   everybody is told to go to the desk, which takes them without a code.
6. Only mobile numbers of the mainland and of the regions named; a code to anywhere is a way to make others pay.

Threat model. A guesser has five tries at 1 in 1,000,000 per code and ten an hour per number: below 1 in 10,000 a day
each. Somebody at the door may make a stranger's phone ring five times an hour, and keep that number from codes as long:
it still checks in at the desk. SIM swaps, forwarded codes ("read me the number you just got") and interception in the
network defeat it, as everywhere; so do staff who see the sending queue, hence `staff_readable`. A number given out
anew (二次放号) proves only its present holder; the judge looks at that (amendment 20).
"""

import hmac
import re
import unicodedata
from collections.abc import Callable, Collection
from functools import partial
from typing import Final, Protocol, final

from mingshi.credentials.codes import NotSent, Sent
from mingshi.credentials.keeping import Keeping, digest_of
from mingshi.domain.ids import Contact
from mingshi.kernel.canonical import Json, dumps, integer
from mingshi.kernel.timeline import HOUR, MINUTE, Micros
from mingshi.passes.limits import Limit

LASTS: Final = 5 * MINUTE
GUESSES: Final = 5
GUESSES_PER_HOUR: Final = 10
PER_MINUTE: Final = 1
PER_HOUR: Final = 5
PER_ADDRESS: Final = 20
BUDGET_PER_HOUR: Final = 2_000
OPEN_PER_HOUR: Final = 200
REGIONS: Final = ("+852", "+853", "+886")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}|\+\d{8,15}", re.ASCII)
_CODE: Final = re.compile(r"\d{6}", re.ASCII)
_KIND: Final = "otp"


class Messenger(Protocol):
    """Takes messages and delivers them later (`passes.courier`)."""

    @property
    def staff_readable(self) -> bool:
        """Whether anybody at the site could read them."""

    def ready(self, now: Micros) -> bool:
        """Whether messages can be taken now."""

    def take(self, phone: str, text: str, wanted: Callable[[], bool]) -> None:
        """Take one, to be delivered if it is `wanted`. Nobody waits for either."""


@final
class Otp:
    """Codes of one site. `key`: 32 bytes; `known`: whether a number has a record here; `text`: of code and purpose."""

    def __init__(
        self,
        keeping: Keeping,
        messenger: Messenger,
        *,
        key: bytes,
        random_bytes: Callable[[int], bytes],
        text: Callable[[str, str], str],
        known: Callable[[Contact], bool],
        open_to_known: Collection[str] = ("sign_in",),
        regions: tuple[str, ...] = REGIONS,
        budget_per_hour: int = BUDGET_PER_HOUR,
        open_per_hour: int = OPEN_PER_HOUR,
    ) -> None:
        self._keeping, self._messenger, self._key = keeping, messenger, key
        self._random, self._text, self._known = random_bytes, text, known
        self._open, self._regions = frozenset(open_to_known), regions
        self._budgets = {True: budget_per_hour, False: open_per_hour}
        self._minute = Limit(keeping, "otp-minute", PER_MINUTE, MINUTE)
        self._hour = Limit(keeping, "otp-hour", PER_HOUR, HOUR)
        self._guesses = Limit(keeping, "otp-guesses", GUESSES_PER_HOUR, HOUR)

    @property
    def staff_readable(self) -> bool:
        """Whether staff could read the codes (RULES amendment 3)."""
        return self._messenger.staff_readable

    def send(
        self, phone: Contact, purpose: str, *, address: str, at_door: bool, now: Micros, invited: bool = False
    ) -> Sent | NotSent:
        """Send a code, or, to a number that is its own ground and not known here, seem to."""
        grounded = at_door or invited
        if not grounded and purpose.partition("/")[0] not in self._open:
            return NotSent("no_ground", 0)
        if not _MOBILE.fullmatch(phone) or (phone.startswith("+") and not phone.startswith(self._regions)):
            return NotSent("not_mobile", 0)
        if (refused := self._too_often(phone, address, grounded, now)) is not None:
            return refused
        if not self._messenger.ready(now):
            return NotSent("gateway", 0)
        if self._keeping.count("otp-budget", str(grounded), Micros(HOUR), now) > self._budgets[grounded]:
            return NotSent("budget", 0)
        code = f"{int.from_bytes(self._random(8)) % 1_000_000:06}"
        challenge = self._random(16).hex()
        until = Micros(now + LASTS)
        row: dict[str, Json] = {
            "mac": self._mac(challenge, purpose, phone, code),
            "whose": self._blind("phone", phone),
            "left": GUESSES,
            "until": until,
        }
        self._keeping.put(_KIND, digest_of(challenge), row, until)
        wanted = _always if grounded else partial(self._known, phone)
        self._messenger.take(phone, self._text(code, purpose), wanted)
        return Sent(challenge)

    def check(self, challenge: str, phone: Contact, purpose: str, code: str, now: Micros) -> bool:
        """Whether this is the code; then it is used."""
        if not _MOBILE.fullmatch(phone) or not challenge.isascii():
            return False
        key, whose = digest_of(challenge), self._blind("phone", phone)
        row = self._keeping.take(_KIND, key, now)  # taken first: of two guesses at once one finds nothing
        if row is None:
            return False
        may_guess = row["whose"] == whose and self._guesses.act(whose, now) == 0
        digits = "".join(unicodedata.normalize("NFKC", code[:40]).split())
        mac = self._mac(challenge, purpose, phone, digits if _CODE.fullmatch(digits) else "")
        if may_guess and hmac.compare_digest(str(row["mac"]), mac):
            return True
        left = integer(row["left"]) - 1
        if left > 0:
            self._keeping.put(_KIND, key, {**row, "left": left}, Micros(integer(row["until"])))
        return False

    def _too_often(self, phone: Contact, address: str, grounded: bool, now: Micros) -> NotSent | None:
        whose = self._blind("phone", phone)
        if (wait := self._hour.wait_s(whose, now)) > 0:
            return NotSent("too_many", wait)
        if (wait := self._minute.act(whose, now)) > 0:
            return NotSent("too_soon", wait)
        where = self._blind("address", address)
        if not grounded and self._keeping.count("otp-address", where, Micros(HOUR), now) > PER_ADDRESS:
            return NotSent("too_many", HOUR // 1_000_000)
        if (wait := self._hour.act(whose, now)) > 0:
            return NotSent("too_many", wait)
        return None

    def _blind(self, what: str, text: str) -> str:
        return hmac.digest(self._key, dumps([what, text]), "sha256").hex()[:32]

    def _mac(self, challenge: str, purpose: str, phone: Contact, code: str) -> str:
        return hmac.digest(self._key, dumps(["code", challenge, purpose, phone, code]), "sha256").hex()


def _always() -> bool:
    return True
