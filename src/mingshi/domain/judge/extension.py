"""D3 延期: which widenings of a window count."""

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Window
from mingshi.domain.judge.claim import Draft
from mingshi.domain.judge.hearing import Hearing, node_time
from mingshi.domain.moment import earliest, latest
from mingshi.kernel.timeline import Micros


def extensions_of(draft: Draft, hearing: Hearing, window: Window) -> list[e.Extension]:
    """Every recorded extension of a window of this registration, valid or not."""
    mine = draft.registration.id
    return [row for row in hearing.dossier.extensions if row.registration == mine and row.window is window]


def valid_extensions(draft: Draft, hearing: Hearing, window: Window, end: Micros) -> list[e.Extension]:
    """Those that count, at most `extension_times`.

    Two people, a reason, in range, said and sealed before the window ended and before the deal: a window
    widened afterwards to fit one side is refused and stays visible (golden case 19).
    """
    if not hearing.dossier.extensions:
        return []
    node = node_time(hearing.dossier.deal, draft.policy)
    valid = []
    for row in extensions_of(draft, hearing, window):
        said = max(latest(row.at), row.sealed_at or 0)
        two = bool(row.approver1) and bool(row.approver2) and row.approver1 != row.approver2
        in_range = 0 < row.days <= draft.policy.extension_days
        in_time = said <= end and (node is None or said < earliest(node))
        if two and in_range and row.reason and in_time:
            valid.append(row)
    return valid[: draft.policy.extension_times]
