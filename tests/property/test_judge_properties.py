"""What holds of every ruling, whatever the dossier (SEASON.md §5.6, INV-04, INV-06).

`MINGSHI_EXAMPLES` sets the number of examples for each property; a failure prints what reproduces it.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingshi.domain import evidence as e
from mingshi.domain.evidence import Means, Origin, Stage
from mingshi.domain.ids import visible
from mingshi.domain.judge.finding import Verdict
from mingshi.domain.judge.outcome import Kind
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.moment import latest
from mingshi.kernel.canonical import dumps, loads
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.tell import tell_agent, tell_buyer, tell_finance
from mingshi.present.texts import Lang, finding_text
from tests.property.worlds import NAMES, PHONES, STRANGER, TIMES, ZONE, World, make, worlds

check = settings(
    max_examples=int(os.environ.get("MINGSHI_EXAMPLES", "150")),
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
orders = st.integers(0, 2**32).map(Random)

EVENTS = (
    e.Registration, e.Confirmation, e.Arrival, e.Receipt, e.Escort, e.Statement, e.Identity, e.Lead, e.Call,
    e.Followup, e.Lookup, e.Outreach,
)  # fmt: skip


def value(ruling: Ruling) -> Any:
    return loads(ruling.to_bytes())


# a. The order of rows and the names of things


@check
@given(worlds(), orders)
def test_the_order_of_rows_changes_no_byte(world: World, order: Random) -> None:
    shuffled = {kind: tuple(order.sample(rows, len(rows))) for kind, rows in world.kinds.items()}
    assert World(shuffled, world.policy, world.as_of).ruling().to_bytes() == world.ruling().to_bytes()


def renamed(item: Any, names: Mapping[str, str]) -> Any:
    """Every id in a record, a list or a canonical value by its new name."""
    if isinstance(item, str) and not hasattr(item, "name"):
        return names.get(item, item)
    if isinstance(item, tuple) and hasattr(item, "_fields"):
        return type(item)(*(renamed(one, names) for one in item))
    if isinstance(item, dict):
        return {key: renamed(one, names) for key, one in item.items()}
    if isinstance(item, list | tuple):
        return type(item)(renamed(one, names) for one in item)
    return item


def ids_of(world: World) -> list[str]:
    fields = ("id", "agent", "agency", "staff", "by", "party", "consultant", "claimed_agent", "referrer", "pass_id",
              "id_key", "device", "site_reviewer", "agency_reviewer", "approver1", "approver2")  # fmt: skip
    found = {getattr(row, name, "") for rows in world.kinds.values() for row in rows for name in fields}
    return sorted(one for one in found if isinstance(one, str) and not hasattr(one, "name") and one)


@check
@given(worlds())
def test_names_that_keep_their_order_change_nothing_but_names(world: World) -> None:
    names = {one: f"新{one}" for one in ids_of(world)}
    again = world.mapped(lambda row: renamed(row, names)).ruling(names["deal1"])
    assert again.to_bytes() == dumps(renamed(value(world.ruling()), names))


def unordered(item: Any) -> Any:
    """Lists that only ids put in order, as sorted lists."""
    if isinstance(item, dict):
        return {key: unordered(one) for key, one in item.items()}
    return sorted(map(unordered, item), key=repr) if isinstance(item, list) else item


def _instant(row: e.Registration) -> Micros:
    """From when it counts: sealed (handed in, where nothing was), or left with a witness before that."""
    handed_in = row.sealed_at if row.sealed_at is not None else latest(row.at)
    return handed_in if row.deposit_at is None else Micros(min(handed_in, latest(row.deposit_at)))


@check
@given(worlds(), orders)
def test_no_rule_decides_by_a_name(world: World, order: Random) -> None:
    # One agent's registrations of one instant: which of them is used or has to wait (A10), no fact says.
    once = {(row.agent, _instant(row)): row for row in world.of(e.Registration)}
    world = replace(world, kinds={**world.kinds, e.Registration: tuple(once.values())})
    ids = ids_of(world)
    names = dict(zip(ids, (f"新{one}" for one in order.sample(ids, len(ids))), strict=True))
    before = renamed(value(world.ruling()), names)
    after = value(world.mapped(lambda row: renamed(row, names)).ruling(names["deal1"]))
    for key in ("outcome", "because", "status", "needs", "notes", "people", "policy", "closes_at", "first_visit"):
        assert unordered(after.get(key)) == unordered(before.get(key)), key
    codes = [{claim["registration"]: claim["code"] for claim in one["claims"]} for one in (before, after)]
    assert codes[0] == codes[1]


@check
@given(worlds())
def test_opaque_tokens_instead_of_numbers_change_no_byte(world: World) -> None:
    full = {*PHONES, "16044440000"}
    groups = {shown: f"#{index}" for index, shown in enumerate(sorted({visible(one) for one in full}), 70)}
    tokens = groups | {one: f"{groups[visible(one)]}.{index}" for index, one in enumerate(sorted(full, reverse=True))}
    assert world.mapped(lambda row: renamed(row, tokens)).ruling().to_bytes() == world.ruling().to_bytes()


# b. What has nothing to do with the deal


@check
@given(worlds(), worlds())
def test_strangers_change_no_byte(world: World, other: World) -> None:
    """Other people's records, with contacts, digits, agents, devices and ids of their own."""
    digits = {one: STRANGER[:5] + one[5:-4] + "9" + one[-3:] for one in PHONES}
    names = {one: f"他-{one}" for one in ids_of(other)} | digits
    names |= {visible(full): visible(own) for full, own in digits.items()}
    theirs = other.mapped(lambda row: renamed(row, names))
    kinds = (*EVENTS, e.Extension, e.Edit, e.Relation, e.Withdrawal, e.Objection, e.Decision, e.Owner, e.Pass)
    rows = [renamed(row, names) for kind in kinds for row in theirs.of(kind)]
    assert world.plus(*rows).ruling().to_bytes() == world.ruling().to_bytes()


# c. INV-04: a face buys nothing


def bare(ruling: Ruling) -> Any:
    """A ruling without the kinds and grades of its evidence."""
    whole = value(ruling)
    for one in whole["evidence"]:
        one.pop("kind")
        one.pop("grade", None)
    for claim in whole["claims"]:
        b4 = claim["rules"].get("B4")
        if isinstance(b4, dict):
            b4.get("args", {}).pop("means", None)
    return whole


def swapped(world: World, old: Means, new: Means) -> World:
    return world.mapped(lambda row: row._replace(means=new) if getattr(row, "means", None) is old else row)


@pytest.mark.law("L-07", "L-26")
@check
@given(worlds())
def test_a_passkey_and_a_device_key_are_one(world: World) -> None:
    assert bare(swapped(world, Means.PASSKEY, Means.DEVICE_KEY).ruling()) == bare(world.ruling())


@pytest.mark.law("L-07", "L-26")
@check
@given(worlds(), st.sampled_from([Means.OTP, Means.QR, Means.ID, Means.PAPER]))
def test_a_face_and_a_device_beside_a_desk_entry_are_one(world: World, means: Means) -> None:
    """E5 + E4 and E3 + E4. Every face pass gets its desk entry; nobody withdraws."""
    world = World({**world.kinds, e.Withdrawal: ()}, world.policy, world.as_of)
    world = swapped(world, means, Means.FACE_PASS)  # more faces
    desks = [
        row._replace(id=f"desk-{row.id}", means=Means.RECEPTION, confirmed_at=None, confirmed_by=None)
        for row in world.of(e.Arrival)
        if row.means is Means.FACE_PASS and row.phone
    ]
    world = world.plus(*desks)
    world = World(
        {
            **world.kinds,
            e.Arrival: tuple(row for row in world.of(e.Arrival) if row.means is not Means.FACE_PASS or row.phone),
        },
        world.policy,
        world.as_of,
    )
    assert bare(swapped(world, Means.FACE_PASS, Means.DEVICE_KEY).ruling()) == bare(world.ruling())


# d. After the evidence closed


@check
@given(worlds(), worlds(), st.integers(0, 3))
def test_what_becomes_known_after_the_evidence_closed_changes_nothing(world: World, other: World, late: int) -> None:
    """Whenever it is said to have happened; only H, I6 and D9 may change a final ruling."""
    world = World({**world.kinds, e.Objection: (), e.Withdrawal: ()}, world.policy, None)
    before = world.ruling()
    known = Micros(before.hearing.closing + 1 + late * DAY)
    names = {one: f"后-{one}" for one in ids_of(other) if not one.startswith(("甲", "乙"))}
    rows = []
    for kind in (*EVENTS, e.Extension, e.Edit, e.Relation, e.Pass):
        for row in other.of(kind):
            if kind is e.Relation:
                rows.append(renamed(row, names)._replace(verified_at=known, broken_at=None))
            elif kind is e.Pass:
                rows.append(renamed(row, names)._replace(issued_at=known))
            elif kind is e.Receipt:
                rows.append(renamed(row, names)._replace(presented_at=known))
            elif kind is e.Edit and row.field is e.EditField.UNLINK:
                continue
            else:
                rows.append(renamed(row, names)._replace(sealed_at=known))
    after = world.plus(*rows).ruling()
    told, expected = value(after), value(before)
    for one in (told, expected):
        one.pop("notes", None)
    assert told == expected
    assert set(after.notes) - set(before.notes) <= {"late_evidence"}


# e. Nothing gets worse without a reason


@check
@given(worlds(), orders)
def test_taking_a_record_away_makes_no_claim_less_certain_without_saying_why(world: World, order: Random) -> None:
    rows = [row for kind in EVENTS for row in world.of(kind)]
    if not rows:
        return
    gone = order.choice(rows)
    before, after = world.ruling(), world.without(gone).ruling()
    rank = {"yes": 2, "unknown": 1, "no": 0}
    for claim in after.claims:
        was = next((one for one in before.claims if one.registration.id == claim.registration.id), None)
        if was is not None and rank[claim.state.value] < rank[was.state.value]:
            new = set(map(repr, claim.findings)) - set(map(repr, was.findings))
            assert any("FAIL" in one or "UNKNOWN" in one for one in new)
    if after.choice.outcome != before.choice.outcome:
        assert value(after) != value(before)
        reasons = [
            {repr((one.registration.id, one.findings)) for one in ruling.claims}
            | {ruling.choice.because, repr(ruling.choice.reasons), repr(ruling.choice.evidence)}
            for ruling in (before, after)
        ]
        assert reasons[0] != reasons[1]


# f. Who gains and who loses by what


@check
@given(worlds(), st.sampled_from([Stage.CHECK_IN, Stage.SUBSCRIPTION]))
def test_being_named_by_the_client_never_makes_the_winner_lose(world: World, stage: Stage) -> None:
    before = world.ruling()
    won = before.choice.outcome
    if won.kind is not Kind.CHANNEL:
        return
    claim = next(one for one in before.claims if one.registration.id == won.registration)
    who = min(before.hearing.unit.people[claim.draft.person].contacts)
    at = (
        claim.draft.visit.start.observed.latest
        if stage is Stage.CHECK_IN
        else latest(before.hearing.dossier.deal.subscribed_at)
    )
    said = make(e.Statement, id="word", at=at, phone=who, stage=stage, origin=Origin.AGENT, agent=won.agent)
    after = world.plus(said._replace(sealed_at=at if world.of(e.Deal)[0].sealed_at else None)).ruling()
    assert after.choice.outcome.agency == won.agency
    assert after.choice.outcome.kind is Kind.CHANNEL


@check
@given(worlds())
def test_a_natural_visit_before_everything_wins_for_no_channel_by_itself(world: World) -> None:
    """A channel may gain by it only because it shut out another, whose finding names the visit."""
    deal = world.of(e.Deal)[0]
    before = world.ruling()
    at = Micros(TIMES[0] - 2 * DAY)
    visit = make(e.Arrival, id="visit", at=at, phone=deal.buyers[0], means=Means.ID, staff="前台-01")
    after = world.plus(visit._replace(sealed_at=at if deal.sealed_at else None)).ruling()
    gained = after.choice.outcome
    if gained.kind is Kind.CHANNEL and before.choice.outcome.registration != gained.registration:
        refused = {finding.rule for claim in after.claims for finding in claim.findings if "visit" in finding.evidence}
        assert refused & {"A5", "D13", "B7", "B1"}


# g. Every ruling can be written and told


@pytest.mark.law("L-24")
@check
@given(worlds())
def test_every_ruling_can_be_written_read_and_told(world: World) -> None:
    ruling = world.ruling()
    told = value(ruling)
    assert dumps(told) == ruling.to_bytes()
    for lang in Lang:
        for claim in told["claims"]:
            assert tell_agent(told, claim["registration"], lang, ZONE).lines()
            for rule, answer in claim["rules"].items():
                finding = answer if isinstance(answer, dict) else {"answer": answer}
                if finding["answer"] != Verdict.NOT_ASKED:  # what was not asked is told to nobody
                    assert finding_text({"rule": rule, **finding}, lang, ZONE)
        for reason in told.get("reasons", []):
            assert finding_text(reason, lang, ZONE)
        assert tell_buyer(told, lang, ZONE).lines()
        assert tell_finance(told, lang, ZONE).lines()


# h. No person in any ruling


@check
@given(worlds())
def test_no_ruling_holds_a_contact_a_name_or_a_token_of_a_person(world: World) -> None:
    told = world.ruling().to_bytes().decode()
    persons = {*PHONES, *map(visible, PHONES), *NAMES, "16044440000", "ID-1", "ID-2", "凭证-1", "凭证-2"}
    assert not [one for one in persons if one in told]
