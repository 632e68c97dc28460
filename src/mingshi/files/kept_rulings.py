"""Rulings kept on disk while they are told: a large season's would not fit the memory, parsed, all at once.

The rules this module keeps:

1. The lines are the judge's own, byte for byte; a value is parsed anew each time it is asked for.
2. The file has no name: it goes with the process, however that ends.
"""

import shutil
import tempfile
from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast, overload

import msgspec

from mingshi.kernel.canonical import Json

Value = Mapping[str, Json]

_decode: Final = msgspec.json.Decoder().decode


class KeptRulings(Sequence[Value]):
    """A sequence of rulings over one canonical line each."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="mingshi-")  # noqa: SIM115 - closed with this object
        self._starts = array("Q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def append(self, line: bytes) -> None:
        """Add a ruling at the end: its canonical bytes, without an end of line. Raises `OSError` on a full disk."""
        self._file.seek(self._starts[-1])
        self._file.write(line + b"\n")
        self._starts.append(self._starts[-1] + len(line) + 1)

    def write_to(self, path: Path) -> None:
        """Write `rulings.jsonl`."""
        self._file.seek(0)
        with path.open("wb") as file:
            shutil.copyfileobj(self._file, file)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[Value]:
        return map(self._at, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Value: ...
    @overload
    def __getitem__(self, index: slice) -> list[Value]: ...
    def __getitem__(self, index: int | slice) -> Value | list[Value]:
        places = range(len(self))[index]
        return self._at(places) if isinstance(places, int) else [self._at(place) for place in places]

    def _at(self, place: int) -> Value:
        start, end = self._starts[place], self._starts[place + 1]
        self._file.seek(start)
        return cast("Value", _decode(self._file.read(end - start)))
