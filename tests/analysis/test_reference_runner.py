"""The case runner itself: what it accepts, and that it can fail."""

import json
from collections import Counter

import pytest

from tests.reference_cases.__main__ import main
from tests.reference_cases.comparison import Mismatch, compare
from tests.reference_cases.runner import run


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "y.csv").write_text("y,g\n1,a\n3,a\n5,b\n", encoding="utf-8")

    def add(name, **changes):
        case = {
            "data": "data/y.csv",
            "design": {"stages": []},
            "estimator": {"kind": "mean", "vars": "y"},
            "expected": {"estimate": {"y": 3.0}, "se": {"y": (4 / 3) ** 0.5}},
            "tolerance": {"rel": 1e-9},
        } | changes
        path = tmp_path / "cases" / f"{name}.json"
        path.write_text(json.dumps(case), encoding="utf-8")
        return tmp_path

    return add


def statuses(where):
    return Counter(outcome.status for outcome in run(where))


def test_a_right_number_is_ok_and_a_wrong_one_fails(folder):
    folder("right")
    where = folder("wrong", expected={"estimate": {"y": 3.00001}})

    assert statuses(where) == {"ok": 1, "FAIL": 1}


def test_an_expected_number_that_is_not_computed_fails(folder):
    where = folder("more", expected={"estimate": {"y": 3.0}, "skewness": 0.0})

    assert statuses(where) == {"FAIL": 1}


def test_an_unknown_kind_is_unsupported_by_name(folder, capsys):
    where = folder("odd", estimator={"kind": "horoscope"})

    assert main([str(where)]) == 0
    assert "no horoscope" in capsys.readouterr().out


def test_the_last_line_counts_the_three(folder, capsys):
    folder("right")
    folder("odd", estimator={"kind": "horoscope"})
    where = folder("wrong", expected={"estimate": {"y": 4.0}})

    assert main([str(where)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 ok, 1 FAIL, 1 unsupported"


def test_a_folder_without_cases_is_a_wrong_call(tmp_path, capsys):
    assert main([str(tmp_path)]) == 2
    assert "usage" in capsys.readouterr().out


def test_covariances_are_compared_on_the_scale_of_their_standard_errors():
    expected = {"vcov": [[4.0, 1e-29], [1e-29, 9.0]]}

    assert compare({"vcov": [[4.0, -3e-29], [0.0, 9.0]]}, expected, {"rel": 1e-9}) == 0
    with pytest.raises(Mismatch):
        compare({"vcov": [[4.0, 0.1], [0.1, 9.0]]}, expected, {"rel": 1e-9})


def test_null_is_expected_and_not_a_zero():
    assert compare({"a": float("nan")}, {"a": None}, {"rel": 1e-9}) == 0
    with pytest.raises(Mismatch):
        compare({"a": 0.0}, {"a": None}, {"rel": 1e-9})
