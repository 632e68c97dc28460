"""Canonical JSON of values whose types already keep the rules of `canonical`.

The rules this module keeps:

1. The bytes are those of `canonical.dumps`; a property test compares the two on every ruling it makes.
2. Only typed code calls it, with ASCII keys, texts, integers within 2**53 and truths; nothing is checked again.
"""

from typing import Final

import msgspec

from mingshi.kernel.canonical import Json

_encode: Final = msgspec.json.Encoder(order="sorted").encode


def dumps_typed(value: Json) -> bytes:
    """The canonical bytes of a value built by typed code. Raises `UnicodeEncodeError` for a lone surrogate."""
    return _encode(value)
