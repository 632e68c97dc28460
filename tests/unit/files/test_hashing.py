"""The digest of a file is the same, whoever works it out, and reading it moves nobody's place in it."""

import hashlib
import os
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import pytest

from mingshi.files import hashing
from mingshi.files.source import Input

HERE = os.getpid()
CONTENTS = {"a.csv": os.urandom(200_000), "b.csv": b"", "c.csv": b"deal\n"}
TOLD = [Input(name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in CONTENTS.items()]


@pytest.fixture
def files(tmp_path: Path) -> list[tuple[BinaryIO, str]]:
    with ExitStack() as opened:
        for name, content in CONTENTS.items():
            (tmp_path / name).write_bytes(content)
        yield [(opened.enter_context((tmp_path / name).open("rb")), name) for name in CONTENTS]


@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("least", [0, 1 << 30])
def test_whoever_works_it_out(
    files: list[tuple[BinaryIO, str]], monkeypatch: pytest.MonkeyPatch, beside: bool, least: int
) -> None:
    asked: list[str] = []
    here = hashing.hashed
    monkeypatch.setattr(hashing, "hashed", lambda file, name: asked.append(name) or here(file, name))
    monkeypatch.setattr(hashing, "_WORTH_FORKING", least)
    with hashing.hashing(files, beside=beside) as told:
        first, _ = files[0]
        first.seek(7)
        assert told() == TOLD
        assert first.read(3) == CONTENTS["a.csv"][7:10]
    assert bool(asked) == (not beside or least > 0)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_if_the_other_process_dies_this_one_does_it(
    files: list[tuple[BinaryIO, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_WORTH_FORKING", 0)
    monkeypatch.setattr(hashing, "_hash_all", lambda *_: os._exit(3))
    with hashing.hashing(files, beside=True) as told:
        assert told() == TOLD


def test_nobody_waits_for_digests_that_nobody_wants(
    files: list[tuple[BinaryIO, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_WORTH_FORKING", 0)
    monkeypatch.setattr(hashing, "_hash_all", lambda *_: signal.pause())
    with pytest.raises(KeyError), hashing.hashing(files, beside=True):
        raise KeyError
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
