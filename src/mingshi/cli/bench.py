"""`mingshi bench NAME`: measure again what docs/benchmarks.md promises. Needs the source checkout."""

import runpy
import sys
from pathlib import Path

import click

_FOLDER = Path(__file__).parents[3] / "bench"


@click.command("bench", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
def command(name: str, options: tuple[str, ...]) -> None:
    """重测 docs/benchmarks.md 中的一项 / run one benchmark: a file of the folder bench/, with its own options."""
    path = _FOLDER / f"{name}.py"
    if not name.isidentifier() or not path.exists():
        known = ", ".join(sorted(each.stem for each in _FOLDER.glob("[!_]*.py"))) or "-"
        click.echo(f"没有这一项 / no such benchmark: {name} ({known})", err=True)
        sys.exit(2)
    sys.argv = [str(path), *options]
    runpy.run_path(str(path), run_name="__main__")
