"""The score as pictures: our own SVG, a file each, that needs nothing to be looked at.

Bars and lines carry their numbers, shades differ in lightness, lines also by dashes, and every picture says that
rates are assumed.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

WIDTH: Final = 720
LEFT: Final = 170
RIGHT: Final = 60
BAR: Final = 14
GAP: Final = 16
TOP: Final = 46
SHADES: Final = ("#1f4e79", "#7fa8cc", "#c9c9c9", "#5b5b5b")
NOTE: Final = "rates are assumptions 概率为假设"


def bars(title: str, rows: Mapping[str, Sequence[float]], series: Sequence[str], *, most: float = 1.0) -> str:
    """Groups of horizontal bars, one group a row, one bar a series."""
    room = WIDTH - LEFT - RIGHT
    parts, y = [_legend(series)], TOP + 10
    for name, values in rows.items():
        middle = y + len(values) * BAR / 2 + 4
        parts.append(f'<text x="{LEFT - 8}" y="{middle:.0f}" text-anchor="end">{escape(name)}</text>')
        for index, value in enumerate(values):
            length = max(0.0, min(value / most if most else 0.0, 1.0)) * room
            shade = SHADES[index % len(SHADES)]
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 2}" fill="{shade}"/>')
            told = f"{value:.2f}" if most <= 1 else f"{value:,.0f}"
            parts.append(f'<text class="v" x="{LEFT + length + 4:.1f}" y="{y + BAR - 4}">{told}</text>')
            y += BAR
        y += GAP
    return _svg(title, parts, y + 10)


def lines(title: str, points: Mapping[str, Sequence[float]], series: Sequence[str]) -> str:
    """A line a series over the rows, between 0 and 1."""
    room, height = WIDTH - LEFT - RIGHT, 220
    names = list(points)
    parts = [_legend(series)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = TOP + 20 + height * (1 - share)
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + room}" y1="{y:.0f}" y2="{y:.0f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{share:.2f}</text>')
    steps = max(len(names) - 1, 1)
    for index in range(len(series)):
        places = [
            f"{LEFT + room * step / steps:.1f},{TOP + 20 + height * (1 - points[name][index]):.1f}"
            for step, name in enumerate(names)
        ]
        dash = "" if index == 0 else f' stroke-dasharray="{2 + 3 * index} 3"'
        stroke = SHADES[index % len(SHADES)]
        parts.append(f'<polyline points="{" ".join(places)}" fill="none" stroke="{stroke}" stroke-width="2"{dash}/>')
        last = points[names[-1]][index]
        y = TOP + 24 + height * (1 - last)
        parts.append(f'<text class="v" x="{LEFT + room + 6}" y="{y:.0f}">{last:.2f}</text>')
    for step, name in enumerate(names):
        x = LEFT + room * step / steps
        parts.append(f'<text x="{x:.0f}" y="{TOP + height + 38}" text-anchor="middle">{escape(name)}</text>')
    return _svg(title, parts, TOP + height + 56)


def _legend(series: Sequence[str]) -> str:
    parts, x = [], LEFT
    for index, name in enumerate(series):
        parts.append(f'<rect x="{x}" y="{TOP - 12}" width="10" height="10" fill="{SHADES[index % len(SHADES)]}"/>')
        parts.append(f'<text x="{x + 14}" y="{TOP - 3}">{escape(name)}</text>')
        x += 30 + 8 * len(name)
    return "".join(parts)


def _svg(title: str, parts: Sequence[str], height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height + 18:.0f}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/><text x="12" y="20" font-size="15">{escape(title)}</text>'
        f'{"".join(parts)}<text x="12" y="{height + 10:.0f}" fill="#666" font-size="10">{NOTE}</text></svg>\n'
    )


def pictures(score: Mapping[str, object], title: str) -> dict[str, str]:
    """The pictures of a score: file name → SVG."""
    found = {"tricks.svg": _tricks(score, title), "yuan.svg": _yuan(score, title)}
    if "ablation" in score:
        found["ablation.svg"] = _ablation(score, title)
    if "sweep" in score:
        found["consent.svg"] = _sweep(score, title)
    return found


def _tricks(score: Mapping[str, object], title: str) -> str:
    tiers = ("hold", "hold or review", "ceiling hold or review", "B3 covert oracle")
    rows = {"all": [_number(score, "tiers", tier, "recall") for tier in tiers]}
    for name in _keys(score, "mechanisms"):
        rows[name] = [_number(score, "mechanisms", name, tier, "recall") for tier in tiers]
    return bars(f"Recall by trick 各手法召回率 · {title}", rows, ("hold", "hold+review", "ceiling", "B3 oracle"))


def _yuan(score: Mapping[str, object], title: str) -> str:
    fields = {
        "wrongly paid 错付": "wrongly_paid_fen",
        "fraud, waiting 待人工": "waiting_fraud_fen",
        "wrongly withheld 错扣": "wrongly_withheld_fen",
        "honest, waiting 待人工": "waiting_honest_fen",
        "stolen by site 甩单": "stolen_fen",
        "of that found 其中查出": "stolen_found_fen",
    }
    rows = {label: [_number(score, "yuan", field) / 100] for label, field in fields.items()}
    most = max(value[0] for value in rows.values()) or 1.0
    return bars(f"Yuan 金额（元）· {title}", rows, ("yuan",), most=max(most, 2.0))


def _ablation(score: Mapping[str, object], title: str) -> str:
    rows = {"everything": [_number(score, "tiers", tier, "recall") for tier in ("hold", "hold or review")]}
    for name in _keys(score, "ablation"):
        rows[f"without {name}"] = [_number(score, "ablation", name, field) for field in ("hold_recall", "any_recall")]
    return bars(f"Recall without each kind 去掉一种证据 · {title}", rows, ("hold", "hold+review"))


def _sweep(score: Mapping[str, object], title: str) -> str:
    fields = ("hold_recall", "any_recall", "hold_precision")
    rows = {name: [_number(score, "sweep", name, field) for field in fields] for name in _keys(score, "sweep")}
    return lines(f"Share who consent to a face 同意刷脸比例 · {title}", rows, ("hold recall", "any", "precision"))


def _keys(score: Mapping[str, object], *path: str) -> list[str]:
    value = _at(score, *path)
    return list(value) if isinstance(value, Mapping) else []


def _number(score: Mapping[str, object], *path: str) -> float:
    value = _at(score, *path)
    assert isinstance(value, int | float), path
    return float(value)


def _at(value: object, *path: str) -> object:
    for name in path:
        assert isinstance(value, Mapping), path
        value = value[name]
    return value
