"""How fast a season is made: `hengshui-load`, 170,000 check-ins, from nothing to its folder.

The ratio is to reading the same files with `csv` and writing them again, in the same run. Each is a process of its
own, so that processor time and peak of memory are its own; the least of several rounds is told. It is one process: alone on a machine its processor time is its duration.

usage: mingshi bench season [ROUNDS]      (3)
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEED = 1
SECONDS, MIB = 60, 1024
COPY = """
import csv, sys
from pathlib import Path
for path in sorted(Path(sys.argv[1]).rglob("*.csv")):
    with path.open(newline="", encoding="utf-8-sig") as one, (Path(sys.argv[2]) / path.name).open("w", newline="") as other:
        csv.writer(other).writerows(csv.reader(one))
"""


def measured(command: list[str]) -> tuple[float, float, int]:
    """Wall-clock seconds, processor seconds, peak of memory in MiB."""
    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{command}: {status}")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main() -> None:
    """Measure and print."""
    rounds = next((int(each) for each in sys.argv[1:] if each.isdigit()), 3)
    made, copied, rows = [], [], 0
    with tempfile.TemporaryDirectory() as place:
        for number in range(rounds):
            folder, copy = Path(place) / f"season{number}", Path(place) / f"copy{number}"
            copy.mkdir()
            command = ["--preset", "hengshui-load", "--seed", str(SEED), "--out", str(folder)]
            made.append(measured([sys.executable, "-m", "mingshi", "season", *command]))
            copied.append(measured([sys.executable, "-c", COPY, str(folder / "events"), str(copy)]))
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            rows = manifest["records"]["arrivals"]
    wall, processor, memory = (min(each) for each in zip(*made, strict=True))
    bare = min(each[1] for each in copied)
    print(f"{rows:,} check-ins: {wall:.1f} s, processor {processor:.1f} s, peak {memory} MiB; best of {rounds}")
    print(f"ratio to copying the same rows with csv: {processor / bare:.1f} (processor {bare:.1f} s)")
    kept = processor <= SECONDS and memory <= MIB
    print(f"promised, alone on the machine: {SECONDS} s and {MIB} MiB: {'kept' if kept else 'NOT KEPT'}")


if __name__ == "__main__":
    main()
