"""Means, totals, ratios, shares, contrasts, composites, quantiles, intervals."""

from dataclasses import replace

import numpy as np

from analysis import contrasts, estimators, intervals, profiles, quantiles
from analysis.indices import Totals, average, criterion, influences, pooled
from tests.reference_cases.tables import listed, sample, where


def simple(case):
    """mean, total, or both, over everything or one domain, or by domains."""
    spec = case.estimator
    survey = sample(case)
    rows = where(survey.columns, spec.get("where"))
    kind = spec["kind"]
    verbs = {"mean": estimators.mean, "total": estimators.total}
    names = listed(spec.get("vars", spec.get("var")))
    if spec.get("by"):
        found = verbs[kind](survey, names, where=rows, by=listed(spec["by"]))
        return by_domain(found, listed(spec["by"]), case.expected)
    if "+" in kind:
        result = {part: named(verbs[part](survey, names)) for part in kind.split("+")}
        if "estimate" in case.expected:
            result |= result.pop("mean") | {"total": result["total"]}
        return result
    found = verbs[kind](survey, names, where=rows)
    result = named(found)
    if "mean" in case.expected:
        return {"mean": found.value[0]}
    if spec.get("deff"):
        result["deff_wor"] = by_name(
            found, estimators.deff_without_replacement(survey, found)
        )
        result["deff_wr"] = by_name(
            found, estimators.deff_with_replacement(survey, found)
        )
    if "ratio_bush_votes" in case.expected:
        result["ratio_bush_votes"] = one(estimators.ratio(survey, "Bush", "votes"))
    return result


def named(found):
    low, high = found.interval()
    return {
        "estimate": by_name(found, found.value),
        "se": by_name(found, found.std_error),
        "df": int(found.df[0]),
        "ci95_t_low": by_name(found, low),
        "ci95_t_high": by_name(found, high),
        "vcov": found.covariance,
    }


def by_name(found, values):
    return {key[-1]: float(v) for key, v in zip(found.keys, values, strict=True)}


def one(found):
    return {"estimate": float(found.value[0]), "se": float(found.std_error[0])}


def by_domain(found, names, expected):
    """In the order of the keys that are expected."""
    places = {}
    for k, key in enumerate(found.keys):
        places[tuple(plain(label) for label in key[: len(names)])] = k
    order = []
    for key in expected["keys"]:
        labels = [key[name] for name in names] if isinstance(key, dict) else [key]
        order.append(places[tuple(plain(label) for label in labels)])
    covariance = found.covariance
    return {
        "keys": expected["keys"] if len(order) == len(found.keys) else [],
        "estimate": found.value[order],
        "se": np.sqrt(np.diag(covariance))[order],
        "vcov": covariance[np.ix_(order, order)],
    }


def plain(label):
    text = str(label)
    return text[:-2] if text.endswith(".0") else text


def ratio(case):
    spec = case.estimator
    survey = sample(case)
    found = estimators.ratio(
        survey, spec["num"], spec["den"], by=listed(spec.get("by"))
    )
    if spec.get("by"):
        return by_domain(found, listed(spec["by"]), case.expected)
    low, high = found.interval(df=survey.design.df)
    return one(found) | {"df": survey.design.df, "ci95_t": [low[0], high[0]]}


def prop(case):
    variable = case.estimator["var"]
    found = estimators.shares(sample(case), variable)
    keys = tuple((f"{variable}{key[-1]}",) for key in found.keys)
    return named(replace(found, keys=keys))


def contrast(case):
    spec = case.estimator
    found = of(case, spec["of"])
    keys = {}
    for label, coefficient in spec["coefs"].items():
        key = next(k for k in found.keys if label in (plain(p) for p in k))
        keys[key] = coefficient
    difference = contrasts.contrast(found, keys)
    order = [k for k, key in enumerate(found.keys)]
    names = [plain(found.keys[k][0]) for k in order]
    return one(difference) | {
        "df": found.design.df,
        "vcov": found.covariance,
        "domains": names,
    }


def of(case, spec):
    verbs = {"mean": estimators.mean, "total": estimators.total}
    return verbs[spec["kind"]](
        sample(case), listed(spec["vars"]), by=listed(spec.get("by"))
    )


def contrast_expr(case):
    found = of(case, case.estimator["of"])
    labels = [key[0] for key in found.keys]
    code = compile(case.estimator["expr"], case.name, "eval")

    def function(x):
        names = dict(zip(labels, x, strict=True))
        return eval(code, {"log": np.log, "sqrt": np.sqrt, "exp": np.exp}, names)

    return one(contrasts.smooth(found, function))


def quantile(case):
    spec = case.estimator
    rules = {
        "math": quantiles.lowest,
        "school": quantiles.midpoint,
        "hf7": quantiles.linear,
    }
    survey = sample(case)
    result = {}
    for name in listed(spec["qrule"]):
        found = quantiles.quantiles(survey, spec["var"], spec["p"], rules[name])
        result[name] = {
            "estimate": found.value,
            "ci_low": found.low,
            "ci_high": found.high,
            "se": found.std_error,
        }
    return result


def ciprop(case):
    spec = case.estimator
    survey = sample(case)
    found = estimators.mean(survey, [spec["var"]])
    p, v = float(found.value[0]), float(found.covariance[0, 0])
    df, level = survey.design.df, spec["level"]
    methods = {
        "logit": intervals.logit,
        "xlogit": intervals.logit,
        "asin": intervals.arcsine,
        "mean": intervals.wald,
        "wilson": intervals.wilson,
    }
    ends = {name: verb(p, v, df, level) for name, verb in methods.items()}
    n = int(found.n[0])
    ends["likelihood"] = profiles.likelihood(p, v, n, df, level)
    ends["beta"] = intervals.korn_graubard(p, v, survey.size, df, level)
    result = {"df": df, "se": v**0.5}
    for name, (low, high) in ends.items():
        result[name] = {"estimate": p, "low": low, "high": high}
    return result


def composite(case):
    spec = case.estimator
    survey = sample(case)
    if "by" not in spec:
        return composites(survey, spec["items"], spec["rules"])
    labels = survey.columns[spec["by"]]
    parts = [
        composites(survey, spec["items"], {spec["rule"]: ""}, labels == key)
        for key in case.expected["keys"]
    ]
    return {
        "keys": case.expected["keys"],
        "estimate": [part[spec["rule"]]["estimate"] for part in parts],
        "se": [part[spec["rule"]]["se"] for part in parts],
    }


def composites(survey, items, rules, where=None):
    answers = np.stack([survey.numbers(item) for item in items], axis=1)
    inside = np.ones(survey.size, dtype=bool) if where is None else where
    answered = ~np.isnan(answers) & inside[:, None]
    satisfied = (answers > 0) & answered
    weight = survey.design.weight
    totals = Totals((weight @ satisfied)[None], (weight @ answered)[None])
    parts = [criterion(totals, j) for j in range(len(items))]
    result = {}
    for name, rule in rules.items():
        equal = np.ones((1, len(items)))
        if name == "pooled":
            share = pooled(totals, equal)
        else:
            weights = np.array([rule]) if isinstance(rule, list) else equal
            share = average(parts, weights)
        pull = influences(
            [share], weight, satisfied, answered, np.zeros(survey.size, int)
        )
        found = replace(
            estimators.mean(survey.with_columns(one=weight), ["one"]),
            value=share.value, influence=pull, counted=answered[:, :1] | True,
        )  # fmt: skip
        result[name] = one(found)
    return result


def item_percents(case):
    survey = sample(case)
    found = estimators.mean(survey, case.estimator["items"])
    return {
        "estimate": found.value,
        "se": found.std_error,
        "vcov": found.covariance,
    }


HANDLERS = {
    "quantile": quantile,
    "ciprop": ciprop,
    "composite": composite,
    "item_percents": item_percents,
    "mean": simple,
    "total": simple,
    "mean+total": simple,
    "total+mean": simple,
    "ratio": ratio,
    "prop": prop,
    "contrast": contrast,
    "contrast_expr": contrast_expr,
}
