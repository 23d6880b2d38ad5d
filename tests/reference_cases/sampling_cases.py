"""Cases about sample sizes and unequal-probability draws, by kind of estimator.

Each function takes a case and the folder that holds the data files, and returns
what ``sampling`` computes in the shape of the case's ``expected``.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from sampling import joint, optimum, pps, size, size_difference
from sampling.conditional_poisson import inclusion
from sampling.design_effect import kish
from sampling.size import Fieldwork
from tests.reference_cases.runner import Unsupported

R_STOPS_AT = 1e-6


def allocation(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    wish = case["estimator"]
    frame, spreads, n = wish["Nh"], wish["Sh"], wish["n"]
    costs = dict(zip(frame, wish["costs"], strict=True))
    mean = float(np.mean(_column(case, data_dir, wish["y"])))
    even = dict.fromkeys(frame, 1.0)
    variance = (wish["cv0"] * mean) ** 2
    return {
        "proportional": optimum.for_sample(frame, even, n).sizes,
        "neyman": optimum.for_sample(frame, spreads, n).sizes,
        "total_cost": optimum.for_budget(frame, spreads, costs, wish["budget"]).sizes,
        "total_var_cv": optimum.for_variance(frame, spreads, costs, variance).sizes,
    }


def kish_deff(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    effect = kish(_column(case, data_dir, case["design"]["weights"]).tolist())
    return {"deff": effect.deff, "n_eff": effect.n_eff}


def n_prop(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    return _rows(case, lambda row, work: size.for_share(row["e"], p=row["p"], **work))


def n_prop_relative(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    return _rows(
        case, lambda row, work: size.for_share_relative(row["e"], p=row["p"], **work)
    )


def n_prop_cv(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    return _rows(
        case, lambda row, work: size.for_share_cv(row["cv"], p=row["p"], **work)
    )


def n_mean_cv(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    return _rows(
        case,
        lambda row, work: size.for_mean_cv(
            row["CV0"], population_cv=row["CVpop"], **work
        ),
    )


def n_mean_moe(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    return _rows(
        case,
        lambda row, work: size.for_mean(row["e"], std_dev=row["S2"] ** 0.5, **work),
    )


def n_two_props(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    rows = []
    for row in case["expected"]["rows"]:
        pair = size_difference.Pair(ratio=row["r"], overlap=row["g"])
        found = size_difference.for_shares(
            row["px"], row["py"], both=row["pxy"], pair=pair
        )
        rows.append({**row, "n1": str(found.n_first), "n2": str(found.n_second)})
    return {"rows": rows}


def pps_systematic(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    wish = case["estimator"]
    sizes = _column(case, data_dir, wish["mos"])
    probability = pps.inclusion_probabilities(sizes, wish["n"])
    taken = pps.systematic_from(probability, np.array([wish["start"]]))[0]
    return {"selected_row_1based": (np.flatnonzero(taken) + 1).tolist()}


def joint_inclusion(case: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    wish = case["estimator"]
    sizes = _column(case, data_dir, wish["mos"])
    probability = pps.inclusion_probabilities(sizes, wish["n"])
    method = wish["method"].lower()
    if method.startswith("systematic"):
        together = joint.systematic(probability)
    elif method.startswith("till"):
        together = joint.tille(probability)
        # R's UPtillepi2 leaves the rows and columns of certain units at 0.
        certain = probability >= 1.0
        together[certain] = together[:, certain] = 0.0
    elif "max entropy" in method:
        together = _as_r_stops(probability)
    else:
        raise Unsupported(wish["method"])
    return {"pik": probability.tolist(), "joint": together.tolist()}


def _as_r_stops(probability: np.ndarray) -> np.ndarray:
    """Maximum entropy with R's iteration, stopped where R's UPmaxentropypi2 does.

    R looks for the weights until they move by less than 1e-6, which leaves its
    joint probabilities off by up to 5e-7 (their rows do not add up to n times
    the single ones). ``joint.maximum_entropy`` goes on to the last digit, so it
    is asked to agree to R's accuracy, and R's own stop gives R's own digits.
    """
    inside = (probability > 0.0) & (probability < 1.0)
    wanted = probability[inside]
    n = round(float(wanted.sum()))
    p = wanted.copy()
    while True:
        step = wanted - inclusion(p[np.newaxis], n)[0]
        p = p + step
        if np.abs(step).sum() <= R_STOPS_AT:
            break
    exact = joint.maximum_entropy(probability)
    together = exact.copy()
    together[np.ix_(inside, inside)] = _pairs_of_r(wanted, p / (1.0 - p), n)
    if not np.allclose(together, exact, rtol=1e-3, atol=0.0):
        raise AssertionError("R's early stop explains less than the difference seen")
    return together


def _pairs_of_r(single: np.ndarray, odds: np.ndarray, n: int) -> np.ndarray:
    """R's UPMEpik2frompikw: pairs of different units, equal ones by what is left."""
    cross = single[:, np.newaxis] * odds - single * odds[:, np.newaxis]
    apart = odds - odds[:, np.newaxis]
    itself = np.eye(len(single), dtype=bool)
    tied = (single[:, np.newaxis] == single) & ~itself
    known = ~tied & ~itself
    pairs = np.divide(cross, apart, out=np.zeros_like(cross), where=known)
    pairs[itself] = single
    left = n * single - pairs.sum(axis=1)
    share = left / np.maximum(tied.sum(axis=1), 1)
    return np.where(tied, share[:, np.newaxis], pairs)


def _rows(case: dict[str, Any], size_of: Any) -> dict[str, Any]:
    return {
        "rows": [
            {
                **row,
                "n": size_of(row, {"fieldwork": Fieldwork(float(row["N"]))}).from_frame,
            }
            for row in case["expected"]["rows"]
        ]
    }


def _column(case: dict[str, Any], data_dir: Path, name: str) -> np.ndarray:
    path = data_dir / Path(case["data"]).name
    with path.open(encoding="utf-8", newline="") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])


KINDS = {
    "allocation": allocation,
    "joint_inclusion": joint_inclusion,
    "kish_deff": kish_deff,
    "n_mean_cv": n_mean_cv,
    "n_mean_moe": n_mean_moe,
    "n_prop": n_prop,
    "n_prop_cv": n_prop_cv,
    "n_prop_relative": n_prop_relative,
    "n_two_props": n_two_props,
    "pps_systematic": pps_systematic,
}
