"""The judge of rule sets: one faulty text for every thing it can say."""

import re
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from analysis import rules
from analysis.rule_messages import (
    NOTICES,
    PLACES,
    PROBLEMS,
    SENTENCES,
    UNDECIDED,
    sentence,
    spoken_place,
)
from analysis.rule_set import Problem
from analysis.rule_table import LONGEST_TEXT
from analysis.undecided import NotDecided, class_of, staff_split, undecided

RULES = files("analysis") / "rules"
LOCK = Path(__file__).with_name("published_rules.sha256")
GOOD = (RULES / "demo_an_giang.toml").read_text(encoding="utf-8")
REAL = (RULES / "an_giang_2021.toml").read_text(encoding="utf-8")

RULE = 'rule = "proportional"\nfull_marks = 24\ndecimals = 2'
LOWEST = '[[scorecard.class]]\nname = "Yếu"\nlow = 0\nhigh = 50\nclosed = "low"\n'
SECOND = 'name = "Trung bình"\nlow = 50\nhigh = 70\nclosed = "low"'


def stepped(*bands):
    rows = [
        f"[[points.band]]\nlow={a}\nhigh={b}\nclosed='{c}'\npoints={p}"
        for a, b, c, p in bands
    ]
    return (RULE, 'rule = "bands"\n' + "\n".join(rows))


# What is replaced in the sound text by what, and where the judge points.
FAULTS = {
    "too_large": ("# Every", "#" * LONGEST_TEXT, ""),
    "not_toml": ('id = "demo_an_giang"', "id = ", ""),
    "missing": ('citation = "demonstration, not law"', "", "citation"),
    "empty": ('"demonstration, not law"', '" "', "citation"),
    "unknown_key": ("total = 100", "total = 100\ncolour = 1", "scorecard.colour"),
    "wrong_type": ('version = "1"', "version = 1", "version"),
    "not_a_number": ("total = 100", "total = nan", "scorecard.total"),
    "bad_id": ('"demo_an_giang"', '"Demo An Giang"', "id"),
    "not_one_of": ('"demonstration"', '"law"', "status"),
    "out_of_range": ("min_coverage = 0.95", "min_coverage = 95", "rollup.min_coverage"),
    "not_above_zero": ("full_marks = 24", "full_marks = 0", "points.full_marks"),
    "negative": (
        "staff_points = 3.0",
        "staff_points = -3.0",
        "scorecard.domain[0].staff_points",
    ),
    "all_zero": (
        "[rollup]",
        "[index.item_weights]\na = 0\n[rollup]",
        "index.item_weights",
    ),
    "twice": ('name = "Khá"', 'name = "Yếu"', "scorecard.class[2].name"),
    "ends_before_it_begins": (
        "valid_from = 2021-01-01",
        "valid_from = 2021-01-01\nvalid_to = 2020-01-01",
        "valid_to",
    ),
    "ladder_lowered": (
        "[selection]",
        "[ladder]\nfigure_from = 5\n[selection]",
        "ladder.figure_from",
    ),
    "ladder_falls": (
        "[selection]",
        "[ladder]\nfigure_from = 50\n[selection]",
        "ladder.full_from",
    ),
    "shares_and_fixed_go_together": (
        'field_to_office = "transactions"',
        'field_to_office = "fixed"',
        "rollup.field_shares",
    ),
    "must_sum_to_1": (
        'field_to_office = "transactions"',
        'field_to_office = "fixed"\nfield_shares = {a = 0.5, b = 0.4}',
        "rollup.field_shares",
    ),
    "lambda_needs_two": (
        '["from_list", "at_hand_over"]',
        '["from_list"]\nlambda = 1',
        "selection.lambda",
    ),
    "blend_not_computed": (
        '"at_hand_over"]',
        '"at_hand_over"]\nlambda = 0.5',
        "selection.lambda",
    ),
    "no_bands": (RULE, 'rule = "bands"', "points.band"),
    "band_is_empty": (
        *stepped((0, 0, "both", 1), (0, 100, "high", 24)),
        "points.band[0]",
    ),
    "bands_do_not_begin_at_0": (LOWEST, "", "scorecard.class[0]"),
    "bands_do_not_end_at_100": (
        *stepped((0, 50, "low", 1), (50, 99, "both", 24)),
        "points.band[1]",
    ),
    "bands_do_not_meet": (
        SECOND,
        SECOND.replace("50", "51"),
        "scorecard.class[1]",
    ),
    "end_in_both_bands": (
        SECOND,
        SECOND.replace('"low"', '"both"'),
        "scorecard.class[2]",
    ),
    "end_in_no_band": (SECOND, SECOND.replace('"low"', '"high"'), "scorecard.class[1]"),
    "points_do_not_rise": (
        *stepped((0, 50, "low", 24), (50, 100, "both", 24)),
        "points.band[1]",
    ),
    "full_marks_and_part_differ": (
        "full_marks = 24",
        "full_marks = 20",
        "scorecard.part",
    ),
    "parts_do_not_sum": ("points = 60", "points = 61", "scorecard.part"),
    "domains_do_not_sum": ("points = 8.5", "points = 8", "scorecard.domain"),
    "numbers_do_not_count_on": (
        "number = 2\n",
        "number = 3\n",
        "scorecard.domain[1].number",
    ),
    "unknown_part": (
        'part = "sipas"',
        'part = "papi"',
        "scorecard.domain[8].part",
    ),
    "domain_and_part_differ": ("points = 24.0", "points = 23.0", "scorecard.domain"),
    "split_on_other_part": (
        'part = "sipas"',
        'part = "sipas"\nstaff_points = 0',
        "scorecard.domain[8].staff_points",
    ),
    "split_above_domain": (
        "points = 4.0\nstaff_points = 1.0",
        "points = 4.0\nstaff_points = 5.0",
        "scorecard.domain[7].staff_points",
    ),
    "split_incomplete": (
        "points = 4.0\nstaff_points = 1.0",
        "points = 4.0",
        "scorecard.domain[7].staff_points",
    ),
    "split_does_not_sum": (
        "points = 4.0\nstaff_points = 1.0",
        "points = 4.0\nstaff_points = 1.5",
        "scorecard.domain",
    ),
    "source_of_nothing": (
        'of = "scorecard.class"',
        'of = "scorecard.colour"',
        "source[1].of",
    ),
}
AGAINST_A_FORM = {
    "unknown_id": "[index.item_weights]\nsignage=1\nseating=1\ncorrect=1\nother=1",
    "missing_id": "[index.item_weights]\nsignage=1\nseating=1",
    "no_overall_question": "",
}


def faulty(code):
    old, new, _ = FAULTS[code]
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_the_text_that_faults_are_put_into_has_none():
    assert rules.check(GOOD) == []


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_is_named_with_its_place(code):
    found = {(problem.code, problem.where) for problem in rules.check(faulty(code))}

    assert (code, FAULTS[code][2]) in found


@pytest.mark.parametrize("code", AGAINST_A_FORM)
def test_a_misfit_with_the_form_is_named(code, rule_text, form):
    text = rule_text + AGAINST_A_FORM[code]
    if code == "no_overall_question":
        text = text.replace('"mean_of_factors"', '"overall_question"')

    found = rules.check_against(rules.parse(text), form)

    assert code in {problem.code for problem in found}


def test_every_code_has_an_example_and_every_example_a_sentence():
    emitted = {p.code for code in FAULTS for p in rules.check(faulty(code))}

    assert emitted == set(FAULTS)
    assert set(PROBLEMS) == set(FAULTS) | set(AGAINST_A_FORM)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_says_what_is_wrong_and_what_mends_it(code, language):
    text = sentence(Problem(code, "id", "chi tiết {lạ}"), language)

    assert re.search(r"[.:;] \w", text.removesuffix("."))
    assert text.endswith(".")
    assert "{detail}" not in text


@pytest.mark.parametrize("code", FAULTS)
def test_every_place_is_spoken_in_words(code):
    where = FAULTS[code][2]

    assert not where or spoken_place(where).split(",")[0].split(":")[0] != where
    assert where not in ("", *PLACES) or spoken_place(where) == PLACES.get(where, "")


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = 1" + "0" * 5000,
        "\x00",
        "total = 1e99999999999999999999",
    ],
)
def test_hostile_texts_are_refused_and_break_nothing(text):
    assert rules.check(text)


def test_a_moment_is_no_day():
    text = GOOD.replace("2021-01-01", "2021-01-01T00:00:00Z")

    assert [(p.code, p.where) for p in rules.check(text)] == [
        ("wrong_type", "valid_from")
    ]


def test_the_decision_of_an_giang_adds_up_and_contradicts_its_own_prose():
    rule_set = rules.parse(REAL)
    table = rule_set.point_table

    assert [part.points for part in table.parts] == [60, 16, 24]
    assert [domain.points for domain in table.domains] == [
        Decimal(points)
        for points in ("13", "8.5", "12", "8", "10.5", "6", "14", "4", "24")
    ]
    assert sum(domain.points for domain in table.domains[:8]) == 60 + 16
    assert rules.notices(rule_set) == [
        Problem("stated_criteria_differ", "scorecard.stated.criteria", "34 ≠ 32")
    ]


def test_a_contradiction_in_the_number_of_components_is_a_notice_too():
    text = REAL.replace("components = 69", "components = 70")

    notices = rules.notices(rules.parse(text))

    assert {notice.code for notice in notices} == set(NOTICES)


def test_what_the_decision_leaves_open_is_named_and_not_guessed():
    rule_set = rules.parse(REAL)

    assert [(p.code, p.where) for p in undecided(rule_set)] == [
        ("no_rollup", "rollup.field_to_office"),
        ("no_rollup", "rollup.office_to_province"),
        ("no_points_rule", "points"),
        ("no_split", "scorecard.domain"),
        ("no_classes", "scorecard.class"),
        ("no_rule_for_absent_parts", "scorecard.not_applicable"),
    ]
    with pytest.raises(NotDecided, match="no_split"):
        staff_split(rule_set)
    with pytest.raises(NotDecided, match="no_classes"):
        class_of(rule_set, Decimal(80))


def test_a_rule_set_without_a_table_of_points_says_so(rule_text):
    rule_set = rules.parse(rule_text)
    found = {p.code for p in (*undecided(rule_set), *undecided(rules.parse(REAL)))}

    assert found == set(UNDECIDED)
    with pytest.raises(NotDecided, match="no_scorecard"):
        staff_split(rule_set)
    with pytest.raises(NotDecided, match="no_scorecard"):
        class_of(rule_set, Decimal(80))


def test_a_complete_rule_set_leaves_nothing_open():
    rule_set = rules.parse(GOOD)

    assert undecided(rule_set) == ()
    assert sum(staff_split(rule_set).values()) == 16
    assert [class_of(rule_set, Decimal(t)) for t in ("76", "69.63", "90", "100")] == [
        "Khá",
        "Trung bình",
        "Xuất sắc",
        "Xuất sắc",
    ]


def test_no_total_above_the_table_gets_a_class():
    with pytest.raises(ValueError, match="no class for 101"):
        class_of(rules.parse(GOOD), Decimal(101))


def test_what_is_invented_says_so_in_the_file():
    for path in RULES.iterdir():
        rule_set = rules.parse(path.read_text(encoding="utf-8"))
        if path.name.startswith("demo"):
            assert rule_set.is_demonstration
            assert rule_set.citation == "demonstration, not law"
        else:
            assert not rule_set.is_demonstration
            assert {source.of for source in rule_set.sources} >= {
                "scorecard",
                "index.index_rule",
            }


def test_a_published_rule_set_never_changes():
    """A change is a new file with a new id; only then a new line is added here."""
    locked = dict(
        reversed(line.split()) for line in LOCK.read_text(encoding="utf-8").splitlines()
    )
    found = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in RULES.iterdir()
    }

    assert found == locked
