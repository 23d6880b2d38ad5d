"""A million finished transactions: frame checks and draw against the bare read.

    python benchmarks/draw.py [--rows 1000000]

Writes one made-up file, then runs one process for each step: nothing but
reading the file; the same and handing the columns over; the same and checking
the frame; the same and a stratified draw with its reserve. Prints seconds and
peak memory of each, and their ratio to the bare read of the same run. Reading
counts, starting the interpreter does not.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

COLUMNS = ["code", "office", "field", "official", "received", "returned", "channel"]
STEPS = ("read", "columns", "check", "draw")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    arguments.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.step:
        print(json.dumps(measured(given.file, given.step)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transactions.csv"
        write(path, given.rows)
        print(f"{given.rows:,} transactions, {path.stat().st_size / 1e6:.0f} MB")
        results = {step: in_own_process(path, step) for step in STEPS}
    bare = results["read"]
    for step, result in results.items():
        print(
            f"{step:>6}: {result['seconds']:6.2f} s {result['megabytes']:6.0f} MB   "
            f"x{result['seconds'] / bare['seconds']:.1f} time "
            f"x{result['megabytes'] / bare['megabytes']:.1f} memory   {result['what']}"
        )


def write(path: Path, rows: int) -> None:
    """150 offices, a day in the quarter each, 1 in 10,000 rows with a fault."""
    import polars as pl

    rng = np.random.default_rng(1)
    received = rng.integers(0, 85, rows)
    moment = (received + rng.integers(0, 6, rows)) * 86400 + rng.integers(
        25_000, 60_000, rows
    )
    moment[rng.random(rows) < 1e-4] += 100 * 86400
    codes = np.arange(rows)
    codes[rng.random(rows) < 1e-4] = 7
    start = np.datetime64("2026-01-01")
    pl.DataFrame(
        {
            "code": [f"000.00.01.H01-260101-{i:07}" for i in codes],
            "office": [f"X{i:03}" for i in rng.zipf(1.3, rows) % 150],
            "field": [f"linh-vuc-{i}" for i in rng.integers(0, 12, rows)],
            "official": [f"CB{i:04}" for i in rng.integers(0, 900, rows)],
            "received": start + received.astype("timedelta64[D]"),
            "returned": (
                start.astype("datetime64[s]") + moment.astype("timedelta64[s]")
            ).astype("datetime64[ms]"),
            "channel": rng.choice(["online", "counter", "post"], rows),
        }
    ).write_csv(path)


def in_own_process(path: Path, step: str) -> dict[str, float | str]:
    command = [sys.executable, __file__, "--step", step, "--file", str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, float | str] = json.loads(output)
    return result


def measured(path: Path, step: str) -> dict[str, float | str]:
    import polars as pl

    from sampling import allocation, draw, frame, frame_checks, randomness

    start = time.perf_counter()
    table = pl.read_csv(path, try_parse_dates=True).select(COLUMNS)
    what = f"{len(table):,} rows"
    if step != "read":
        names = ("code", "office", "field", "official")
        text = {name: table[name].to_list() for name in names}
        received = table["received"].to_numpy()
        returned = table["returned"].to_numpy()
    if step in ("check", "draw"):
        offices = sorted(set(text["office"]))
        findings = [
            *frame_checks.outside_period(
                returned, np.datetime64("2026-01-01"), np.datetime64("2026-03-31")
            ),
            *frame_checks.result_before_receipt(received, returned),
            *frame_checks.duplicates(text["code"]),
            *frame_checks.offices(text["office"], offices),
            *frame_checks.blocks(returned, text["official"]),
        ]
        what = f"{sum(finding.count for finding in findings):,} rows found"
    if step == "draw":
        strata = frame.strata(text["office"], text["field"])
        sizes = frame.sizes(strata)
        shares = allocation.proportional(sizes, 20_000, at_least=4)
        reserves = {h: min(n // 5, sizes[h] - n) for h, n in shares.items()}
        draws = draw.stratified(
            strata, shares, rng=randomness.generator(2026), reserves=reserves
        )
        what = f"{sum(len(one.selected) for one in draws.values()):,} drawn"
        what += f" in {len(draws):,} strata"
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": peak, "what": what}


if __name__ == "__main__":
    main()
