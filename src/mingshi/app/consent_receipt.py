"""同意回执: the record of a consent with the fields of ISO/IEC TS 27560, from what was sealed (LAW §6.3; L-49).

The rules this module keeps: it is made from the sealed acts alone, so that the visitor's copy and the site's cannot
differ; it is given to whoever holds the consent's name, which is on the visitor's own receipt.
"""

from mingshi.app.answer import Refused
from mingshi.app.consents import consent_of, stands_now
from mingshi.app.facts import ConsentAct, NoticePublished
from mingshi.app.ports import Transaction
from mingshi.domain.consent.receipt import Circumstances, missing, record_of
from mingshi.domain.consent.state import Act
from mingshi.domain.ids import EvidenceId
from mingshi.domain.notice.notice import notice_of
from mingshi.kernel.canonical import Json


def consent_receipt(transaction: Transaction, name: EvidenceId, withdraw_link: str) -> dict[str, Json] | Refused:
    """The receipt of a consent that was given, whatever came of it."""
    consent = consent_of(transaction, name)
    if consent.given_at is None:
        return Refused("unknown_consent", "L-49")
    rows = transaction.read(ConsentAct, "consent", name)
    given = next(row for row in rows if row.act is Act.GIVEN)
    shown = next(row for row in rows if row.act is Act.SHOWN)
    notice = notice_of(transaction.read(NoticePublished, "id", given.notice)[0].text)
    said = Circumstances(
        principal=given.principal,
        receipt_id=f"CR-{given.id.removeprefix('CA-')}",
        language=shown.language,
        means=given.means.value,
        evidence_sha256=given.evidence_sha256,
        alternatives=given.alternatives,
        layout_sha256=given.layout_sha256,
        device="",
        software=given.software,
        staff=given.staff,
        age=given.age.value,
        guardian=given.guardian,
        assessment=given.assessment,
        site=transaction.setting("origin"),
        entry=transaction.entry_of(ConsentAct, given.id),
        withdraw_link=withdraw_link,
    )
    record = record_of(consent, stands_now(transaction, consent), notice, said)
    assert not missing(record), f"a sealed consent has every mandatory field: {missing(record)}"
    return record
