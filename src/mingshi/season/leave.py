"""From plots to records: what each act leaves, and what of it contradicts a claim.

The rules this module keeps:

1. Every record of a buyer's story passes through here once; the truth of it is written beside it at the same time.
2. A trace is a record that contradicts what the office's book claims, graded as RULES.md §3.1 grades its kind. Traces
   are the ceiling: what the best detector could have seen. Only the score reads them.
"""

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding
from mingshi.domain.ids import Contact, DealId, DeviceId, EvidenceId
from mingshi.kernel.timeline import MINUTE, Micros, natural_days_after
from mingshi.season.cast import Cast
from mingshi.season.checkins import CheckIns, Left
from mingshi.season.days import ZONE, minutes
from mingshi.season.deals import Deals
from mingshi.season.desk import Desk
from mingshi.season.dice import Dice
from mingshi.season.frauds import PROTECTED_DAYS
from mingshi.season.office import Office
from mingshi.season.plot import Plot, Registering
from mingshi.season.rates import Collusion
from mingshi.season.stories import LEAD_MIN
from mingshi.season.truth import Led, Mechanism, Said, Trace, Trick, TrueRegistration, TrueVisit, Truth, Unit
from mingshi.season.words import Words

AGENTS_TRICKS = frozenset({Mechanism.JK, Mechanism.CK, Mechanism.XK, Mechanism.HH, Mechanism.ERASED})


class Leaver:
    """Leaves the records of plots on a desk, and the truth beside."""

    def __init__(self, desk: Desk, cast: Cast, dice: Dice, collusion: Collusion) -> None:
        self.desk = desk
        self.truth = Truth([], [], [], [], [], [], [], [], [])
        self._cast = cast
        self._check_ins = CheckIns(desk, cast)
        self._words = Words(desk, collusion)
        self._office = Office(desk, cast, dice)
        self._deals = Deals(desk, cast)

    def load_list(self, at: Micros) -> None:
        """A bought list without anybody's client in it."""
        self._office.load_list(at, None)

    def leave(self, plot: Plot) -> None:
        """Everything one unit leaves."""
        traces: list[Trace] = []
        heard = self._office.heard(plot)
        lefts = [
            self._check_ins.leave(plot, number, new_pass=self._new_pass(plot, number))
            for number in range(len(plot.comings))
        ]
        for meddling in plot.meddlings:
            made = self._office.meddle(plot, meddling, lefts)
            if made is not None:
                kind = "lookup" if not meddling.field else "edit"
                traces.append(_trace(plot, made, kind, "B", "site"))
            self.truth.insiders.append(meddling.insider)
        if plot.listed_at is not None:
            made = self._office.load_list(plot.listed_at, plot.first.phones[0])
            traces.append(_trace(plot, made, "list", "C", "site"))
        confirmed = self._register(plot, traces)
        escorted = [coming for coming in plot.comings if coming.agent][:1]
        shown = [what for coming in escorted for what in self._words.escort(plot, coming)]
        shown += ["outreach"] if any(row[0] == f"U-{plot.unit}" for row in self.desk.rows[e.Outreach][-1:]) else []
        signed = self._deals.sign(plot) if plot.buying is not None else None
        said = self._words.statements(plot, lefts, signed.contracted_at if signed else None)
        self.truth.said.extend(one for _, one in said)
        # A referrer who is first named at signing is named too late.
        proven = [f"S-{plot.unit}-{left.number + 1}" for left in lefts if left.proven and not _withdrawn(left)][:1]
        if plot.led is Led.REFERRAL and any(name in proven and one.names for name, one in said):
            shown.append("referrer")
        receipts = self._receipts(plot, lefts)
        if plot.drawer_at is not None and plot.buying is not None:
            traces.append(_trace(plot, self._drawer(plot), "drawer", "B", "site"))
        self._office.withdraw(plot, lefts)
        self._tell(plot, lefts, receipts)
        if signed is not None:
            face = plot.comings[0].persons[0].face
            self.truth.sales.append(self._deals.sale(plot, signed, tuple(shown), face=face))
            if plot.fraud is not None:
                if plot.fraud.mechanism in AGENTS_TRICKS:
                    since = confirmed.get(plot.fraud.agent) if self.desk.open_policy else None
                    traces += contradictions(plot, lefts, receipts, said, heard, since)
                    if self.desk.open_policy and not self._escorted(plot, shown):
                        traces += _unescorted(plot, said)
                fraud = plot.fraud
                self.truth.tricks.append(
                    Trick(
                        DealId(f"D-{plot.unit}"),
                        fraud.mechanism,
                        fraud.variant,
                        fraud.agent,
                        fraud.staff,
                        fraud.colluding,
                        fraud.at,
                    )
                )
                self.truth.traces.extend(traces)

    def _new_pass(self, plot: Plot, number: int) -> bool:
        """A colluding buyer who answers to the rules changes device where the agent comes in."""
        fraud, coming = plot.fraud, plot.comings[number]
        if fraud is None or not fraud.colluding or not coming.agent or plot.led is Led.AGENT:
            return False
        return plot.dice.chance("changes device", self._words.kind(plot).device_changed)

    def _escorted(self, plot: Plot, shown: list[str]) -> bool:
        """The client signed for the escort, or redeemed the registration's own code."""
        signed = "escort" in shown and plot.fraud is not None and plot.fraud.colluding
        mine = {filed.id for filed in plot.registrations}
        rows = self.desk.rows[e.Arrival][-2 * len(plot.comings) :]
        return signed or any(isinstance(row, e.Arrival) and row.registration in mine for row in rows)

    def _register(self, plot: Plot, traces: list[Trace]) -> dict[str, Micros]:
        """Every registration, and whether its client confirmed it; when, by agent."""
        since: dict[str, Micros] = {}
        for filed in plot.registrations:
            confirmed, name, been = self._words.confirm(plot, filed)
            if been and filed.agent == (plot.fraud.agent if plot.fraud else ""):
                traces.append(_trace(plot, name, "confirmation", "B", "visitor"))
            if confirmed is not None:
                since[filed.agent] = confirmed
            agency = self._cast.agency_of[filed.agent]
            sealed = self.desk.seal(filed.at, plot.dice.of("registration", filed.id))
            self.desk.add(
                e.Registration(
                    filed.id,
                    filed.at,
                    filed.agent,
                    agency,
                    filed.phone,
                    "王测试",
                    "",
                    self._expected(plot, filed),
                    None,
                    None,
                    None,
                    None,
                    DeviceId(""),
                    sealed,
                )
            )
            self.truth.registrations.append(
                TrueRegistration(
                    filed.id,
                    plot.unit,
                    filed.at,
                    filed.agent,
                    agency,
                    filed.person.id,
                    filed.full,
                    confirmed,
                    filed.knew_of,
                )
            )
        return since

    def _expected(self, plot: Plot, filed: Registering) -> Micros:
        """When the agent said they would come: to the half hour, as agreed with the client."""
        came = next((one.at for one in plot.comings if one.agent == filed.agent), plot.comings[-1].at)
        half = 30 * MINUTE
        return Micros(max(filed.at, came // half * half))

    def _receipts(self, plot: Plot, lefts: list[Left]) -> dict[int, EvidenceId]:
        """The receipts that the buyers kept and show."""
        fraud, buying = plot.fraud, plot.buying
        if buying is None or not plot.dice.chance("keeps receipts", self.desk.rates.receipt_kept):
            return {}
        colluding = fraud is not None and fraud.colluding and fraud.mechanism in AGENTS_TRICKS
        if colluding and not self._words.kind(plot).shows_receipts:
            return {}
        shown: dict[int, EvidenceId] = {}
        for left in lefts:
            if left.binding is None or (plot.erases and left.number == 0):
                continue
            other = left.coming.phone not in buying.phones
            if other and self._words.mind(plot, buying.subscribed_at) != "truthful":
                continue  # whoever shows the receipt of another number says that it is theirs
            shown[left.number] = self._check_ins.receipt(plot, left, Micros(buying.subscribed_at + minutes(10)))
        return shown

    def _drawer(self, plot: Plot) -> EvidenceId:
        buying, at = plot.buying, plot.drawer_at
        assert buying is not None
        assert at is not None
        name, shown = EvidenceId(f"H-{plot.unit}-9"), Micros(buying.subscribed_at + minutes(10))
        binding = Binding.BEARER if plot.dice.chance("drawer bearer", 0.5) else Binding.PHONE
        self.desk.add(e.Receipt(name, at, buying.phones[0], binding, self._cast.reception[0], shown, shown))
        return name

    def _tell(self, plot: Plot, lefts: list[Left], receipts: dict[int, EvidenceId]) -> None:
        self.truth.units.append(Unit(plot.unit, plot.led, plot.party, tuple(plot.people)))
        self.truth.approaches.extend(plot.approaches)
        for left in lefts:
            coming = left.coming
            self.truth.visits.append(
                TrueVisit(
                    plot.unit,
                    coming.at,
                    tuple(person.id for person in coming.persons),
                    coming.phone,
                    coming.agent,
                    left.records,
                    left.proven and not _withdrawn(left),
                    left.number in receipts,
                )
            )


def contradictions(
    plot: Plot,
    lefts: list[Left],
    receipts: dict[int, EvidenceId],
    said: list[tuple[EvidenceId, Said]],
    heard: list[tuple[EvidenceId, Micros, bool]],
    confirmed: Micros | None,
) -> list[Trace]:
    """What the actors of a fraud left that speaks against its claim, edits, look-ups and confirmations aside.

    `confirmed`: from when the registration counts, where the client has to confirm it.
    """
    fraud = plot.fraud
    assert fraud is not None
    filed = plot.registration_of(fraud.agent)
    claimed = next(left for left in lefts if left.coming.agent)
    ready = (confirmed or filed.at) + minutes(LEAD_MIN)
    found: list[Trace] = []
    if claimed.records and claimed.coming.at < ready:
        # However the arrival was recorded: B1 and B7 refuse by any record of it (code 3).
        found.append(_trace(plot, claimed.records[0], "lead", "A", "visitor"))
    elif claimed.records and claimed.coming.at <= ready + minutes(LEAD_MIN):
        found.append(_trace(plot, claimed.records[0], "band", "C", "agent"))
    linked = _linking(plot, said, lefts)
    for left in lefts:
        if left.coming.at >= filed.at or left.coming.agent:
            continue
        live = filed.at <= natural_days_after(left.coming.at, PROTECTED_DAYS, ZONE)
        same = left.coming.phone == filed.full
        touched = fraud.variant in ("edit", "delete", "erase")
        if live and left.records and left.proven and not touched:
            if same:
                found.append(_trace(plot, left.records[0], "visit", "A", "visitor"))
            elif linked:
                found.append(_trace(plot, left.records[0], linked, "A", "visitor"))
        if live and left.number in receipts:
            # Another person's receipt shows another person's visit: no rule decides that by itself (D13).
            same_person = left.coming.persons[0] is filed.person
            grade = "A" if same_person and left.binding is not Binding.BEARER else "B"
            found.append(_trace(plot, receipts[left.number], "receipt", grade, "visitor"))
        if left.issued and claimed.pass_used and not left.records and _holder(left, claimed):
            found.append(_trace(plot, left.issued, "pass issued", "C", "visitor"))
    if fraud.variant == "lapse":
        found.append(_trace(plot, filed.id, "lapse", "C", "site"))
    own = {filed.full} | ({one.phone for one in plot.comings} if linked else set[Contact]())
    called = plot.first.phones[0] in own
    for name, at, proven in heard:
        live = filed.at <= natural_days_after(at, PROTECTED_DAYS, ZONE)
        if called and live and at < filed.at:
            found.append(_trace(plot, name, "contact", "A" if proven else "C", "visitor" if proven else "site"))
    for name, one in said:
        if one.truthful:
            found.append(_trace(plot, name, "statement", "B", "visitor"))
    return found


def _unescorted(plot: Plot, said: list[tuple[EvidenceId, Said]]) -> list[Trace]:
    """Where an escort needs the client's word, a client who names nobody ends the claim by that word alone."""
    nobody = [name for name, one in said if one.truthful and not one.names]
    return [_trace(plot, nobody[-1], "no escort", "A", "visitor")] if nobody else []


def _linking(plot: Plot, said: list[tuple[EvidenceId, Said]], lefts: list[Left]) -> str:
    """What shows that the earlier visitor and the registered client are one person."""
    first = lefts[0]
    if any(one.links for _, one in said):
        return "numbers"
    if first.identified and plot.buying is not None and first.coming.persons[0] in plot.buying.buyers:
        return "id"
    if first.pass_used and any(left.pass_used == first.pass_used for left in lefts[1:] if left.coming.agent):
        return "pass"
    return ""


def _withdrawn(left: Left) -> bool:
    """A face pass whose consent was taken back proves nothing any more."""
    person = left.coming.persons[0]
    return bool(left.pass_used) and person.face and person.withdrew_at is not None and not left.identified


def _holder(left: Left, claimed: Left) -> bool:
    return left.coming.persons[0] is claimed.coming.persons[0] and not claimed.pass_used.endswith("-new")


def _trace(plot: Plot, evidence: EvidenceId, kind: str, grade: str, party: str) -> Trace:
    return Trace(DealId(f"D-{plot.unit}"), evidence, kind, grade, party)
