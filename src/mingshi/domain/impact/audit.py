"""The self-audit of 19 items (O25, Annex 1), filled in from what the software recorded by itself (L-38).

The rules this module keeps: nineteen items, each answered *yes* with the evidence by id, *no*, or *does not apply* with
the reason; an item without evidence is never answered yes. The exact wording of the Annex was not at hand; the items
are those its summaries name, and the form says so.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple


class Result(StrEnum):
    """What an item came to."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


class Item(NamedTuple):
    """One item of the form."""

    number: int
    name: str
    """Text key `audit.<name>`."""
    source: str


class Finding(NamedTuple):
    """An item with its answer."""

    item: Item
    result: Result
    evidence: tuple[str, ...]
    reason: str = ""


_NAMES: Final = (
    ("lawful_basis", "PIPL 13"), ("notice", "PIPL 17"), ("rules_public", "NDR 21"), ("minimum", "PIPL 6"),
    ("separate_consent", "PIPL 23, 29"), ("withdrawal", "PIPL 15"), ("sensitive", "PIPL 28-30"), ("minors", "PIPL 31"),
    ("public_place_devices", "PIPL 26"), ("automated_decisions", "PIPL 24"), ("joint_and_entrusted", "PIPL 20, 21"),
    ("provided_to_others", "PIPL 23"), ("export", "PIPL 38"), ("retention", "PIPL 19, 47"), ("rights", "PIPL 44-50"),
    ("measures", "PIPL 51"), ("impact_assessment", "PIPL 55, 56"), ("incident_plan", "PIPL 57"),
    ("training_and_officer", "PIPL 51, 52"),
)  # fmt: skip
ITEMS: Final = tuple(Item(number, name, source) for number, (name, source) in enumerate(_NAMES, start=1))


def self_audit(evidence: Mapping[str, tuple[str, ...]], not_applicable: Mapping[str, str]) -> tuple[Finding, ...]:
    """The filled form. `evidence`: item → ids of what shows it; `not_applicable`: item → reason."""
    found = []
    for item in ITEMS:
        shown = evidence.get(item.name, ())
        reason = not_applicable.get(item.name, "").strip()
        result = Result.YES if shown else Result.NOT_APPLICABLE if reason else Result.NO
        found.append(Finding(item, result, shown, "" if shown else reason))
    return tuple(found)
