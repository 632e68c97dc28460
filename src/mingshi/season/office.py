"""What the office's own people leave: calls, leads, look-ups, edits, outreach; what visitors take back."""

import hashlib
from typing import Final

from mingshi.domain import evidence as e
from mingshi.domain.evidence import EditField, WithdrawalKind
from mingshi.domain.ids import Contact, DealId, EvidenceId, PassId, StaffId
from mingshi.kernel.timeline import HOUR, Micros
from mingshi.season.cast import Cast
from mingshi.season.checkins import Left
from mingshi.season.days import minutes, number_of, seconds
from mingshi.season.desk import Desk, Row
from mingshi.season.dice import Dice
from mingshi.season.people import phone
from mingshi.season.plot import Meddling, Plot
from mingshi.season.truth import Led

LIST_LENGTH: Final = 100


class Office:
    """The back office's side of the desk."""

    def __init__(self, desk: Desk, cast: Cast, dice: Dice) -> None:
        self._desk = desk
        self._cast = cast
        self._dice = dice.of("office")
        self._lists = 0

    def heard(self, plot: Plot) -> list[tuple[EvidenceId, Micros, bool]]:
        """Calls and leads of a unit, and who looked it up because of them: id, when, whether proven by a code."""
        made: list[tuple[EvidenceId, Micros, bool]] = []
        number, desk = plot.first.phones[0], self._desk
        for index, at in enumerate(plot.calls):
            dice = plot.dice.of("call", index)
            staff = dice.pick("answers", self._cast.on_duty(number_of(at)))
            name = EvidenceId(f"C-{plot.unit}-{index + 1}")
            desk.add(e.Call(name, at, number, staff, desk.seal(at, dice)))
            made.append((name, at, False))
            if dice.chance("looked up", desk.rates.honest_look_up):
                looked = Micros(at + minutes(2))
                desk.add(
                    e.Lookup(
                        EvidenceId(f"Q-{plot.unit}-c{index + 1}"),
                        looked,
                        staff,
                        number,
                        "来电",
                        desk.seal(looked, dice),
                    )
                )
        if plot.led is Led.AGENT and plot.dice.chance("stray look-up", desk.rates.stray_look_up):
            at = Micros(plot.registrations[0].at - HOUR)
            sealed = desk.seal(at, plot.dice, "stray sealed")
            desk.add(e.Lookup(EvidenceId(f"Q-{plot.unit}-s"), at, plot.consultant, number, "回访", sealed))
        for index, (at, proven) in enumerate(plot.leads):
            name = EvidenceId(f"L-{plot.unit}-{index + 1}")
            sealed = desk.seal(at, plot.dice.of("lead", index))
            desk.add(e.Lead(name, at, number, proven, StaffId(""), "", "官网", sealed))
            made.append((name, at, proven))
        if plot.outreach_at is not None and plot.dice.chance("outreach logged", desk.rates.outreach_logged):
            sealed = desk.seal(plot.outreach_at, plot.dice, "outreach sealed")
            desk.add(
                e.Outreach(EvidenceId(f"U-{plot.unit}"), plot.outreach_at, StaffId(plot.party), number, "外拓", sealed)
            )
        if plot.dice.chance("honest edit", desk.rates.honest_edit):
            at = Micros(plot.comings[0].at + HOUR)
            edit = e.Edit(
                EvidenceId(f"X-{plot.unit}-n"),
                at,
                plot.consultant,
                plot.comings[0].phone,
                EditField.NAME,
                EvidenceId(""),
                "王",
                "王测试",
                False,
                desk.seal(at, plot.dice, "name sealed"),
            )
            desk.add(edit)
        return made

    def meddle(self, plot: Plot, meddling: Meddling, lefts: list[Left]) -> EvidenceId | None:
        """An insider's act, and its trace if one is left: a look-up, or an edit that takes effect in the book."""
        insider, desk, rates = meddling.insider, self._desk, self._desk.rates
        dice = plot.dice.of("meddling", meddling.field)
        number = plot.comings[0].phone
        if not meddling.field:
            looked = Micros(insider.at - minutes(5))
            if not dice.chance("look-up logged", rates.look_up_logged):
                return None
            name = EvidenceId(f"Q-{plot.unit}-h")
            desk.add(e.Lookup(name, looked, insider.staff, number, meddling.reason, desk.seal(looked, dice)))
            return name
        if meddling.field == "lapse":
            return None
        target = next((left.records[0] for left in lefts if left.number == 0 and left.records), EvidenceId(""))
        other = phone(plot.number, 7, dice)
        before, after = self._rewrite(meddling.field, target, plot, lefts, other)
        if not dice.chance("edit logged", rates.edit_logged):
            return None
        name = EvidenceId(f"X-{plot.unit}-1")
        field, sealed = EditField(meddling.field), desk.seal(insider.at, dice)
        desk.add(e.Edit(name, insider.at, insider.staff, number, field, target, before, after, False, sealed))
        return name

    def _rewrite(
        self, field: str, target: EvidenceId, plot: Plot, lefts: list[Left], other: Contact
    ) -> tuple[str, str]:
        """What the edit does to the office's book; the log of edits is all that tells of it."""
        gone = {one for left in lefts if left.number == 0 for one in left.records}
        kinds: tuple[type[Row], ...] = (e.Arrival, e.Identity)
        if field in ("delete", "first_visit"):
            self._desk.drop(kinds, gone)
            return str(target), "" if field == "delete" else "首访=复访"
        if field == "phone":
            self._desk.rephone(kinds, gone, other)
            return plot.comings[0].phone, other
        return ("自然到访", "分销中介") if field == "source" else ("30", "1")

    def load_list(self, at: Micros, number: Contact | None) -> EvidenceId:
        """A bought list is loaded as leads within a minute; the id of the row that carries `number`."""
        self._lists += 1
        dice = self._dice.of("list", self._lists)
        staff = dice.pick("loads", self._cast.consultants)
        place = dice.below("place", LIST_LENGTH)
        for index in range(LIST_LENGTH):
            stranger = Contact(f"160{90_000_000 + self._lists * 1000 + index:08d}")
            contact = number if number is not None and index == place else stranger
            when = Micros(at + seconds(index // 4))
            name = EvidenceId(f"L-list{self._lists}-{index + 1}")
            self._desk.add(e.Lead(name, when, contact, False, staff, "", "名单", self._desk.seal(when, dice)))
        return EvidenceId(f"L-list{self._lists}-{place + 1}")

    def withdraw(self, plot: Plot, lefts: list[Left]) -> None:
        """Consents taken back, and visits erased on request."""
        for person in plot.people:
            used = [left for left in lefts if left.pass_used and left.coming.persons[0] is person]
            if person.withdrew_at is None or not person.face:
                continue
            for pass_id in dict.fromkeys(left.pass_used for left in used if left.coming.at < person.withdrew_at):
                self._withdrawal(plot, person.withdrew_at, WithdrawalKind.CONSENT, pass_id, ())
        gone: tuple[EvidenceId, ...] = ()
        if plot.erases and lefts[0].records:
            gone, at = lefts[0].records, Micros(lefts[0].coming.at + 20 * HOUR)
            self._withdrawal(plot, at, WithdrawalKind.ERASURE, "", gone)
        elif plot.buying is None and plot.first.erased_at is not None:
            # Whoever buys keeps what proves it until the time to object has passed; others are erased at once.
            gone = tuple(one for left in lefts for one in left.records)
            if gone:
                self._withdrawal(plot, plot.first.erased_at, WithdrawalKind.ERASURE, "", gone)
        if gone:
            self._desk.drop((e.Arrival, e.Identity), set(gone))

    def _withdrawal(
        self, plot: Plot, at: Micros, kind: WithdrawalKind, pass_id: str, gone: tuple[EvidenceId, ...]
    ) -> None:
        erased = kind is WithdrawalKind.ERASURE
        name = EvidenceId(f"Z-{plot.unit}-{'e' if erased else pass_id[5:]}")
        commitment = hashlib.sha256(";".join(gone).encode()).hexdigest() if erased else ""
        sealed = self._desk.seal(at, plot.dice, f"withdrawn/{kind.value}")
        row = e.Withdrawal(name, at, kind, Contact(""), PassId(pass_id), DealId(""), gone, commitment, sealed)
        self._desk.add(row)
