"""200 offices × 30 criteria with standard errors, from Parquet, one thread.

``python benchmarks/tables.py [ROWS …]`` (10000 and 1000000 by default) prints,
per size, seconds and peak memory of ours, of the bare scan of the same columns,
and their ratio; then raking a million rows to four margins, and any table from
stored sums. R's survey is timed at 10,000 rows when Rscript is there. With
``PEERS_PYTHON`` naming an interpreter of an environment that has ``svy`` and
``ipfn``, they make the same table (to 100,000 rows) and rake the same rows.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
OFFICES, STRATA, ITEMS = 200, 4, 30
BARS = {10_000: (0.06, None), 1_000_000: (1.0, 350), 10_000_000: (6.0, 400)}


def write(path: Path, rows: int) -> None:
    """A frozen set's responses: int8 answers, even weights in each stratum."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(rows)
    chunk = 1_000_000
    parts = []
    for start in range(0, rows, chunk):
        n = min(chunk, rows - start)
        office = rng.integers(OFFICES, size=n)
        stratum = office * STRATA + rng.integers(STRATA, size=n)
        each = max(2, rows // (OFFICES * STRATA))
        columns = {
            "selection": pl.Series(["from_list"]).new_from_index(0, n),
            "office": pl.Series([f"{k:03d}" for k in range(OFFICES)]).gather(office),
            "variance_stratum": pl.Series(
                [f"{k:04d}" for k in range(OFFICES * STRATA)]
            ).gather(stratum),
            "frame_size": np.full(n, each * 5.0),
            "weight": 5.0 + (stratum % 3),
        }
        for j in range(ITEMS):
            level = rng.integers(1, 6, size=n).astype(np.int8)
            level[rng.random(n) < 0.05] = -1
            columns[f"q_c{j}"] = level
        parts.append(path.with_suffix(f".{start}"))
        pl.DataFrame(columns).write_parquet(parts[-1])
    pl.scan_parquet(parts).sink_parquet(path)
    for part in parts:
        part.unlink()


def ours(path: Path) -> None:
    """The table by the public functions."""
    from analysis.aggregates import item_table
    from analysis.responses import item_cells

    cells = item_cells(path, {f"c{j}": 4 for j in range(ITEMS)})
    found = item_table(cells)
    assert found.std_error.shape == (OFFICES, ITEMS)


def bare(path: Path) -> None:
    """Reading the same columns and counting satisfied answers by office."""
    import polars as pl

    pl.scan_parquet(path).group_by("office", "variance_stratum").agg(
        *[(pl.col(f"q_c{j}") >= 4).sum() for j in range(ITEMS)],
        pl.col("weight").first(),
        pl.len(),
    ).collect(engine="streaming")


def measured(what: str, path: Path) -> dict[str, float]:
    """Seconds and peak megabytes in a fresh interpreter, imports not counted."""
    code = f"""
import json, time
import numpy, polars
from benchmarks_tables import {what}
from analysis import aggregates, responses
from pathlib import Path
start = time.perf_counter()
{what}(Path({str(path)!r}))
seconds = time.perf_counter() - start
# ru_maxrss would be that of the parent this was forked from, if larger.
lines = Path("/proc/self/status").read_text().splitlines()
peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
print(json.dumps({{"seconds": seconds, "megabytes": peak}}))
"""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(__file__, Path(folder) / "benchmarks_tables.py")
        environment = os.environ | {
            "PYTHONPATH": f"{ROOT}:{folder}",
            "POLARS_MAX_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        runs = []
        for _ in range(3):
            done = subprocess.run(
                [sys.executable, "-c", code],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            runs.append(json.loads(done.stdout))
    return min(runs, key=lambda run: run["seconds"])


def r_survey(path: Path) -> float | None:
    """Seconds of R's survey for the same table, or None without R."""
    if shutil.which("Rscript") is None:
        return None
    import polars as pl

    csv = path.with_suffix(".csv")
    pl.read_parquet(path).write_csv(csv)
    script = f"""
suppressMessages(library(survey))
d <- read.csv("{csv}", colClasses = c(office = "character"))
start <- proc.time()[["elapsed"]]
items <- paste0("c", 0:{ITEMS - 1})
for (i in items) {{
  d[[paste0("a_", i)]] <- as.numeric(d[[paste0("q_", i)]] >= 1)
  d[[paste0("s_", i)]] <- as.numeric(d[[paste0("q_", i)]] >= 4)
}}
g <- svydesign(~1, strata = ~variance_stratum, weights = ~weight, fpc = ~frame_size,
               data = d)
for (i in items) {{
  svyby(reformulate(paste0("s_", i)), ~office, g, svyratio,
        denominator = reformulate(paste0("a_", i)))
}}
cat(proc.time()[["elapsed"]] - start)
"""
    done = subprocess.run(
        ["Rscript", "-e", script], capture_output=True, text=True, check=False
    )
    return float(done.stdout) if done.returncode == 0 else None


SVY = """
import sys, time, warnings
import polars as pl, svy
warnings.simplefilter("ignore")
start = time.perf_counter()
d = pl.read_parquet(sys.argv[1])
items = [name for name in d.columns if name.startswith("q_")]
d = d.with_columns(
    *[(pl.col(i) >= 1).cast(pl.Float64).alias("a" + i) for i in items],
    *[(pl.col(i) >= 4).cast(pl.Float64).alias("s" + i) for i in items],
)
design = svy.Design(wgt="weight", stratum="variance_stratum", pop_size="frame_size")
sample = svy.Sample(d, design)
found = sample.estimation.ratio(
    ["s" + i for i in items], ["a" + i for i in items], by="office"
)
assert len(found) == len(items)
print(time.perf_counter() - start)
"""
SVY_RAKING = """
import sys, time, warnings
import numpy as np, polars as pl, svy
warnings.simplefilter("ignore")
given = np.load(sys.argv[1])
names = ["m0", "m1", "m2", "m3"]
d = pl.DataFrame({n: given[n] for n in [*names, "weight"]})
d = d.with_columns(pl.col(n).cast(pl.String) for n in names)
controls = {
    n: {str(k): float(t) for k, t in enumerate(given["t" + n[1:]])} for n in names
}
sample = svy.Sample(d, svy.Design(wgt="weight"))
start = time.perf_counter()
sample.weighting.rake(controls=controls, tol=1e-10)
print(time.perf_counter() - start)
"""
IPFN_RAKING = """
import sys, time, warnings
import numpy as np, pandas as pd
from ipfn import ipfn
warnings.simplefilter("ignore")
given = np.load(sys.argv[1])
names = ["m0", "m1", "m2", "m3"]
d = pd.DataFrame({n: given[n] for n in names} | {"total": given["weight"]})
targets = []
for n in names:
    target = given["t" + n[1:]]
    targets.append(pd.Series(target, index=pd.Index(range(len(target)), name=n)))
start = time.perf_counter()
ipfn.ipfn(d, targets, [[n] for n in names], convergence_rate=1e-10).iteration()
print(time.perf_counter() - start)
"""


def peer(script: str, path: Path) -> float | None:
    """Seconds a peer takes in its own environment, or None without one."""
    python = os.environ.get("PEERS_PYTHON")
    if python is None:
        return None
    done = subprocess.run(
        [python, "-c", script, str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    return float(done.stdout.split()[-1])


def raking(folder: Path, rows: int = 1_000_000) -> dict[str, float | None]:
    """Seconds to rake the same million rows to four margins, by program."""
    import numpy as np

    from analysis.calibration import fit_margins

    rng = np.random.default_rng(7)
    levels = (2, 6, 7, 11)
    margins = [rng.integers(k, size=rows) for k in levels]
    weight = rng.uniform(1.0, 3.0, rows)
    targets = [
        np.bincount(m, weight, k) * rng.uniform(0.9, 1.1, k)
        for m, k in zip(margins, levels, strict=True)
    ]
    targets = [t / t.sum() * weight.sum() for t in targets]
    path = folder / "raking.npz"
    columns = {f"m{k}": margin for k, margin in enumerate(margins)}
    np.savez(
        path, weight=weight, **columns, **{f"t{k}": t for k, t in enumerate(targets)}
    )
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        fit_margins(weight, margins, targets)
        spent.append(time.perf_counter() - start)
    return {
        "ours": min(spent),
        "svy": peer(SVY_RAKING, path),
        "ipfn": peer(IPFN_RAKING, path),
    }


def stored() -> tuple[float, int]:
    """Milliseconds for an index of every office from stored sums."""
    import numpy as np

    from analysis.aggregates import aggregate
    from analysis.indices import pooled

    rng = np.random.default_rng(3)
    n, items = 40_000, 22
    office = rng.integers(OFFICES, size=n)
    answered = rng.random((n, items)) < 0.95
    satisfied = answered & (rng.random((n, items)) < 0.8)
    sums = aggregate(
        satisfied, answered, np.full(n, 5.0), office, np.full(n, 2000.0), office
    )
    start = time.perf_counter()
    for code in range(OFFICES):
        domain = sums.cell == code
        share = pooled(sums.totals(domain), np.ones((1, items)))
        part = type(sums)(
            *(getattr(sums, name)[domain] for name in type(sums).__slots__)
        )
        part.covariance([np.ones(domain.sum(), dtype=bool)], [share])
    return (time.perf_counter() - start) * 1000.0, OFFICES


def main(sizes: list[int]) -> None:
    print(f"{'rows':>10} {'ours s':>8} {'MB':>5} {'bare s':>8} {'MB':>5} {'ratio':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"{rows}.parquet"
            write(path, rows)
            mine, scan = measured("ours", path), measured("bare", path)
            limit, memory = BARS.get(rows, (None, None))
            bar = "" if limit is None else f"  bar {limit} s"
            bar += "" if memory is None else f", {memory} MB"
            print(
                f"{rows:10,} {mine['seconds']:8.3f} {mine['megabytes']:5.0f} "
                f"{scan['seconds']:8.3f} {scan['megabytes']:5.0f} "
                f"{mine['seconds'] / scan['seconds']:6.2f}{bar}",
                flush=True,
            )
            others = {
                "svy": peer(SVY, path) if rows <= 100_000 else None,
                "R survey": r_survey(path) if rows <= 10_000 else None,
            }
            for name, seconds in others.items():
                if seconds is not None:
                    times = seconds / mine["seconds"]
                    print(f"{name:>10} {seconds:8.1f}  ({times:,.0f} × ours)")
            path.unlink()
        print("raking 1,000,000 rows × 4 margins (bar 0.1 s):", end="")
        for name, seconds in raking(Path(folder)).items():
            if seconds is not None:
                print(f"  {name} {seconds:.3f} s", end="")
        print()
    spent, offices = stored()
    print(f"index of {offices} offices from stored sums: {spent:.0f} ms")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main([int(a) for a in sys.argv[1:]] or [10_000, 1_000_000])
