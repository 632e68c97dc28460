"""What a running site tells its operator: lines of JSON, and figures for Prometheus.

The rules this module keeps (LAW L-36, ASVS 16.2.5):

1. A line holds an event's name, times, counts, kinds, reasons: closed words and numbers. No field of any command or
   answer goes into one, so no phone, name, id or free text can (a test looks for planted ones).
2. Figures are labelled by use case and outcome only.
"""

import json
import sys
import threading
from collections.abc import Callable
from typing import IO, Final, final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from mingshi.app.answer import Answer, Done
from mingshi.kernel.timeline import Micros

Value = str | int | float | bool | None
_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)


@final
class Teller:
    """Lines and figures of one process."""

    def __init__(self, clock: Callable[[], Micros], out: IO[str] = sys.stderr) -> None:
        self._clock = clock
        self._out = out
        self._lock = threading.Lock()
        self.registry = CollectorRegistry()
        self._answers = Counter(
            "mingshi_answers", "Use cases answered", ["use_case", "outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "mingshi_answer_seconds", "Time to answer", ["use_case"], registry=self.registry, buckets=_BUCKETS
        )
        self._failures = Counter("mingshi_store_failures", "Storage calls that failed", registry=self.registry)
        self._jumps = Counter("mingshi_clock_jumps", "Times the clock was set", registry=self.registry)
        self.entries = Gauge("mingshi_log_entries", "Entries in the log", registry=self.registry)
        self.published = Gauge(
            "mingshi_checkpoint_entries", "Entries under the newest checkpoint", registry=self.registry
        )
        self.wal = Gauge("mingshi_wal_bytes", "Write-ahead log before it was last cut", registry=self.registry)
        self.silent = Gauge("mingshi_witnesses_silent", "Witnesses that did not cosign last", registry=self.registry)
        self.since_backup = Gauge("mingshi_backup_age_seconds", "Since the last backup", registry=self.registry)

    def line(self, event: str, **fields: Value) -> None:
        """One line. Fields are closed words and numbers, never anybody's data."""
        said = {"at_us": self._clock(), "event": event} | fields
        with self._lock:
            print(json.dumps(said, ensure_ascii=True), file=self._out, flush=True)

    def answered(self, use_case: str, answer: Answer, seconds: float, *, repeated: bool) -> None:
        """A use case was answered."""
        outcome = "done" if isinstance(answer, Done) else answer.reason
        self._answers.labels(use_case, outcome).inc()
        self._seconds.labels(use_case).observe(seconds)
        self.line(
            "answered",
            use_case=use_case,
            outcome=outcome,
            entries=len(answer.entries),
            ms=round(seconds * 1000, 2),
            repeated=repeated,
        )

    def failed(self, use_case: str) -> None:
        """The disk failed under a use case: nothing was answered."""
        self._failures.inc()
        self.line("store_failed", use_case=use_case)

    def jumped(self, seconds: float) -> None:
        """The clock was set while the site ran."""
        self._jumps.inc()
        self.line("clock_set", seconds=round(seconds, 1))

    def figures(self) -> bytes:
        """As Prometheus reads them."""
        return generate_latest(self.registry)
