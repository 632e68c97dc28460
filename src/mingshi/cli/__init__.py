"""The command line, one command per file; a command is imported only when it is run."""

import click


@click.group()
@click.version_option(package_name="mingshi")
def main() -> None:
    """Mingshi 明示: who brought this buyer, answered from open evidence (判客，不拍脸)."""
