"""Fixtures for every test."""

import shutil
import tempfile
from pathlib import Path

import pytest

_MEMORY = Path("/dev/shm")  # named by Linux; asked whether it is there


@pytest.fixture
def quick_path(tmp_path):
    """A folder in memory where there is one: for tests of what is decided, not of what survives a power cut."""
    if not _MEMORY.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="mingshi-test-", dir=_MEMORY))
    yield folder
    shutil.rmtree(folder)
