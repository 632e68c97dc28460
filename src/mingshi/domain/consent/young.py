"""The young: who may agree to what at which age (L-11; PIPL 31; FRM 7; NDR 22(3)).

The rules this module keeps:

1. Age comes from the person's own word or their card at the desk, never from a face; only the band is kept.
2. Under 14 nobody agrees for themselves: a guardian does, and only where the site has rules for children. Sensitive
   data of the under-14s are not taken at all; of the 14- to 17-year-olds neither (own choice).
3. A birthday counts from the day after it, the reading that protects longer.
"""

from datetime import date
from enum import StrEnum
from typing import Final

from mingshi.domain.notice.purpose import SENSITIVE, Purpose

ADULT: Final = 18
CHILD: Final = 14


class Age(StrEnum):
    """A band, as declared or as the desk saw it on a card."""

    UNSAID = "unsaid"
    UNDER_14 = "under_14"
    FROM_14 = "14_to_17"
    FROM_18 = "18_or_more"


def band(born: date, on: date) -> Age:
    """The band of somebody born on a day. Raises `ValueError` for a birth after `on`."""
    if born > on:
        raise ValueError("born later")
    if _reached(born, ADULT, on):
        return Age.FROM_18
    return Age.FROM_14 if _reached(born, CHILD, on) else Age.UNDER_14


def may_consent(purpose: Purpose, age: Age, *, guardian: bool = False, child_rules: bool = False) -> bool:
    """Whether somebody of this age may agree to this purpose."""
    if age is Age.FROM_18:
        return True
    if purpose in SENSITIVE:
        return False
    if age is Age.UNDER_14:
        return guardian and child_rules
    return True


def _reached(born: date, years: int, on: date) -> bool:
    """Whether the birthday lies before the day. Who was born on 29 February has it on 1 March."""
    year = born.year + years
    try:
        birthday = born.replace(year=year)
    except ValueError:
        birthday = date(year, 3, 1)
    return on > birthday
