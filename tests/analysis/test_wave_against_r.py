"""One wave against R's survey package: tests/reference/wave_index."""

import csv
from pathlib import Path

import numpy as np
import pytest

import questionnaires
from analysis import rules
from analysis.reports import wave_report
from analysis.responses import FrozenSet

CASE = Path(__file__).parents[1] / "reference" / "wave_index"
FACTORS = {
    "access": ("signage", "seating"),
    "procedure": ("steps", "fees"),
    "result": ("correct",),
}
ITEMS = (*(item for items in FACTORS.values() for item in items), "general")
HEAD = """
id = "wave_index"
title = "R"
language = "vi"
audience = "citizen"
[source]
decision = "none"
status = "memory"
[consent]
version = "1"
text = "Tôi đồng ý."
[special]
na = "Không áp dụng"
dk = "Không biết"
ref = "Không muốn trả lời"
[scale.five]
labels = ["Rất tệ", "Tệ", "Bình thường", "Hài lòng", "Rất hài lòng"]
satisfied_from = 4
[heading.overall]
title = "Chung"
[overall_question]
id = "general"
text = "Nhìn chung"
scale = "five"
"""


def read(name):
    with (CASE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def form():
    text = HEAD
    for factor, items in FACTORS.items():
        text += f'[[factor]]\nid = "{factor}"\ntitle = "{factor}"\n'
        for item in items:
            text += (
                f'[[factor.criterion]]\nid = "{item}"\ntext = "{item}"\n'
                'scale = "five"\nnot_applicable = true\n'
                "dont_know = true\nrefuse = true\n"
            )
    return questionnaires.parse(text)


@pytest.fixture(scope="module")
def wave():
    rows = read("data.csv")
    strata = {row["stratum"]: row for row in rows}
    responded = {s: sum(row["stratum"] == s for row in rows) for s in strata}
    names = {
        "stratum": "stratum",
        "variance_stratum": "stratum",
        "response_class": "stratum",
        "office": "office",
        "service_field": "field",
    }
    responses = {to: [row[of] for row in rows] for to, of in names.items()}
    responses["selection"] = ["from_list"] * len(rows)
    responses["psu"] = list(range(len(rows)))
    for number in ("frame_size", "weight"):
        responses[number] = [float(row[number]) for row in rows]
    for item in ITEMS:
        responses[f"q_{item}"] = [int(row[item]) for row in rows]
    cells = [
        (s, s, "from_list", outcome, count)
        for s, row in strata.items()
        for outcome, count in (
            ("completed", responded[s]),
            ("not_returned", int(row["issued"]) - responded[s]),
        )
    ]
    frame = [
        (s, row["office"], row["field"], "", "", int(row["frame_size"]))
        for s, row in strata.items()
    ]
    return FrozenSet.from_columns(
        manifest={
            "wave": {"id": "w"},
            "questionnaire": {},
            "rule_set": {},
            "offices": [{"code": c, "name": c} for c in "ABCDEF"],
        },
        responses=responses,
        dispositions=dict(
            zip(
                ("stratum", "response_class", "selection", "outcome", "count"),
                zip(*cells, strict=True),
                strict=True,
            )
        ),
        frame=dict(
            zip(
                (
                    "stratum",
                    "office",
                    "service_field",
                    "month",
                    "channel",
                    "frame_size",
                ),
                zip(*frame, strict=True),
                strict=True,
            )
        ),
    )


@pytest.fixture(scope="module")
def figures(form, wave):
    """Every figure of the wave by every rule, by unit and name as in R."""
    found = {}
    for factor_rule, index_rule in (
        ("pooled", "pooled"),
        ("pooled", "mean_of_items"),
        ("pooled", "mean_of_factors"),
        ("mean_of_items", "mean_of_factors"),
        ("pooled", "overall_question"),
    ):
        report = wave_report(wave, form, _rule(factor_rule, index_rule))
        units = [("province", report.province), *((o.code, o) for o in report.offices)]
        for unit, one in units:
            found[unit, f"index.{factor_rule}.{index_rule}"] = one.index
            for factor in one.factors:
                found[unit, f"factor.{factor_rule}.{factor.id}"] = factor.figure
            for criterion in one.criteria:
                found[unit, f"criterion.{criterion.id}"] = criterion.figure
    offices = wave_report(wave, form, _rule(office_to_province="mean_of_units"))
    found["province", "index.mean_of_offices"] = offices.province.index
    for office in wave_report(
        wave, form, _rule(field_to_office="mean_of_units")
    ).offices:
        found[office.code, "index.mean_of_fields"] = office.index
    return found


def _rule(
    factor_rule="pooled",
    index_rule="pooled",
    field_to_office="transactions",
    office_to_province="transactions",
):
    return rules.parse(
        f"""
        id = "r"
        title = "R"
        version = "1"
        status = "draft"
        citation = "R survey"
        [index]
        factor_rule = "{factor_rule}"
        index_rule = "{index_rule}"
        [rollup]
        field_to_office = "{field_to_office}"
        office_to_province = "{office_to_province}"
        [selection]
        counted = ["from_list"]
        """
    )


def expected():
    return [
        pytest.param(row, id=f"{row['unit']}-{row['figure']}")
        for row in read("expected.csv")
    ]


@pytest.mark.parametrize("row", expected())
def test_every_figure_of_a_wave_agrees_with_r(row, figures):
    figure = figures[row["unit"], row["figure"]]
    # Where over a tenth is missing the answers are no longer taken for a
    # tenth or more of the frame: R without its finite population correction.
    column = "std_error_endless" if figure.missing_share > 0.1 else "std_error"

    assert figure.value == pytest.approx(float(row["value"]), rel=1e-9)
    assert figure.std_error == pytest.approx(float(row[column]), rel=1e-9)


def test_the_case_holds_a_figure_with_much_missing(figures):
    assert figures["B", "criterion.fees"].missing_share > 0.1
    assert np.isclose(figures["F", "criterion.fees"].missing_share, 0.03, atol=0.05)


def test_an_office_drawn_whole_that_answered_in_part_keeps_its_doubt(figures):
    assert figures["C", "index.pooled.pooled"].std_error > 0.02
