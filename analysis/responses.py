"""The frozen set: the only thing the analysis reads.

A folder of Parquet files with their hashes, or the same columns handed over
for a live preview. Columns become numpy arrays; nothing is computed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from operator import add
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.aggregates import ItemCells
from analysis.arrays import AnyArray, BoolArray, FloatArray

if TYPE_CHECKING:
    import polars as pl

PIECE = 2_000_000
RESPONSE_TEXT = (
    *("wave", "questionnaire", "selection", "mode", "one_stop_shop", "counter"),
    *("office", "service_field", "channel", "stratum", "response_class"),
    *("language", "consent_version", "variance_stratum"),
)
RESPONSE_NUMBERS = (
    *("frame_size", "inclusion_probability", "w_design", "w_nonresponse", "weight"),
)
RESPONSES_NEED = (
    *("selection", "office", "service_field", "stratum", "response_class", "psu"),
    *("variance_stratum", "frame_size", "weight"),
)
DISPOSITIONS_NEED = ("stratum", "response_class", "selection", "outcome", "count")
FRAME_NEED = ("stratum", "office", "service_field", "month", "channel", "frame_size")
JOINED_AS = {
    "stratum": ("strata", "variance_stratum"),
    "response_class": ("classes", "joined_class"),
}
MANIFEST_NEEDS = ("wave", "questionnaire", "rule_set", "offices")
TEXT = frozenset(RESPONSE_TEXT + DISPOSITIONS_NEED[:4] + FRAME_NEED[:5])
NUMBERS = frozenset((*RESPONSE_NUMBERS, "count"))


class FrozenSetRefused(ValueError):
    """Files or columns that do not make a frozen set; lists every problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, eq=False)
class FrozenSet:
    """All that is known of a wave once nobody can be told apart.

    Attributes
    ----------
    manifest : mapping
        Wave, questionnaire, rule set, plan, offices, hashes, seed.
    responses, dispositions, frame : mapping of str to array
        Columns by name, one length per table; text is ``""`` and numbers are
        ``nan`` where null.
    live : bool
        Whether this is a preview of a wave that is not frozen.
    """

    manifest: Mapping[str, Any]
    responses: Mapping[str, AnyArray]
    dispositions: Mapping[str, AnyArray]
    frame: Mapping[str, AnyArray]
    live: bool = False

    @classmethod
    def from_columns(
        cls,
        *,
        manifest: Mapping[str, Any],
        responses: Mapping[str, Sequence[Any] | AnyArray],
        dispositions: Mapping[str, Sequence[Any] | AnyArray],
        frame: Mapping[str, Sequence[Any] | AnyArray],
        live: bool = True,
    ) -> FrozenSet:
        """A frozen set from columns in memory, as the live preview has them.

        Raises
        ------
        FrozenSetRefused
            Naming every column that is absent or of another length.
        """
        problems = [
            f"manifest: no {key}" for key in MANIFEST_NEEDS if key not in manifest
        ]
        tables = {
            "responses": (responses, RESPONSES_NEED),
            "dispositions": (dispositions, DISPOSITIONS_NEED),
            "frame": (frame, FRAME_NEED),
        }
        for name, (columns, needed) in tables.items():
            problems += [f"{name}: no column {c}" for c in needed if c not in columns]
            if len({len(column) for column in columns.values()}) > 1:
                problems.append(f"{name}: columns of different lengths")
        if problems:
            raise FrozenSetRefused(problems)
        arrays = {
            name: MappingProxyType(
                {key: _array(key, column) for key, column in columns.items()}
            )
            for name, (columns, _) in tables.items()
        }
        return cls(MappingProxyType(dict(manifest)), **arrays, live=live)

    def answers(self, question_id: str) -> AnyArray:
        """Stored codes of one question, shape (n,)."""
        try:
            return self.responses[f"q_{question_id}"]
        except KeyError:
            raise FrozenSetRefused([f"responses: no column q_{question_id}"]) from None

    def of_selection(self, selection: str) -> BoolArray:
        """Which rows came by one selection, shape (n,)."""
        rows: BoolArray = self.responses["selection"] == selection
        return rows

    def joined(self, column: str) -> dict[str, str]:
        """What planned strata or classes were joined to, by ``selection/planned``.

        Ballots tell it of their own strata; the manifest's map also of strata
        and classes from which no ballot came.
        """
        listed, target = JOINED_AS[column]
        found: dict[str, str] = {}
        if target in self.responses:
            names = ("selection", column, target)
            columns = [self.responses[name] for name in names]
            for selection, planned, joined in set(zip(*columns, strict=True)):
                found[f"{selection}/{planned}"] = str(joined)
        for row in (self.manifest.get("strata_map") or {}).get(listed, ()):
            found[f"{row['selection']}/{row[column]}"] = str(row[target])
        return found


def read(folder: Path) -> FrozenSet:
    """A frozen set from its folder, its files checked against their hashes.

    Raises
    ------
    FrozenSetRefused
        If a file is absent, its hash is another one, or a column is missing.
    """
    import polars as pl

    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise FrozenSetRefused([f"manifest.json cannot be read: {error}"]) from error
    names = ("responses", "dispositions", "frame")
    files = manifest.get("files", {})
    problems = [_hash_problem(folder, f"{name}.parquet", files) for name in names]
    if any(problems):
        raise FrozenSetRefused([problem for problem in problems if problem])
    tables: dict[str, dict[str, AnyArray]] = {}
    for name in names:
        table = pl.read_parquet(folder / f"{name}.parquet")
        tables[name] = {
            column.name: column.cast(pl.String).fill_null("").to_numpy().astype(np.str_)
            if column.name in TEXT
            else column.to_numpy()
            for column in table.get_columns()
        }
    return FrozenSet.from_columns(manifest=manifest, **tables, live=False)


def item_cells(
    path: Path,
    satisfied_from: Mapping[str, int],
    *,
    by: str = "office",
    stratum: str = "variance_stratum",
    selection: str | None = None,
) -> ItemCells:
    """Sums for tables of single criteria, straight from a Parquet file.

    Parameters
    ----------
    path : Path
        A ``responses.parquet``; it is read in pieces, never as a whole.
    satisfied_from : mapping of str to int
        Least satisfied level, by criterion id.
    by : str
        Column whose values are the domains.
    stratum : str
        Column of variance strata.
    selection : str, optional
        Only responses that came by it.
    """
    import polars as pl

    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    parts = []
    for start in range(0, max(rows, 1), PIECE):
        source = pl.scan_parquet(path).slice(start, PIECE)
        if selection is not None:
            source = source.filter(pl.col("selection") == selection)
        parts.append(_cells_of(source, satisfied_from, by, stratum))
    return reduce(add, parts)


def _cells_of(
    source: pl.LazyFrame, satisfied_from: Mapping[str, int], by: str, stratum: str
) -> ItemCells:
    """The sums of one piece of a file."""
    import polars as pl

    keys = list(dict.fromkeys([stratum, by]))
    # Where every response of a cell weighs the same, counting is enough.
    first = [pl.len().alias("rows"), pl.col("frame_size").first()]
    first += [pl.col("weight").min().alias("least"), pl.col("weight").max()]
    counts = [
        expression
        for item, cut in satisfied_from.items()
        for expression in (
            (pl.col(f"q_{item}") >= cut).sum().alias(f"s{item}"),
            (pl.col(f"q_{item}") >= 1).sum().alias(f"a{item}"),
        )
    ]
    table = source.group_by(keys).agg(first + counts).collect(engine="streaming")
    weight = table["weight"].to_numpy()
    ids = list(satisfied_from)
    top, base = (
        table.select([f"{kind}{item}" for item in ids]).to_numpy().astype(np.float64)
        for kind in "sa"
    )
    if np.array_equal(table["least"].to_numpy(), weight):
        w = weight[:, None]
        weighted = np.stack([w * top, w * base, w**2 * top, w**2 * base])
    else:
        weighted = _uneven(source, satisfied_from, table.select(keys))
    return ItemCells(
        table[stratum].cast(pl.String).to_numpy().astype(np.str_),
        table[by].cast(pl.String).to_numpy().astype(np.str_),
        table["frame_size"].to_numpy().astype(np.float64),
        table["rows"].to_numpy().astype(np.float64),
        weighted,
    )


def _uneven(
    source: pl.LazyFrame, satisfied_from: Mapping[str, int], cells: pl.DataFrame
) -> FloatArray:
    """Sums of weights and of their squares, shape (4, cells, items)."""
    import polars as pl

    sums = [
        (pl.col("weight") ** power * (pl.col(f"q_{item}") >= least))
        .sum()
        .alias(f"{power}{kind}{item}")
        for item, cut in satisfied_from.items()
        for kind, least in (("s", cut), ("a", 1))
        for power in (1, 2)
    ]
    keys = cells.columns
    found = cells.join(
        source.group_by(keys).agg(sums).collect(engine="streaming"),
        on=keys,
        how="left",
        maintain_order="left",
    )
    return np.stack(
        [
            found.select([f"{power}{kind}{item}" for item in satisfied_from]).to_numpy()
            for power, kind in ((1, "s"), (1, "a"), (2, "s"), (2, "a"))
        ]
    ).astype(np.float64)


def _hash_problem(folder: Path, name: str, files: Mapping[str, str]) -> str:
    path = folder / name
    if not path.is_file():
        return f"{name} is not there"
    if name not in files:
        return f"{name} has no hash in manifest.json"
    if sha256(path.read_bytes()).hexdigest() != files[name]:
        return f"{name} is not the file that was frozen: its hash differs"
    return ""


def _array(name: str, column: Sequence[Any] | AnyArray) -> AnyArray:
    """One column as an array, nulls written as the class says."""
    if name in TEXT:
        if isinstance(column, np.ndarray) and column.dtype.kind == "U":
            return column
        texts = ["" if value is None else str(value) for value in column]
        return np.array(texts, dtype=np.str_)
    if isinstance(column, np.ndarray) and column.dtype != object:
        array = column
    elif name in NUMBERS or name == "psu" or name.startswith(("q_", "w_")):
        numeric = [v for v in column if v is not None]
        if not all(isinstance(v, int | float | np.number) for v in numeric):
            return np.array(column, dtype=object)
        whole = len(numeric) == len(column) and all(isinstance(v, int) for v in numeric)
        if whole:
            return np.array(column, dtype=np.int64)
        array = np.array([np.nan if v is None else v for v in column], dtype=np.float64)
    else:
        return np.array(column, dtype=object)
    return array.astype(np.float64) if name in NUMBERS else array
