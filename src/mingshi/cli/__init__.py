"""The command line, one command per file; a command is imported only when it is run."""

import importlib
from typing import Final

import click

COMMANDS: Final = {
    "convert": "mingshi.cli.convert",
    "map": "mingshi.cli.map",
}
"""Command → module whose `command` it is."""


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(COMMANDS[cmd_name])  # noqa: TID251 - a literal of the table above
        command: click.Command = module.command
        return command


@click.group(cls=_Lazy)
@click.version_option(package_name="mingshi")
def main() -> None:
    """Mingshi 明示: who brought this buyer, answered from open evidence (判客，不拍脸)."""
