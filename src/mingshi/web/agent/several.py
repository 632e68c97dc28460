"""批量报备: several clients at once, pasted from WeChat or in a file, each with an answer of its own (TRADE §4.3).

The rules this module keeps:

1. Each row is a registration of its own with its own answer; one that is wrong keeps no other from being taken.
2. Sent again, a file registers nobody twice, nor does one that was mended and sent again: for a week a row is known by
   what it says, whatever file it stands in. What was refused before anything was sealed is tried anew.
3. Where only masked numbers are taken, the middle of a full one is let go of here: it reaches no use case and no log. A
   file stands in memory while it is read, and nowhere after.
"""

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from mingshi.app.answer import Done
from mingshi.app.ports import Transaction
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.domain import evidence as e
from mingshi.domain.ids import AgencyId, AgentId, Contact, EvidenceId, visible
from mingshi.domain.roles import Permission
from mingshi.kernel.canonical import dumps
from mingshi.kernel.timeline import HOUR, Micros
from mingshi.present.answers import Said, said
from mingshi.web.agent.block import LABELS, Entry, civil, entries_of
from mingshi.web.asking import Ask, Given, Page, Raw, get, post, upload
from mingshi.web.forms import Form
from mingshi.web.ports import NotRead

MOST_PASTED: Final = 50
MOST_ROWS: Final = 200
MOST_BYTES: Final = 512 * 1024
FILES_AN_HOUR: Final = 30
NAMES: Final = LABELS | {
    "project": "project", "client": "client", "client name": "client", "name": "client", "phone": "phone",
    "mobile": "phone", "number": "phone", "expected": "expected", "expected visit": "expected", "客户称呼": "client",
    "报备客户": "client", "客户手机号": "phone", "预约到访": "expected", "预约到访时间": "expected",
}  # fmt: skip
"""What the header of a file may call each column."""
SAMPLE: Final = "\ufeff客户,电话,预计到访\r\n王测试,160****1234,2026-03-01 14:00\r\n李测试,160****5678,\r\n"


class Answered(NamedTuple):
    """What became of one row."""

    where: str
    """The row's number in a file; empty for a pasted block."""
    client: str
    phone: str
    said: Said
    state: str
    """`done`, `again` (taken before, nothing was done now), `wrong`."""
    registration: EvidenceId = EvidenceId("")


def register_text(ask: Ask) -> Given:
    """Register what was pasted from WeChat."""
    entries = entries_of(ask.form.text("block", most=20_000))
    if ask.form.ok and not entries:
        ask.form.wrong(
            "block",
            "没有认出客户。每位客户写“客户：”“电话：”两行。",
            "No client was recognised: write a line 客户： and a line 电话： for each.",
        )
    if len(entries) > MOST_PASTED:
        ask.form.wrong("block", f"一次最多 {MOST_PASTED} 位。", f"At most {MOST_PASTED} at once.")
    if not ask.form.ok:
        return Page("agent/register.html.j2", {}, 422)
    return _told(_each(ask, [("", entry) for entry in entries]), ())


def register_file(ask: Ask) -> Given:
    """Register what stands in a file."""
    form, file = ask.form, ask.file
    if file is None or not file.body:
        form.wrong("table", "请选择一个文件。", "Please choose a file.")
    elif len(file.body) > MOST_BYTES:
        form.wrong("table", f"文件最大 {MOST_BYTES // 1024} KB。", f"A file has at most {MOST_BYTES // 1024} kB.")
    elif ask.office.keeping.count("upload", ask.me.id, HOUR, ask.now) > FILES_AN_HOUR:
        form.wrong("table", "一小时内上传太多次，请稍后再传。", "Too many files within an hour; send it later.")
    if not form.ok or file is None:
        return Page("agent/register.html.j2", {}, 422)
    read = ask.office.tables.read(file.name, file.body, NAMES, MOST_ROWS)
    if isinstance(read, NotRead):
        form.wrong("table", " ".join(zh for zh, _ in read.why), " ".join(en for _, en in read.why))
        return Page("agent/register.html.j2", {}, 422)
    entries = [(str(row.number), Entry(**row.cells)) for row in read.rows]
    if not entries:
        form.wrong(
            "table", "表头下面没有客户，什么也没有报备。", "There is no client below the header; nothing was done."
        )
        return Page("agent/register.html.j2", {}, 422)
    return _told(_each(ask, entries), read.traits)


def sample(_: Ask) -> Given:
    """A file to begin with."""
    return Raw(SAMPLE.encode(), "text/csv", "报备.csv")


def masked_only(ask: Ask) -> bool:
    """Whether this agent may send masked numbers only (A12)."""

    def read(transaction: Transaction) -> bool:
        rows = transaction.read(e.Agent, "id", ask.me.id)
        agreements = transaction.read(e.Agreement, "agency", rows[0].agency) if rows else ()
        agency = rows[0].agency if rows else AgencyId("")
        return transaction.source.policies.binding(agency, ask.now, agreements).masked.value == "until_confirmed"

    return ask.office.look(read)


def _each(ask: Ask, entries: Sequence[tuple[str, Entry]]) -> list[Answered]:
    hide = masked_only(ask)
    return [_one(ask, where, entry, hide=hide) for where, entry in entries]


def _one(ask: Ask, where: str, entry: Entry, *, hide: bool) -> Answered:
    row = Form({"phone": entry.phone, "client": entry.client, "expected": civil(entry.expected)})
    phone, name = row.phone("phone", masked=True), row.text("client", most=40)
    expected = row.when("expected", ask.office.zone)
    if entry.project and entry.project != ask.office.project:
        row.wrong(
            "client",
            f"项目写的是“{entry.project}”，本案场是“{ask.office.project}”。",
            f"The project is {entry.project}; this is {ask.office.project}.",
        )
    if not row.ok:
        zh, en = (" ".join(texts) for texts in zip(*row.errors.values(), strict=True))
        seen = visible(phone) if phone else _stars(entry.phone)
        return Answered(where, entry.client[:40], seen, Said(done=False, text=ask.say(zh, en)), "wrong")
    shown = visible(phone) if hide else phone
    command = RegisterClient(AgentId(ask.me.id), shown, name, ask.office.project, expected)
    replied = ask.office.run(register_client, command, _name_of(ask, shown, name, expected))
    answer = replied.answer
    told = said(answer, ask.lang, ask.office.zone)
    made = EvidenceId(answer.ids["registration"]) if isinstance(answer, Done) else EvidenceId("")
    state = "again" if replied.repeated else "done" if answer else "wrong"
    return Answered(where, name, visible(phone), told, state, made)


def _name_of(ask: Ask, phone: Contact, client: str, expected: Micros | None) -> str:
    """The name of a row's request: what it says. The record keeps it under a key of the site's own."""
    row = dumps(["several", ask.me.id, phone, client, expected])
    return hashlib.sha256(row).hexdigest()


def _stars(typed: str) -> str:
    """What was typed as a number and is none, so far as a page may repeat it."""
    return "".join("*" if 3 <= at < 7 and letter.isdigit() else letter for at, letter in enumerate(typed[:20]))


def _told(answers: Sequence[Answered], traits: Sequence[str]) -> Given:
    counts = {state: sum(1 for one in answers if one.state == state) for state in ("done", "again", "wrong")}
    order = {"wrong": 0, "done": 1, "again": 2}
    values = {
        "answers": sorted(answers, key=lambda one: order[one.state]),
        "counts": counts,
        "traits": traits,
        "filed": any(one.where for one in answers),
    }
    return Page("agent/answers.html.j2", values)


WAYS = (
    post("/agent/register/text", Permission.AGENT_CLIENT_REGISTER, register_text),
    upload("/agent/register/file", Permission.AGENT_CLIENT_REGISTER, register_file, MOST_BYTES),
    get("/agent/register/sample", Permission.AGENT_CLIENT_REGISTER, sample),
)
