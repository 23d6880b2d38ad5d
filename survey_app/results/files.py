"""Write the files of a frozen set so that a folder is either whole or not there."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from survey_app.models import Wave
from survey_app.results import tables
from survey_app.results.manifest import sha256_of
from survey_app.results.tables import Table, Tables
from survey_app.results.words import SIMULATED

if TYPE_CHECKING:
    import polars as pl


@contextmanager
def made_whole(folder: Path) -> Iterator[Path]:
    """A draft folder that takes its name only when all in it is safe on disk.

    The caller's database transaction gives out the name once. A folder that bears it
    already was left by one that failed at the last moment: it is put aside.
    """
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
    try:
        yield draft
        for path in (*draft.iterdir(), draft):
            _to_disk(path)
        if folder.exists():
            aside = f".abandoned-{folder.name}-{secrets.token_hex(4)}"
            folder.rename(folder.parent / aside)
        draft.rename(folder)
        _to_disk(folder.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def write_tables(draft: Path, made: Tables, wave: Wave) -> dict[str, str]:
    """Write every table as Parquet; gives the hash of each file by name."""
    frames = {
        "responses": _frame(made.responses),
        "dispositions": _frame(made.dispositions),
        "frame": _frame(made.frame),
        **{
            f"free_text_{name}": _frame({"text": tables.Column(tables.TEXT, texts)})
            for name, texts in made.free_text.items()
        },
    }
    note = {"wave": wave.code, **({"notice": SIMULATED} if wave.simulated else {})}
    hashes = {}
    for name, frame in frames.items():
        path = draft / f"{name}.parquet"
        frame.write_parquet(path, metadata=note)
        hashes[path.name] = sha256_of(path)
    return hashes


def _frame(table: Table) -> pl.DataFrame:
    import polars as pl

    kinds = {
        tables.TEXT: pl.String,
        tables.INT8: pl.Int8,
        tables.INT32: pl.Int32,
        tables.FLOAT: pl.Float64,
        tables.YES_NO: pl.Boolean,
    }
    return pl.DataFrame(
        [
            pl.Series(name, column.values, dtype=kinds[column.kind], strict=True)
            for name, column in table.items()
        ]
    )


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
