"""Random bytes drawn together: each is given once."""

import os

from office import Office

from mingshi.app.answer import Done
from mingshi.store.drawn import Drawn


def counted(drawn: list[int]):
    """A source whose bytes tell their place, and how many were asked for."""
    given = iter(range(1 << 20))

    def source(count: int) -> bytes:
        drawn.append(count)
        return b"".join(next(given).to_bytes(4) for _ in range(count // 4))

    return source


def test_no_byte_is_given_twice() -> None:
    drawn: list[int] = []
    give = Drawn(counted(drawn))
    words = []
    for count in (32, 12, 200, 12, 400, 32, 0, 256, 4):
        given = give(count)
        assert len(given) == count
        words += [given[at : at + 4] for at in range(0, count, 4)]
    assert len(set(words)) == len(words)
    assert max(drawn) == 400


def test_what_is_left_is_for_no_other_transaction(quick_path) -> None:
    calls: list[bytes] = []

    def source(count: int) -> bytes:
        calls.append(os.urandom(count))
        return calls[-1]

    office = Office(quick_path)
    office.store._random = source
    names = []

    def names_one(transaction, _):
        names.append(transaction.new_id("X"))
        return Done("named")

    for _ in range(3):
        office.store.run(names_one, None, now=office.now)
    assert len(set(names)) == len(calls) == 3
    office.close()
