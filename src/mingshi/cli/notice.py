"""`mingshi notice`: publish a notice, or say which are in force."""

import sys
from pathlib import Path

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option
from mingshi.domain.notice.lint import lint
from mingshi.domain.notice.notice import notice_of
from mingshi.present.texts import Lang, text


@click.command()
@data_option
@click.option("--publish", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="告知文件 / the notice")
@click.option("--by", default="", help="发布人 / who publishes")
@json_option
def command(data: Path, publish: Path | None, by: str, as_json: bool) -> None:
    """告知 / notices; one with a fault is not published."""
    if publish is None:
        for one in ask(data, "notice", {}, as_json=as_json):
            if not as_json:
                click.echo(f"{text('purpose', one['purpose'], Lang.ZH)} {one['version']} {one['sha256']}")
        return
    said = publish.read_text(encoding="utf-8")
    if not as_json and (faults := _faults(said)):
        click.echo("\n".join(faults), err=True)
        sys.exit(1)
    told = ask(data, "notice", {"text": said, "by": by}, as_json=as_json)
    if not as_json:
        click.echo(f"已发布 / published: {told['ids']['notice']} {told['args']['sha256']}")


def _faults(said: str) -> list[str]:
    """Every fault of a notice, in both languages; an unreadable one is left to the site to refuse."""
    try:
        notice = notice_of(said)
    except (ValueError, KeyError, TypeError):
        return []
    told = []
    for fault in lint(notice):
        words = " / ".join(text("notice_fault", fault.code, lang) for lang in Lang)
        told.append(f"✗ {fault.field} {fault.language}: {words} {fault.found} ({fault.source})")
    return told
