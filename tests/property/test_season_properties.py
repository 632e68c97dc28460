"""The promises of SEASON.md §5.6 (INV-04, INV-06, INV-10), over every preset.

Seasons are made small, and nothing else is spared.
"""

import random
from collections.abc import Mapping
from functools import cache

import pytest

from mingshi.app.judge_case import deals_in_order
from mingshi.app.settle_case import money_of, ruled_deal, settle_case
from mingshi.domain import evidence as e
from mingshi.domain.evidence import Binding, CancelKind, EditField, Means, Origin, Stage, WithdrawalKind
from mingshi.domain.judge import engine
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import decide, rule
from mingshi.domain.judge.records import Records
from mingshi.domain.moment import earliest
from mingshi.kernel.fen import MILLION
from mingshi.kernel.timeline import DAY, Micros
from mingshi.present.tell import flag_text, tell_agent, tell_buyer, tell_finance
from mingshi.present.texts import Lang, text
from mingshi.season.days import ZONE
from mingshi.season.generate import PROJECT, make_season
from mingshi.season.presets import PRESETS

SEED = 71
SCALES = {"refusers-parity": 0.02, "hengshui-load": 0.003}
WORLDS = sorted(PRESETS)
HONEST = ("clean", "honest", "erasure", "megvii-T3")
IDS = ("agent", "claimed_agent", "by", "party")


@cache
def world(name):
    return make_season(PRESETS[name].scaled(SCALES.get(name, 0.2)), SEED)


def source(rows, made, as_of=None):
    return Records(rows, project=PROJECT, zone=ZONE, policies=made.policies, as_of=as_of)


def rulings(records, judge=decide):
    return {deal: judge(gather(deal, records)) for deal in deals_in_order(records)}


@cache
def judged(name):
    return rulings(source(world(name).rows, world(name)))


def shape(ruling):
    """What a ruling decides; kinds and grades of evidence, and notes, aside."""
    value = ruling.as_json()
    for name in ("evidence", "notes", "reasons", "deciding", "links", "first_visit", "changes"):
        value.pop(name, None)
    value["claims"] = [
        {key: claim[key] for key in ("registration", "state", "code", "windows", "submitted_at") if key in claim}
        | {"rules": {rule: _answer(found) for rule, found in claim["rules"].items()}}
        for claim in value["claims"]
    ]
    return value


def _answer(found):
    return found if isinstance(found, str) else (found["answer"], found.get("code"))


@pytest.mark.parametrize("name", WORLDS)
def test_the_same_seed_is_the_same_season_and_the_same_rulings(name):
    again = make_season(PRESETS[name].scaled(SCALES.get(name, 0.2)), SEED)
    assert again.rows == world(name).rows
    assert again.truth == world(name).truth
    assert {deal: one.to_bytes() for deal, one in rulings(again.records).items()} == {
        deal: one.to_bytes() for deal, one in judged(name).items()
    }


@pytest.mark.parametrize("name", WORLDS)
def test_the_order_of_delivery_is_nothing(name):
    dice = random.Random(SEED)
    shuffled = {kind: dice.sample(rows, len(rows)) for kind, rows in world(name).rows.items()}
    moved = rulings(source(shuffled, world(name)))
    assert {deal: one.to_bytes() for deal, one in moved.items()} == {
        deal: one.to_bytes() for deal, one in judged(name).items()
    }


@pytest.mark.parametrize("name", WORLDS)
def test_agents_by_other_names_are_judged_alike(name):
    made = world(name)
    names = {row.id: f"別-{index * 7919 % 10007:05d}" for index, row in enumerate(made.rows[e.Agent])}
    back = {new: old for old, new in names.items()}

    def renamed(row):
        changed = {"id": names[row.id]} if isinstance(row, e.Agent) else {}
        changed |= {field: names[getattr(row, field)] for field in IDS if getattr(row, field, None) in names}
        return row._replace(**changed) if changed else row

    rows = {kind: [renamed(row) for row in some] for kind, some in made.rows.items()}
    for deal, one in rulings(source(rows, made)).items():
        assert _with_names(one.as_json(), back) == judged(name)[deal].as_json()


def _with_names(value, back):
    if isinstance(value, Mapping):
        return {key: _with_names(item, back) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_names(item, back) for item in value]
    return back.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("means", [Means.DEVICE_KEY, Means.QR])
@pytest.mark.parametrize("name", WORLDS)
def test_a_face_buys_nothing(name, means):
    """INV-04, golden case 12: with a device proof or a code of the same pass for every face (E5+E4 ↔ E3+E4)."""
    made = world(name)
    rows = {
        kind: [row for row in some if not (isinstance(row, e.Withdrawal) and row.kind is WithdrawalKind.CONSENT)]
        for kind, some in made.rows.items()
    }
    swapped = {
        **rows,
        e.Arrival: [row._replace(means=means) if row.means is Means.FACE_PASS else row for row in rows[e.Arrival]],
    }
    one, other = rulings(source(rows, made)), rulings(source(swapped, made))
    assert {deal: shape(each) for deal, each in one.items()} == {deal: shape(each) for deal, each in other.items()}


@pytest.mark.parametrize("name", WORLDS)
def test_a_later_event_changes_no_final_ruling(name):
    """Once the evidence has closed only an objection in time (H), a broken link (I6) or a cancellation (D9) can."""
    made = world(name)
    closes = {deal: one.hearing.closing for deal, one in judged(name).items()}
    as_of = Micros(max(closes.values()) + 200 * DAY)
    before = rulings(source(made.rows, made, as_of))
    after = Micros(max(closes.values()) + DAY)
    rows = {kind: list(some) for kind, some in made.rows.items()}
    for index, deal in enumerate(made.rows[e.Deal]):
        phone = deal.buyers[0]
        rows[e.Receipt] = [*rows.get(e.Receipt, []), _receipt(index, phone, earliest(deal.subscribed_at), after)]
        rows[e.Statement] = [*rows[e.Statement], _statement(index, phone, after)]
        rows[e.Call] = [*rows.get(e.Call, []), e.Call(f"late-C{index}", after, phone, "顾问-01", after)]
        rows[e.Lookup] = [*rows.get(e.Lookup, []), e.Lookup(f"late-Q{index}", after, "顾问-01", phone, "", after)]
        edit = e.Edit(f"late-X{index}", after, "顾问-01", phone, EditField.SOURCE, "", "", "", False, after)
        rows[e.Edit] = [*rows.get(e.Edit, []), edit]
    later = rulings(source(rows, made, as_of))
    for deal, one in before.items():
        kept = {key: value for key, value in one.as_json().items() if key != "notes"}
        assert {key: value for key, value in later[deal].as_json().items() if key != "notes"} == kept


def _receipt(index, phone, subscribed, shown):
    return e.Receipt(f"late-H{index}", Micros(subscribed - 20 * DAY), phone, Binding.PHONE, "前台-01", shown, shown)


def _statement(index, phone, at):
    return e.Statement(
        f"late-S{index}", at, phone, Stage.LATER, Origin.NOBODY, "", "", (), None, None, None, False, False, (), at
    )  # fmt: skip


@pytest.mark.parametrize("name", WORLDS)
def test_parts_sum_to_the_whole_and_a_full_refund_to_nothing(name):
    made = world(name)
    records = source(made.rows, made)
    for one in judged(name).values():
        for outcome in filter(None, (one.outcome, one.choice.proposal)):
            assert not outcome.parts or sum(part.share_ppm for part in outcome.parts) == MILLION
    settled = settle_case(records, [money_of(ruled_deal(one), records) for one in judged(name).values()])
    undone = {row.deal for row in made.rows.get(e.Cancellation, []) if row.kind is not CancelKind.SWAP}
    received = {deal: sum(row.amount_fen for row in records.find(e.Payment, "deal", deal)) for deal in undone}
    for position in settled.positions:
        if position.deal in undone and received[position.deal] == 0:
            assert position.due == 0, position


@pytest.mark.parametrize("name", WORLDS)
def test_no_flag_decides_money(name, monkeypatch):
    """Without any flag the same deals go to the same agents for the same yuan; a flag only makes them wait."""
    made = world(name)
    records = source(made.rows, made)
    flagged = judged(name)
    monkeypatch.setattr(engine, "raise_flags", lambda *_: ())
    unflagged = rulings(records)
    assert not any(one.flags for one in unflagged.values())
    assert any(one.flags for one in flagged.values()) or name in HONEST
    for deal, one in flagged.items():
        assert unflagged[deal].choice == one.choice, deal
    first, second = (_theirs(records, some) for some in (flagged, unflagged))
    assert first == second


def _theirs(records, ruled):
    """Deal, payer and payee → what is due or waits for a person, in 分."""
    settled = settle_case(records, [money_of(ruled_deal(one), records) for one in ruled.values()])
    sums = {}
    for transfer in (*((one.deal, one.payee, one.due) for one in settled.positions), *_waiting(settled)):
        sums[transfer[:2]] = sums.get(transfer[:2], 0) + transfer[2]
    return {key: amount for key, amount in sums.items() if amount}


def _waiting(settled):
    return ((deal, stage.payee, stage.amount) for deal, stage in settled.open_stages)


@pytest.mark.parametrize("name", WORLDS)
def test_every_flag_names_its_fact_an_innocent_explanation_and_what_would_clear_it(name):
    for one in judged(name).values():
        for flag in one.as_json().get("flags", []):
            for lang in Lang:
                told = flag_text(flag, lang, ZONE)
                assert "{" not in told
                assert text("flag_innocent", flag["id"], lang) in told
                assert text("flag_clears", flag["id"], lang) in told


@pytest.mark.parametrize("name", WORLDS)
def test_no_ruling_rests_on_what_was_withdrawn_while_it_was_open(name):
    """G3: what was withdrawn before a ruling was final is not cited by it; a final one stands, and is marked."""
    made = world(name)
    withdrawn = {row.pass_id: row.at for row in made.rows.get(e.Withdrawal, []) if row.kind is WithdrawalKind.CONSENT}
    faces = {row.id: row.pass_id for row in made.rows[e.Arrival] if row.means is Means.FACE_PASS}
    for one in judged(name).values():
        cited = {each["id"] for each in one.as_json()["evidence"]} | {
            id_ for flag in one.flags for id_ in flag.evidence
        }
        for id_ in cited & set(faces):
            assert withdrawn.get(faces[id_], one.hearing.closing + 1) > one.hearing.closing


@pytest.mark.parametrize("name", WORLDS)
def test_every_code_and_flag_is_told_to_agent_buyer_and_finance(name):
    for one in judged(name).values():
        value = one.as_json()
        for lang in Lang:
            assert tell_buyer(value, lang, ZONE).lines()
            assert tell_finance(value, lang, ZONE).lines()
            for claim in value["claims"]:
                lines = tell_agent(value, claim["registration"], lang, ZONE).lines()
                assert lines
                assert "{" not in "".join(lines)
            assert all(flag_text(flag, lang, ZONE) for flag in value.get("flags", []))


@pytest.mark.parametrize("name", ["zero-face", "open-office", "site-steals"])
def test_a_ruling_with_its_changes_decides_what_it_decides_without(name):
    made = world(name)
    for deal, one in rulings(source(made.rows, made), rule).items():
        assert one.choice == judged(name)[deal].choice
