"""`mingshi pia`: the impact assessment that stands, the self-audit, the filing with the authority."""

import hashlib
import json
from pathlib import Path

import click

from mingshi.app.sign_assessment import ATTESTABLE
from mingshi.cli.administer import ask, data_option
from mingshi.cli.problems import json_option
from mingshi.domain.impact.filing import Occasion
from mingshi.kernel.canonical import Json  # noqa: TC001  # a local type
from mingshi.kernel.timeline import Zone
from mingshi.present.papers import filing_html
from mingshi.present.texts import Lang, fill, text


@click.command()
@data_option
@click.option("--audit", is_flag=True, help="十九项自查表 / the self-audit of 19 items")
@click.option("--filing", type=click.Choice([one.value for one in Occasion]), help="备案材料 / the filing pack")
@click.option("--out", type=click.Path(path_type=Path), help="备案材料写到的新文件夹 / a new folder for the pack")
@click.option("--attest", type=click.Choice(ATTESTABLE), help="声明一项现状 / attest a state of the site")
@click.option(
    "--paper", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="证明它的文件 / what shows it"
)
@click.option("--by", default="", help="声明人 / who attests")
@json_option
def command(
    data: Path,
    audit: bool,
    filing: str | None,
    out: Path | None,
    attest: str | None,
    paper: Path | None,
    by: str,
    as_json: bool,
) -> None:
    """影响评估 / impact assessment."""
    if attest is not None:
        _attest(data, attest, paper, by, as_json=as_json)
        return
    if filing is not None:
        _file(data, filing, out, as_json=as_json)
        return
    told = ask(data, "pia", {}, as_json=as_json)
    if as_json:
        return
    signed = told["signed"]
    click.echo("没有签署的影响评估 / none is signed" if signed is None else f"{signed['version']} · {signed['by']}")
    click.echo(f"与现状不符 / differs: {', '.join(told['drift']) or '—'}")
    for name in told["faces_closed_by"]:
        click.echo(f"✗ {text('gate', name, Lang.ZH)} / {text('gate', name, Lang.EN)}")
    standing = told["filing"]
    state = " / ".join(text("filing", standing["state"], lang) for lang in Lang)
    click.echo(f"有效凭证 / live passes: {standing['live']} · {state}")
    if standing["since"] is not None:
        click.echo(_until(standing))
    for one in told["audit"] if audit else ():
        shown = ", ".join(one["evidence"]) or one["reason"]
        result = " / ".join(text("paper", one["result"], lang) for lang in Lang)
        click.echo(f"{one['number']:2}. {text('audit', one['item'], Lang.ZH)}: {result} {shown}")


def _until(standing: dict[str, object]) -> str:
    name = "filing_due" if standing["due"] else "filing_due_unknown"
    values: dict[str, Json] = {"due": str(standing["due"]), "year": str(standing["unknown_after"])}
    return "\n".join(fill(text("paper", name, lang), values, lang, Zone()) for lang in Lang)


def _attest(data: Path, what: str, paper: Path | None, by: str, *, as_json: bool) -> None:
    if paper is None or not by:
        raise click.UsageError("--attest 须有 --paper 与 --by / needs --paper and --by")
    digest = hashlib.sha256(paper.read_bytes()).hexdigest()
    told = ask(data, "pia", {"attest": what, "by": by, "sha256": digest}, as_json=as_json)
    if not as_json:
        click.echo(f"已声明 / attested: {told['ids']['attestation']}")


def _file(data: Path, occasion: str, out: Path | None, *, as_json: bool) -> None:
    pack = ask(data, "pia", {"filing": occasion}, as_json=as_json)
    if out is not None:
        out.mkdir(parents=True)
        (out / "pack.json").write_text(json.dumps(pack, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        for lang in Lang:
            (out / f"pack-{lang.value}.html").write_text(filing_html(pack, lang, Zone()), encoding="utf-8")
    if not as_json:
        for name in pack["parts"]:
            click.echo(f"✓ {text('filing_part', name, Lang.ZH)} / {text('filing_part', name, Lang.EN)}")
        for name in pack["missing"]:
            click.echo(f"✗ {text('filing_part', name, Lang.ZH)} / {text('filing_part', name, Lang.EN)}")
