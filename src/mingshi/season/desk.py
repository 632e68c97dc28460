"""The office's desk: where acts become records, with ids, seals, devices and their clocks.

The rules this module keeps:

1. A record exists only because somebody's act left it; this module decides how it looks, never whether it is made.
2. The log seals within seconds what happens on line. What was recorded off line is sealed late, and says so.
3. Devices run a little wrong, and a few of them very; a device's known error is a record of its own (E23).
"""

from collections import defaultdict
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.ids import Contact, DeviceId, EvidenceId
from mingshi.kernel.timeline import Micros
from mingshi.season.days import FIRST_DAY, ZONE, hours, minutes, seconds
from mingshi.season.dice import Dice
from mingshi.season.rates import Rates

Row = tuple[object, ...]

TABLETS: Final = tuple(DeviceId(f"平板-{number}") for number in range(1, 9))
GATE: Final = DeviceId("闸机-1")
_MEASURED_WITHIN_S: Final = 10
_OF_ONE_UNIT: Final = 200
"""A unit leaves fewer records of a kind than this."""


class Desk:
    """Collects the records of one season."""

    def __init__(self, rates: Rates, dice: Dice, *, open_policy: bool) -> None:
        self.rates = rates
        self.open_policy = open_policy
        self.rows: dict[type[Row], list[Row]] = defaultdict(list)
        self._dice = dice.of("desk")
        self._offset: dict[DeviceId, int] = {}
        for device in (*TABLETS, GATE):
            self._offset[device] = self._clock(device)

    def add(self, row: Row) -> None:
        """File a record."""
        self.rows[type(row)].append(row)

    def drop(self, kinds: tuple[type[Row], ...], gone: set[EvidenceId]) -> None:
        """Take out records of the unit that was served last."""
        for kind in kinds:
            rows = self.rows[kind]
            self.rows[kind][-_OF_ONE_UNIT:] = [row for row in rows[-_OF_ONE_UNIT:] if row[0] not in gone]

    def rephone(self, kinds: tuple[type[Row], ...], touched: set[EvidenceId], other: Contact) -> None:
        """Put another number into records of the unit that was served last."""
        for kind in kinds:
            rows = self.rows[kind]
            self.rows[kind][-_OF_ONE_UNIT:] = [
                row._replace(phone=other) if row[0] in touched else row  # type: ignore[attr-defined]  # all have one
                for row in rows[-_OF_ONE_UNIT:]
            ]

    def seal(self, at: Micros, dice: Dice, name: str = "sealed") -> Micros:
        """When the log had a record of an act on line."""
        return Micros(at + seconds(dice.between(name, 1, 20)))

    def late_seal(self, at: Micros, dice: Dice) -> Micros | None:
        """When the log had a record made off line; None where it was on line."""
        if not dice.chance("off line", self.rates.late_event):
            return None
        return Micros(at + minutes(2) + hours(dice.between("off line for", 0, self.rates.late_h)))

    def shown(self, at: Micros, device: DeviceId) -> Micros:
        """What a device's clock said."""
        return Micros(at + seconds(self._offset[device]))

    def tablet(self, dice: Dice) -> DeviceId:
        """The tablet at which somebody was received."""
        return dice.pick("tablet", TABLETS)

    def _clock(self, device: DeviceId) -> int:
        """How wrong a device is, in seconds; very wrong ones were found out when they were checked."""
        dice, rates = self._dice.of("clock", device), self.rates
        if not dice.chance("bad", rates.bad_clock):
            return int(dice.normal("skew", 0, rates.skew_s)) if rates.skew_s else 0
        wrong = int(rates.bad_clock_min * 60) * (1 if dice.chance("fast", 0.5) else -1)
        within = _MEASURED_WITHIN_S
        self.add(
            e.Clock(EvidenceId(f"CK-{device}"), device, ZONE.start(FIRST_DAY), None, wrong - within, wrong + within)
        )
        return wrong
