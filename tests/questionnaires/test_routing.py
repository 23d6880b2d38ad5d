import pytest

from questionnaires.routing import build_rule, holds, questions_of, rule_as_json

ANSWERS = {
    "late": "yes",
    "visits": 3,
    "wishes": ("faster", "simpler"),
    "received": "2026-03-02",
    "remark": "Tốt",
    "unsure": "dk",
}


def answer(question):
    return {"answer": question}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (["==", answer("late"), "yes"], True),
        (["==", answer("late"), "no"], False),
        (["==", answer("visits"), 3], True),
        (["==", answer("visits"), "3"], False),
        (["==", answer("remark"), "tốt"], False),
        (["==", answer("missing"), "yes"], False),
        (["==", answer("missing"), answer("absent")], False),
        (["==", answer("unsure"), "dk"], True),
        (["!=", answer("late"), "no"], True),
        (["!=", answer("missing"), "yes"], True),
        (["<", answer("visits"), 4], True),
        (["<", answer("visits"), 3], False),
        (["<=", answer("visits"), 3], True),
        ([">", answer("visits"), 2], True),
        ([">=", answer("visits"), 4], False),
        ([">", answer("received"), "2026-03-01"], True),
        (["<", answer("missing"), 4], False),
        ([">=", answer("missing"), 0], False),
        ([">", answer("unsure"), 0], False),
        (["<", answer("unsure"), "zz"], False),
        (["in", answer("late"), ["no", "yes"]], True),
        (["in", answer("late"), ["no"]], False),
        (["in", answer("missing"), ["no"]], False),
        (["in", "faster", answer("wishes")], True),
        (["in", "cheaper", answer("wishes")], False),
        (["in", "cheaper", answer("missing")], False),
        (["any-in", answer("wishes"), ["cheaper", "faster"]], True),
        (["any-in", answer("wishes"), ["cheaper"]], False),
        (["any-in", answer("missing"), ["cheaper"]], False),
        (["all-in", ["faster", "simpler"], answer("wishes")], True),
        (["all-in", ["faster", "cheaper"], answer("wishes")], False),
        (["all-in", answer("wishes"), ["faster", "simpler", "cheaper"]], True),
        (["all-in", answer("missing"), ["faster"]], False),
        (["and", ["answered", answer("late")], [">", answer("visits"), 2]], True),
        (["and", ["answered", answer("late")], [">", answer("visits"), 3]], False),
        (["or", ["answered", answer("absent")], [">", answer("visits"), 2]], True),
        (["or", ["answered", answer("absent")], [">", answer("visits"), 3]], False),
        (["not", ["answered", answer("absent")]], True),
        (["answered", answer("unsure")], False),
        (["answered", answer("visits")], True),
        (["==", ["count", answer("wishes")], 2], True),
        (["==", ["count", answer("missing")], 0], True),
        (["==", ["count", answer("unsure")], 0], True),
    ],
)
def test_a_rule_holds_or_not(rule, expected):
    assert holds(build_rule(rule), ANSWERS) is expected


def test_a_rule_is_written_back_as_it_was():
    rule = [
        "and",
        ["in", answer("late"), ["yes", "in"]],
        [">", ["count", answer("wishes")], 1],
    ]

    assert rule_as_json(build_rule(rule)) == rule


def test_a_list_of_options_named_like_operators_is_a_list():
    rule = build_rule(["in", answer("how"), ["count", "in"]])

    assert holds(rule, {"how": "in"})


def test_a_rule_names_the_questions_it_looks_at():
    rule = build_rule(
        ["or", ["==", answer("b"), "x"], ["not", ["answered", answer("a")]]]
    )

    assert questions_of(rule) == ("b", "a")
