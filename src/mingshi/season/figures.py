"""The figures of docs/gates.md and docs/evidence.md, written by the run that made them: `make figures`.

The rules this module keeps:

1. No figure in the tables of those two pages is typed: a table stands between marks that name it, and only this
   module writes there.
2. Rows of all seeds are pooled; every table says over which seeds, under which rates.
3. A season is judged again for every comparison: same people, same acts, other records.
"""

import multiprocessing
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from mingshi.season.ablation import ABLATIONS
from mingshi.season.baselines import office_of_2020
from mingshi.season.game import Behaviour, mechanisms, play, works
from mingshi.season.gates import MEASURED, Gate, Run, gates, measure, pooled_tallies
from mingshi.season.generate import make_season
from mingshi.season.measure import by_mechanism, by_tier, detector, yuan
from mingshi.season.presets import PRESETS, Preset
from mingshi.season.rates import BEST_RESPONSE, NAIVE, fingerprint
from mingshi.season.scene import scene_of
from mingshi.season.score import CONSENTS, judge_season
from mingshi.season.tally import Row, Stood, Taken, Tally, Tier

EVERYTHING: Final = "everything"
TRICKS: Final = ("JK", "CK", "HH", "XK")
ORDER: Final = ("own check-in", "look-up log", "statements", "receipts", "passes")
"""In which an office that has none of them takes them up."""
GAMES: Final = 5
"""Seeds of the game; each is up to 160 seasons."""

WAN_FEN: Final = 1_000_000

Tallies = Mapping[str, Tally]


def without_each(task: tuple[str, int]) -> Tallies:
    """A season, and the same without each kind of evidence."""
    scene = scene_of(make_season(PRESETS[task[0]], task[1]))
    found = {EVERYTHING: judge_season(scene).tally}
    for kind, take_away in ABLATIONS.items():
        found[kind] = judge_season(replace(scene, rows=take_away(scene.rows))).tally
    return found


def step_by_step(task: tuple[str, int]) -> Tallies:
    """A season of an office where staff write everything, and of one that adds one kind of evidence after another."""
    scene = scene_of(make_season(PRESETS[task[0]], task[1]))
    found = {}
    for number, name in enumerate(("staff write everything", *(f"+ {kind}" for kind in ORDER))):
        rows = scene.rows
        for kind in ORDER[number:]:
            rows = ABLATIONS[kind](rows)
        found[name] = judge_season(replace(scene, rows=rows)).tally
    return found


def with_faces(task: tuple[str, int]) -> Tallies:
    """The same season with more and more who consent to a face pass."""
    preset = PRESETS[task[0]]
    worlds = {f"{share:.0%}": replace(preset, rates=replace(preset.rates, face=share)) for share in CONSENTS}
    return _judged(worlds, task[1])


def with_liars(task: tuple[str, int]) -> Tallies:
    """The same season with naive colluding buyers, and with those who answer to the rules."""
    preset = PRESETS[task[0]]
    kinds = {"naive": NAIVE, "best-response": BEST_RESPONSE}
    return _judged({name: replace(preset, collusion=kind) for name, kind in kinds.items()}, task[1])


def _judged(worlds: Mapping[str, Preset], seed: int) -> Tallies:
    return {name: judge_season(scene_of(make_season(world, seed))).tally for name, world in worlds.items()}


def compared(task: tuple[str, int]) -> tuple[list[Row], list[bool]]:
    """The claims of a season, and which of them an office of 2020 would flag (B2)."""
    judged = judge_season(scene_of(make_season(PRESETS[task[0]], task[1])))
    flagged = office_of_2020(judged.records)
    return judged.tally.rows, [row.deal in flagged for row in judged.tally.rows]


def games(task: tuple[str, int]) -> list[tuple[str, dict[str, object]]]:
    """What each mechanism makes of people who answer to the rules."""
    preset, seed = PRESETS[task[0]], task[1]
    tried = [(one.name, play(one.preset, seed, Behaviour.BEST_RESPONSE, one.stakes)) for one in mechanisms(preset)]
    before = tried[0][1]
    return [(name, {**one.as_json(), "works": works(one, before)}) for name, one in tried]


class Line(NamedTuple):
    """The few figures of one judged world."""

    name: str
    tally: Tally

    def cells(self) -> list[str]:
        """Recall and precision of the hold, recall of hold or review, what it costs the honest, by trick."""
        tiers, money = by_tier(self.tally.rows), yuan(self.tally.rows, self.tally.taken)
        hold, any_ = tiers["hold"], tiers["hold or review"]
        wronged = detector(self.tally.rows, lambda row: row.tier in (Tier.HOLD, Tier.REFUSED))
        of_frauds, of_honest = max(hold.fraud_fen, 1), max(hold.honest_fen, 1)
        tricks = by_mechanism(self.tally.rows)
        return [
            self.name,
            f"{hold.recall:.2f}",
            f"{hold.precision:.3f}",
            f"{any_.recall:.2f}",
            *(f"{tricks[name]['hold or review'].recall:.2f}" for name in TRICKS if name in tricks),
            f"{any_.wronged / max(any_.honest, 1):.2f}",
            f"{wronged.false_per_100:.2f}",
            f"{money.wrongly_paid_fen / of_frauds:.1%}",
            f"{money.wrongly_withheld_fen / of_honest:.2%}",
        ]


HEAD: Final = (
    "recall of holds", "precision of holds", "recall of hold or review", *TRICKS, "honest claims reviewed",
    "honest refused or held per 100", "yuan of frauds paid", "honest yuan withheld",
)  # fmt: skip


def lines(first: str, tallies: Tallies) -> str:
    """A table of worlds."""
    return table((first, *HEAD), [Line(name, tally).cells() for name, tally in tallies.items()])


def table(head: Sequence[str], rows: Sequence[Sequence[str]], align: str = "---:") -> str:
    """Markdown; `align`: of every column but the first."""
    made = [head, ["---", *[align] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in made)


def gate_table(made: Sequence[Gate]) -> str:
    """The gates, with what is reported beside them."""
    rows = [
        [gate.what, gate.preset, *(each.replace("; ", "<br>") for each in (gate.figures, gate.beside)), _passed(gate)]
        for gate in made
    ]
    return table(("gate", "preset", "gated", "reported beside it", ""), rows, "---")


def _passed(gate: Gate) -> str:
    return "holds" if gate.passed else "**fails**"


def detectors(found: Sequence[tuple[list[Row], list[bool]]]) -> str:
    """The judge between what it has to beat and what nobody may build."""
    rows = [row for some, _ in found for row in some]
    old = {id(row): flag for some, flags in found for row, flag in zip(some, flags, strict=True)}
    tiers = by_tier(rows)
    shown = {
        "B0: flag nothing": detector(rows, lambda _: False),
        "B1: flag everything": detector(rows, lambda _: True),
        "B2: rules of an office of 2020": detector(rows, lambda row: old[id(row)]),
        "mingshi, hold": tiers["hold"],
        "mingshi, hold or review": tiers["hold or review"],
        "ceiling, hold": tiers["ceiling hold"],
        "ceiling, hold or review": tiers["ceiling hold or review"],
        "B3: covert oracle, never built": tiers["B3 covert oracle"],
    }
    return table(
        ("", "precision", "recall", "F1", "recall by yuan", "honest claims hit per 100"),
        [
            [name, *(f"{value:.2f}" for value in (one.precision, one.recall, one.f1, one.yuan_recall)),
             f"{one.false_per_100:.1f}"]
            for name, one in shown.items()
        ],
    )  # fmt: skip


def steals(task: tuple[str, int]) -> Tally:
    """One season."""
    return judge_season(scene_of(make_season(PRESETS[task[0]], task[1]))).tally


def thefts(found: Sequence[Tally]) -> str:
    """甩单, trick by trick: what the ruling itself, a person who is asked, or a flag gives back."""
    by_trick: dict[str, list[Taken]] = {}
    for one in pooled_tallies(found).taken:
        by_trick.setdefault(one.mechanism, []).append(one)
    rows = []
    for name, taken in sorted(by_trick.items()):
        found_ = [one for one in taken if one.awarded or one.review or one.flagged]
        counts = (sum(one.awarded for one in taken), sum(one.review for one in taken))
        flagged = sum(one.flagged for one in taken)
        rows.append([name, *map(str, (len(taken), *counts, flagged)), f"{len(found_) / len(taken):.2f}"])
    return table(("trick of the site", "deals", "awarded to the agent", "before a person", "flagged", "found"), rows)


def erased(found: Sequence[Tally]) -> str:
    """XK-erase (amendment 4): the price of the right to erase, against which nothing is kept."""
    rows = [row for row in pooled_tallies(found).rows if row.stood is Stood.FRAUD]
    fen, paid = sum(row.commission_fen for row in rows), sum(row.paid_fen for row in rows if row.tier is Tier.PAID)
    tiers = Counter(row.tier for row in rows)
    counts = [tiers[each] for each in (Tier.HOLD, Tier.REVIEW, Tier.REFUSED, Tier.PAID)]
    return table(
        ("erased, then claimed by an agent", "held", "before a person", "refused by another rule", "paid", "yuan paid"),
        [[str(len(rows)), *map(str, counts), f"{paid / max(fen, 1):.1%}"]],
    )


def at_risk_table(runs: Mapping[str, Sequence[Run]]) -> str:
    """The estimate of yuan at risk beside what was at risk; means over the seeds, in 万."""
    rows = []
    for preset, some in runs.items():
        truth = [sum(row.commission_fen for row in one.tally.rows if row.stood is Stood.FRAUD) for one in some]
        inside = sum(one.low_fen <= fen <= one.high_fen for one, fen in zip(some, truth, strict=True))
        means = [sum(each) / len(some) / WAN_FEN for each in (
            truth, [one.estimate_fen for one in some], [one.low_fen for one in some], [one.high_fen for one in some],
        )]  # fmt: skip
        true, estimate, low, high = (f"{value:.0f}" for value in means)
        rows.append([preset, true, estimate, f"{low} … {high}", f"{inside} of {len(some)}"])
    return table(("preset", "truly at risk, 万", "estimated", "interval", "intervals that hold the truth"), rows)


def game_table(found: Sequence[Sequence[tuple[str, Any]]]) -> str:
    """Means over the seeds of the game."""
    rows = []
    for index, (name, _) in enumerate(found[0]):
        all_ = [each[index][1] for each in found]

        def mean(field: str, all_: Sequence[Any] = all_) -> float:
            return sum(float(one[field]) for one in all_) / len(all_)

        gap = sum(one["incentive_gap_yuan"]["agent"] for one in all_) / len(all_)
        rows.append(
            [
                name,
                f"{mean('attempts_per_100_natural'):.0f}",
                f"{mean('units_where_no_lie_pays'):.2f}",
                f"{gap:,.0f}",
                f"{mean('wrongly_paid_yuan'):,.0f}",
                f"{mean('wrongly_withheld_yuan'):,.0f}",
                f"{mean('benefits_yuan'):,.0f}",
                f"{sum(one['works'] for one in all_)} of {len(all_)}",
            ]
        )
    return table(
        ("", "tried per 100 natural buyers", "units where no lie pays", "agent's best lie − truth, yuan",
         "yuan wrongly paid", "yuan wrongly withheld", "yuan of benefits", "works"),
        rows,
    )  # fmt: skip


def put(page: str, name: str, text: str) -> str:
    """The page with its table `name` replaced. Raises `KeyError` where the page has no such marks."""
    begin, end = f"<!-- figures: {name} -->", "<!-- end -->"
    found = re.search(f"{re.escape(begin)}.*?{re.escape(end)}", page, re.DOTALL)
    if found is None:
        raise KeyError(name)
    return f"{page[: found.start()]}{begin}\n{text}\n{end}{page[found.end() :]}"


def quote(page: str) -> str:
    """The page with every quoted figure as its table has it.

    A figure in the text follows a mark, `<!-- = table | row | column -->`. Raises `KeyError` where there is none such.
    """
    cells: dict[tuple[str, str, str], str] = {}
    for name, text in re.findall(r"<!-- figures: (.*?) -->\n(.*?)<!-- end -->", page, re.DOTALL):
        rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
        for row in rows[2:]:
            cells |= {(name, row[0], column): cell for column, cell in zip(rows[0], row, strict=True)}

    def figure(found: re.Match[str]) -> str:
        table_, row, column = (each.strip() for each in found[1].split("|"))
        return f"<!-- ={found[1]}-->{cells[table_, row, column]}"

    return re.sub(r"<!-- =(.*?)-->\d+(?:,\d{3})*(?:\.\d+)?%?", figure, page)


def pool(found: Sequence[Tallies]) -> dict[str, Tally]:
    """Each world's tallies of all seeds together."""
    return {name: pooled_tallies([each[name] for each in found]) for name in found[0]}


Make = Callable[[Any], str]
COMPARED: Final[Mapping[str, tuple[str, Callable[[tuple[str, int]], Any], Make]]] = {
    "detectors zero-face": ("zero-face", compared, detectors),
    "detectors open-office": ("open-office", compared, detectors),
    "without zero-face": ("zero-face", without_each, lambda found: lines("without", pool(found))),
    "without open-office": ("open-office", without_each, lambda found: lines("without", pool(found))),
    "steps": ("open-office", step_by_step, lambda found: lines("", pool(found))),
    "faces": ("zero-face", with_faces, lambda found: lines("consent to a face pass", pool(found))),
    "liars zero-face": ("zero-face", with_liars, lambda found: lines("colluding buyers", pool(found))),
    "liars open-office": ("open-office", with_liars, lambda found: lines("colluding buyers", pool(found))),
    "thefts": ("site-steals", steals, thefts),
    "erasure": ("erasure", steals, erased),
    "game": ("zero-face", games, game_table),
}


@click.command()
@click.option("--seeds", default="1001:1021", show_default=True, help="first:after-last")
@click.option("--jobs", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--only", multiple=True, type=click.Choice(["gates", *COMPARED]), help="only these tables")
@click.argument("docs", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(docs: Path, seeds: str, jobs: int, only: tuple[str, ...]) -> None:
    """Run everything and write the tables into DOCS/gates.md and DOCS/evidence.md."""
    first, _, last = seeds.partition(":")
    numbers = range(int(first), int(last))
    wanted = only or ("gates", *COMPARED)
    told = f"seeds {first} to {int(last) - 1}, rates `{fingerprint()[:12]}`"
    if "gates" in wanted:
        runs = measure(MEASURED, numbers, jobs, lambda line: click.echo(line, err=True))
        page = put((docs / "gates.md").read_text(encoding="utf-8"), "gates", f"{gate_table(gates(runs))}\n\n{told}.")
        page = put(page, "at risk", f"{at_risk_table(runs)}\n\n{told}.")
        (docs / "gates.md").write_text(page, encoding="utf-8")
    with multiprocessing.get_context("fork").Pool(jobs) as workers:
        for name in (each for each in COMPARED if each in wanted):
            preset, ask, make = COMPARED[name]
            some = numbers[:GAMES] if ask is games else numbers
            found = workers.map(ask, [(preset, seed) for seed in some], chunksize=1)
            text = f"{make(found)}\n\n{preset}, {told if ask is not games else f'the first {len(some)} of {told}'}."
            page = put((docs / "evidence.md").read_text(encoding="utf-8"), name, text)
            (docs / "evidence.md").write_text(quote(page), encoding="utf-8")
            click.echo(name, err=True)


if __name__ == "__main__":
    main()
