"""What pages know of codes that are sent to a phone; `passes.otp` sends them."""

from typing import NamedTuple, Protocol

from mingshi.domain.ids import Contact
from mingshi.kernel.timeline import Micros


class Sent(NamedTuple):
    """A code is on its way, as far as anybody is told. `challenge`: the page hands it back with the code; no secret."""

    challenge: str


class NotSent(NamedTuple):
    """`reason`: no_ground, not_mobile, too_soon, too_many, budget, gateway. `wait_s`: then again; 0: go to the desk."""

    reason: str
    wait_s: int

    def __bool__(self) -> bool:
        return False


class Codes(Protocol):
    """Sending and checking codes."""

    @property
    def staff_readable(self) -> bool:
        """Whether staff could read the codes: then a check-in by one is worth a desk entry (E4)."""

    def send(
        self, phone: Contact, purpose: str, *, address: str, at_door: bool, now: Micros, invited: bool = False
    ) -> Sent | NotSent:
        """Send a code. `at_door`: this browser holds a ticket of the door; `invited`: an agent registered this number,
        and the page was opened by that registration's link.
        """

    def check(self, challenge: str, phone: Contact, purpose: str, code: str, now: Micros) -> bool:
        """Whether this is the code; then it is used."""
