"""Persons, their keys, and what is kept under them (INV-08).

The rules this module keeps:

1. Whoever a fact tells of has a key of their own; what tells of several is under all their keys together.
2. A person is known here by a keyed token only; the number itself stands in ciphertexts.
3. Without its key a part is gone: it is neither returned nor guessed, and the fact it belongs to is not evidence.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple, final

from mingshi.kernel.timeline import Micros
from mingshi.store.keyring import KEY_VERSION, Keyring, open_field, opening_place, seal_field

MAX_CACHED: Final = 20_000
_AGENT: Final = "agent:"
_LAST: Final = "SELECT max(coalesce((SELECT max(id) FROM person), 0), coalesce((SELECT max(person) FROM erasure), 0))"
"""The last number that was ever given: an erased person's is nobody else's."""


class Held(NamedTuple):
    """By what right a part is held, and until when; empty where it tells of nobody."""

    basis: str = ""
    ground: str = ""
    expires_at: Micros | None = None


class Kept(NamedTuple):
    """A part of an entry: its place, whose it is, salt and value, and by what right it is held."""

    at: int
    names: Sequence[str]
    plain: bytes
    until: Held


@final
class Known:
    """What one connection keeps of persons from a transaction to the next; whoever is forgotten is not in it.

    `deks`: unwrapped keys by number. `agents`: numbers by the names of agents, which every check-in asks for; names and
    tokens of clients are never kept. `last`: the last number given, where it was asked for.
    """

    def __init__(self) -> None:
        self.deks: dict[int, bytes] = {}
        self.agents: dict[str, int] = {}
        self.last: int | None = None

    def forget(self, persons: Iterable[int]) -> None:
        """Let go of them."""
        going = set(persons)
        for person in going:
            self.deks.pop(person, None)
        self.agents = {name: person for name, person in self.agents.items() if person not in going}


@final
class Vault:
    """Keys over one connection, in one transaction. `known`: kept for the next."""

    def __init__(self, connection: Any, ring: Keyring, random_bytes: Callable[[int], bytes], known: Known) -> None:
        self._connection = connection
        self._ring = ring
        self._random = random_bytes
        self._known = known
        self._made: list[int] = []
        """Persons made in this transaction."""
        self._asked: dict[str, tuple[bytes, int | None]] = {}
        """Tokens and numbers of whom it asked for: a use case asks for the same few again and again."""

    def person(self, name: str) -> int | None:
        """The person of a name (`contact:160…`); None where there is none."""
        return self._found(name)[1]

    def person_made(self, name: str) -> int:
        """The person of a name, made with a fresh key where there is none."""
        known = self._known
        number = known.agents.get(name)
        if number is None:
            token, number = self._found(name)
            if number is None:
                number = self._make(token)
                self._asked[name] = token, number
            if name.startswith(_AGENT):
                if len(known.agents) >= MAX_CACHED:
                    known.agents.clear()
                known.agents[name] = number
        return number

    def _found(self, name: str) -> tuple[bytes, int | None]:
        found = self._asked.get(name)
        if found is None:
            token = self._ring.blind(f"person/{name}")
            row = self._connection.execute("SELECT id FROM person WHERE token = ?", (token,)).fetchone()
            self._asked[name] = found = token, None if row is None else int(row[0])
        return found

    def _make(self, token: bytes) -> int:
        known, execute = self._known, self._connection.execute
        if known.last is None:
            (known.last,) = execute(_LAST).fetchone()
        number, dek = known.last + 1, self._random(32)
        row = (number, token, number, self._ring.wrap(number, dek, self._random), KEY_VERSION)
        execute("INSERT INTO person (id, token, unit, wrapped, version) VALUES (?, ?, ?, ?, ?)", row)
        known.last, known.deks[number] = number, dek
        self._made.append(number)
        return number

    def keep(self, entry: int, parts: Sequence[Kept]) -> None:
        """Keep parts of an entry, each under the keys of its persons."""
        openings, joint = [], []
        for at, names, plain, until in parts:
            persons = sorted({self.person_made(name) for name in names})
            deks = [self._dek(person) for person in persons]
            cipher = seal_field([dek for dek in deks if dek], opening_place(entry, at), plain, self._random)
            alone = persons[0] if len(persons) == 1 else None
            openings.append((entry, at, alone, cipher, *until))
            if alone is None:
                joint += [(person, entry, at) for person in persons]
        write = self._connection.executemany
        write(
            "INSERT INTO opening (seq, at, person, cipher, basis, ground, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            openings,
        )
        if joint:
            write("INSERT INTO opening_person (person, seq, at) VALUES (?, ?, ?)", joint)

    def open(self, entry: int, at: int, person: int | None, cipher: bytes) -> bytes | None:
        """A part; None where a key to it is gone. Raises `InvalidTag` where it was moved or changed."""
        persons = [person] if person is not None else self._several(entry, at)
        deks = [dek for dek in map(self._dek, persons) if dek is not None]
        if len(deks) < len(persons) or not deks:
            return None
        return open_field(deks, opening_place(entry, at), cipher)

    def forget(self, persons: Iterable[int]) -> None:
        """Let go of what is known of them."""
        self._known.forget(persons)
        self._asked.clear()

    def undone(self) -> None:
        """The transaction is undone: nobody was made in it, and the next number is asked for again."""
        self._known.forget(self._made)
        self._known.last = None

    def _several(self, entry: int, at: int) -> list[int]:
        rows = self._connection.execute(
            "SELECT person FROM opening_person WHERE seq = ? AND at = ? ORDER BY person", (entry, at)
        )
        return [row[0] for row in rows.fetchall()]

    def _dek(self, person: int) -> bytes | None:
        deks = self._known.deks
        dek = deks.get(person)
        if dek is None:
            row = self._connection.execute("SELECT wrapped FROM person WHERE id = ?", (person,)).fetchone()
            if row is None or not row[0]:
                return None
            dek = self._ring.unwrap(person, row[0])
            if len(deks) >= MAX_CACHED:
                deks.clear()
            deks[person] = dek
        return dek
