"""Whether a file can be what its design says: every problem, with column and row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from analysis.arrays import codes, joint_codes
from analysis.surveys import Drawn
from survey_app.estimate.design_file import (
    Calibrate,
    DesignFile,
    NonResponse,
    PostStratify,
    WeightStep,
    columns_of,
)
from survey_app.estimate.reading import Table

SHOWN = 8
Array = np.ndarray[Any, Any]


def problems(
    table: Table,
    design: DesignFile,
    *,
    numeric: Sequence[str],
    categories: Sequence[str],
    wanted: Sequence[tuple[str, str]],
) -> list[str]:
    """What keeps an estimate from being made, in the order of the design file.

    ``numeric`` and ``categories`` are the columns the estimates use, ``wanted``
    the columns and values that a domain was asked for.
    """
    needed = [*design.columns, *numeric, *categories, *(name for name, _ in wanted)]
    absent = [c for c in dict.fromkeys(needed) if c not in table.columns]
    found = [f"{table.name}: không có cột {name}." for name in absent]
    found += _weights(table, design.weights)
    found += _stages(table, design)
    for number, step in enumerate(design.steps, start=1):
        place = f"{design.name}, [[step]] thứ {number}"
        if not set(columns_of(step)) & set(absent):
            found += _step(table, step, place)
    for name in numeric:
        if name in table.columns and not table.is_number(name):
            found.append(_not_number(table, name))
    for name, value in wanted:
        if name in table.columns and not matches(table, name, value).any():
            found.append(f"{table.name}, cột {name}: không có dòng nào bằng {value}.")
    return found


def matches(table: Table, name: str, value: str) -> Array:
    """Rows whose cell is the value, as a number where the column holds numbers."""
    column = table.columns[name]
    if not table.is_number(name):
        return np.asarray(column == value)
    try:
        return np.asarray(column == float(value))
    except ValueError:
        return np.zeros(table.size, dtype=bool)


def label(table: Table, name: str, value: object) -> str:
    """A label of a total as the library compares it with the column's labels."""
    if name in table.columns and table.is_number(name):
        try:
            return str(float(str(value)))
        except ValueError:
            return str(value)
    return str(value)


def _weights(table: Table, name: str | None) -> Iterator[str]:
    if name is None or name not in table.columns:
        return
    if not table.is_number(name):
        yield _not_number(table, name)
        return
    weight = table.columns[name]
    if np.any(gone := np.isnan(weight)):
        yield _rows(table, name, gone, "thiếu quyền số; ghi 0 cho dòng không tính")
    if np.any(negative := weight < 0):
        yield _rows(table, name, negative, "quyền số âm")
    if not np.any(weight > 0):
        yield f"{table.name}, cột {name}: không có quyền số nào lớn hơn 0."


def _stages(table: Table, design: DesignFile) -> Iterator[str]:
    parents = np.zeros(table.size, dtype=np.int64)
    for number, stage in enumerate(design.stages, start=1):
        named = [*stage.strata, *([stage.psu] if stage.psu else [])]
        if any(name not in table.columns for name in named):
            return
        for name in named:
            if np.any(gone := _missing(table.columns[name])):
                yield _rows(table, name, gone, "thiếu nhãn tầng hoặc đơn vị mẫu")
        stratum = joint_codes(parents, *(table.columns[s] for s in stage.strata))
        unit = np.arange(table.size)
        if stage.psu is not None:
            unit = codes(table.columns[stage.psu])[1]
            if design.nest or number > 1:
                unit = joint_codes(stratum, unit)
            elif np.any(split := _differs(stratum, unit)):
                said = "đơn vị mẫu nằm ở hai tầng; nếu nhãn lặp lại, ghi nest = true"
                yield _rows(table, stage.psu, split, said)
        yield from _population(table, stage, stratum, unit)
        parents = unit


def _population(
    table: Table, stage: Drawn, stratum: Array, unit: Array
) -> Iterator[str]:
    name = stage.frame_size or stage.fraction or stage.probability
    if name is None or name not in table.columns:
        return
    if not table.is_number(name):
        yield _not_number(table, name)
        return
    given = table.columns[name]
    bad = ~(given > 0.0)
    if np.any(bad):
        yield _rows(table, name, bad, "thiếu hoặc không lớn hơn 0")
    if stage.frame_size is None:
        if np.any(above := given > 1.0):
            yield _rows(table, name, above, "lớn hơn 1")
    else:
        each = np.zeros(unit.max() + 1, dtype=np.int64)
        each[unit] = stratum
        count = np.bincount(each[np.unique(unit)], minlength=stratum.max() + 1)
        if np.any(over := count[stratum] > given):
            said = "tổng thể của tầng nhỏ hơn số đơn vị mẫu trong tệp"
            yield _rows(table, name, over, said)
    within = unit if stage.probability else stratum
    if np.any(odd := _differs(given, within) & ~bad):
        of = "một đơn vị mẫu" if stage.probability else "một tầng"
        yield _rows(table, name, odd, f"khác nhau trong cùng {of}")


def _step(table: Table, step: WeightStep, place: str) -> Iterator[str]:
    match step:
        case NonResponse():
            answered = table.columns[step.answered]
            if not table.is_number(step.answered):
                yield _not_number(table, step.answered)
            elif np.any(other := ~np.isin(answered, (0.0, 1.0))):
                yield _rows(table, step.answered, other, "phải là 1 hoặc 0")
            for name in step.classes:
                if np.any(gone := _missing(table.columns[name])):
                    yield _rows(table, name, gone, "thiếu nhãn lớp trả lời")
        case PostStratify():
            keys = [
                tuple(label(table, n, v) for n, v in zip(step.by, key, strict=True))
                for key in step.cells
            ]
            yield from _levels(table, step.by, keys, place)
        case _:
            for name, levels in step.margins.items():
                keys = [(label(table, name, level),) for level in levels]
                whole = not isinstance(step, Calibrate)
                yield from _levels(table, (name,), keys, place, whole=whole)
            if isinstance(step, Calibrate):
                for name in step.totals:
                    if not table.is_number(name):
                        yield _not_number(table, name)
                    elif np.any(gone := _missing(table.columns[name])):
                        yield _rows(table, name, gone, "thiếu số")
    if not isinstance(step, NonResponse):
        yield from _totals_agree(table, step, place)


def _levels(
    table: Table,
    by: Sequence[str],
    keys: Sequence[tuple[str, ...]],
    place: str,
    *,
    whole: bool = True,
) -> Iterator[str]:
    """Counts without a row and, of a whole margin, cells without a count."""
    columns = [table.columns[name] for name in by]
    gone = np.any([_missing(column) for column in columns], axis=0)
    if gone.any():
        yield _rows(table, "+".join(by), gone, "thiếu nhãn")
        return
    first = np.unique(joint_codes(*columns), return_index=True)[1]
    there = {tuple(str(column[row]) for column in columns) for row in first}
    for key in sorted(there - set(keys)) if whole else ():
        yield f"{place}: không có tổng thể cho {_told(by, key)}."
    for key in sorted(set(keys) - there):
        yield f"{place}: trong tệp không có dòng nào {_told(by, key)}."


def _totals_agree(table: Table, step: WeightStep, place: str) -> Iterator[str]:
    """Margins with all their levels, and the count, add up to one size."""
    margins = getattr(step, "margins", {})
    sizes = {
        name: sum(levels.values())
        for name, levels in margins.items()
        if len(levels) >= len(np.unique(table.columns[name]))
    }
    count = getattr(step, "count", None)
    if count is not None:
        sizes["count"] = count
    if sizes and max(sizes.values()) - min(sizes.values()) > 1e-9 * max(sizes.values()):
        told = "; ".join(f"{name}: {size:g}" for name, size in sizes.items())
        yield f"{place}: tổng của các biên không bằng nhau ({told})."


def _differs(values: Array, groups: Array) -> Array:
    """Rows whose value is not that of the first row of their group."""
    first = np.unique(groups, return_index=True)[1]
    of = np.zeros(groups.max() + 1, dtype=np.int64)
    of[groups[first]] = first
    return np.asarray(values != values[of[groups]])


def _missing(column: Array) -> Array:
    if column.dtype.kind == "f":
        return np.isnan(column)
    return np.asarray(column == "")


def _told(by: Sequence[str], key: Sequence[str]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in zip(by, key, strict=True))


def _not_number(table: Table, name: str) -> str:
    bad = np.array([cell != "" and not _reads(cell) for cell in table.columns[name]])
    return _rows(table, name, bad, "không phải là số")


def _reads(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _rows(table: Table, name: str, bad: Array, said: str) -> str:
    lines = table.lines[bad]
    told = ", ".join(map(str, lines[:SHOWN]))
    more = f" và {len(lines) - SHOWN} dòng nữa" if len(lines) > SHOWN else ""
    return f"{table.name}, cột {name}, dòng {told}{more}: {said}."
