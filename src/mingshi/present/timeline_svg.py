"""The picture of one deal: lanes of registrations, visits, words and the deal on a common axis.

The rules this module keeps:

1. Styled by class only: no style attribute, no script, so that the strictest content security policy shows it.
2. Every mark has a number; the same numbers stand in a list beside the picture, and every window a line, so that the
   picture adds nothing that a screen reader or a black-and-white print would miss.
3. The deciding fact is marked by shape, not by colour alone.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from mingshi.app.timeline import Mark, Shape
from mingshi.kernel.timeline import DAY, HOUR, MINUTE, Zone
from mingshi.present.texts import MONTHS, Lang, text, time_text

WIDTH: Final = 760
LEFT: Final = 132
RIGHT: Final = 16
ROW: Final = 32
RADIUS: Final = 9
RING: Final = 3
STEPS_DAY: Final = (1, 2, 5, 7, 14, 30, 61, 122, 365)
STEPS_MIN: Final = (5, 10, 15, 30, 60, 120, 240, 480)
ZOOM_AT_MOST: Final = 6 * HOUR

_THICK: Final = {"window_B1": 8, "window_B3": 15, "window_D1": 24}
"""The wider a window, the further back it is drawn; so that black and white tells them apart as well."""
NAMED_FROM: Final = 150
"""A window this long has room for its name."""

Scale = Callable[[int], int]
"""From an instant to a place on the axis."""


class Row(NamedTuple):
    """A numbered line of the list beside the picture."""

    number: int
    when: str
    what: str
    id: str
    deciding: bool


class Bar(NamedTuple):
    """A window in the list beside the picture."""

    kind: str
    what: str
    of: str
    """The registration it belongs to."""
    deciding: bool


class Picture(NamedTuple):
    """The picture and its list."""

    svg: str
    rows: tuple[Row, ...]
    bars: tuple[Bar, ...]


def picture(
    marks: Sequence[Mark], lang: Lang, zone: Zone, title: str, called: Mapping[str, str] | None = None
) -> Picture:
    """Draw a deal: days, and minutes around the registration and the arrival where they decide.

    `called`: what the reader calls a registration; its id where they have no name for it.
    """
    called = called or {}
    numbers = {mark: index + 1 for index, mark in enumerate(_points(marks))}
    rows = tuple(_row(mark, number, lang, zone) for mark, number in numbers.items())
    parts = [_panel(marks, numbers, lang, zone, _whole(marks), called, by_days=True)]
    close = _zoom(marks)
    if close is not None:
        near = [mark for mark in marks if _inside(mark, close)]
        parts.append(_panel(near, numbers, lang, zone, close, called, by_days=False))
    height = sum(part.height for part in parts) + 8 * (len(parts) - 1)
    body, top = [], 0
    for part in parts:
        body.append(f'<g transform="translate(0 {top})">{part.body}</g>')
        top += part.height + 8
    svg = (
        f'<svg class="tl" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">{"".join(body)}</svg>'
    )
    windows = (mark for mark in marks if mark.shape is Shape.WINDOW)
    return Picture(svg, rows, tuple(_bar(mark, lang, zone) for mark in windows))


class _Panel(NamedTuple):
    body: str
    height: int


def _points(marks: Sequence[Mark]) -> list[Mark]:
    return sorted((mark for mark in marks if mark.shape is Shape.POINT), key=lambda mark: (mark.at, mark.lane, mark.id))


def _row(mark: Mark, number: int, lang: Lang, zone: Zone) -> Row:
    when = time_text(mark.at, lang, zone)
    if mark.until is not None:
        when = f"{when} – {time_text(mark.until, lang, zone)}"
    what = text("mark", mark.kind, lang)
    if mark.until is not None:
        what += "（时钟不准，时间只知其间）" if lang is Lang.ZH else " (the clock was wrong: some time between)"
    if not mark.sure:
        what += "（未证实）" if lang is Lang.ZH else " (unproven)"
    return Row(number, when, what, mark.id, mark.deciding)


def _bar(mark: Mark, lang: Lang, zone: Zone) -> Bar:
    return Bar(mark.kind, _named(mark, lang, zone), mark.lane.partition(":")[2], mark.deciding)


def _named(mark: Mark, lang: Lang, zone: Zone) -> str:
    until = "∞" if mark.until is None else time_text(mark.until, lang, zone)
    return f"{text('mark', mark.kind, lang)} {until}"


def _whole(marks: Sequence[Mark]) -> tuple[int, int]:
    first = min(mark.at for mark in marks)
    last = max([mark.at for mark in marks] + [mark.until for mark in marks if mark.until is not None])
    margin = max((last - first) // 40, HOUR)
    return first - margin, last + margin


def _zoom(marks: Sequence[Mark]) -> tuple[int, int] | None:
    """Minutes around the nearest registration and arrival, where they lie within some hours."""
    registered = [mark.at for mark in marks if mark.kind in ("registered", "effective")]
    arrived = [mark.at for mark in marks if mark.lane == "visits" and mark.kind.startswith("arrived")]
    pairs = [(abs(visit - told), min(told, visit), max(told, visit)) for told in registered for visit in arrived]
    if not pairs:
        return None
    gap, first, last = min(pairs)
    if gap > ZOOM_AT_MOST:
        return None
    # The end of the lead belongs into the picture: whether the visit came before or after it is what decides.
    leads = [mark.until for mark in marks if mark.kind == "window_B1" and mark.at == first and mark.until is not None]
    last = max([last, *(end for end in leads if end - first <= ZOOM_AT_MOST)])
    margin = max(gap // 4, 10 * MINUTE)
    return first - margin, last + margin


def _inside(mark: Mark, window: tuple[int, int]) -> bool:
    until = mark.until if mark.until is not None else mark.at
    if mark.shape is Shape.WINDOW:
        return mark.kind == "window_B1" and mark.at <= window[1] and until >= window[0]
    return window[0] <= mark.at <= window[1]


def _panel(
    marks: Sequence[Mark],
    numbers: dict[Mark, int],
    lang: Lang,
    zone: Zone,
    window: tuple[int, int],
    called: Mapping[str, str],
    *,
    by_days: bool,
) -> _Panel:
    lanes = list(dict.fromkeys(mark.lane for mark in marks))
    first, last = window
    height = ROW * len(lanes) + 24

    def x(at: int) -> int:
        return LEFT + (min(max(at, first), last) - first) * (WIDTH - LEFT - RIGHT) // (last - first)

    body = [_axis(window, x, height, lang, zone, by_days=by_days)]
    for index, lane in enumerate(lanes):
        middle = ROW * index + ROW // 2
        body.append(f'<text class="tl-lane" x="0" y="{middle + 4}">{escape(_lane(lane, lang, called))}</text>')
        body.append(f'<line class="tl-line" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{middle}" y2="{middle}"/>')
        mine = [mark for mark in marks if mark.lane == lane]
        windows = sorted((mark for mark in mine if mark.shape is Shape.WINDOW), key=lambda mark: -_THICK[mark.kind])
        body += [_window(mark, x, middle, last, lang, zone) for mark in windows]
        body += _spread([mark for mark in mine if mark.shape is Shape.POINT], numbers, x, middle)
    return _Panel("".join(body), height)


def _window(mark: Mark, x: Scale, middle: int, last: int, lang: Lang, zone: Zone) -> str:
    start, end = x(mark.at), x(last if mark.until is None else mark.until)
    thick, told = _THICK[mark.kind], escape(_named(mark, lang, zone))
    deciding = " tl-turn" if mark.deciding else ""
    bar = (
        f'<rect class="tl-{mark.kind}{deciding}" x="{start}" y="{middle - thick // 2}" width="{max(end - start, 2)}" '
        f'height="{thick}"><title>{told}</title></rect>'
    )
    if mark.kind != "window_D1" or end - start < NAMED_FROM or mark.until is None or mark.until > last:
        return bar
    # Only the broadest bar has room for its own end; the list names them all.
    return f'{bar}<text class="tl-name" x="{end - 6}" y="{middle + 4}">{_day(mark.until, lang, zone)}</text>'


def _day(at: int, lang: Lang, zone: Zone) -> str:
    local = zone.local(at)
    return f"{local.month}/{local.day}" if lang is Lang.ZH else f"{local.day} {MONTHS[local.month]}"


def _spread(marks: Sequence[Mark], numbers: dict[Mark, int], x: Scale, middle: int) -> list[str]:
    """Numbered points; those that would cover each other are moved apart, with a thread to their true place."""
    threads, drawn, free = [], [], 0
    for mark in sorted(marks, key=lambda mark: (mark.at, numbers[mark])):
        true = x(mark.at)
        place = min(max(true, free), WIDTH - RIGHT)
        free = place + 2 * RADIUS + (RING + 1 if mark.deciding else 1)
        classes = "tl-point" + (" tl-turn" if mark.deciding else "") + ("" if mark.sure else " tl-unsure")
        if mark.until is not None:
            threads.append(
                f'<rect class="tl-blur" x="{true}" y="{middle - 3}" width="{max(x(mark.until) - true, 2)}" height="6"/>'
            )
        if place != true:
            threads.append(f'<line class="tl-thread" x1="{true}" x2="{place}" y1="{middle}" y2="{middle}"/>')
        if mark.deciding:
            drawn.append(f'<circle class="tl-ring" cx="{place}" cy="{middle}" r="{RADIUS + RING}"/>')
        drawn.append(f'<circle class="{classes}" cx="{place}" cy="{middle}" r="{RADIUS}"/>')
        number = "tl-number tl-inv" if mark.deciding else "tl-number"
        drawn.append(f'<text class="{number}" x="{place}" y="{middle + 4}">{numbers[mark]}</text>')
    return threads + drawn  # a thread passes behind the numbers it runs under


def _axis(window: tuple[int, int], x: Scale, height: int, lang: Lang, zone: Zone, *, by_days: bool) -> str:
    first, last = window
    parts = []
    if by_days:
        days = max(1, (last - first) // DAY)
        step = next((step for step in STEPS_DAY if days // step <= 8), STEPS_DAY[-1]) * DAY
        at = zone.start(zone.day(first)) + DAY
    else:
        minutes = max(1, (last - first) // MINUTE)
        step = next((step for step in STEPS_MIN if minutes // step <= 8), STEPS_MIN[-1]) * MINUTE
        at = (first // step + 1) * step
    ticks = []
    while at <= last:
        ticks.append(at)
        at += step
    for tick in ticks:
        local = zone.local(tick)
        label = _day(tick, lang, zone) if by_days else f"{local:%H:%M}"
        parts.append(
            f'<line class="tl-tick" x1="{x(tick)}" x2="{x(tick)}" y1="0" y2="{height - 18}"/>'
            f'<text class="tl-date" x="{x(tick)}" y="{height - 4}">{label}</text>'
        )
    return "".join(parts)


def _lane(lane: str, lang: Lang, called: Mapping[str, str]) -> str:
    """What a lane is, as far as there is room for it: no name runs under the marks."""
    kind, _, name = lane.partition(":")
    told = called.get(name) or f"{text('lane', kind, lang)} {name}".strip()
    room, short = LEFT - RADIUS - RING - 4, ""
    for letter in told:
        room -= 12 if ord(letter) > 0x2E80 else 7
        if room < 12:
            return f"{short}…" if len(short) + 1 < len(told) else told
        short += letter
    return told
