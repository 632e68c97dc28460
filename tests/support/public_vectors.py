"""The public test vectors, which are not committed: beside the checkout, or where MINGSHI_VECTORS says."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("MINGSHI_VECTORS", Path(__file__).parents[3] / "shared" / "vectors"))


def public(name: str):
    """The cases of one file; where the folder is absent the test is skipped, and says so."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(
            f"RAN WITHOUT the public vectors: no {name} in {FOLDER} (set MINGSHI_VECTORS)",
            allow_module_level=True,
        )
    return json.loads(path.read_text(encoding="utf-8"))
