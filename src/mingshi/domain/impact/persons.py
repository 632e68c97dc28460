"""How many people: the lines of 100,000 and what they ask for (FRM 15; O25; PIPL 52).

The rules this module keeps:

1. Live face passes are counted as if their templates were stored, the strict reading (LAW decision 1).
2. At 80 % the site is warned; at 100 % no further pass is issued unless the site has filed. The 30 working days run
   from the day the line was reached, on the PRC calendar.
3. A handler of fewer than 100,000 people of any kind may use the simple forms.
"""

from enum import StrEnum
from typing import Final

LINE: Final = 100_000
WARN_AT: Final = LINE * 8 // 10
FILING_WORKDAYS: Final = 30


class Filing(StrEnum):
    """What the number of live passes asks for."""

    BELOW = "below"
    NEAR = "near"
    """80 % and more: prepare the pack."""
    DUE = "due"
    """Reached: file within 30 working days; no further pass until filed."""
    FILED = "filed"


def filing(live_passes: int, *, filed: bool) -> Filing:
    """What a count asks for."""
    if live_passes >= LINE:
        return Filing.FILED if filed else Filing.DUE
    return Filing.NEAR if live_passes >= WARN_AT else Filing.BELOW


def may_issue(live_passes: int, *, filed: bool) -> bool:
    """Whether one more pass may be issued."""
    return filed or live_passes + 1 < LINE


def small_handler(persons: int) -> bool:
    """Whether the simple forms may be used (O25)."""
    return persons < LINE
