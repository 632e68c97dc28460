"""Whether what somebody sent can be kept and read again: no half characters, no control characters, no books.

The rules this module keeps: asked once, of every command, before anything else; the answer names the field.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mingshi.app.answer import Refused

LONGEST: Final = 20_000
"""Characters of one text: a policy's parameters have the most, about 2,000."""
_ILLEGIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def illegible(command: tuple[object, ...]) -> Refused | None:
    """The first field of a command that cannot be kept; None where all can."""
    plain = []
    for one in command:
        if isinstance(one, tuple):
            break
        if isinstance(one, str):
            plain.append(one)
    else:  # most commands: looked through at once
        whole = "".join(plain)
        if len(whole) <= LONGEST and not _ILLEGIBLE.search(whole):
            return None
    for name, text in _texts(command):
        if len(text) > LONGEST or _ILLEGIBLE.search(text):
            return Refused("bad_text", "A2", args={"field": name, "most": LONGEST})
    return None


def _texts(command: tuple[object, ...]) -> Iterator[tuple[str, str]]:
    names: Iterable[str] = getattr(command, "_fields", ())
    for name, value in zip(names, command, strict=False):
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, tuple):
            yield from ((name, one) for one in value if isinstance(one, str))
