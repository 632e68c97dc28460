"""The register of everything that senses people on the site (L-18, L-19, L-54; VSR 9; PIPL 26).

The rules this module keeps:

1. A device that sees faces belongs to one of three types; a fixed one over a hall, a door or a sand table is refused,
   whatever it is said to compute.
2. Counters see no image. One that does needs the purpose `occupancy_safety` and counsel's record.
3. What is on the site and not in the register is an alarm.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple


class DeviceType(StrEnum):
    """What a device is."""

    PERSONAL_PHONE = "personal_phone"
    HANDHELD = "handheld"
    ENCLOSED_BOOTH = "enclosed_booth"
    BEAM = "beam"
    DEPTH_ARRAY = "depth_array"
    THERMAL_ARRAY = "thermal_array"
    CAMERA_COUNTER = "camera_counter"
    HALL_FIXED = "hall_fixed"
    """Never accepted; it has a name so that the refusal can say what was refused."""


FACE_DEVICES: Final = frozenset({DeviceType.PERSONAL_PHONE, DeviceType.HANDHELD, DeviceType.ENCLOSED_BOOTH})
COUNTERS: Final = frozenset({DeviceType.BEAM, DeviceType.DEPTH_ARRAY, DeviceType.THERMAL_ARRAY})
OCCUPANCY: Final = "occupancy_safety"


class Sensor(NamedTuple):
    """A device as it is registered."""

    id: str
    type: DeviceType
    place: str
    purpose: str
    counsel_record: str = ""


def refusal(sensor: Sensor) -> str:
    """Why a device is not accepted; empty: it is. Text key `sensor.<reason>`."""
    if sensor.type is DeviceType.HALL_FIXED:
        return "hall_fixed"
    if sensor.type is DeviceType.CAMERA_COUNTER and not (sensor.purpose == OCCUPANCY and sensor.counsel_record.strip()):
        return "camera_counter"
    told = sensor.id, sensor.place, sensor.purpose
    return "" if all(one.strip() for one in told) else "incomplete"


def unregistered(seen: Iterable[str], registered: Iterable[str]) -> tuple[str, ...]:
    """Devices that are there and not in the register: an alarm each."""
    return tuple(sorted(set(seen) - set(registered)))
