"""How commands tell what is wrong with a file, and end.

The rules this module keeps:

1. Problems go to standard error, one a line, or as JSON to standard output under `--json`; the exit code is
   2.
2. The language is the option's, never the environment's: the same command prints the same text everywhere.
"""

import json
from collections.abc import Callable, Iterable
from typing import Final, NoReturn, TypeVar

import click

from mingshi.files.messages import Language
from mingshi.files.problem import Problem

BAD_INPUT: Final = 2
_Command = TypeVar("_Command", bound=Callable[..., object])


def language_option(command: _Command) -> _Command:
    """`--lang zh|en`, Chinese by default."""
    option = click.option(
        "--lang",
        "language",
        type=click.Choice(["zh", "en"]),
        default="zh",
        show_default=True,
        help="语言 / language",
    )
    return option(command)


def json_option(command: _Command) -> _Command:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON / machine-readable output")(command)


def refuse(problems: Iterable[Problem], language: Language, *, as_json: bool) -> NoReturn:
    """Print all problems and end with exit code 2."""
    listed = list(problems)
    if as_json:
        click.echo(json.dumps({"problems": [each.as_json() for each in listed]}, ensure_ascii=False, indent=2))
    else:
        for each in listed:
            click.echo(f"✗ {each.text(language)}", err=True)
        count = {
            "zh": f"共 {len(listed)} 处问题，没有写入任何文件。",
            "en": f"{len(listed)} problem{'' if len(listed) == 1 else 's'}; nothing was written.",
        }
        click.echo(count[language], err=True)
    raise SystemExit(BAD_INPUT)


def tell(notices: Iterable[Problem], language: Language, left_out: Iterable[Problem] = ()) -> None:
    """Print what is worth knowing, and before it which rows were not counted and why."""
    rejected = list(left_out)
    for each in rejected:
        click.echo(f"− {each.text(language)}", err=True)
    if rejected:
        count = {
            "zh": f"以上 {len(rejected)} 处标 − 的：所在的行不可能属实，没有计入。",
            "en": f"{len(rejected)} marked −: their rows cannot be true and were left out.",
        }
        click.echo(count[language], err=True)
    for each in notices:
        click.echo(f"· {each.text(language)}", err=True)
