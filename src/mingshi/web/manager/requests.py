"""个人信息主体请求: what persons asked from their own pages, answered in time and in writing (PIPL 50; LAW §6.8).

The rules this module keeps:

1. The next to be due stands first; what is late says so. A number is masked, as everywhere staff look.
2. A correction that is granted is sealed beside the old word, by whom, and with the request it answers (G5).
3. A refusal is one of the closed set that the right allows (`domain.rights`); any other is refused.
"""

from typing import Final, NamedTuple

from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.correct_person import said_beside
from mingshi.app.correct_record import CorrectRecord, correct_record
from mingshi.app.facts import RequestSaid, RightsAnswer, RightsRequest
from mingshi.app.ports import Transaction
from mingshi.domain.evidence import EditField
from mingshi.domain.ids import Contact, EvidenceId, StaffId, visible
from mingshi.domain.rights.right import ALLOWED, Ground, Right
from mingshi.domain.roles import Permission
from mingshi.present.answers import said
from mingshi.present.texts import Lang, text
from mingshi.web.asking import Ask, Given, Page, See, get, post

SHOWN: Final = 100
ASKED: Final = (Right.CORRECT, Right.OBJECT, Right.EXPLAIN)
"""Erasure, copies and restriction a person does alone, at once."""
FIELDS: Final = (EditField.NAME, EditField.SOURCE, EditField.OTHER)


class Open(NamedTuple):
    """A request that waits for an answer."""

    row: RightsRequest
    phone: str
    said: str
    more: tuple[str, ...]
    """What the person wrote beside it while it waits."""
    late: bool
    grounds: tuple[tuple[str, str], ...]


def listed(ask: Ask) -> Given:
    """What waits, by deadline."""
    return _page(ask)


def answer(ask: Ask) -> Given:
    """Answer one; what is corrected is sealed first."""
    form, wanted = ask.form, EvidenceId(ask.params["request"])
    result = form.one_of("result", ("done", "refused"))
    ground = form.choice("ground", Ground, needed=result == "refused")
    field = form.choice("field", EditField, needed=False)
    new = form.text("new", most=100, needed=field is not None)
    if new and field is None:
        form.wrong("field", "请选择更正的是哪一项。", "Please choose what is corrected.")
    phone = ask.office.look(lambda transaction: _whose(transaction, wanted))
    if not phone:
        return Page("error.html.j2", {"kind": "missing", "number": ""}, 404)
    if result == "done":
        ground = None
    if form.ok and result == "done" and field is not None:
        staff = StaffId(ask.me.id)
        edited = ask.run(correct_record, CorrectRecord(staff, phone, field, target=wanted, new=new), part="edit")
        if not edited.answer:
            form.wrong("field", *(said(edited.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN)))
    if not form.ok:
        return _page(ask, 422)
    replied = ask.run(answer_right, AnswerRight(wanted, result, ask.me.id, ground))
    if replied.answer:
        return See("/requests?done=1")
    form.wrong("all", *(said(replied.answer, lang, ask.office.zone).text for lang in (Lang.ZH, Lang.EN)))
    return _page(ask, 422)


def _whose(transaction: Transaction, wanted: EvidenceId) -> Contact:
    rows = transaction.read(RequestSaid, "id", wanted)
    return rows[0].phones[0] if rows and rows[0].phones else Contact("")


def _page(ask: Ask, status: int = 200) -> Given:
    def read(transaction: Transaction) -> list[Open]:
        found = []
        for row in transaction.every(RightsRequest):
            if row.right not in ASKED or transaction.read(RightsAnswer, "request", row.id):
                continue
            words = next(iter(transaction.read(RequestSaid, "id", row.id)), None)
            grounds = tuple(
                (one.value, text("ground", one.value, ask.lang)) for one in Ground if one in ALLOWED[row.right]
            )
            shown = visible(words.phones[0]) if words and words.phones else "—"
            more = said_beside(transaction, row, words.phones[0]) if words and words.phones else ()
            found.append(Open(row, shown, words.said if words else "", more, row.due_at < transaction.now, grounds))
        return sorted(found, key=lambda one: one.row.due_at)

    rows = ask.office.look(read)
    values = {
        "rows": rows[:SHOWN],
        "total": len(rows),
        "fields": [(one.value, text("changed", one.value, ask.lang)) for one in FIELDS],
        "done": bool(ask.query.get("done")) and status == 200,
        "wanted": ask.params.get("request", ""),
    }
    return Page("manager/requests.html.j2", values, status)


WAYS = (
    get("/requests", Permission.MANAGER_REQUEST_ANSWER, listed),
    post("/requests/{request}", Permission.MANAGER_REQUEST_ANSWER, answer),
)
