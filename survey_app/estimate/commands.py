"""``sipas estimate``: figures of any survey file under the design it was drawn by."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NUMBERS = (
    *("value", "std_error", "low", "high", "n", "n_eff"),
    *("df", "missing_share", "deff"),
)
HEADER = ("Trị số", "SE", "Từ", "Đến", "n", "n_eff", "df", "Thiếu", "deff")


@click.command()
@click.argument("file", type=FILE)
@click.option("--design", "design", type=FILE, help="Tệp TOML: tầng, cấp, quyền số.")
@click.option("--mean", "means", multiple=True, help="Trung bình của một cột số.")
@click.option("--share", "shares", multiple=True, help="Tỷ lệ từng mức của một cột.")
@click.option("--total", "totals", multiple=True, help="Tổng của một cột số.")
@click.option("--ratio", "ratios", multiple=True, help="TỬ/MẪU: tỷ số hai tổng.")
@click.option(
    "--quantile", "quantiles", multiple=True, help="CỘT:0.25,0.5; chỉ CỘT: trung vị."
)
@click.option("--by", multiple=True, help="Chia theo cột này (nêu được nhiều lần).")
@click.option("--where", multiple=True, help="CỘT=GIÁ TRỊ: chỉ các dòng này.")
@click.option(
    "--interval",
    type=click.Choice(["wilson", "logit", "student"]),
    default="wilson",
    show_default=True,
    help="Khoảng của tỷ lệ.",
)
@click.option(
    "--quantile-rule",
    type=click.Choice(["lowest", "midpoint", "linear"]),
    default="lowest",
    show_default=True,
    help="Cách đọc phân vị.",
)
@click.option(
    "--confidence",
    type=click.FloatRange(0.5, 0.999),
    default=0.95,
    show_default=True,
    help="Độ tin cậy.",
)
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="In ra CSV.")
def estimate(
    file: Path, design: Path | None, as_json: bool, as_csv: bool, **asked: Any
) -> None:
    """Ước lượng từ tệp CSV, XLSX, Parquet, SPSS (.sav) hoặc Stata (.dta).

    Mỗi dòng có trị số, sai số chuẩn, khoảng tin cậy, n, n_eff, bậc tự do, tỷ lệ
    thiếu, hiệu ứng thiết kế và lưu ý. Cách viết tệp thiết kế: docs/estimate.md.
    """
    from survey_app.estimate.estimating import Asked, estimated

    wanted = Asked(
        means=asked["means"],
        shares=asked["shares"],
        totals=asked["totals"],
        ratios=tuple(_pair(one, "/", "--ratio") for one in asked["ratios"]),
        quantiles=tuple(map(_quantile, asked["quantiles"])),
        by=asked["by"],
        where=tuple(_pair(one, "=", "--where") for one in asked["where"]),
        interval=asked["interval"],
        quantile_rule=asked["quantile_rule"],
        confidence=asked["confidence"],
    )
    if not wanted.anything:
        raise click.UsageError(
            "Vui lòng nêu ít nhất một trong --mean, --share, --total, --ratio,"
            " --quantile."
        )
    if as_json and as_csv:
        raise click.UsageError("Chỉ chọn một trong --json và --csv.")
    found = estimated(file, design, wanted)
    rows = [row | {"by": dict(row["by"])} for row in found.rows]
    if as_json:
        content = {"file": file.name, "design": found.about, "rows": rows}
        click.echo(json.dumps(content, ensure_ascii=False, indent=1))
    elif as_csv:
        click.echo(_as_csv(rows, wanted.by), nl=False)
    else:
        click.echo("\n".join(_as_table(rows, found.about)))


def _pair(text: str, between: str, option: str) -> tuple[str, str]:
    left, found, right = text.partition(between)
    if not (left and found and right):
        raise click.UsageError(f"{option} {text}: phải viết A{between}B.")
    return left, right


def _quantile(text: str) -> tuple[str, tuple[float, ...]]:
    name, _, shares = text.partition(":")
    try:
        found = tuple(float(share) for share in (shares or "0.5").split(","))
    except ValueError:
        found = ()
    if not name or not found or not all(0.0 < share < 1.0 for share in found):
        raise click.UsageError(f"--quantile {text}: phải viết CỘT:0.25,0.5 (0 đến 1).")
    return name, found


def _as_csv(rows: Sequence[dict[str, Any]], by: Sequence[str]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["what", *by, "variable", "level", *NUMBERS, "flags"])
    for row in rows:
        cells = ["" if row[name] is None else row[name] for name in NUMBERS]
        levels = [row["by"][name] for name in by]
        place = [row["what"], *levels, row["variable"], row["level"] or ""]
        writer.writerow([*place, *cells, " ".join(row["flags"])])
    return file.getvalue()


def _as_table(rows: Sequence[dict[str, Any]], about: dict[str, Any]) -> list[str]:
    """Names to the left, figures to the right, how it was made on top."""
    lines: list[tuple[str, ...]] = [("Ước lượng", *HEADER, "Lưu ý")]
    for row in rows:
        level = "" if row["level"] is None else f" = {row['level']}"
        domain = "".join(f"{name} = {v}, " for name, v in row["by"].items())
        name = f"{domain}{row['what']} {row['variable']}{level}"
        figures = [WRITTEN.get(key, _short)(row[key]) for key in NUMBERS]
        lines.append((name, *figures, ", ".join(row["flags"])))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    told = [
        f"{about['rows']} dòng, {about['strata']} tầng, {about['psus']} đơn vị mẫu,"
        f" {about['df']} bậc tự do; lonely = {about['lonely']}"
    ]
    for step in about["steps"]:
        told.append(
            f"Bước quyền số: g {step['least']:.3f} đến {step['most']:.3f},"
            f" deff Kish {step['kish_deff']:.3f}, lệch nhất trước đó: {step['worst']}"
        )
    for line in lines:
        cells = [
            text.ljust(width) if place in (0, len(line) - 1) else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        told.append("  ".join(cells).rstrip())
    return told


def _short(value: float | None) -> str:
    """Six figures that count; a dash for what is not known."""
    if value is None:
        return "–"
    if value == 0.0 or 1e-4 <= abs(value) < 1e7:
        whole = 0 if value == 0.0 else max(0, math.floor(math.log10(abs(value))) + 1)
        return f"{value:.{max(6 - max(whole, 1), 0)}f}"
    return f"{value:.5g}"


def _one_decimal(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _count(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


WRITTEN: dict[str, Callable[[Any], str]] = {
    "n": _count,
    "df": _count,
    "n_eff": _one_decimal,
    "missing_share": _share,
    "deff": _share,
}
