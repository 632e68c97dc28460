"""How fast a case is judged: reading to `rulings.jsonl`, as a ratio to reading the same files with `csv` alone.

The baseline, in the same run: `csv.reader` over every file, `datetime.fromisoformat` on every time column. Measured
in processes of their own, so that peaks of memory are each one's. The files are a running site's: every fact has the
time at which it was sealed, registrations also those of approval and expected visit.

usage: mingshi bench judge [DEALS]      (100000: 1,000,000 registrations, 500,000 arrivals, 100,000 deals)
"""

import contextlib
import csv
import gc
import json
import math
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mingshi.domain.judge.records import Records

SEED = 7
START = datetime(2026, 1, 1, 9)  # noqa: DTZ001 - civil time, as an office's file has it
AGENTS_PER_DEAL = 0.04
SHARE_NATURAL = 0.3


def generate(folder: Path, deals: int, seed: int = SEED) -> None:
    """A year of a large group: ten registrations and five arrivals for every deal."""
    dice = random.Random(seed)
    agents = max(20, int(deals * AGENTS_PER_DEAL))
    agencies = max(5, agents // 30)
    folder.mkdir(parents=True)
    (folder / "case.toml").write_text(
        'format = 1\nzone = "+08:00"\nbasis = "虚构的基准数据"\n[project]\nname = "基准"\n', "utf-8"
    )
    files = {
        name: (folder / f"{name}.csv").open("w", newline="", encoding="utf-8")
        for name in ("agents", "agreements", "registrations", "arrivals", "deals", "statements")
    }
    out = {name: csv.writer(file) for name, file in files.items()}
    out["agents"].writerow(["agent", "name", "agency", "since"])
    out["agreements"].writerow(["agreement", "agency", "since"])
    out["registrations"].writerow(
        [
            "registration",
            "at",
            "agent",
            "agency",
            "phone",
            "client",
            "project",
            "expected_at",
            "approved_at",
            "sealed_at",
        ]
    )
    out["arrivals"].writerow(
        [
            "arrival",
            "at",
            "phone",
            "means",
            "registration",
            "agent",
            "staff",
            "door_code",
            "party_adults",
            "device",
            "sealed_at",
        ]
    )
    out["deals"].writerow(
        [
            "deal",
            "room",
            "buyers",
            "subscribed_at",
            "contracted_at",
            "filed_at",
            "price_yuan",
            "consultant",
            "claimed_agent",
            "sealed_at",
        ]
    )
    out["statements"].writerow(["statement", "at", "phone", "stage", "origin", "agent", "sealed_at"])
    for number in range(agencies):
        out["agreements"].writerow([f"W{number}", f"渠道{number:03d}", "2025-01-01"])
    for number in range(agents):
        out["agents"].writerow([f"A{number:05d}", f"经纪{number:05d}", f"渠道{number % agencies:03d}", "2025-01-01"])
    registration = arrival = statement = 0

    def sealed(when: datetime) -> str:
        return (when + timedelta(microseconds=dice.randrange(400_000))).isoformat(" ")

    def register(when: datetime, phone: str, agent: int) -> str:
        nonlocal registration
        registration += 1
        name = f"R{registration:07d}"
        expected = (when + timedelta(hours=2)).isoformat(" ")
        row = [
            name,
            when.isoformat(" "),
            f"A{agent:05d}",
            f"渠道{agent % agencies:03d}",
            phone,
            "王测试",
            "基准",
            expected,
            (when + timedelta(minutes=3)).isoformat(" "),
            sealed(when),
        ]
        out["registrations"].writerow(row)
        return name

    def arrive(when: datetime, phone: str, code: str, agent: int | None) -> None:
        nonlocal arrival
        arrival += 1
        means = "qr" if code else dice.choice(("otp", "otp", "reception", "id"))
        named = "" if agent is None else f"A{agent:05d}"
        row = [
            f"V{arrival:07d}",
            when.isoformat(" "),
            phone,
            means,
            code,
            named,
            f"前台-{dice.randrange(9)}",
            "valid",
            dice.randint(1, 4),
            "平板-1",
            sealed(when),
        ]
        out["arrivals"].writerow(row)

    for number in range(deals * 10):
        phone = f"160{number:08d}"
        when = START + timedelta(days=dice.randrange(330), seconds=dice.randrange(9 * 3600))
        agent = dice.randrange(agents)
        buys = number % 10 == 0
        natural = buys and dice.random() < SHARE_NATURAL
        code = ""
        if not natural:
            code = register(when, phone, agent)
        elif dice.random() < 0.5:
            register(when + timedelta(hours=30), phone, agent)
        if natural or dice.random() < 0.12:
            register(when + timedelta(minutes=dice.randrange(1, 90)), phone, dice.randrange(agents))
        came = when + timedelta(minutes=dice.choice((10, 45, 120, 1500)))
        if buys or number % 10 < 5:
            arrive(came, phone, code if dice.random() < 0.7 else "", None if natural else agent)
        if buys:
            if dice.random() < 0.3:
                statement += 1
                origin, named = ("nobody", "") if natural else ("agent", f"A{agent:05d}")
                out["statements"].writerow(
                    [
                        f"S{statement:07d}",
                        (came + timedelta(minutes=5)).isoformat(" "),
                        phone,
                        "check_in",
                        origin,
                        named,
                        sealed(came),
                    ]
                )
            bought = came + timedelta(days=dice.randrange(1, 35))
            signed = bought + timedelta(days=7)
            price = f"{dice.randrange(80, 400) * 10_000}.00"
            row = [
                f"D{number // 10:06d}",
                f"1-{number}",
                phone,
                bought.isoformat(" "),
                signed.isoformat(" "),
                signed.isoformat(" "),
                price,
                f"顾问-{dice.randrange(40):02d}",
                "",
                sealed(bought),
            ]
            out["deals"].writerow(row)
    for file in files.values():
        file.close()


TIMES = {
    "at",
    "since",
    "until",
    "expected_at",
    "approved_at",
    "sealed_at",
    "subscribed_at",
    "contracted_at",
    "filed_at",
}


def baseline(folder: Path) -> None:
    """What nobody can avoid: the rows and their times."""
    begun, used, parse = time.perf_counter(), processor(), datetime.fromisoformat
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            columns = [index for index, name in enumerate(next(reader)) if name in TIMES]
            for row in reader:
                for index in columns:
                    parse(row[index])
    print(json.dumps({"seconds": time.perf_counter() - begun, "processor": processor() - used}))


def processor() -> float:
    """Seconds of processor of this process and of those it waited for: what a busy machine alters least."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in times)


def judged(folder: Path, jobs: int, out: Path) -> None:
    """Reading to `rulings.jsonl`, as `mingshi judge` does it."""
    from mingshi.cli.judging import judge_all  # noqa: PLC0415 - not part of the baseline's process
    from mingshi.files.judging import records_of  # noqa: PLC0415
    from mingshi.files.read_case import read_case  # noqa: PLC0415
    from mingshi.kernel.cycles import without_cycles  # noqa: PLC0415

    begun, before = time.perf_counter(), processor()
    with without_cycles():
        case = read_case(folder, jobs=jobs)
        read = time.perf_counter()
        records = records_of(case)
        del case
        with out.open("wb") as file:
            file.writelines(one.line + b"\n" for one in judge_all(records, jobs))
    done, used = time.perf_counter(), processor()
    print(
        json.dumps(
            {
                "seconds": done - begun,
                "read": read - begun,
                "judge": done - read,
                "processor": used - before,
                "again": _again(records) if jobs == 1 else [],
            }
        )
    )


def _again(records: "Records") -> list[float]:
    """Milliseconds to judge one deal in a warm process, as a server keeps it: median and 99th of a hundred."""
    from mingshi.app.judge_case import deals_in_order, judge_case  # noqa: PLC0415

    gc.collect()
    gc.freeze()  # the records stay; looking through them for garbage would be most of the time
    each: list[float] = []
    for deal in random.Random(SEED).sample(deals_in_order(records), 1000):
        begun = time.perf_counter()
        next(iter(judge_case(records, [deal])))
        each.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(each), statistics.quantiles(each, n=100)[-1]]


def resident(root: int) -> int:
    """Bytes of memory a process and its descendants hold, each shared page counted once in all (PSS)."""
    held = 0
    try:
        for line in Path(f"/proc/{root}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                held = int(line.split()[1]) * 1024
        children = Path(f"/proc/{root}/task/{root}/children").read_text("ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return held + sum(resident(int(child)) for child in children)


def measured(*args: object, watched: bool = False) -> tuple[dict[str, Any], int]:
    """What a process of its own says of itself. `watched`: and the peak MiB of it and its children together; to look
    at the pages of a gigabyte four times a second holds them up, so a run that is watched is none that is timed.
    """
    peak = 0
    command = [sys.executable, __file__, *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, resident(process.pid)) if watched else 0
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.25)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        sys.exit(process.returncode)
    return json.loads(said), peak >> 20


def main() -> None:
    """Generate, measure, print."""
    match sys.argv[1:]:
        case ["baseline", folder]:
            baseline(Path(folder))
        case ["judged", folder, jobs, out]:
            judged(Path(folder), int(jobs), Path(out))
        case _:
            run([int(each) for each in sys.argv[1:] if each.isdigit()] or [1_000, 10_000, 100_000])


def run(sizes: list[int]) -> None:
    """Each size in turn."""
    spent: dict[int, list[tuple[int, float]]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        for deals in sizes:
            folder = Path(name) / str(deals)
            generate(folder, deals)
            rows = sum(sum(1 for _ in path.open("rb")) - 1 for path in folder.glob("*.csv"))
            bases = [measured("baseline", folder)[0] for _ in range(3)]
            base, base_processor = (min(each[name] for each in bases) for name in ("seconds", "processor"))
            for jobs, times in spent.items():
                judging = "judged", folder, jobs, Path(name) / "rulings.jsonl"
                (parts, _), (_, peak) = measured(*judging), measured(*judging, watched=True)
                seconds = parts["seconds"]
                times.append((rows, seconds))
                again = "; one deal again: median {:.2f} ms, p99 {:.2f} ms".format(*parts["again"]) if jobs == 1 else ""
                print(
                    f"{deals:>7} deals, {rows:>9,} rows, jobs {jobs}: baseline {base:6.2f} s, judged {seconds:6.2f} s "
                    f"= {seconds / base:5.2f} × (processor {parts['processor'] / base_processor:5.2f} ×; reading {parts['read']:.2f}, judging {parts['judge']:.2f}; "
                    f"peak {peak} MiB{again})",
                    flush=True,
                )
    for jobs, times in spent.items():
        for (few, short), (many, long) in pairwise(times):
            slope = math.log(long / short) / math.log(many / few)
            print(f"jobs {jobs}: {few:,} → {many:,} rows: log-log slope {slope:.2f}")


if __name__ == "__main__":
    main()
