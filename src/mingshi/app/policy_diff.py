"""Two policies on the same facts: which rulings flip, which yuan move, on which side, and by which clause.

The rules this module keeps:

1. The facts stay what they were. What people would have done under other rules no re-judging can tell; it is said.
2. Where a case cannot try a clause (`clauses`), there are two readings: *tried*, with such clauses taken to ask
   nothing, and *written*, every clause to the letter. Neither stands for the other.
3. Amendment 14: yuan are told per side and per agency; what the agencies gain the developer pays.
4. Every flip names the clauses that moved it, found by judging again: those that do it alone, else those without
   which it would not have happened.
5. `diff(old, new)` and `diff(new, old)` are each other's mirror.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mingshi.app.clauses import Clause, clauses, quiet, without
from mingshi.app.judge_case import deals_in_order
from mingshi.app.worth import Judged, Part, Side, Worth, by_side, judged, worth_of
from mingshi.domain.ids import DealId
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import decide
from mingshi.domain.judge.records import Records
from mingshi.domain.judge.ruling import Ruling
from mingshi.domain.policy import Policy, single
from mingshi.kernel.canonical import Json, mapping, sequence
from mingshi.kernel.fen import Fen

Judge = Callable[[Records, Sequence[DealId]], list[Judged]]
"""Rules the deals of a case: on one core (`judge_here`) or several."""


class Why(NamedTuple):
    """What became of one claim: the rule that decided it before and after, as findings; None: the claim stood."""

    registration: str
    before: Mapping[str, Json] | None
    after: Mapping[str, Json] | None


class Flip(NamedTuple):
    """One deal that comes out otherwise, or is worth something else to somebody."""

    before: Worth
    after: Worth
    moved_by: tuple[Clause, ...]
    """Where only yuan moved, the clauses may have moved them by other deals: an agency's tier counts its deals."""
    together: bool
    """The clauses did it only together."""
    whys: tuple[Why, ...] = ()

    @property
    def deal(self) -> DealId:
        """Which."""
        return self.before.deal

    @property
    def outcome(self) -> bool:
        """Whether the ruling flipped; else only yuan moved."""
        return self.before.outcome != self.after.outcome

    @property
    def moved(self) -> Fen:
        """Yuan that change hands: half the sum of what every side gains or loses, so that none is counted twice."""
        gains = _gains(self)
        return Fen(sum(abs(amount) for amount in gains.values()) // 2)


class Line(NamedTuple):
    """One side's or agency's season before and after."""

    name: str
    before: Fen
    after: Fen
    won: int = 0
    """Deals that came to it."""
    lost: int = 0

    @property
    def moved(self) -> Fen:
        """What it gains (below zero: loses)."""
        return Fen(self.after - self.before)


class Effect(NamedTuple):
    """What one clause alone would have changed."""

    clause: Clause
    flips: int
    sides: Mapping[Side, Fen]
    """What each side gains."""


class Reading(NamedTuple):
    """One way to apply the new policy to the case."""

    name: str
    """`tried` or `written`."""
    flips: tuple[Flip, ...]
    sides: tuple[Line, ...]
    agencies: tuple[Line, ...]
    pending: tuple[Fen, Fen]
    """What the proposals before people would be worth to the agencies, before and after."""
    waits: tuple[int, int]
    """Deals that wait for a person."""
    kinds: Mapping[tuple[str, str], int]
    """(outcome before, outcome after) → deals, of those whose ruling flipped."""

    @property
    def flipped(self) -> int:
        """Rulings that flip."""
        return sum(self.kinds.values())


class PolicyDiff(NamedTuple):
    """Everything that is told of two policies on one case."""

    old: Policy
    new: Policy
    project: str
    deals: int
    clauses: tuple[Clause, ...]
    effects: tuple[Effect, ...]
    readings: tuple[Reading, ...]
    """`tried` first where it differs from `written`; always `written`."""

    @property
    def untried(self) -> tuple[Clause, ...]:
        """Clauses that the case cannot try."""
        return tuple(clause for clause in self.clauses if not clause.tried)


def judge_here(records: Records, deals: Sequence[DealId]) -> list[Judged]:
    """In this process."""
    return [judged(deal, records) for deal in deals]


def diff(old: Policy, new: Policy, records: Records, judge: Judge = judge_here) -> PolicyDiff:
    """Judge a case by both policies, and by the old one with each clause of the new one alone."""
    changed = clauses(old, new, records)
    assert changed, "two policies with the same parameters have nothing to compare"
    lab = _Lab(records, judge)
    written = lab.worth(old), lab.worth(new)
    asking_nothing = {clause.parameter: quiet(clause, old, new) for clause in changed if not clause.tried}
    tried_old, tried_new = without(old, asking_nothing), without(new, asking_nothing)
    tried = lab.worth(tried_old), lab.worth(tried_new)
    effects = tuple(_effect(clause, old, new, lab) for clause in changed)
    readings = [_reading("written", old, new, changed, lab)]
    if tried != written:
        readings.insert(0, _reading("tried", tried_old, tried_new, [one for one in changed if one.tried], lab))
    return PolicyDiff(old, new, records.project, len(lab.deals), changed, effects, tuple(readings))


def runs(old: Policy, new: Policy, records: Records) -> int:
    """How often `diff` judges the whole case, at most: for a progress bar."""
    return len(clauses(old, new, records)) * 2 + 4


class _Lab:
    """Judges a case by a policy once."""

    def __init__(self, records: Records, judge: Judge) -> None:
        self._records, self._judge = records, judge
        self._kept: dict[str, dict[DealId, Worth]] = {}
        self._under: dict[str, Records] = {}
        self.deals = deals_in_order(records)

    def worth(self, policy: Policy) -> dict[DealId, Worth]:
        known = self._kept.get(policy.sha256)
        if known is None:
            records = self.under(policy)
            rows = worth_of(self._judge(records, self.deals), records)
            known = self._kept[policy.sha256] = {row.deal: row for row in rows}
        return known

    def under(self, policy: Policy) -> Records:
        known = self._under.get(policy.sha256)
        if known is None:
            known = self._under[policy.sha256] = self._records.under(single(policy))
        return known

    def ruling(self, deal: DealId, policy: Policy) -> Ruling:
        return decide(gather(deal, self.under(policy)))


def _reading(name: str, old: Policy, new: Policy, changed: Sequence[Clause], lab: _Lab) -> Reading:
    before, after = lab.worth(old), lab.worth(new)
    flips = []
    for deal in lab.deals:
        if before[deal].outcome != after[deal].outcome or before[deal].parts != after[deal].parts:
            by, together = _moved_by(deal, old, new, changed, lab)
            whys = tuple(_whys(lab.ruling(deal, old), lab.ruling(deal, new)))
            flips.append(Flip(before[deal], after[deal], by, together, whys))
    kinds = Counter((flip.before.outcome.kind.value, flip.after.outcome.kind.value) for flip in flips if flip.outcome)
    flips.sort(key=lambda flip: (not flip.outcome, -flip.moved, flip.deal))
    return Reading(
        name=name,
        flips=tuple(flips),
        sides=_sides(before, after),
        agencies=_agencies(before, after),
        pending=(_pending(before), _pending(after)),
        waits=(sum(row.waits for row in before.values()), sum(row.waits for row in after.values())),
        kinds=dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
    )


def _moved_by(
    deal: DealId, old: Policy, new: Policy, changed: Sequence[Clause], lab: _Lab
) -> tuple[tuple[Clause, ...], bool]:
    """The clauses that alone turn the old result into the new one; else those without which the new one would not
    be; else those that alone turn it at all; else all of them together.
    """
    target, start = lab.worth(new)[deal], lab.worth(old)[deal]

    def same(one: Worth, other: Worth) -> bool:
        return (one.outcome, one.parts) == (other.outcome, other.parts)

    alone = {
        clause: lab.worth(without(old, {clause.parameter: getattr(new, clause.parameter)}))[deal] for clause in changed
    }
    enough = tuple(clause for clause, worth in alone.items() if same(worth, target))
    if enough:
        return enough, False
    needed = tuple(
        clause
        for clause in changed
        if not same(lab.worth(without(new, {clause.parameter: getattr(old, clause.parameter)}))[deal], target)
    )
    if needed:
        return needed, len(needed) > 1
    some = tuple(clause for clause, worth in alone.items() if not same(worth, start))
    # Any two of three may do it, and then none does it alone and none is needed.
    return (some, False) if some else (tuple(changed), True)


def _whys(before: Ruling, after: Ruling) -> Iterator[Why]:
    """Every claim that another rule decides now, or that none does any more."""
    earlier, later = _findings(before), _findings(after)
    for registration in dict.fromkeys((*earlier, *later)):
        was, is_ = earlier.get(registration), later.get(registration)
        if was != is_:
            yield Why(registration, was, is_)


def _findings(ruling: Ruling) -> dict[str, Mapping[str, Json] | None]:
    """The rule that decided each claim, as a finding; None where the claim stood."""
    found: dict[str, Mapping[str, Json] | None] = {}
    for item in sequence(ruling.as_json()["claims"]):
        claim = mapping(item)
        rule = claim.get("rule")
        answer = None if rule is None else mapping(claim["rules"]).get(str(rule))
        told = answer if isinstance(answer, dict) else {"answer": answer}
        about = {"rule": rule, "registered_at": claim["submitted_at"]}
        found[str(claim["registration"])] = None if rule is None else about | told
    return found


def _effect(clause: Clause, old: Policy, new: Policy, lab: _Lab) -> Effect:
    before = lab.worth(old)
    after = lab.worth(without(old, {clause.parameter: getattr(new, clause.parameter)}))
    flips = sum(before[deal].outcome != after[deal].outcome for deal in lab.deals)
    return Effect(clause, flips, {line.name: line.moved for line in _sides(before, after)})  # type: ignore[misc]


def _sides(before: Mapping[DealId, Worth], after: Mapping[DealId, Worth]) -> tuple[Line, ...]:
    old, new = (by_side(part for worth in rows.values() for part in worth.parts) for rows in (before, after))
    return tuple(Line(side, old[side], new[side]) for side in Side if old[side] or new[side])


def _agencies(before: Mapping[DealId, Worth], after: Mapping[DealId, Worth]) -> tuple[Line, ...]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for deal, worth in before.items():
        mine, theirs = _of_agencies(worth.parts), _of_agencies(after[deal].parts)
        for name, amount in mine.items():
            sums[name][0] += amount
            sums[name][3] += name not in theirs
        for name, amount in theirs.items():
            sums[name][1] += amount
            sums[name][2] += name not in mine
    lines = (Line(name, Fen(a), Fen(b), won, lost) for name, (a, b, won, lost) in sums.items())
    return tuple(sorted(lines, key=lambda line: (-abs(line.moved), line.name)))


def _of_agencies(parts: Sequence[Part]) -> dict[str, int]:
    return {part.party: part.amount for part in parts if part.side is Side.AGENCIES}


def _pending(rows: Mapping[DealId, Worth]) -> Fen:
    return Fen(sum(part.amount for row in rows.values() for part in row.pending if part.side is Side.AGENCIES))


def _gains(flip: Flip) -> dict[tuple[Side, str], int]:
    gains: dict[tuple[Side, str], int] = defaultdict(int)
    for sign, parts in ((-1, flip.before.parts), (1, flip.after.parts)):
        for part in parts:
            gains[part.side, part.party] += sign * part.amount
    gains[Side.DEVELOPER, ""] -= sum(gains.values())
    return gains


def diff_json(diff: PolicyDiff) -> dict[str, Json]:
    """All of it for a machine; amounts in 分."""
    return {
        "project": diff.project,
        "deals": diff.deals,
        "old": _policy(diff.old),
        "new": _policy(diff.new),
        "clauses": [_clause(effect) for effect in diff.effects],
        "readings": {reading.name: _reading_json(reading) for reading in diff.readings},
    }


def _policy(policy: Policy) -> dict[str, Json]:
    return {"version": policy.version, "sha256": policy.sha256}


def _clause(effect: Effect) -> dict[str, Json]:
    clause, held = effect.clause, effect.clause.rests_on
    return {
        "parameter": clause.parameter,
        "rule": clause.rule,
        "old": clause.old,
        "new": clause.new,
        "tried": clause.tried,
        "rests_on": None if held is None else {"kind": held.kind, "held": held.held, "of": held.of},
        "alone": {"flips": effect.flips, "moved_fen": {side.value: fen for side, fen in effect.sides.items()}},
    }


def _reading_json(reading: Reading) -> dict[str, Json]:
    return {
        "flips": reading.flipped,
        "kinds": [{"old": old, "new": new, "deals": count} for (old, new), count in reading.kinds.items()],
        "waits": list(reading.waits),
        "pending_fen": list(reading.pending),
        "sides": [_line(line) for line in reading.sides],
        "agencies": [_line(line) | {"won": line.won, "lost": line.lost} for line in reading.agencies],
        "deals": [_flip(flip) for flip in reading.flips],
    }


def _line(line: Line) -> dict[str, Json]:
    return {"name": str(line.name), "before_fen": line.before, "after_fen": line.after, "moved_fen": line.moved}


def _flip(flip: Flip) -> dict[str, Json]:
    return {
        "deal": flip.deal,
        "outcome_flipped": flip.outcome,
        "before": _worth(flip.before),
        "after": _worth(flip.after),
        "moved_fen": flip.moved,
        "moved_by": [{"parameter": one.parameter, "rule": one.rule} for one in flip.moved_by],
        "together": flip.together,
        "why": [
            {
                "registration": why.registration,
                "before": None if why.before is None else dict(why.before),
                "after": None if why.after is None else dict(why.after),
            }
            for why in flip.whys
        ],
    }


def _worth(worth: Worth) -> dict[str, Json]:
    return {
        "outcome": worth.outcome.as_json(),
        "because": worth.because,
        "proposal": None if worth.proposal is None else worth.proposal.as_json(),
        "waits": worth.waits,
        "parts": [{"side": part.side.value, "party": part.party, "fen": part.amount} for part in worth.parts],
    }
