"""What pages need of the site: the composition root gives it (`mingshi.site.pages`)."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeAlias, TypeVar

from mingshi.app.answer import Answer
from mingshi.app.ports import Transaction
from mingshi.credentials.codes import Codes
from mingshi.credentials.door import Door
from mingshi.credentials.keeping import Keeping
from mingshi.credentials.proofs import Key, Receipts, VisitCodes
from mingshi.domain.evidence import Means
from mingshi.kernel.timeline import Micros, Zone

C = TypeVar("C")


class Replied(Protocol):
    """What became of a use case."""

    @property
    def answer(self) -> Answer:
        """Done or refused."""

    @property
    def promises(self) -> Mapping[int, str]:
        """The promise for each entry it sealed."""

    @property
    def repeated(self) -> bool:
        """The same request had been answered before."""


class Head(NamedTuple):
    """Where the log stands, as anybody may know it."""

    origin: str
    entries: int
    sealed_at: Micros
    checkpoint: str
    """The newest that was published, with every signature it has; empty: none yet."""
    halt: str
    """Why the log signs no more; empty: it does."""


class Row(NamedTuple):
    """One row of an uploaded table, as text."""

    number: int
    """As a spreadsheet counts."""
    cells: Mapping[str, str]


class Read(NamedTuple):
    """An uploaded table."""

    rows: tuple[Row, ...]
    traits: tuple[str, ...]
    """Columns that tell of traits of people; they were not read (INV-05)."""


class NotRead(NamedTuple):
    """Why it was not read, each in both languages. Falsy."""

    why: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return False


Uploaded: TypeAlias = Read | NotRead


class Tables(Protocol):
    """Reads tables that people upload, where a hostile one can do no harm."""

    def read(self, name: str, body: bytes, labels: Mapping[str, str], most: int) -> Uploaded:
        """The rows of a table of at most so many. `labels`: what a header may call each column, to its name."""


class Office(Protocol):
    """One site, open."""

    @property
    def project(self) -> str:
        """Its name."""

    @property
    def zone(self) -> Zone:
        """Its civil time."""

    @property
    def keeping(self) -> Keeping:
        """Sessions, codes, keys."""

    @property
    def codes(self) -> Codes:
        """Codes sent to phones."""

    @property
    def door(self) -> Door:
        """The code at the sign."""

    @property
    def keys(self) -> Mapping[Means, Key]:
        """Passkeys and device keys; empty where no origin was set, and then no page offers them."""

    @property
    def receipts(self) -> Receipts:
        """Codes on receipts."""

    @property
    def visit_codes(self) -> VisitCodes:
        """Codes that visitors make beforehand."""

    @property
    def tables(self) -> Tables:
        """Uploaded tables."""

    @property
    def demo(self) -> "Demo | None":
        """The demo's own pages; None at a real site."""

    @property
    def address(self) -> str:
        """Scheme, host and port under which browsers reach it; passkeys and device keys are bound to it."""

    def now(self) -> Micros:
        """The clock."""

    def random_bytes(self, count: int) -> bytes:
        """Fresh random bytes."""

    def changes(self) -> int:
        """A number that grows with everything that is sealed."""

    def forever(self) -> Micros:
        """An end for what has none of its own; it is dropped when its owner goes."""

    def run(self, use_case: Callable[[Transaction, C], Answer], command: C, key: str = "") -> Replied:
        """One use case in one transaction. `key`: names the request. Raises `OSError` where the disk failed."""

    def look(self, reader: Callable[[Transaction], C]) -> C:
        """Read in one snapshot."""

    def proof(self, record: str, subject: str, part: str) -> str:
        """The receipt of a record, or while no checkpoint carries it its promise; with one part opened.

        Empty where there is none, that part was erased, or the site has no witness that could be relied on.
        """

    def head(self) -> Head:
        """Where the log stands."""

    def trust(self) -> str:
        """The rule of trust that receipts enclose."""


class Demo(Protocol):
    """What only a demo has: phones that cannot ring, a clock that may be put forward, one-time logins."""

    def texts(self) -> list[tuple[str, str]]:
        """What was sent to which number, newest first."""

    def skip(self, micros: Micros) -> None:
        """Put the clock forward."""

    def token(self) -> tuple[str, str]:
        """An agency, and a token for its own system."""

    @property
    def rest_min(self) -> int:
        """After how many minutes without use it begins anew."""

    def reset(self) -> None:
        """Begin anew, as the season ended. Raises `OSError` where that failed; then all is as it was."""

    def people(self) -> Mapping[str, str]:
        """For each role's key, who it is."""

    def login(self, key: str) -> str:
        """The path of a fresh one-time login; empty for a key that nobody has."""
