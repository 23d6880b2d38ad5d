"""Bad input to every public estimator: a named refusal, or the right limit value."""

import dataclasses

import numpy as np
import pytest

from analysis import (
    calibration,
    estimators,
    intervals,
    models,
    quantiles,
    reliability,
    replicates,
    testing,
)
from analysis.calibration import CalibrationFailed, Totals
from analysis.design import DesignRefused, LonelyStratum, stratified
from analysis.estimators import NobodyAnswered
from analysis.models import NotFitted
from analysis.surveys import Drawn, survey
from analysis.testing import NoSpread

N = 24
STAGES = (Drawn("psu", ("h",), frame_size="size"),)
REFUSALS = (
    *(DesignRefused, LonelyStratum, NobodyAnswered),
    *(NotFitted, NoSpread, CalibrationFailed),
)


def columns(**changed):
    rng = np.random.default_rng(5)
    return {
        "h": np.repeat(["a", "b", "c"], 8),
        "psu": np.arange(N) // 2,
        "size": np.full(N, 100.0),
        "w": rng.uniform(1, 3, N),
        "y": (rng.random(N) < 0.6).astype(float),
        "x": rng.uniform(1, 9, N),
        "g": np.where(np.arange(N) % 2, "p", "q"),
        "k": np.where(np.arange(N) % 3, "r", "s"),
        **{f"i{j}": rng.integers(1, 6, N) * 1.0 for j in (1, 2, 3)},
    } | changed


def made(**changed):
    return survey(columns(**changed), STAGES, weights="w")


def items(level):
    return {f"i{j}": np.full(N, level) for j in (1, 2, 3)}


FAULTS = {
    "factors of one level": {"g": np.full(N, "p"), "k": np.full(N, "r")},
    "all satisfied": {"y": np.ones(N), **items(5.0)},
    "none satisfied": {"y": np.zeros(N), **items(1.0)},
    "nobody answered": {
        **{name: np.full(N, np.nan) for name in ("y", "x", "i1")},
        **{name: np.full(N, "") for name in ("g", "k")},
    },
    "one row with weight": {"w": np.eye(N)[0]},
    "weight in one stratum": {"w": np.where(np.arange(N) < 8, 1.0, 0.0)},
    "a constant": {"x": np.zeros(N)},
}
ONE = Totals(("n",), np.ones((N, 1)), np.array([60.0]))
ESTIMATORS = {
    "mean": lambda s: estimators.mean(s, ["y"]).table(),
    "mean by": lambda s: estimators.mean(s, ["y"], by=["g"]).table(),
    "total": lambda s: estimators.total(s, ["y"]).table(),
    "ratio": lambda s: estimators.ratio(s, "y", "x").table(),
    "shares": lambda s: estimators.shares(s, "g").table(shares_by=intervals.wilson),
    "quantile": lambda s: quantiles.table(s, "x", [0.1, 0.5], quantiles.linear),
    "variance": lambda s: estimators.variance(s, ["y", "x"]),
    "association": lambda s: testing.association(s, "g", "k"),
    "difference of means": lambda s: testing.difference_of_means(s, "x", "g"),
    "linear": lambda s: models.linear(s, "x", models.treatment(s, ["g"])),
    "logistic": lambda s: models.logistic(s, "y", models.treatment(s, ["g"])),
    "ordinal": lambda s: models.ordinal(s, "i1", models.treatment(s, ["x"])),
    "alpha": lambda s: reliability.weighted_alpha(s, ["i1", "i2", "i3"]),
    "kappa": lambda s: reliability.kappa(s, "g", "k").table(),
    "poststratify": lambda s: calibration.poststratify(
        s, ["g"], {("p",): 50.0, ("q",): 60.0}
    ),
    "rake": lambda s: calibration.rake(
        s, {"g": {"p": 50.0, "q": 60.0}, "k": {"r": 70.0, "s": 40.0}}
    ),
    "calibrate": lambda s: calibration.linear(s, ONE),
    "raking": lambda s: calibration.raking(s, ONE),
    "trim": lambda s: calibration.trim(s, upper=2.5),
    "jackknife": lambda s: replicates.estimate(
        s,
        replicates.stratified_jackknife(s),
        lambda one: estimators.mean(one, ["y"]).value,
    ),
}


def unflagged(found, flagged=False):
    """Whether a result holds ``nan`` or ``inf`` that no flag speaks of."""
    if dataclasses.is_dataclass(found):
        if isinstance(found, testing.Survey | type(made())):
            return unflagged(found.design.weight)
        flagged = flagged or bool(getattr(found, "flags", ()))
        # Fitted values are stated to be nan for rows a model does not use.
        names = {f.name for f in dataclasses.fields(found)} - {"fitted"}
        parts = [getattr(found, name) for name in names]
        return any(unflagged(part, flagged) for part in parts)
    if isinstance(found, np.ndarray) and found.dtype.kind == "f":
        return not flagged and not np.all(np.isfinite(found))
    if isinstance(found, float):
        return not flagged and not np.isfinite(found)
    if isinstance(found, list | tuple):
        return any(unflagged(part, flagged) for part in found)
    return False


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ESTIMATORS)
def test_bad_input_is_refused_by_name_or_has_a_limit(name, fault):
    found, said = None, ""
    try:
        found = ESTIMATORS[name](made(**FAULTS[fault]))
    except REFUSALS as refusal:
        said = str(refusal)

    assert said or (found is not None and not unflagged(found)), found


@pytest.mark.parametrize("name", ESTIMATORS)
def test_sound_input_is_estimated(name):
    found = ESTIMATORS[name](made())

    assert not unflagged(found)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"w": np.zeros(N)}, "no row has a weight above 0"),
        ({"w": np.r_[-1.0, np.ones(N - 1)]}, "must not be negative"),
        ({"w": np.r_[np.nan, np.ones(N - 1)]}, "every row needs a weight"),
        ({"psu": np.zeros(N, dtype=int)}, "lies in two strata"),
        ({"size": np.full(N, 3.0)}, "stratum a: more units than its frame"),
        ({"size": np.arange(N) + 50.0}, "differs in"),
        ({"size": np.full(N, np.nan)}, "differs|frame|population|size"),
    ],
    ids=["zero", "negative", "missing", "two strata", "fpc", "uneven", "no fpc"],
)
def test_a_design_that_contradicts_itself_is_refused(changed, said):
    if "differs in" in said:
        said = "differs in"
    with pytest.raises(DesignRefused, match=said):
        made(**changed)


@pytest.mark.parametrize("level", [0.0, 1.0])
@pytest.mark.parametrize("name", ["mean", "shares"])
def test_everybody_alike_gives_the_limit_without_a_standard_error(name, level):
    sample = made(y=np.full(N, level), g=np.full(N, "p"))
    (row,) = ESTIMATORS[name](sample)

    assert row.value == (level if name == "mean" else 1.0)
    assert (row.std_error, row.n_eff, row.deff) == (None, None, None)
    assert "no_spread" in row.flags


def test_a_share_of_one_still_has_a_lower_end():
    sample = made(g=np.full(N, "p"))
    (row,) = estimators.shares(sample, "g").table(shares_by=intervals.wilson)

    assert row.high == 1.0
    assert 0.6 < row.low < 0.95


def test_a_frame_that_is_here_whole_has_no_doubt():
    table = {"h": np.zeros(4), "y": np.array([0.0, 1, 1, 1]), "N": np.full(4, 4.0)}
    sample = survey(table, [Drawn(None, ("h",), frame_size="N")])
    (row,) = estimators.mean(sample, ["y"]).table()

    assert (row.std_error, row.low, row.high) == (0.0, 0.75, 0.75)
    assert "census" in row.flags


def test_a_stratum_with_more_responses_than_frame_is_named():
    with pytest.raises(DesignRefused, match="stratum a"):
        stratified(np.ones(3), np.array(["a", "a", "b"]), np.array([1.0, 1.0, 9.0]))


def test_a_lonely_stratum_is_named():
    alone = made(h=np.r_[np.full(22, "a"), np.full(2, "alone")])
    with pytest.raises(LonelyStratum, match="alone"):
        estimators.mean(alone, ["y"]).table()
