"""The same season without one kind of evidence, judged again: what each kind is worth.

The rules this module keeps:

1. Only records are taken away; the people did the same, and everything else they left is still there.
2. What a kind is worth is what the figures lose without it, in this world. It is a statement about the rates as much
   as about the evidence, and is never shown without saying so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Means, Stage
from mingshi.domain.ids import PassId
from mingshi.season.desk import Row

Rows = Mapping[type[Row], Sequence[Row]]
_PASSES: Final = frozenset({Means.FACE_PASS, Means.DEVICE_KEY, Means.PASSKEY})
_OWN: Final = _PASSES | {Means.OTP, Means.QR}


def without(rows: Rows, *kinds: type[Row]) -> dict[type[Row], Sequence[Row]]:
    """Without whole sheets."""
    return {kind: kept for kind, kept in rows.items() if kind not in kinds}


def _no_passes(rows: Rows) -> dict[type[Row], Sequence[Row]]:
    """Nobody has a pass: check-ins by pass were made by code."""
    by_code = []
    for row in rows.get(e.Arrival, ()):
        assert isinstance(row, e.Arrival)
        by_code.append(row._replace(means=Means.OTP, pass_id=PassId("")) if row.means in _PASSES else row)
    return {**without(rows, e.Pass), e.Arrival: by_code}


def _no_own_check_in(rows: Rows) -> dict[type[Row], Sequence[Row]]:
    """Staff enter every visit; nobody checks in by an act of their own."""
    at_desk = []
    for row in rows.get(e.Arrival, ()):
        assert isinstance(row, e.Arrival)
        entry = row._replace(means=Means.RECEPTION, pass_id=PassId(""), door_code=None, token=None, token_at=None)
        at_desk.append(entry._replace(confirmed_at=None, confirmed_by=None) if row.means in _OWN else row)
    return {**without(rows, e.Pass), e.Arrival: at_desk}


def _no_identity(rows: Rows) -> dict[type[Row], Sequence[Row]]:
    """Nobody shows an identity card before signing."""
    kept = [row for row in rows.get(e.Identity, ()) if isinstance(row, e.Identity) and row.stage is Stage.SIGNING]
    return {**rows, e.Identity: kept}


def _no_statements(rows: Rows) -> dict[type[Row], Sequence[Row]]:
    """Nobody is asked who brought them, nor whether they had been here."""
    silent = []
    for row in rows.get(e.Confirmation, ()):
        assert isinstance(row, e.Confirmation)
        silent.append(row._replace(been_before=None))
    return {**without(rows, e.Statement), e.Confirmation: silent}


def _statements_at_signing_only(rows: Rows) -> dict[type[Row], Sequence[Row]]:
    """The question is asked once, at signing."""
    late = [row for row in rows.get(e.Statement, ()) if isinstance(row, e.Statement) and row.stage is Stage.SIGNING]
    return {**_no_statements(rows), e.Statement: late}


ABLATIONS: Final[Mapping[str, Callable[[Rows], dict[type[Row], Sequence[Row]]]]] = {
    "receipts": lambda rows: without(rows, e.Receipt),
    "statements": _no_statements,
    "early statements": _statements_at_signing_only,
    "look-up log": lambda rows: without(rows, e.Lookup),
    "edit log": lambda rows: without(rows, e.Edit),
    "passes": _no_passes,
    "identity before signing": _no_identity,
    "calls and leads": lambda rows: without(rows, e.Call, e.Lead),
    "escort forms": lambda rows: without(rows, e.Escort),
    "relations": lambda rows: without(rows, e.Relation),
    "own check-in": _no_own_check_in,
}
"""Each takes one kind away."""
