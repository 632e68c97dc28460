"""`mingshi demo`: a working sales office at localhost with a season behind it."""

import sys
from pathlib import Path

import click

from mingshi.season.prepared import SITE, Prepared, cache_folder, forget, prepared
from mingshi.site.demo import Life, Stage, sweep
from mingshi.site.pages import Server, listen, local_address
from mingshi.store.errors import RefusedStartError


@click.command("demo")
@click.option("--port", default=8330, show_default=True, help="网页端口；0 为任意 / port of the pages; 0: any")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(0), help="随机种子 / seed of the season")
@click.option(
    "--scale", default=0.15, show_default=True, type=click.FloatRange(0.02, 2), help="规模 / size of the season"
)
@click.option(
    "--rest",
    default=1800,
    show_default=True,
    type=click.IntRange(5),
    help="多少秒无人使用即重置 / so many seconds without use, and it begins anew",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    default=cache_folder,
    help="备好的销售季放在哪里 / where prepared seasons are kept",
)
def command(port: int, seed: int, scale: float, rest: int, cache: Path) -> None:
    """在本机打开一个有销售季记录的售楼处 / open a sales office with a season behind it, on this machine."""
    try:
        listening = listen("127.0.0.1", port)
    except OSError as error:
        click.echo(f"端口 {port} 打不开：换一个 --port / port {port} cannot be opened, try --port: {error}", err=True)
        raise SystemExit(2) from None
    address = local_address(listening)
    sweep()

    def life(stage: Stage) -> Life:
        made = prepared(cache, seed, scale)
        try:
            return _life(made, address, stage)
        except (RefusedStartError, OSError):
            forget(made)  # torn by a power cut, or meddled with: once more, from the beginning
            return _life(prepared(cache, seed, scale), address, stage)

    stage = Stage(life, rest_s=rest, tell=click.echo)
    try:
        click.echo(f"打开 / open  {address}/demo")
        click.echo(
            f"{rest // 60} 分钟无人使用即重置；Ctrl+C 结束，所填内容全部清除 / "
            f"begins anew after {rest // 60} minutes without use; Ctrl+C ends it and removes what was typed"
        )
        sys.stdout.flush()
        Server(stage, listening, stage.tidy, secure=False).serve()
    except KeyboardInterrupt:
        pass  # that is how it ends
    finally:
        stage.close()


def _life(made: Prepared, address: str, stage: Stage) -> Life:
    return Life(made.folder / SITE, made.begin, address, stage)
