"""The score of a season: how often the judge is right, whom it would wrong, what each kind of evidence is worth.

The rules this module keeps:

1. Every figure comes from a run over the season at hand, with the preset and seed beside it.
2. Wrongly paid and wrongly withheld stand side by side; so do the naive and the best-response column.
3. The rates are assumptions. The score says so in its first line, in JSON as on the screen.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from mingshi.app.judge_case import deals_in_order
from mingshi.app.yuan_at_risk import AtRisk, Claimed, at_risk, claims_of, whole
from mingshi.domain.judge.dossier import gather
from mingshi.domain.judge.engine import decide
from mingshi.domain.judge.patterns import Pattern, find_patterns, sighting
from mingshi.domain.judge.records import Records
from mingshi.kernel.canonical import Json
from mingshi.season.ablation import ABLATIONS
from mingshi.season.auditor import audit
from mingshi.season.baselines import office_of_2020
from mingshi.season.days import ZONE, at
from mingshi.season.generate import Season, make_season
from mingshi.season.measure import (
    Detector,
    by_mechanism,
    by_tier,
    confusion,
    detector,
    parity,
    time_to_flag,
    yuan,
)
from mingshi.season.presets import Preset
from mingshi.season.rates import BEST_RESPONSE, NAIVE
from mingshi.season.scene import Scene, scene_of
from mingshi.season.tally import Row, Tally, tally

CONSENTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
MONTH_DAYS: Final = 30
MONTHS_WATCHED: Final = 4
ASSUMPTIONS: Final = "the rates are assumptions, not measurements: only the shapes of these figures count"


@final
@dataclass(frozen=True, kw_only=True)
class Judged:
    """A season with its rulings and what became of each claim."""

    records: Records
    rulings: Sequence[Mapping[str, Json]]
    tally: Tally


def judge_season(scene: Scene, rulings: Sequence[Mapping[str, Json]] | None = None) -> Judged:
    """Judge every deal of a season, or take rulings that were given, and tally them against the truth."""
    records = scene.records
    given = rulings or [decide(gather(deal, records)).as_json() for deal in deals_in_order(records)]
    done = tally(scene.truth, audit(scene.truth, scene.policies, ZONE), given, records)
    return Judged(records=records, rulings=given, tally=done)


def score(
    scene: Scene, rulings: Sequence[Mapping[str, Json]] | None = None, *, ablations: bool = True
) -> dict[str, object]:
    """Everything that can be said of one season from its case and its truth."""
    judged = judge_season(scene, rulings)
    done = judged.tally
    value: dict[str, object] = {
        "assumptions": ASSUMPTIONS,
        "deals": done.deals,
        "claimed": len(done.rows),
        "decidable_share": _share(done.decidable, done.deals),
        "accuracy_of_decidable": _share(done.decided_right, done.decidable),
        "tiers": _told(by_tier(done.rows)),
        "mechanisms": {name: _told(tiers) for name, tiers in by_mechanism(done.rows).items()},
        "confusion": confusion(done.rows),
        "yuan": yuan(done.rows, done.taken).as_json(),
        "time_to_flag": time_to_flag(done.rows),
        "parity": parity(done.rows).as_json(),
        "baselines": _told(baselines(done.rows, judged.records)),
        "against_the_site": against_the_site(done),
        "at_risk": [one.as_json() for one in risk(judged)],
        "patterns": [pattern_json(one) for one in patterns(judged)],
    }
    if ablations:
        value["ablation"] = dict(ablate(scene))
    return value


def baselines(rows: Sequence[Row], records: Records) -> dict[str, Detector]:
    """What the judge has to beat."""
    flagged = office_of_2020(records)
    return {
        "B0 flag nothing": detector(rows, lambda _: False),
        "B1 flag all": detector(rows, lambda _: True),
        "B2 office of 2020": detector(rows, lambda row: row.deal in flagged),
    }


def against_the_site(done: Tally) -> dict[str, object]:
    """甩单: how often a flag against the site is right, and how much of what was taken is found."""
    by_trick: dict[str, dict[str, int]] = {}
    for one in done.taken:
        counts = by_trick.setdefault(one.mechanism, {"taken": 0, "flagged": 0, "awarded": 0, "review": 0})
        counts["taken"] += 1
        counts["flagged"] += one.flagged
        counts["awarded"] += one.awarded
        counts["review"] += one.review
    return {
        "flagged": done.accused,
        "rightly": done.accused_rightly,
        "precision": _share(done.accused_rightly, done.accused),
        "tricks": dict(sorted(by_trick.items())),
    }


def claims_at_risk(judged: Judged) -> list[Claimed]:
    """The claimed deals as the estimate of yuan at risk sees them: from rulings and terms, nothing of the truth."""
    return claims_of(judged.records, judged.rulings)


def risk(judged: Judged) -> list[AtRisk]:
    """The estimate for the whole season and for each month."""
    claims = claims_at_risk(judged)
    return [whole(claims, "all"), *at_risk(claims)]


def patterns(judged: Judged) -> list[Pattern]:
    """What a site sees that looks at its patterns once a month; each once, as it was first seen."""
    found: dict[tuple[str, str], Pattern] = {}
    seen = [sighting(ruling, judged.records) for ruling in judged.rulings]
    for month in range(1, MONTHS_WATCHED + 1):
        for one in find_patterns(judged.records, seen, at(MONTH_DAYS * month + 1, 0)):
            found.setdefault((one.id, one.subject), one)
    return [found[key] for key in sorted(found)]


def pattern_json(one: Pattern) -> dict[str, object]:
    """Without the list of evidence, which may be long."""
    return {
        "id": one.id,
        "subject": one.subject,
        "seen": one.seen,
        "of": one.of,
        "evidence": len(one.evidence),
        "args": dict(one.args),
    }


def ablate(scene: Scene) -> Iterator[tuple[str, dict[str, object]]]:
    """The figures without each kind of evidence."""
    for name, take_away in ABLATIONS.items():
        left = replace(scene, rows=take_away(scene.rows))
        yield name, brief(judge_season(left).tally)


def brief(done: Tally) -> dict[str, object]:
    """The few figures that a comparison needs."""
    tiers, money = by_tier(done.rows), yuan(done.rows, done.taken)
    return {
        "hold_recall": round(tiers["hold"].recall, 4),
        "hold_precision": round(tiers["hold"].precision, 4),
        "any_recall": round(tiers["hold or review"].recall, 4),
        "honest_reviewed": round(_share(tiers["hold or review"].wronged, tiers["hold"].honest), 4),
        "false_per_100": round(tiers["hold"].false_per_100, 3),
        "wrongly_paid_fen": money.wrongly_paid_fen,
        "wrongly_withheld_fen": money.wrongly_withheld_fen,
        "by_mechanism": {
            name: round(found["hold or review"].recall, 4) for name, found in by_mechanism(done.rows).items()
        },
    }


def columns(preset: Preset, seed: int) -> dict[str, dict[str, object]]:
    """The same season with naive colluding buyers, and with those who answer to the rules."""
    return {
        name: brief(judge_made(make_season(replace(preset, collusion=kind), seed)).tally)
        for name, kind in (("naive", NAIVE), ("best-response", BEST_RESPONSE))
    }


def sweep(preset: Preset, seed: int) -> dict[str, dict[str, object]]:
    """The same season with the consent to face passes from nobody to everybody."""
    found = {}
    for share in CONSENTS:
        world = replace(preset, rates=replace(preset.rates, face=share))
        found[f"{share:.2f}"] = brief(judge_made(make_season(world, seed)).tally)
    return found


def judge_made(season: Season) -> Judged:
    """Judge a season in memory."""
    return judge_season(scene_of(season))


def _told(detectors: Mapping[str, Detector]) -> dict[str, object]:
    return {name: one.as_json() for name, one in detectors.items()}


def _share(part: int, whole_: int) -> float:
    return round(part / whole_, 5) if whole_ else 1.0
