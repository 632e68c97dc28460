"""The gates of the design, over many seeds: `python -m mingshi.season.gates --seeds 1001:1021`.

The rules this module keeps:

1. Every figure in the table comes from the run that prints it; presets, seeds and the hash of the rates stand in it.
2. Recall is reported, precision and the wrongs done are gated. A gate that fails is printed as failed and ends with 1.
3. Rows of all seeds are pooled; the worst seed stands beside.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
from rich.console import Console
from rich.table import Table

from mingshi.season.generate import make_season
from mingshi.season.measure import by_mechanism, by_tier, detector, difference, parity, time_to_flag, yuan
from mingshi.season.presets import PRESETS
from mingshi.season.rates import fingerprint
from mingshi.season.score import against_the_site, judge_made, risk
from mingshi.season.tally import Tally

MEASURED: Final = (
    "clean",
    "honest",
    "zero-face",
    "open-office",
    "best-response",
    "site-steals",
    "megvii-T1",
    "megvii-T2",
    "megvii-T3",
    "refusers-parity",
)
HOLD_PRECISION: Final = 0.97
LIARS_PRECISION: Final = 0.95
SITE_PRECISION: Final = 0.95
FALSE_PER_100: Final = 2.0
WITHHELD: Final = 0.01
HONEST_EACH: Final = 5_000
PARITY_POINTS: Final = 1.0
HONEST_ACCURACY: Final = 0.99


class Run(NamedTuple):
    """One season, scored."""

    preset: str
    seed: int
    tally: Tally
    low_fen: int
    high_fen: int
    estimate_fen: int


class Gate(NamedTuple):
    """A line of the table."""

    what: str
    preset: str
    figures: str
    passed: bool
    beside: str


def run(task: tuple[str, int]) -> Run:
    """Generate, judge and score one season."""
    preset, seed = task
    judged = judge_made(make_season(PRESETS[preset], seed))
    at_risk = risk(judged)[0]
    return Run(
        preset, seed, judged.tally, at_risk.fen(at_risk.low), at_risk.fen(at_risk.high), at_risk.fen(at_risk.estimate)
    )


def pooled(runs: Iterable[Run]) -> Tally:
    """The rows of many seasons together."""
    return pooled_tallies([one.tally for one in runs])


def pooled_tallies(tallies: Sequence[Tally]) -> Tally:
    """The same of tallies."""
    return Tally(
        rows=[row for one in tallies for row in one.rows],
        taken=[row for one in tallies for row in one.taken],
        accused=sum(one.accused for one in tallies),
        accused_rightly=sum(one.accused_rightly for one in tallies),
        decidable=sum(one.decidable for one in tallies),
        decided_right=sum(one.decided_right for one in tallies),
        deals=sum(one.deals for one in tallies),
    )


def gates(runs: Mapping[str, Sequence[Run]]) -> list[Gate]:
    """The table, for the presets that were run."""
    made: list[Gate] = []
    for preset, need in (("clean", 1.0), ("honest", HONEST_ACCURACY)):
        if preset in runs:
            made.append(_accuracy(preset, need, pooled(runs[preset])))
    for preset, need in (
        ("zero-face", HOLD_PRECISION),
        ("open-office", HOLD_PRECISION),
        ("best-response", LIARS_PRECISION),
    ):
        if preset in runs:
            made.append(_hold(preset, need, runs[preset]))
    if "site-steals" in runs:
        made.append(_site(pooled(runs["site-steals"])))
    if "refusers-parity" in runs:
        made.append(_parity(pooled(runs["refusers-parity"])))
    if "megvii-T1" in runs and "megvii-T3" in runs:
        made.append(_truths(runs))
    return made


def _accuracy(preset: str, need: float, done: Tally) -> Gate:
    right = done.decided_right / max(done.decidable, 1)
    return Gate(
        "attribution accuracy",
        preset,
        f"{done.decided_right} of {done.decidable} decidable = {right:.4f} (≥ {need})",
        right >= need,
        f"decidable {done.decidable / max(done.deals, 1):.1%} of {done.deals} deals",
    )


def _hold(preset: str, need: float, runs: Sequence[Run]) -> Gate:
    done = pooled(runs)
    tiers, money = by_tier(done.rows), yuan(done.rows, done.taken)
    hold, any_, best = tiers["hold"], tiers["hold or review"], tiers["ceiling hold"]
    withheld = money.wrongly_withheld_fen / max(money.honest_fen, 1)
    refused = detector(done.rows, lambda row: row.tier in ("hold", "refused"))
    wrongs = 100 * refused.wronged / max(refused.honest, 1)
    passed = hold.precision >= need and wrongs <= FALSE_PER_100 and withheld <= WITHHELD
    worst = min(by_tier(one.tally.rows)["hold"].precision for one in runs)
    oracle = tiers["B3 covert oracle"].recall
    tricks = "; ".join(
        f"{name} {each['hold'].recall:.2f}/{each['hold or review'].recall:.2f}"
        for name, each in by_mechanism(done.rows).items()
    )
    steps = ", ".join(f"{name} {count}" for name, count in time_to_flag(done.rows).items())
    return Gate(
        "hold tier",
        preset,
        f"precision {hold.precision:.4f} (≥ {need}; worst seed {worst:.3f}; strict {hold.strict_precision:.3f}); "
        f"false holds {wrongs:.2f} per 100 of {hold.honest} (≤ 2); withheld {withheld:.3%} (≤ 1%)",
        passed,
        f"recall hold {hold.recall:.3f} ({hold.yuan_recall:.3f} by yuan), any {any_.recall:.3f} "
        f"({any_.yuan_recall:.3f}); ceiling {best.recall:.3f}, ratio {hold.recall / max(best.recall, 1e-9):.3f}; "
        f"B3 {oracle:.3f}, ratio hold {hold.recall / max(oracle, 1e-9):.3f}, "
        f"any {any_.recall / max(oracle, 1e-9):.3f}; "
        f"hold/any by trick: {tricks}; honest reviewed {any_.wronged / max(any_.honest, 1):.3f}; "
        f"out of rule held {hold.out_of_rule} of {len(done.rows) - hold.honest - hold.frauds}; known {steps}",
    )


def _site(done: Tally) -> Gate:
    site, money = against_the_site(done), yuan(done.rows, done.taken)
    precision = done.accused_rightly / max(done.accused, 1)
    share = money.stolen_found_fen / max(money.stolen_fen, 1)
    awarded = sum(one.commission_fen for one in done.taken if one.due and one.awarded) / max(money.stolen_fen, 1)
    return Gate(
        "the site steals",
        "site-steals",
        f"{done.accused_rightly} of {done.accused} flags against the site right = {precision:.4f} (≥ {SITE_PRECISION})",
        precision >= SITE_PRECISION,
        f"of {money.stolen_fen / 100:,.0f} yuan withheld {share:.1%} found, {awarded:.1%} by the ruling itself; "
        + json.dumps(site["tricks"]),
    )


def _parity(done: Tally) -> Gate:
    one = parity(done.rows)
    gap, low, high = difference(one.refusers_held, one.refusers, one.users_held, one.users)
    enough = min(one.users, one.refusers) >= HONEST_EACH
    reviewed = difference(one.refusers_reviewed, one.refusers, one.users_reviewed, one.users)
    return Gate(
        "face users against refusers",
        "refusers-parity",
        f"{one.users} users, {one.refusers} refusers (≥ {HONEST_EACH}); false holds differ by {gap:.3f} points "
        f"[{low:.3f}, {high:.3f}] (within ±{PARITY_POINTS})",
        enough and low >= -PARITY_POINTS and high <= PARITY_POINTS,
        f"REVIEW differs by {reviewed[0]:.2f} points [{reviewed[1]:.2f}, {reviewed[2]:.2f}] "
        f"({one.refusers_reviewed / max(one.refusers, 1):.3f} against {one.users_reviewed / max(one.users, 1):.3f})",
    )


def _truths(runs: Mapping[str, Sequence[Run]]) -> Gate:
    first, third = runs["megvii-T1"], runs["megvii-T3"]
    paired = zip(first, third, strict=True)
    apart = sum(one.low_fen > other.high_fen for one, other in paired)
    lowest, highest = min(one.low_fen for one in first), max(one.high_fen for one in third)
    told = []
    for name in ("megvii-T1", "megvii-T2", "megvii-T3"):
        some = runs.get(name, ())
        low, middle, high = (
            _mean([getattr(one, field) for one in some]) / 1e6 for field in ("low_fen", "estimate_fen", "high_fen")
        )
        told.append(f"{name[-2:]} {low:.0f}…{middle:.0f}…{high:.0f} 万")
    headline = {
        (one.tally.deals, len(one.tally.rows), sum(row.commission_fen for row in one.tally.rows))
        for name in ("megvii-T1", "megvii-T2", "megvii-T3")
        for one in runs.get(name, ())
    }
    return Gate(
        "same headline, three truths",
        "megvii-T1/T2/T3",
        f"intervals of T1 and T3 apart in {apart} of {len(first)} seeds; lowest end of any T1 {lowest / 1e6:.0f} 万, "
        f"highest of any T3 {highest / 1e6:.0f} 万",
        apart == len(first) and lowest > highest and len(headline) == 1,
        f"mean intervals {'; '.join(told)}; headline in all: "
        + ", ".join(f"{deals}/{claimed}/{fen / 1e6:.0f} 万" for deals, claimed, fen in sorted(headline)),
    )


def _mean(values: Sequence[int]) -> float:
    return sum(values) / max(len(values), 1)


def measure(
    presets: Sequence[str], seeds: Sequence[int], jobs: int, told: Callable[[str], None]
) -> dict[str, list[Run]]:
    """Run every preset over every seed."""
    found: dict[str, list[Run]] = {}
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for preset in presets:
            begun = time.monotonic()
            found[preset] = pool.map(run, [(preset, seed) for seed in seeds], chunksize=1)
            told(f"{preset}: {len(seeds)} seeds, {time.monotonic() - begun:.0f} s")
    return found


@click.command()
@click.option("--seeds", default="1001:1021", show_default=True, help="first:after-last")
@click.option("--preset", "presets", multiple=True, type=click.Choice(MEASURED), help="only these")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="write the table as JSON")
def main(seeds: str, presets: tuple[str, ...], jobs: int, out: Path | None) -> None:
    """Run the gates and print the table; exit code 1 if one fails."""
    first, _, last = seeds.partition(":")
    numbers = list(range(int(first), int(last)))
    console = Console(highlight=False, width=200)
    runs = measure(presets or MEASURED, numbers, jobs, lambda line: click.echo(line, err=True))
    made = gates(runs)
    table = Table(title=f"seeds {seeds}, rates {fingerprint()[:12]} (assumptions)", show_lines=True)
    for column in ("gate", "preset", "figures", "", "reported beside it"):
        table.add_column(column, overflow="fold")
    for gate in made:
        table.add_row(gate.what, gate.preset, gate.figures, "✓" if gate.passed else "✗ FAILED", gate.beside)
    console.print(table)
    if out is not None:
        value = {"seeds": seeds, "rates_sha256": fingerprint(), "gates": [gate._asdict() for gate in made]}
        out.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.exit(0 if all(gate.passed for gate in made) else 1)


if __name__ == "__main__":
    main()
