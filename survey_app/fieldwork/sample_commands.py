"""``sipas sample``: sizes, allocation and draw, for a wave or for plain files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sampling.size import rounded_up
from survey_app import clock, create_app, db, tables
from survey_app.accounts import audit
from survey_app.errors import Refused
from survey_app.fieldwork import transactions, waves
from survey_app.fieldwork.planning import (
    DrawBy,
    Sharing,
    SizeBy,
    SizeWish,
    StrataBy,
    allocated,
    needed,
)
from survey_app.fieldwork.printing import as_json, print_json, print_table
from survey_app.tables import Column

if TYPE_CHECKING:
    from sampling.draw import Draw
    from survey_app.fieldwork.sample_files import Listing

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
STRATUM = Column("stratum", "Tầng", ("don vi", "ma don vi", "ten tang"))
FRAME_SIZE = Column("frame_size", "Số hồ sơ", ("N", "so giao dich", "ho so"))
EXPECTED = Column("expected", "Tỷ lệ hài lòng dự kiến", ("p", "ty le hai long"))
COST = Column("cost", "Chi phí một phiếu", ("chi phi",))
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
@click.option("--eligibility", default=1.0, show_default=True)
@click.option("--deff", default=1.0, show_default=True, help="Hiệu ứng thiết kế.")
@click.option("--gain", default=1.0, show_default=True, help="K: cho chỉ số.")
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
    eligibility: float,
    deff: float,
    gain: float,
    slovin: bool,
) -> None:
    """Cỡ mẫu cho từng tầng theo sai số cho phép (tỷ lệ từ 0 đến 1).

    FILE có cột Tầng và Số hồ sơ. Với --gain lớn hơn 1 là cỡ mẫu cho chỉ số; --json
    in từng bước tính.
    """
    if frame_size is not None and (file or wave_code):
        raise click.UsageError("Chỉ dùng một trong ba: FILE, --wave, --frame-size.")
    sizes = {"": frame_size} if frame_size else _frame_sizes(file, wave_code)
    wish = SizeWish(
        SizeBy.SLOVIN if slovin else SizeBy.INDEX,
        at_least=0,
        gain=gain,
        deff=deff,
        eligibility=eligibility,
        margin_of_error=margin,
        expected_share=expected_share,
        confidence=confidence,
        response=response,
    )
    shares = allocated(sizes, wish)
    steps = {} if slovin else {h: needed(N, wish, gain=gain) for h, N in sizes.items()}
    _show(sizes, shares, as_json, {h: asdict(found) for h, found in steps.items()})


@sample.command("allocate")
@_strata_source
@click.option("--total", type=click.IntRange(1), help="Tổng số phiếu.")
@click.option("--budget", type=click.IntRange(1), help="Kinh phí, thay cho --total.")
@click.option("--at-least", type=click.IntRange(0), default=0, show_default=True)
@click.option("--at-most", type=click.IntRange(1))
@click.option(
    "--sharing",
    type=click.Choice([by.value for by in Sharing]),
    default=Sharing.PROPORTIONAL.value,
    show_default=True,
)
@click.option("--cost", type=click.FloatRange(0), default=0.0, help="Một phiếu.")
def allocate(
    file: Path | None,
    wave_code: str | None,
    as_json: bool,
    total: int | None,
    budget: int | None,
    at_least: int,
    at_most: int | None,
    sharing: str,
    cost: float,
) -> None:
    """Chia tổng số phiếu hoặc kinh phí cho các tầng, có mức tối thiểu và tối đa.

    FILE có cột Tầng và Số hồ sơ; tùy chọn: Tỷ lệ hài lòng dự kiến (từ 0 đến 1, cho
    neyman và cost) và Chi phí một phiếu.
    """
    if (total is None) == (budget is None):
        raise click.UsageError("Cần đúng một trong hai: --total hoặc --budget.")
    sizes = _frame_sizes(file, wave_code)
    wish = SizeWish(
        SizeBy.BUDGET if budget else SizeBy.TOTAL,
        total=total,
        budget=budget,
        at_least=at_least,
        at_most=at_most,
        sharing=Sharing(sharing),
        cost=cost,
    )
    shares = _numbers(file, EXPECTED) if file else {}
    costs = _numbers(file, COST) if file else {}
    spreads = {h: (p * (1 - p)) ** 0.5 for h, p in shares.items() if 0 <= p <= 1}
    if len(spreads) < len(shares):
        raise Refused("Tỷ lệ hài lòng dự kiến phải từ 0 đến 1 ở mọi tầng.")
    found = allocated(sizes, wish, spreads=spreads or None, costs=costs or None)
    _show(sizes, found, as_json)


@sample.command("draw")
@_strata_source
@click.option("--total", type=click.IntRange(1), help="Tổng số phiếu (hay số đơn vị).")
@click.option("--at-least", type=click.IntRange(0), default=0, show_default=True)
@click.option("--seed", type=click.IntRange(0), help="Số khởi tạo; bỏ trống: tự sinh.")
@click.option(
    "--method",
    type=click.Choice(["simple", "systematic", "pps_systematic", "two_stage"]),
    default="simple",
    show_default=True,
)
@click.option("--stratum", help="Tên cột tầng trong FILE; bỏ trống: một tầng.")
@click.option("--size-column", help="Cột quy mô của mỗi xã, cho pps_systematic.")
@click.option("--commune", help="Tên cột xã, cho two_stage.")
@click.option("--communes", type=click.IntRange(2), help="Số xã, cho two_stage.")
@click.option("--take", type=click.IntRange(1), help="Số hồ sơ mỗi xã, cho two_stage.")
@click.option("--reserve", type=click.FloatRange(0, 2), default=0.0, show_default=True)
@click.option(
    "--strata",
    type=click.Choice([by.value for by in StrataBy]),
    default=StrataBy.OFFICE.value,
    help="Tầng của một đợt.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp CSV hoặc XLSX nhận các dòng được chọn của FILE.",
)
@click.option(
    "--plan",
    "plan_out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp JSON nhận kế hoạch đã chọn.",
)
@click.option("--reason", default="", help="Lý do, khi chốt lại kế hoạch của một đợt.")
def draw(file: Path | None, wave_code: str | None, **given: Any) -> None:
    """Chọn mẫu ngẫu nhiên.

    Với --wave: chốt kế hoạch của đợt và tạo mã phiếu. Với FILE (mỗi dòng một hồ sơ,
    hay một xã cho pps_systematic): ghi các dòng được chọn, dự phòng và xác suất
    được chọn vào --out.
    """
    if wave_code and not file:
        _draw_wave(wave_code, given)
    elif file and not wave_code:
        if given["out"] is None:
            raise click.UsageError("Cần --out: tệp nhận các dòng được chọn.")
        _draw_file(file, given)
    else:
        raise click.UsageError("Cần đúng một trong hai: FILE hoặc --wave.")


def _numbers(file: Path, column: Column) -> dict[str, float]:
    """A further column of a file of strata by stratum; empty where there is none."""
    with file.open("rb") as source:
        header = tables.read(source, (STRATUM, FRAME_SIZE)).header
        if not any(tables.means(column, text) for text in header.cells):
            return {}
        source.seek(0)
        table = tables.read(source, (STRATUM, FRAME_SIZE, column))
        found, problems = {}, []
        for row in table.rows:
            cells = table.named(row)
            try:
                found[cells["stratum"]] = float(cells[column.id].replace(",", "."))
            except ValueError:
                text = cells[column.id]
                problems.append(f"Dòng {row.number}: “{text}” không phải một số.")
    if problems:
        raise Refused(*problems)
    return found


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


def _draw_wave(wave_code: str, given: dict[str, Any]) -> None:
    from survey_app.fieldwork import plans

    if given["total"] is None:
        raise click.UsageError("Cần --total.")
    if given["method"] not in set(DrawBy):
        raise click.UsageError("Một đợt chỉ chọn theo simple hoặc systematic.")
    wish = SizeWish(
        SizeBy.TOTAL,
        total=given["total"],
        at_least=given["at_least"],
        reserve=given["reserve"],
        strata=StrataBy(given["strata"]),
        draw=DrawBy(given["method"]),
    )
    now = clock.now()
    with create_app().app_context(), db.begin() as session:
        wave = waves.by_code(session, wave_code)
        frozen = plans.freeze_plan(
            session,
            wave.id,
            wish,
            seed=given["seed"],
            reason=given["reason"],
            now=now,
        )
        detail = {"version": frozen.version, "sha256": frozen.sha256}
        audit.record(session, None, "plan.frozen", wave_code, detail, now=now)
    if given["as_json"]:
        click.echo(frozen.document)
    else:
        click.echo(f"Đã chốt kế hoạch phiên bản {frozen.version}: {frozen.sha256}")


def _draw_file(file: Path, given: dict[str, Any]) -> None:
    import secrets

    from sampling import plan
    from sampling.draw import DrawImpossible
    from survey_app.fieldwork import sample_files

    seed = secrets.randbits(48) if given["seed"] is None else given["seed"]
    try:
        listing, strata, draws = _drawn(file, given, seed)
    except (DrawImpossible, ValueError) as stopped:
        raise Refused(f"Không chọn được mẫu: {stopped}.") from stopped
    sizes = sample_files.counted(strata)
    n = sample_files.write(given["out"], listing, draws)
    shares = {h: len(draws[h].selected) if h in draws else 0 for h in sizes}
    if given["plan_out"]:
        sealed = sample_files.plan_of(
            listing, draws, sizes, name=file.stem, method=given["method"], seed=seed
        )
        given["plan_out"].write_text(plan.to_json(sealed), encoding="utf-8")
    if given["as_json"]:
        print_json({"seed": seed, "n": n, "strata": _rows(sizes, shares)})
    else:
        click.echo(f"Số khởi tạo: {seed}")
        print_table(_rows(sizes, shares), TITLES)


def _drawn(
    file: Path, given: dict[str, Any], seed: int
) -> tuple[Listing, Sequence[str], dict[str, Draw]]:
    """The list, the stratum (or commune) of each row, and what was drawn."""
    from survey_app.fieldwork import sample_files

    if given["method"] == "two_stage":
        if not (given["commune"] and given["communes"] and given["take"]):
            raise click.UsageError("two_stage cần --commune, --communes và --take.")
        listing = sample_files.read(file, given["commune"])
        strata = listing.columns[given["commune"]]
        take = given["take"]
        held = rounded_up(take * given["reserve"])
        return (
            listing,
            strata,
            sample_files.communes_first(
                strata, given["communes"], take, held, seed=seed
            ),
        )
    if given["total"] is None:
        raise click.UsageError("Cần --total.")
    if given["method"] == "pps_systematic":
        if not given["size_column"]:
            raise click.UsageError("pps_systematic cần --size-column.")
        listing = sample_files.read(file, given["size_column"])
        sizes = sample_files.sizes_in(listing, given["size_column"])
        held = rounded_up(given["total"] * given["reserve"])
        found = sample_files.in_proportion(sizes, given["total"], held, seed=seed)
        return listing, [""] * len(listing.rows), {"": found}
    names = (given["stratum"],) if given["stratum"] else ()
    listing = sample_files.read(file, *names)
    strata = listing.columns[names[0]] if names else ("",) * len(listing.rows)
    frame_sizes = sample_files.counted(strata)
    wish = SizeWish(
        SizeBy.TOTAL,
        total=given["total"],
        at_least=given["at_least"],
        reserve=given["reserve"],
    )
    shares = allocated(frame_sizes, wish)
    reserves = {h: wish.reserve_of(n, frame_sizes[h]) for h, n in shares.items()}
    return (
        listing,
        strata,
        sample_files.by_strata(
            strata,
            shares,
            reserves,
            systematic=given["method"] == "systematic",
            seed=seed,
        ),
    )


def _rows(sizes: dict[str, int], shares: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"stratum": name, "frame_size": size, "n": shares[name]}
        for name, size in sizes.items()
    ]


def _show(
    sizes: dict[str, int],
    shares: dict[str, int],
    as_json: bool,
    steps: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    rows = _rows(sizes, shares)
    total = {"frame_size": sum(sizes.values()), "n": sum(shares.values())}
    if as_json:
        rows = [{**row, **(steps or {}).get(row["stratum"], {})} for row in rows]
        print_json({"strata": rows, **total})
    else:
        print_table([*rows, {"stratum": "Tổng", **total}], TITLES)
