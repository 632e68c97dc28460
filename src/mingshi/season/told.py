"""The score on a screen: a few tables that fit it, with the assumptions on the first line."""

from collections.abc import Mapping
from typing import cast

from rich.console import Console
from rich.table import Table

from mingshi.kernel.fen import Fen, yuan_text

Value = Mapping[str, object]


def tell_score(score: Value, console: Console) -> None:
    """Print it."""
    console.print(f"[bold]{score['preset']}[/] seed {score['seed']} · {score['assumptions']}", style="yellow")
    right, decidable = _float(score, "accuracy_of_decidable"), _float(score, "decidable_share")
    console.print(f"deals {score['deals']}, claimed by agents {score['claimed']}; decidable {decidable:.1%}", end="")
    console.print(f", of those judged right {right:.1%}\n")
    console.print(_tiers(_map(score, "tiers"), _map(score, "baselines")))
    console.print(_mechanisms(_map(score, "mechanisms"), _map(score, "confusion")))
    console.print(_yuan(score))
    if "ablation" in score:
        console.print(_comparison("without 去掉", _map(score, "ablation")))
    for name, title in (("columns", "colluding buyers 串通客户"), ("sweep", "face consent 同意刷脸")):
        if name in score:
            console.print(_comparison(title, _map(score, name)))
    console.print(_rest(score))


def _table(*columns: str) -> Table:
    table = Table(header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right", overflow="fold")
    return table


def _tiers(tiers: Value, baselines: Value) -> Table:
    table = _table("tier 层级", "precision", "strict", "recall", "F1", "yuan recall", "false/100")
    for name, one in {**tiers, **baselines}.items():
        row = cast("Value", one)
        fields = ("precision", "strict_precision", "recall", "f1", "yuan_recall")
        told = [f"{_float(row, field):.3f}" for field in fields]
        table.add_row(name, *told, f"{_float(row, 'false_per_100'):.2f}")
    return table


def _mechanisms(mechanisms: Value, confusion: Value) -> Table:
    table = _table("trick 手法", "n", "hold", "hold+review", "ceiling", "B3", "flags point to 指向")
    for name, one in mechanisms.items():
        tiers = cast("Value", one)
        pick = ("hold", "hold or review", "ceiling hold or review", "B3 covert oracle")
        recalls = [f"{_float(_map(tiers, tier), 'recall'):.2f}" for tier in pick]
        points = ", ".join(f"{each} {count}" for each, count in _map(confusion, name).items())
        table.add_row(name, str(_map(tiers, "hold")["frauds"]), *recalls, points)
    return table


def _yuan(score: Value) -> Table:
    table = _table("yuan 金额", "")
    money = _map(score, "yuan")
    for name, value in money.items():
        if name.endswith("_fen"):
            table.add_row(name[:-4].replace("_", " "), _whole_yuan(value))
    table.add_row("share of honest yuan withheld", f"{_float(money, 'wrongly_withheld_share'):.3%}")
    for one in cast("list[Value]", score["at_risk"])[:1]:
        low, middle, high = (_whole_yuan(one[f"{name}_fen"]) for name in ("low", "estimate", "high"))
        table.add_row("at risk, estimated from evidence", f"{low} … {middle} … {high}")
    return table


def _comparison(title: str, rows: Value) -> Table:
    table = _table(title, "hold", "any", "precision", "honest reviewed", "paid wrongly", "withheld")
    for name, one in rows.items():
        row = cast("Value", one)
        shares = [
            f"{_float(row, each):.3f}" for each in ("hold_recall", "any_recall", "hold_precision", "honest_reviewed")
        ]
        money = [_whole_yuan(row[each]) for each in ("wrongly_paid_fen", "wrongly_withheld_fen")]
        table.add_row(name, *shares, *money)
    return table


def _rest(score: Value) -> Table:
    table = _table("also 其他", "")
    site = _map(score, "against_the_site")
    table.add_row("flags against the site, right", f"{site['rightly']} of {site['flagged']}")
    parity = _map(score, "parity")
    held, reviewed = (cast("list[float]", parity[f"{name}_difference"]) for name in ("held", "review"))
    table.add_row("refusers minus face users, held (points)", f"{held[0]} [{held[1]}, {held[2]}]")
    table.add_row("refusers minus face users, reviewed", f"{reviewed[0]} [{reviewed[1]}, {reviewed[2]}]")
    steps = ", ".join(f"{name} {count}" for name, count in _map(score, "time_to_flag").items())
    table.add_row("holds known", steps)
    for one in cast("list[Value]", score["patterns"]):
        if one["id"] != "F-COVER":
            table.add_row(f"{one['id']} {one['subject']}", f"{one['seen']} of {one['of']}")
    return table


def _whole_yuan(fen: object) -> str:
    return yuan_text(Fen(cast("int", fen))).partition(".")[0]


def _map(value: Value, name: str) -> Value:
    return cast("Value", value[name])


def _float(value: Value, name: str) -> float:
    return float(cast("float", value[name]))
