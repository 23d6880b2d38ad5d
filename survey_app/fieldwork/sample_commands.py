"""``sipas sample``: sizes, allocation and draw, for a wave or for plain files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from survey_app import clock, create_app, db, tables
from survey_app.accounts import audit
from survey_app.errors import Refused
from survey_app.fieldwork import transactions, waves
from survey_app.fieldwork.planning import SizeBy, SizeWish, allocated
from survey_app.fieldwork.printing import as_json, print_json, print_table
from survey_app.tables import Column

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
STRATUM = Column("stratum", "Tầng", ("don vi", "ma don vi", "ten tang"))
FRAME_SIZE = Column("frame_size", "Số hồ sơ", ("N", "so giao dich", "ho so"))
TITLES = {"stratum": "Tầng", "frame_size": "N", "n": "n"}


@click.group()
def sample() -> None:
    """Cỡ mẫu, phân bổ mẫu, chọn mẫu."""


def _strata_source(command: Callable[..., None]) -> Callable[..., None]:
    file = click.argument("file", type=FILE, required=False)
    wave = click.option("--wave", "wave_code", help="Mã đợt khảo sát, thay cho tệp.")
    return file(wave(as_json(command)))


@sample.command("size")
@_strata_source
@click.option("--frame-size", type=click.IntRange(1), help="N, thay cho tệp hay đợt.")
@click.option("--margin-of-error", "margin", default=0.05, show_default=True)
@click.option("--expected-share", default=0.5, show_default=True)
@click.option("--confidence", default=0.95, show_default=True)
@click.option("--response", default=1.0, show_default=True, help="Tỷ lệ trả lời.")
@click.option(
    "--slovin", is_flag=True, help="N / (1 + N·e²), thay cho công thức tỷ lệ."
)
def size(
    file: Path | None,
    wave_code: str | None,
    as_json: bool,
    frame_size: int | None,
    margin: float,
    expected_share: float,
    confidence: float,
    response: float,
    slovin: bool,
) -> None:
    """Cỡ mẫu cho từng tầng theo sai số cho phép (tỷ lệ từ 0 đến 1).

    FILE có cột Tầng và Số hồ sơ.
    """
    if frame_size is not None and (file or wave_code):
        raise click.UsageError("Chỉ dùng một trong ba: FILE, --wave, --frame-size.")
    sizes = {"": frame_size} if frame_size else _frame_sizes(file, wave_code)
    wish = SizeWish(
        SizeBy.SLOVIN if slovin else SizeBy.SHARE,
        at_least=0,
        margin_of_error=margin,
        expected_share=expected_share,
        confidence=confidence,
        response=response,
    )
    _show(sizes, allocated(sizes, wish), as_json)


@sample.command("allocate")
@_strata_source
@click.option("--total", type=click.IntRange(1), required=True, help="Tổng số phiếu.")
@click.option("--at-least", type=click.IntRange(0), default=0, show_default=True)
def allocate(
    file: Path | None, wave_code: str | None, as_json: bool, total: int, at_least: int
) -> None:
    """Chia tổng số phiếu theo tỷ lệ số hồ sơ, có mức tối thiểu mỗi tầng.

    FILE có cột Tầng và Số hồ sơ.
    """
    sizes = _frame_sizes(file, wave_code)
    wish = SizeWish(SizeBy.TOTAL, total=total, at_least=at_least)
    _show(sizes, allocated(sizes, wish), as_json)


@sample.command("draw")
@_strata_source
@click.option("--total", type=click.IntRange(1), required=True, help="Tổng số phiếu.")
@click.option("--at-least", type=click.IntRange(0), default=0, show_default=True)
@click.option("--seed", type=click.IntRange(0), help="Số khởi tạo; bỏ trống: tự sinh.")
@click.option("--stratum", help="Tên cột tầng trong FILE; bỏ trống: một tầng.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp CSV nhận các dòng được chọn của FILE.",
)
@click.option("--reason", default="", help="Lý do, khi chốt lại kế hoạch của một đợt.")
def draw(
    file: Path | None,
    wave_code: str | None,
    as_json: bool,
    total: int,
    at_least: int,
    seed: int | None,
    stratum: str | None,
    out: Path | None,
    reason: str,
) -> None:
    """Chọn mẫu ngẫu nhiên.

    Với --wave: chốt kế hoạch của đợt và tạo mã phiếu. Với FILE (mỗi dòng một hồ
    sơ): ghi các dòng được chọn và xác suất được chọn vào --out.
    """
    wish = SizeWish(SizeBy.TOTAL, total=total, at_least=at_least)
    if wave_code and not file:
        _draw_wave(wave_code, wish, seed, reason, as_json)
    elif file and not wave_code:
        if out is None:
            raise click.UsageError("Cần --out: tệp nhận các dòng được chọn.")
        _draw_file(file, stratum, wish, seed, out, as_json)
    else:
        raise click.UsageError("Cần đúng một trong hai: FILE hoặc --wave.")


def _frame_sizes(file: Path | None, wave_code: str | None) -> dict[str, int]:
    if wave_code and not file:
        with create_app().app_context(), db.read() as session:
            wave = waves.by_code(session, wave_code)
            counted = transactions.frame_counts(session, wave)
        sizes = {s.code: s.frame_size for s in counted if s.frame_size}
        if not sizes:
            raise Refused("Khung mẫu còn trống: chưa nhập hồ sơ nào.")
        return sizes
    if not file or wave_code:
        raise click.UsageError("Cần đúng một trong hai: FILE hoặc --wave.")
    sizes, problems = {}, []
    with file.open("rb") as source:
        table = tables.read(source, (STRATUM, FRAME_SIZE))
        for row in table.rows:
            cells = table.named(row)
            name, text = cells["stratum"], cells["frame_size"].replace(".", "")
            if not name or name in sizes:
                what = f"tầng “{name}” có hai lần" if name else "thiếu tên tầng"
                problems.append(f"Dòng {row.number}: {what}.")
            elif not text.isdecimal():
                problems.append(f"Dòng {row.number}: “{text}” không phải số hồ sơ.")
            else:
                sizes[name] = int(text)
    if problems:
        raise Refused(*problems)
    return sizes


def _draw_wave(
    wave_code: str, wish: SizeWish, seed: int | None, reason: str, as_json: bool
) -> None:
    from survey_app.fieldwork import plans

    now = clock.now()
    with create_app().app_context(), db.begin() as session:
        wave = waves.by_code(session, wave_code)
        frozen = plans.freeze_plan(
            session, wave.id, wish, seed=seed, reason=reason, now=now
        )
        detail = {"version": frozen.version, "sha256": frozen.sha256}
        audit.record(session, None, "plan.frozen", wave_code, detail, now=now)
    if as_json:
        click.echo(frozen.document)
    else:
        click.echo(f"Đã chốt kế hoạch phiên bản {frozen.version}: {frozen.sha256}")


def _draw_file(
    file: Path,
    stratum: str | None,
    wish: SizeWish,
    seed: int | None,
    out: Path,
    as_json: bool,
) -> None:
    import secrets

    from sampling import draw as draws
    from sampling import frame
    from sampling.randomness import generator
    from survey_app.fieldwork.downloads import csv_bytes

    header, rows, strata = _list(file, stratum)
    sizes = frame.sizes(strata)
    shares = allocated(sizes, wish)
    seed = secrets.randbits(48) if seed is None else seed
    drawn = draws.stratified(strata, shares, rng=generator(seed))
    probability = {
        int(i): float(p)
        for d in drawn.values()
        for i, p in zip(d.selected, d.inclusion_probability, strict=True)
    }
    sheet: list[list[object]] = [[*header, "inclusion_probability"]]
    for i in sorted(probability):
        filled = [*rows[i], *[""] * len(header)][: len(header)]
        sheet.append([*filled, repr(probability[i])])
    out.write_bytes(csv_bytes(sheet))
    if as_json:
        print_json(
            {"seed": seed, "n": len(probability), "strata": _rows(sizes, shares)}
        )
    else:
        click.echo(f"Số khởi tạo: {seed}")
        print_table(_rows(sizes, shares), TITLES)


def _list(
    file: Path, stratum: str | None
) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[str]]:
    with file.open("rb") as source:
        if stratum is None:
            every = list(tables.raw_rows(source))
            if len(every) < 2:
                raise Refused("Tệp cần một dòng tiêu đề và ít nhất một dòng dữ liệu.")
            return every[0].cells, [r.cells for r in every[1:]], [""] * (len(every) - 1)
        table = tables.read(source, (Column("stratum", stratum),))
        listed = list(table.rows)
        strata = [table.named(row)["stratum"] for row in listed]
    if empty := [r.number for r, s in zip(listed, strata, strict=True) if not s]:
        raise Refused(*(f"Dòng {n}: cột “{stratum}” để trống." for n in empty))
    return table.header.cells, [row.cells for row in listed], strata


def _rows(sizes: dict[str, int], shares: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"stratum": name, "frame_size": size, "n": shares[name]}
        for name, size in sizes.items()
    ]


def _show(sizes: dict[str, int], shares: dict[str, int], as_json: bool) -> None:
    rows = _rows(sizes, shares)
    total = {"frame_size": sum(sizes.values()), "n": sum(shares.values())}
    if as_json:
        print_json({"strata": rows, **total})
    else:
        print_table([*rows, {"stratum": "Tổng", **total}], TITLES)
