"""People whose every word is a marker: planted through every input that takes something of a person, then sought.

A marker is letters that occur nowhere else. Numbers are of the range that rings nowhere, and of those only such as
stand in no timestamp: the microseconds `1777816080000000` of one May day have the number 160 8000 0000 in them.
"""

import os
from typing import NamedTuple

from lawful import agreed
from office import phone

from mingshi.app.answer_right import AnswerRight, answer_right
from mingshi.app.check_in import CheckIn, check_in
from mingshi.app.confirm_escort import ConfirmEscort, confirm_escort
from mingshi.app.confirm_registration import ConfirmRegistration, confirm_registration
from mingshi.app.consents import consents_of
from mingshi.app.correct_person import CorrectMine, correct_mine
from mingshi.app.correct_record import CorrectRecord, correct_record
from mingshi.app.decide_review import DecideReview, decide_review
from mingshi.app.extend_window import ExtendWindow, extend_window
from mingshi.app.identify import Identify, identify
from mingshi.app.issue_pass import IssuePass, issue_pass
from mingshi.app.keep_roster import KeepRoster, keep_roster
from mingshi.app.look_up import LookUp, look_up
from mingshi.app.move_person import MoveMine, move_mine
from mingshi.app.object_to import ObjectTo, object_to
from mingshi.app.provide import Provide, provide
from mingshi.app.record_contact import RecordCall, RecordLead, record_contact
from mingshi.app.record_deal import RecordDeal, record_deal
from mingshi.app.record_relation import RecordRelation, record_relation
from mingshi.app.register_client import RegisterClient, register_client
from mingshi.app.request_right import RequestRight, request_right
from mingshi.app.restrict_person import LiftRestriction, RestrictPerson, lift_restriction, restrict_person
from mingshi.app.rule_deal import RuleDeal, rule_deal
from mingshi.app.state_origin import StateOrigin, state_origin
from mingshi.app.supposing import blank
from mingshi.app.withdraw import WithdrawConsent, withdraw_consent
from mingshi.domain import evidence as e
from mingshi.domain.evidence import DoorCode, EditField, Means, Origin, Side, Stage
from mingshi.domain.notice.purpose import Purpose
from mingshi.domain.rights.right import Check, Right

LETTERS = "ghjkmnpqrstuvwxyz"
MOST = 8**5
"""So many people have numbers that differ in their last five digits, none of which is 0 or 9."""


class Person(NamedTuple):
    """One person's marker and numbers."""

    number: int
    word: str
    phone: str
    second: str

    @property
    def identity(self):
        """A number that no card has: its date is one of a century ago."""
        return f"1101051919{self.number:08d}"

    @property
    def sought(self):
        """Every byte string that must be gone."""
        return [self.word.encode(), self.phone.encode(), self.second.encode(), self.word.upper().encode()]


def person(number):
    dice = int.from_bytes(os.urandom(8))
    word = "".join(LETTERS[(dice >> (4 * at)) % len(LETTERS)] for at in range(14)) + f"z{number:04d}z"
    ending = int(f"{number:05o}") + 11_111
    return Person(number, word, phone(70_000_000 + ending), phone(80_000_000 + ending))


def plant(office, who, relative):
    """Everything this person may say or have said of them, through every use case that takes it; their deal's id."""

    def done(answer):
        assert answer, (who, answer)
        return answer

    do, one, word = office.do, who.phone, who.word
    masked = f"{one[:3]}****{one[-4:]}"
    consent = agreed(office, Purpose.REGISTRATION, one)
    registered = done(do(register_client, RegisterClient("a1", one, f"{word}先生", "海棠湾")))
    do(register_client, RegisterClient("b1", masked, word, "海棠湾"))
    office.wait(minutes=40)
    agreed(office, Purpose.ATTRIBUTION, one, device=f"D{word}")
    agreed(office, Purpose.PROVIDE, one, recipient="甲公司")
    reg = registered.ids["registration"]
    do(confirm_registration, ConfirmRegistration(reg, one, consent=consent, device=f"D{word}"))
    done(do(issue_pass, IssuePass(f"P{word}", one)))
    done(do(check_in, CheckIn(one, Means.OTP, DoorCode.VALID, registration=reg, party=word, device=f"D{word}")))
    done(do(check_in, CheckIn("", Means.DEVICE_KEY, DoorCode.VALID, f"P{word}", consent=consent_of_one(office, one))))
    done(do(confirm_escort, ConfirmEscort("a1", one, buyer_named=True)))
    said = StateOrigin(one, Stage.CHECK_IN, Origin.OWNER, referrer=word, phones=(who.second,), before_staff=True)
    done(do(state_origin, said))
    done(do(look_up, LookUp("s1", one, f"找 {word}")))
    done(do(correct_record, CorrectRecord("s1", one, EditField.NAME, old=word, new=word.upper())))
    for contact in (RecordLead(one, referrer=word, source=word), RecordCall(one)):
        done(do(record_contact, contact))
    done(do(identify, Identify(one, who.identity, Stage.SIGNING)))
    do(record_relation, RecordRelation(one, relative.phone, e.Relationship.SPOUSE, verified_by=word))
    do(keep_roster, KeepRoster((blank(e.Owner, id="", phone=one, basis=word, scope=e.Scope.PROJECT),)))
    done(do(extend_window, ExtendWindow(reg, e.Window.REPORT, 5, f"因 {word}", "s1", "s2")))
    deal = done(
        do(record_deal, RecordDeal((one, who.second), office.now, room="1-1", recorded_source=f"{word}带来"))
    ).ids["deal"]
    do(rule_deal, RuleDeal(deal))
    do(object_to, ObjectTo(Side.AGENCY, "乙公司", f"{word}是我们带的", deal))
    do(decide_review, DecideReview(deal, "first", "NATURAL", "s1", "乙公司", (reg,), f"{word}自己来的"))
    done(do(provide, Provide(one, "甲公司", ("visit_time",), "s1")))
    request = done(do(request_right, RequestRight(Right.CORRECT, (one,), Check.PHONE_CODE, said=word)))
    done(do(answer_right, AnswerRight(request.ids["request"], "done", "s1")))
    done(do(restrict_person, RestrictPerson((one,))))
    done(do(lift_restriction, LiftRestriction((one,))))
    done(do(correct_mine, CorrectMine(one, Check.PHONE_CODE, EditField.NAME, f"{word}女士")))
    done(do(correct_mine, CorrectMine(one, Check.PHONE_CODE, EditField.SOURCE, f"不是 {word} 带来的", reg)))
    done(do(move_mine, MoveMine(one, Check.PHONE_CODE, f"{word}公司")))
    done(do(withdraw_consent, WithdrawConsent(one, f"P{word}")))
    return deal


def consent_of_one(office, number):
    """The consent this person gave to attribution."""
    found = office.store.look(lambda t: consents_of(t, number), now=office.now)
    return next(held.consent.id for held in found if held.consent.purpose is Purpose.ATTRIBUTION)
