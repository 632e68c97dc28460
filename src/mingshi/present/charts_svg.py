"""Small charts, drawn on the server and styled by class.

The rules this module keeps:

1. No style attribute, no script; every chart has a title and says its numbers in words.
2. A control chart marks what lies outside three standard errors of the season's own share; it does not explain it
   (a jump of the channel share proves nothing about any deal, SEASON.md §3.6).
"""

from collections.abc import Callable, Sequence
from html import escape
from math import sqrt
from typing import Final

from mingshi.app.overview import Week
from mingshi.kernel.fen import Fen

WIDTH: Final = 760
NARROW: Final = 360
SIGMAS: Final = 3


def bars(title: str, rows: Sequence[tuple[str, int]], whole: int) -> str:
    """Bars with their numbers and their share of `whole`, each under its name: as legible on a phone as on paper."""
    row, width = 46, NARROW
    height = row * len(rows)
    most = max((count for _, count in rows), default=0) or 1
    body = []
    for index, (name, count) in enumerate(rows):
        top, long = row * index, max(1, count * width // most)
        share = f" · {count / whole:.0%}" if whole else ""
        body.append(
            f'<text class="ch-text" x="0" y="{top + 14}">{escape(name)}</text>'
            f'<text class="ch-text ch-end" x="{width}" y="{top + 14}">{count:,}{share}</text>'
            f'<rect class="ch-bar" x="0" y="{top + 20}" width="{long}" height="{row - 30}"/>'
        )
    told = escape("；".join(f"{name} {count}" for name, count in rows))
    return (
        f'<svg class="chart narrow" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{told}</desc>{''.join(body)}</svg>"
    )


def moves(title: str, rows: Sequence[tuple[str, Fen]], write: Callable[[Fen], str]) -> str:
    """Bars to both sides of a middle line: what each party gains (right) or loses (left)."""
    row, middle = 46, NARROW // 2
    height, most = row * len(rows), max((abs(amount) for _, amount in rows), default=0) or 1
    body = []
    for index, (name, amount) in enumerate(rows):
        top, long = row * index, max(1, abs(amount) * middle // most)
        gain = amount > 0
        body.append(
            f'<text class="ch-text" x="0" y="{top + 14}">{escape(name)}</text>'
            f'<text class="ch-text ch-end" x="{NARROW}" y="{top + 14}">{escape(write(amount))}</text>'
            f'<rect class="{"ch-gain" if gain else "ch-loss"}" x="{middle if gain else middle - long}" '
            f'y="{top + 20}" width="{long}" height="{row - 30}"/>'
        )
    told = escape("；".join(f"{name} {write(amount)}" for name, amount in rows))
    return (
        f'<svg class="chart narrow" viewBox="0 0 {NARROW} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{told}</desc>"
        f'<line class="ch-mean" x1="{middle}" x2="{middle}" y1="0" y2="{height}"/>{"".join(body)}</svg>'
    )


def share_by_week(title: str, weeks: Sequence[Week], mean_text: str, limit_text: str) -> str:
    """A p-chart: the channel share of each week's deals, the season's share, and its control limits."""
    left, right, top, height = 44, 16, 14, 230
    total = sum(week.deals for week in weeks)
    if len(weeks) < 2 or not total:
        return ""
    mean = sum(week.channel for week in weeks) / total
    step = (WIDTH - left - right) / max(1, len(weeks) - 1)

    def y(share: float) -> float:
        return top + (1 - share) * (height - top - 34)

    upper, lower, points, dots, labels = [], [], [], [], []
    every = max(1, len(weeks) // 8)
    for index, week in enumerate(weeks):
        x = left + index * step
        error = SIGMAS * sqrt(mean * (1 - mean) / week.deals)
        high, low, share = min(1.0, mean + error), max(0.0, mean - error), week.channel / week.deals
        upper.append(f"{x:.1f},{y(high):.1f}")
        lower.append(f"{x:.1f},{y(low):.1f}")
        points.append(f"{x:.1f},{y(share):.1f}")
        tip = f"<title>{week.monday.isoformat()} {week.channel}/{week.deals}</title>"
        if share > high or share < low:  # told apart by shape, not by colour alone
            corners = ((x, y(share) - 7), (x + 7, y(share)), (x, y(share) + 7), (x - 7, y(share)))
            place = " ".join(f"{across:.1f},{down:.1f}" for across, down in corners)
            dots.append(f'<polygon class="ch-out" points="{place}">{tip}</polygon>')
        else:
            dots.append(f'<circle class="ch-dot" cx="{x:.1f}" cy="{y(share):.1f}" r="4">{tip}</circle>')
        if index % every == 0:  # as many dates as have room
            day = f"{week.monday.month}/{week.monday.day}"
            labels.append(f'<text class="ch-text ch-mid" x="{x:.1f}" y="{height - 8}">{day}</text>')
    axis = "".join(
        f'<line class="ch-axis" x1="{left}" x2="{WIDTH - right}" y1="{y(share / 100):.1f}" y2="{y(share / 100):.1f}"/>'
        f'<text class="ch-text ch-end" x="{left - 6}" y="{y(share / 100) + 4:.1f}">{share}%</text>'
        for share in (0, 25, 50, 75, 100)
    )
    limit_y = min(y(0) - 6, max(top + 12, float(upper[-1].partition(",")[2]) + 16))
    told = escape("；".join(f"{week.monday.isoformat()} {week.channel}/{week.deals}" for week in weeks))
    return (
        f'<svg class="chart wide" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{told}</desc>{axis}"
        f'<line class="ch-mean" x1="{left}" x2="{WIDTH - right}" y1="{y(mean):.1f}" y2="{y(mean):.1f}"/>'
        f'<text class="ch-text ch-end" x="{WIDTH - right}" y="{y(mean) - 5:.1f}">{escape(mean_text)} {mean:.0%}</text>'
        f'<polyline class="ch-line ch-limit" points="{" ".join(upper)}"/>'
        f'<polyline class="ch-line ch-limit" points="{" ".join(lower)}"/>'
        f'<text class="ch-text ch-limit-text ch-end" x="{WIDTH - right}" y="{limit_y:.1f}">{escape(limit_text)}</text>'
        f'<polyline class="ch-line" points="{" ".join(points)}"/>{"".join(dots)}{"".join(labels)}</svg>'
    )
