"""A lawful site for tests: standard notices, published, and a visitor who agrees."""

from mingshi.app.give_consent import GiveConsent, give_consent
from mingshi.app.publish_notice import PublishNotice, publish_notice
from mingshi.app.show_notice import ShowNotice, show_notice
from mingshi.domain.consent.young import Age
from mingshi.domain.notice.purpose import Purpose
from mingshi.present.notices import Particulars, standard_notice

SITE = Particulars(
    handlers=("海棠湾测试置业有限公司", "示例销售代理有限公司"),
    address="示例市测试区虚构路 1 号",
    contact="010-00000000",
    officer="李示例",
    link="https://haitang.example/notice",
    retention_days=90,
    recipients=(),
)
WAYS = ("sms", "qr", "desk", "id", "none")


def notice_for(purpose, at, version="1", **changes):
    site = SITE._replace(**({"recipients": ("甲公司",)} if purpose is Purpose.PROVIDE else {}) | changes)
    return standard_notice(purpose, version, at, site)


def publish(office, *purposes, version="1", **changes):
    for purpose in purposes or tuple(Purpose):
        done = office.do(publish_notice, PublishNotice(notice_for(purpose, office.now + 1, version, **changes), "m1"))
        assert done, done


def shown(office, purpose, **fields):
    done = office.do(show_notice, ShowNotice(purpose, "zh", fields.pop("handle", "浏览器甲"), **fields))
    assert done, done
    return done.ids["consent"]


def agreed(office, purpose, phone="", *, recipient="", age=Age.FROM_18, **fields):
    name = shown(office, purpose, recipient=recipient)
    done = office.do(give_consent, GiveConsent(name, phone, age=age, alternatives=WAYS, **fields))
    assert done, done
    return name
