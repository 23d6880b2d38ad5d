"""Any survey: what is refused, and the limits that are right."""

import numpy as np
import pytest

from analysis import calibration, estimators, pps, replicates
from analysis.calibration import CalibrationFailed
from analysis.contrasts import contrast, contrast_df
from analysis.design import DesignRefused, LonelyStratum
from analysis.surveys import Drawn, survey


def table(**columns):
    base = {
        "y": np.array([1.0, 0.0, 1.0, 1.0, 0.0, 1.0]),
        "h": np.array(list("aaabbb")),
        "g": np.array(list("xyxyxy")),
        "w": np.full(6, 5.0),
        "N": np.full(6, 15.0),
    }
    return base | columns


def stratified(**columns):
    return survey(table(**columns), [Drawn(strata=("h",), frame_size="N")], weights="w")


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"w": np.array([5.0, -1, 5, 5, 5, 5])}, "negative"),
        ({"w": np.array([5.0, np.nan, 5, 5, 5, 5])}, "needs a weight"),
        ({"N": np.full(6, 2.0)}, "stratum a: more units than its frame"),
        ({"N": np.array([15.0, 16, 15, 15, 15, 15])}, "population differs"),
    ],
)
def test_contradictions_are_refused(columns, why):
    with pytest.raises(DesignRefused, match=why):
        stratified(**columns)


def test_absent_columns_are_all_named():
    with pytest.raises(DesignRefused) as refused:
        survey(table(), [Drawn("psu", ("where",))], weights="weights")

    assert refused.value.problems == (
        "no column psu",
        "no column weights",
        "no column where",
    )


def test_a_unit_in_two_strata_is_refused_unless_labels_repeat():
    columns = table(psu=np.array([1, 1, 2, 2, 3, 3]))
    stages = [Drawn("psu", ("h",))]

    with pytest.raises(DesignRefused, match="unit 2 lies in two strata"):
        survey(columns, stages, weights="w")
    assert survey(columns, stages, weights="w", nest=True).design.df == 2


def test_weights_follow_from_stated_chances():
    chances = survey(table(), [Drawn(strata=("h",), frame_size="N")])
    drawn = survey(table(p=np.full(6, 0.2)), [Drawn(probability="p")])

    assert chances.design.weight.tolist() == [5.0] * 6
    assert drawn.design.weight == pytest.approx(5.0)


def test_a_zero_weight_leaves_every_estimate_but_not_the_design():
    some = stratified(w=np.array([5.0, 0, 5, 5, 5, 5]))
    found = estimators.mean(some, ["y"])

    assert (found.value[0], found.n[0]) == (pytest.approx(0.8), 5)
    assert found.std_error[0] > 0


def test_text_is_no_number():
    with pytest.raises(DesignRefused, match="h is not numeric"):
        estimators.mean(stratified(), ["h"])


def test_an_empty_domain_is_flagged_and_never_a_zero():
    found = estimators.mean(stratified(), ["y"], where=np.zeros(6, dtype=bool))
    row = found.table()[0]

    assert np.isnan(row.value)
    assert "no_data" in row.flags


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_everyone_alike_is_flagged_as_without_spread(share):
    found = estimators.mean(stratified(y=np.full(6, share)), ["y"])
    row = found.table()[0]

    assert (row.value, row.std_error, row.deff, row.n_eff) == (share, None, None, None)
    assert "no_spread" in row.flags


def test_a_row_tells_what_is_missing():
    gaps = stratified(y=np.array([1.0, np.nan, 1.0, 1.0, 0.0, 0.0]))
    row = estimators.mean(gaps, ["y"]).table()[0]

    assert (row.n, row.missing_share) == (5, pytest.approx(1 / 6))


def test_domains_keep_their_own_degrees_of_freedom():
    found = estimators.mean(stratified(), ["y"], by=["g"])

    assert [key for key, *_ in found.keys] == ["x", "y"]
    assert found.df.tolist() == [1, 1]
    assert contrast_df(found, list(found.keys)) == 1


def test_a_contrast_of_an_unknown_domain_is_named():
    found = estimators.mean(stratified(), ["y"], by=["g"])

    with pytest.raises(KeyError, match="z"):
        contrast(found, {("z", "y"): 1.0})


def test_calibration_names_the_cell_nobody_answered_in():
    with pytest.raises(CalibrationFailed, match="no respondent in g=z"):
        calibration.poststratify(
            stratified(), ["g"], {("x",): 9.0, ("y",): 9.0, ("z",): 3.0}
        )
    with pytest.raises(CalibrationFailed, match="no total for g=y"):
        calibration.poststratify(stratified(), ["g"], {("x",): 9.0})


def test_margins_that_disagree_are_refused():
    with pytest.raises(CalibrationFailed, match="different totals"):
        calibration.rake(stratified(), {"g": {"x": 9, "y": 9}, "h": {"a": 9, "b": 10}})


def test_bounds_that_cannot_be_met_name_the_total():
    columns = np.stack([np.ones(6), np.arange(6.0)], axis=1)
    wanted = calibration.Totals(("size", "age"), columns, np.array([30.0, 140.0]))

    with pytest.raises(CalibrationFailed, match="meet the total"):
        calibration.linear(stratified(), wanted, low=0.9, high=1.1)


def test_a_calibrated_total_is_met_and_certain():
    step = calibration.poststratify(stratified(), ["g"], {("x",): 18.0, ("y",): 12.0})
    counts = stratified().columns["g"]
    marked = step.survey.with_columns(x=(counts == "x").astype(float))
    found = estimators.total(marked, ["x"])

    assert found.value[0] == pytest.approx(18.0)
    assert found.std_error[0] == pytest.approx(0.0, abs=1e-9)
    assert (step.diagnostics.least, step.diagnostics.most) == pytest.approx((0.8, 1.2))
    assert step.diagnostics.asmd_after == pytest.approx(0.0, abs=1e-12)


def test_groups_share_one_factor():
    columns = np.stack([np.ones(6), np.arange(6.0)], axis=1)
    wanted = calibration.Totals(("size", "age"), columns, np.array([31.0, 78.0]))
    pairs = np.array([0, 0, 1, 1, 2, 2])

    step = calibration.linear(stratified(), wanted, groups=pairs)

    assert step.g[::2] == pytest.approx(step.g[1::2])
    assert step.survey.design.weight @ columns == pytest.approx([31.0, 78.0])


def test_units_that_never_meet_have_no_joint_variance():
    drawn = survey({"p": np.full(3, 0.5)}, [Drawn(probability="p")])
    joint = np.full((3, 3), 0.25) + np.eye(3) * 0.25
    joint[0, 1] = joint[1, 0] = 0.0

    with pytest.raises(DesignRefused, match="units 0 and 1 can never"):
        pps.horvitz_thompson(drawn, joint)


def test_replicates_refuse_what_they_cannot_do():
    with pytest.raises(DesignRefused, match="several strata"):
        replicates.jackknife(stratified())
    with pytest.raises(DesignRefused, match="two units in stratum a, b"):
        replicates.half_samples(stratified())
    with pytest.raises(LonelyStratum, match="one unit only in b"):
        replicates.stratified_jackknife(
            survey(table(h=np.array(list("aaaaab"))), [Drawn(strata=("h",))])
        )


def test_half_samples_of_two_units_equal_the_textbook():
    columns = table(h=np.array(list("aabbcc")))
    sample = survey(columns, [Drawn(strata=("h",))], weights="w")
    half = replicates.half_samples(sample)

    found = replicates.estimate(
        sample, half, lambda s: estimators.total(s, ["y"]).value
    )

    linear = estimators.total(sample, ["y"])
    assert found.std_error == pytest.approx(linear.std_error)
    fay = replicates.half_samples(sample, fay=0.5)
    found = replicates.estimate(sample, fay, lambda s: estimators.total(s, ["y"]).value)
    assert found.std_error == pytest.approx(linear.std_error)


def test_the_bootstrap_finds_the_variance_of_a_total():
    rng = np.random.default_rng(12)
    columns = {
        "y": rng.normal(5, 2, 80),
        "h": np.repeat(["a", "b"], 40),
        "N": np.full(80, 100.0),
    }
    sample = survey(columns, [Drawn(strata=("h",), frame_size="N")])
    drawn = replicates.bootstrap(sample, rng, count=1500)

    found = replicates.estimate(
        sample, drawn, lambda s: estimators.total(s, ["y"]).value
    )

    linear = estimators.total(sample, ["y"])
    assert found.std_error[0] == pytest.approx(linear.std_error[0], rel=0.06)
