"""A site that was started again: reads everything it holds, then waits to be looked at, or to be shot.

    python restarted.py FOLDER OUT clear|real

Prints `ready` once every record was read, every person's view made and an export written to OUT; ends when its input
ends. `abort` on its input makes it dump core, if it can.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from office import START

from mingshi.app.holders import RECORDS
from mingshi.kernel.timeline import DAY
from mingshi.site import folder as folders
from mingshi.site import records
from mingshi.site.root import Site, keep_memory_in
from mingshi.store import keyring, vault


class Clear(keyring.Keyring):
    """A ring whose tokens are what they stand for."""

    __slots__ = ()

    def blind(self, text):
        return b"clear:" + text.encode()


def keyless(put):
    """The same schema and the same code, with nothing hidden from whoever reads the pages. `put(object, name, to)`."""
    put(vault, "seal_field", lambda _deks, _place, plain, _random: b"clear" + plain)
    put(vault, "open_field", lambda _deks, _place, cipher: cipher[5:])
    put(keyring, "Keyring", Clear)


def main():
    folder, out, build = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    if build == "clear":
        keyless(setattr)
    keep_memory_in()
    tempfile.tempdir = str(out.parent / "tmp")
    with Site(folders.read(folder), clock=lambda: START + 30 * DAY) as site:
        everything = site.store.look(
            lambda transaction: [transaction.every(kind) for kind in RECORDS.values()], now=site.clock()
        )
        made = records.export(site, out, "full", ("甲", "乙"))
        assert isinstance(made, records.Exported), made
        print(f"ready {sum(map(len, everything))}", flush=True)
        if sys.stdin.readline() == "abort\n":
            os.abort()


if __name__ == "__main__":
    main()
