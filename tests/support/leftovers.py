"""Looking for what should be gone: in decrypted pages, in every other file of a folder, in the memory of a process.

A site's databases are read page by page with their keys, in use or free, write-ahead log and all; everything else byte
by byte. Memory is read as a debugger writes a core file of it, letters of one, two and four bytes.
"""

import re
from pathlib import Path
from typing import NamedTuple

from mingshi.store import database, pages

LIKE = re.compile(rb"[a-z]{14}z\d{4}z|[A-Z]{14}Z\d{4}Z|160\d{8}|I[0-9a-f]{24}")
"""Whatever looks like a marker, a number or an identity's token: looked up among those sought."""
FEW = 100
"""So many values are sought one by one; more are looked up among whatever looks like one."""
HEAD = 8
CHUNK = 1 << 24


class Left(NamedTuple):
    """Where something stands."""

    place: str
    what: str


class Sought(NamedTuple):
    """`words`: value → whose. `heads`: the first bytes of a longer value → the values that begin so."""

    words: dict[bytes, str]
    heads: dict[bytes, list[bytes]]


def sought(words, traces=()):
    """What to look for: words as people write them, and traces (bytes that only this erasure destroys)."""
    heads = {}
    for trace in traces:
        heads.setdefault(trace[:HEAD], []).append(trace)
    return Sought(words, heads)


def in_bytes(place, data, what):
    """What of it stands in some bytes."""
    found = [Left(place, what.words[one]) for one in _words(data, what.words)]
    if len(what.heads) <= FEW:
        starts = [(at, head) for head in what.heads for at in _places(data, head)]
    else:
        heads = ((at, data[at : at + HEAD]) for at in range(len(data) - HEAD + 1))
        starts = [(at, head) for at, head in heads if head in what.heads]
    for at, head in starts:  # a long value may go on in another page
        found += [Left(place, "trace") for one in what.heads[head] if data.startswith(one[: len(data) - at], at)]
    return found


def _words(data, words):
    if len(words) <= FEW:
        return [one for one in words if one in data]
    return [one for one in LIKE.findall(data) if one in words]


def _places(data, head):
    at = data.find(head)
    while at >= 0:
        yield at
        at = data.find(head, at + 1)


def in_pages(path, key, what):
    """What stands in the pages of a database, or in its write-ahead log."""
    return [one for page in pages.pages(path, key) for one in in_bytes(page.place, page.data, what)]


def in_folder(folder, keys, what):
    """What stands in any file. `keys`: those with which a `site.db` may be encrypted."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.endswith("-shm"):
            continue
        if path.name in (database.DATABASE, f"{database.DATABASE}-wal"):
            if path.name == database.DATABASE:
                parent = path.parent.relative_to(folder)
                found += [Left(f"{parent}/{one.place}", one.what) for one in in_pages(path, key_of(path, keys), what)]
            continue
        place = str(path.relative_to(folder))
        found += in_bytes(place, path.name.encode() + b"\n" + path.read_bytes(), what._replace(heads={}))
    return found


def key_of(path, keys):
    """The key with which a database opens: its first page says `SQLite` nowhere, but its header is known."""
    for key in keys:
        first = next(iter(pages.pages(path, key))).data
        # After the salt that stands in the place of the magic: page size 4096, versions, 80 bytes reserved.
        if first[:2] == b"\x10\x00" and first[4] == 80:
            return key
    raise AssertionError(f"no key opens {path}")


def in_memory(pid, what):
    """What stands in the memory of a process."""
    found = []
    for name, data in memory(pid):
        for step in (1, 2, 4):
            for offset in range(step):
                shown = data[offset::step]
                found += [Left(f"{name} {step}", what.words[one]) for one in _words(shown, what.words)]
    return found


def memory(pid):
    """The readable regions of a process, in pieces that overlap by more than a marker."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as file:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            span, mode, *rest = line.split()
            if "r" not in mode or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            start, end = (int(one, 16) for one in span.split("-"))
            kept = b""
            for at in range(start, end, CHUNK):
                try:
                    file.seek(at)
                    piece = file.read(min(CHUNK, end - at)) or b""
                except OSError:
                    break
                yield f"memory {rest[-1] if len(rest) > 3 else 'anonymous'}", kept + piece
                kept = piece[-128:]  # a multiple of four: letters keep their places
