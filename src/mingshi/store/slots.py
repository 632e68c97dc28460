"""Protection slots: one live protection for each purchase unit, in protect mode (RULES §3.3c, LEDGER amendment 2).

The rules this module keeps:

1. A slot is what the judge said of a registration (A6: it keeps others out until …), kept under a unique key; it
   decides nothing by itself, and `fsck` makes it again from the evidence.
2. Two live slots that a link brings under one unit both stand, contested: people decide (D13).
3. A slot whose end has passed is no slot.
"""

from collections.abc import Sequence
from typing import Any

from mingshi.app.ports import Slot
from mingshi.domain.ids import EvidenceId
from mingshi.kernel.timeline import Micros


def units(connection: Any, persons: Sequence[int]) -> list[int]:
    """The purchase units of persons."""
    found: dict[int, None] = {}
    for person in persons:
        row = connection.execute("SELECT unit FROM person WHERE id = ?", (person,)).fetchone()
        if row is not None:
            found[row[0]] = None
    return sorted(found)


def live(connection: Any, of_units: Sequence[int], now: Micros) -> Slot | None:
    """The protection that stands; of contested ones the first taken."""
    for unit in of_units:
        row = connection.execute(
            "SELECT registration, agent, until, contested FROM protection_slot "
            "WHERE unit = ? AND (until IS NULL OR until >= ?) ORDER BY rowid LIMIT 1",
            (unit, now),
        ).fetchone()
        if row is not None:
            return Slot(EvidenceId(row[0]), row[1], None if row[2] is None else Micros(row[2]), bool(row[3]))
    return None


def put(connection: Any, unit: int, slot: Slot, now: Micros) -> None:
    """Take a slot in the place of what has ended, or of the same registration's own."""
    connection.execute(
        "DELETE FROM protection_slot WHERE (unit = ? AND until < ?) OR registration = ?", (unit, now, slot.registration)
    )
    connection.execute(
        "INSERT INTO protection_slot (unit, registration, agent, until, contested) VALUES (?, ?, ?, ?, ?)",
        (unit, slot.registration, slot.agent, slot.until, int(slot.contested)),
    )


def free(connection: Any, registration: EvidenceId) -> None:
    """A protection has ended."""
    connection.execute("DELETE FROM protection_slot WHERE registration = ?", (registration,))


def join(connection: Any, of_units: Sequence[int], now: Micros) -> bool:
    """Make units one; False where two live protections met."""
    if len(of_units) < 2:
        return True
    first, *others = of_units
    marks = ", ".join("?" * len(of_units))
    connection.execute(f"DELETE FROM protection_slot WHERE unit IN ({marks}) AND until < ?", (*of_units, now))
    (count,) = connection.execute(
        f"SELECT count(*) FROM protection_slot WHERE unit IN ({marks})", tuple(of_units)
    ).fetchone()
    if count > 1:
        connection.execute(f"UPDATE protection_slot SET contested = 1 WHERE unit IN ({marks})", tuple(of_units))
    for unit in others:
        connection.execute("UPDATE protection_slot SET unit = ? WHERE unit = ?", (first, unit))
        # Its members: its first, under its own id; and who was joined to it, who alone stand in the index.
        connection.execute("UPDATE person SET unit = ? WHERE id = ? AND unit = id", (first, unit))
        connection.execute("UPDATE person SET unit = ? WHERE unit = ? AND unit != id", (first, unit))
    return bool(count < 2)
