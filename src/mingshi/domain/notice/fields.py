"""The fields of a notice, as a table (LAW §6.2): what is absent here cannot be forgotten, because it is not asked.

The rules this module keeps: a field is a name, a layer, its source, and whether it must be a list. A notice for a
purpose needs every field that applies to it; none of them may be empty in either language.
"""

from typing import Final, NamedTuple

from mingshi.domain.notice.purpose import SENSITIVE, Purpose


class Field(NamedTuple):
    """One thing that must be told."""

    name: str
    layer: int
    """1: the sign before the zone; 2: before each act."""
    source: str
    listed: bool = False
    """In list form, an item a line (NDR 21)."""
    sensitive: bool = False
    """Only where the data are sensitive (PIPL 30)."""


FIELDS: Final = (
    Field("started_by_you", 1, "FRM 13; INV-01"),
    Field("handler", 1, "PIPL 17(1)(1)"),
    Field("purpose_line", 1, "PIPL 17(1)(2)"),
    Field("zone_map", 1, "FRM 13"),
    Field("may_refuse", 1, "PIPL 16; FRM 10, 12"),
    Field("other_ways", 1, "FRM 10", listed=True),
    Field("contact", 1, "PIPL 17(1)(1)"),
    Field("handler_name", 2, "PIPL 17(1)(1)"),
    Field("handler_address", 2, "PIPL 17(1)(1)"),
    Field("handler_contact", 2, "PIPL 17(1)(1); FRM 5"),
    Field("officer", 2, "PIPL 52"),
    Field("joint_handlers", 2, "PIPL 20", listed=True),
    Field("purpose", 2, "PIPL 17(1)(2)"),
    Field("method", 2, "PIPL 17(1)(2)"),
    Field("algorithm", 2, "FRM 5; G35", sensitive=True),
    Field("storage", 2, "FRM 8"),
    Field("kinds", 2, "PIPL 17(1)(2); NDR 21", listed=True),
    Field("necessity", 2, "PIPL 30; FRM 5", sensitive=True),
    Field("effect", 2, "PIPL 30; FRM 5", sensitive=True),
    Field("retention", 2, "PIPL 17(1)(2), 19"),
    Field("at_expiry", 2, "NDR 21"),
    Field("recipients", 2, "PIPL 23; NDR 21", listed=True),
    Field("no_export", 2, "PIPL 38, 39"),
    Field("no_inference", 2, "INV-05"),
    Field("automated_ruling", 2, "PIPL 24"),
    Field("rights", 2, "PIPL 44-50", listed=True),
    Field("withdrawal", 2, "PIPL 15; FRM 6"),
    Field("earlier_stays_valid", 2, "PIPL 15(2)"),
    Field("minors", 2, "PIPL 31; FRM 7"),
    Field("alternatives", 2, "FRM 10", listed=True),
    Field("security", 2, "PIPL 51; FRM 14"),
    Field("complaint", 2, "PIPL 50, 65; NDR 20", listed=True),
)
MATERIAL: Final = ("purpose", "method", "kinds", "retention", "recipients")
"""A change in any of these would alone end every consent given before (PIPL 14; L-09)."""
RIGHTS_TOLD: Final = 8
"""See, copy, move, correct, delete, restrict, withdraw, have explained: one line each, or more."""


def needed(purpose: Purpose) -> tuple[Field, ...]:
    """The fields of a notice for this purpose, in the order in which they are read."""
    return tuple(field for field in FIELDS if not field.sensitive or purpose in SENSITIVE)
