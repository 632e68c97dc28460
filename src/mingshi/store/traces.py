"""The very bytes that an erasure must destroy, taken down before it, so that it can be shown that they are gone.

The rules this module keeps: they are kept in memory for the moment of the proof and written nowhere; a person's key is
among them in the form in which the file holds it.
"""

from collections.abc import Sequence
from typing import Any, Final

from mingshi.app.holders import BLIND, RECORDS
from mingshi.domain.ids import Contact
from mingshi.store.holdings import Holdings

_KEYED: Final = frozenset({*BLIND, "shows"})
"""Index fields whose values are tokens; the others are plain ids that name nobody."""


def traces_of(
    connection: Any, holdings: Holdings, contacts: Sequence[Contact], records: Sequence[tuple[str, str]]
) -> list[tuple[str, bytes]]:
    """What stands in the file about these numbers: ciphertexts, wrapped keys, tokens. `records`: theirs."""
    found: dict[bytes, str] = dict.fromkeys(_index_tokens(connection, records), "index")
    execute = connection.execute
    for person in holdings.persons(contacts):
        for token, wrapped in execute("SELECT token, wrapped FROM person WHERE id = ?", (person,)).fetchall():
            found |= {token: "token", wrapped: "key"}
        for (cipher,) in execute("SELECT cipher FROM opening WHERE person = ?", (person,)).fetchall():
            found[cipher] = "opening"
        for (cipher,) in execute(
            "SELECT o.cipher FROM opening AS o JOIN opening_person AS p USING (seq, at) WHERE p.person = ?", (person,)
        ).fetchall():
            found[cipher] = "opening"
    return [(what, value) for value, what in found.items()]


def _index_tokens(connection: Any, records: Sequence[tuple[str, str]]) -> list[bytes]:
    """Tokens by which these records are found, but for those that lead to somebody else's records as well."""
    going, tokens = set(records), set()
    for record in going:
        rows = connection.execute("SELECT field, token FROM fact_key WHERE record = ? AND subject = ?", record)
        tokens |= {token for field, token in rows.fetchall() if field in _KEYED}
    return sorted(token for token in tokens if _led_to_by(connection, token) <= going)


def _led_to_by(connection: Any, token: bytes) -> set[tuple[str, str]]:
    """The records that a token leads to. Asked kind by kind, as the index is laid out."""
    found = set()
    for kind in RECORDS:
        for field in _KEYED:
            rows = connection.execute(
                "SELECT subject FROM fact_key WHERE record = ? AND field = ? AND token = ?", (kind, field, token)
            ).fetchall()
            found |= {(kind, subject) for (subject,) in rows}
    return found
