"""What pages know of the door code; `passes.door_code` makes and judges it (B4a, RULES amendment 3)."""

from typing import Protocol

from mingshi.credentials.proofs import Redeemed, Shown
from mingshi.domain.evidence import DoorCode
from mingshi.kernel.timeline import Micros


class Door(Protocol):
    """One site's door."""

    def show(self, now: Micros) -> Shown:
        """What the tablet at the sign shows now."""

    def redeem(self, code: str, browser: str, now: Micros) -> Redeemed:
        """Judge a code that a browser gives; a good one gives that browser a ticket, the same one when asked twice."""

    def admits(self, ticket: str, browser: str, now: Micros, *, use: str = "") -> DoorCode:
        """What a ticket is worth in this browser now; it may be asked any number of times. `use`: for that one."""

    def spend(self, ticket: str, browser: str, use: str, now: Micros) -> DoorCode:
        """As `admits`, and from then on for this use alone: another check-in of this browser needs the next code."""
