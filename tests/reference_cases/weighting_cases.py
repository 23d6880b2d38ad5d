"""Weight steps, replicates, unequal chances: what changes weights or variance."""

import csv
import re

import numpy as np

from analysis import calibration, estimators, pps, quantiles, replicates, weights
from analysis.arrays import joint_codes
from analysis.surveys import reweighted, survey
from tests.reference_cases import estimation_cases as plain
from tests.reference_cases.tables import data, listed, read, sample


def mean(case):
    adjust = case.content.get("adjust") or {}
    if isinstance(adjust, dict) and adjust.get("method") == "nonresponse_class":
        return nonresponse_class(case)
    return plain.simple(case)


def total(case):
    spec = case.content["design"]
    if "pps" not in spec or spec["pps"] is None:
        return plain.simple(case)
    drawn = unequal(case, sample(case))
    return plain.named(estimators.total(drawn, listed(case.estimator["vars"]))) | {
        "ratio_bush_votes": plain.one(estimators.ratio(drawn, "Bush", "votes"))
    }


def unequal(case, drawn):
    spec = case.content["design"]
    if spec.get("joint"):
        joint = matrix(case.folder / spec["joint"])
    verbs = {
        "brewer": lambda: drawn,
        "overton": lambda: pps.overton(drawn),
        "hr": lambda: pps.hartley_rao(drawn, spec["hr_constant"]),
        "hr_est": lambda: pps.hartley_rao(drawn),
        "ht_joint": lambda: pps.horvitz_thompson(drawn, joint),
        "yg_joint": lambda: pps.yates_grundy(drawn, joint),
        "wr": lambda: pps.with_replacement(drawn),
    }
    return verbs[spec["pps"]]()


def matrix(path):
    rows = list(csv.reader(path.open(encoding="utf-8")))
    try:
        [float(value) for value in rows[0]]
    except ValueError:
        rows = rows[1:]
    table = np.array([[float(value) for value in row] for row in rows])
    return table if table.shape[0] == table.shape[1] else table[:, 1:]


def adjusted(case, start):
    """The survey after the weight steps of a case."""
    steps = case.content.get("adjust") or []
    for step in steps if isinstance(steps, list) else [steps]:
        start = STEPS[step["method"]](start, step)
    return start


def poststratify(start, step):
    by = listed(step["by"])
    totals = step["totals"]
    if isinstance(totals, dict):
        cells = {
            tuple(re.split(r"[:.]", k)) if len(by) > 1 else (k,): v
            for k, v in totals.items()
        }
    else:
        cells = {
            tuple(str(row[name]) for name in by): value_of(row, by) for row in totals
        }
    return calibration.poststratify(start, by, cells).survey


def value_of(row, by):
    return next(value for key, value in row.items() if key not in by)


def rake(start, step):
    margins = step["margins"]
    if isinstance(margins, list):
        margins = {m.get("by", m.get("var")): m["totals"] for m in margins}
    return calibration.rake(start, margins).survey


def calibrate(start, step):
    totals = wanted(start, step)
    low, high = step.get("bounds") or (-np.inf, np.inf)
    groups = None
    if step.get("aggregate_stage"):
        groups = start.design.stages[step["aggregate_stage"] - 1].psu
    verb = getattr(calibration, step["calfun"])
    bounds = {} if step["calfun"] == "raking" else {"low": low, "high": high}
    return verb(start, totals, groups=groups, **bounds).survey


def wanted(start, step):
    """Columns of a formula in treatment coding, in the order of the totals."""
    names = list(step["totals"])
    terms = re.findall(r"[A-Za-z_]\w*", step["formula"].split("(")[0])
    return calibration.Totals(
        tuple(names),
        np.stack([design_column(start, name, terms) for name in names], axis=1),
        np.array([float(v) for v in step["totals"].values()]),
    )


def design_column(start, name, terms):
    if name == "(Intercept)":
        return np.ones(start.size)
    if name in start.columns:
        return start.numbers(name)
    term = max((t for t in terms if name.startswith(t)), key=len)
    level = name[len(term) :]
    return (start.columns[term].astype(str) == level).astype(float)


def trim(start, step):
    return calibration.trim(
        start,
        lower=step.get("lower") or -np.inf,
        upper=step.get("upper") or np.inf,
        strict=step.get("strict", False),
    ).survey


STEPS = {
    "poststratify": poststratify,
    "rake": rake,
    "calibrate": calibrate,
    "trim": trim,
}


def mean_and_total(case):
    """After weight steps, by linearization or by replicates."""
    if case.content.get("replicates"):
        return replicated(case)
    spec = case.estimator
    if not case.content.get("adjust"):
        return plain.simple(case)
    start = adjusted(case, sample(case))
    weight = start.design.weight
    means = estimators.mean(start, listed(spec["mean_vars"]))
    totals = estimators.total(start, listed(spec["total_vars"]))
    result = {
        "weights": {
            "n": len(weight),
            "sum": weight.sum(),
            "min": weight.min(),
            "max": weight.max(),
            "sumsq": weight @ weight,
            "first10": weight[:10],
        },
        "mean": plain.named(means),
        "total": plain.named(totals),
    }
    if "weights_csv" in case.expected:
        result["weights_csv"] = same_weights(case, weight)
    if "by_stype" in case.expected:
        found = estimators.mean(start, ["api00"], by=["stype"])
        result["by_stype"] = plain.by_domain(
            found, ["stype"], case.expected["by_stype"]
        )
    return result


def same_weights(case, weight):
    """The name of the file when every weight is the one it lists."""
    name = case.expected["weights_csv"]
    theirs = read(case.folder, name)["w"].astype(float)
    rel = max(case.content["tolerance"]["rel"], 1e-9)
    return name if np.allclose(weight, theirs, rtol=rel, atol=0.0) else "other weights"


def replicated(case):
    spec, start = case.estimator, sample(case)
    sets = replicates_of(case, start)
    if (case.content.get("adjust") or {}).get("per_replicate"):
        sets = sets.adjusted(start, lambda s: adjusted(case, s))
        start = adjusted(case, start)

    def value(verb, *names, **more):
        return replicates.estimate(start, sets, lambda s: verb(s, *names, **more).value)

    result = {
        "n_rep": sets.count,
        "scale": sets.scale,
        "rscales": sets.rscales,
        "mse": sets.from_full,
        "df": sets.df,
    }
    for part, verb in (("mean", estimators.mean), ("total", estimators.total)):
        names = listed(spec.get(f"{part}_vars"))
        if names:
            found = value(verb, names)
            result[part] = {
                "estimate": dict(zip(names, found.value, strict=True)),
                "se": dict(zip(names, found.std_error, strict=True)),
            }
    if "num" in spec:
        found = value(estimators.ratio, spec["num"], spec["den"])
        result["ratio"] = {"estimate": found.value[0], "se": found.std_error[0]}
    if "ratio" in case.expected and "num" not in spec:
        found = value(
            estimators.ratio, *listed(spec.get("ratio", ["api_stu", "enroll"]))
        )
        result["ratio"] = {"estimate": found.value[0], "se": found.std_error[0]}
    if "by" in case.expected:
        found = value(estimators.mean, ["api00"], by=["stype"])
        result["by"] = {
            "keys": case.expected["by"]["keys"],
            "estimate": found.value,
            "se": found.std_error,
        }
    if "median" in case.expected:
        found = quantiles.replicated_quantiles(
            start, "api00", [0.5], quantiles.lowest, sets
        )
        result["median"] = {"estimate": found.value[0], "se": found.std_error[0]}
    return result


def replicates_of(case, start):
    """Our own replicates; given weights only where they were drawn at random."""
    spec = case.content["replicates"]
    kind = spec["type"].split()[0]
    mse = bool(spec.get("mse", case.expected.get("mse", False)))
    made = {
        "JK1": lambda: replicates.jackknife(start, from_full=mse),
        "JKn": lambda: replicates.stratified_jackknife(start, from_full=mse),
        "BRR": lambda: half_samples(case, start, spec, mse),
        "Fay": lambda: half_samples(case, start, spec, mse),
    }
    if kind in made:
        return made[kind]()
    table = matrix_of_weights(case.folder / spec["weights_csv"])
    count = table.shape[1]
    scale, each = 1.0, 1.0 / (count - 1)
    if kind == "bootstrap":
        scale, each = replicates.bootstrap_scale(start, count), 1.0
    return replicates.given(table, scale, np.full(count, each), from_full=mse)


def matrix_of_weights(path):
    rows = csv.reader(path.open(encoding="utf-8"))
    return np.array([[float(value) for value in row] for row in rows])


def half_samples(case, start, spec, mse):
    """Halves as listed: another balanced set gives another, equally valid, SE."""
    fay = spec.get("fay_rho") or 0.0
    own = replicates.half_samples(start, fay=fay, from_full=mse)
    if "factors_by_psu_csv" not in spec:
        return own
    factor = {}
    for row in csv.reader((case.folder / spec["factors_by_psu_csv"]).open()):
        factor[float(row[0]), float(row[1])] = [float(v) for v in row[2:]]
    stage = case.content["design"]["stages"][0]
    labels = zip(
        start.numbers(stage["strata"]), start.numbers(stage["psu"]), strict=True
    )
    table = np.array([factor[label] for label in labels])
    return replicates.given(
        table * start.design.weight[:, None],
        1.0 / (table.shape[1] * (1.0 - fay) ** 2),
        np.ones(table.shape[1]),
        from_full=mse,
    )


def ratio(case):
    return replicated(case) if case.content.get("replicates") else plain.ratio(case)


def nonresponse_class(case):
    """Classes of non-response refitted in every jackknife replicate."""
    step = case.content["adjust"]
    table = data(case)
    answered = table[step["status"]] == "Respondent"
    classes = joint_codes(*(table[name] for name in listed(step["classes"])))
    start = sample(case)

    def heard(one):
        return reweighted(
            one, weights.redistributed(one.design.weight, classes, answered)
        )

    sets = replicates_of(case, start).adjusted(start, heard)
    after = heard(start)
    names = listed(case.estimator["var"])
    found = replicates.estimate(after, sets, lambda s: estimators.mean(s, names).value)
    weight = after.design.weight
    return {
        "weights": {
            "sum": weight.sum(),
            "min_pos": weight[weight > 0].min(),
            "max": weight.max(),
            "first30": weight[:30],
        },
        "mean": found.value[0],
        "se_jk1_mse": found.std_error[0],
    }


def small(case):
    """Factors of a tiny calibration, linear and raking."""
    spec = case.estimator
    table = read(case.folder, case.content["data"])
    rows = np.array(spec["selected_row_1based"]) - 1
    columns = [
        np.ones(len(rows)) if name == "1" else table[name][rows].astype(float)
        for name in spec["x"]
    ]
    base = 1.0 / probabilities(table, spec)[rows]
    start = survey({"w": base}, weights="w")
    totals = calibration.Totals(
        tuple(spec["x"]),
        np.stack(columns, axis=1),
        np.array(spec["totals"], dtype=float),
    )
    return {
        "g": calibration.linear(start, totals).g,
        "g_raking": calibration.raking(start, totals).g,
    }


def probabilities(table, spec):
    from sampling import pps as draws

    size = table[spec.get("mos", "POPTOT")].astype(float)
    return np.array(draws.inclusion_probabilities(size, spec["n"]))


HANDLERS = {
    "mean": mean,
    "total": total,
    "mean+total": mean_and_total,
    "mean+total+ratio+by": replicated,
    "ratio": ratio,
    "calibrate": small,
}
