"""延期: a window is widened by two people, before it ends and before the deal, with a reason that everybody reads (D3).

The rules this module keeps:

1. One proposes, another approves: a manager, or risk. Who proposed is shown no button and refused one.
2. What would come of it is told beforehand, by the judge; what would have no effect is not even proposed.
3. A proposal waits a week at most. What is sealed, counted or not, stands here, on the agent's page and the inspector's.
4. The reason names no number: it is about a registration, and everybody who reads it may know that.
"""

import re
from typing import Final, NamedTuple

from mingshi.app.extend_window import ExtendWindow, Foreseen, Recorded, extend_window, extensions_on, foresee
from mingshi.app.ports import Transaction
from mingshi.credentials.keeping import digest_of
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Window
from mingshi.domain.ids import EvidenceId, visible
from mingshi.domain.moment import earliest
from mingshi.domain.roles import STAFF_ROLES, Permission, may
from mingshi.kernel.canonical import Json, integer
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.answers import Said, said
from mingshi.web.asking import Ask, Given, Page, See, get, post
from mingshi.web.reviewing import signer

SHOWN: Final = 50
MOST_DAYS: Final = 90
WAITS: Final = 7 * DAY
_KIND: Final = "window-draft"
_DIGITS: Final = re.compile(r"[\d０-９*]{5,}")


class Draft(NamedTuple):
    """A proposal that waits for the second person."""

    key: str
    command: ExtendWindow
    by: str
    at: Micros
    whose: str
    foreseen: Foreseen | None


class Listed(NamedTuple):
    """An extension that was sealed."""

    one: Recorded
    whose: str
    by: tuple[str, ...]


def listed(ask: Ask) -> Given:
    """What waits, and what was extended."""
    return _page(ask)


def propose(ask: Ask) -> Given:
    """Propose one."""
    form = ask.form
    registration = EvidenceId(form.text("registration", most=60))
    window = form.choice("window", Window)
    days = form.whole("days", 1, MOST_DAYS, needed=True)
    reason = form.text("reason", most=300)
    if _DIGITS.search(reason):
        zh = "理由里不要写号码：报备编号已经说明是哪位客户。"
        form.wrong("reason", zh, "Write no number: the registration tells which client it is.")
    if not form.ok or window is None or days is None:
        return _page(ask, 422)
    command = ExtendWindow(registration, window, days, reason, ask.me.id, "")
    second = ask.office.look(lambda transaction: _second(transaction, ask.me.id))
    if not second:
        zh = "名单上没有第二位可以批准的人（案场经理或风控）。"
        form.wrong("all", zh, "Nobody else on the roster may approve it (a manager or risk).")
        return _page(ask, 422)
    found = ask.office.look(lambda transaction: foresee(transaction, command._replace(approver2=second)))
    if found is None:
        form.wrong("registration", "没有这条报备，请核对编号。", "There is no such registration; check its number.")
    elif days > found.most_days:
        zh = f"这条报备适用的规则每次最多延长 {found.most_days} 天。"
        form.wrong("days", zh, f"By the rules of this registration an extension is {found.most_days} days at most.")
    elif found.extended == found.until:
        zh = "延期不会生效：这个保护期已经届满或还没开始，客户已经认购，或已经延过。"
        en = "It would have no effect: the window is over or has not begun, the client has bought, or it was extended."
        form.wrong("window", zh, en)
    if not form.ok:
        return _page(ask, 422)
    kept: dict[str, Json] = command._replace(approver2="")._asdict() | {"at": ask.now}
    ask.office.keeping.put(_KIND, _key(command), kept, Micros(ask.now + WAITS))
    return See("/windows?done=proposed")


def answer(ask: Ask) -> Given:
    """The second person's yes, or anybody's no."""
    draft = _kept(ask).get(ask.params["draft"])
    if draft is None:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    if ask.form.one_of("answer", ("yes", "no")) == "no":
        ask.office.keeping.drop(_KIND, ask.params["draft"])
        return See("/windows?done=dropped")
    if not ask.form.ok:
        return _page(ask, 422)
    replied = ask.run(extend_window, draft._replace(approver2=ask.me.id))
    told = said(replied.answer, ask.lang, ask.office.zone)
    if told.done or getattr(replied.answer, "reason", "") == "not_extended":
        ask.office.keeping.drop(_KIND, ask.params["draft"])
    return _page(ask, 200 if told.done else 422, told)


def _key(command: ExtendWindow) -> str:
    return digest_of(f"{command.registration}/{command.window}")[:16]


def _kept(ask: Ask) -> dict[str, ExtendWindow]:
    rows = ask.office.keeping.every(_KIND, ask.now)
    return {
        key: ExtendWindow(
            EvidenceId(str(row["registration"])),
            Window(str(row["window"])),
            integer(row["days"]),
            str(row["reason"]),
            str(row["approver1"]),
            "",
        )
        for key, row in rows.items()
    }


def _second(transaction: Transaction, me: str) -> str:
    """Somebody else on the roster who may approve."""
    for row in transaction.every(e.Staff):
        role = STAFF_ROLES.get(row.role)
        if row.until is None and row.id != me and role is not None and may(role, Permission.MANAGER_WINDOW_APPROVE):
            return str(row.id)
    return ""


def _whose(ask: Ask, transaction: Transaction, registration: EvidenceId) -> str:
    for row in transaction.read(e.Registration, "id", registration):
        agent = next((one.name for one in transaction.read(e.Agent, "id", row.agent)), str(row.agent))
        whose = ask.say(f"{agent}（{row.agency}）", f"{agent} ({row.agency})")
        return f"{visible(row.phone)} · {whose}"
    return "—"


def _page(ask: Ask, status: int = 200, told: Said | None = None) -> Given:
    kept = _kept(ask)
    rows = ask.office.keeping.every(_KIND, ask.now)

    def named(transaction: Transaction, who: str) -> str:
        return signer(ask, transaction, who)

    def read(transaction: Transaction) -> tuple[list[Draft], list[Listed], int]:
        drafts = [
            Draft(
                key,
                command,
                named(transaction, command.approver1),
                Micros(integer(rows[key]["at"])),
                _whose(ask, transaction, command.registration),
                foresee(transaction, command._replace(approver2=_second(transaction, command.approver1))),
            )
            for key, command in kept.items()
        ]
        every = sorted(transaction.every(e.Extension), key=lambda row: earliest(row.at), reverse=True)
        done = []
        for row in every[:SHOWN]:
            one = next(one for one in extensions_on(transaction, row.registration) if one.row.id == row.id)
            by = tuple(named(transaction, who) for who in (row.approver1, row.approver2))
            done.append(Listed(one, _whose(ask, transaction, row.registration), by))
        return sorted(drafts, key=lambda one: one.at), done, len(every)

    drafts, done, total = ask.office.look(read)
    if ask.method == "GET" and ask.query.get("r"):
        ask.form.values |= {"registration": ask.query["r"]}
    values = {
        "drafts": drafts,
        "rows": done,
        "total": total,
        "me": ask.me.id,
        "told": told,
        "done": ask.query.get("done", "") if status == 200 else "",
        "windows": [
            (Window.REPORT.value, ask.say("报备有效期（到访之前）", "Validity of the registration (before the visit)")),
            (Window.VISIT.value, ask.say("成交保护期（到访之后）", "Deal window (after the visit)")),
        ],
    }
    return Page("manager/windows.html.j2", values, status)


WAYS = (
    get("/windows", Permission.MANAGER_WINDOW_APPROVE, listed),
    post("/windows", Permission.MANAGER_WINDOW_PROPOSE, propose),
    post("/windows/{draft}", Permission.MANAGER_WINDOW_APPROVE, answer),
)
