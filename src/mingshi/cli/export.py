"""`mingshi export`: the site's record as a case that anybody may judge again."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option


@click.command()
@data_option
@click.option("--profile", required=True, help="full、party:渠道公司、public")
@click.option("--by", "people", multiple=True, required=True, help="经办人；full 须两人 / who asks; two for full")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="输出文件夹（尚不存在）/ a folder that is not there"
)
@json_option
def command(data: Path, profile: str, people: tuple[str, ...], out: Path, as_json: bool) -> None:
    """导出 / export; sealed in the log before a byte is written."""
    arguments = {"profile": profile, "people": list(people), "out": str(out.absolute())}
    made = ask(data, "export", arguments, as_json=as_json)
    if not as_json:
        click.echo(f"已导出 {made['deals']} 个成交 / {made['deals']} deals: {made['out']}")
