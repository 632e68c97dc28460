"""The texts of the two QR codes of a receipt (docs/formats/receipt.md §6).

The rules this module keeps:

1. The short reference is 66 bytes: which log, leaf hash, index, size. It proves nothing; it names the
   receipt, so that file and paper can be matched. As text it fits QR version 6.
2. The full text is the whole receipt, compressed; reading it gives back the receipt's bytes exactly.
3. Both are written in base45 (RFC 9285), which every scanner passes on unharmed, behind a version: a reader
   of another version refuses instead of guessing.
"""

import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, final

from mingshi.ledger.verify import MAX_FILE, Proof, RefusedError, b64, parse_canonical

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
SHORT_PREFIX: Final = "MS1:"
FULL_PREFIX: Final = "MS2:"


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """Which receipt: first 16 bytes of SHA-256 of the origin, leaf hash, index, tree size."""

    log: bytes
    leaf: bytes
    index: int
    size: int

    def __str__(self) -> str:
        numbers = self.index.to_bytes(8, "big") + self.size.to_bytes(8, "big")
        return SHORT_PREFIX + base45(b"\0\1" + self.log + self.leaf + numbers)

    @classmethod
    def to(cls, origin: str, leaf: bytes, index: int, size: int) -> "Reference":
        """To an entry of the log `origin`."""
        return cls(sha256(origin.encode()).digest()[:16], leaf, index, size)

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Of the QR code's text. Raises `ValueError`."""
        data = unbase45(text.removeprefix(SHORT_PREFIX))
        if not text.startswith(SHORT_PREFIX) or len(data) != 66 or data[:2] != b"\0\1":
            raise ValueError("不是存证回执的短码 / not the short code of a receipt")
        return cls(data[2:18], data[18:50], int.from_bytes(data[50:58]), int.from_bytes(data[58:66]))


def full_text(receipt: str) -> str:
    """The whole receipt as the text of one QR code.

    The extra line is written as its JSON instead of as base64 of it, which compresses better; canonical JSON
    has no newline, so the lines stay lines.
    """
    proof = Proof.parse(receipt)
    bare = receipt.replace(f"extra {b64(proof.extra)}\n", f"extra {proof.extra.decode()}\n", 1)
    packer = zlib.compressobj(9, wbits=-15)
    return FULL_PREFIX + base45(packer.compress(bare.encode()) + packer.flush())


def receipt_of(text: str) -> str:
    """The receipt from the full code's text. Raises `ValueError`."""
    if not text.startswith(FULL_PREFIX):
        raise ValueError("不是存证回执的全码 / not the full code of a receipt")
    unpacker = zlib.decompressobj(wbits=-15)
    try:
        bare = unpacker.decompress(unbase45(text.removeprefix(FULL_PREFIX)), MAX_FILE)
        if unpacker.unconsumed_tail or unpacker.unused_data or not unpacker.eof:
            raise ValueError("不是一份完整的回执 / not one whole receipt")
        head, _, rest = bare.decode().partition("\n")
        extra, _, rest = rest.partition("\n")
        data = extra.removeprefix("extra ").encode()
        parse_canonical(data)
        receipt = f"{head}\nextra {b64(data)}\n{rest}"
        Proof.parse(receipt)
    except (zlib.error, RefusedError) as error:
        raise ValueError(f"全码读坏了，请重扫 / the code was misread, scan again: {error}") from error
    return receipt


def base45(data: bytes) -> str:
    """RFC 9285: two bytes as three characters of the QR alphanumeric set, the lowest digit first."""
    out = []
    for at in range(0, len(data), 2):
        number = int.from_bytes(data[at : at + 2])
        for _ in range(3 if len(data) - at > 1 else 2):
            number, digit = divmod(number, 45)
            out.append(_DIGITS[digit])
    return "".join(out)


def unbase45(text: str) -> bytes:
    """The bytes of base45. Raises `ValueError`."""
    out = bytearray()
    for at in range(0, len(text), 3):
        piece = text[at : at + 3]
        digits = [_DIGITS.find(character) for character in piece]
        number = sum(digit * 45**place for place, digit in enumerate(digits))
        width = len(piece) - 1
        if min(digits) < 0 or width == 0 or number >= 1 << (8 * width):
            raise ValueError(f"不是 base45，第 {at} 字 / not base45 at character {at}: {piece!r}")
        out += number.to_bytes(width, "big")
    return bytes(out)
