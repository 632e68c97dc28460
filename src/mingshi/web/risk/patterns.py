"""多单规律: what shows only over many deals, for risk and the manager: F-PAIR and others (amendment 17, TRADE §4.6).

The rules this module keeps: as `web.patterned`. There is nothing to press: a pattern decides nothing, holds no payment
and is never one of the signs of a deal.
"""

from mingshi.domain.roles import Permission
from mingshi.web.asking import Ask, Given, Page, get
from mingshi.web.patterned import found


def patterns(ask: Ask) -> Given:
    """What was found the last time somebody looked."""
    return Page("risk/patterns.html.j2", {"found": found(ask)})


WAYS = (get("/risk/patterns", Permission.RISK_PATTERN_READ, patterns),)
