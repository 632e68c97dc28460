"""监管、检查: what proves, read only: the log, who looked at whom and why, consents, requests, erasures (TRADE §4.10).

The rules this module keeps:

1. Nobody is named. A client stands as a token, the same for one person all over this site and nowhere else; staff by
   their number on the roster; numbers inside a reason are starred. What was erased is not here, its erasure is.
2. Nothing can be changed from here: there is no form that posts.
3. A day is read at a time, from the log's own order, so that the page costs what the day holds.
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from mingshi.app.extend_window import Recorded, extensions_on
from mingshi.app.facts import (
    ConsentAct,
    Control,
    DeletionProof,
    NoticePublished,
    PolicyPublished,
    RightsAnswer,
    RightsRequest,
    SensorRegistered,
)
from mingshi.app.ports import Transaction
from mingshi.app.publish_notice import in_force
from mingshi.domain import evidence as e
from mingshi.domain.evidence import WithdrawalKind
from mingshi.domain.ids import EvidenceId
from mingshi.domain.moment import earliest
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.roles import Permission
from mingshi.kernel.timeline import Micros
from mingshi.web.asking import Ask, Given, Page, Raw, get

SHOWN: Final = 300
SHOWN_EXTENSIONS: Final = 50
ONE_DAY: Final = 86_400_000_000
_DIGITS: Final = re.compile(r"[\d０-９]{5,}")
ACTS: Final = {
    "shown": ("出示告知", "notice shown"),
    "given": ("同意", "given"),
    "refused": ("不同意", "refused"),
    "withdrawn": ("撤回", "withdrawn"),
    "voided": ("作废", "voided"),
}
WAYS_BESIDE: Final = {
    "otp": ("短信", "by text"),
    "key": ("密钥", "key"),
    "code": ("到访码", "visit code"),
    "paper": ("纸质", "paper"),
    "nothing": ("不登记", "not at all"),
    "yes": ("同意", "yes"),
    "no": ("不同意", "no"),
}
STAGES: Final = {
    "here": ("本处已不可读", "unreadable here"),
    "everywhere": ("备份中已不可读", "unreadable in every backup"),
    "ended": ("到期清除", "swept when due"),
}


class Looked(NamedTuple):
    """One look-up."""

    at: Micros
    staff: str
    token: str
    reason: str


class Asked(NamedTuple):
    """One request of a person."""

    row: RightsRequest
    answer: RightsAnswer | None
    late: bool


class Gone(NamedTuple):
    """One erasure."""

    row: e.Withdrawal
    proofs: tuple[DeletionProof, ...]


def overview(ask: Ask) -> Given:
    """The log, and what is in force."""

    def read(transaction: Transaction) -> dict[str, object]:
        asked = _requests(transaction)
        notices = [(purpose.value, in_force(transaction, purpose, transaction.now)) for purpose in Purpose]
        return {
            "notices": [(name, row) for name, row in notices if row is not None],
            "versions": len(transaction.every(NoticePublished)),
            "policies": sorted(transaction.every(PolicyPublished), key=lambda row: row.effective_from),
            "sensors": [row for row in transaction.every(SensorRegistered) if row.removed_at is None],
            "controls": sorted(transaction.every(Control), key=lambda row: row.at, reverse=True)[:SHOWN],
            "extended": _extended(transaction),
            "open": sum(1 for one in asked if one.answer is None),
            "late": sum(1 for one in asked if one.late),
            "erasures": len(_erasures(transaction)),
        }

    values = ask.office.look(read) | {"head": ask.office.head(), "trust": ask.office.trust()}
    return Page("auditor/overview.html.j2", values)


def checkpoint(ask: Ask) -> Given:
    """The newest checkpoint, to be checked elsewhere."""
    text = ask.office.head().checkpoint
    if not text:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    return Raw(text.encode(), "text/plain", "checkpoint.txt")


def trust(ask: Ask) -> Given:
    """The rule of trust by which it is checked."""
    return Raw(ask.office.trust().encode(), "text/plain", "trust.policy")


def lookups(ask: Ask) -> Given:
    """Who looked at whom, and why."""

    def read(transaction: Transaction, since: Micros, until: Micros) -> tuple[list[Looked], dict[str, object]]:
        rows = [
            Looked(earliest(row.at), row.staff, _token(transaction, row.phone), _starred(row.reason))
            for row in transaction.since(e.Lookup, since, until)
        ]
        by_staff, by_token = Counter(row.staff for row in rows), Counter(row.token for row in rows)
        return rows, {"by_staff": by_staff.most_common(20), "often": {one for one, n in by_token.items() if n > 1}}

    return _day(ask, "auditor/lookups.html.j2", "/audit/lookups", read)


def consents(ask: Ask) -> Given:
    """What was shown, agreed to, refused and taken back."""

    def read(transaction: Transaction, since: Micros, until: Micros) -> tuple[list[ConsentAct], dict[str, object]]:
        rows = list(transaction.since(ConsentAct, since, until))
        counts = Counter((row.purpose.value, row.act.value) for row in rows)
        told = [(one.value, [(ACTS[act], counts[one.value, act]) for act in ACTS]) for one in Purpose]
        told = [(name, acts) for name, acts in told if any(n for _, n in acts)]
        return rows, {"counts": told, "acts": ACTS, "ways": WAYS_BESIDE}

    return _day(ask, "auditor/consents.html.j2", "/audit/consents", read)


def rights(ask: Ask) -> Given:
    """Requests with their deadlines, and erasures with their proofs."""

    def read(transaction: Transaction) -> tuple[list[Asked], list[Gone]]:
        return _requests(transaction), _erasures(transaction)

    asked, gone = ask.office.look(read)
    values = {
        "asked": asked[:SHOWN],
        "total": len(asked),
        "open": sum(1 for one in asked if one.answer is None),
        "late": sum(1 for one in asked if one.late),
        "gone": gone[:SHOWN],
        "erasures": len(gone),
        "stages": STAGES,
    }
    return Page("auditor/rights.html.j2", values)


def proof(ask: Ask) -> Given:
    """One stage of a deletion proof; it names nobody."""
    wanted = EvidenceId(ask.params["proof"])
    rows = ask.office.look(lambda transaction: transaction.read(DeletionProof, "id", wanted))
    if not rows:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    return Raw(rows[0].text.encode(), "application/json", f"{wanted}.json")


def _extended(transaction: Transaction) -> list[tuple[Recorded, str]]:
    """Every window that was widened, or was to be, and whose registration it is (D3)."""
    found = []
    for row in sorted(transaction.every(e.Extension), key=lambda row: earliest(row.at), reverse=True)[
        :SHOWN_EXTENSIONS
    ]:
        one = next(one for one in extensions_on(transaction, row.registration) if one.row.id == row.id)
        agency = next((one.agency for one in transaction.read(e.Registration, "id", row.registration)), "—")
        found.append((one._replace(row=row._replace(reason=_starred(row.reason))), str(agency)))
    return found


def _requests(transaction: Transaction) -> list[Asked]:
    found = []
    for row in transaction.every(RightsRequest):
        answer = next(iter(transaction.read(RightsAnswer, "request", row.id)), None)
        late = (transaction.now if answer is None else answer.at) > row.due_at
        found.append(Asked(row, answer, late))
    return sorted(found, key=lambda one: (one.answer is not None, -one.row.at))


def _erasures(transaction: Transaction) -> list[Gone]:
    rows = [row for row in transaction.every(e.Withdrawal) if row.kind is WithdrawalKind.ERASURE and not row.deal]
    found = [Gone(row, tuple(transaction.read(DeletionProof, "erasure", row.id))) for row in rows]
    return sorted(found, key=lambda one: earliest(one.row.at), reverse=True)


def _day(
    ask: Ask,
    template: str,
    path: str,
    read: Callable[[Transaction, Micros, Micros], tuple[list[Looked] | list[ConsentAct], dict[str, object]]],
) -> Given:
    zone = ask.office.zone
    today = zone.day(ask.now)
    day = _asked(ask.query.get("day", ""), today)
    since = zone.start(day)
    until = Micros(zone.end(day) + 1)
    rows, more = ask.office.look(lambda transaction: read(transaction, since, until))
    values: dict[str, object] = {
        "rows": list(reversed(rows))[:SHOWN],
        "total": len(rows),
        "day": day.isoformat(),
        "before": date.fromordinal(max(1, day.toordinal() - 1)).isoformat(),
        "after": date.fromordinal(day.toordinal() + 1).isoformat() if day < today else "",
        "path": path,
    }
    return Page(template, values | more)


def _asked(typed: str, today: date) -> date:
    try:
        return min(date.fromisoformat(typed[:10]), today) if typed >= "1990" else today
    except ValueError:
        return today


def _token(transaction: Transaction, phone: str) -> str:
    return transaction.id_key(f"looked up {phone}")[:11]


def _starred(reason: str) -> str:
    return _DIGITS.sub(lambda match: "*" * len(match.group()), reason)


WAYS = (
    get("/audit", Permission.AUDITOR_RECORD_READ, overview),
    get("/audit/checkpoint", Permission.AUDITOR_RECORD_READ, checkpoint),
    get("/audit/trust", Permission.AUDITOR_RECORD_READ, trust),
    get("/audit/lookups", Permission.AUDITOR_RECORD_READ, lookups),
    get("/audit/consents", Permission.AUDITOR_RECORD_READ, consents),
    get("/audit/rights", Permission.AUDITOR_RECORD_READ, rights),
    get("/audit/proof/{proof}", Permission.AUDITOR_RECORD_READ, proof),
)
