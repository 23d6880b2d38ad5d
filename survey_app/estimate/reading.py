"""Survey files as columns: CSV, XLSX, Parquet, SPSS (.sav) and Stata (.dta)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from survey_app import csv_files, xlsx_files
from survey_app.errors import Refused

if TYPE_CHECKING:
    import polars as pl

Rows = Iterator[tuple[int, Sequence[object]]]
MISSING = ("", "NA", ".")
OTHER_KINDS = (b"\xff\xfe", b"\xfe\xff", b"PK", b"%PDF")


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of a file, and where each row stands in it.

    Attributes
    ----------
    name : str
        Of the file, for messages.
    columns : dict of str to array, each shape (n,)
        Numbers as float, ``nan`` where missing; else text, ``""`` where missing.
    lines : array of int, shape (n,)
        Line (CSV, Excel: as shown there) or number of each row.
    """

    name: str
    columns: dict[str, np.ndarray[Any, Any]]
    lines: np.ndarray[Any, Any]

    @property
    def size(self) -> int:
        return len(self.lines)

    def is_number(self, column: str) -> bool:
        return bool(self.columns[column].dtype.kind == "f")


def read(path: Path, wanted: Sequence[str], missing: Sequence[str] = MISSING) -> Table:
    """The wanted columns of a file; those it does not have are left out.

    Raises
    ------
    Refused
        If it is no such file, damaged, without rows, or names a column twice.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(READERS)
        raise Refused(f"{path.name}: không đọc được loại tệp này; đọc được {kinds}.")
    try:
        frame, lines = reader(path, wanted)
    except (csv_files.Unreadable, xlsx_files.Unreadable) as error:
        raise Refused(f"{path.name}: {error.reason}") from error
    if frame.height == 0:
        raise Refused(f"{path.name}: tệp không có dòng số liệu nào.")
    commas = path.suffix.lower() == ".csv" and _separator(path) != ","
    columns = {
        column.name: _values(column, frozenset(missing), commas=commas)
        for column in frame
    }
    return Table(path.name, columns, lines)


def _csv(path: Path, wanted: Sequence[str]) -> tuple[pl.DataFrame, Any]:
    """Fast where it is plain UTF-8; else as tables from offices are read."""
    import polars as pl

    with path.open("rb") as file:
        first = file.readline()
        separator = _separator(path)
        if first.strip() and not first.startswith(OTHER_KINDS) and b'"' not in first:
            names = first.decode("utf-8-sig", "replace").strip().split(separator)
            found = [name for name in names if name in wanted] or names[:1]
            try:
                if len(set(found)) == len(found):
                    frame = pl.read_csv(
                        path, separator=separator, infer_schema=False, columns=found
                    )
                    return frame, _from(2, frame.height)
            except pl.exceptions.PolarsError:
                pass  # the patient reader below says what is wrong, and where
        return _from_rows(csv_files.rows(file), path.name, wanted)


def _separator(path: Path) -> str:
    with path.open("rb") as file:
        first = file.readline()
    return chr(max(b",;\t", key=first.count))


def _xlsx(path: Path, wanted: Sequence[str]) -> tuple[pl.DataFrame, Any]:
    with path.open("rb") as file:
        if not xlsx_files.is_xlsx(file):
            raise Refused(f"{path.name}: đây không phải tệp Excel .xlsx.")
        return _from_rows(xlsx_files.rows(file), path.name, wanted)


def _from_rows(
    rows: Rows, name: str, wanted: Sequence[str]
) -> tuple[pl.DataFrame, Any]:
    """Rows with a header as columns of text."""
    import polars as pl

    header = [_text(cell).strip() for cell in next(rows, (0, ()))[1]]
    wrong = [
        f"{name}: có hai cột cùng tên {column}."
        for column in dict.fromkeys(wanted)
        if header.count(column) > 1
    ]
    places = {column: header.index(column) for column in wanted if column in header}
    cells: dict[str, list[str]] = {column: [] for column in places}
    lines = []
    for line, row in rows:
        if not any(_text(cell).strip() for cell in row):
            continue
        if len(row) > len(header) and any(_text(c) for c in row[len(header) :]):
            wrong.append(f"{name}, dòng {line}: nhiều ô hơn số cột.")
        lines.append(line)
        for column, place in places.items():
            cells[column].append(_text(row[place]) if place < len(row) else "")
    if wrong:
        raise Refused(*wrong[:20])
    if not places:
        cells = {"": [""] * len(lines)}
    return pl.DataFrame(cells, schema=dict.fromkeys(cells, pl.String)), np.array(lines)


def _parquet(path: Path, wanted: Sequence[str]) -> tuple[pl.DataFrame, Any]:
    import polars as pl

    try:
        names = pl.scan_parquet(path).collect_schema().names()
        found = [name for name in wanted if name in names] or names[:1]
        frame = pl.read_parquet(path, columns=list(dict.fromkeys(found)))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Refused(f"{path.name}: tệp Parquet hỏng.") from error
    return frame, _from(1, frame.height)


def _labelled(name: str) -> Callable[..., tuple[pl.DataFrame, Any]]:
    """A reader of files with labels: SPSS or Stata, values as stored."""

    def read_labelled(path: Path, wanted: Sequence[str]) -> tuple[pl.DataFrame, Any]:
        import polars as pl
        import pyreadstat

        reader = getattr(pyreadstat, f"read_{name}")
        try:
            header = reader(path, metadataonly=True, output_format="dict")[1]
            found = [c for c in wanted if c in header.column_names]
            columns, _ = reader(
                path,
                usecols=list(dict.fromkeys(found)) or header.column_names[:1],
                output_format="dict",
            )
        except (pyreadstat.ReadstatError, ValueError) as error:
            raise Refused(f"{path.name}: tệp .{name} hỏng.") from error
        frame = pl.DataFrame(
            {
                key: pl.Series(list(cells), strict=False)
                for key, cells in columns.items()
            }
        )
        return frame, _from(1, frame.height)

    return read_labelled


READERS: dict[str, Callable[[Path, Sequence[str]], tuple[Any, Any]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".sav": _labelled("sav"),
    ".dta": _labelled("dta"),
}


def _from(first: int, rows: int) -> np.ndarray[Any, Any]:
    return np.arange(first, first + rows)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(int(cell))
    return "" if cell is None else str(cell)


def _values(
    column: pl.Series, missing: frozenset[str], *, commas: bool
) -> np.ndarray[Any, Any]:
    """Numbers where every cell that is not missing is one; else text."""
    import polars as pl

    codes = [float(code) for code in missing if _is_number(code)]
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        numbers = column.cast(pl.Float64).fill_null(np.nan).to_numpy().copy()
        numbers[np.isin(numbers, codes)] = np.nan
        return numbers
    text = column.cast(pl.String).fill_null("").str.strip_chars()
    gone = text.is_in(list(missing | {""}))
    present = text.set(gone, None)
    if present.str.contains(r"^-?0\d").any():
        return np.array(present.fill_null("").to_list(), dtype=np.str_)  # codes
    for as_written in (present, present.str.replace(",", ".", literal=True)):
        parsed = as_written.cast(pl.Float64, strict=False)
        if parsed.null_count() == present.null_count() and parsed.is_finite().all():
            return parsed.fill_null(np.nan).to_numpy().copy()
        if not commas:
            break
    return np.array(present.fill_null("").to_list(), dtype=np.str_)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
