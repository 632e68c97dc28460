"""`mingshi notice`: publish a notice, or say which are in force."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option
from mingshi.domain.notice.lint import lint
from mingshi.domain.notice.notice import notice_of
from mingshi.domain.notice.purpose import Purpose
from mingshi.kernel.timeline import HOUR, Micros
from mingshi.present.notices import Particulars, standard_notice
from mingshi.present.papers import Zone2D, sign_html
from mingshi.present.texts import Lang, text
from mingshi.site.root import system_clock

_ZONE: Final = Zone2D(62, 20, 26, 34)
"""Where the check-in stands on the drawing: right of the door, at the back; the paper can be drawn on."""


@click.command()
@data_option
@click.option("--publish", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="告知文件 / the notice")
@click.option("--by", default="", help="发布人 / who publishes")
@click.option("--draft", type=click.Path(path_type=Path), help="按标准文本起草到新文件夹 / drafts into a new folder")
@click.option("--handler", "handlers", multiple=True, help="处理者，第一个是本案场；共同处理者逐个写 / handlers")
@click.option("--address", default="", help="处理者地址 / address")
@click.option("--contact", default="", help="联系方式 / contact")
@click.option("--officer", default="", help="个人信息保护负责人 / officer")
@click.option("--link", default="", help="全文网址，印在门口告示的二维码里 / where the whole text is")
@click.option("--days", default=90, show_default=True, help="保存天数 / days kept")
@click.option("--recipient", "recipients", multiple=True, help="向谁提供，逐个写 / told to whom")
@click.option("--version", default="1", show_default=True, help="版本 / version")
@click.option(
    "--sign", type=click.Path(path_type=Path), help="把已发布告知的门口告示写到新文件夹 / the signs at the door"
)
@json_option
def command(
    data: Path, publish: Path | None, by: str, draft: Path | None, sign: Path | None, as_json: bool, **own: Any
) -> None:
    """告知 / notices; one with a fault is not published."""
    if draft is not None:
        _draft(draft, own)
        return
    if sign is not None:
        _signs(ask(data, "notice", {"texts": True}, as_json=as_json), sign)
        return
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


def _draft(out: Path, own: Mapping[str, Any]) -> None:
    """The standard wording for every purpose, filled in, each with the faults that the linter finds in it."""
    lacking = [name for name in ("handlers", "address", "contact", "officer", "link") if not own[name]]
    if lacking:
        raise click.UsageError(f"还缺 / missing: {', '.join('--' + name.removesuffix('s') for name in lacking)}")
    out.mkdir(parents=True)
    version, days = str(own["version"]), int(own["days"])
    site = Particulars(own["handlers"], own["address"], own["contact"], own["officer"], own["link"], days)
    for purpose in Purpose:
        if purpose is Purpose.PROVIDE and not own["recipients"]:
            continue
        told = site._replace(recipients=own["recipients"] if purpose is Purpose.PROVIDE else ())
        path = out / f"{purpose.value}.json"
        path.write_text(standard_notice(purpose, version, _at_once(), told).text + "\n", encoding="utf-8")
        click.echo(f"{path} {text('purpose', purpose.value, Lang.ZH)}")


def _at_once() -> Micros:
    """In force an hour from now: time to have it published."""
    return Micros(system_clock() + HOUR)


def _signs(notices: Sequence[Mapping[str, str]], out: Path) -> None:
    """Each notice as the sign before its zone: both languages, large type, plain words."""
    out.mkdir(parents=True)
    for one in notices:
        notice = notice_of(one["text"])
        for lang in Lang:
            for name, large, plain in (("", False, False), ("-large", True, True), ("-plain", False, True)):
                path = out / f"{one['purpose']}{name}-{lang.value}.html"
                path.write_text(sign_html(notice, _ZONE, lang, large=large, plain=plain), encoding="utf-8")
                click.echo(str(path))


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
