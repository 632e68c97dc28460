"""Notices: what is missing, vague or binding is not published."""

import pytest
from lawful import SITE, notice_for

from mingshi.domain.notice.fields import FIELDS, needed
from mingshi.domain.notice.lint import BAD_PHRASES, JARGON, lint
from mingshi.domain.notice.notice import Wording, changed, notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.timeline import DAY, Micros

AT = Micros(20_574 * DAY)
ALL = [(purpose, field.name) for purpose in Purpose for field in needed(purpose)]


def _notice(purpose=Purpose.FACE_PASS, **changes):
    return notice_for(purpose, AT, **changes)


@pytest.mark.law("L-41")
@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_standard_wording_has_no_fault(purpose):
    assert lint(_notice(purpose)) == ()


@pytest.mark.law("L-41")
@pytest.mark.parametrize(("purpose", "field"), ALL)
def test_a_notice_without_any_one_field_is_not_published(purpose, field):
    notice = _notice(purpose)
    words = {name: said for name, said in notice.words.items() if name != field}
    assert any(fault.field == field for fault in lint(notice._replace(words=words)))
    for language in ("zh", "en"):
        words = dict(notice.words)
        words[field] = words[field]._replace(**{language: ("  ",)})
        assert any(
            fault.code == "missing_field" and fault.field == field for fault in lint(notice._replace(words=words))
        )


def test_every_field_of_the_design_is_known():
    assert len(FIELDS) == len({field.name for field in FIELDS}) == 32
    assert {field.layer for field in FIELDS} == {1, 2}


@pytest.mark.law("L-48")
@pytest.mark.parametrize(
    ("language", "phrase"), [(lang, phrase) for lang in BAD_PHRASES for phrase in BAD_PHRASES[lang]]
)
def test_binding_and_unlimited_wording_is_found(language, phrase):
    notice = _notice()
    words = dict(notice.words)
    said = words["purpose"]
    worse = (
        *getattr(said, language),
        f"我方可{phrase}使用" if language == "zh" else f"We may, {phrase.title()}, use it",
    )
    words["purpose"] = said._replace(**{language: worse})
    assert any(fault.code == "bad_phrase" and fault.found == phrase for fault in lint(notice._replace(words=words)))


@pytest.mark.law("L-41")
@pytest.mark.parametrize(
    ("field", "wording", "code"),
    [
        ("kinds", Wording(("手机号、到访时间、称呼",), ("Number",)), "not_a_list"),
        ("kinds", Wording(("手机号", "联系方式等"), ("Number", "contact details etc")), "open_ended"),
        ("kinds", Wording(("手机号",), ("Number", "Name")), "languages_differ"),
        ("retention", Wording(("按需保存",), ("As long as needed",)), "retention_number"),
        ("complaint", Wording(("找我们",), ("Ask us",)), "no_authority"),
        ("rights", Wording(("查阅", "复制"), ("See", "Copy")), "rights_missing"),
        ("joint_handlers", Wording(("某公司", "另一家"), ("Some", "Other")), "handler_unnamed"),
    ],
)
def test_vague_wording_is_found(field, wording, code):
    notice = _notice()
    words = {**notice.words, field: wording}
    if code == "handler_unnamed":
        words["handler_name"] = wording
    assert code in {fault.code for fault in lint(notice._replace(words=words))}


@pytest.mark.law("L-41")
def test_plain_words_are_plain():
    notice = _notice()
    for language, words in JARGON.items():
        for word in words:
            said = notice.plain["purpose"]._replace(**{language: (word,)})
            worse = notice._replace(plain={**notice.plain, "purpose": said})
            assert any(fault.code == "jargon" for fault in lint(worse)), word
    long = notice.plain["purpose"]._replace(zh=("很" * 41,))
    assert any(
        fault.code == "long_sentence" for fault in lint(notice._replace(plain={**notice.plain, "purpose": long}))
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": " "}, "no_version"), ({"link": "http://x"}, "bad_link"), ({"handlers": ()}, "no_handler"),
        ({"retention_days": 0}, "bad_retention"), ({"retention_days": 99_999}, "bad_retention"),
        ({"recipients": ("没写出来的公司",)}, "recipient_unnamed"),
    ],
)  # fmt: skip
def test_particulars_are_checked(change, code):
    assert code in {fault.code for fault in lint(_notice()._replace(**change))}


def test_a_notice_reads_back_as_it_was():
    for purpose in Purpose:
        notice = _notice(purpose)
        assert notice_of(notice.text) == notice
        assert notice_of(notice.text).sha256 == notice.sha256


@pytest.mark.law("L-09")
def test_any_change_is_another_digest_and_material_ones_are_named():
    notice = _notice()
    digests = {notice.sha256}
    for name, said in notice.words.items():
        other = notice._replace(words={**notice.words, name: said._replace(zh=(*said.zh, "改"))})
        assert other.sha256 not in digests
        digests.add(other.sha256)
    assert changed(notice, _notice(retention_days=60)) == ("retention",)
    assert changed(notice, _notice(recipients=("甲公司",))) == ("recipients",)
    assert changed(notice, _notice(handlers=SITE.handlers[:1])) == ("handlers",)
