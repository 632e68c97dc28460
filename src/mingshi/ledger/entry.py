"""From a fact to the entry that the log keeps and the openings that the parties keep (docs/formats/entry.md).

The rules this module keeps:

1. An entry holds a kind of a closed set, the site, its number and commitments: no name, phone, agent number,
   camera or time in clear (LEDGER §1.3; LAW L-32).
2. One commitment per holder of an interest, each under its own 32-byte salt, in the fixed order of the kind.
   A part that nobody holds is an empty one under its own salt: the count of commitments tells nothing.
3. Erasing a part's salt and value makes that part unreadable for ever; the others still open, and the tree
   still verifies (INV-08).
4. Text is Unicode-normalised (NFC) before it comes here: two spellings of one name would be two facts.
"""

import unicodedata
from dataclasses import dataclass, field
from hmac import digest
from typing import Final, final

from mingshi.ledger.verify import COMMIT_PREFIX, PARTS, Entry, Json, Opening, VerifierKey, canonical

WITHOUT_HOLDER: dict[str, Json] = {}
"""The part of a holder who is not there, such as the agent of a guest who came alone."""
_LONGEST_SITE: Final = 1_000


@final
@dataclass(frozen=True, slots=True)
class Part:
    """What one party has an interest in, and the salt that hides it: 32 fresh random bytes, used once.

    `data`: its canonical bytes, which are committed to and kept; made here once, unless whoever wrote them gives them.
    Raises `ValueError` where it has none.
    """

    salt: bytes
    value: dict[str, Json]
    data: bytes = field(default=b"", repr=False, compare=False)

    def __post_init__(self) -> None:
        assert len(self.salt) == 32, "a salt is exactly 32 bytes"
        if not self.data:
            object.__setattr__(self, "data", canonical(self.value))
        assert self.data.isascii() or _normal(self.value), "text is normalised (NFC) before it is sealed"

    def commitment(self, name: str) -> bytes:
        """What the entry holds of it as the part of this name: `verify.commitment`, over the bytes that it has."""
        return digest(self.salt, COMMIT_PREFIX + name.encode() + b"\0" + self.data, "sha256")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to seal. `witness`: the claimant agency's own, whom the promise will name."""

    kind: str
    parts: tuple[Part, ...]
    witness: VerifierKey | None = None

    def entry(self, site: str, seq: int) -> Entry:
        """The entry at a place in a log. Raises `RefusedError` where the kind has other parts."""
        assert self.kind in PARTS, f"not a kind of entry: {self.kind}"
        names = PARTS[self.kind]
        if len(names) == len(self.parts) and 0 < len(site) <= _LONGEST_SITE and seq >= 0:
            # One part a name: nothing is left that a reader could refuse.
            cms = [part.commitment(name) for name, part in zip(names, self.parts, strict=True)]
            return Entry(site, seq, self.kind, tuple(cms))
        shape = Entry(site, seq, self.kind, ())
        entry = shape._replace(cms=tuple(part.commitment(shape.part(at)) for at, part in enumerate(self.parts)))
        return Entry.parse(entry.value)

    def openings(self, *positions: int) -> tuple[Opening, ...]:
        """What opens the parts at these positions; all of them where none is named."""
        return tuple(
            Opening(at, part.salt, part.value) for at, part in enumerate(self.parts) if at in positions or not positions
        )


def _normal(value: Json) -> bool:
    if isinstance(value, str):
        return value.isascii() or unicodedata.is_normalized("NFC", value)
    if isinstance(value, dict):
        return all(map(_normal, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_normal, value))
    return True
