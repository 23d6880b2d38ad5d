"""Draw from a plain list: CSV or XLSX in, the drawn rows and the plan out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sampling import draw, frame, multistage, pps
from sampling.draw import Draw
from sampling.plan import Plan, PlannedStratum
from sampling.randomness import generator
from survey_app import tables
from survey_app.errors import Refused
from survey_app.fieldwork.downloads import csv_bytes, xlsx_bytes
from survey_app.tables import Column


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as it came: its heading, its rows, and columns by name."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: Mapping[str, tuple[str, ...]]

    def sha256(self) -> str:
        """Hash of the cells, so that it is the same for CSV and XLSX."""
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(("\x1f".join(row) + "\n").encode("utf-8"))
        return digest.hexdigest()


def read(file: Path, *names: str) -> Listing:
    """Read a list with the columns named, none of them empty anywhere.

    Raises
    ------
    FileRefused, Refused
        With every problem, by row.
    """
    with file.open("rb") as source:
        if not names:
            every = list(tables.raw_rows(source))
            if len(every) < 2:
                raise Refused("Tệp cần một dòng tiêu đề và ít nhất một dòng dữ liệu.")
            header, rows = every[0].cells, every[1:]
            return Listing(header, tuple(r.cells for r in rows), {})
        table = tables.read(source, tuple(Column(name, name) for name in names))
        listed = list(table.rows)
        cells = [table.named(row) for row in listed]
    if not listed:
        raise Refused("Tệp cần một dòng tiêu đề và ít nhất một dòng dữ liệu.")
    problems = [
        f"Dòng {row.number}: cột “{name}” để trống."
        for row, named in zip(listed, cells, strict=True)
        for name in names
        if not named[name]
    ]
    if problems:
        raise Refused(*problems)
    return Listing(
        table.header.cells,
        tuple(row.cells for row in listed),
        {name: tuple(named[name] for named in cells) for name in names},
    )


def sizes_in(listing: Listing, name: str) -> np.ndarray:
    """A column of sizes.

    Raises
    ------
    Refused
        With every cell that is no number above 0.
    """
    numbers, problems = [], []
    for place, text in enumerate(listing.columns[name], start=1):
        try:
            number = float(text.replace(" ", "").replace(",", "."))
        except ValueError:
            number = -1.0
        if not 0 < number < float("inf"):
            problems.append(f"Hàng dữ liệu {place}: “{text}” không phải số lớn hơn 0.")
        numbers.append(number)
    if problems:
        raise Refused(*problems)
    return np.array(numbers, dtype=np.float64)


def by_strata(
    strata: Sequence[str],
    shares: Mapping[str, int],
    reserves: Mapping[str, int],
    *,
    systematic: bool,
    seed: int,
) -> dict[str, Draw]:
    """Simply, or every k-th, in each stratum."""
    method = draw.stratified_systematic if systematic else draw.stratified
    return method(strata, shares, rng=generator(seed), reserves=reserves)


def in_proportion(sizes: np.ndarray, n: int, reserve: int, *, seed: int) -> Draw:
    """Units such as communes in proportion to their size."""
    return pps.systematic(sizes, n, rng=generator(seed), reserve=reserve)


def communes_first(
    communes: Sequence[str], drawn: int, take: int, reserve: int, *, seed: int
) -> dict[str, Draw]:
    """Communes in proportion to their transactions, then equally many in each."""
    return multistage.commune_then_transaction(
        communes, drawn_communes=drawn, take=take, rng=generator(seed), reserve=reserve
    ).draws


def plan_of(
    listing: Listing,
    draws: Mapping[str, Draw],
    frame_sizes: Mapping[str, int],
    *,
    name: str,
    method: str,
    seed: int,
) -> Plan:
    """What was done, so that anyone with the list can do it again."""
    return Plan(
        wave=name,
        aim="Chọn mẫu từ một danh sách.",
        draw=method,
        strata=tuple(
            PlannedStratum(
                stratum or "-",
                frame_sizes[stratum],
                len(draws[stratum].selected) if stratum in draws else 0,
                len(draws[stratum].reserve) if stratum in draws else 0,
            )
            for stratum in frame_sizes
        ),
        seed=seed,
        frame_sha256=listing.sha256(),
    )


def write(out: Path, listing: Listing, draws: Mapping[str, Draw]) -> int:
    """The drawn rows as they came, reserves after them in order of release.

    ``reserve_order`` stands only where there is a reserve; the probability is last.
    """
    has_reserve = any(len(d.reserve) for d in draws.values())
    chosen = sorted(
        (i, "", p)
        for d in draws.values()
        for i, p in zip(
            d.selected.tolist(), d.inclusion_probability.tolist(), strict=True
        )
    )
    held = [
        (i, str(place), p)
        for d in draws.values()
        for place, (i, p) in enumerate(
            zip(d.reserve.tolist(), d.reserve_probability.tolist(), strict=True), 1
        )
    ]
    added = ["reserve_order"] if has_reserve else []
    width = len(listing.header)
    sheet: list[list[object]] = [[*listing.header, *added, "inclusion_probability"]]
    for i, order, p in [*chosen, *held]:
        filled = [*listing.rows[i], *[""] * width][:width]
        sheet.append([*filled, *([order] if has_reserve else []), repr(p)])
    is_xlsx = out.suffix.lower() == ".xlsx"
    out.write_bytes(xlsx_bytes({"Mẫu": sheet}) if is_xlsx else csv_bytes(sheet))
    return len(chosen)


def counted(strata: Sequence[str]) -> dict[str, int]:
    return frame.sizes(strata)
