"""Settings and fixtures of every test."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# A machine with other work to do is no reason for a test to fail: how long an example took is a benchmark's question.
# Where CI is set, Hypothesis loads its own profile: the same examples every time, and no deadline either.
if not os.environ.get("CI"):
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")

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
