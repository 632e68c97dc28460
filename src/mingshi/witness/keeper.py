"""What a witness remembers and answers (C2SP tlog-witness), with no socket and no clock of its own.

The rules this module keeps:

1. A cosignature is given only for a checkpoint that a known log signed and that extends the last cosigned.
   Comparing and storing are one step under one lock, durable before the answer: two requests at once, or a
   crash between them, never yield two cosignatures that contradict.
2. Times of cosignatures of one log never go back. A clock that stands more than `SKEW_S` before the last one
   given is answered 503 and an alarm: whoever set it must look.
3. What a log signed and cannot both be true is kept as evidence and rings an alarm: two roots of one size
   (FORK), a checkpoint without a valid consistency proof (INCONSISTENT).
4. A registration that the site left unanswered is stamped (deposit), a bounded number an hour.
5. No checkpoint for `KEEP_ALIVE_S` of opening time is a gap; it is computed from the stored times, so that it
   stays visible for ever, and rings an alarm once.
6. After a failed write nothing is answered (503) until the file is opened again.
"""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, NamedTuple, final

from mingshi.ledger import deposit
from mingshi.ledger.journal import CorruptError, Journal, Medium
from mingshi.ledger.keys import SigningKey, signed
from mingshi.ledger.verify import (
    EMPTY_ROOT,
    SKEW_S,
    Checkpoint,
    Json,
    Note,
    RefusedError,
    Signature,
    VerifierKey,
    b64,
    canonical,
    decimal,
    unb64,
    verify_consistency,
)

KEEP_ALIVE_S: Final = 600
GRACE_S: Final = 20
"""A site shows a checkpoint every 10 minutes of opening time and has 20 s for it (LEDGER amendment 4)."""

DEPOSITS_AN_HOUR: Final = 600
MAX_PROOF: Final = 63
DAY_S: Final = 86_400
TEXT: Final = "text/plain; charset=utf-8"


class Answer(NamedTuple):
    """HTTP status, body and content type."""

    status: int
    body: str
    content_type: str = TEXT


class Hours(NamedTuple):
    """Opening hours of a civil day, in minutes after midnight at a fixed offset from UTC."""

    open_min: int = 0
    close_min: int = 1440
    utc_offset_min: int = 480

    def open_s(self, start_s: int, end_s: int) -> int:
        """Seconds of opening time between two moments."""
        shift = self.utc_offset_min * 60
        days = range((start_s + shift) // DAY_S, (end_s + shift) // DAY_S + 1)
        opened, closed = self.open_min * 60 - shift, self.close_min * 60 - shift
        return sum(max(0, min(end_s, day * DAY_S + closed) - max(start_s, day * DAY_S + opened)) for day in days)


ALWAYS_OPEN: Final = Hours()


class Gap(NamedTuple):
    """No checkpoint between two cosignatures; `end_s` is None while it lasts."""

    start_s: int
    end_s: int | None


def gaps(times_s: Sequence[int], hours: Hours, now_s: int) -> tuple[Gap, ...]:
    """Where the log fell silent in opening time, from the times of its cosignatures, the first one on."""
    ends: list[int | None] = [*times_s[1:], *([None] if times_s else [])]
    return tuple(
        Gap(start, end)
        for start, end in zip(times_s, ends, strict=True)
        if _silent(start, now_s if end is None else end, hours)
    )


def _silent(start_s: int, end_s: int, hours: Hours) -> bool:
    limit = KEEP_ALIVE_S + GRACE_S
    return end_s - start_s > limit and hours.open_s(start_s, end_s) > limit


class Request(NamedTuple):
    """The body of add-checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (f"old {self.old}", *map(b64, self.proof), "")) + self.note

    @classmethod
    def parse(cls, body: str) -> "Request":
        """Raises `ValueError`."""
        head, blank, note = body.partition("\n\n")
        first, *lines = head.split("\n")
        if not blank or not first.startswith("old ") or len(lines) > MAX_PROOF:
            raise ValueError("old line, at most 63 proof lines, an empty line, a checkpoint")
        return cls(decimal(first.removeprefix("old ")), tuple(unb64(line, 32) for line in lines), note)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLog:
    """A log that is witnessed: its keys (two while one is being changed) and the site's opening hours."""

    keys: tuple[VerifierKey, ...]
    hours: Hours = ALWAYS_OPEN


@final
@dataclass(slots=True)
class _Seen:
    """What is remembered of one log."""

    head: Checkpoint | None = None
    note: str = ""
    times_s: list[int] = field(default_factory=list)
    roots: dict[int, bytes] = field(default_factory=dict)

    @property
    def last_s(self) -> int:
        return self.times_s[-1] if self.times_s else 0


@final
class Alarm(NamedTuple):
    """Something a person must look at. `note` is the evidence where there is one."""

    time_s: int
    kind: str
    origin: str
    detail: str
    note: str = ""


@final
class Keeper:
    """One witness: its two keys, the logs it knows, and its file."""

    def __init__(self, key: SigningKey, stamp_key: SigningKey, logs: Mapping[str, KnownLog], medium: Medium) -> None:
        self.key = key
        self.stamp_key = stamp_key
        self.logs = dict(logs)
        self.alarms: list[Alarm] = []
        self._seen = {origin: _Seen() for origin in logs}
        self._deposits: list[int] = []
        self._rung: set[tuple[str, str, str]] = set()
        self._lock = threading.Lock()
        self._journal = Journal(medium)
        for offset, payload in self._journal.replay():
            try:
                self._recall(json.loads(payload))
            except ValueError as error:
                raise CorruptError(f"byte {offset}: {error}") from error

    def add_checkpoint(self, body: str, now_s: int) -> Answer:
        """Answer to POST add-checkpoint: 200 with a cosignature, or 400, 403, 404, 409, 422, 503."""
        try:
            request = Request.parse(body)
            note = Note.parse(request.note)
            checkpoint = Checkpoint.parse(note.text)
        except (ValueError, RefusedError) as error:
            return Answer(400, f"{error}\n")
        log = self.logs.get(checkpoint.origin)
        if log is None:
            return Answer(404, "unknown log\n")
        try:
            trusted = [key for key in log.keys if note.signed_by(key)]
        except RefusedError as error:
            return Answer(403, f"{error}\n")
        if not trusted:
            return Answer(403, "no signature of a key known for this log\n")
        if request.old > checkpoint.size:
            return Answer(400, "old size is larger than the checkpoint\n")
        kept = Note(note.text, tuple(each for each in note.signatures if _by(each, trusted)))
        with self._lock:
            try:
                return self._compare_and_set(request, checkpoint, kept, now_s)
            except OSError as error:
                return Answer(503, f"cannot be stored: {error}\n")

    def deposit(self, body: str, now_s: int) -> Answer:
        """Answer to POST deposit: 200 with a stamped note, or 400, 404, 425 (too early), 429, 503."""
        try:
            request = deposit.Request.parse(body)
        except ValueError as error:
            return Answer(400, f"{error}\n")
        if request.origin not in self.logs:
            return Answer(404, "unknown log\n")
        if request.submitted_s + deposit.WAIT_S > now_s:
            return Answer(425, f"wait {request.submitted_s + deposit.WAIT_S - now_s} s for the site's answer\n")
        with self._lock:
            self._deposits = [at for at in self._deposits if at > now_s - 3600]
            if len(self._deposits) >= DEPOSITS_AN_HOUR:
                return Answer(429, "too many deposits this hour\n")
            stamped = str(deposit.Deposit(request, now_s, self._seen[request.origin].last_s))
            note = str(signed(stamped, self.stamp_key))
            try:
                self._keep({"deposit": note, "time": now_s})
            except OSError as error:
                return Answer(503, f"cannot be stored: {error}\n")
        return Answer(200, note)

    def latest(self, origin_hash: str) -> Answer:
        """Answer to GET <origin hash>/checkpoint: the last cosigned one, 404 where there is none."""
        for origin, seen in self._seen.items():
            if sha256(origin.encode()).hexdigest() == origin_hash and seen.note:
                return Answer(200, seen.note)
        return Answer(404, "never cosigned\n")

    def gaps(self, now_s: int) -> dict[str, tuple[Gap, ...]]:
        """Every gap of every log, of all times."""
        return {origin: gaps(seen.times_s, self.logs[origin].hours, now_s) for origin, seen in self._known()}

    def watch(self, now_s: int) -> Sequence[Alarm]:
        """Ring for gaps that have begun since; call it every half minute. The new alarms."""
        with self._lock:
            before = len(self.alarms)
            for origin, seen in self._known():
                self._ring_gap(origin, seen, now_s)
            return self.alarms[before:]

    @property
    def broken(self) -> bool:
        """Did a write fail? Then it answers nothing until it is opened again."""
        return self._journal.broken

    def close(self) -> None:
        """Give the file back."""
        self._journal.close()

    def _compare_and_set(self, request: Request, new: Checkpoint, note: Note, now_s: int) -> Answer:
        seen = self._seen[new.origin]
        size = seen.head.size if seen.head else 0
        if seen.roots.get(new.size, new.root) != new.root:
            self._ring(Alarm(now_s, "FORK", new.origin, f"two roots of size {new.size}", str(note)))
        if request.old != size:
            return Answer(409, f"{size}\n", "text/x.tlog.size")
        if not self._extends(request, seen.head, new):
            self._ring(Alarm(now_s, "INCONSISTENT", new.origin, f"from {size} to {new.size}", str(note)))
            return Answer(422, "not an extension of the last cosigned checkpoint\n")
        if now_s + SKEW_S < seen.last_s:
            self._ring(Alarm(now_s, "CLOCK", new.origin, f"{now_s} before {seen.last_s}"))
            return Answer(503, "this witness's clock has gone back\n")
        at_s = max(now_s, seen.last_s)
        self._ring_gap(new.origin, seen, at_s)
        line = self.key.cosign(note.text, at_s)
        kept = str(Note(note.text, (*note.signatures, line)))
        self._keep({"cosigned": [new.origin, at_s, new.size, b64(new.root), kept]})
        return Answer(200, str(line))

    def _extends(self, request: Request, head: Checkpoint | None, new: Checkpoint) -> bool:
        if new.size == 0 and new.root != EMPTY_ROOT:
            return False
        if head is None or head.size == 0:
            return not request.proof
        return verify_consistency(head.size, new.size, request.proof, head.root, new.root)

    def _keep(self, record: dict[str, Json]) -> None:
        """Durable first, remembered second."""
        self._journal.append(canonical(record))
        self._recall(record)

    def _recall(self, record: Json) -> None:
        match record:
            case {"cosigned": [str(origin), int(time_s), int(size), str(root), str(note)]}:
                seen = self._seen.setdefault(origin, _Seen())
                seen.head, seen.note = Checkpoint(origin, size, unb64(root, 32)), note
                seen.times_s.append(time_s)
                seen.roots[size] = seen.head.root
            case {"deposit": str(), "time": int(time_s)}:
                self._deposits.append(time_s)
            case {"alarm": [int(time_s), str(kind), str(origin), str(detail), str(note)]}:
                self.alarms.append(Alarm(time_s, kind, origin, detail, note))
                self._rung.add((kind, origin, detail))
            case {"witness": str(vkey)}:
                if vkey != str(self.key.verifier):
                    raise ValueError(f"this is the file of {vkey}")
            case _:
                raise ValueError("an unknown record")

    def _ring_gap(self, origin: str, seen: _Seen, now_s: int) -> None:
        if seen.times_s and _silent(seen.last_s, now_s, self.logs[origin].hours):
            self._ring(Alarm(now_s, "GAP", origin, f"since {seen.last_s}"))

    def _ring(self, alarm: Alarm) -> None:
        if (alarm.kind, alarm.origin, alarm.detail) not in self._rung:
            values: list[Json] = list(alarm)
            self._keep({"alarm": values})

    def _known(self) -> Iterable[tuple[str, _Seen]]:
        return ((origin, seen) for origin, seen in self._seen.items() if origin in self.logs)


def first_record(key: VerifierKey) -> bytes:
    """What a new witness's file begins with: whose it is."""
    return canonical({"witness": str(key)})


def _by(signature: Signature, keys: Iterable[VerifierKey]) -> bool:
    return any((signature.name, signature.key_id) == (key.name, key.id) for key in keys)
