"""`mingshi score`: a season's rulings against its truth."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click
from rich.console import Console

from mingshi.cli.problems import json_option, language_option, refuse
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError, problem
from mingshi.kernel.canonical import Json, loads, mapping
from mingshi.season.folder import read_manifest
from mingshi.season.plots import pictures
from mingshi.season.presets import PRESETS
from mingshi.season.rates import fingerprint
from mingshi.season.scene import read_scene
from mingshi.season.score import columns, score, sweep
from mingshi.season.told import tell_score

SMALL: Final = 3000
"""Deals up to which ablations are run without being asked for: each judges the whole season again."""


@click.command("score")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--rulings", type=click.Path(path_type=Path), help="rulings.jsonl；不给则现判 / else judged here")
@click.option("--plots", is_flag=True, help="在 FOLDER/plots 写 SVG / write pictures")
@click.option("--full/--brief", default=None, help="去证据、同意比例、串通方式的比较 / ablations, sweep, columns")
@language_option
@json_option
def command(
    folder: Path, rulings: Path | None, *, plots: bool, full: bool | None, language: Language, as_json: bool
) -> None:
    """对照真相给判客结果打分：准确率与召回率、错付与错扣、各手法、各类证据的价值。

    Score rulings against the truth of a season written by `mingshi season`: precision and recall per tier by count
    and yuan, per trick, whom it would wrong, what each kind of evidence is worth.
    """
    try:
        manifest = read_manifest(folder)
        scene = read_scene(folder)
        given = None if rulings is None else _read_rulings(rulings)
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    full = len(scene.truth.sales) <= SMALL if full is None else full
    value: dict[str, object] = {"preset": manifest.preset, "seed": manifest.seed}
    value |= score(scene, given, ablations=full)
    world = PRESETS.get(manifest.preset)
    if full and world is not None and manifest.rates_sha256 == fingerprint():
        world = world.scaled(manifest.scale) if manifest.scale != 1 else world
        value["columns"] = columns(world, manifest.seed)
        value["sweep"] = sweep(world, manifest.seed)
    if plots:
        place = folder / "plots"
        place.mkdir(exist_ok=True)
        for name, picture in pictures(value, f"{manifest.preset}, seed {manifest.seed}").items():
            (place / name).write_text(picture, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        tell_score(value, Console(highlight=False))


def _read_rulings(path: Path) -> list[Mapping[str, Json]]:
    """The lines of a rulings.jsonl."""
    try:
        return [mapping(loads(line)) for line in path.read_bytes().splitlines() if line]
    except (OSError, ValueError, AssertionError):
        raise BadInputError([problem(path.name, "bad_rulings")]) from None
