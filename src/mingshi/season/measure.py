"""From rows to figures: precision, recall, yuan, per trick and per tier; shares with their intervals."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from mingshi.app.yuan_at_risk import wilson
from mingshi.kernel.fen import Fen
from mingshi.season.tally import Row, Stood, Taken, Tier

HELD: Final = frozenset({Tier.HOLD})
LOOKED_AT: Final = frozenset({Tier.HOLD, Tier.REVIEW})
Caught = Callable[[Row], bool]


class Detector(NamedTuple):
    """How good something is at finding 飞单 among claimed channel deals, by count and by yuan."""

    frauds: int
    caught: int
    wronged: int
    """Honest claims it would hold."""
    out_of_rule: int
    """Claims out of the rules that it would hold; they are due nothing."""
    honest: int
    fraud_fen: Fen
    caught_fen: Fen
    wronged_fen: Fen
    honest_fen: Fen

    @property
    def precision(self) -> float:
        """Of what it holds, what is fraud; claims out of rule aside."""
        return _ratio(self.caught, self.caught + self.wronged)

    @property
    def strict_precision(self) -> float:
        """The same with claims out of rule counted as wronged."""
        return _ratio(self.caught, self.caught + self.wronged + self.out_of_rule)

    @property
    def recall(self) -> float:
        """Of the frauds, what it holds."""
        return _ratio(self.caught, self.frauds)

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)

    @property
    def yuan_recall(self) -> float:
        """Of the yuan at risk, what it holds."""
        return _ratio(self.caught_fen, self.fraud_fen)

    @property
    def false_per_100(self) -> float:
        """Honest claims held, per hundred."""
        return 100 * _ratio(self.wronged, self.honest)

    def as_json(self) -> dict[str, object]:
        """With its rates, to four places."""
        values: dict[str, object] = dict(self._asdict())
        for name in ("precision", "strict_precision", "recall", "f1", "yuan_recall", "false_per_100"):
            values[name] = round(getattr(self, name), 4)
        low, high = wilson(self.wronged, self.honest) if self.honest else (0.0, 0.0)
        values["false_per_100_95"] = [
            round(100 * _ratio(low, self.honest), 3),
            round(100 * _ratio(high, self.honest), 3),
        ]
        return values


def detector(rows: Iterable[Row], caught: Caught) -> Detector:
    """The figures of anything that says yes or no to a claim."""
    rows = list(rows)
    frauds = [row for row in rows if row.stood is Stood.FRAUD]
    honest = [row for row in rows if row.stood is Stood.HONEST]
    hit, wrong = [row for row in frauds if caught(row)], [row for row in honest if caught(row)]
    return Detector(
        frauds=len(frauds),
        caught=len(hit),
        wronged=len(wrong),
        out_of_rule=sum(caught(row) for row in rows if row.stood is Stood.OUT_OF_RULE),
        honest=len(honest),
        fraud_fen=_fen(frauds),
        caught_fen=_fen(hit),
        wronged_fen=_fen(wrong),
        honest_fen=_fen(honest),
    )


def by_tier(rows: Sequence[Row]) -> dict[str, Detector]:
    """The judge's two tiers, and the ceiling of each."""
    return {
        "hold": detector(rows, lambda row: row.tier in HELD),
        "hold or review": detector(rows, lambda row: row.tier in LOOKED_AT),
        "ceiling hold": detector(rows, lambda row: row.ceiling is Tier.HOLD),
        "ceiling hold or review": detector(rows, lambda row: row.ceiling in LOOKED_AT),
        "B3 covert oracle": detector(rows, lambda row: row.oracle),
    }


def by_mechanism(rows: Sequence[Row]) -> dict[str, dict[str, Detector]]:
    """Both tiers and their ceilings for every trick."""
    names = sorted({row.mechanism for row in rows if row.mechanism})
    return {name: by_tier([row for row in rows if row.mechanism == name]) for name in names}


def confusion(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Which trick the flags point to, for every trick that was played."""
    table: dict[str, Counter[str]] = {}
    for row in rows:
        if row.stood is Stood.FRAUD:
            table.setdefault(row.mechanism, Counter())[row.guessed or "none"] += 1
    return {name: dict(sorted(counts.items())) for name, counts in sorted(table.items())}


class Yuan(NamedTuple):
    """Money that goes wrong if nobody does more than the rulings ask."""

    wrongly_paid_fen: Fen
    """To agents who brought nobody, without anybody looking."""
    waiting_fraud_fen: Fen
    """Claims of such agents that wait for a person."""
    wrongly_withheld_fen: Fen
    """From honest claims in order: held, or not awarded."""
    waiting_honest_fen: Fen
    """Honest claims that wait for a person."""
    out_of_rule_fen: Fen
    """Not due by the rules, although the agent had led the buyer here."""
    honest_fen: Fen
    stolen_fen: Fen
    """Due to agents and booked as the site's own."""
    stolen_found_fen: Fen
    """Of that: awarded by the ruling, in review, or flagged."""

    def as_json(self) -> dict[str, object]:
        """With the share of honest money withheld."""
        share = round(_ratio(self.wrongly_withheld_fen, self.honest_fen), 5)
        return {**self._asdict(), "wrongly_withheld_share": share}


def yuan(rows: Sequence[Row], taken: Sequence[Taken]) -> Yuan:
    """Wrongly paid and wrongly withheld, side by side."""
    frauds = [row for row in rows if row.stood is Stood.FRAUD]
    honest = [row for row in rows if row.stood is Stood.HONEST]
    stolen = [one for one in taken if one.due]
    return Yuan(
        wrongly_paid_fen=Fen(sum(row.paid_fen for row in frauds if row.tier is Tier.PAID)),
        waiting_fraud_fen=_fen([row for row in frauds if row.tier is Tier.REVIEW]),
        wrongly_withheld_fen=_fen([row for row in honest if row.tier in (Tier.HOLD, Tier.REFUSED)]),
        waiting_honest_fen=_fen([row for row in honest if row.tier is Tier.REVIEW]),
        out_of_rule_fen=_fen([row for row in rows if row.stood is Stood.OUT_OF_RULE]),
        honest_fen=_fen(honest),
        stolen_fen=Fen(sum(one.commission_fen for one in stolen)),
        stolen_found_fen=Fen(sum(one.commission_fen for one in stolen if one.awarded or one.review or one.flagged)),
    )


def time_to_flag(rows: Sequence[Row]) -> dict[str, int]:
    """Before which step the facts that hold a fraud were known."""
    held = [row for row in rows if row.stood is Stood.FRAUD and row.tier is Tier.HOLD]
    steps = Counter(_step(row) for row in held)
    return {step: steps[step] for step in ("before subscription", "before contract", "before payment", "after")}


def _step(row: Row) -> str:
    if row.known_at <= row.subscribed_at:
        return "before subscription"
    if row.known_at <= row.contracted_at:
        return "before contract"
    return "before payment" if not row.settled_at or row.known_at <= row.settled_at else "after"


class Parity(NamedTuple):
    """Honest claims of face users against those of refusers."""

    users: int
    refusers: int
    users_held: int
    refusers_held: int
    users_reviewed: int
    refusers_reviewed: int

    def as_json(self) -> dict[str, object]:
        """Differences in points (refusers minus users), with the 95 % interval of Newcombe (1998)."""
        return {
            **self._asdict(),
            "held_difference": difference(self.refusers_held, self.refusers, self.users_held, self.users),
            "review_difference": difference(self.refusers_reviewed, self.refusers, self.users_reviewed, self.users),
        }


def parity(rows: Sequence[Row]) -> Parity:
    """Counts of honest claims by whether the first visitor had consented to a face pass."""
    honest = [row for row in rows if row.stood is Stood.HONEST]
    users, refusers = [row for row in honest if row.face], [row for row in honest if not row.face]
    bad = (Tier.HOLD, Tier.REFUSED)
    return Parity(
        users=len(users),
        refusers=len(refusers),
        users_held=sum(row.tier in bad for row in users),
        refusers_held=sum(row.tier in bad for row in refusers),
        users_reviewed=sum(row.tier is Tier.REVIEW for row in users),
        refusers_reviewed=sum(row.tier is Tier.REVIEW for row in refusers),
    )


def difference(hits: int, of: int, other_hits: int, other_of: int) -> list[float]:
    """Difference of two shares in points, with its interval: [difference, low, high]."""
    if not of or not other_of:
        return [0.0, -100.0, 100.0]
    one, other = hits / of, other_hits / other_of
    low, high = (limit / of for limit in wilson(hits, of))
    other_low, other_high = (limit / other_of for limit in wilson(other_hits, other_of))
    gap = one - other
    down = ((one - low) ** 2 + (other_high - other) ** 2) ** 0.5
    up = ((high - one) ** 2 + (other - other_low) ** 2) ** 0.5
    return [round(100 * value, 3) for value in (gap, gap - down, gap + up)]


def _fen(rows: Iterable[Row]) -> Fen:
    return Fen(sum(row.commission_fen for row in rows))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
