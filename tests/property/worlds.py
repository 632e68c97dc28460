"""Random small dossiers of the trade, with times clustered where the rules have their boundaries.

Three in four have a claim, one in three is a channel, a split or a review, every code and status occurs (`python -m
tests.property.worlds 2000` prints the shares), so no property has to throw examples away.
"""

import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args, get_origin

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingshi.domain import evidence as e
from mingshi.domain.ids import visible
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import rule
from mingshi.domain.judge.records import Records
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.policy import SHIPPED, Policy, policy_of, single
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, SECOND, Interval, Micros, Zone

ZONE = Zone()
OPENING = ZONE.start(date(2026, 5, 1)) + 9 * HOUR
DAYS = (0, 0, 0, 1, 1, 2, 6, 7, 8, 9, 29, 30, 31)
OFFSETS = (
    0, SECOND, 10 * MINUTE, 30 * MINUTE - SECOND, 30 * MINUTE, 30 * MINUTE + SECOND, HOUR, HOUR + SECOND,
    4 * HOUR - SECOND, 4 * HOUR, 6 * HOUR, 15 * HOUR - SECOND, 15 * HOUR,
)  # fmt: skip
TIMES = [Micros(OPENING + day * DAY + offset) for day in DAYS for offset in OFFSETS]
GAPS = (30 * MINUTE - SECOND, 30 * MINUTE, 30 * MINUTE + SECOND, HOUR, HOUR + SECOND, 2 * HOUR, 2 * HOUR, 7 * DAY)
DEALS = [Micros(OPENING + day * DAY + 6 * HOUR) for day in (0, 2, 7, 8, 10, 20, 20, 29, 30, 31, 32, 45)]
LAGS = (0, 0, 0, SECOND, 2 * HOUR, 3 * DAY)
PHONES = ("16000001234", "16011111234", "16022225678", "16033334321")
"""The first two cannot be told apart once masked."""
STRANGER = "16099990000"
AGENTS = ("甲/李", "甲/张", "乙/周")
NAMES = ("赵大测试", "钱二测试")
NOBODY: Any = ""

FIELDS_OF_TIME = ("at", "visit_at", "subscribed_at", "issued_at", "since")


@dataclass(frozen=True)
class World:
    """The records of a case and the rules it is judged by."""

    kinds: Mapping[type, tuple[Any, ...]]
    policy: Policy
    as_of: Micros | None = None

    @property
    def records(self) -> Records:
        return Records(self.kinds, project="示例花园", zone=ZONE, policies=single(self.policy), as_of=self.as_of)

    def ruling(self, deal: str = "deal1") -> Ruling:
        return rule(gather(deal, self.records))  # type: ignore[arg-type]

    def of(self, kind: type) -> tuple[Any, ...]:
        return self.kinds.get(kind, ())

    def plus(self, *records: Any) -> "World":
        kinds = dict(self.kinds)
        for record in records:
            kinds[type(record)] = (*kinds.get(type(record), ()), record)
        return replace(self, kinds=kinds)

    def without(self, record: Any) -> "World":
        left = tuple(one for one in self.of(type(record)) if one != record)
        return replace(self, kinds={**self.kinds, type(record): left})

    def mapped(self, change: Callable[[Any], Any]) -> "World":
        """Every record changed by a function."""
        return replace(self, kinds={kind: tuple(map(change, rows)) for kind, rows in self.kinds.items()})


def make(kind: type, /, **values: Any) -> Any:
    """A record whose other fields are empty."""
    fields = {name: _empty(hint) for name, hint in kind.__annotations__.items()}
    return kind(**fields | values)


def _empty(hint: Any) -> Any:
    if type(None) in get_args(hint):
        return None
    if get_origin(hint) is tuple:
        return ()
    return False if hint is bool else ""


policies = st.builds(
    lambda base, values: policy_of(base, SHIPPED[base], {name: value for name, value in values.items() if value}),
    st.sampled_from(["classic", "classic", "open"]),
    st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["protect", "compete"]),
            "lead_cure": st.sampled_from(["", "review"]),
            "refresh": st.sampled_from(["", "true"]),
            "siblings": st.sampled_from(["", "true"]),
            "follow_days": st.sampled_from(["", "", "7"]),
            "live_cap": st.sampled_from(["", "", "1"]),
            "counting": st.sampled_from(["", "", "hours_24"]),
            "employee_scheme": st.sampled_from(["", "true"]),
        }
    ),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:  # noqa: PLR0915  # one statement a kind of record
    """A case with one deal to judge, and perhaps an earlier one that was cancelled."""
    people = list(PHONES[: draw(st.sampled_from([1, 2, 2, 3, 4]))])
    sealed, nameless = draw(st.booleans()), draw(st.booleans())
    kinds: dict[type, list[Any]] = {}

    def pick(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    def when() -> Any:
        at = pick(*TIMES)
        return Interval(ZONE.start(ZONE.day(at)), ZONE.end(ZONE.day(at))) if pick(*range(12)) == 11 else at

    def some(kind: type, most: int, build: Callable[[str], dict[str, Any]]) -> list[Any]:
        for number in range(pick(*range(most + 1))):
            id_ = f"{kind.__name__.lower()}{number + 1}"
            values = {"id": id_} | build(id_)
            if "sealed_at" in kind._fields and sealed:  # type: ignore[attr-defined]
                at = next(values[name] for name in FIELDS_OF_TIME if name in values)
                values["sealed_at"] = Micros((at.latest if isinstance(at, Interval) else at) + pick(*LAGS))
            kinds.setdefault(kind, []).append(make(kind, **values))
        return kinds.get(kind, [])

    def person() -> str:
        return pick(*people)

    def told(kind: type, **values: Any) -> None:
        at = values["at"]
        kinds.setdefault(kind, []).append(make(kind, sealed_at=at if sealed else None, **values))

    begun, came, who = Micros(pick(*TIMES[:26])), Micros(0), person()
    for name in pick((), ("1",), ("1",), ("1", "2")):
        # An honest story, give or take a boundary: registered, confirmed, arrived with the agent, said so.
        if came == 0 or pick(False, True):
            begun, who = Micros(pick(*TIMES[:26])), person()
            came = Micros(begun + pick(*GAPS))
        agent = pick(*AGENTS)
        ref, door = f"story{name}", e.DoorCode.VALID
        agency = "" if nameless else agent[0]
        told(e.Registration, id=ref, at=begun, agent=agent, agency=agency, phone=pick(who, who, visible(who)))
        if pick(False, True, True):
            told(e.Confirmation, id=f"agreed{name}", registration=ref, at=begun, phone=who, agreed=True)
        means = pick(*e.Means)
        told(
            e.Arrival,
            id=f"came{name}",
            at=came,
            phone=who,
            means=means,
            registration=ref,
            agent=agent,
            door_code=door,
        )
        if pick(False, True):
            told(e.Arrival, id=f"desk{name}", at=came, phone=who, means=e.Means.RECEPTION)
        if pick(False, True, True):
            named = {"origin": e.Origin.AGENT, "agent": agent, "stage": e.Stage.CHECK_IN, "before_staff": True}
            told(e.Statement, id=f"word{name}", at=came, phone=who, first_contact_at=pick(None, TIMES[0]), **named)
    most = pick(1, 2, 5)
    registrations = some(
        e.Registration,
        most,
        lambda _: {
            "at": when(),
            **pick(*({"agent": one, "agency": "" if nameless else one[0]} for one in AGENTS)),
            "phone": pick(*people, *people, *map(visible, people)),
            "client": pick(None, *NAMES),
            "released_at": pick(None, None, None, *TIMES[-20:]),
            "released_by": pick(None, e.ReleasedBy.AGENT, e.ReleasedBy.SITE),
            "deposit_at": pick(*[None] * 5, *TIMES[:10]),
            "device": pick("", "", "平板-1"),
        },
    )
    refs = ["", *(row.id for row in registrations)]
    some(
        e.Confirmation,
        3,
        lambda _: {"registration": pick(*refs), "at": when(), "phone": person(), "agreed": pick(False, True, True)},
    )
    some(
        e.Arrival,
        pick(1, 2, 6),
        lambda _: {
            "at": when(),
            "phone": pick(*people, ""),
            "pass_id": pick("", "", "凭证-1", "凭证-2"),
            "means": pick(*e.Means),
            "registration": pick("", *refs),
            "agent": pick("", "", "", *AGENTS),
            "staff": pick("", "", "顾问-01"),
            "door_code": pick(e.DoorCode.VALID, e.DoorCode.VALID, e.DoorCode.STALE, None),
            "staff_readable": pick(False, False, False, True),
            "confirmed_at": pick(None, *TIMES[:30]),
            "confirmed_by": pick(None, e.ConfirmedBy.OTP),
            "offline": pick(False, False, False, True),
            "token": None,
            "token_at": pick(None, None, None, *TIMES[:20]),
            "device": pick("", "", "平板-1"),
        },
    )
    some(e.Receipt, pick(0, 1, 2), lambda _: {"visit_at": when(), "phone": person(), "bound_to": pick(*e.Binding)})
    some(
        e.Escort,
        3,
        lambda _: {
            "at": when(),
            "agent": pick(*AGENTS),
            "phone": person(),
            "means": pick(*e.EscortMeans),
            "buyer_named": pick(False, True),
        },
    )
    some(
        e.Statement,
        pick(0, 0, 3),
        lambda _: {
            "at": when(),
            "phone": person(),
            "stage": pick(*e.Stage),
            "origin": pick(e.Origin.AGENT, *e.Origin),
            "agent": pick(*AGENTS),
            "referrer": pick("", "员工/钱", "业主-7"),
            "phones": pick((), (), (people[-1],)),
            "first_contact_at": pick(None, *TIMES[:10]),
            "earlier_visit_at": pick(None, None, *TIMES[:10]),
            "before_staff": pick(False, True),
        },
    )
    some(
        e.Identity,
        pick(0, 0, 2),
        lambda _: {
            "at": when(),
            "phone": person(),
            "id_key": pick("ID-1", "ID-2"),
            "stage": pick(e.Stage.CHECK_IN, e.Stage.SIGNING),
            "matched": pick(False, True, True),
        },
    )
    some(e.Pass, 2, lambda _: {"pass_id": pick("凭证-1", "凭证-2"), "phone": person(), "issued_at": pick(None, *TIMES)})
    some(
        e.Lead,
        pick(0, 0, 2),
        lambda _: {"at": when(), "phone": person(), "otp": pick(False, True), "referrer": pick("", "业主-7")},
    )
    some(e.Call, 1, lambda _: {"at": when(), "phone": person()})
    some(
        e.Followup,
        3,
        lambda _: {"at": when(), "registration": pick(*refs), "by": pick(*AGENTS), "kind": pick(*e.FollowupKind)},
    )
    some(e.Lookup, 1, lambda _: {"at": when(), "phone": person(), "staff": "顾问-01", "reason": "回访"})
    some(
        e.Edit,
        1,
        lambda _: {
            "at": when(),
            "phone": person(),
            "staff": "经理-01",
            "field": pick(e.EditField.SECOND_PHONE, e.EditField.UNLINK, e.EditField.RELEASE),
            "target": pick("statement1", "identity1", "relation1"),
            "new": person(),
            "buyer_otp": pick(False, True),
        },
    )
    some(
        e.Extension,
        2,
        lambda _: {
            "at": when(),
            "registration": pick(*refs),
            "window": pick(*e.Window),
            "days": pick(1, 30, 90, 91),
            "reason": pick("出差", ""),
            "approver1": "经理-01",
            "approver2": pick("经理-02", "经理-01"),
        },
    )
    some(
        e.Relation,
        1,
        lambda _: {
            "phone_a": people[0],
            "phone_b": people[-1],
            "kind": pick(*e.Relationship),
            "since": pick(None, Micros(0), TIMES[0]),
            "verified_at": pick(None, *TIMES),
            "verified_by": "结婚证",
            "broken_at": pick(None, None, None, *TIMES),
        },
    )
    some(
        e.Withdrawal,
        1,
        lambda _: {"at": when(), "kind": e.WithdrawalKind.CONSENT, "pass_id": pick("凭证-1", "凭证-2")},
    )
    some(
        e.Owner,
        pick(0, 0, 0, 1),
        lambda _: {"phone": person(), "scope": pick(*e.Scope), "since": pick(None, *TIMES), "basis": "合同"},
    )
    some(e.Outreach, pick(0, 0, 1), lambda _: {"at": when(), "phone": person(), "staff": "顾问-02"})
    some(
        e.Clock,
        1,
        lambda _: {"device": "平板-1", "offset_low_s": pick(-600, 0, 60), "offset_high_s": pick(61, 600, 901)},
    )
    some(
        e.CalendarEntry,
        1,
        lambda _: {"kind": pick(*e.CalendarKind), "since": pick(*TIMES), "until": pick(None, *TIMES)},
    )
    if pick(False, False, True):
        phones = ("", "", "16044440000", *people)
        kinds[e.Agent] = [
            make(e.Agent, id=agent, agency=agent[0], kind=e.AgentKind.BROKER, phone=pick(*phones)) for agent in AGENTS
        ]
        kinds[e.Agent].append(make(e.Agent, id="员工/钱", kind=e.AgentKind.EMPLOYEE, declared=True))
    if pick(False, False, True):
        until = st.sampled_from([None, None, *TIMES[-40:]])
        kinds[e.Agreement] = [
            make(e.Agreement, id=f"agreement-{one}", agency=one, since=Micros(0), until=draw(until)) for one in "甲乙"
        ]
    subscribed = pick(*DEALS)
    contracted = pick(None, Micros(subscribed + 8 * DAY))
    buyers = (people[0],) if len(people) == 1 else pick((people[0],), (people[0], people[1]), (people[1], people[0]))
    deal = make(
        e.Deal,
        id="deal1",
        buyers=buyers,
        subscribed_at=subscribed,
        contracted_at=contracted,
        intended_at=pick(None, *TIMES),
        selection_at=pick(None, Micros(subscribed - DAY)),
        consultant="顾问-01",
        claimed_agent=pick("", *AGENTS),
        sealed_at=subscribed if sealed else None,
    )
    kinds[e.Deal] = [deal]
    if pick(False, False, True):
        earlier = make(e.Deal, id="deal0", buyers=buyers, subscribed_at=Micros(subscribed - pick(3, 20) * DAY))
        kinds[e.Deal].append(earlier)
        kinds[e.Cancellation] = [
            make(
                e.Cancellation,
                id="cancellation1",
                deal="deal0",
                at=Micros(subscribed - DAY),
                kind=pick(*e.CancelKind),
                by_partner=pick(False, True),
                new_deal=pick("", "deal1"),
            )
        ]
    ruled = contracted or subscribed
    after = [Micros(ruled + days * DAY) for days in (0, 1, 7, 14, 15, 16, 40)]
    some(
        e.Objection,
        1,
        lambda _: {
            "deal": pick("deal1", ""),
            "escort": pick("", "escort1"),
            "by": pick(*e.Side),
            "at": pick(*after, *TIMES[:5]),
        },
    )
    some(
        e.Decision,
        2,
        lambda _: {
            "deal": "deal1",
            "at": pick(*after),
            "stage": pick(*e.DecisionStage),
            "outcome": pick("CHANNEL", "NATURAL", "SPLIT", "OWN"),
            "registration": pick(*refs),
            "share_ppm": pick(None, 300_000),
            "other_registration": pick(*refs),
            "site_reviewer": pick("经理-01", "顾问-01", ""),
            "agency_reviewer": pick("甲-主管", ""),
            "evidence": pick((), ("arrival1",), ("registration1",)),
            "reason": pick("一致", "一致", ""),
        },
    )
    some(e.Approval, 1, lambda _: {"deal": "deal1", "step": "接受", "by": pick(*AGENTS), "at": pick(*after)})
    as_of = pick(None, None, *after)
    policy = draw(policies)
    assert isinstance(policy, Policy), policy
    return World({kind: tuple(rows) for kind, rows in kinds.items()}, policy, as_of)


def main() -> None:
    """Print what the examples are like."""
    seen: Counter[str] = Counter()

    @settings(max_examples=int(sys.argv[1]) if len(sys.argv) > 1 else 2000, database=None, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(worlds())
    def count(world: World) -> None:
        ruling = world.ruling()
        seen["examples"] += 1
        seen["with claims"] += bool(ruling.claims)
        seen["with visits"] += bool(ruling.hearing.visits)
        seen[f"outcome {ruling.outcome.kind.value}"] += 1
        seen[f"status {ruling.verdict.status.value}"] += 1
        for claim in ruling.claims:
            seen[f"code {claim.code.value}"] += 1

    count()
    for name, number in sorted(seen.items()):
        print(f"{name:24}{number:6} {100 * number // seen['examples']:4} %")


if __name__ == "__main__":
    main()
