"""Money: whole 分 (1 yuan = 100 分), never a float (INV-10).

The rules this module keeps:

1. An amount is an `int` of 分; reading yuan with more than two decimals is refused, not rounded.
2. `share` rounds half away from zero, once, at the end of a calculation.
3. `split` gives parts that sum to the whole; what rounding leaves goes to the largest part (rule D6).
"""

import re
from collections.abc import Sequence
from typing import Final, NewType

Fen = NewType("Fen", int)
"""An amount of money in 分 (0.01 yuan). Negative: taken back."""

MILLION: Final = 1_000_000
"""Rates and shares are whole parts per million: 1.5 % is 15_000, a half is 500_000."""

_YUAN = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2})0*)?")


def fen_of_yuan(text: str) -> Fen | None:
    """分 of a decimal yuan text such as `40,000.00`; None where it is not an amount to the 分."""
    match = _YUAN.fullmatch(text)
    if match is None:
        return None
    sign, whole, decimals = match.groups(default="")
    fen = int(whole.replace(",", "")) * 100 + int(decimals.ljust(2, "0"))
    return Fen(-fen if sign == "-" else fen)


def yuan_text(amount: Fen) -> str:
    """`4000000` 分 as `40,000.00`."""
    yuan, fen = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{yuan:,}.{fen:02d}"


def share(whole: Fen, parts_per_million: int) -> Fen:
    """`whole` × rate, rounded half away from zero to the 分."""
    product = abs(whole) * parts_per_million
    rounded = (abs(product) * 2 + MILLION) // (2 * MILLION)
    return Fen(rounded if (whole >= 0) == (parts_per_million >= 0) else -rounded)


def split(whole: Fen, parts_per_million: Sequence[int]) -> list[Fen]:
    """Parts of `whole` by shares that sum to a million; the largest (first of equals) takes the rest."""
    assert sum(parts_per_million) == MILLION, "shares must sum to the whole"
    assert all(part >= 0 for part in parts_per_million), "a share is not negative"
    parts = [share(whole, part) for part in parts_per_million]
    largest = max(range(len(parts)), key=lambda index: parts_per_million[index])
    parts[largest] = Fen(parts[largest] + whole - sum(parts))
    assert sum(parts) == whole
    return parts
