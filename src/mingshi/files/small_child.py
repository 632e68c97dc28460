"""`python -m mingshi.files.small_child JSON`: reads an uploaded table in a process of its own, with little to lose.

    in      the file, as standard input that can be sought (it is in memory and nowhere else)
    JSON    {"name", "labels", "most"}
    out     {"rows": [[number, {column: text}], …], "traits": […]}, or {"problems": [{"zh", "en"}, …]}

The rules this module keeps:

1. Before a byte of the file is read: half a gibibyte of memory, ten seconds of processor, no file may be written, no
   process started, no core left; it has no environment and no session of its site, and no socket of it.
2. It knows no key and no record; what it says is data, bounded by the number of rows and columns that were asked for.
"""

import json
import resource
import sys

from mingshi.files.limits import MIB
from mingshi.files.problem import BadInputError
from mingshi.files.small_table import read_small_table

MEMORY = 512 * MIB
CPU_S = 10


def confine() -> None:
    """Give up what a hostile file could use."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read it and say so."""
    asked = json.loads(sys.argv[1])
    confine()
    try:
        table = read_small_table(sys.stdin.buffer, asked["name"], asked["labels"], asked["most"])
        told: object = {"rows": [[row.number, row.cells] for row in table.rows], "traits": table.traits}
    except BadInputError as error:
        told = {"problems": [{"zh": each.text("zh"), "en": each.text("en")} for each in error.problems[:20]]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
