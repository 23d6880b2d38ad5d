import numpy as np
import pytest

from analysis.weights import WeightingRefused, kish, w_design, w_nonresponse


def test_the_factors_multiply_to_frame_over_responses():
    frame, issued, responded = map(np.array, ([900.0, 50.0], [90.0, 50.0], [60.0, 40]))

    weight = w_design(frame, issued) * w_nonresponse(issued, responded)

    assert weight.tolist() == [15.0, 1.25]


def test_a_class_without_a_response_has_no_weight():
    assert np.isnan(w_nonresponse(np.array([5.0]), np.array([0.0])))[0]


@pytest.mark.parametrize(("frame", "issued"), [(10, 0), (10, 11)])
def test_impossible_draws_are_refused(frame, issued):
    with pytest.raises(WeightingRefused, match=r"strata|frame"):
        w_design(np.array([float(frame)]), np.array([float(issued)]))


def test_more_responses_than_issued_are_refused():
    with pytest.raises(WeightingRefused, match="more responses"):
        w_nonresponse(np.array([5.0]), np.array([6.0]))


def test_equal_weights_lose_nothing():
    found = kish(np.full(10, 3.0), np.repeat([0, 1], 5), 3)

    assert found.tolist() == [5.0, 5.0, 0.0]
