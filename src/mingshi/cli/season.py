"""`mingshi season`: generate a sales season with known truth."""

import json
from pathlib import Path

import click

from mingshi.cli.problems import json_option, language_option, refuse
from mingshi.files.messages import Language
from mingshi.files.problem import BadInputError
from mingshi.season.folder import write_season
from mingshi.season.game import Behaviour, adapted
from mingshi.season.presets import PRESETS


@click.command("season")
@click.option("--preset", type=click.Choice(list(PRESETS)), required=True, help="哪一种世界 / which world")
@click.option("--seed", type=click.IntRange(0), required=True, help="随机种子 / the same seed gives the same bytes")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="写入的文件夹 / folder to write")
@click.option(
    "--scale", type=click.FloatRange(0.01, 100), default=1.0, show_default=True, help="规模 / more or fewer groups"
)
@click.option(
    "--behaviour",
    type=click.Choice([one.value for one in Behaviour]),
    default=Behaviour.NAIVE.value,
    show_default=True,
    help="各方是否应对规则 / whether actors answer to the rules",
)
@language_option
@json_option
def command(
    preset: str, seed: int, out: Path, *, scale: float, behaviour: str, language: Language, as_json: bool
) -> None:
    """生成一个有真相的销售季：OUT/events（案卷）、OUT/truth（真相）、OUT/manifest.json。

    Write a season whose truth is known: OUT/events is a case that `mingshi judge` reads, OUT/truth is what really
    happened. Every rate is an assumption. Nobody in it is real, and no number can ring.
    """
    world = PRESETS[preset]
    world = world.scaled(scale) if scale != 1 else world
    season, game = adapted(world, seed, Behaviour(behaviour))
    try:
        manifest = write_season(season, out, scale=scale, behaviour=behaviour, game=game)
    except BadInputError as error:
        refuse(error.problems, language, as_json=as_json)
    if as_json:
        click.echo(json.dumps(manifest, ensure_ascii=False, indent=2))
        return
    records = manifest["records"]
    assert isinstance(records, dict)
    click.echo(f"{preset} seed {seed}: {manifest['deals']} deals, {records.get('arrivals', 0)} check-ins → {out}")
    click.echo("概率为假设，不是测量 / the rates are assumptions, not measurements")
