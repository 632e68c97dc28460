"""How commands of administration reach a site and tell what it answered.

The rules this module keeps: a refusal is printed in both languages and ends with 2 (bad input, nothing done) or 1 (a
check said no); `--json` prints what the site answered, as it is.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from mingshi.app.answer import Refused, answer_of
from mingshi.files.case import CHINA
from mingshi.kernel.canonical import Json
from mingshi.present.answers import said
from mingshi.present.texts import Lang
from mingshi.site import admin
from mingshi.store.errors import RefusedStartError

_Command = TypeVar("_Command", bound=Callable[..., object])
OF_DISK = frozenset({"store_failed", "disk", "damaged_copy", "damaged"})


def data_option(command: _Command) -> _Command:
    """`--data DIR`."""
    return click.option(
        "--data",
        required=True,
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="案场文件夹 / the site's folder",
    )(command)


def ask(data: Path, command: str, arguments: Mapping[str, Any], *, as_json: bool) -> Any:
    """Run a command on a site and give its result; ends where it was refused."""
    try:
        answer = admin.ask(data, command, arguments)
    except RefusedStartError as error:
        refuse(error)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    if "result" not in answer:
        _refused(answer)
    result = answer["result"]
    if isinstance(result, dict) and result.get("done") is False:
        if not as_json:
            say_refused(result)
        sys.exit(2)
    return result


def refuse(error: RefusedStartError) -> NoReturn:
    """Say why, and end."""
    click.echo(f"{error.chinese}\n{error.english}", err=True)
    sys.exit(2)


def say(result: Json) -> None:
    """What a use case answers to what it did, in both languages."""
    for lang in Lang:
        click.echo(said(answer_of(result), lang, CHINA).text)


def say_refused(result: Json, place: str = "") -> None:
    """A use case's own sentence, and the evidence and rule that it names. `place`: in which file and row."""
    answer = answer_of(result)
    evidence = "、".join(answer.evidence) if isinstance(answer, Refused) else ""
    for lang in Lang:
        told = said(answer, lang, CHINA)
        click.echo(" ".join(filter(None, ("✗", place, told.text, told.why, evidence, f"({told.rule})"))), err=True)


def _refused(answer: Mapping[str, Json]) -> NoReturn:
    said = answer.get("problems") or [answer["refused"]]
    assert isinstance(said, list)
    for one in said:
        click.echo(f"✗ {one['zh']}\n  {one['en']}", err=True)
    sys.exit(2)
