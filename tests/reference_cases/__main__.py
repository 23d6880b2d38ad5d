"""``python -m tests.reference_cases DIR``; exit 1 when any case fails."""

import sys
from collections import Counter
from pathlib import Path

from tests.reference_cases.runner import run


def main(arguments):
    if len(arguments) != 1 or not (Path(arguments[0]) / "cases").is_dir():
        print("usage: python -m tests.reference_cases DIR (a folder with cases/)")
        return 2
    counts = Counter()
    width = 44
    for outcome in run(Path(arguments[0])):
        counts[outcome.status] += 1
        error = "" if outcome.error is None else f"{outcome.error:.1e}"
        line = f"{outcome.name:{width}} {outcome.status:12} {error:8} {outcome.note}"
        print(line.rstrip())
    print(
        f"{counts['ok']} ok, {counts['FAIL']} FAIL, {counts['unsupported']} unsupported"
    )
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
