"""What a wave's report gives, withholds and flags."""

from decimal import Decimal

import numpy as np
import pytest

from analysis import rules
from analysis.ballots import items_of
from analysis.reports import Flag, Reason, wave_report
from analysis.responses import FrozenSetRefused
from analysis.rules import RuleSetRejected


def levels(satisfied, unsatisfied, *, fill=5):
    """Ballots that are satisfied, or not, with everything."""
    return [[fill] * 3] * satisfied + [[2] * 3] * unsatisfied


def mixed(r, *, seed=0, share=0.8):
    rng = np.random.default_rng(seed)
    return np.where(rng.random((r, 3)) < share, 4, 2)


@pytest.fixture
def report(make_wave, form, rule_set):
    def make(*groups, rule=rule_set, **more):
        return wave_report(make_wave(*groups, **more), form, rule)

    return make


def changed(rule_text, old, new):
    assert old in rule_text
    return rules.parse(rule_text.replace(old, new))


def test_an_office_without_a_ballot_has_no_figure_and_is_named(report):
    found = report(
        {"office": "a", "levels": mixed(40), "frame": 400}, offices=["none", "a"]
    )

    office = found.office("none")
    assert office.index.reason == Reason.NO_DATA
    assert office.points.awarded is None
    assert [(o.code, o.reason) for o in found.left_out] == [("none", Reason.NO_DATA)]


def test_a_wave_without_any_ballot_is_a_report_without_figures(report):
    found = report(offices=["a", "b"])

    assert [o.index.reason for o in found.offices] == [Reason.NO_DATA] * 2
    assert found.province.index.reason == Reason.NO_DATA


@pytest.mark.parametrize(
    ("ballots", "reason", "flags", "may_rank"),
    [
        (9, Reason.TOO_FEW, (), False),
        (10, None, (Flag.FEW_ANSWERS, Flag.WIDE), False),
        (29, None, (Flag.FEW_ANSWERS,), False),
        (60, None, (), True),
    ],
)
def test_the_ladder_holds(report, ballots, reason, flags, may_rank):
    office = report({"office": "a", "levels": mixed(ballots), "frame": 900}).office("a")

    assert office.index.reason == reason
    assert set(office.index.flags) - {Flag.WIDE} == set(flags) - {Flag.WIDE}
    assert office.may_rank is may_rank


def test_few_degrees_of_freedom_stop_the_breakdown(report):
    people = list(np.repeat(range(8), 5))
    office = report(
        {"office": "a", "levels": mixed(40), "frame": 400, "psu": people}
    ).office("a")

    assert office.index.df == 7
    assert Flag.FEW_DEGREES_OF_FREEDOM in office.index.flags
    assert not office.may_break_down


def test_one_ballot_leaves_the_design_without_stopping_the_others(report):
    found = report(
        {"office": "a", "levels": mixed(40), "frame": 400},
        {"office": "tiny", "levels": mixed(1), "frame": 8},
    )

    assert found.office("tiny").index.reason == Reason.LEFT_DESIGN
    assert found.office("a").index.value is not None
    assert found.province.left_out == ("tiny",)
    assert Flag.UNITS_LEFT_OUT in found.province.index.flags


def test_a_single_transaction_answered_is_a_census_not_a_lonely_one(report):
    found = report({"office": "a", "levels": mixed(1), "frame": 1})

    assert found.office("a").index.reason == Reason.TOO_FEW
    assert found.left_out == ()


def test_everyone_satisfied_has_an_interval_and_no_standard_error(report):
    index = (
        report({"office": "a", "levels": levels(40, 0), "frame": 400}).office("a").index
    )

    assert (index.value, index.high, index.std_error, index.deff) == (1, 1, None, None)
    assert index.low == pytest.approx(40 / (40 + 2.02269092**2))
    assert index.n_eff == index.n_star == 40
    assert Flag.NO_SPREAD in index.flags


def test_nobody_satisfied_is_zero_points_not_no_points(report):
    office = report({"office": "a", "levels": levels(0, 40), "frame": 400}).office("a")

    assert office.index.value == 0
    assert office.points.awarded == Decimal("0.00")


def test_everyone_of_the_frame_answered(report):
    index = report({"office": "a", "levels": mixed(40), "frame": 40}).office("a").index

    assert index.std_error == 0.0
    assert index.low == index.value == index.high
    assert index.n_eff is None
    assert Flag.CENSUS in index.flags


def test_a_census_with_silence_does_not_print_certainty(report):
    office = report(
        {"office": "a", "levels": mixed(60), "frame": 100, "issued": 100}
    ).office("a")
    p = office.criteria[0].figure

    assert office.response_rate == 0.6
    assert p.std_error**2 == pytest.approx(0.4 * p.value * (1 - p.value) / 59)


def test_not_applicable_leaves_and_dont_know_is_counted(report):
    ballots = np.array(
        [[5, 5, 5]] * 20 + [[5, 2, 5]] * 10 + [[5, -1, 5]] * 8 + [[5, -2, 5]] * 2
    )
    seating = (
        report({"office": "a", "levels": ballots, "frame": 400}).office("a").criteria[1]
    )

    assert seating.figure.value == pytest.approx(2 / 3)
    assert seating.figure.n == 30
    assert seating.figure.missing_share == pytest.approx(2 / 32)
    assert (seating.not_applicable, seating.dont_know) == (8, 2)


def test_much_missing_shows_the_bounds(report):
    ballots = np.array([[5, 5, 5]] * 30 + [[5, -2, 5]] * 10)
    seating = (
        report({"office": "a", "levels": ballots, "frame": 400})
        .office("a")
        .criteria[1]
        .figure
    )

    assert seating.bounds == pytest.approx((0.75, 1.0))
    assert Flag.MUCH_MISSING in seating.flags


def test_level_shares_follow_the_definition_and_sum_to_one(report):
    ballots = np.array([[1, 5, 5]] * 10 + [[4, 5, 5]] * 30)
    signage = (
        report({"office": "a", "levels": ballots, "frame": 400}).office("a").criteria[0]
    )

    assert [bar.level for bar in signage.levels] == [1, 2, 3, 4, 5]
    assert [bar.share for bar in signage.levels] == pytest.approx([0.25, 0, 0, 0.75, 0])
    assert [bar.n for bar in signage.levels] == [10, 0, 0, 30, 0]


def test_a_criterion_without_enough_answers_refuses_the_index(report):
    ballots = np.array([[5, 5, 5]] * 9 + [[5, -1, 2]] * 31)
    office = report({"office": "a", "levels": ballots, "frame": 400}).office("a")

    assert office.index.reason == Reason.MISSING_PART
    assert office.criteria[1].figure.reason == Reason.TOO_FEW
    assert office.criteria[0].figure.value == 1.0
    assert office.factors[0].left_out == ("seating",)


def test_or_the_rest_is_rescaled_and_not_ranked(report, rule_text):
    ballots = np.array([[5, 5, 5]] * 9 + [[5, -1, 2]] * 31)
    office = report(
        {"office": "a", "levels": ballots, "frame": 400},
        rule=changed(rule_text, "[rollup]", 'missing_part = "rescale"\n[rollup]'),
    ).office("a")

    assert office.index.value == pytest.approx((1 + 9 / 40) / 2)
    assert Flag.RESCALED in office.index.flags
    assert not office.may_rank


def test_no_rollup_no_index_but_criteria_stay(report, rule_text):
    office = report(
        {"office": "a", "levels": mixed(40), "frame": 400},
        rule=changed(rule_text, 'field_to_office = "transactions"', ""),
    ).office("a")

    assert office.index.reason == office.points.reason == Reason.ROLLUP_UNSET
    assert office.criteria[0].figure.value is not None


def test_no_points_rule_no_points(report, rule_text):
    text = rule_text[: rule_text.index("[points]")]
    office = report(
        {"office": "a", "levels": mixed(40), "frame": 400}, rule=rules.parse(text)
    ).office("a")

    assert office.points.reason == Reason.POINTS_UNSET


def test_fields_may_count_alike_whatever_their_size(report, rule_text):
    groups = [
        {"office": "a", "levels": levels(30, 10), "frame": 4000, "field": "land"},
        {"office": "a", "levels": levels(10, 10), "frame": 40, "field": "trade"},
    ]
    equal = report(
        *groups,
        rule=changed(
            rule_text, '"transactions"\noffice_to', '"mean_of_units"\noffice_to'
        ),
    )

    assert equal.office("a").index.value == pytest.approx((0.75 + 0.5) / 2)
    assert report(*groups).office("a").index.value == pytest.approx(
        (4000 * 0.75 + 40 * 0.5) / 4040
    )


def test_a_silent_field_is_named_and_may_cost_the_index(report, rule_text):
    found = report(
        {"office": "a", "levels": mixed(40), "frame": 900, "field": "land"},
        {"office": "a", "levels": mixed(4), "frame": 100, "field": "trade"},
        rule=changed(
            rule_text, '"transactions"\noffice_to', '"mean_of_units"\noffice_to'
        ),
    ).office("a")

    assert found.units_left_out == ("trade",)
    assert found.index.reason == Reason.COVERAGE


def test_a_fixed_share_without_ballots_refuses_the_index(report, rule_text):
    text = rule_text.replace('"transactions"\noffice_to', '"fixed"\noffice_to')
    rule = rules.parse(text + "[rollup.field_shares]\nland = 0.6\ntrade = 0.4")
    land = {"office": "a", "levels": levels(30, 10), "frame": 900, "field": "land"}
    trade = {"office": "a", "levels": levels(10, 10), "frame": 90, "field": "trade"}

    assert report(land, rule=rule).office("a").index.reason == Reason.COVERAGE
    assert report(land, trade, rule=rule).office("a").index.value == pytest.approx(
        0.6 * 0.75 + 0.4 * 0.5
    )


def test_a_province_that_covers_too_little_has_no_index(report):
    found = report(
        {"office": "a", "levels": mixed(40), "frame": 400},
        {"office": "b", "levels": mixed(0), "frame": 100, "issued": 20},
    ).province

    assert found.coverage == pytest.approx(0.8)
    assert found.index.reason == Reason.COVERAGE
    assert found.criteria[0].figure.value is not None


def test_posters_are_apart_and_never_move_the_index(report):
    office = {"office": "a", "levels": mixed(40), "frame": 400}
    poster = {"office": "a", "selection": "open", "levels": levels(15, 5), "frame": 0}

    with_posters = report(office, poster)

    assert with_posters.office("a").index == report(office).office("a").index
    assert [(o.code, o.n, o.share) for o in with_posters.open_ballots] == [
        ("a", 20, 0.75)
    ]


def test_a_handful_of_posters_is_a_count_without_a_share(report):
    found = report(
        {"office": "a", "selection": "open", "levels": levels(9, 0), "frame": 0}
    )

    assert (found.open_ballots[0].n, found.open_ballots[0].share) == (9, None)
    assert found.office("a").index.reason == Reason.NO_DATA


def test_the_drawn_list_goes_before_the_hand_over_and_both_are_shown(report):
    office = report(
        {"office": "a", "levels": levels(30, 10), "frame": 400},
        {
            "office": "a",
            "levels": levels(20, 20),
            "frame": 300,
            "selection": "at_hand_over",
        },
    ).office("a")

    assert office.index.value == pytest.approx(0.75)
    assert [(s.selection, s.responses) for s in office.selections] == [
        ("from_list", 40),
        ("at_hand_over", 40),
    ]
    assert Flag.ASSUMES_RANDOM_RESPONSE in office.selections[1].index.flags


def test_k_needs_five_offices(report):
    groups = [
        {"office": f"o{k}", "levels": mixed(40, seed=k), "frame": 400} for k in range(5)
    ]

    assert report(*groups[:4]).index_k["from_list"].value == 1.0
    assert report(*groups).index_k["from_list"].value > 1.5


def test_k_and_its_interval_by_hand(report, form):
    groups = [
        {"office": f"o{k}", "levels": mixed(40, seed=k), "frame": 400} for k in range(6)
    ]
    found = report(*groups)
    top = bottom = 0.0
    for office in found.offices:
        figure = office.index
        v0 = figure.std_error**2 / (1 - 40 / 400)
        top += figure.value * (1 - figure.value)
        bottom += 40 * v0
    index = found.office("o0").index

    assert found.index_k["from_list"].value == pytest.approx(top / bottom)
    assert index.n_star == pytest.approx(40 * top / bottom / 0.9)
    assert len(items_of(form)) == len(found.offices[0].criteria)


def test_classes_coarser_than_strata_use_the_silent_of_each(report):
    groups = [
        {
            "office": "a",
            "levels": mixed(20, seed=k),
            "frame": 40,
            "issued": 40 - 10 * k,
            "response_class": "a",
            "weight": 40 / (40 - 10 * k) * 70 / 40,
        }
        for k in range(2)
    ]

    figure = report(*groups).office("a").index

    assert figure.std_error > 0
    assert figure.reason is None


def test_an_unknown_office_or_weight_is_refused(report):
    with pytest.raises(FrozenSetRefused, match="not in the manifest: b"):
        report({"office": "b", "levels": mixed(3), "frame": 9}, offices=["a"])
    with pytest.raises(FrozenSetRefused, match="without a weight"):
        report({"office": "b", "levels": mixed(3), "frame": 9, "weight": np.nan})


def test_a_rule_set_for_another_form_is_refused(report, rule_text):
    rule = rules.parse(rule_text + "[index.item_weights]\nparking = 1")

    with pytest.raises(RuleSetRejected, match="parking"):
        report({"office": "a", "levels": mixed(40), "frame": 400}, rule=rule)


def test_the_header_tells_how_the_figures_were_made(report):
    header = report({"office": "a", "levels": mixed(40), "frame": 400}).header

    assert (header.rule_id, header.rule_status, header.index_rule) == (
        "test",
        "draft",
        "mean_of_factors",
    )
    assert header.simulated
    assert header.live
    assert len(header.rule_sha256) == 64
