"""A registration stamped by a witness because the site did not answer (docs/formats/promise.md §4).

The rules this module keeps:

1. The witness sees a digest, never the registration: nothing personal leaves the agent's hands.
2. The stamp's time is the submission time (RULES §7); `last_s` says when that log was last cosigned, so that
   the stamp itself shows whether the site was in a gap, where lead and report windows are waived.
3. It is a signed note of the witness's stamp key, whose first line no checkpoint and no promise can have.
"""

from dataclasses import dataclass
from typing import Final, final

from mingshi.ledger.verify import Note, RefusedError, VerifierKey, b64, decimal, unb64

HEADER: Final = "mingshi/deposit/v1"
WAIT_S: Final = 60
"""How long the site has to answer before a registration may be deposited, in seconds (LEDGER amendment 4)."""


@final
@dataclass(frozen=True, slots=True)
class Request:
    """What an agent asks to have stamped: the log, SHA-256 of the submission, when the site got it."""

    origin: str
    digest: bytes
    submitted_s: int

    def __str__(self) -> str:
        return f"{HEADER}\n{self.origin}\n{b64(self.digest)}\nsubmitted {self.submitted_s}\n"

    @classmethod
    def parse(cls, text: str) -> "Request":
        """Of its four lines. Raises `ValueError`."""
        lines = text.split("\n")
        if len(lines) != 5 or lines[0] != HEADER or not lines[1] or lines[4]:
            raise ValueError(f"应为四行，首行 {HEADER} / four lines are needed, the first {HEADER}")
        return cls(lines[1], unb64(lines[2], 32), _number("submitted", lines[3]))


@final
@dataclass(frozen=True, slots=True)
class Deposit:
    """A request and the witness's word: when it came, and when this log was last cosigned (0: never)."""

    request: Request
    time_s: int
    last_s: int

    def __str__(self) -> str:
        return f"{self.request}time {self.time_s}\nlast {self.last_s}\n"

    @classmethod
    def parse(cls, text: str) -> "Deposit":
        """Of a note's text. Raises `ValueError`."""
        lines = text.split("\n")
        if len(lines) != 7 or lines[6]:
            raise ValueError("应为六行 / six lines are needed")
        request = Request.parse("".join(f"{line}\n" for line in lines[:4]))
        return cls(request, _number("time", lines[4]), _number("last", lines[5]))


def read_deposit(note: str, stamp_key: VerifierKey) -> Deposit:
    """What the witness signed. Raises `RefusedError` if it did not, `ValueError` if it is no deposit."""
    parsed = Note.parse(note)
    if not parsed.signed_by(stamp_key):
        raise RefusedError("NO_LOG_SIGNATURE", stamp_key.name)
    return Deposit.parse(parsed.text)


def _number(word: str, line: str) -> int:
    if not line.startswith(f"{word} "):
        raise ValueError(f"缺少一行 / a line is missing: {word} …")
    return decimal(line.removeprefix(f"{word} "))
