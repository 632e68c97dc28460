"""A site's folder for tests, opened as the command line opens it, with a clock that the test turns."""

from contextlib import contextmanager
from pathlib import Path

from office import ORIGIN, START, Office

from mingshi.domain.policy import CLASSIC
from mingshi.kernel.timeline import SECOND
from mingshi.site import folder as folders
from mingshi.site.root import Site
from mingshi.store import keyring

PASSPHRASE = b"a passphrase of the tests"


class Clock:
    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        self.now += SECOND
        return self.now


def make(path: Path, random_bytes, *, policy=CLASSIC, now=START):
    folders.make(
        path,
        origin=ORIGIN,
        project="海棠湾",
        policy=policy,
        now=now,
        random_bytes=random_bytes,
        passphrase=PASSPHRASE,
    )
    (path / folders.PASSPHRASE).write_bytes(PASSPHRASE)
    (path / folders.PASSPHRASE).chmod(0o600)
    config = path / folders.CONFIG
    config.write_text(config.read_text(encoding="utf-8").replace("127.0.0.1:8331", "127.0.0.1:0"), encoding="utf-8")


@contextmanager
def opened(path: Path, clock=None, **options):
    site = Site(folders.read(path), clock=clock or Clock(), **options)
    try:
        yield site
    finally:
        site.close()


def as_office(site, now=START):
    """The same helpers over a site's record."""
    office = Office.__new__(Office)
    office.path, office.ring, office.store, office.now = site.config.database, site.store.ring, site.store, now
    office.random = site.random_bytes
    return office


def ring_of(path: Path):
    return keyring.load(path / keyring.KEYRING, PASSPHRASE)
