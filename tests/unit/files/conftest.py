from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.files.case_files import BASIS, GOOD


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a case folder: the smallest case, with files changed, added or (None) left out."""

    def write(**files: str | bytes | None) -> Path:
        path = tmp_path / "案例"
        path.mkdir(exist_ok=True)
        for name, content in {"case.toml": BASIS, **GOOD, **files}.items():
            if content is not None:
                target = path / name
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
