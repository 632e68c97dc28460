"""What pages know of codes that are sent to a phone; `passes.otp` sends them."""

from typing import NamedTuple, Protocol

from mingshi.domain.ids import Contact
from mingshi.kernel.timeline import Micros


class Sent(NamedTuple):
    """A code is on its way. `challenge`: what the page hands back with the code; not secret by itself."""

    challenge: str


class NotSent(NamedTuple):
    """`reason`: too_soon, too_many, budget, gateway. `wait_s`: when to try again; 0: go to the desk."""

    reason: str
    wait_s: int

    def __bool__(self) -> bool:
        return False


class Codes(Protocol):
    """Sending and checking codes."""

    @property
    def staff_readable(self) -> bool:
        """Whether staff could read the codes."""

    def send(self, phone: Contact, purpose: str, *, address: str, at_door: bool, now: Micros) -> Sent | NotSent:
        """Send a code."""

    def check(self, challenge: str, phone: Contact, purpose: str, code: str, now: Micros) -> bool:
        """Whether this is the code; then it is used."""
