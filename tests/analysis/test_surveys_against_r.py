"""Any survey against R: tests/reference/two_stage, our own data."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from analysis import (
    calibration,
    comparison,
    contrasts,
    estimators,
    intervals,
    models,
    pps,
    quantiles,
    reliability,
    replicates,
    testing,
)
from analysis.design import Lonely
from analysis.surveys import Drawn, reweighted, survey

CASE = Path(__file__).parents[1] / "reference" / "two_stage"
TEXT = ("stratum", "commune", "field", "sex", "late", "told")
FIELDS = {("justice",): 900.0, ("land",): 2500.0, ("trade",): 1000.0}
RULES = {
    "math": quantiles.lowest,
    "school": quantiles.midpoint,
    "hf7": quantiles.linear,
}


def table(name="data.csv"):
    with (CASE / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {}
    for key in rows[0]:
        values = [row[key] for row in rows]
        if key in TEXT:
            columns[key] = np.array(values)
        else:
            columns[key] = np.array([np.nan if v == "NA" else float(v) for v in values])
    return columns


DATA = table()
DATA |= {
    "late01": (DATA["late"] == "yes").astype(float),
    "one": np.ones(len(DATA["weight"])),
    "row": np.arange(len(DATA["weight"])),
}
TWO_STAGES = (
    Drawn("commune", ("stratum",), frame_size="communes"),
    Drawn("row", (), frame_size="finished"),
)
TWO = survey(DATA, TWO_STAGES, weights="weight")
ONE = survey(DATA, [Drawn("commune", ("stratum",))], weights="weight")
HEARD = ~np.isnan(DATA["wait"])


def expected():
    found = defaultdict(list)
    with (CASE / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spread = None if row["std_error"] == "NA" else float(row["std_error"])
            found[row["what"]].append((row["key"], float(row["value"]), spread))
    return found


EXPECTED = expected()


def rows_of(found):
    return [
        (key[-1], value, spread)
        for key, value, spread in zip(
            found.keys, found.value, found.std_error, strict=True
        )
    ]


def by_first(found):
    return [
        (key[0], value, spread)
        for key, value, spread in zip(
            found.keys, found.value, found.std_error, strict=True
        )
    ]


def only(found, key):
    return [(key, found.value[0], found.std_error[0])]


def plain(sample):
    """Everything computed on one design, by name as in R."""
    field = estimators.mean(sample, ["satisfied"], by=["field"])
    at = {key[0]: (key[0], "satisfied") for key in field.keys}
    share = estimators.mean(sample, ["satisfied"])
    p, v = float(share.value[0]), float(share.covariance[0, 0])
    df = sample.design.df
    ends = {
        "xlogit": intervals.logit(p, v, df),
        "asin": intervals.arcsine(p, v, df),
        "beta": intervals.korn_graubard(p, v, sample.size, df),
        "mean": intervals.wald(p, v, df),
    }
    chi = testing.association(sample, "field", "late")
    tests = {
        "F": chi.f,
        "Chisq": chi.chi_square,
        "Wald": chi.wald,
        "adjWald": chi.adjusted_wald,
    }
    t = testing.difference_of_means(sample, "satisfied", "sex").test
    logistic = models.logistic(
        sample, "satisfied", models.treatment(sample, ["wait", "field"])
    )
    linear = models.linear(
        sample, "wait", models.treatment(sample, ["satisfied", "sex"])
    )
    alpha = reliability.weighted_alpha(sample, ["i1", "i3", "i4", "i5"])
    result = {
        "mean": rows_of(estimators.mean(sample, ["satisfied", "late01"])),
        "total": rows_of(estimators.total(sample, ["satisfied", "one"])),
        "mean_missing": rows_of(estimators.mean(sample, ["wait"])),
        "ratio": only(estimators.ratio(sample, "wait", "satisfied"), "ratio"),
        "by_field": by_first(field),
        "contrast": only(
            contrasts.contrast(field, {at["land"]: 1, at["trade"]: -1}), "c"
        ),
        "log_ratio": only(contrasts.smooth(field, lambda x: np.log(x[1] / x[2])), "c"),
        "deff_wor": [
            ("satisfied", estimators.deff_without_replacement(sample, share)[0], None)
        ],
        "deff_wr": [
            ("satisfied", estimators.deff_with_replacement(sample, share)[0], None)
        ],
        "ttest": [("t", t.statistic, None), ("p", t.p_value, None)],
        "logistic": rows_of(logistic.estimates),
        "linear": rows_of(linear.estimates),
        "kappa": only(reliability.kappa(sample, "late", "told"), "kappa"),
        "alpha": [("alpha", alpha.raw, None)],
        "shares": [
            (f"field{key}", value, spread)
            for key, value, spread in rows_of(estimators.shares(sample, "field"))
        ],
    }
    for name, (low, high) in ends.items():
        result[f"ci.{name}"] = [("low", low, None), ("high", high, None)]
    for name, test in tests.items():
        statistic, p_value = test.statistic, test.p_value
        result[f"chisq.{name}"] = [("statistic", statistic, None), ("p", p_value, None)]
    for name, rule in RULES.items():
        q = quantiles.quantiles(sample, "wait", [0.25, 0.5, 0.9], rule)
        keys = ("0.25", "0.5", "0.9")
        result[f"quantile.{name}"] = list(zip(keys, q.value, q.std_error, strict=True))
        for end in ("low", "high"):
            values = getattr(q, end)
            result[f"quantile_{end}.{name}"] = [
                (k, value, None) for k, value in zip(keys, values, strict=True)
            ]
    return result


def totals(sample):
    terms = models.treatment(sample, ["field", "wait"])
    return calibration.Totals(
        terms.names, terms.columns, np.array([4400.0, 2500.0, 1000.0, 4400 * 11.5])
    )


def weighted():
    """Every weight step, by name as in R."""
    complete = reweighted(TWO, np.where(HEARD, TWO.design.weight, 0.0))
    post = calibration.poststratify(TWO, ["field"], FIELDS).survey
    margins = {
        "field": {key[0]: value for key, value in FIELDS.items()},
        "sex": {"F": 2150.0, "M": 2250.0},
    }
    raked = calibration.rake(TWO, margins).survey
    result = {
        "poststratify.mean": rows_of(estimators.mean(post, ["satisfied"])),
        "poststratify.total": rows_of(estimators.total(post, ["late01"])),
        "rake.mean": rows_of(estimators.mean(raked, ["satisfied"])),
        "rake.total": rows_of(estimators.total(raked, ["late01"])),
        "rake.weights": first_five(raked),
    }
    wanted = totals(complete)
    steps = {
        "calibrate.linear": calibration.linear(complete, wanted),
        "calibrate.raking": calibration.raking(complete, wanted),
        "bounded.linear": calibration.linear(complete, wanted, low=0.3, high=3.0),
        "bounded.logit": calibration.logit(complete, wanted, low=0.3, high=3.0),
    }
    for name, step in steps.items():
        result[name] = rows_of(estimators.mean(step.survey, ["satisfied"]))
        kind, method = name.split(".")
        key = "weights" if kind == "calibrate" else "bounded_weights"
        result[f"{key}.{method}"] = first_five(step.survey, HEARD)
    trimmed = calibration.trim(TWO, upper=60.0).survey
    strict = calibration.trim(TWO, upper=60.0, strict=True).survey
    result["trim.mean"] = rows_of(estimators.mean(trimmed, ["satisfied"]))
    result["trim.strict"] = first_five(strict)
    return result


def first_five(sample, rows=slice(None)):
    weight = sample.design.weight[rows][:5]
    return [(str(k + 1), w, None) for k, w in enumerate(weight)]


def replicated():
    single = survey(DATA, [Drawn("commune")], weights="weight")

    def satisfied(s):
        return estimators.mean(s, ["satisfied"]).value

    def late(s):
        return estimators.total(s, ["late01"]).value

    def post(s):
        return calibration.poststratify(s, ["field"], FIELDS).survey

    jkn = replicates.stratified_jackknife(ONE)
    mse = replicates.jackknife(single, from_full=True)
    refitted = jkn.adjusted(ONE, post)
    found = {
        "jk1.mean": replicates.estimate(
            single, replicates.jackknife(single), satisfied
        ),
        "jk1_mse.total": replicates.estimate(single, mse, late),
        "jkn.mean": replicates.estimate(ONE, jkn, satisfied),
        "jkn_poststratify.mean": replicates.estimate(post(ONE), refitted, satisfied),
    }
    names = {"jk1_mse.total": "late01"}
    return {name: only(f, names.get(name, "satisfied")) for name, f in found.items()}


def unequal():
    columns = table("unequal.csv")
    size = np.array(
        [DATA["finished"][DATA["commune"] == c][0] for c in np.unique(DATA["commune"])]
    )
    everyone = size / size.sum() * 7
    sample = survey(columns, [Drawn(probability="pi")])
    joint = np.loadtxt(CASE / "joint.csv", delimiter=",")
    drawn = {
        "brewer": sample,
        "overton": pps.overton(sample),
        "hartley_rao": pps.hartley_rao(sample, float((everyone**2).sum() / 7)),
        "hartley_rao_estimated": pps.hartley_rao(sample),
        "horvitz_thompson": pps.horvitz_thompson(sample, joint),
        "yates_grundy": pps.yates_grundy(sample, joint),
    }
    return {
        f"pps.{name}": rows_of(estimators.total(one, ["satisfied"]))
        for name, one in drawn.items()
    }


def lonely():
    kept = (DATA["stratum"] != "island") | (DATA["commune"] == "i0")
    columns = {name: column[kept] for name, column in DATA.items()}
    result = {}
    for rule in (Lonely.REMOVE, Lonely.AVERAGE, Lonely.CERTAINTY):
        sample = survey(
            columns, [Drawn("commune", ("stratum",))], weights="weight", lonely=rule
        )
        result[f"lonely.{rule}"] = rows_of(estimators.mean(sample, ["satisfied"]))
    return result


def shared():
    """Two waves, each a sample of its own, in the same communes."""
    sides = []
    for even in (False, True):
        rows = ((np.arange(len(DATA["row"])) + 1) % 2 == 0) == even
        columns = {name: column[rows] for name, column in DATA.items()}
        sample = survey(columns, [Drawn("commune", ("stratum",))], weights="weight")
        found = estimators.mean(sample, ["satisfied"])
        sides.append(
            comparison.Side(
                float(found.value[0]),
                found.influence[:, 0],
                sample.design,
                columns["commune"],
                float(found.df[0]),
            )
        )
    change = comparison.change(*sides)
    return {"change.shared": [("c", change.value, change.std_error)]}


@pytest.fixture(scope="module")
def found():
    result = weighted() | replicated() | unequal() | lonely() | shared()
    for name, sample in (("two", TWO), ("one", ONE)):
        result |= {f"{name}.{key}": rows for key, rows in plain(sample).items()}
    return result


@pytest.mark.parametrize("what", EXPECTED)
def test_every_figure_agrees_with_r(what, found):
    mine = {key: (value, spread) for key, value, spread in found[what]}

    for key, value, spread in EXPECTED[what]:
        assert mine[key][0] == pytest.approx(value, rel=1e-8)
        if spread is not None:
            assert mine[key][1] == pytest.approx(spread, rel=1e-7, abs=1e-7)
