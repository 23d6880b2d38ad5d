from decimal import Decimal
from importlib.resources import files

import pytest

from analysis import rules
from analysis.rules import RuleSetRejected


def codes(text):
    return [(problem.code, problem.where) for problem in rules.check(text)]


def test_every_shipped_rule_set_is_sound_and_cited():
    shipped = [
        f
        for f in files("analysis").joinpath("rules").iterdir()
        if f.name.endswith(".toml")
    ]

    assert shipped
    for file in shipped:
        rule_set = rules.parse(file.read_text(encoding="utf-8"))
        assert rule_set.citation
        assert file.name == f"{rule_set.id}.toml"


def test_the_demonstration_says_that_it_is_not_law():
    text = files("analysis").joinpath("rules/demo_2025.toml").read_text("utf-8")
    rule_set = rules.parse(text)

    assert rule_set.is_demonstration
    assert rule_set.citation == "demonstration, not law"
    assert rule_set.points_rule.full_marks == 24


def test_decimals_stay_exact(rule_text):
    text = rule_text.replace("full_marks = 24", "full_marks = 8.5")

    assert rules.parse(text).points_rule.full_marks == Decimal("8.5")


def test_a_rollup_has_no_default(rule_text):
    rule_set = rules.parse(rule_text.replace('field_to_office = "transactions"', ""))

    assert rule_set.rollup.field_to_office is None


def test_all_problems_are_reported_at_once(rule_text):
    text = (
        rule_text.replace('status = "draft"', 'status = "law"')
        .replace('citation = "none"', 'citation = ""')
        .replace('index_rule = "mean_of_factors"', 'index_rule = 3\ncolour = "red"')
        .replace("full_marks = 24", "full_marks = 0")
    )

    assert codes(text) == [
        ("empty", "citation"),
        ("not_one_of", "status"),
        ("wrong_type", "index.index_rule"),
        ("unknown_key", "index.colour"),
        ("not_above_zero", "points.full_marks"),
    ]


@pytest.mark.parametrize(
    ("addition", "problem"),
    [
        ("[ladder]\nfigure_from = 5", ("ladder_lowered", "ladder.figure_from")),
        ("[ladder]\ndf_from = true", ("wrong_type", "ladder.df_from")),
        ("[ladder]\nfigure_from = 50", ("ladder_falls", "ladder.full_from")),
        ("[[points.band]]", ("unknown_key", "points.band")),
        (
            "[rollup.field_shares]\na = 1",
            ("shares_and_fixed_go_together", "rollup.field_shares"),
        ),
        ("[index.item_weights]\na = 0", ("all_zero", "index.item_weights")),
        ("[index.item_weights]\na = -1", ("negative", "index.item_weights.a")),
        ("[nonsense]", ("unknown_key", "nonsense")),
    ],
)
def test_a_misfit_is_named_where_it_stands(rule_text, addition, problem):
    assert problem in codes(rule_text + addition)


def test_fixed_shares_must_sum_to_one(rule_text):
    text = rule_text.replace(
        'field_to_office = "transactions"', 'field_to_office = "fixed"'
    )

    assert codes(text) == [("shares_and_fixed_go_together", "rollup.field_shares")]
    assert codes(text + "[rollup.field_shares]\nland = 0.5\ntrade = 0.4") == [
        ("must_sum_to_1", "rollup.field_shares")
    ]


def test_bands_are_judged_as_one_table(rule_text):
    text = rule_text.replace(
        'rule = "proportional"\nfull_marks = 24',
        """rule = "bands"
        [[points.band]]
        low = 0
        high = 80
        closed = "both"
        points = 12
        [[points.band]]
        low = 80
        high = 100
        closed = "both"
        points = 10""",
    )

    assert codes(text) == [
        ("end_in_both_bands", "points.band[1]"),
        ("points_do_not_rise", "points.band[1]"),
    ]


def test_weights_must_name_every_part_of_the_form(rule_text, form):
    text = rule_text + "[index.factor_weights]\naccess = 1\nelsewhere = 2"

    problems = rules.check_against(rules.parse(text), form)

    assert [(p.code, p.where) for p in problems] == [
        ("unknown_id", "index.factor_weights.elsewhere"),
        ("missing_id", "index.factor_weights.result"),
    ]


def test_broken_toml_is_one_clear_problem():
    with pytest.raises(RuleSetRejected, match="not_toml"):
        rules.parse("id = ")
