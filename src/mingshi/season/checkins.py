"""What is left of a visit: check-ins, passes, identity checks, receipts."""

from typing import Final, NamedTuple

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, ConfirmedBy, DoorCode, Means, Stage, Token
from mingshi.domain.ids import DeviceId, EvidenceId, IdKey, PassId
from mingshi.kernel.timeline import Micros
from mingshi.season.cast import Cast
from mingshi.season.days import minutes, seconds
from mingshi.season.desk import GATE, Desk
from mingshi.season.dice import Dice
from mingshi.season.plot import Coming, Plot

_BOUND: Final = {
    Means.OTP: Binding.PHONE,
    Means.QR: Binding.PHONE,
    Means.DEVICE_KEY: Binding.DEVICE_KEY,
    Means.FACE_PASS: Binding.PASSKEY,
}


class Left(NamedTuple):
    """What a coming left behind."""

    coming: Coming
    number: int
    records: tuple[EvidenceId, ...]
    proven: bool
    """An act of the visitor's own is on record."""
    pass_used: str
    identified: bool
    binding: Binding | None
    """What a receipt of it is bound to; None: no receipt was issued."""
    issued: EvidenceId
    """The record of the pass, where one was issued at this visit."""


class CheckIns:
    """The reception's side of the desk."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        self._desk = desk
        self._cast = cast
        self._passes: set[tuple[str, str]] = set()

    def leave(self, plot: Plot, number: int, *, new_pass: bool) -> Left:
        """The records of a unit's visit, if any."""
        coming, rates = plot.comings[number], self._desk.rates
        dice = plot.dice.of("visit", number)
        person = coming.persons[0]
        means = (Means.OTP, Means.QR, Means.RECEPTION)[
            dice.weighted("means", (rates.by_otp, rates.by_qr, rates.by_reception))
        ]
        # Who would be received at the desk is, with or without a pass: consent buys no proof that others lack.
        pass_id = "" if means is Means.RECEPTION else _pass(plot, coming, new_pass=new_pass)
        if pass_id:
            means = Means.FACE_PASS if person.face else Means.DEVICE_KEY
        confirmed = means is Means.RECEPTION and dice.chance("confirmed", rates.reception_confirmed)
        binding = _BOUND.get(means, Binding.COUNTERFOIL if confirmed else Binding.BEARER)
        recorded = coming.certain or dice.chance("recorded", rates.check_in_recorded)
        if coming.stopped or not recorded:
            return Left(coming, number, (), False, "", False, None, EvidenceId(""))
        issued = self._issue(plot, number, pass_id) if pass_id else EvidenceId("")
        if coming.hidden:
            return Left(coming, number, (), False, "", False, binding, issued)
        rows = self._arrivals(plot, number, means, pass_id, confirmed=confirmed)
        identified = number == 0 and dice.chance("shows ID", rates.id_at_first_visit)
        if identified:
            rows.append(self._identify(plot, coming, dice))
        proven = means is not Means.RECEPTION or confirmed or identified
        return Left(coming, number, tuple(rows), proven, pass_id, identified, binding, issued)

    def receipt(self, plot: Plot, left: Left, shown_at: Micros) -> EvidenceId:
        """The visitor shows the receipt of a visit."""
        assert left.binding is not None
        coming, name = left.coming, EvidenceId(f"H-{plot.unit}-{left.number + 1}")
        staff = plot.dice.of("visit", left.number).pick("receptionist", self._cast.reception)
        sealed = self._desk.seal(coming.at, plot.dice.of("visit", left.number), "receipt sealed")
        self._desk.add(e.Receipt(name, coming.at, coming.phone, left.binding, staff, shown_at, sealed))
        return name

    def _arrivals(self, plot: Plot, number: int, means: Means, pass_id: str, *, confirmed: bool) -> list[EvidenceId]:
        """One row; for a pass two: the proof, and the desk's entry beside it."""
        dice = plot.dice.of("visit", number)
        if not pass_id:
            return [self._arrival(plot, number, means, "", "", dice, confirmed=confirmed)]
        proof = self._arrival(plot, number, means, pass_id, "", dice, confirmed=False)
        entry = self._arrival(plot, number, Means.RECEPTION, "", "b", dice.of("entry"), confirmed=False)
        return [proof, entry]

    def _arrival(
        self, plot: Plot, number: int, means: Means, pass_id: str, suffix: str, dice: Dice, *, confirmed: bool
    ) -> EvidenceId:
        coming, desk = plot.comings[number], self._desk
        at_desk = means in (Means.RECEPTION, Means.FACE_PASS, Means.DEVICE_KEY)
        device = GATE if means is Means.QR else desk.tablet(dice) if at_desk else DeviceId("")
        at = desk.shown(coming.at, device) if device else coming.at
        late = desk.late_seal(coming.at, plot.dice.of("visit", number)) if at_desk else None
        name = EvidenceId(f"V-{plot.unit}-{number + 1}{suffix}")
        desk.add(
            e.Arrival(
                name,
                at,
                coming.phone,
                PassId(pass_id),
                means,
                coming.registration if means is Means.QR else EvidenceId(""),
                coming.agent,
                plot.consultant,
                None if means is Means.RECEPTION else DoorCode.VALID,
                False,
                coming.party or f"{plot.unit}-{number + 1}",
                len(coming.persons),
                Micros(coming.at + minutes(5)) if confirmed else None,
                ConfirmedBy.SIGNATURE if confirmed else None,
                late is not None,
                Token.SMS_LOG if means is Means.OTP else None,
                Micros(coming.at + seconds(2)) if means is Means.OTP else None,
                DeviceId(coming.device) if coming.device else device,
                late or desk.seal(coming.at, dice),
            )
        )
        return name

    def _identify(self, plot: Plot, coming: Coming, dice: Dice) -> EvidenceId:
        name, person = EvidenceId(f"I-{plot.unit}-0"), coming.persons[0]
        at = Micros(coming.at + minutes(3))
        sealed = self._desk.seal(at, dice, "id sealed")
        self._desk.add(e.Identity(name, at, coming.phone, IdKey(person.id_key), Stage.CHECK_IN, True, sealed))
        return name

    def _issue(self, plot: Plot, number: int, pass_id: str) -> EvidenceId:
        """A pass is issued to a number the first time it is shown under it."""
        coming = plot.comings[number]
        if (pass_id, coming.phone) in self._passes:
            return EvidenceId("")
        self._passes.add((pass_id, coming.phone))
        person = coming.persons[0]
        name = EvidenceId(f"P-{plot.unit}-{number + 1}")
        revoked = person.withdrew_at if person.withdrew_at and person.withdrew_at > coming.at else None
        self._desk.add(e.Pass(name, PassId(pass_id), coming.phone, coming.at, revoked))
        return name


def _pass(plot: Plot, coming: Coming, *, new_pass: bool) -> str:
    """The pass that is shown: a shared one whatever the number, otherwise one for each number."""
    person = coming.persons[0]
    if not person.pass_id:
        return ""
    if new_pass:
        return f"{person.pass_id}-new"
    same_number = coming.phone == plot.comings[0].phone
    return person.pass_id if person.shared or same_number else f"{person.pass_id}-b"
