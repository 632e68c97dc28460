"""`mingshi verify`: check receipts, promises and evidence of broken ones, off-line, in words."""

import sys
import time
from pathlib import Path
from typing import NoReturn

import click

from mingshi.ledger.verify import Policy, RefusedError, Trust, enclosed_policy, read_text, run, verify_receipt
from mingshi.present.receipt_sheet import sheet_html


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str))
@click.option("--policy", help="可信来源的信任规则文件 / the rule of trust, from whom you trust")
@click.option("--fingerprint", help="纸质回执上印的指纹 / the fingerprint printed on the paper receipt")
@click.option("--phone", help="核对封存的是否这个号码 / was this number sealed?")
@click.option("--sheet", type=click.Path(path_type=Path), help="验过后写出可打印的回执页 / write a sheet to print")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for machines")
def command(  # one argument an option
    files: tuple[str, ...],
    policy: str | None,
    fingerprint: str | None,
    phone: str | None,
    sheet: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """离线核验回执、收件承诺、逾期证据 / verify receipts, promises and overdue evidence, off-line.

    Exit 0: verified. 1: a check said no, and which. 2: the input cannot be read.
    """
    rule = None
    if policy is not None:
        try:
            rule = read_text(policy)
            Policy.parse(rule)
        except (OSError, ValueError, RefusedError) as error:
            _bad_input(f"{policy}: 信任规则读不了 / the rule of trust cannot be read: {error}")
    now_s = int(time.time())  # noqa: TID251  # a composition root
    trust = Trust(policy=rule, fingerprint=fingerprint, now_s=now_s, phone=phone)
    status, report = run(files, trust, lang=lang, as_json=as_json)
    click.echo(report, err=status == 2)
    if sheet is not None and status == 0:
        text = read_text(files[0])
        if len(files) != 1 or not (verdict := verify_receipt(text, trust)):
            _bad_input("--sheet: 只用于一份回执 / takes exactly one receipt")
        sheet.write_text(sheet_html(text, verdict, rule or enclosed_policy(text)), encoding="utf-8")
    sys.exit(status)


def _bad_input(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
