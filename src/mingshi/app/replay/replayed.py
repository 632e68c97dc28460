"""Judging many deals: the way of one through the rules is kept, and taken again by the next of its shape.

The rules this module keeps:

1. A ruling comes from the rules, or from a way that the rules took, every question of which this deal answers alike.
   Then every step is the same, and so are the bytes.
2. The rules know nothing of it: they are asked with other values (`noted`), and stay as they read.
3. It is not trusted: a way is compared with the rules when it is made and now and then after; a difference ends the
   run (`ReplayError`).
"""

import marshal
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mingshi.app.replay.noted import QUESTION, Name, NotNotedError, Number, Taken, Way
from mingshi.app.replay.shape import Shape, noting, shape_of
from mingshi.app.settle_case import RuledDeal, ruled_deal
from mingshi.domain.ids import DealId
from mingshi.domain.judge.dossier import Dossier, EvidenceSource, gather
from mingshi.domain.judge.engine import rule
from mingshi.domain.judge.ruling import superseding
from mingshi.kernel.canonical import Json
from mingshi.kernel.typed_json import dumps_typed

WORTH_NOTING: Final = 3
"""The how-many-th deal of a shape, not told by a way already, is noted."""
PAYS_AFTER: Final = 4
"""Noting costs as much as judging three deals; it goes on while every way has told so many."""
FOR_A_START: Final = 50
"""Ways kept before any has told a deal."""
MOST_WAYS: Final = 64
"""Ways kept for one shape; asking more would cost what they save."""
COMPARED_EVERY: Final = 500
"""One in so many that a way told is judged by the rules as well."""


class Judged(NamedTuple):
    """One deal's ruling as bytes, and what its money needs."""

    line: bytes
    ruled: RuledDeal


class _Kept(NamedTuple):
    """A way as values that can be sent to another process."""

    key: tuple[object, ...]
    code: bytes
    constants: list[object]

    def way(self) -> Taken:
        """As a function."""
        space: dict[str, Any] = {"c": self.constants, "Judged": Judged, "sha256": sha256, "text": dumps_typed}
        exec(marshal.loads(self.code), space)  # noqa: S102, S302 - our own, see `_code`
        taken: Taken = space["taken"]
        return taken


class ReplayError(AssertionError):
    """A way led elsewhere than the rules: a fault of this program."""


class Replaying:
    """Judges the deals of one source. `followed`: how many deals a way told; `noted`: how many ways are kept."""

    def __init__(
        self, source: EvidenceSource, previous: Mapping[str, Mapping[str, Json]] = MappingProxyType({})
    ) -> None:
        self._source = source
        self._previous = previous
        self._ways: dict[tuple[object, ...], list[Taken]] = {}
        self._missed: Counter[int] = Counter()
        """Deals of a shape that no way told, by the shape's hash: most shapes of a rich case come once."""
        self._news: list[_Kept] = []
        self.followed = 0
        self.noted = 0

    def judge(self, deals: Sequence[DealId]) -> Iterator[Judged]:
        """The rulings of the deals, in their order."""
        for deal in deals:
            dossier = gather(deal, self._source)
            shape = None if deal in self._previous else shape_of(dossier)
            yield self._plainly(dossier) if shape is None else self._of(shape, dossier)

    def news(self) -> list["_Kept"]:
        """The ways noted since it was last asked, for whoever judges other deals of this source."""
        news, self._news = self._news, []
        return news

    def learn(self, news: Iterable["_Kept"]) -> None:
        """Take in ways that another has noted over this source, and compared with the rules."""
        for one in news:
            ways = self._ways.setdefault(one.key, [])
            if len(ways) < MOST_WAYS:
                ways.append(one.way())

    def _of(self, shape: Shape, dossier: Dossier) -> Judged:
        ways = self._ways.get(shape.key, [])
        for place, way in enumerate(ways):
            told: Judged | None = way(shape.numbers, shape.names)
            if told is not None:
                if place:  # so the way most taken is asked first, in the long run
                    ways[place - 1], ways[place] = way, ways[place - 1]
                self.followed += 1
                if self.followed % COMPARED_EVERY == 0:
                    _compare(told, self._plainly(dossier))
                return told
        plain = self._plainly(dossier)
        key = hash(shape.key)
        self._missed[key] += 1
        if self._missed[key] >= WORTH_NOTING and len(ways) < MOST_WAYS and self._pays:
            self._note(shape, dossier, plain)
        return plain

    @property
    def _pays(self) -> bool:
        return self.noted * PAYS_AFTER <= self.followed + FOR_A_START * PAYS_AFTER

    def _note(self, shape: Shape, dossier: Dossier, plain: Judged) -> None:
        self.noted += 1
        kept = noted(dossier, shape)
        if kept is not None:
            way = kept.way()
            _compare(way(shape.numbers, shape.names), plain)
            self._ways.setdefault(shape.key, []).append(way)
            self._news.append(kept)

    def _plainly(self, dossier: Dossier) -> Judged:
        ruling = rule(dossier)
        if ruling.deal in self._previous:
            ruling = superseding(ruling, self._previous[ruling.deal])
        return Judged(ruling.line, ruled_deal(ruling))


def _compare(told: Judged | None, plain: Judged) -> None:
    if told != plain:
        line = b"nothing" if told is None else told.line
        raise ReplayError(
            f"the way of another deal led to {line.decode()}, the rules to {plain.line.decode()}; nothing was written. "
            "规则与捷径不一致，未写入任何结果；请加 --plain 重判 / judge with --plain, and tell us"
        )


def noted(dossier: Dossier, shape: Shape) -> _Kept | None:
    """The way of a dossier through the rules, as a function of a shape's numbers and names; None where it cannot be
    noted.
    """
    way = Way()
    try:
        ruling = rule(noting(dossier, shape.names, way))
        vars(ruling)["sha256"] = Name(way, "digest", "digest")  # of bytes that are there only when the way is taken
        template, holes = _template(ruling.as_json(), way)
        ruled = _made_of(ruled_deal(ruling), way)
    except (NotNotedError, TypeError, AttributeError):
        return None
    texts = sorted({hole for hole in holes if hole.startswith("q")})
    body = [
        *_steps(way),
        *(f"{text} = text(s{text[1:]})" for text in texts),
        f"line = {way.constant(template)} % ({''.join(f'{hole}, ' for hole in holes)})",
        "digest = sha256(line).hexdigest()",
        f"return Judged(line, {ruled})",
    ]
    return _Kept(shape.key, _code(body), way.constants)


_HOLE: Final = re.compile(rb'"\xee\x80\x80(.*?)\xee\x80\x81"')
"""Where a number or a name comes, between two characters that no text has (U+E000, U+E001)."""


def _template(value: Json, way: Way) -> tuple[bytes, list[str]]:
    """The canonical bytes with holes for `%`, and what goes into them: numbers, and names as JSON (`q`)."""
    parts = _HOLE.split(dumps_typed(_with_holes(value, way)))
    holes = [part.decode() for part in parts[1::2]]
    signs = [b"%b" if hole.startswith("q") else b"%d" for hole in holes]
    kept = [part.replace(b"%", b"%%") for part in parts[::2]]
    return b"".join(text + sign for text, sign in zip(kept, [*signs, b""], strict=True)), holes


def _with_holes(value: Any, way: Way) -> Json:
    if isinstance(value, Number):
        return f"\ue000{way.once(value.source)}\ue001"
    if isinstance(value, Name):
        return f"\ue000q{value.source[1:]}\ue001"
    if isinstance(value, Mapping):
        return {key: _with_holes(one, way) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_holes(one, way) for one in value]
    return value  # type: ignore[no-any-return]  # a text, a truth, a number of the rules' own, nothing


def _made_of(value: Any, way: Way) -> str:
    """An expression that makes the value again."""
    if isinstance(value, Number):
        return way.once(value.source)
    if isinstance(value, Name):
        return value.source
    if isinstance(value, tuple):
        inner = "".join(f"{_made_of(one, way)}, " for one in value)
        return f"({inner})" if type(value) is tuple else f"{way.constant(type(value))}({inner})"
    if value is None or isinstance(value, bool | int | str):
        return way.constant(value)
    raise NotNotedError(type(value).__name__)


def _steps(way: Way) -> Iterator[str]:
    """The lines of a way, questions that follow each other as one."""
    for asked, lines in groupby(way.lines, lambda line: line.startswith(QUESTION)):
        if asked:
            yield f"if {' or '.join(line.removeprefix(QUESTION) for line in lines)}: return None"
        else:
            yield from lines


_UNPACKED: Final = re.compile(r"\b[ns]\d+\b")


def _code(body: Sequence[str]) -> bytes:
    """The compiled function of these lines. They are made of places, signs and whole numbers only; texts are
    constants.
    """
    used = sorted(set(_UNPACKED.findall("\n".join(body))))
    lists = {"n": "numbers", "s": "names"}
    lines = [*(f"{one} = {lists[one[0]]}[{one[1:]}]" for one in used), *body]
    source = "def taken(numbers, names):\n" + "".join(f"    {line}\n" for line in lines)
    return marshal.dumps(compile(source, "<way>", "exec"))
