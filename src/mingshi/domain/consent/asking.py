"""When a person may be asked (L-08; NDR 22(5); G41): after a no there is silence.

The rules this module keeps: after a refusal the site does not ask for that purpose again for 48 hours, nor in the same
visit; the person may open the question themselves at any time.
"""

from typing import Final

from mingshi.kernel.timeline import HOUR, Micros

SILENCE: Final = 48 * HOUR


def may_ask(silent_until: Micros | None, now: Micros, *, by_visitor: bool) -> bool:
    """Whether the question may be put. `silent_until`: None where there was no refusal."""
    return by_visitor or silent_until is None or now >= silent_until
