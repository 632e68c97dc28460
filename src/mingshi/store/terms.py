"""Terms of what is held: listing it, keeping it longer, ending it (L-25, L-30; docs/adr/0030).

The rules this module keeps:

1. A part ends with its row in `ended`, which the trigger asks for; whoever has nothing left under their key loses the
   key and the token too, as in an erasure.
2. Facts that add to a record end with it: they share its term.
3. Nothing that leads to what has ended stays: no index row, no protection.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from mingshi.app.holders import HOLDING, RECORDS, WRITTEN_ABOUT
from mingshi.app.ports import Item
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.purpose import Basis
from mingshi.kernel.timeline import Micros
from mingshi.ledger.verify import PARTS
from mingshi.store import slots

_COLUMNS: Final = "o.seq, o.at, f.record, f.subject, f.sealed_at, o.basis, o.ground, o.expires_at"
_FROM: Final = "opening AS o JOIN fact AS f ON f.seq = o.seq"


def items_of(connection: Any, persons: Sequence[int]) -> list[Item]:
    """Everything under these persons' keys, in the order of the log."""
    found: dict[tuple[int, str], Item] = {}
    for person in persons:
        for sql in (
            f"SELECT {_COLUMNS} FROM {_FROM} WHERE o.person = ?",
            f"SELECT {_COLUMNS} FROM {_FROM} JOIN opening_person AS p USING (seq, at) WHERE p.person = ?",
        ):
            found |= {(item.entry, item.part): item for item in _items(connection, sql, person)}
    return [found[key] for key in sorted(found)]


def grounded(connection: Any, ground: str) -> list[Item]:
    """Everything that rests on a consent."""
    return list(_items(connection, f"SELECT {_COLUMNS} FROM {_FROM} WHERE o.ground = ? ORDER BY o.seq, o.at", ground))


def unfounded(connection: Any, limit: int) -> list[Item]:
    """Everything that was taken without a lawful ground."""
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE o.basis = 'none' ORDER BY o.seq, o.at LIMIT ?"
    return list(_items(connection, sql, limit))


def found(connection: Any, items: Iterable[Item], basis: Basis, ground: str) -> None:
    """Give what was pending its ground."""
    for item in items:
        connection.execute(
            "UPDATE opening SET basis = ?, ground = ? WHERE seq = ? AND at = ? AND basis = 'pending'",
            (basis.value, ground, item.entry, at_of(item)),
        )


def of_subject(connection: Any, record: str, subject: str) -> list[Item]:
    """The parts of a record that tell of people."""
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE f.record = ? AND f.subject = ? AND o.expires_at IS NOT NULL"
    return list(_items(connection, sql, record, subject))


def standing(connection: Any, entry: int, at: int) -> list[Item]:
    """One part, if it stands."""
    return list(_items(connection, f"SELECT {_COLUMNS} FROM {_FROM} WHERE o.seq = ? AND o.at = ?", entry, at))


def expired(connection: Any, at: Micros, limit: int) -> list[Item]:
    """What has come to its end, the longest overdue first."""
    sql = f"SELECT {_COLUMNS} FROM {_FROM} WHERE o.expires_at <= ? ORDER BY o.expires_at, o.seq LIMIT ?"
    return list(_items(connection, sql, at, limit))


def keep_until(connection: Any, items: Iterable[Item], until: Micros) -> None:
    """Make terms longer; a longer one stays."""
    for item in items:
        connection.execute(
            "UPDATE opening SET expires_at = ? WHERE seq = ? AND at = ? AND expires_at < ?",
            (until, item.entry, at_of(item), until),
        )


def level(connection: Any, record: str, subject: str) -> None:
    """Give every part of a record the longest term that a like part of it has."""
    longest: dict[str, Micros] = {}
    items = of_subject(connection, record, subject)
    for item in items:
        longest[item.part] = max(item.expires_at, longest.get(item.part, item.expires_at))
    for item in items:
        if item.expires_at < longest[item.part]:
            keep_until(connection, [item], longest[item.part])


def end(connection: Any, items: Sequence[Item], entry: int | None, reason: str, now: Micros) -> list[int]:
    """Destroy parts; the persons who have nothing left and lost their keys."""
    touched: dict[int, None] = {}
    execute = connection.execute
    for item in items:
        place = item.entry, at_of(item)
        known = execute("SELECT person FROM opening WHERE seq = ? AND at = ?", place).fetchone()
        if known is None:
            continue
        several = execute("SELECT person FROM opening_person WHERE seq = ? AND at = ?", place).fetchall()
        touched |= dict.fromkeys([known[0]] if known[0] is not None else [row[0] for row in several])
        execute(
            "INSERT INTO ended (seq, at, entry, reason, ended_at) VALUES (?, ?, ?, ?, ?)", (*place, entry, reason, now)
        )
        execute("DELETE FROM opening WHERE seq = ? AND at = ?", place)
        execute("DELETE FROM opening_person WHERE seq = ? AND at = ?", place)
        if RECORDS[item.record] not in WRITTEN_ABOUT or item.part != "buyer":
            execute("DELETE FROM fact_key WHERE record = ? AND subject = ?", (item.record, item.subject))
        if item.record == "Registration":
            slots.free(connection, EvidenceId(item.subject))
    bare = [person for person in touched if _nothing_left(connection, person)]
    for person in bare:
        execute("INSERT INTO erasure (person, seq, at) VALUES (?, ?, ?)", (person, entry, now))
        execute("DELETE FROM person WHERE id = ?", (person,))
    return bare


def at_of(item: Item) -> int:
    """A part's place in its entry."""
    return PARTS[HOLDING[RECORDS[item.record]].entry].index(item.part)


def _nothing_left(connection: Any, person: int) -> bool:
    sql = "SELECT 1 FROM opening WHERE person = ?1 UNION ALL SELECT 1 FROM opening_person WHERE person = ?1 LIMIT 1"
    return connection.execute(sql, (person,)).fetchone() is None


def _items(connection: Any, sql: str, *arguments: object) -> Iterator[Item]:
    for seq, at, record, subject, sealed_at, basis, ground, expires_at in connection.execute(sql, arguments).fetchall():
        part = PARTS[HOLDING[RECORDS[record]].entry][at]
        lawful = Basis(basis) if basis else Basis.NONE
        yield Item(seq, part, record, subject, Micros(sealed_at), lawful, ground, Micros(expires_at or 0))
