"""Data files and designs of cases as the values our functions take."""

import csv
import re

import numpy as np

from analysis.design import Lonely
from analysis.surveys import Drawn, survey

MISSING = {"", "NA"}


def read(folder, name):
    """Columns of a CSV: numbers where every value is one, text otherwise."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {key: column([row[key] for row in rows]) for key in rows[0]}


def column(values):
    present = [v for v in values if v not in MISSING]
    try:
        whole = [int(v) for v in present]
        if len(present) == len(values):
            return np.array(whole)
    except ValueError:
        pass
    try:
        return np.array([np.nan if v in MISSING else float(v) for v in values])
    except ValueError:
        return np.array(["" if v in MISSING else v for v in values])


def data(case):
    return read(case.folder, case.content["data"])


def listed(value):
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def sample(case, columns=None):
    """The survey of a case, before any weight step."""
    table = data(case) if columns is None else columns
    design = case.content.get("design") or {}
    if isinstance(design, list):
        design = {}
    weights = design.get("weights")
    if weights is None and not any(
        stage.get("fpc_kind") == "prob" for stage in design.get("stages", [])
    ):
        table = table | {"__one": np.ones(len(next(iter(table.values()))))}
        weights = "__one"
    return survey(
        table,
        [drawn(stage) for stage in design.get("stages", [])],
        weights=weights,
        nest=design.get("nest", False),
        lonely=Lonely(design.get("lonely_psu", "fail")),
        adjust_domain_lonely=design.get("adjust_domain_lonely", False),
    )


def drawn(stage):
    kind = {"size": "frame_size", "fraction": "fraction", "prob": "probability"}
    chance = {kind[stage["fpc_kind"]]: stage["fpc"]} if stage.get("fpc") else {}
    return Drawn(stage.get("psu"), tuple(listed(stage.get("strata"))), **chance)


def where(columns, condition):
    """Rows of a domain, from a pair or from an expression of comparisons."""
    if condition is None:
        return None
    if isinstance(condition, dict):
        return columns[condition["var"]] == condition["eq"]
    found = np.ones(len(next(iter(columns.values()))), dtype=bool)
    for part in condition.split("&"):
        name, sign, value = re.fullmatch(
            r"\s*(\w+)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*", part
        ).groups()
        value = value.strip("'\"") if value[0] in "'\"" else float(value)
        compare = {
            "==": np.equal, "!=": np.not_equal, "<": np.less,
            "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
        }[sign]  # fmt: skip
        found &= compare(columns[name], value)
    return found
