"""Tests, regressions, reliability, rankings, small areas, volunteers."""

import re

import numpy as np

from analysis import (
    drivers,
    estimators,
    models,
    nonprobability,
    quality,
    ranking,
    reliability,
    small_areas,
    testing,
)
from analysis.surveys import Drawn, reweighted, survey
from tests.reference_cases import estimation_cases, weighting_cases
from tests.reference_cases.tables import data, listed, read, sample


def chisq(case):
    found = testing.association(sample(case), *case.estimator["vars"])
    names = {
        "F": found.f,
        "Chisq": found.chi_square,
        "Wald": found.wald,
        "adjWald": found.adjusted_wald,
    }
    result = {
        name: {
            "statistic": test.statistic,
            "parameter": list(test.df) if len(test.df) > 1 else test.df[0],
            "p_value": test.p_value,
        }
        for name, test in names.items()
    }
    return result | {
        "table": found.table,
        "rows": list(found.rows),
        "cols": list(found.columns),
    }


def ttest(case):
    spec = case.estimator
    found = testing.difference_of_means(sample(case), spec["y"], spec["group"])
    return {
        "estimate": found.value,
        "t": found.test.statistic,
        "df": found.test.df[0],
        "p_value": found.test.p_value,
        "ci": list(found.interval),
    }


def terms_of(formula):
    response, right = re.sub(r"\(ref.*\)|factor\((\w+)\)", r"\1", formula).split("~")
    return response.strip(), [term.strip() for term in right.split("+")]


def glm(case):
    spec = case.estimator
    y, variables = terms_of(spec["formula"].split(" (")[0])
    start = sample(case)
    terms = models.treatment(start, variables)
    if spec["family"] == "gaussian":
        fit = models.linear(start, y, terms)
    else:
        fit = models.logistic(start, y, terms, tolerance=1e-8)
    found = fit.estimates
    t = found.value / found.std_error
    result = {
        "coef": by_name(found, found.value),
        "se": by_name(found, found.std_error),
        "t": by_name(found, t),
        "p": by_name(found, tails(t, fit.df)),
        "df_resid": fit.df,
        "vcov": found.covariance,
    }
    if "wald_stype_F" in case.expected:
        places = [k for k, key in enumerate(found.keys) if key[0].startswith("stype")]
        spread = found.covariance[np.ix_(places, places)]
        test = testing.wald(found.value[places], spread, fit.df)
        result |= {"wald_stype_F": test.statistic, "wald_stype_p": test.p_value}
    return result


def tails(t, df):
    from scipy import special

    return 2.0 * special.stdtr(df, -np.abs(t))


def by_name(found, values):
    return {key[0]: float(v) for key, v in zip(found.keys, values, strict=True)}


def ordinal_logit(case):
    y, variables = terms_of(case.estimator["formula"])
    start = sample(case)
    terms = models.treatment(start, variables)
    found = models.ordinal(start, y, terms, curvature_step=1e-3).estimates
    values = by_name(found, found.value)
    return {
        "coef": {name: values[name] for name in variables},
        "zeta": {name: v for name, v in values.items() if "|" in name},
        "se": by_name(found, found.std_error),
    }


def ciprop(case):
    """As the plain case, R's likelihood with the information of R's own fit."""
    from analysis import profiles

    result = estimation_cases.ciprop(case)
    spec, start = case.estimator, sample(case)
    one = models.Terms(("(Intercept)",), np.ones((start.size, 1)))
    fit = models.logistic(start, spec["var"], one, tolerance=1e-8)
    found = estimators.mean(start, [spec["var"]])
    low, high = profiles.likelihood(
        float(found.value[0]),
        float(found.covariance[0, 0]),
        int(found.n[0]),
        start.design.df,
        spec["level"],
        information=float(fit.information[0, 0]),
    )
    result["likelihood"] |= {"low": low, "high": high}
    return result


def response_propensity(case):
    table = data(case)
    start = sample(case)
    formula = case.estimator["formula"].split(" (")[0]
    y, variables = terms_of(formula)
    fit = models.logistic(start, y, models.treatment(start, variables))
    answered = table[y] == 1
    raised = reweighted(
        start, np.where(answered, start.design.weight / fit.fitted, 0.0)
    )
    return {
        "coef": by_name(fit.estimates, fit.estimates.value),
        "phat_first20": fit.fitted[:20],
        "ipw_mean": estimators.mean(raised, ["vax"]).value[0],
        "sum_w": raised.design.weight.sum(),
    }


def answers_of(case):
    """Items with the listed ones turned around."""
    spec, table = case.estimator, data(case)
    turned = listed(spec.get("reverse"))
    return np.stack(
        [
            7.0 - table[name] if name in turned else table[name].astype(float)
            for name in spec["items"]
        ],
        axis=1,
    )


def cronbach_alpha(case):
    spec = case.estimator
    if "missing" not in spec:
        found = reliability.weighted_alpha(sample(case), spec["items"])
        return {"alpha": found.raw, "vcov": found.covariance}
    answers = answers_of(case)
    verb = getattr(reliability, f"{spec['missing']}_alpha")
    found = verb(answers)
    if spec["missing"] == "listwise":
        answers = answers[~np.isnan(answers).any(axis=1)]
    names = spec["items"]

    def named(values):
        return dict(zip(names, values, strict=True))

    with np.errstate(invalid="ignore"):
        scores = np.nanmean(answers, axis=1)
    return {
        "n": found.n,
        "raw_alpha": found.raw,
        "std_alpha": found.standardized,
        "lambda6": found.lambda6,
        "average_r": found.average_correlation,
        "ase": found.std_error,
        "mean": np.nanmean(scores),
        "alpha_if_dropped": named(found.if_dropped),
        "item_n": named((~np.isnan(answers)).sum(axis=0)),
        "item_r_drop": named(found.rest_correlation),
        "item_mean": named(np.nanmean(answers, axis=0)),
        "item_sd": named(np.nanstd(answers, axis=0, ddof=1)),
        "cov": found.covariance,
    }


def alpha_ci(case):
    answers = answers_of(case)
    found = reliability.listwise_alpha(answers)
    low, high = reliability.feldt(found.raw, found.n, answers.shape[1])
    return {"n": found.n, "alpha": found.raw, "low": low, "high": high}


def mcdonald_omega(case):
    found = reliability.omega(answers_of(case))
    names = case.estimator["items"]
    return {
        "n": found.n,
        "loadings": dict(zip(names, found.loadings, strict=True)),
        "residual_var": dict(zip(names, found.residual_variance, strict=True)),
        "omega": found.omega,
        "chisq": found.chi_square,
        "df": found.df,
    }


def kappa(case):
    return estimation_cases.one(
        reliability.kappa(sample(case), *case.estimator["vars"])
    )


def lmg(case):
    spec, table = case.estimator, data(case)
    columns = np.stack([table[name].astype(float) for name in spec["x"]], axis=1)
    found = drivers.importance(table[spec["y"]].astype(float), columns)

    def named(values):
        return dict(zip(spec["x"], values, strict=True))

    return {
        "n": found.n,
        "R2": found.r_squared,
        "lmg": named(found.lmg),
        "first": named(found.first),
        "last": named(found.last),
    }


def response_quality(case):
    table = data(case)
    answers = np.stack(
        [table[name].astype(float) for name in case.estimator["items"]], axis=1
    )
    return {
        "longstring": quality.longest_run(answers),
        "avgstring": quality.mean_run(answers),
        "irv": quality.spread(answers),
        "mahad": quality.distance(answers),
    }


def fay_herriot(case):
    spec, table = case.estimator, data(case)
    y = table[spec["y"]].astype(float)
    square = spec["var"].endswith("^2")
    variance = table[spec["var"].removesuffix("^2")].astype(float)
    variance = variance**2 if square else variance
    parts = [part.strip() for part in re.split(r"[+]", spec["x"].replace("-1", ""))]
    columns = [] if "-1" in spec["x"] else [np.ones(len(y))]
    for part in parts:
        if found := re.fullmatch(r"factor\((\w+)\)", part):
            labels = table[found[1]]
            columns += [(labels == k).astype(float) for k in np.unique(labels)[1:]]
        else:
            columns.append(table[part].astype(float))
    verb = {
        "REML": small_areas.reml,
        "ML": small_areas.maximum_likelihood,
        "FH": small_areas.fay_herriot,
    }[spec["method"]]
    found = verb(y, variance, np.stack(columns, axis=1), precision=1e-4)
    return {
        "beta": found.beta,
        "beta_se": found.beta_std_error,
        "sigma2_u": found.between,
        "eblup": found.estimate,
        "eblup_first20": found.estimate[:20],
        "mse": found.mse,
        "mse_first20": found.mse[:20],
    }


def nonprob_mean(case):
    """Which estimator is told by the call that made the case.

    R's design of one stage takes the first of several strata columns.
    """
    spec, design = case.estimator, case.content["design"]
    first = listed(design["stages"][0]["strata"])[0]
    own = data(case)
    frame = read(case.folder, case.content["reference_sample"])
    columns, reference_columns = [np.ones(len(own["id"]))], [np.ones(len(frame["id"]))]
    for name in spec["x"]:
        levels = np.unique(np.concatenate([own[name], frame[name]]))
        if own[name].dtype.kind in "iuf" and len(levels) == 2:
            levels = levels[:2]
        for level in levels[1:]:
            columns.append((own[name] == level).astype(float))
            reference_columns.append((frame[name] == level).astype(float))
    verb = {
        "nonprob_dr": nonprobability.doubly_robust,
        "nonprob_ipw_gee_calibrated": nonprobability.weighted_by_calibration,
        "nonprob_ipw_mle": nonprobability.weighted_by_likelihood,
        "nonprob_mi_glm": nonprobability.predicted,
    }[estimator_of(case)]
    found = verb(
        nonprobability.Volunteers(
            own[spec["y"]].astype(float),
            np.stack(columns, axis=1),
            survey(frame, [Drawn(strata=(first,))], weights=design["weights"]),
            np.stack(reference_columns, axis=1),
        )
    )
    std_error = found.parity_std_error or found.std_error
    reach = 1.959963984540054 * std_error
    return {
        "mean": found.value,
        "se": std_error,
        "ci": [found.value - reach, found.value + reach],
        "N_hat": found.population,
    }


def estimator_of(case):
    call = case.content.get("r_call", "")
    if "gee" in call:
        return "nonprob_ipw_gee_calibrated"
    if "selection" in call and "outcome" in call:
        return "nonprob_dr"
    return "nonprob_mi_glm" if "outcome" in call else "nonprob_ipw_mle"


def rank_sets(case):
    spec, table = case.estimator, data(case)
    x = table[spec["x"]].astype(float)
    se = table[spec["se"]].astype(float)
    verb = (
        ranking.simultaneous_rank_sets
        if spec["simultaneous"]
        else ranking.marginal_rank_sets
    )
    found = verb(
        x,
        np.diag(se**2),
        np.random.default_rng(1),
        confidence=spec["coverage"],
        stepdown=spec["stepdown"],
        draws=100_000,
    )
    return {"rank": found.rank, "L": found.best, "U": found.worst}


def tau_best(case):
    spec, table = case.estimator, data(case)
    x = table[spec["x"]].astype(float)
    v = np.diag(table[spec["se"]].astype(float) ** 2)
    best, worst = (
        ranking.best_candidates(sign * x, v, spec["tau"], np.random.default_rng(1))
        for sign in (1.0, -1.0)
    )
    tau = spec["tau"]
    return {f"best{tau}": best.tolist(), f"worst{tau}": worst.tolist()}


def ht_hajek(case):
    """Estimators of a drawn few; no variance where some pairs never meet."""
    from analysis import pps
    from analysis.design import DesignRefused
    from sampling import joint

    spec, table = case.estimator, data(case)
    chance = weighting_cases.probabilities(table, spec)
    rows = np.array(spec["selected_row_1based"]) - 1
    start = survey(
        {"y": table[spec["y"]][rows].astype(float), "p": chance[rows]},
        [Drawn(probability="p")],
    )
    pairs = joint.tille(chance)
    # As in R's UPtillepi2, certain units are said to meet nobody.
    pairs[chance >= 1.0] = pairs[:, chance >= 1.0] = 0.0
    pairs = pairs[np.ix_(rows, rows)]
    total, mean = estimators.total(start, ["y"]), estimators.mean(start, ["y"])
    result = {
        "ht_total": total.value[0],
        "hajek_mean": mean.value[0],
        "hajek_total": mean.value[0] * len(chance),
    }
    for name, verb in (
        ("var_ht", pps.horvitz_thompson),
        ("var_syg", pps.yates_grundy),
    ):
        try:
            spread = estimators.total(verb(start, pairs), ["y"]).covariance[0, 0]
            result[name] = spread
        except DesignRefused:
            result[name] = None
    return result


HANDLERS = {
    "chisq": chisq,
    "ttest": ttest,
    "glm": glm,
    "ordinal_logit": ordinal_logit,
    "ciprop": ciprop,
    "response_propensity": response_propensity,
    "cronbach_alpha": cronbach_alpha,
    "alpha_ci": alpha_ci,
    "mcdonald_omega": mcdonald_omega,
    "kappa": kappa,
    "relative_importance_lmg": lmg,
    "response_quality": response_quality,
    "fay_herriot": fay_herriot,
    "nonprob_mean": nonprob_mean,
    "rank_confidence_sets": rank_sets,
    "tau_best": tau_best,
    "ht_hajek": ht_hajek,
}
