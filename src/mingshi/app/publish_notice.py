"""告知的发布: a notice is published if the linter finds nothing, and is in force from its day on (L-09, L-41, L-48).

The rules this module keeps:

1. A notice with a fault is not published; the answer names every fault with its field, language and source.
2. A version is never used twice for a purpose, and none takes effect before it is published: nobody can be shown to
   have agreed to words that were written later.
3. What is in force for a purpose at an instant is the newest version whose day has come (`in_force`).
"""

from typing import NamedTuple

from mingshi.app.answer import Answer, Done, Refused
from mingshi.app.facts import NoticePublished
from mingshi.app.ports import Transaction
from mingshi.domain.notice.lint import lint
from mingshi.domain.notice.notice import Notice, changed, notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.timeline import Micros


class PublishNotice(NamedTuple):
    """The notice, and who publishes it."""

    notice: Notice
    by: str


def publish_notice(transaction: Transaction, command: PublishNotice) -> Answer:
    """Seal a notice."""
    notice = command.notice
    faults = lint(notice)
    if faults:
        return Refused(
            "notice_faults", "L-41", args={"count": len(faults), "faults": [one._asdict() for one in faults]}
        )
    if not command.by:
        return Refused("who_needed", "L-41")
    rows = transaction.read(NoticePublished, "purpose", notice.purpose.value)
    if any(row.version == notice.version for row in rows):
        return Refused("version_exists", "L-09", args={"version": notice.version})
    if notice.effective_from < transaction.now:
        return Refused("not_future", "L-09")
    before = in_force(transaction, notice.purpose, transaction.now)
    row = NoticePublished(
        id=transaction.new_id("NT"),
        purpose=notice.purpose,
        version=notice.version,
        sha256=notice.sha256,
        text=notice.text,
        effective_from=notice.effective_from,
        by=command.by,
        at=transaction.now,
    )
    transaction.seal(row)
    differs = () if before is None else changed(notice_of(before.text), notice)
    return Done(
        "notice_published",
        {"notice": row.id},
        {"sha256": row.sha256, "effective_at": row.effective_from, "differs": list(differs)},
    )


def in_force(transaction: Transaction, purpose: Purpose, at: Micros) -> NoticePublished | None:
    """The notice for a purpose at an instant; None where none was published yet."""
    rows = [row for row in transaction.read(NoticePublished, "purpose", purpose.value) if row.effective_from <= at]
    return max(rows, key=lambda row: (row.effective_from, row.at), default=None)
