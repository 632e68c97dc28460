"""What goes over /api/v1, as types: bodies are checked against them, and OpenAPI is made from them.

The rules this module keeps: fields are only added, and with a default; times are RFC 3339 in UTC out, with an offset in;
amounts are whole fen; there is no field for an image or a trait of a person, and none for a full number (L-23).
"""

from typing import Annotated

import msgspec

Phone = Annotated[
    str, msgspec.Meta(pattern=r"^1[3-9]\d\*{4}\d{4}$", description="前三后四 / first three and last four digits")
]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class RegistrationIn(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One client to register."""

    agent: Id
    phone: Phone
    client: Name
    expected_at: Annotated[str, msgspec.Meta(max_length=40, description="RFC 3339")] | None = None


class Told(msgspec.Struct, kw_only=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Windows(msgspec.Struct, kw_only=True):
    """Until when what holds; absent where it does not apply yet."""

    ready_at: str | None = None
    """From when the client may come without code 3."""
    report_until: str | None = None
    deal_until: str | None = None


class RegistrationOut(msgspec.Struct, kw_only=True):
    """How a registration stands."""

    registration: str
    agent: str
    at: str
    state: str
    """`registered_pending`, `registered`, `registered_open`, `registered_queued`, `registration_stands`, `admission`."""
    told: Told
    windows: Windows
    confirm_link: str
    """To be forwarded to the client, who confirms on their own phone."""
    promise: str | None = None
    """The signed promise of the log; keep it: `mingshi verify` checks it without us."""


class RulingOut(msgspec.Struct, kw_only=True):
    """A ruling as it is told to the agency of one registration."""

    deal: str
    registration: str
    agent: str
    status: str
    sha256: str
    outcome: str
    """`yours`, `not_yours`, `split`, `review`, `erased`."""
    share_percent: int
    code: str
    objections_until: str
    told_zh: list[str]
    told_en: list[str]


class RulingsOut(msgspec.Struct, kw_only=True):
    """Rulings in which a registration of the agency was heard."""

    rulings: list[RulingOut]


class LineOut(msgspec.Struct, kw_only=True):
    """One posting of a settlement."""

    settlement: str
    at: str
    deal: str
    payer: str
    payee: str
    component: str
    amount_fen: int


class StatementOut(msgspec.Struct, kw_only=True):
    """Everything posted to or by the agency so far; what was taken back is negative."""

    agency: str
    lines: list[LineOut]
    total_fen: int


class Problem(msgspec.Struct, kw_only=True):
    """RFC 9457. `code` is stable; `rule` names the rule or article a refusal rests on."""

    type: str
    title: str
    status: int
    code: str
    detail_zh: str
    detail_en: str
    rule: str | None = None
    registration: str | None = None
    at: str | None = None
    """Which field, of a body that is not in form."""
