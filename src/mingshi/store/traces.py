"""The very bytes that an erasure must destroy, taken down before it, so that it can be shown that they are gone.

The rules this module keeps: they are kept in memory for the moment of the proof and written nowhere; a person's key is
among them in the form in which the file holds it.
"""

from collections.abc import Sequence
from typing import Any

from mingshi.domain.ids import Contact
from mingshi.store.holdings import Holdings


def traces_of(connection: Any, holdings: Holdings, contacts: Sequence[Contact]) -> list[tuple[str, bytes]]:
    """What stands in the file about these numbers: ciphertexts, wrapped keys, tokens."""
    found: dict[bytes, str] = {}
    execute = connection.execute
    for person in holdings.persons(contacts):
        for (token,) in execute("SELECT token FROM person WHERE id = ?", (person,)).fetchall():
            found[token] = "token"
        for (wrapped,) in execute("SELECT wrapped FROM person_key WHERE person = ?", (person,)).fetchall():
            found[wrapped] = "key"
        for (cipher,) in execute("SELECT cipher FROM opening WHERE person = ?", (person,)).fetchall():
            found[cipher] = "opening"
        for (cipher,) in execute(
            "SELECT o.cipher FROM opening AS o JOIN opening_person AS p USING (seq, at) WHERE p.person = ?", (person,)
        ).fetchall():
            found[cipher] = "opening"
    return [(what, value) for value, what in found.items()]
