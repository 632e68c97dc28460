"""Proofs a visitor holds: codes, receipts, device keys, passkeys (docs/passes.md).

`STATIC` is the folder of the browser's half: two modules without dependencies, for pages to serve from their origin.
"""

from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).with_name("static")
