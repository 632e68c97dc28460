"""The filing pack (备案材料) for a provincial authority: what must be in it (FRM 15; FRM-N; LAW §6.4)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Occasion(StrEnum):
    """Why a pack is made; each has its own 30 working days."""

    FIRST = "first"
    CHANGE = "change"
    CANCEL = "cancel"


_BASE: Final = (
    "handler_form",
    "technology_form",
    "credit_code_scan",
    "legal_representative_id",
    "agent_authorisation",
    "commitment",
)
PARTS: Final[Mapping[Occasion, tuple[str, ...]]] = {
    Occasion.FIRST: (*_BASE, "impact_assessment"),
    Occasion.CHANGE: (*_BASE, "impact_assessment", "what_changed"),
    Occasion.CANCEL: (*_BASE, "deletion_proofs"),
}
OWN: Final = frozenset({"handler_form", "technology_form", "impact_assessment", "what_changed", "deletion_proofs"})
"""What the software fills in; the rest are the handler's own papers and are only asked for, never kept here."""


def lacking(occasion: Occasion, have: frozenset[str]) -> tuple[str, ...]:
    """What is still missing of a pack."""
    return tuple(part for part in PARTS[occasion] if part not in have)
