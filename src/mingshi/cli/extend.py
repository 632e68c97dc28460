"""`mingshi extend`: two people widen a window of a registration (D3)."""

from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option, say
from mingshi.cli.problems import json_option
from mingshi.domain.evidence import Window


@click.command()
@data_option
@click.argument("registration")
@click.option(
    "--window",
    required=True,
    type=click.Choice([one.value for one in Window]),
    help="report：报备保护期，visit：到访保护期 / which window",
)
@click.option("--days", required=True, type=click.IntRange(1), help="延长几天 / by how many days")
@click.option("--reason", required=True, help="事由 / why")
@click.option("--by", "people", required=True, multiple=True, help="两名批准人，写两次 / the two who approve: twice")
@json_option
def command(
    data: Path, registration: str, window: str, days: int, reason: str, people: tuple[str, ...], as_json: bool
) -> None:
    """延期 / before a window ends and before the deal. What has no effect is refused; the attempt stays on record."""
    if len(people) != 2:  # two people, as the rule says
        raise click.UsageError("请用 --by 写明两名批准人。Name two people, each with --by.")
    arguments = {"registration": registration, "window": window, "days": days, "reason": reason, "people": people}
    told = ask(data, "extend", arguments, as_json=as_json)
    if not as_json:
        say(told)
