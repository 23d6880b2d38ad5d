"""A million finished transactions: import, frame check and draw, against the bare read.

Three rows of the file are bad. Each part runs in a process of its own, so that its
peak of memory is its own: reading the rows with Python's csv module and nothing else
is the measure for the rest.

    python -m benchmarks.frame_import [ROWS]
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

OFFICES = 102
FIRST = date(2026, 1, 1)
NOW = datetime(2026, 4, 2, 2, 0, tzinfo=UTC)
HEADER = (
    "Mã hồ sơ",
    "Mã đơn vị",
    "Lĩnh vực",
    "Ngày tiếp nhận",
    "Ngày trả kết quả",
    "Hình thức nộp",
)
FIELDS = ("Đất đai", "Hộ tịch", "Chứng thực", "Xây dựng", "Đăng ký kinh doanh")
CHANNELS = ("Trực tiếp", "Trực tuyến", "Bưu chính")


def main(rows: int) -> None:
    """Write the file, run each part, print seconds, peaks and ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bad = write(folder / "frame.csv", rows)
        bare = run("bare", folder)
        print(f"{'part':<12}{'seconds':>9}{'× bare':>8}{'peak MB':>9}{'× bare':>8}")
        for part in ("bare", "import", "check", "draw"):
            found = bare if part == "bare" else run(part, folder)
            print(
                f"{part:<12}{found['seconds']:>9.1f}"
                f"{found['seconds'] / bare['seconds']:>8.1f}"
                f"{found['peak']:>9.0f}{found['peak'] / bare['peak']:>8.1f}"
                f"  {found['said']}"
            )
        print(f"bad rows in the file: {bad}")


def write(path: Path, rows: int) -> list[int]:
    """A file of transactions; the numbers of its three bad rows."""
    bad = [rows // 4, rows // 2, rows - 1]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for i in range(rows):
            day = FIRST + timedelta(days=i % 80)
            back = day - timedelta(days=2) if i in bad else day + timedelta(days=3)
            out.writerow(
                (
                    f"H01.30-{day:%y%m%d}-{i:06d}",
                    f"DV{i % OFFICES:03d}",
                    FIELDS[i % 5],
                    f"{day:%d/%m/%Y}",
                    f"{back:%d/%m/%Y}",
                    CHANNELS[i % 3],
                )
            )
    return [i + 2 for i in bad]


def run(part: str, folder: Path) -> dict[str, float | str]:
    """One part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.frame_import", part, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return found


def part(name: str, folder: Path) -> None:
    """Do one part and print what it took as JSON."""
    act: Callable[[Path], Callable[[], str]] = globals()[f"_{name}"]
    ready = act(folder)
    began = time.perf_counter()
    said = ready()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "said": said}))


def _bare(folder: Path) -> Callable[[], str]:
    def read() -> str:
        with (folder / "frame.csv").open(encoding="utf-8-sig", newline="") as file:
            return f"{sum(1 for _ in csv.reader(file)) - 1} rows read"

    return read


def _import(folder: Path) -> Callable[[], str]:
    from survey_app import db, upgrade
    from survey_app.fieldwork import transactions

    app = _app(folder)
    with app.app_context():
        upgrade.migrate(db.current_database().engine)
        with db.begin() as session:
            upgrade.publish_shipped(session, now=NOW)
            wave_id = _wave(session)

    def bring_in() -> str:
        with app.app_context(), (folder / "frame.csv").open("rb") as file:
            with db.read() as session:
                wave = session.get_one(transactions.Wave, wave_id)
                found = transactions.check(session, wave, file, now=NOW)
            with db.begin() as session:
                transactions.store(session, wave_id, found.finished)
        bad = sorted(found.findings.rows)
        return f"{len(found.finished)} kept, {found.findings.bad_rows} bad: {bad}"

    return bring_in


def _check(folder: Path) -> Callable[[], str]:
    from survey_app import db
    from survey_app.fieldwork import frame_quality, waves

    app = _app(folder)

    def look() -> str:
        with app.app_context(), db.read() as session:
            found = frame_quality.quality(session, waves.by_code(session, "2026-Q1"))
        return f"{found.size} seen, {len(found.findings)} findings"

    return look


def _draw(folder: Path) -> Callable[[], str]:
    from survey_app import db
    from survey_app.fieldwork import plans, waves
    from survey_app.fieldwork.planning import SizeBy, SizeWish

    app = _app(folder)

    def draw() -> str:
        with app.app_context(), db.begin() as session:
            wave = waves.by_code(session, "2026-Q1")
            wish = SizeWish(SizeBy.TOTAL, total=5_000, at_least=30)
            plans.freeze_plan(session, wave.id, wish, seed=7, now=NOW)
            return f"{waves.facts(session, wave).invitations} drawn"

    return draw


def _app(folder: Path):  # type: ignore[no-untyped-def]
    from survey_app import create_app

    url = f"sqlite:///{folder / 'sipas.db'}"
    return create_app({"INSTANCE": str(folder / "instance"), "DATABASE_URL": url})


def _wave(session) -> int:  # type: ignore[no-untyped-def]
    import io

    from survey_app.fieldwork import waves
    from survey_app.fieldwork.office_import import import_offices

    lines = ["Mã đơn vị,Tên đơn vị,Cấp,Hiệu lực từ ngày"]
    lines += [f"DV{i:03d},Xã số {i},Cấp xã,01/07/2025" for i in range(OFFICES)]
    import_offices(session, io.BytesIO("\n".join(lines).encode()))
    draft = waves.WaveDraft(
        code="2026-Q1",
        name="Một triệu hồ sơ",
        questionnaire_id="sipas_2640",
        rule_set_id="demo_2025",
        period_start=FIRST,
        period_end=date(2026, 3, 31),
        levels=("xa",),
    )
    return waves.create_wave(session, draft, now=NOW).id


if __name__ == "__main__":
    if len(sys.argv) == 3:
        part(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000)
